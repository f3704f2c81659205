using Discord.Protocol;

namespace Discord.Actors.Guilds.Members;

/// <summary>What a request says of a member. Absent fields stay as they are.</summary>
public sealed record MemberChanges
{
    /// <summary>At most 32 characters; null or empty removes it.</summary>
    public Optional<string> Nick { get; init; }

    /// <summary>All that it is to have.</summary>
    public Optional<List<Snowflake>> Roles { get; init; }

    /// <summary>In voice, by the server.</summary>
    public Optional<bool> Mute { get; init; }

    /// <summary>In voice, by the server.</summary>
    public Optional<bool> Deaf { get; init; }

    /// <summary>Moves it to another voice channel; null disconnects it.</summary>
    public Optional<Snowflake> ChannelId { get; init; }

    /// <summary>The end of its time-out, at most 28 days ahead; null ends it.</summary>
    public Optional<DateTimeOffset> CommunicationDisabledUntil { get; init; }

    public Optional<int> Flags { get; init; }

    /// <summary>Hash of a stored image; its own only.</summary>
    public Optional<string> Avatar { get; init; }
}
