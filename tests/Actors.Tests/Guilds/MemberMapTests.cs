using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Guilds;

public class MemberMapTests
{
    [Fact]
    public void Any_sequence_of_changes_equals_a_sorted_dictionary()
    {
        Random random = new(7);
        MemberMap map = MemberMap.Empty;
        SortedDictionary<ulong, string?> model = [];
        for (int step = 0; step < 20_000; step++)
        {
            ulong id = (ulong)random.Next(1, 3000);
            if (random.Next(3) == 0)
            {
                map = map.Without(new Snowflake(id));
                model.Remove(id);
            }
            else
            {
                string nick = step.ToString();
                map = map.With(Member(id, nick));
                model[id] = nick;
            }
            Assert.Equal(model.Count, map.Count);
            if (step % 500 == 0)
                Compare(map, model, random);
        }
        Compare(map, model, random);
    }

    [Fact]
    public void Create_from_unsorted_members_finds_each_and_pages_in_order()
    {
        Random random = new(3);
        ulong[] ids = [.. Enumerable.Range(1, 5000).Select(i => (ulong)i * 7)];
        random.Shuffle(ids);
        MemberMap map = MemberMap.Create(ids.Select(id => Member(id, null)));
        Assert.Equal(5000, map.Count);
        Assert.All(ids, id => Assert.True(map.Contains(new Snowflake(id))));
        Assert.False(map.Contains(new Snowflake(8)));
        Assert.Equal([14, 21, 28], map.After(new Snowflake(7)).Take(3).Select(m => (long)m.User!.Id.Value));
        Assert.Equal([14, 21], map.After(new Snowflake(10)).Take(2).Select(m => (long)m.User!.Id.Value));
        Assert.Empty(map.After(new Snowflake(35_000)));
    }

    [Fact]
    public void A_change_leaves_the_older_map_as_it_was()
    {
        MemberMap before = MemberMap.Create([Member(1, "a"), Member(2, "b")]);
        MemberMap after = before.With(Member(1, "c")).Without(new Snowflake(2));
        Assert.Equal("a", before[new Snowflake(1)]!.Nick);
        Assert.True(before.Contains(new Snowflake(2)));
        Assert.Equal("c", after[new Snowflake(1)]!.Nick);
        Assert.Equal(1, after.Count);
    }

    private static void Compare(MemberMap map, SortedDictionary<ulong, string?> model, Random random)
    {
        Assert.Equal(model.Keys, map.All.Select(m => m.User!.Id.Value));
        Assert.Equal(model.Values, map.All.Select(m => m.Nick));
        ulong after = (ulong)random.Next(0, 3100);
        Assert.Equal(model.Keys.Where(k => k > after), map.After(new Snowflake(after)).Select(m => m.User!.Id.Value));
    }

    private static Member Member(ulong id, string? nick) =>
        new()
        {
            User = new User { Id = new Snowflake(id), Username = "u" },
            Nick = nick,
            Roles = Array.Empty<Snowflake>(),
            JoinedAt = default
        };
}
