using System.Collections.Immutable;
using Discord.Actors.Guilds;
using Discord.Actors.Interactions;
using Discord.Actors.Tests.Guilds;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Interactions;

/// <summary>Who may invoke a command: what was said for it comes before what was said for its application, and that before its
/// default.</summary>
public sealed class CommandAccessTests
{
    private const int Role = 1, User = 2, Channel = 3;

    private readonly GuildState _guild;
    private readonly Channel _channel;
    private readonly Snowflake _member = new(101), _role = new(102), _command = new(103), _application = new(104);
    private readonly DateTimeOffset _now;

    public CommandAccessTests()
    {
        DecisionKit kit = new();
        _now = kit.Now;
        _guild = kit.State with
        {
            Roles = kit.State.Roles.Add(_role, new Role { Id = _role, Name = "role" }),
            Members = kit.State.Members.With(
                new Member { User = new User { Id = _member, Username = "m" }, Roles = [_role], JoinedAt = _now }),
        };
        _channel = _guild.Channels.Values.First(c => c.Type == ChannelType.GuildText);
    }

    [Fact]
    public void Command_without_more_is_for_all()
    {
        Assert.True(Allowed());
        Assert.False(Allowed(needs: Permissions.BanMembers));
        Assert.True(Allowed(needs: Permissions.SendMessages));
        Assert.False(Allowed(needs: Permissions.None));
    }

    [Fact]
    public void Role_without_the_permission_to_use_commands_may_use_none()
    {
        GuildState muted = _guild with
        {
            Roles = _guild.Roles.SetItem(
                _guild.Id, _guild.Everyone with { Permissions = _guild.Everyone.Permissions & ~Permissions.UseApplicationCommands }),
        };
        Assert.False(CommandAccess.IsAllowed(muted, _channel, muted.Members[_member]!, Command(null), _now));
    }

    [Fact]
    public void Administrator_may_always()
    {
        GuildState admin = With(_command, new CommandPermission(_member, User, false)) with
        {
            Roles = _guild.Roles.SetItem(_role, _guild.Roles[_role] with { Permissions = Permissions.Administrator }),
        };
        Assert.True(CommandAccess.IsAllowed(admin, _channel, admin.Members[_member]!, Command(Permissions.None), _now));
    }

    [Fact]
    public void Member_comes_before_roles_and_roles_before_everyone()
    {
        CommandPermission everyone = new(_guild.Id, Role, false), role = new(_role, Role, true), member = new(_member, User, false);
        Assert.False(Allowed(_command, [everyone]));
        Assert.True(Allowed(_command, [everyone, role]));
        Assert.False(Allowed(_command, [everyone, role, member]));
    }

    [Fact]
    public void What_is_said_for_the_command_replaces_its_default()
    {
        Assert.True(Allowed(_command, [new(_role, Role, true)], Permissions.BanMembers));
        Assert.False(Allowed(_application, [new(_role, Role, true)], Permissions.BanMembers));
        Assert.False(Allowed(_application, [new(_member, User, false)]));
    }

    [Fact]
    public void Channel_comes_before_all_channels()
    {
        CommandPermission nowhere = new(new Snowflake(_guild.Id.Value - 1), Channel, false), here = new(_channel.Id, Channel, true);
        Assert.False(Allowed(_command, [nowhere]));
        Assert.True(Allowed(_command, [nowhere, here]));
        Assert.False(Allowed(_application, [new(_channel.Id, Channel, false)]));
        Assert.True(Allowed(_application, [nowhere, here]));
    }

    [Theory]
    [InlineData(null, null, true, true)]
    [InlineData(false, null, true, false)]
    [InlineData(null, new[] { 0 }, true, false)]
    [InlineData(null, new[] { 1 }, false, true)]
    [InlineData(false, new[] { 0, 1 }, true, true)]
    public void Contexts_say_where_and_come_before_the_older_flag(bool? inDms, int[]? contexts, bool guild, bool direct)
    {
        ApplicationCommand command = Command(null) with { DmPermission = inDms, Contexts = contexts };
        Assert.Equal(guild, CommandAccess.AllowsContext(command, inGuild: true));
        Assert.Equal(direct, CommandAccess.AllowsContext(command, inGuild: false));
    }

    private bool Allowed(Snowflake target = default, CommandPermission[]? entries = null, Permissions? needs = null)
    {
        GuildState guild = entries is null ? _guild : With(target, entries);
        return CommandAccess.IsAllowed(guild, _channel, guild.Members[_member]!, Command(needs), _now);
    }

    private GuildState With(Snowflake target, params CommandPermission[] entries) => _guild with
    {
        CommandPermissions = ImmutableDictionary<Snowflake, CommandPermissions>.Empty.Add(
            target, new CommandPermissions(target, _application, _guild.Id, entries)),
    };

    private ApplicationCommand Command(Permissions? needs) => new()
    {
        Id = _command,
        ApplicationId = _application,
        Version = _command,
        Name = "command",
        DefaultMemberPermissions = needs,
    };
}
