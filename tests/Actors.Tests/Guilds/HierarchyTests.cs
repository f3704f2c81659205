using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Bans;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Guilds.Roles;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Guilds;

/// <summary>
/// Who may act on whom, compared with a model that sorts all roles and looks where they stand: no ranks, no shortcuts. Guilds are random,
/// with equal positions, members without roles, administrators, and owners below everyone.
/// </summary>
public sealed class HierarchyTests
{
    private static readonly Snowflake GuildId = new(1000);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Commands_are_refused_exactly_when_the_model_refuses()
    {
        int allowed = 0;
        int refused = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            GuildState state = RandomGuild(random);
            Member[] members = [.. state.Members.All];
            Role[] roles = [.. state.Roles.Values.Where(r => r.Id != GuildId)];
            for (int i = 0; i < 40; i++)
            {
                Snowflake caller = members[random.Next(members.Length)].User!.Id;
                Member target = members[random.Next(members.Length)];
                Role role = roles[random.Next(roles.Length)];
                Permissions bits = (Permissions)(1UL << random.Next(12));
                (GuildCommand command, bool expected) = random.Next(7) switch
                {
                    0 => ((GuildCommand)new KickMember(target.User!.Id),
                        Holds(state, caller, Permissions.KickMembers) && Above(state, caller, target)),
                    1 => (new BanUser(target.User!), Holds(state, caller, Permissions.BanMembers) && Above(state, caller, target)),
                    2 => (new ModifyMember(target.User!.Id, new MemberChanges { Nick = "new" }),
                        target.User.Id == caller
                            ? Holds(state, caller, Permissions.ChangeNickname) || Holds(state, caller, Permissions.ManageNicknames)
                            : Holds(state, caller, Permissions.ManageNicknames) && Above(state, caller, target)),
                    3 => (new AssignRole(target.User!.Id, role.Id, !target.Roles.Contains(role.Id)),
                        Holds(state, caller, Permissions.ManageRoles) && Above(state, caller, role)),
                    4 => (new DeleteRole(role.Id), Holds(state, caller, Permissions.ManageRoles) && Above(state, caller, role)),
                    5 => (new ModifyRole(role.Id, new RoleChanges { Permissions = bits }),
                        Holds(state, caller, Permissions.ManageRoles) && Above(state, caller, role)
                        && (role.Permissions.Has(bits) || Holds(state, caller, bits))),
                    _ => (new CreateRole(new Snowflake(9_999), new RoleChanges { Permissions = bits }),
                        Holds(state, caller, Permissions.ManageRoles)
                        && (state.Everyone.Permissions.Has(bits) || Holds(state, caller, bits))),
                };
                bool actual = Accepts(state, command with { By = new Caller(caller) });
                Assert.True(expected == actual, $"seed {seed}, step {i}: {command} by {caller} was {(actual ? "accepted" : "refused")}");
                _ = actual ? allowed++ : refused++;
            }
        }

