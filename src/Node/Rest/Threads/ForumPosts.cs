using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Threads;
using Discord.Actors.Messages;
using Discord.Node.Rest.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Threads;

/// <summary>A post is a thread with its first message, whose id it has; both or neither. Members and webhooks make them.</summary>
internal static class ForumPosts
{
    /// <exception cref="ApiException">The thread or the message was refused; there is no post then.</exception>
    public static async ValueTask<(Channel Thread, MessageCreated First)> CreateAsync(
        DomainServices domain, GuildHandle guild, StartThread start, Poster poster, MessageForm message)
    {
        Channel thread = await domain.Guilds.RunAsync(guild.Id, start);
        try
        {
            ChannelHandle handle =
                await domain.Guilds.OpenChannelAsync(guild, thread.Id) ?? throw new ApiException(ApiError.UnknownChannel);
            MessageCreated first = await MessagePosting.PostAsync(domain, handle, poster with { MessageId = thread.Id }, message);
            return (thread, first with { Message = handle.Log.Show(first.Message, new MessageViewer(poster.Author.Id, true)) });
        }
        catch
        {
            // A post without its message is none.
            await domain.Guilds.RunAsync(guild.Id, new DeleteThread(thread.Id) { By = new Caller(start.By.UserId) { System = true } });
            throw;
        }
    }
}
