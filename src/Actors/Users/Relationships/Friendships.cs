using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Users.Relationships;

/// <summary>
/// Relationships, of which each side keeps its own view. A change is written on the caller's side first, then on the other's. When the node
/// dies in between, the views differ until either side repeats its wish: every step is a no-operation where it is done already, and
/// accepting is confirmed by what the other side answers. Thread-safe.
/// </summary>
public sealed class Friendships(UserDirectory users)
{
    /// <summary>Asks to be friends, or accepts.</summary>
    /// <exception cref="ApiException">80003 oneself, 80000 a bot, 30002 too many.</exception>
    public async ValueTask AskAsync(User self, User other)
    {
        if (self.Id == other.Id)
            throw new ApiException(new ApiError(80003, 400, "Cannot send friend request to self"));
        if (other.Bot == true)
            throw new ApiException(new ApiError(80000, 400, "Incoming friend requests disabled."));
        await users.RunAsync(self.Id, new Befriend(other));
        if (await users.RunAsync(other.Id, new ReceiveRequest(self)) == RelationshipType.Friend)
            await users.RunAsync(self.Id, new ConfirmFriend(other));
    }

    /// <summary>Blocks a user. That one is told only that what was between them ended.</summary>
    public async ValueTask BlockAsync(User self, User other)
    {
        if (self.Id == other.Id)
            throw new ApiException(ApiError.UnknownUser);
        await users.RunAsync(self.Id, new Block(other));
        await users.RunAsync(other.Id, new EndRelationship(self.Id, ByOther: true));
    }

    /// <summary>Ends a relationship; a block is lifted on the caller's side alone.</summary>
    public async ValueTask EndAsync(Snowflake self, Snowflake other)
    {
        RelationshipType was = await users.RunAsync(self, new EndRelationship(other));
        if (was is RelationshipType.Friend or RelationshipType.Incoming or RelationshipType.Outgoing)
            await users.RunAsync(other, new EndRelationship(self, ByOther: true));
    }
}