        // Neither outcome may be the rule: the guilds would prove nothing.
        Assert.InRange(allowed, 2_000, 10_000);
        Assert.InRange(refused, 2_000, 10_000);
    }

    [Fact]
    public void Moved_roles_keep_those_above_the_caller_where_they_were()
    {
        int moved = 0;
        for (int seed = 0; seed < 500; seed++)
        {
            Random random = new(seed);
            GuildState state = RandomGuild(random);
            Member[] members = [.. state.Members.All];
            Snowflake caller = members[random.Next(members.Length)].User!.Id;
            List<Snowflake> before = Sorted(state);
            Dictionary<Snowflake, int> positions = before.Where(_ => random.Next(3) == 0)
                .ToDictionary(id => id, _ => random.Next(before.Count + 2));
            GuildDecision decision = Decision(state, caller);
            try
            {
                new MoveRoles(positions) { By = new Caller(caller) }.Run(decision);
            }
            catch (ApiException)
            {
                Assert.Same(state, decision.State);
                continue;
            }
            moved++;
            List<Snowflake> after = Sorted(decision.State);
            Assert.Equal(before.Order(), after.Order());
            Assert.Equal(GuildId, after[0]);
            Assert.Equal(Enumerable.Range(0, after.Count), after.Select(id => decision.State.Roles[id].Position));
            for (int i = 1; i < before.Count; i++)
            {
                if (!Above(state, caller, state.Roles[before[i]]))
                    Assert.Equal(before[i..], after[i..]);
            }
        }
        Assert.InRange(moved, 100, 500);
    }

    private static bool Accepts(GuildState state, GuildCommand command)
    {
        GuildDecision decision = Decision(state, command.By.UserId, command.By);
        try
        {
            command.Run(decision);
            return true;
        }
        catch (ApiException refused) when (refused.Error.Code == ApiError.MissingPermissions.Code)
        {
            return false;
        }
    }

    private static GuildDecision Decision(GuildState state, Snowflake caller, Caller? by = null) =>
        new(state, by ?? new Caller(caller), Now, new SnowflakeGenerator(0, 0, TimeProvider.System));

    // The model. From the lowest: @everyone, then by position; of equal ones the younger role is lower.
    private static List<Snowflake> Sorted(GuildState state)
    {
        List<Role> roles = [.. state.Roles.Values.Where(r => r.Id != GuildId)];
        roles.Sort((a, b) => a.Position == b.Position ? b.Id.CompareTo(a.Id) : a.Position.CompareTo(b.Position));
        return [GuildId, .. roles.Select(r => r.Id)];
    }

    private static int Height(GuildState state, Snowflake user)
    {
        List<Snowflake> sorted = Sorted(state);
        return state.Members[user]!.Roles.Select(r => sorted.IndexOf(r)).Append(0).Max();
    }

    private static bool Above(GuildState state, Snowflake caller, Member target) =>
        target.User!.Id != caller && target.User.Id != state.Properties.OwnerId
        && (caller == state.Properties.OwnerId || Height(state, caller) > Height(state, target.User.Id));

    private static bool Above(GuildState state, Snowflake caller, Role role) =>
        caller == state.Properties.OwnerId || Height(state, caller) > Sorted(state).IndexOf(role.Id);

    private static bool Holds(GuildState state, Snowflake caller, Permissions wanted)
    {
        if (caller == state.Properties.OwnerId)
            return true;
        ulong bits = (ulong)state.Roles[GuildId].Permissions;
        foreach (Snowflake role in state.Members[caller]!.Roles)
            bits |= (ulong)state.Roles[role].Permissions;
        return (bits & (ulong)Permissions.Administrator) != 0 || (bits & (ulong)wanted) == (ulong)wanted;
    }

    private static GuildState RandomGuild(Random random)
    {
        Permissions[] useful =
        [
            Permissions.KickMembers, Permissions.BanMembers, Permissions.ManageNicknames, Permissions.ManageRoles,
            Permissions.ChangeNickname, Permissions.ManageChannels, Permissions.ViewAuditLog,
        ];
        Role[] roles = [.. Enumerable.Range(0, random.Next(2, 8)).Select(i => new Role
        {
            Id = new Snowflake((ulong)(500 + i * 7 % 40)),
            Name = $"r{i}",
            Position = random.Next(1, 5),
            Permissions = random.Next(12) == 0
                ? Permissions.Administrator
                : useful.Where(_ => random.Next(2) == 0).Aggregate(Permissions.None, (all, p) => all | p),
        })];
        Member[] members = [.. Enumerable.Range(0, random.Next(3, 8)).Select(i => new Member
        {
            User = new User { Id = new Snowflake((ulong)(2000 + i)), Username = $"u{i}" },
            Roles = roles.Where(_ => random.Next(3) == 0).Select(r => r.Id).ToArray(),
            JoinedAt = Now,
        })];
        Role everyone = new()
        {
            Id = GuildId,
            Name = "@everyone",
            Permissions = random.Next(2) == 0 ? Permissions.ChangeNickname : Permissions.None
        };
        return GuildState.None with
        {
            Properties = new GuildProperties { Id = GuildId, Name = "g", OwnerId = members[random.Next(members.Length)].User!.Id },
            Roles = GuildState.None.Roles.Add(GuildId, everyone).AddRange(roles.Select(r => KeyValuePair.Create(r.Id, r))),
            Members = MemberMap.Create(members),
        };
    }
}
