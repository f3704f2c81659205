using System.Text;
using Discord.Node.Rest;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Hostile;

/// <summary>Paths, queries and bodies that no client sends by mistake: each is answered with a clear error, none with a fault of the
/// node.</summary>
public sealed class HostileInputTests(EveryRoute every) : IClassFixture<EveryRoute>
{
    private static readonly string[] Fields =
    [
        .. """
        accent_color accessory action_type active afk_channel_id afk_timeout after allow allowed_mentions animated application_commands
        application_id
        applied_tags archived around attachments auto_archive_duration autocomplete available_tags avatar avatar_url banner before bio
        bitrate bot_public
        channel_id channel_overrides channel_types channels choices code color colors command_id communication_disabled_until components
        compute_prune_count consent content counts cover_image custom_id custom_install_url data date_of_birth days deaf default
        default_auto_archive_duration default_forum_layout default_member_permissions default_message_notifications default_permission
        default_reaction_emoji default_sort_order default_thread_rate_limit_per_user default_values delete_message_days
        delete_message_seconds deny
        description description_localizations discovery_splash divider dm_permission duration_secs email embed embeds emoji emoji_id
        emoji_name
        enabled enforce_nonce event_webhooks_url everyone explicit_content_filter fail_if_not_exists features fields file filename files
        flags focused
        footer friend_sync_enabled global_name guild_id guild_ids hoist home_header icon icon_url id image include_roles inline
        install_params
        integration_types_config interactions_endpoint_url invitable invite is_spoiler items label last_viewed limit locale location
        lock_permissions
        locked login manual max_age max_length max_uses max_value max_values member_count mention_count mentionable message message_id
        message_notifications message_reference messages min_id min_length min_value min_values mobile_push moderated mute mute_config
        muted name
        name_localizations new_password nick nonce note nsfw offset options overwrite_id owner_id parent_id parse password permissions
        permission_overwrites pinned placeholder poll position preferred_locale premium_progress_bar_enabled primary_color pronouns
        public_updates_channel_id query rate_limit_per_user read_state_type reason recipient_id recipients redirect_uris region replied_user
        request_to_speak_timestamp required resolved role_connections_verification_url roles rtc_region rules_channel_id
        safety_alerts_channel_id scopes
        secondary_color selected_time_window session_id settings silent sku_id sort_by sort_order spacing splash sticker_ids style suppress
        suppress_embeds system_channel_flags system_channel_id tag_setting tags target_application_id target_id target_type target_user_id
        temporary
        tertiary_color text theme thread thread_id thread_name threads thumbnail ticket timestamp title token topic tts type unicode_emoji
        unique
        uploaded_filename url user_id user_ids user_limit username users value verification_level verified version video_quality_mode
        waveform
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "2", "1e308", "-0.5", "18446744073709551616", "99999999999999999999999999", "\"\"", "\" \"",
            "\"a\"", "\"0\"", "\"1\"",
        "\"\\ud800\"", "\"\\u0000\"", "\"\\u202e\\u200b\"", "\"😀\"", "\"2999-12-31T23:59:59.999Z\"", "\"0001-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59-14:00\"",
        "\"data:image/png;base64,AAAA\"", "\"attachment://../../x\"", "\"http://\"", "[]", "[null]", "[0]", "[\"\"]", "[{}]", "[[]]", "{}",
            "{\"\":{}}", "{\"a\":[{}]}",
        "[1,1,1,1]",
        "[{\"id\":\"0\"},{\"id\":\"0\"}]", "[{\"type\":1,\"components\":[{\"type\":2}]}]", "{\"id\":\"1\",\"type\":0,\"name\":null}",
    ];

    private static readonly string[] LongValues =
    [
        $"\"{new string('x', 40)}\"", $"\"{new string('x', 5000)}\"", $"\"{string.Concat(Enumerable.Repeat("😀", 60))}\"",
        $"[{string.Join(',', Enumerable.Repeat("{}", 200))}]", $"{new string('[', 50)}{new string(']', 50)}",
    ];

    private static readonly string[] BadIds =
    [
        "0", "-1", "18446744073709551615", "18446744073709551616", "99999999999999999999999", "1.5", "0x10", "%D9%A1%D9%A2", "%20", "null",
            "%00", "1%00",
        "..%2F..%2Fetc%2Fpasswd", "%2e%2e", "'%20OR%20'1'='1", "1;DROP%20TABLE%20messages", "%F0%9F%98%80", "%FF%FE", "%ED%A0%80", new('9',
            4000), "*", "%0d%0aX-Evil:%201",
    ];

    private readonly List<string> _wrong = [];

    [Fact]
    public async Task Body_with_every_field_of_a_wrong_kind_is_a_clear_error_on_every_route()
    {
        Place? place = null;
        foreach (RestRoute route in WithBody())
        {
            place = await every.WholeAsync(place);
            foreach (string value in Values)
            {
                string body = "{" + string.Join(',', Fields.Select(field => $"\"{field}\":{value}")) + "}";
                Note(EveryRoute.Unclear(await EveryRoute.CallAsync(route, place.Owner, place.Value, body),
                    $"{route.Label} with every field {Short(value)}"));
            }
        }
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} answers:\n{string.Join('\n', _wrong.Take(20))}");
    }

    [Fact]
    public async Task Body_of_random_fields_is_a_clear_error_on_every_route()
    {
        Random random = new(20_261_128);
        Place? place = null;
        foreach (RestRoute route in WithBody())
        {
            place = await every.WholeAsync(place);
            RestClient caller = route.Callers.HasFlag(RestAuth.User) || route.Callers == RestAuth.Public ? place.Owner : place.Guild.Bot;
            for (int i = 0; i < 12; i++)
            {
                string body = Thing(random, depth: 0);
                Note(EveryRoute.Unclear(await EveryRoute.CallAsync(route, caller, place.Value, body), $"{route.Label} with {body}"));
            }
        }
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} answers:\n{string.Join('\n', _wrong.Take(20))}");
    }

    [Fact]
    public async Task Parameters_that_are_no_ids_are_clear_errors_on_every_route()
    {
        Place? place = null;
        foreach (RestRoute route in every.Routes.Where(r => r.Template.Contains('{')))
        {
            place = await every.WholeAsync(place);
            foreach (string parameter in route.Template.Split('/').Where(s => s.StartsWith('{')).Select(s => s[1..^1]))
            {
                foreach (string bad in BadIds)
                {
                    Reply reply = await EveryRoute.CallAsync(
                        route, place.Owner, name => name == parameter ? bad : place.Value(name), new { content = "x", name = "x" });
                    Note(EveryRoute.Unclear(reply, $"{route.Label} with {parameter} {Short(bad)}", bare: bad.Contains("%00")
                        || bad.Contains("%FF")));
                    Assert.False(reply.Headers.Contains("X-Evil"));
                }
            }
        }
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} answers:\n{string.Join('\n', _wrong.Take(20))}");
    }

    [Fact]
    public async Task Query_of_wrong_kinds_is_a_clear_error_on_every_route()
    {
        Place place = await every.PlaceAsync();
        string[] values = ["", "-1", "0", "1e9", "99999999999999999999", "%00", "%FF", "a", "true", "'", "%F0%9F%98%80", "null", "[]",
            new('9', 250), "2999-01-01T00:00:00Z"];
        foreach (RestRoute route in every.Routes.Where(r => r.Method == "GET"))
        {
            foreach (string value in values)
            {
                string query = string.Join('&', ((string[])
                    [
                        "limit", "before", "after", "around", "query", "with_counts", "user_id", "action_type", "type", "include_roles",
                            "days", "guild_id", "thread_id", "wait",
                        "with_member", "sort_by", "tag", "slop", "offset", "min_id", "max_id", "with_expiration", "with_localizations",
                            "name", "author_id",
                    ]).Select(key => $"{key}={value}"));
                Reply reply = await place.Owner.GetAsync($"{EveryRoute.Path(route, place.Value)}?{query}");
                Note(EveryRoute.Unclear(reply, $"{route.Label} with query values {Short(value)}"));
            }
        }
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} answers:\n{string.Join('\n', _wrong.Take(20))}");
    }

    private IEnumerable<RestRoute> WithBody() => every.Routes.Where(r => r.Method is "POST" or "PUT" or "PATCH"
        && r.Template != "/auth/register"
        && r.Template != "/auth/login");

    private static string Thing(Random random, int depth)
    {
        StringBuilder body = new("{");
        int count = random.Next(1, depth == 0 ? 12 : 6);
        for (int i = 0; i < count; i++)
        {
            string field = Fields[random.Next(Fields.Length)];
            string value = random.Next(depth < 3 ? 5 : 3) switch
            {
                3 => Thing(random, depth + 1),
                4 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Thing(random, depth + 1)))}]",
                _ => random.Next(10) == 0 ? LongValues[random.Next(LongValues.Length)] : Values[random.Next(Values.Length)],
            };
            body.Append(i == 0 ? "" : ",").Append('"').Append(field).Append("\":").Append(value);
        }
        return body.Append('}').ToString();
    }

    private void Note(string? unclear)
    {
        if (unclear is not null)
            _wrong.Add(unclear);
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
