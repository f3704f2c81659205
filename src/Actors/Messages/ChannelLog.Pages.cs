using System.Buffers;
using System.Text.Json;
using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Messages;

// How messages are shown: pages, single messages, pins.
public sealed partial class ChannelLog
{
    // Messages outside of the tail that are kept for replies to them.
    private const int MaxReferences = 100;

    /// <summary>A page of history as a JSON array, newest first.</summary>
    /// <exception cref="StorageException">The store failed.</exception>
    public ValueTask<ReadOnlyMemory<byte>> PageAsync(MessagePage page, MessageViewer viewer, CancellationToken ct = default)
    {
        if (page.Kind == MessagePageKind.Latest && _page is { } cached && cached.Limit == page.Limit && SeesAll(viewer)
            && cached.Suits(viewer.UserId) && IsCurrent(cached))
        {
            Volatile.Write(ref _lastRead, _services.Time.GetUtcNow().UtcTicks);
            return new(cached.Json);
        }
        return BuildPageAsync(page, viewer, ct);
    }

    /// <summary>One message as the viewer sees it, or null when there is none.</summary>
    /// <exception cref="StorageException">The store failed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(Snowflake id, MessageViewer viewer, CancellationToken ct = default)
    {
        await WarmAsync(ct).ConfigureAwait(false);
        if (await EntryAsync(id, ct).ConfigureAwait(false) is not { } entry)
            return null;
        Shown shown = await ResolveAsync([entry], viewer, ct).ConfigureAwait(false);
        ArrayBufferWriter<byte> buffer = new(entry.Encoded.Json.Length + 256);
        Write(buffer, entry, viewer, shown);
        return buffer.WrittenMemory;
    }

