using Discord.Actors.Guilds;
using Discord.Actors.Privates;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Users.ReadStates;

/// <summary>
/// What a stored message does to read states: whom it mentions has one more unread, and who wrote it has read it. Clients count by the same
/// rules, so nobody is told; what is kept here is what the next READY shows. Never waits. Thread-safe.
/// </summary>
internal sealed class UnreadCounter(UserDirectory users)
{
    /// <summary>
    /// People of one guild whose counts an @everyone or a role may raise, each a write of its own. In larger guilds only those who are
    /// mentioned by name are counted.
    /// </summary>
    private const int MaxMembers = 1_000;

    public void Sent(GuildState guild, Channel channel, Message message)
    {
        Wrote(channel.Id, message);
        if (message.Mentions.Count == 0 && message.MentionRoles.Count == 0 && !message.MentionEveryone)
            return;
        HashSet<Snowflake> named = [.. message.Mentions.Select(user => user.Id)];
        bool all = (message.MentionEveryone || message.MentionRoles.Count > 0) && guild.Members.Count <= MaxMembers;
        foreach (Member member in all ? guild.Members.All : named.Select(id => guild.Members[id]).OfType<Member>())
        {
            Snowflake user = member.User!.Id;
            MentionKinds kinds = (named.Contains(user) ? MentionKinds.Name : MentionKinds.None)
                | (member.Roles.Any(message.MentionRoles.Contains) ? MentionKinds.Role : MentionKinds.None)
                | (message.MentionEveryone ? MentionKinds.Everyone : MentionKinds.None);
            if (kinds != MentionKinds.None && user != message.Author.Id && member.User.Bot != true
                && guild.PermissionsIn(channel, user, member.Roles, timedOut: false).Has(Permissions.ViewChannel))
                users.TellState(user, new CountMention(guild.Id, channel.Id, message.Id, message.Author.Id, kinds));
        }
    }

    public void Sent(PrivateChannelState channel, Message message)
    {
        Wrote(channel.Id, message);
        foreach (User user in channel.Recipients.Values.Where(u => u.Id != message.Author.Id && u.Bot != true))
        {
            MentionKinds kinds = MentionKinds.Private
                | (message.Mentions.Any(m => m.Id == user.Id) ? MentionKinds.Name : MentionKinds.None);
            users.TellState(user.Id, new CountMention(null, channel.Id, message.Id, message.Author.Id, kinds));
        }
    }

    private void Wrote(Snowflake channel, Message message)
    {
        if (message.Author.Bot != true && !message.IsByWebhook)
            users.TellState(message.Author.Id, new OwnMessage(channel, message.Id));
    }
}

/// <summary>Why a message counts for somebody.</summary>
[Flags]
internal enum MentionKinds
{
    None = 0,
    Name = 1,
    Role = 2,
    Everyone = 4,

    /// <summary>It was sent in a private channel.</summary>
    Private = 8,
}

/// <summary>
/// The user wrote a message, and so has read what came before it. Kept in memory at first and stored with others a little later.
/// </summary>
internal sealed record OwnMessage(Snowflake ChannelId, Snowflake MessageId)
{
    public ReadState? ApplyTo(UserState state)
    {
        ReadState known = state.ReadStates.GetValueOrDefault(ChannelId) ?? new ReadState { ChannelId = ChannelId };
        return known.LastMessageId >= MessageId || state.ReadStates.Count >= Acknowledge.MaxChannels
            ? null
            : known with { LastMessageId = MessageId, MentionCount = 0 };
    }
}

/// <summary>A message of another one may be a mention for the user; its own settings decide.</summary>
/// <param name="GuildId">Null in private channels.</param>
internal sealed record CountMention(Snowflake? GuildId, Snowflake ChannelId, Snowflake MessageId, Snowflake AuthorId, MentionKinds Kinds)
    : UserCommand<bool>
{
    protected override bool Decide(UserDecision user)
    {
        UserState state = user.State;
        ReadState known = state.ReadStates.GetValueOrDefault(ChannelId) ?? new ReadState { ChannelId = ChannelId };
        if (known.LastMessageId >= MessageId || state.ReadStates.Count >= Acknowledge.MaxChannels
            || state.Relationships.GetValueOrDefault(AuthorId)?.Type == RelationshipType.Blocked || !Counts(state, user.Now))
            return false;
        user.Put(new ReadStatePut(known with { MentionCount = known.MentionCount + 1 }, state.ReadStateVersion + 1));
        return true;
    }

    private bool Counts(UserState state, DateTimeOffset now)
    {
        if ((Kinds & MentionKinds.Name) != 0
            || !state.GuildSettings.TryGetValue(GuildId ?? Snowflake.None, out UserGuildSettings? settings))
            return true;
        NotificationRules rules = new(settings);
        return ((Kinds & MentionKinds.Private) != 0 && !rules.IsMuted(ChannelId, now))
            || ((Kinds & MentionKinds.Role) != 0 && !rules.SuppressesRoles)
            || ((Kinds & MentionKinds.Everyone) != 0 && !rules.SuppressesEveryone);
    }
}
