using System.Text;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Storage.Accounts;

namespace Discord.Storage.Tests.Migration;

/// <summary>Something in every table, and what the interfaces say of it.</summary>
internal static class World
{
    /// <summary>When all this is.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Account Ada = new(new(100), "Ada", "0", "ada@example.org", "$hash", false, 64, Bytes("profile"));
    private static readonly Snowflake Once = Snowflake.FromTimestamp(Noon);
    private static readonly Account Bot = new(new(101), "bot", "0007", null, null, true, 0, Bytes("b"));

    private static readonly (string Token, TokenRow Row) First = TokenIssuer.Issue(Ada.Id, Noon, "session");

    /// <summary>One of Ada's tokens.</summary>
    public static string Token => First.Token;

    public static Snowflake Message(int index) => new(Snowflake.FromTimestamp(Noon - TimeSpan.FromDays(25)).Value + ((ulong)index << 22));

    public static async Task FillAsync(IStorage storage, Snowflake channel)
    {
        var messages = storage.Messages;
        for (var i = 1; i <= 5; i++) await messages.AppendAsync(new MessageRow(channel, Message(i), Ada.Id, Bytes($"message {i}")));
        await messages.AppendOnceAsync(new MessageRow(channel, Once, Ada.Id, Bytes("once")), "n", Noon - TimeSpan.FromHours(1));
        await messages.UpdateAsync(new MessageRow(channel, Message(2), Ada.Id, Bytes("edited")));
        await messages.DeleteAsync(channel, [Message(4)]);
        await messages.PinAsync(channel, Message(1), Noon);
        await messages.PinAsync(channel, Message(3), Noon + TimeSpan.FromSeconds(1));
        await messages.AddReactionAsync(channel, Message(3), "🔥", new(1));
        await messages.AddReactionAsync(channel, Message(3), "z:1", new(2), burst: true);
        await messages.AddReactionAsync(channel, Message(3), "a:2", new(3));
        await messages.AddReactionAsync(channel, Message(3), "z:1", new(3));

        await storage.Journal.AppendAsync(
            new JournalWrite("guild-1", 1, [Bytes("one"), Bytes("two")],
            [
                LookupWrite.PutUnique(LookupKind.InviteCode, "abc", new Snowflake(7)), SetWrite.Add(SetKind.UserGuilds, Ada.Id, new(7)),
                new AuditRow(new(7), Once, 1, Ada.Id, new(3), Bytes("audit")),
            ]),
            default);
        await storage.Journal.AppendAsync(new JournalWrite("guild-1", 3, [Bytes("three")], []), default);
        await storage.Journal.DeleteToAsync("guild-1", 1, default);
        await storage.Snapshots.SaveAsync("guild-1", new Snapshot(1, new byte[3_000_000]), default);
        await storage.Snapshots.SaveAsync("user-1", new Snapshot(0, Bytes("only a snapshot")), default);
        await storage.Lookups.WriteAsync([LookupWrite.Put(LookupKind.Guild, "empty", ReadOnlyMemory<byte>.Empty)]);

        await storage.Accounts.CreateAsync(Ada, token: First.Row);
        await storage.Accounts.AddTokenAsync(TokenIssuer.Issue(Ada.Id, Noon + TimeSpan.FromHours(1)).Row);
        await storage.Accounts.CreateAsync(Bot, new ApplicationRow(new(200), Ada.Id, Bot.Id, Bytes("application")));
        await storage.Accounts.SaveApplicationAsync(new ApplicationRow(new(201), Ada.Id, null, Bytes("without a bot")));
    }

    /// <summary>What is in the store, in words that can be compared.</summary>
    public static async Task<string> DescribeAsync(IStorage storage, Snowflake channel)
    {
        var text = new StringBuilder();
        foreach (var row in await storage.Messages.PageAsync(channel, MessagePage.Latest(100)))
            text.AppendLine($"message {row.Id} {row.AuthorId} {Text(row.Body)}");
        foreach (var pin in await storage.Messages.PinsAsync(channel, null, 100)) text.AppendLine($"pin {pin.MessageId} {pin.PinnedAt:O}");
        foreach (var (id, reactions) in await storage.Messages.ReactionsAsync(channel, [Message(1), Message(3)], new(3)))
            text.AppendLine($"reactions {id} {string.Join(' ', reactions)}");
        text.AppendLine($"nonce {await storage.Messages.FindByNonceAsync(channel, Ada.Id, "n", Noon - TimeSpan.FromHours(1))}");
        text.AppendLine($"highest {await storage.Journal.HighestSequenceNrAsync("guild-1", default)}");
        await foreach (var entry in storage.Journal.ReplayAsync("guild-1", 1, default))
            text.AppendLine($"event {entry.SequenceNr} {Text(entry.Payload)}");
        foreach (var name in (string[])["guild-1", "user-1"])
        {
            var snapshot = await storage.Snapshots.LoadAsync(name, default);
            text.AppendLine($"snapshot {name} {snapshot?.SequenceNr} {snapshot?.Payload.Length}");
        }
        text.AppendLine($"invite {await storage.Lookups.GetIdAsync(LookupKind.InviteCode, "abc")}");
        text.AppendLine($"empty {(await storage.Lookups.GetAsync(LookupKind.Guild, "empty"))?.Length}");
        text.AppendLine($"set {string.Join(' ', await storage.Lookups.MembersAsync(SetKind.UserGuilds, Ada.Id, default, 10))}");
        foreach (var row in await storage.Audit.QueryAsync(new AuditQuery(new(7))))
            text.AppendLine($"audit {row.Id} {row.ActionType} {row.UserId} {row.TargetId} {Text(row.Body)}");
        foreach (var id in (Snowflake[])[Ada.Id, Bot.Id])
        {
            if (await storage.Accounts.GetAsync(id) is { } account)
                text.AppendLine($"account {account with { Profile = default }} {Text(account.Profile)}");
        }
        text.AppendLine($"by name {(await storage.Accounts.FindByUsernameAsync("ADA"))?.Id}");
        text.AppendLine($"by e-mail {(await storage.Accounts.FindByEmailAsync("ADA@example.org"))?.Id}");
        text.AppendLine($"tokens {(await storage.Accounts.TokensAsync(Ada.Id)).Count}");
        foreach (var row in await storage.Accounts.ApplicationsOfAsync(Ada.Id))
            text.AppendLine($"application {row.Id} {row.BotUserId} {Text(row.Body)}");
        text.AppendLine($"by bot {(await storage.Accounts.FindApplicationByBotAsync(Bot.Id))?.Id}");
        return text.ToString();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
