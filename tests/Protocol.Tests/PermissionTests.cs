using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Protocol.Tests;

public sealed class PermissionTests
{
    private static readonly Permissions[] Each = [.. Enumerable.Range(0, 64).Select(static bit => (Permissions)(1UL << bit))
        .Where(static bit => Permissions.All.Has(bit))];

    [Fact]
    public void All_has_52_bits_and_each_has_one_name()
    {
        Assert.Equal(52, Each.Length);
        Assert.All(Each, static bit => Assert.True(Enum.IsDefined(bit)));
        Assert.False(Permissions.All.Has((Permissions)(1UL << 47)));
    }

    [Fact]
    public void Json_is_a_decimal_string_and_numbers_are_read()
    {
        Assert.Equal("\"2048\"", JsonSerializer.Serialize(Permissions.SendMessages));
        Assert.Equal(Permissions.SendMessages, JsonSerializer.Deserialize<Permissions>("\"2048\""));
        Assert.Equal(Permissions.SendMessages, JsonSerializer.Deserialize<Permissions>("2048"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Permissions>("-1"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Permissions>("\"x\""));
    }

    [Fact]
    public void InGuild_owner_and_administrator_have_all()
    {
        Assert.Equal(Permissions.All, PermissionCalculator.InGuild(true, 0, []));
        Assert.Equal(Permissions.All, PermissionCalculator.InGuild(false, 0, [Permissions.Administrator]));
        Assert.Equal(Permissions.All, PermissionCalculator.InGuild(false, Permissions.Administrator, []));
        Assert.Equal(
            Permissions.Speak | Permissions.Connect, PermissionCalculator.InGuild(false, Permissions.Speak, [Permissions.Connect]));
    }

    [Fact]
    public void InChannel_role_allow_beats_role_deny_whatever_the_order()
    {
        Snowflake guild = new(1), a = new(2), b = new(3), me = new(9);
        Overwrite[] overwrites =
        [
            new(a, OverwriteType.Role, Permissions.SendMessages, 0),
            new(b, OverwriteType.Role, 0, Permissions.SendMessages),
        ];
        var mine = Permissions.ViewChannel;
        Assert.True(PermissionCalculator.InChannel(mine, guild, me, [a, b], overwrites).Has(Permissions.SendMessages));
        Array.Reverse(overwrites);
        Assert.True(PermissionCalculator.InChannel(mine, guild, me, [a, b], overwrites).Has(Permissions.SendMessages));
        Overwrite[] personal = [.. overwrites, new(me, OverwriteType.Member, 0, Permissions.SendMessages)];
        Assert.False(PermissionCalculator.InChannel(mine, guild, me, [a, b], personal).Has(Permissions.SendMessages));
    }

    [Fact]
    public void InChannel_overwrite_of_a_user_with_a_roles_id_does_not_apply()
    {
        Snowflake guild = new(1), role = new(2), me = new(9);
        Overwrite[] overwrites =
        [
            new(role, OverwriteType.Member, 0, Permissions.ViewChannel),
            new(me, OverwriteType.Role, 0, Permissions.ViewChannel),
        ];
        Assert.Equal(Permissions.ViewChannel, PermissionCalculator.InChannel(Permissions.ViewChannel, guild, me, [role], overwrites));
    }

    [Fact]
    public void InChannel_administrator_cannot_be_granted_by_an_overwrite()
    {
        Snowflake guild = new(1);
        Overwrite[] overwrites = [new(guild, OverwriteType.Role, Permissions.Administrator, 0)];
        Assert.Equal(Permissions.ViewChannel, PermissionCalculator.InChannel(Permissions.ViewChannel, guild, new(9), [], overwrites));
    }

    [Fact]
    public void InThread_sending_follows_its_own_bit_and_privacy_holds()
    {
        var parent = Permissions.ViewChannel | Permissions.SendMessagesInThreads | Permissions.EmbedLinks;
        Assert.Equal(parent | Permissions.SendMessages, PermissionCalculator.InThread(parent, isPrivate: false, inThread: false));
        Assert.Equal(
            Permissions.ViewChannel,
            PermissionCalculator.InThread(Permissions.ViewChannel | Permissions.SendMessages | Permissions.EmbedLinks, false, true));
        Assert.Equal(Permissions.None, PermissionCalculator.InThread(parent, isPrivate: true, inThread: false));
        Assert.NotEqual(Permissions.None, PermissionCalculator.InThread(parent, isPrivate: true, inThread: true));
        Assert.NotEqual(
            Permissions.None, PermissionCalculator.InThread(parent | Permissions.ManageThreads, isPrivate: true, inThread: false));
    }

    [Fact]
    public void TimedOut_keeps_reading_and_spares_administrators()
    {
        var mine = Permissions.All & ~Permissions.Administrator;
        Assert.Equal(PermissionCalculator.TimedOutMask, PermissionCalculator.InChannel(mine, new(1), new(2), [], [], timedOut: true));
        Assert.Equal(Permissions.All, PermissionCalculator.InChannel(Permissions.All, new(1), new(2), [], [], timedOut: true));
    }

    [Fact]
    public void Rank_older_role_wins_at_equal_positions()
    {
        Assert.True(new RoleRank(2, new(9)) > new RoleRank(1, new(1)));
        Assert.True(new RoleRank(1, new(1)) > new RoleRank(1, new(9)));
        Assert.True(new RoleRank(1, new(1)) >= new RoleRank(1, new(1)));
    }

    [Fact]
    public void InChannel_any_case_equals_the_slow_model()
    {
        // Few ids, so that overwrites often hit; bits of every kind, the implied ones and ADMINISTRATOR often.
        Permissions[] interesting =
        [
            Permissions.ViewChannel, Permissions.SendMessages, Permissions.Connect, Permissions.MentionEveryone, Permissions.EmbedLinks,
            Permissions.Speak, Permissions.SendMessagesInThreads, Permissions.ManageThreads, Permissions.ReadMessageHistory,
            Permissions.BanMembers,
        ];
        var bits = from picks in Gen.Choose(0, (1 << interesting.Length) - 1)
                   from any in Gen.Choose(0, int.MaxValue)
                   from admin in Gen.Choose(0, 15)
                   select interesting.Where((_, i) => (picks >> i & 1) != 0).Aggregate(
                       (Permissions)((ulong)any * 0x9E3779B97F4A7C15) & Permissions.All
                           & ~(Permissions.Administrator | interesting.Aggregate(static (a, b) => a | b)),
                       static (a, b) => a | b) | (admin == 0 ? Permissions.Administrator : 0);
        var id = Gen.Choose(1, 6).Select(static value => new Snowflake((ulong)value));
        var overwrite = from target in id
                        from type in Gen.Elements(OverwriteType.Role, OverwriteType.Member)
                        from allow in bits
                        from deny in bits
                        select new Overwrite(target, type, allow, deny);
        var @case = from everyone in bits
                    from roles in id.Where(static value => value.Value is > 1 and < 5).ListOf()
                    from roleBits in bits.ArrayOf(8)
                    from overwrites in overwrite.ListOf()
                    from flags in Gen.Choose(0, 31)
                    from type in Gen.Elements(ChannelType.GuildText, ChannelType.GuildVoice, ChannelType.GuildStageVoice)
                    select new Case(
                        everyone,
                        [.. roles.Distinct()],
                        roleBits,
                        // A channel has one overwrite per target.
                        [.. overwrites.DistinctBy(static o => (o.Id, o.Type))],
                        flags,
                        type);
        Prop.ForAll(@case.ToArbitrary(), static it =>
        {
            Snowflake guild = new(1), me = new(6);
            bool owner = (it.Flags & 0b11000) == 0b11000, timedOut = (it.Flags & 1) != 0;
            bool isPrivate = (it.Flags & 2) != 0, inThread = (it.Flags & 4) != 0;
            var base_ = PermissionCalculator.InGuild(owner, it.Everyone, [.. it.Roles.Select(role => it.RoleBits[(int)role.Value])]);
            var model = new Model(guild, me, owner, it);
            Assert.Equal(
                model.InChannel(it.Type, timedOut),
                PermissionCalculator.InChannel(base_, guild, me, it.Roles, it.Overwrites, it.Type, timedOut));
            Assert.Equal(
                model.InThread(isPrivate, inThread, timedOut),
                PermissionCalculator.InThread(base_, guild, me, it.Roles, it.Overwrites, isPrivate, inThread, timedOut));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private sealed record Case(
        Permissions Everyone, Snowflake[] Roles, Permissions[] RoleBits, Overwrite[] Overwrites, int Flags, ChannelType Type);

    /// <summary>The rules read aloud, one bit at a time; shares no code with the calculator.</summary>
    private sealed class Model(Snowflake guild, Snowflake me, bool owner, Case it)
    {
        private bool Administrator => owner || GuildBit(Permissions.Administrator);

        private bool GuildBit(Permissions bit) =>
            (it.Everyone & bit) != 0 || it.Roles.Any(role => (it.RoleBits[(int)role.Value] & bit) != 0);

        private bool Raw(Permissions bit)
        {
            if (Administrator)
                return true;
            if (bit == Permissions.Administrator)
                return false;
            var has = GuildBit(bit);
            foreach (var step in new Func<Overwrite, bool>[]
            {
                overwrite => overwrite.Type == OverwriteType.Role && overwrite.Id == guild,
                overwrite => overwrite.Type == OverwriteType.Role && overwrite.Id != guild && it.Roles.Contains(overwrite.Id),
                overwrite => overwrite.Type == OverwriteType.Member && overwrite.Id == me,
            })
            {
                var matching = it.Overwrites.Where(step).ToList();
                if (matching.Exists(overwrite => (overwrite.Deny & bit) != 0))
                    has = false;
                if (matching.Exists(overwrite => (overwrite.Allow & bit) != 0))
                    has = true;
            }
            return has;
        }

        private static bool Implied(Func<Permissions, bool> has, Permissions bit, ChannelType type)
        {
            if (!has(bit) || !has(Permissions.ViewChannel))
                return false;
            if (!has(Permissions.SendMessages)
                && bit is Permissions.MentionEveryone or Permissions.SendTtsMessages or Permissions.AttachFiles or Permissions.EmbedLinks)
                return has(Permissions.SendMessages);
            return has(Permissions.Connect) || type is not (ChannelType.GuildVoice or ChannelType.GuildStageVoice)
                || bit is not (Permissions.Speak or Permissions.Stream or Permissions.MuteMembers or Permissions.DeafenMembers
                    or Permissions.MoveMembers or Permissions.UseVad or Permissions.PrioritySpeaker or Permissions.RequestToSpeak
                    or Permissions.UseEmbeddedActivities or Permissions.UseSoundboard or Permissions.UseExternalSounds
                    or Permissions.SetVoiceChannelStatus);
        }

        private Permissions Collect(Func<Permissions, bool> has, ChannelType type, bool timedOut)
        {
            var result = Permissions.None;
            foreach (var bit in Each)
            {
                var muted = timedOut && !Administrator && bit is not (Permissions.ViewChannel or Permissions.ReadMessageHistory);
                if (!muted && Implied(has, bit, type))
                    result |= bit;
            }
            return result;
        }

        public Permissions InChannel(ChannelType type, bool timedOut) => Collect(Raw, type, timedOut);

        public Permissions InThread(bool isPrivate, bool inThread, bool timedOut)
        {
            if (isPrivate && !inThread && !Raw(Permissions.ManageThreads))
                return Permissions.None;
            return Collect(
                bit => Raw(bit == Permissions.SendMessages ? Permissions.SendMessagesInThreads : bit), ChannelType.PublicThread, timedOut);
        }
    }
}
