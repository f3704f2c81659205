using Discord.Protocol;
using Discord.Storage.Cql;

namespace Discord.Storage.Tests.Cql;

public sealed class OutboxTests
{
    private static readonly Account s_account = new(new(1), "Ada", "0", null, "$hash", false, 64, new byte[] { 1, 2 });

    private static readonly Outbox s_outbox = new(Guid.Parse("11111111-2222-3333-4444-555555555555"), 1_700_000_000_000_000,
    [
        new LookupChange(LookupKind.ChannelOwner, "ä", [1]), new LookupChange(LookupKind.Guild, "gone", null),
        new UniqueChange(-1, "0#ADA", Free: false), new UniqueChange(1, "code", Free: true, [9]),
        new SetChange(SetKind.UserGuilds, new(7), new(8), Present: true),
        new AuditChange(new AuditRow(new(1), new(2), 3, new(4), new(5), new byte[] { 6 })),
        new AccountChange(s_account), new AccountChange(s_account with { Email = "a@b", PasswordHash = null, Bot = true }),
        new ApplicationChange(new ApplicationRow(new(1), new(2), null, new byte[3])),
        new ApplicationChange(new ApplicationRow(new(1), new(2), new Snowflake(3), default)),
        new TokenChange(new TokenRow(new byte[32], new(1), DateTimeOffset.FromUnixTimeMilliseconds(5), "session")),
    ]);

    [Fact]
    public void Outbox_is_read_as_it_was_written()
    {
        var bytes = s_outbox.ToBytes();
        var read = Outbox.Read(bytes);
        Assert.Equal((s_outbox.WriteId, s_outbox.Timestamp), (read.WriteId, read.Timestamp));
        Assert.Equal(s_outbox.Changes.Select(change => change.GetType()), read.Changes.Select(change => change.GetType()));
        Assert.Equal(bytes, read.ToBytes());
        Assert.Null(((ApplicationChange)read.Changes[8]).Application.BotUserId);
        Assert.Equal(new Snowflake(3), ((ApplicationChange)read.Changes[9]).Application.BotUserId);
    }

    [Fact]
    public void Outbox_that_is_cut_anywhere_is_refused()
    {
        var bytes = s_outbox.ToBytes();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(StorageError.Corrupt, Assert.Throws<StorageException>(() => Outbox.Read(bytes[..length])).Error);
    }

    [Fact]
    public void Outbox_of_a_newer_program_is_refused()
    {
        var bytes = s_outbox.ToBytes();
        bytes[0]++;
        Assert.Equal(StorageError.NewerSchema, Assert.Throws<StorageException>(() => Outbox.Read(bytes)).Error);
    }
}
