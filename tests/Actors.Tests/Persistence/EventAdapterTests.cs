using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Persistence;
using Discord.Actors.Privates;
using Discord.Actors.Users;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Google.Protobuf;

namespace Discord.Actors.Tests.Persistence;

public sealed class EventAdapterTests
{
    private const int Runs = 200;

    public static TheoryData<string, string> Kinds => Stored.Kinds();

    public static TheoryData<string, string> JournalKinds
    {
        get
        {
            TheoryData<string, string> kinds = [];
            foreach (TheoryDataRow<string, string> row in Stored.Kinds().Where(r => r.Data.Item1 != "profile"))
                kinds.Add(row);
            return kinds;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Value_with_everything_set_survives_whole(string aggregate, string kind)
    {
        (Type type, IEventAdapter adapter) = Stored.Find(aggregate, kind);
        object value = new Sample(1, full: true).Make(type);
        AssertSame(value, adapter.FromBytes(adapter.ToBytes(value)), "full");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Value_of_any_shape_survives_whole(string aggregate, string kind)
    {
        (Type type, IEventAdapter adapter) = Stored.Find(aggregate, kind);
        for (int seed = 0; seed < Runs; seed++)
        {
            object value = new Sample(seed, full: false).Make(type);
            AssertSame(value, adapter.FromBytes(adapter.ToBytes(value)), $"seed {seed}");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Bytes_are_not_referenced_after_reading(string aggregate, string kind)
    {
        (Type type, IEventAdapter adapter) = Stored.Find(aggregate, kind);
        object value = new Sample(2, full: true).Make(type);
        byte[] bytes = adapter.ToBytes(value).ToArray();
        object read = adapter.FromBytes(bytes);
        Array.Clear(bytes);
        AssertSame(value, read, "cleared");
    }

    [Theory, MemberData(nameof(JournalKinds))]
    public void Field_of_a_later_version_is_ignored(string aggregate, string kind)
    {
        (Type type, IEventAdapter adapter) = Stored.Find(aggregate, kind);
        object value = new Sample(3, full: true).Make(type);
        AssertSame(value, adapter.FromBytes(WithUnknownField(adapter.ToBytes(value).ToArray())), "unknown field");
    }

    [Theory]
    [InlineData("guild", nameof(GuildState))]
    [InlineData("user", nameof(UserState))]
    [InlineData("application", nameof(Applications.ApplicationState))]
    [InlineData("private", nameof(PrivateChannelState))]
    public void Fact_of_a_later_version_is_refused(string aggregate, string kind)
    {
        IEventAdapter adapter = Stored.Find(aggregate, kind).Adapter;
        byte[] ofLaterVersion = [0x9A, 0x06, 0x00]; // Field 99, an empty message.
        Assert.Throws<InvalidDataException>(() => adapter.FromBytes(ofLaterVersion));
        Assert.Throws<InvalidDataException>(() => adapter.FromBytes(ReadOnlyMemory<byte>.Empty));
    }

    [Fact]
    public void Bytes_cut_anywhere_are_refused()
    {
        GuildEventAdapter adapter = new();
        ReadOnlyMemory<byte> bytes = adapter.ToBytes(new Sample(4, full: true).Make(typeof(MemberPut)));
        for (int length = 1; length < bytes.Length; length++)
            Assert.Throws<InvalidProtocolBufferException>(() => adapter.FromBytes(bytes[..length]));
    }

    [Fact]
    public void Voice_state_is_never_stored()
    {
        GuildEventAdapter adapter = new();
        var voice = new VoiceState { UserId = new(7), ChannelId = new(8), SessionId = "s" };
        Assert.Throws<ArgumentException>(() => adapter.ToBytes(new VoiceStateChanged(voice)));

        var state = (GuildState)new Sample(5, full: true).Make(typeof(GuildState));
        state = new VoiceStateChanged(voice).Apply(state);
        Assert.Empty(((GuildState)adapter.FromBytes(adapter.ToBytes(state))).VoiceStates);
    }

    [Fact]
    public void Value_of_another_aggregate_is_refused() =>
        Assert.Throws<ArgumentException>(() => new GuildEventAdapter().ToBytes(UserState.None));

    [Theory, InlineData(true), InlineData(false)]
    public void Roles_and_overwrites_come_back_as_arrays(bool full)
    {
        GuildEventAdapter adapter = new();
        for (int seed = 0; seed < 20; seed++)
        {
            Sample sample = new(seed, full);
            var member = (MemberPut)adapter.FromBytes(adapter.ToBytes(sample.Make(typeof(MemberPut))));
            Assert.IsType<Snowflake[]>(member.Member.Roles);
            var state = (GuildState)adapter.FromBytes(adapter.ToBytes(sample.Make(typeof(GuildState))));
            Assert.All(state.Members.All, m => Assert.IsType<Snowflake[]>(m.Roles));
            Assert.All(
                state.Channels.Values.Where(c => c.PermissionOverwrites is not null),
                c => Assert.IsType<Overwrite[]>(c.PermissionOverwrites));
        }
    }

    [Fact]
    public void Snapshot_then_facts_is_the_same_as_facts_alone()
    {
        GuildEventAdapter adapter = new();
        Type[] facts = [typeof(RolePut), typeof(ChannelPut), typeof(ThreadPut), typeof(MemberPut), typeof(BanPut), typeof(EmojiPut)];
        for (int seed = 0; seed < 50; seed++)
        {
            Sample sample = new(seed, full: false);
            var alone = (GuildState)sample.Make(typeof(GuildState));
            var recovered = (GuildState)adapter.FromBytes(adapter.ToBytes(alone));
            foreach (Type fact in facts)
            {
                var made = (GuildEvent)sample.Make(fact);
                alone = made.Apply(alone);
                recovered = ((GuildEvent)adapter.FromBytes(adapter.ToBytes(made))).Apply(recovered);
            }
            AssertSame(alone, recovered, $"seed {seed}");
        }
    }

    internal static void AssertSame(object expected, object actual, string when)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        SortedDictionary<string, string> wanted = Facets.Of(expected), found = Facets.Of(actual);
        string[] wrong = [.. wanted.Keys.Union(found.Keys)
            .Where(k => wanted.GetValueOrDefault(k) != found.GetValueOrDefault(k))
            .Select(k => $"{k}: stored {wanted.GetValueOrDefault(k) ?? "nothing"}, read {found.GetValueOrDefault(k) ?? "nothing"}")];
        Assert.True(wrong.Length == 0, $"({when}) {string.Join("; ", wrong.Take(5))}");
    }

    // The fact's own message gets field 1000 = 1 at its end, and the row field 1001.
    private static byte[] WithUnknownField(byte[] bytes)
    {
        CodedInputStream input = new(bytes);
        uint tag = input.ReadTag();
        byte[] fact = input.ReadBytes().ToByteArray();
        Assert.True(input.IsAtEnd);
        using MemoryStream stream = new();
        CodedOutputStream output = new(stream);
        output.WriteTag(tag);
        output.WriteBytes(ByteString.CopyFrom([.. fact, 0xC0, 0x3E, 0x01]));
        output.WriteRawTag(0xC8, 0x3E);
        output.WriteInt32(1);
        output.Flush();
        return stream.ToArray();
    }
}
