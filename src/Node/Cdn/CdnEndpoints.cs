using System.Net.Mime;
using Discord.Actors;
using Discord.Node.Rest;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Storage.Files;
using Microsoft.AspNetCore.StaticFiles;

namespace Discord.Node.Cdn;

/// <summary>
/// Images and attachments over HTTP, on the paths of Discord's CDN ("Image Formatting"). Images are served as they were uploaded: an
/// extension or <c>size</c> that asks for another form is ignored. Attachments need their signature. Ids and hashes alone name a file;
/// names from outside never do.
/// </summary>
internal static class CdnEndpoints
{
    private static readonly FileExtensionContentTypeProvider Types = new();

    private static readonly (string Path, BlobKind Kind)[] Hashed =
    [
        ("/avatars/{id}/{hash}", BlobKind.Avatar), ("/banners/{id}/{hash}", BlobKind.Banner), ("/icons/{id}/{hash}", BlobKind.GuildIcon),
        ("/splashes/{id}/{hash}", BlobKind.GuildSplash), ("/discovery-splashes/{id}/{hash}", BlobKind.DiscoverySplash),
        ("/app-icons/{id}/{hash}", BlobKind.ApplicationIcon), ("/channel-icons/{id}/{hash}", BlobKind.ChannelIcon),
        ("/channels/{id}/icons/{hash}", BlobKind.ChannelIcon), ("/role-icons/{id}/{hash}", BlobKind.RoleIcon),
        ("/roles/{id}/icons/{hash}", BlobKind.RoleIcon),
    ];

    public static void Map(WebApplication app, DomainServices domain)
    {
        foreach ((string path, BlobKind kind) in Hashed)
            app.MapGet(path, http => HashedAsync(http, domain, kind));
        app.MapGet("/guilds/{guild}/users/{id}/avatars/{hash}", http => HashedAsync(http, domain, BlobKind.MemberAvatar));
        app.MapGet("/emojis/{id}", http => NamedAsync(http, domain, BlobKind.Emoji));
        app.MapGet("/stickers/{id}", http => NamedAsync(http, domain, BlobKind.Sticker));
        app.MapGet("/embed/avatars/{number}", DefaultAvatarAsync);
        app.MapGet("/attachments/{channel}/{id}/{name}", http => AttachmentAsync(http, domain));
    }

    private static Task HashedAsync(HttpContext http, DomainServices domain, BlobKind kind)
    {
        ReadOnlySpan<char> hash = WithoutExtension(Value(http, "hash"));

        // Banners of guilds and users share a path; the kind of a webhook's avatar is its own.
        if (!Snowflake.TryParse(Value(http, "id"), out Snowflake id) || BlobKey.TryImage(kind, id, hash) is not { } key)
            return NotFound(http);
        BlobKey? other = kind switch
        {
            BlobKind.Avatar => BlobKey.TryImage(BlobKind.WebhookAvatar, id, hash),
            BlobKind.Banner => BlobKey.TryImage(BlobKind.GuildBanner, id, hash),
            _ => null,
        };
        return ServeImageAsync(http, domain.Storage.Blobs, key, other);
    }

    private static Task NamedAsync(HttpContext http, DomainServices domain, BlobKind kind) =>
        Snowflake.TryParse(WithoutExtension(Value(http, "id")), out Snowflake id)
            ? ServeImageAsync(http, domain.Storage.Blobs, BlobKey.Image(kind, id), null)
            : NotFound(http);

    private static async Task ServeImageAsync(HttpContext http, IBlobStore blobs, BlobKey key, BlobKey? other)
    {
        BlobContent? blob = await blobs.OpenAsync(key);
        if (blob is null && other is { } second)
            blob = await blobs.OpenAsync(second);
        if (blob is null)
        {
            await NotFound(http);
            return;
        }
        await using (blob)
        {
            byte[] head = new byte[16];
            int read = await blob.Content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false);
            blob.Content.Position = 0;
            http.Response.ContentType = ImageData.Sniff(head.AsSpan(0, read)) switch
            {
                ImageFormat.Png => "image/png",
                ImageFormat.Jpeg => "image/jpeg",
                ImageFormat.Gif => "image/gif",
                ImageFormat.WebP => "image/webp",
                _ => "application/octet-stream",
            };
            await SendAsync(http, blob);
        }
    }

    private static async Task AttachmentAsync(HttpContext http, DomainServices domain)
    {
        if (!Snowflake.TryParse(Value(http, "channel"), out Snowflake channel) || !Snowflake.TryParse(Value(http, "id"), out Snowflake id))
        {
            await NotFound(http);
            return;
        }
        string name = Value(http, "name");
        IQueryCollection query = http.Request.Query;
        if (domain.Storage.Urls.Verify(
                $"/attachments/{channel}/{id}/{name}", query["ex"], query["is"], query["hm"], domain.Time.GetUtcNow()) != UrlSignature.Valid
            || await domain.Storage.Blobs.OpenAsync(BlobKey.Attachment(channel, id)) is not { } blob)
        {
            await NotFound(http);
            return;
        }
        await using (blob)
        {
            string type = Types.TryGetContentType(name, out string? known) ? known : "application/octet-stream";

            // What a browser would run in this origin is only ever downloaded.
            bool inline = type.StartsWith("image/", StringComparison.Ordinal) && type != "image/svg+xml"
                || type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal)
                || type == MediaTypeNames.Text.Plain;
            http.Response.ContentType = type;
            http.Response.Headers.ContentDisposition =
                $"{(inline ? "inline" : "attachment")}; filename*=UTF-8''{Uri.EscapeDataString(name)}";
            await SendAsync(http, blob);
        }
    }

    // Players seek in sound and video: byte ranges are answered as such.
    private static Task SendAsync(HttpContext http, BlobContent blob)
    {
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        http.Response.Headers.AccessControlAllowOrigin = "*";
        return Results.Stream(blob.Content, http.Response.ContentType, enableRangeProcessing: true).ExecuteAsync(http);
    }

    private static Task DefaultAvatarAsync(HttpContext http)
    {
        if (!int.TryParse(WithoutExtension(Value(http, "number")), out int number) || number is < 0 or >= DefaultAvatars.Count)
            return NotFound(http);
        byte[] png = DefaultAvatars.Png(number);
        http.Response.ContentType = "image/png";
        http.Response.ContentLength = png.Length;
        http.Response.Headers.AccessControlAllowOrigin = "*";
        return http.Response.Body.WriteAsync(png).AsTask();
    }

    private static string Value(HttpContext http, string name) => (string?)http.Request.RouteValues[name] ?? "";

    private static ReadOnlySpan<char> WithoutExtension(string name) =>
        name.AsSpan(0, name.LastIndexOf('.') is > 0 and var dot ? dot : name.Length);

    private static Task NotFound(HttpContext http)
    {
        ErrorAnswer.Api(http, ApiError.NotFound);
        return Task.CompletedTask;
    }
}
