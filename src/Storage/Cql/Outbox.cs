using System.Text;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>A row that follows from a commit, as it stands in the outbox. Applying one twice is the same as once.</summary>
internal abstract record RowChange;

/// <summary>A look-up's value, or its end when <paramref name="Value"/> is null.</summary>
internal sealed record LookupChange(LookupKind Kind, string Key, byte[]? Value) : RowChange;

/// <summary>
/// A unique key that was claimed becomes held with the claim's value; with <paramref name="Free"/> the key is freed instead, if it stands
/// for
/// <paramref name="Of"/> or that is null. <paramref name="Kind"/> is a <see cref="LookupKind"/> or one of <see cref="UniqueKinds"/>.
/// </summary>
internal sealed record UniqueChange(int Kind, string Key, bool Free, byte[]? Of = null) : RowChange;

/// <summary>A member of a set, added or removed.</summary>
internal sealed record SetChange(SetKind Kind, Snowflake Key, Snowflake Member, bool Present) : RowChange;

/// <summary>An audit entry.</summary>
internal sealed record AuditChange(AuditRow Row) : RowChange;

/// <summary>An account's row.</summary>
internal sealed record AccountChange(Account Account) : RowChange;

/// <summary>An application's row with what finds it.</summary>
internal sealed record ApplicationChange(ApplicationRow Application) : RowChange;

/// <summary>A token's rows.</summary>
internal sealed record TokenChange(TokenRow Token) : RowChange;

/// <summary>
/// The rows that follow from one commit, written with it and applied after it.
/// </summary>
/// <param name="WriteId">The commit's own, by which its claims are known.</param>
/// <param name="Timestamp">That of all its rows.</param>
/// <param name="Changes">The rows, each at most once.</param>
internal sealed record Outbox(Guid WriteId, long Timestamp, IReadOnlyList<RowChange> Changes)
{
    private const byte Version = 1;

    private enum Tag : byte
    {
        Lookup = 1,
        Unique = 2,
        Set = 3,
        Audit = 4,
        Account = 5,
        Application = 6,
        Token = 7,
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(WriteId.ToByteArray());
        writer.Write(Timestamp);
        writer.Write(Changes.Count);
        foreach (var change in Changes) Write(writer, change);
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="StorageException">The bytes are of a newer program, or not what <see cref="ToBytes"/> makes.</exception>
    public static Outbox Read(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            if (reader.ReadByte() is var version && version != Version)
                throw new StorageException(StorageError.NewerSchema, $"an outbox is of format {version}, this program knows {Version}");
            var id = new Guid(reader.ReadBytes(16));
            var timestamp = reader.ReadInt64();
            var changes = new RowChange[reader.ReadInt32()];
            for (var i = 0; i < changes.Length; i++) changes[i] = Read(reader);
            return new Outbox(id, timestamp, changes);
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or OverflowException)
        {
            throw new StorageException(StorageError.Corrupt, "an outbox is not what was written", e);
        }
    }

    private static void Write(BinaryWriter writer, RowChange change)
    {
        switch (change)
        {
            case LookupChange lookup:
                writer.Write((byte)Tag.Lookup);
                writer.Write((int)lookup.Kind);
                writer.Write(lookup.Key);
                writer.Write(lookup.Value is not null);
                if (lookup.Value is not null) Write(writer, lookup.Value);
                break;
            case UniqueChange unique:
                writer.Write((byte)Tag.Unique);
                writer.Write(unique.Kind);
                writer.Write(unique.Key);
                writer.Write(unique.Free);
                writer.Write(unique.Of is not null);
                if (unique.Of is not null) Write(writer, unique.Of);
                break;
            case SetChange set:
                writer.Write((byte)Tag.Set);
                writer.Write((int)set.Kind);
                writer.Write(set.Key.Value);
                writer.Write(set.Member.Value);
                writer.Write(set.Present);
                break;
            case AuditChange { Row: var row }:
                writer.Write((byte)Tag.Audit);
                writer.Write(row.GuildId.Value);
                writer.Write(row.Id.Value);
                writer.Write(row.ActionType);
                writer.Write(row.UserId.Value);
                writer.Write(row.TargetId.Value);
                Write(writer, row.Body);
                break;
            case AccountChange { Account: var account }:
                writer.Write((byte)Tag.Account);
                writer.Write(account.Id.Value);
                writer.Write(account.Username);
                writer.Write(account.Discriminator);
                Write(writer, account.Email);
                Write(writer, account.PasswordHash);
                writer.Write(account.Bot);
                writer.Write(account.Flags);
                Write(writer, account.Profile);
                break;
            case ApplicationChange { Application: var application }:
                writer.Write((byte)Tag.Application);
                writer.Write(application.Id.Value);
                writer.Write(application.OwnerId.Value);
                writer.Write(application.BotUserId.HasValue);
                writer.Write(application.BotUserId.GetValueOrDefault().Value);
                Write(writer, application.Body);
                break;
            case TokenChange { Token: var token }:
                writer.Write((byte)Tag.Token);
                Write(writer, token.Hash);
                writer.Write(token.AccountId.Value);
                writer.Write(token.CreatedAt.ToUnixTimeMilliseconds());
                writer.Write(token.SessionIdHash);
                break;
            default:
                throw new ArgumentException($"{change.GetType().Name} cannot stand in an outbox", nameof(change));
        }
    }

    private static RowChange Read(BinaryReader reader) => (Tag)reader.ReadByte() switch
    {
        Tag.Lookup => new LookupChange((LookupKind)reader.ReadInt32(), reader.ReadString(), reader.ReadBoolean()
            ? ReadBytes(reader) : null),
        Tag.Unique => new UniqueChange(
            reader.ReadInt32(), reader.ReadString(), reader.ReadBoolean(), reader.ReadBoolean() ? ReadBytes(reader) : null),
        Tag.Set => new SetChange((SetKind)reader.ReadInt32(), ReadId(reader), ReadId(reader), reader.ReadBoolean()),
        Tag.Audit => new AuditChange(new AuditRow(
            ReadId(reader), ReadId(reader), reader.ReadInt32(), ReadId(reader), ReadId(reader), ReadBytes(reader))),
        Tag.Account => new AccountChange(new Account(
            ReadId(reader), reader.ReadString(), reader.ReadString(), ReadText(reader), ReadText(reader), reader.ReadBoolean(),
                reader.ReadInt64(),
            ReadBytes(reader))),
        Tag.Application => new ApplicationChange(new ApplicationRow(
            ReadId(reader), ReadId(reader), reader.ReadBoolean() ? ReadId(reader) : SkipId(reader), ReadBytes(reader))),
        Tag.Token => new TokenChange(new TokenRow(
            ReadBytes(reader), ReadId(reader), DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()), reader.ReadString())),
        var tag => throw new StorageException(StorageError.Corrupt, $"an outbox has a change of kind {tag}, which is none"),
    };

    private static void Write(BinaryWriter writer, ReadOnlyMemory<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes.Span);
    }

    private static void Write(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null) writer.Write(text);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    private static Snowflake ReadId(BinaryReader reader) => new(reader.ReadUInt64());

    private static Snowflake? SkipId(BinaryReader reader)
    {
        reader.ReadUInt64();
        return null;
    }
}
