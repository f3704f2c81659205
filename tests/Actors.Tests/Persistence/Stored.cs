using Discord.Actors.Applications;
using Discord.Actors.Applications.Persistence;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Persistence;
using Discord.Actors.Privates;
using Discord.Actors.Privates.Persistence;
using Discord.Actors.Users;
using Discord.Actors.Users.Persistence;
using Discord.Kernel.Persistence;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Persistence;

/// <summary>What is stored as protobuf: every fact and snapshot of every aggregate, and the profile.</summary>
internal static class Stored
{
    private static readonly Aggregate[] Aggregates =
    [
        new("guild", typeof(GuildEvent), typeof(GuildState), new GuildEventAdapter()),
        new("user", typeof(UserEvent), typeof(UserState), new UserEventAdapter()),
        new("application", typeof(ApplicationEvent), typeof(ApplicationState), new ApplicationEventAdapter()),
        new("private", typeof(PrivateChannelEvent), typeof(PrivateChannelState), new PrivateChannelEventAdapter()),
        new("profile", typeof(UserProfile), typeof(UserProfile), new ProfileAdapter()),
    ];

    /// <summary>
    /// Properties that are made for one receiver or answer, or computed. A property that is neither here nor stored fails the tests.
    /// </summary>
    public static IReadOnlySet<(Type Type, string Property)> Omitted { get; } = new HashSet<(Type, string)>
    {
        (typeof(GuildState), nameof(GuildState.VoiceStates)),
        (typeof(Member), nameof(Member.GuildId)),
        (typeof(Member), nameof(Member.Permissions)),
        (typeof(User), nameof(User.Member)),
        (typeof(ThreadMember), nameof(ThreadMember.Member)),
        (typeof(ThreadMember), nameof(ThreadMember.Presence)),
        (typeof(Channel), nameof(Channel.Member)),
        (typeof(Channel), nameof(Channel.NewlyCreated)),
        (typeof(Channel), nameof(Channel.Message)),
        (typeof(Channel), nameof(Channel.Recipients)),
        (typeof(Channel), nameof(Channel.RecipientIds)),
        (typeof(Channel), nameof(Channel.Icon)),
        (typeof(Channel), nameof(Channel.Permissions)),
        (typeof(Webhook), nameof(Webhook.Url)),
        (typeof(ApplicationCommand), nameof(ApplicationCommand.NameLocalized)),
        (typeof(ApplicationCommand), nameof(ApplicationCommand.DescriptionLocalized)),
        (typeof(Application), nameof(Application.ApproximateGuildCount)),
        (typeof(Application), nameof(Application.ApproximateUserInstallCount)),
        (typeof(Application), nameof(Application.ApproximateUserAuthorizationCount)),
    };

    public static TheoryData<string, string> Kinds()
    {
        TheoryData<string, string> kinds = [];
        foreach (Aggregate aggregate in Aggregates)
        {
            foreach (Type type in TypesOf(aggregate))
                kinds.Add(aggregate.Name, type.Name);
        }
        return kinds;
    }

    public static (Type Type, IEventAdapter Adapter) Find(string aggregate, string kind)
    {
        Aggregate found = Aggregates.Single(a => a.Name == aggregate);
        return (TypesOf(found).Single(t => t.Name == kind), found.Adapter);
    }

    private static IEnumerable<Type> TypesOf(Aggregate aggregate) => aggregate.Base.Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(aggregate.Base) && t != typeof(VoiceStateChanged))
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Append(aggregate.Snapshot);

    private sealed record Aggregate(string Name, Type Base, Type Snapshot, IEventAdapter Adapter);

    private sealed class ProfileAdapter : IEventAdapter
    {
        public ReadOnlyMemory<byte> ToBytes(object value) => ((UserProfile)value).ToBytes();

        public object FromBytes(ReadOnlyMemory<byte> bytes) => UserProfile.FromBytes(bytes.Span);
    }
}
