using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Guilds.Settings;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Guilds;

/// <summary>Guilds themselves: create, read, change, leave, delete.</summary>
internal static class GuildEndpoints
{
    private static readonly int[] s_afkTimeouts = [60, 300, 900, 1800, 3600];
    private static readonly List<VoiceRegion> s_regions = [new("local", "Local", Optimal: true, Deprecated: false, Custom: false)];

    public static void Map(RouteTable routes)
    {
        routes.Post("/guilds", Create).Auth(RestAuth.User).Bucket(Buckets.GuildCreate);
        routes.Get("/guilds/{guild_id}", Get);
        routes.Patch("/guilds/{guild_id}", Modify);
        routes.Delete("/guilds/{guild_id}", Delete);
        routes.Post("/guilds/{guild_id}/delete", Delete);
        routes.Get("/guilds/{guild_id}/preview", Preview);
        routes.Get("/guilds/{guild_id}/regions", Regions);
    }

    private static async ValueTask<RestReply> Create(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        string? name = form.String("name", Limits.GuildNameMin, Limits.GuildName, required: true, trim: true);
        ImageData? icon = form.ImageData("icon", Limits.ImageBytes);
        form.ThrowIfInvalid();
        DomainServices domain = call.Services.Domain;
        if (await domain.Storage.Lookups.GuildsOfAsync(call.Account.Id).CountAsync() >= Limits.UserGuilds)
            throw new ApiException(ApiError.MaxGuilds);
        Snowflake id = domain.Ids.Next();
        User owner = await domain.Accounts.FindUserAsync(call.Account.Id, call.Cancelled) ?? throw new ApiException(ApiError.UnknownUser);
        string? hash = icon is null ? null : (await call.StoreAsync(BlobKind.GuildIcon, id, icon)).OrNullReference();
        await domain.Guilds.RunAsync(id, new CreateGuild(id, name!, owner, hash) { By = new Caller(call.Account.Id) });
        return RestReply.Created(GuildPayloads.Guild((await domain.Guilds.GetAsync(id)).State), PayloadJson.Wire.Guild);
    }

    private static async ValueTask<RestReply> Get(RestCall call)
    {
        bool counts = call.Query.Bool("with_counts") == true;
        call.Query.ThrowIfInvalid();
        GuildHandle handle = await call.GuildAsync();
        Guild guild = GuildPayloads.Guild(handle.State);
        return RestReply.Json(
            counts
                ? guild with { ApproximateMemberCount = handle.State.Members.Count, ApproximatePresenceCount = handle.OnlineCount }
                : guild,
            PayloadJson.Wire.Guild);
    }

    private static async ValueTask<RestReply> Preview(RestCall call)
    {
        GuildHandle handle = await call.Services.Domain.Guilds.GetAsync(call.Id("guild_id"));
        GuildState state = handle.State;
        if (!state.Members.Contains(call.Account.Id) && !state.Properties.Features.Contains("DISCOVERABLE"))
            throw new ApiException(ApiError.UnknownGuild);
        return RestReply.Json(
            new GuildPreview
            {
                Id = state.Id,
                Name = state.Properties.Name,
                Icon = state.Properties.Icon,
                Description = state.Properties.Description,
                HomeHeader = state.Properties.HomeHeader,
                Splash = state.Properties.Splash,
                DiscoverySplash = state.Properties.DiscoverySplash,
                Features = state.Properties.Features,
                ApproximateMemberCount = state.Members.Count,
                ApproximatePresenceCount = handle.OnlineCount,
                Emojis = GuildPayloads.Emojis(state),
            },
            PayloadJson.Wire.GuildPreview);
    }

    private static async ValueTask<RestReply> Regions(RestCall call)
    {
        await call.GuildAsync();
        return RestReply.Json(s_regions, PayloadJson.Wire.ListVoiceRegion);
    }

    private static async ValueTask<RestReply> Modify(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        GuildChanges changes = Read(form);
        Optional<ImageData> icon = form.OptionalImageData("icon", Limits.ImageBytes);
        Optional<ImageData> splash = form.OptionalImageData("splash", Limits.ImageBytes);
        Optional<ImageData> discovery = form.OptionalImageData("discovery_splash", Limits.ImageBytes);
        Optional<ImageData> banner = form.OptionalImageData("banner", Limits.ImageBytes);
        Optional<ImageData> header = form.OptionalImageData("home_header", Limits.ImageBytes);
        form.ThrowIfInvalid();
        GuildState before = await call.StateAsync(Permissions.ManageGuild);
        Guild after = await call.ChangeAsync(new ModifyGuild(changes with
        {
            Icon = await call.StoreAsync(BlobKind.GuildIcon, before.Id, icon),
            Splash = await call.StoreAsync(BlobKind.GuildSplash, before.Id, splash),
            DiscoverySplash = await call.StoreAsync(BlobKind.DiscoverySplash, before.Id, discovery),
            Banner = await call.StoreAsync(BlobKind.GuildBanner, before.Id, banner),
            HomeHeader = await call.StoreAsync(BlobKind.GuildBanner, before.Id, header),
        }));
        await call.DropAsync(BlobKind.GuildIcon, before.Id, before.Properties.Icon, after.Icon);
        await call.DropAsync(BlobKind.GuildSplash, before.Id, before.Properties.Splash, after.Splash);
        await call.DropAsync(BlobKind.DiscoverySplash, before.Id, before.Properties.DiscoverySplash, after.DiscoverySplash);
        return RestReply.Json(after, PayloadJson.Wire.Guild);
    }

    private static GuildChanges Read(FormReader form)
    {
        if (form.IsNull("name"))
            form.Fail("name", FormError.Required);
        Optional<int> afk = form.OptionalInt("afk_timeout");
        if (afk.TryGet(out int seconds) && !s_afkTimeouts.Contains(seconds))
            form.Fail("afk_timeout", FormError.Choices(s_afkTimeouts));
        // The region is chosen per channel; the field is read for its type alone.
        form.OptionalString("region");
        return new GuildChanges
        {
            Name = form.OptionalString("name", Limits.GuildNameMin, Limits.GuildName, trim: true),
            Description = form.OptionalString("description", 0, Limits.GuildDescription),
            VerificationLevel = form.OptionalInt("verification_level", 0, 4),
            DefaultMessageNotifications = form.OptionalInt("default_message_notifications", 0, 1),
            ExplicitContentFilter = form.OptionalInt("explicit_content_filter", 0, 2),
            PreferredLocale = form.OptionalString("preferred_locale", 2, 10),
            AfkTimeout = afk,
            AfkChannelId = form.OptionalSnowflake("afk_channel_id"),
            SystemChannelId = form.OptionalSnowflake("system_channel_id"),
            SystemChannelFlags = form.OptionalInt("system_channel_flags", 0),
            RulesChannelId = form.OptionalSnowflake("rules_channel_id"),
            PublicUpdatesChannelId = form.OptionalSnowflake("public_updates_channel_id"),
            SafetyAlertsChannelId = form.OptionalSnowflake("safety_alerts_channel_id"),
            OwnerId = form.OptionalSnowflake("owner_id"),
            Features = form.OptionalStringArray("features", 100, 1, 100),
            PremiumProgressBarEnabled = form.OptionalBool("premium_progress_bar_enabled"),
        };
    }

    private static async ValueTask<RestReply> Delete(RestCall call)
    {
        GuildHandle guild = await call.GuildAsync();
        await call.ChangeAsync(new DeleteGuild());
        await call.Services.Domain.Storage.Audit.DeleteGuildAsync(guild.Id, CancellationToken.None);
        return RestReply.NoContent;
    }
}
