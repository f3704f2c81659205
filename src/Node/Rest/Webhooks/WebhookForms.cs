using Discord.Node.Cdn;
using Discord.Node.Composition;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Webhooks;

/// <summary>What the routes of webhooks read and show alike.</summary>
public static class WebhookForms
{
    private static readonly string[] Reserved = ["clyde", "discord"];

    /// <summary>The webhook with the URL that executes it, where it has a token.</summary>
    public static Webhook Show(NodeServices services, Webhook webhook)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(webhook);
        return webhook.Token is null ? webhook
            : webhook with { Url = $"{services.PublicUrl.ToString().TrimEnd('/')}/api/webhooks/{webhook.Id}/{webhook.Token}" };
    }

    /// <summary>A webhook's name: 1 to 80 characters, none of the reserved words in it.</summary>
    internal static Optional<string> Name(FormReader form, string field, bool required = false)
    {
        Optional<string> name = form.OptionalString(field, 1, Limits.WebhookName, required, trim: true);
        foreach (string word in Reserved)
        {
            if (name.HasValue && name.Value.Contains(word, StringComparison.OrdinalIgnoreCase))
                form.Fail(field, "USERNAME_INVALID_CONTAINS", $"Username cannot contain \"{word}\"");
        }
        return name;
    }

    internal static async ValueTask<Optional<string>> StoreAvatarAsync(RestCall call, Snowflake webhook, Optional<ImageData> avatar) =>
        avatar.TryGet(out ImageData? image) ? await call.Services.Domain.Storage.Blobs.SaveAsync(BlobKind.WebhookAvatar, webhook, image)
        : avatar.IsNull ? Optional<string>.Null : default;
}
