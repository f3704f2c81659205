using System.Text.Json.Nodes;
using Discord.Clients.Kit;

namespace Discord.Clients;

/// <summary>
/// What bots do, each with a guild of its own, written once for every client library. The scenarios are in <c>scripts/</c>.
/// </summary>
public abstract class ClientFeatures(Library library, Npm npm, SharedNode shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static int s_users;

    [Fact]
    public Task Login_with_the_token_is_ready() => RunAsync("login");

    [Fact]
    public Task Login_with_a_wrong_token_is_refused() => RunAsync("loginRefused");

    [Fact]
    public Task Guilds_are_available_with_channels_roles_and_members() => RunAsync("guilds");

    [Fact]
    public Task Message_sent_is_received() => RunAsync("sendAndReceive");

    [Fact]
    public Task Message_edited_is_told_with_both_contents() => RunAsync("edit");

    [Fact]
    public Task Reactions_are_added_listed_and_removed() => RunAsync("react");

    [Fact]
    public Task History_pages_before_after_and_around() => RunAsync("history");

    [Fact]
    public Task Message_deleted_is_gone() => RunAsync("remove");

    [Fact]
    public Task Messages_deleted_in_bulk_are_gone_and_others_stay() => RunAsync("bulkDelete");

    [Fact]
    public Task Attachments_are_uploaded_and_downloaded() => RunAsync("attachments");

    [Fact]
    public Task Embeds_arrive_as_sent() => RunAsync("embeds");

    [Fact]
    public Task Reply_refers_to_its_message() => RunAsync("reply");

    [Fact]
    public Task Pins_are_set_listed_and_removed() => RunAsync("pins");

    [Fact]
    public Task Typing_is_told() => RunAsync("typing");

    [Fact]
    public Task Roles_are_created_edited_assigned_and_deleted() => RunAsync("roles");

    [Fact]
    public Task Members_are_requested_in_chunks_edited_and_kicked() => RunAsync("members");

    [Fact]
    public Task Bans_remove_the_member_and_their_messages_until_lifted() => RunAsync("bans");

    [Fact]
    public Task Webhooks_are_created_executed_and_deleted() => RunAsync("webhooks");

    [Fact]
    public Task Direct_messages_go_both_ways() => RunAsync("directMessages");

    [Fact]
    public Task Slash_command_is_answered_edited_followed_up_and_deleted() => RunAsync("slashCommand");

    [Fact]
    public Task Deferred_reply_gets_its_content_later_for_all_and_for_one() => RunAsync("deferredReply");

    [Fact]
    public Task Button_and_menu_update_their_message() => RunAsync("components");

    [Fact]
    public Task Modal_is_shown_submitted_and_answered() => RunAsync("modal");

    [Fact]
    public Task Autocomplete_offers_choices_and_the_chosen_value_arrives() => RunAsync("autocomplete");

    [Fact]
    public Task Connection_cut_while_messages_are_posted_is_resumed_with_nothing_lost_and_nothing_twice() => RunAsync("resume");

    [Fact]
    public async Task Node_restarted_finds_the_client_and_everything_again()
    {
        npm.Require();
        await using NodeProcess node = await NodeProcess.StartRestartableAsync(
            ["--rate-limits", "off", .. await Store.OptionsAsync(shared.Store)]);
        await RunAsync("restart", node);
    }

    [Fact]
    public async Task Node_killed_under_load_has_every_acknowledged_message_once_and_in_order()
    {
        npm.Require();
        await using NodeProcess node = await NodeProcess.StartRestartableAsync(
            ["--rate-limits", "off", .. await Store.OptionsAsync(shared.Store)]);
        await RunAsync("crash", node);
    }

    [Fact]
    public async Task Rate_limits_are_kept_by_what_the_headers_say()
    {
        npm.Require();
        await using NodeProcess node = await NodeProcess.StartAsync(await Store.OptionsAsync(shared.Store));
        await RunAsync("withinRateLimits", node);
    }

    private protected async Task RunAsync(string scenario)
    {
        npm.Require();
        await RunAsync(scenario, await shared.NodeAsync());
    }

    private async Task RunAsync(string scenario, NodeProcess node) =>
        await library.Scripts.RunAsync(
            scenario, node, await node.SeedAsync(), (name, argument) => AnswerAsync(node, name, argument), Limit);

    private static async Task<JsonNode?> AnswerAsync(NodeProcess node, string name, JsonNode? argument)
    {
        switch (name)
        {
            case "createUser":
                return await node.CreateUserAsync($"{(string)argument!}{Interlocked.Increment(ref s_users)}");
            case "restart":
                await node.StopAsync();
                await node.StartAgainAsync();
                return null;
            case "crash":
                await node.KillAsync();
                await node.StartAgainAsync();
                return null;
            default:
                throw new ArgumentException($"No test answers to {name}.");
        }
    }
}

/// <summary>See <see cref="ClientFeatures"/>.</summary>
public abstract class DiscordJsFeatures(DiscordJs library, Npm npm, SharedNode shared)
    : ClientFeatures(library, npm, shared), IClassFixture<DiscordJs>
{
    [Fact]
    public Task Every_event_of_a_bots_doings_is_understood() => RunAsync("everyEvent");

    [Fact]
    public Task Managers_of_channels_threads_and_messages_do_what_they_promise() => RunAsync("managers");
}

/// <inheritdoc/>
public sealed class DiscordJsTests(DiscordJs library, Npm npm, SqliteNode shared) : DiscordJsFeatures(library, npm, shared);

/// <inheritdoc/>
public sealed class DiscordJsOnCassandraTests(DiscordJs library, Npm npm, CassandraNode shared) : DiscordJsFeatures(library, npm, shared);

/// <inheritdoc/>
public sealed class ErisTests(Eris library, Npm npm, SqliteNode shared) : ClientFeatures(library, npm, shared), IClassFixture<Eris>;

/// <inheritdoc/>
public sealed class ErisOnCassandraTests(Eris library, Npm npm, CassandraNode shared)
    : ClientFeatures(library, npm, shared), IClassFixture<Eris>;
