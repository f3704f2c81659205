using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Sessions;
using Discord.Actors.Users;
using Discord.Actors.Users.Notes;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Users;

/// <summary>What a user account sees of and keeps about others: profiles and notes.</summary>
internal static class PeopleEndpoints
{
    private const int NoteMax = 256;

    private static readonly byte[] None = "[]"u8.ToArray();

    public static void Map(RouteTable routes)
    {
        routes.Get("/users/{user_id}/profile", ProfileAsync).Auth(RestAuth.User);
        routes.Get("/users/{user_id}/relationships", static _ => new(RestReply.Raw(None))).Auth(RestAuth.User);
        routes.Get("/users/@me/notes", NotesAsync).Auth(RestAuth.User);
        routes.Get("/users/@me/notes/{user_id}", NoteAsync).Auth(RestAuth.User);
        routes.Put("/users/@me/notes/{user_id}", PutNoteAsync).Auth(RestAuth.User);
    }

    private static async ValueTask<RestReply> ProfileAsync(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        bool mutual = call.Query.Bool("with_mutual_guilds") ?? true;
        Snowflake? guildId = call.Query.Snowflake("guild_id");
        call.Query.ThrowIfInvalid();
        Account account = await domain.Storage.Accounts.GetAsync(call.Id("user_id"), call.Cancelled)
            ?? throw new ApiException(ApiError.UnknownUser);
        List<(Snowflake Guild, string? Nick)> guilds = [];
        if (mutual)
        {
            await foreach (Snowflake id in domain.Storage.Lookups.GuildsOfAsync(call.Account.Id))
            {
                if (await domain.Guilds.FindAsync(id) is { State: var state } && state.Members.TryGet(account.Id, out Member? there))
                    guilds.Add((id, there.Nick));
            }
        }
        Member? member = null;
        if (guildId is { } asked && await domain.Guilds.FindAsync(asked) is { State: var shared }
            && shared.Members.Contains(call.Account.Id))
            shared.Members.TryGet(account.Id, out member);
        ApplicationRow? application = account.Bot
            ? await domain.Storage.Accounts.FindApplicationByBotAsync(account.Id, call.Cancelled)
            : null;
        return RestReply.Raw(Json.Encode(
            (UserProfile.FromBytes(account.Profile.Span), guilds: mutual ? guilds : null, member, guildId, application),
            static (w, s) => Write(w, s)));
    }

    private static void Write(
        Utf8JsonWriter w,
        (UserProfile Profile, List<(Snowflake Guild, string? Nick)>? Guilds, Member? Member, Snowflake? GuildId,
            ApplicationRow? Application) s)
    {
        w.WriteStartObject();
        w.WritePropertyName("user");
        JsonSerializer.Serialize(w, s.Profile.ToUser(), PayloadJson.Wire.User);
        w.WriteStartObject("user_profile");
        w.WriteString("bio", s.Profile.Bio);
        w.WriteString("pronouns", s.Profile.Pronouns);
        w.WriteString("banner", s.Profile.Banner);
        if (s.Profile.AccentColor is { } accent)
            w.WriteNumber("accent_color", accent);
        else
            w.WriteNull("accent_color");
        w.WriteNull("theme_colors");
        w.WriteNull("popout_animation_particle_type");
        w.WriteNull("emoji");
        w.WriteEndObject();
        foreach (string empty in (ReadOnlySpan<string>)["badges", "guild_badges", "connected_accounts"])
        {
            w.WriteStartArray(empty);
            w.WriteEndArray();
        }
        w.WriteNull("premium_type");
        w.WriteNull("premium_since");
        w.WriteNull("premium_guild_since");
        w.WriteNull("legacy_username");
        if (s.Guilds is not null)
        {
            w.WriteStartArray("mutual_guilds");
            foreach ((Snowflake guild, string? nick) in s.Guilds)
            {
                w.WriteStartObject();
                w.WriteString("id", guild.ToString());
                w.WriteString("nick", nick);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }
        if (s.Member is not null)
        {
            w.WritePropertyName("guild_member");
            JsonSerializer.Serialize(w, s.Member, PayloadJson.Wire.Member);
            w.WriteStartObject("guild_member_profile");
            w.WriteString("guild_id", s.GuildId.ToString());
            w.WriteString("bio", "");
            w.WriteString("pronouns", "");
            w.WriteString("banner", s.Member.Banner);
            w.WriteNull("accent_color");
            w.WriteEndObject();
        }
        if (s.Application is not null)
        {
            w.WriteStartObject("application");
            w.WriteString("id", s.Application.Id.ToString());
            w.WriteBoolean("verified", false);
            w.WriteNumber("flags", Actors.Applications.ApplicationProfile.FromBytes(s.Application.Body.Span).Flags);
            w.WriteEndObject();
        }
        w.WriteEndObject();
    }

    private static async ValueTask<RestReply> NotesAsync(RestCall call)
    {
        UserState state = await call.Services.Domain.Users.StateOfAsync(call.Account.Id);
        return RestReply.Raw(Json.Encode(state, static (w, s) => ReadyParts.WriteNotes(w, s)));
    }

    private static async ValueTask<RestReply> NoteAsync(RestCall call)
    {
        Snowflake about = call.Id("user_id");
        UserState state = await call.Services.Domain.Users.StateOfAsync(call.Account.Id);
        if (!state.Notes.TryGetValue(about, out string? note))
            throw new ApiException(ApiError.UnknownUser);
        return RestReply.Raw(Json.Encode((call.Account.Id, about, note), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("user_id", s.Id.ToString());
            w.WriteString("note_user_id", s.about.ToString());
            w.WriteString("note", s.note);
            w.WriteEndObject();
        }));
    }

    private static async ValueTask<RestReply> PutNoteAsync(RestCall call)
    {
        Snowflake about = call.Id("user_id");
        FormReader form = (await call.FormAsync()).Reader();
        string note = form.String("note", 0, NoteMax) ?? "";
        form.ThrowIfInvalid();
        if (await call.Services.Domain.Storage.Accounts.GetAsync(about, call.Cancelled) is null)
            throw new ApiException(ApiError.UnknownUser);
        await call.Services.Domain.Users.RunAsync(call.Account.Id, new PutNote(about, note));
        return RestReply.NoContent;
    }
}
