using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Applications;

/// <summary>A fact in an application's journal. Facts carry the whole new value of what changed, so that replay needs no rules.</summary>
public abstract record ApplicationEvent
{
    /// <summary>The state after this fact.</summary>
    public abstract ApplicationState Apply(ApplicationState state);
}

/// <summary>A global command was made or changed.</summary>
public sealed record GlobalCommandPut(ApplicationCommand Command) : ApplicationEvent
{
    public override ApplicationState Apply(ApplicationState state) => state with { Commands = state.Commands.SetItem(Command.Id, Command) };
}

public sealed record GlobalCommandRemoved(Snowflake CommandId) : ApplicationEvent
{
    public override ApplicationState Apply(ApplicationState state) => state with { Commands = state.Commands.Remove(CommandId) };
}

public sealed record ApplicationEmojiPut(Emoji Emoji) : ApplicationEvent
{
    public override ApplicationState Apply(ApplicationState state) => state with { Emojis = state.Emojis.SetItem(Emoji.Id!.Value, Emoji) };
}

public sealed record ApplicationEmojiRemoved(Snowflake EmojiId) : ApplicationEvent
{
    public override ApplicationState Apply(ApplicationState state) => state with { Emojis = state.Emojis.Remove(EmojiId) };
}
