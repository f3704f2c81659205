using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Invites;
using Discord.Actors.Guilds.Members;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Actors.Tests.Guilds.Invites;

/// <summary>An invite lets in as many as it says and for as long as it says, whoever tries in whatever order.</summary>
public sealed class InviteUseTests
{
    [Fact]
    public void Invite_admits_max_uses_new_members_until_it_expires()
    {
        Gen<(int MaxUses, int MaxAge, int[] Steps)> runs =
            from uses in Gen.Choose(0, 4)
            from age in Gen.Elements(0, 60)
            from steps in Gen.ArrayOf(Gen.Choose(0, 7))
            select (uses, age, steps);
        Prop.ForAll(Arb.From(runs), run => Holds(run.MaxUses, run.MaxAge, run.Steps)).QuickCheckThrowOnFailure();
    }

    // Steps 0 to 5 are one of six users who tries to join; 6 and 7 let 20 seconds pass.
    private static bool Holds(int maxUses, int maxAge, int[] steps)
    {
        DecisionKit kit = new();
        Snowflake channel = kit.State.Properties.SystemChannelId!.Value;
        User[] users = [.. Enumerable.Range(0, 6).Select(_ => kit.NewUser())];
        string code = kit.Run(
            new CreateInvite(CreateInvite.NewCode(), channel) { MaxUses = maxUses, MaxAge = maxAge, By = new Caller(kit.Owner.Id) }).Code;
        DateTimeOffset made = kit.Now;
        HashSet<Snowflake> members = [];
        foreach (int step in steps)
        {
            if (step >= users.Length)
            {
                kit.Now += TimeSpan.FromSeconds(20);
                continue;
            }
            bool valid = (maxUses == 0 || members.Count < maxUses) && (maxAge == 0 || kit.Now < made.AddSeconds(maxAge));
            bool expectNew = valid && !members.Contains(users[step].Id);
            try
            {
                AdmitMember.Outcome outcome = kit.Run(new AdmitMember(users[step], code) { By = new Caller(users[step].Id) });
                if (!valid || outcome.IsNew != expectNew)
                    return false;
                members.Add(users[step].Id);
            }
            catch (ApiException refused) when (refused.Error == ApiError.UnknownInvite)
            {
                if (valid)
                    return false;
            }
            if (kit.State.Invites.TryGetValue(code, out InviteState? invite) && invite.Uses != members.Count)
                return false;
            if (!users.Where(u => members.Contains(u.Id)).All(u => kit.State.Members.Contains(u.Id))
                || kit.State.Members.Count != members.Count + 1)
                return false;
        }
        return true;
    }
}
