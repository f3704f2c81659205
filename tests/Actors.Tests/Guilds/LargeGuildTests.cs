using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Guilds.Persistence;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Guilds;

/// <summary>A guild of 100,000 members: what one change and one snapshot cost.</summary>
public sealed class LargeGuildTests
{
    private const int Members = 100_000;

    private readonly DecisionKit _kit = new();

    public LargeGuildTests() => _kit.Put([.. Enumerable.Range(0, Members).Select(i => new MemberPut(new Member
    {
        User = new User { Id = _kit.NewId(), Username = $"user-{i}" },
        Roles = Array.Empty<Snowflake>(),
        JoinedAt = _kit.Now,
    }))]);

    [Fact]
    public void Change_of_one_member_allocates_as_little_as_in_a_small_guild()
    {
        Snowflake[] some = [.. _kit.State.Members.All.Skip(50_000).Take(101).Select(m => m.User!.Id)];
        Rename(some[0]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (Snowflake user in some[1..])
            Rename(user);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 1, 32 * 1024);

        void Rename(Snowflake user) => _kit.Run(new ModifyMember(user, new MemberChanges { Nick = "nick" }) { By = _kit.System });
    }

    [Fact]
    public void Snapshot_reads_back_and_takes_less_than_100_bytes_a_member()
    {
        GuildEventAdapter adapter = new();
        ReadOnlyMemory<byte> bytes = adapter.ToBytes(_kit.State);
        Assert.InRange(bytes.Length / Members, 1, 100);
        GuildState read = (GuildState)adapter.FromBytes(bytes);
        Assert.Equal(_kit.State.Members.All, read.Members.All);
    }
}
