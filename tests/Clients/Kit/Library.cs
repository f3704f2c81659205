namespace Discord.Clients.Kit;

/// <summary>A client library's process, shared by its tests. It is started by the first that runs.</summary>
public abstract class Library(string name) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private ScriptProcess? _scripts;

    internal ScriptProcess Scripts
    {
        get
        {
            lock (_gate)
                return _scripts ??= ScriptProcess.Start(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_scripts is not null)
            await _scripts.DisposeAsync();
    }
}

/// <summary>discord.js.</summary>
public sealed class DiscordJs() : Library("discordjs");

/// <summary>Eris.</summary>
public sealed class Eris() : Library("eris");
