using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Channels;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Actors.Tests.Guilds.Channels;

/// <summary>
/// "Category sync is a snapshot comparison": whatever happens, a child that had its category's overwrites just before a change of the
/// category has them after it, and every other child keeps its own.
/// </summary>
public sealed class CategorySyncTests
{
    private const int Targets = 3, Children = 4;

    /// <summary>One change: of the category (child 0) or of a child, setting or deleting one target's overwrite.</summary>
    private sealed record Change(int Channel, int Target, Permissions Allow, Permissions Deny, bool Delete);

    [Fact]
    public void Child_follows_exactly_while_it_is_synced()
    {
        Gen<Change> change =
            from channel in Gen.Choose(0, Children)
            from target in Gen.Choose(0, Targets - 1)
            from allow in Gen.Elements(Permissions.None, Permissions.SendMessages, Permissions.ViewChannel)
            from deny in Gen.Elements(Permissions.None, Permissions.AddReactions, Permissions.SendMessages)
            from delete in Gen.Elements(true, false, false)
            select new Change(channel, target, allow, deny, delete);
        Prop.ForAll(Arb.From(Gen.ListOf(change)), changes => Holds([.. changes])).QuickCheckThrowOnFailure();
    }

    private static bool Holds(List<Change> changes)
    {
        DecisionKit kit = new();
        Snowflake category = kit.State.Channels.Values.First(c => c.Type == ChannelType.GuildCategory).Id;
        Snowflake[] channels = [category, .. Enumerable.Range(0, Children).Select(_ => kit.NewId())];
        Snowflake[] targets = [kit.Id, kit.NewId(), kit.NewId()];
        foreach (Snowflake role in targets[1..])
            kit.Put(new RolePut(new Role { Id = role, Name = "role" }));
        foreach (Snowflake child in channels[1..])
            kit.Put(new ChannelPut(new Channel
            {
                Id = child,
                Type = ChannelType.GuildText,
                GuildId = kit.Id,
                Name = "c",
                ParentId = category,
                PermissionOverwrites = []
            }));

        // The model: each channel's overwrites by target, those without bits left out.
        Dictionary<Snowflake,
            (Permissions, Permissions)>[] model = [.. channels.Select(_ => new Dictionary<Snowflake, (Permissions, Permissions)>())];
        foreach (Change change in changes)
        {
            Snowflake target = targets[change.Target];
            bool exists = kit.State.Channels[channels[change.Channel]].PermissionOverwrites!.Any(o => o.Id == target);
            Dictionary<Snowflake, (Permissions, Permissions)> before = new(model[change.Channel]);
            if (change.Delete && !exists)
                continue;
            if (change.Delete)
            {
                kit.Run(new DeleteOverwrite(channels[change.Channel], target) { By = kit.System });
                model[change.Channel].Remove(target);
            }
            else
            {
                kit.Run(
                    new PutOverwrite(channels[change.Channel], target, OverwriteType.Role, change.Allow, change.Deny) { By = kit.System });
                (Permissions Allow, Permissions Deny) bits = (change.Allow & ~change.Deny, change.Deny);
                if (bits == default)
                    model[change.Channel].Remove(target);
                else
                    model[change.Channel][target] = bits;
            }
            if (change.Channel == 0 && !Same(before, model[0]))
            {
                for (int i = 1; i < model.Length; i++)
                {
                    if (Same(model[i], before))
                        model[i] = new(model[0]);
                }
            }
            if (!Enumerable.Range(0, channels.Length).All(i => Same(model[i], Actual(kit, channels[i]))))
                return false;
        }
        return true;
    }

    private static Dictionary<Snowflake, (Permissions, Permissions)> Actual(DecisionKit kit, Snowflake channel) =>
        kit.State.Channels[channel].PermissionOverwrites!
        .Where(o => o.Allow != Permissions.None || o.Deny != Permissions.None).ToDictionary(o => o.Id, o => (o.Allow, o.Deny));

    private static bool Same(Dictionary<Snowflake, (Permissions, Permissions)> a, Dictionary<Snowflake, (Permissions, Permissions)> b) =>
        a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out var other) && other == p.Value);
}
