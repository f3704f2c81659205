using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Protocol;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;
using Microsoft.Extensions.Primitives;
using QueryHelpers = Microsoft.AspNetCore.WebUtilities.QueryHelpers;

namespace Discord.Node.Rest.Channels;

/// <summary>Signed URLs that have expired are made anew.</summary>
internal static class AttachmentRoutes
{
    private const int MaxUrls = 50;
    private const int MaxUrl = 2048;

    public static void Map(RouteTable routes) => routes.Post("/attachments/refresh-urls", RefreshAsync);

    private static async ValueTask<RestReply> RefreshAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        List<string>? sent = form.StringArray("attachment_urls", MaxUrls, maxLength: MaxUrl, min: 1, required: true);
        form.ThrowIfInvalid();
        DomainServices domain = call.Services.Domain;
        return RestReply.Raw(Json.Encode((sent!, domain), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteStartArray("refreshed_urls");
            foreach (string url in s.Item1)
            {
                w.WriteStartObject();
                w.WriteString("original", url);
                w.WriteString("refreshed", Refresh(url, s.domain));
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
        }));
    }

    // Whoever shows a signature of ours was told the URL once, and may be told it again; nobody gets one for a path of his own. The host is
    // not looked at: the node may be known by another name now. Null: it is not ours.
    private static string? Refresh(string url, DomainServices domain)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed)
            || parsed.AbsolutePath.Split('/') is not ["", "attachments", var channelText, var idText, var name]
            || !Snowflake.TryParse(channelText, out Snowflake channel) || !Snowflake.TryParse(idText, out Snowflake id))
            return null;
        string filename = Uri.UnescapeDataString(name);
        Dictionary<string, StringValues> query = QueryHelpers.ParseQuery(parsed.Query);
        return domain.Storage.Urls.Verify(
            $"/attachments/{channel}/{id}/{filename}", query.GetValueOrDefault("ex"), query.GetValueOrDefault("is"),
            query.GetValueOrDefault("hm"), domain.Time.GetUtcNow()) == UrlSignature.Invalid
            ? null
            : domain.AttachmentUrls.UrlFor(channel, new Attachment { Id = id, Filename = filename });
    }
}
