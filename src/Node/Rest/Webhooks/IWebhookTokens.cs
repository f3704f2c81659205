using Discord.Protocol;

namespace Discord.Node.Rest.Webhooks;

/// <summary>
/// Whose routes below <c>/webhooks/{id}/{token}</c> are when the id names no webhook: an interaction's followups have the same routes, with
/// the application's id and the interaction's token. All resolvers of <see cref="Composition.NodeServices.WebhookTokens"/> are asked in
/// turn.
/// </summary>
public interface IWebhookTokens
{
    /// <summary>What the token is for; null when it is not this resolver's.</summary>
    ValueTask<IWebhookTarget?> FindAsync(Snowflake id, string token);
}

/// <summary>What a token's routes do. Each call has the route's query and body.</summary>
public interface IWebhookTarget
{
    /// <summary>POST: a new message.</summary>
    ValueTask<RestReply> ExecuteAsync(RestCall call);

    /// <summary>GET of a message.</summary>
    /// <param name="call">The call.</param>
    /// <param name="messageId">Null: <c>@original</c>.</param>
    ValueTask<RestReply> GetMessageAsync(RestCall call, Snowflake? messageId);

    /// <summary>PATCH of a message. See <see cref="GetMessageAsync"/>.</summary>
    ValueTask<RestReply> EditMessageAsync(RestCall call, Snowflake? messageId);

    /// <summary>DELETE of a message. See <see cref="GetMessageAsync"/>.</summary>
    ValueTask<RestReply> DeleteMessageAsync(RestCall call, Snowflake? messageId);
}