    /// <summary>Pinned messages, the newest pin first.</summary>
    /// <param name="before">Pins older than this.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="asArray">The older form: an array of messages in place of <c>{"items","has_more"}</c>.</param>
    public async ValueTask<ReadOnlyMemory<byte>> PinsAsync(
        MessageViewer viewer, DateTimeOffset? before, int limit, bool asArray, CancellationToken ct = default)
    {
        await WarmAsync(ct).ConfigureAwait(false);
        (Snowflake Id, DateTimeOffset At)[] pins;
        lock (_gate)
        {
            pins = [.. _pins.Where(p => before is null || p.Value < before).OrderByDescending(p => p.Value).ThenByDescending(p =>
                p.Key.Value)
                .Take(limit + 1).Select(p => (p.Key, p.Value))];
        }
        List<LogEntry> entries = [];
        List<DateTimeOffset> times = [];
        foreach ((Snowflake id, DateTimeOffset at) in pins.AsSpan(0, Math.Min(limit, pins.Length)).ToArray())
        {
            if (await EntryAsync(id, ct).ConfigureAwait(false) is { } entry)
            {
                entries.Add(entry);
                times.Add(at);
            }
        }
        Shown shown = await ResolveAsync(entries, viewer, ct).ConfigureAwait(false);
        ArrayBufferWriter<byte> buffer = new(1024);
        buffer.Write(asArray ? "["u8 : "{\"items\":["u8);
        for (int i = 0; i < entries.Count; i++)
        {
            if (i > 0)
                buffer.Write(","u8);
            if (!asArray)
            {
                buffer.Write("{\"pinned_at\":"u8);
                buffer.Write(JsonSerializer.SerializeToUtf8Bytes(times[i], PayloadJson.Wire.DateTimeOffset));
                buffer.Write(",\"message\":"u8);
            }
            Write(buffer, entries[i], viewer, shown);
            if (!asArray)
                buffer.Write("}"u8);
        }
        buffer.Write(asArray ? "]"u8 : pins.Length > limit ? "],\"has_more\":true}"u8 : "],\"has_more\":false}"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>The message inside a reply, as a whole object; null when it does not exist.</summary>
    internal async ValueTask<LogEntry?> ReferencedAsync(MessageReference reference, CancellationToken ct)
    {
        Snowflake id = reference.MessageId!.Value;
        if (reference.ChannelId != ChannelId)
        {
            // A thread's first message shows the one in the parent channel from which the thread was made.
            return await _services.Store.GetAsync(reference.ChannelId, id, ct).ConfigureAwait(false) is { } other ? Render(other) : null;
        }
        int version;
        lock (_gate)
        {
            int at = IndexOf(id);
            if (at >= 0)
                return Refreshed(at);
            if (_isWarm && _tailIsAll)
                return null;
            if (_references.TryGetValue(id, out LogEntry? known)
                && (known is null || CurrentAuthor(known.Message, _host.Guild) == known.Author))
                return known;
            version = _version;
        }
        LogEntry? found = await EntryAsync(id, ct).ConfigureAwait(false);
        if (found is { HasUrls: true })
            return found;
        lock (_gate)
        {
            if (version == _version && _isWarm)
            {
                if (_references.Count >= MaxReferences)
                    _references.Clear();
                _references[id] = found;
            }
        }
        return found;
    }

    private bool SeesAll(MessageViewer viewer) => viewer.SeesContent || _host.GuildId is null;

    // A page stays right while no message changed, its URLs live, and its authors and threads are what they were.
    private bool IsCurrent(CachedPage page)
    {
        if (page.Expires is { } expires && _services.Time.GetUtcNow() >= expires)
            return false;
        GuildState? guild = _host.Guild;
        if (ReferenceEquals(guild, page.Guild))
            return true;
        for (int i = 0; i < page.Entries.Length; i++)
        {
            LogEntry entry = page.Entries[i];
            if (!ReferenceEquals(CurrentAuthor(entry.Message, guild), entry.Author) || !ReferenceEquals(ThreadOf(entry.Id, guild),
                page.Threads?[i]))
                return false;
        }
        foreach (LogEntry inside in page.Inside)
        {
            if (!ReferenceEquals(CurrentAuthor(inside.Message, guild), inside.Author))
                return false;
        }
        page.Guild = guild;
        return true;
    }

    private static Channel? ThreadOf(Snowflake id, GuildState? guild) =>
        guild is { Threads.Count: > 0 } && guild.Threads.TryGetValue(id, out Guilds.ThreadState? thread) ? thread.Channel : null;

    private async ValueTask<ReadOnlyMemory<byte>> BuildPageAsync(MessagePage page, MessageViewer viewer, CancellationToken ct)
    {
        await WarmAsync(ct).ConfigureAwait(false);
        GuildState? guild = _host.Guild;
        LogEntry[]? entries;
        int version;
        lock (_gate)
        {
            version = _version;
            entries = FromTail(page);
        }
        bool cacheable = entries is not null && page.Kind == MessagePageKind.Latest && SeesAll(viewer)
            && entries.All(e => e.Reactions?.Has(viewer.UserId) == false);
        if (entries is null)
        {
            IReadOnlyList<MessageRow> rows = await _services.Store.PageAsync(ChannelId, page, ct).ConfigureAwait(false);
            entries = new LogEntry[rows.Count];
            for (int i = 0; i < entries.Length; i++)
                entries[i] = Render(rows[i]);
        }
        Shown shown = await ResolveAsync(entries, viewer, ct).ConfigureAwait(false);
        ArrayBufferWriter<byte> buffer = new(2 + entries.Sum(e => e.Encoded.Json.Length + 1));
        buffer.Write("["u8);
        for (int i = 0; i < entries.Length; i++)
        {
            if (i > 0)
                buffer.Write(","u8);
            Write(buffer, entries[i], viewer, shown);
        }
        buffer.Write("]"u8);
        if (cacheable)
            Cache(version, page.Limit, buffer.WrittenSpan.ToArray(), entries, shown, guild);
        return buffer.WrittenMemory;
    }

    private void Cache(int version, int limit, byte[] json, LogEntry[] entries, Shown shown, GuildState? guild)
    {
        // What other channels hold changes without this log being told.
        if (entries.Any(e => e.HasReference && e.Message.MessageReference!.ChannelId != ChannelId))
            return;
        bool expires = entries.Any(e => e.HasUrls) || shown.Inside.Values.Any(e => e is { HasUrls: true });
        Channel?[]? threads = guild is { Threads.Count: > 0 } ? [.. entries.Select(e => ThreadOf(e.Id, guild))] : null;
        if (threads is not null && !threads.SequenceEqual(entries.Select(e => shown.Threads.GetValueOrDefault(e.Id))))
            return;
        CachedPage cached = new(limit, json, entries, threads, [.. shown.Inside.Values.OfType<LogEntry>()],
            expires ? _services.Time.GetUtcNow() + _services.Options.AttachmentUrlAge : null)
        {
            Guild = guild,
        };
        lock (_gate)
        {
            if (version == _version && _isWarm)
                _page = cached;
        }
    }

    // Under _gate: the page newest first, or null when the tail does not hold all of it.
    private LogEntry[]? FromTail(MessagePage page)
    {
        int end = _tail.Count, start;
        switch (page.Kind)
        {
            case MessagePageKind.Latest:
                start = end - page.Limit;
                break;
            case MessagePageKind.Before:
                end = Lower(page.Anchor);
                start = end - page.Limit;
                break;
            case MessagePageKind.After when _tailIsAll || (_tail.Count > 0 && page.Anchor >= _tail[0].Id):
                start = Lower(new Snowflake(page.Anchor.Value == ulong.MaxValue ? page.Anchor.Value : page.Anchor.Value + 1));
                end = Math.Min(end, start + page.Limit);
                break;
            default:
                return null;
        }
        if (start < 0)
        {
            if (!_tailIsAll)
                return null;
            start = 0;
        }
        bool fresh = _services.Options.AttachmentUrlAge > TimeSpan.Zero;
        var entries = new LogEntry[end - start];
        for (int i = 0; i < entries.Length; i++)
        {
            LogEntry entry = Refreshed(end - 1 - i);
            if (entry.HasUrls && fresh)
                entry = entry with { Encoded = MessageJson.Encode(entry.Message, entry.Author, null, _services.AttachmentUrls) };
            entries[i] = entry;
        }
        return entries;
    }

    private int Lower(Snowflake id) => IndexOf(id) is var at && at >= 0 ? at : ~at;

    private async ValueTask<Shown> ResolveAsync(IReadOnlyList<LogEntry> entries, MessageViewer viewer, CancellationToken ct)
    {
        GuildState? guild = _host.Guild;
        Shown shown = new();
        List<Snowflake>? unknown = null;
        foreach (LogEntry entry in entries)
        {
            if (entry.Reactions is null)
                (unknown ??= []).Add(entry.Id);
            else if (entry.Reactions.Count > 0)
                shown.Reactions[entry.Id] = entry.Reactions.For(viewer.UserId);
            if (entry.HasReference)
                shown.Inside[entry.Message.MessageReference!.MessageId!.Value] =
                    await ReferencedAsync(entry.Message.MessageReference, ct).ConfigureAwait(false);
            if (ThreadOf(entry.Id, guild) is { } thread)
                shown.Threads[entry.Id] = thread;
        }
        if (unknown is not null)
            await ReadReactionsAsync(shown.Reactions, unknown, viewer.UserId, ct).ConfigureAwait(false);
        return shown;
    }

    // Whoever reads asks the same, so that many cost one query; each for himself only where there are too many to be kept.
    private async ValueTask ReadReactionsAsync(
        Dictionary<Snowflake, IReadOnlyList<ReactionCount>> into, List<Snowflake> messages, Snowflake viewer, CancellationToken ct)
    {
        List<Snowflake>? many = null;
        foreach ((Snowflake id, MessageReactions? reactions) in
            await _services.Store.WhoReactedAsync(ChannelId, messages, MaxKnownReactions, ct).ConfigureAwait(false))
        {
            if (reactions is not null)
                into[id] = reactions.For(viewer);
            else
                (many ??= []).Add(id);
        }
        if (many is null)
            return;
        foreach ((Snowflake id, IReadOnlyList<ReactionCount> counts) in
            await _services.Store.ReactionsAsync(ChannelId, many, viewer, ct).ConfigureAwait(false))
            into[id] = counts;
    }

    private void Write(ArrayBufferWriter<byte> buffer, LogEntry entry, MessageViewer viewer, Shown shown)
    {
        WriteOpen(buffer, entry, viewer);
        if (shown.Reactions.TryGetValue(entry.Id, out IReadOnlyList<ReactionCount>? reactions))
        {
            buffer.Write(",\"reactions\":"u8);
            buffer.Write(Reactions(reactions));
        }
        if (entry.HasReference)
        {
            buffer.Write(",\"referenced_message\":"u8);
            if (shown.Inside.GetValueOrDefault(entry.Message.MessageReference!.MessageId!.Value) is { } inside)
            {
                WriteOpen(buffer, inside, viewer);
                buffer.Write("}"u8);
            }
            else
                buffer.Write("null"u8);
        }
        if (shown.Threads.TryGetValue(entry.Id, out Channel? thread))
        {
            buffer.Write(",\"thread\":"u8);
            buffer.Write(JsonSerializer.SerializeToUtf8Bytes(thread, PayloadJson.Wire.Channel));
        }
        buffer.Write("}"u8);
    }

    private void WriteOpen(ArrayBufferWriter<byte> buffer, LogEntry entry, MessageViewer viewer)
    {
        if (SeesAll(viewer) || entry.IsEntitled(viewer.UserId))
        {
            buffer.Write(entry.Encoded.Open.Span);
            return;
        }
        buffer.Write(entry.Encoded.Head.Span);
        buffer.Write(MessageJson.NoContent);
    }

    private static byte[] Reactions(IReadOnlyList<ReactionCount> counts) => MessageJson.Encode(counts, static (json, counts) =>
    {
        json.WriteStartArray();
        foreach (ReactionCount count in counts)
        {
            Reaction reaction = new()
            {
                Emoji = ReactionEmoji.FromKey(count.Emoji).ToPayload(),
                Count = count.Count,
                CountDetails = new ReactionCounts(count.BurstCount, count.Count - count.BurstCount),
                Me = count.Me,
                MeBurst = count.MeBurst,
            };
            JsonSerializer.Serialize(json, reaction, PayloadJson.Wire.Reaction);
        }
        json.WriteEndArray();
    });

    // What goes into a page beside the messages themselves.
    private sealed class Shown
    {
        public Dictionary<Snowflake, IReadOnlyList<ReactionCount>> Reactions { get; } = [];

        public Dictionary<Snowflake, LogEntry?> Inside { get; } = [];

        public Dictionary<Snowflake, Channel> Threads { get; } = [];
    }

    private sealed class CachedPage(
        int limit, byte[] json, LogEntry[] entries, Channel?[]? threads, LogEntry[] inside, DateTimeOffset? expires)
    {
        private readonly MessageReactions[] _reactions = [.. entries.Select(e => e.Reactions!).Where(r => r.Count > 0)];
        private GuildState? _guild;

        public int Limit => limit;

        /// <summary>The page shows nobody's own reactions: right for whoever has none on it.</summary>
        public bool Suits(Snowflake viewer)
        {
            foreach (MessageReactions reactions in _reactions)
            {
                if (reactions.Has(viewer))
                    return false;
            }
            return true;
        }

        public byte[] Json => json;

        public LogEntry[] Entries => entries;

        public Channel?[]? Threads => threads;

        public LogEntry[] Inside => inside;

        public DateTimeOffset? Expires => expires;

        /// <summary>The guild for which the page was last found right.</summary>
        public GuildState? Guild
        {
            get => Volatile.Read(ref _guild);
            set => Volatile.Write(ref _guild, value);
        }
    }
}
