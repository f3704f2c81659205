using Discord.Protocol;
using Discord.Storage.DataService;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Storage.Tests.DataService;

/// <summary>
/// Reads and writes of one channel begin, take effect in the store, and are answered or fail, in any order. Whatever a read answers must be
/// explained by the store: for each message, a state that it had there no earlier than the last write that was acknowledged before the
/// read began, and no later than the read's end.
/// </summary>
public sealed class CoherenceTests
{
    [Theory]
    [InlineData(true, 1L << 20)]
    [InlineData(true, 700)]
    [InlineData(true, 0)]
    [InlineData(false, 1L << 20)]
    public async Task Reads_see_every_write_that_was_acknowledged_before_they_began(bool coalesce, long cacheBytes)
    {
        var step =
            from what in Gen.Choose(0, 139)
            from which in Gen.Choose(0, 1_000)
            from id in Gen.Choose(1, 9)
            from detail in Gen.Choose(0, 1_000)
            select new Step(what, which, id, detail);
        var cases = Gen.Select(Gen.ArrayOf(step, 120), steps => new Case(steps));
        // Without a synchronization context, so that everything happens within the step that causes it.
        await Task.Run(() => Prop.ForAll(Arb.From(cases, Shrink), c => new Schedule(coalesce, cacheBytes).Run(c.Steps))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(4_000)));
    }

    [Theory]
    [InlineData(1L << 20)]
    [InlineData(700)]
    [InlineData(0)]
    public async Task Each_of_many_writers_at_once_reads_what_it_wrote_while_channels_come_and_go(long cacheBytes)
    {
        using var fixture = new Sqlite.SqliteFixture();
        await using var storage = await DataServiceStorage.OpenAsync(
            await fixture.OpenAsync(TimeProvider.System), new DataServiceOptions { CacheBytes = cacheBytes, TailMessages = 4 });
        await Task.WhenAll(Enumerable.Range(1, 6).Select(writer => Task.Run(async () =>
        {
            var channel = new Snowflake(1000 + (ulong)(writer % 2));
            var id = new Snowflake((ulong)writer);
            await storage.Messages.AppendAsync(ScriptedStore.Row(channel, id, "0"));
            for (var i = 1; i <= 200; i++)
            {
                await storage.Messages.UpdateAsync(ScriptedStore.Row(channel, id, $"{i}"));
                var row = await storage.Messages.GetAsync(channel, id);
                Assert.Equal($"{i}", ScriptedStore.Body(row!.Value));
                var page = await storage.Messages.PageAsync(channel, MessagePage.Latest(4));
                Assert.Equal($"{i}", ScriptedStore.Body(page.Single(found => found.Id == id)));
            }
        })));
    }

    private static IEnumerable<Case> Shrink(Case c)
    {
        for (var size = c.Steps.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= c.Steps.Length; at += size) yield return new Case([.. c.Steps[..at], .. c.Steps[(at + size)..]]);
        }
    }

    internal sealed record Case(Step[] Steps)
    {
        public override string ToString() => string.Join(" ", (IEnumerable<Step>)Steps);
    }

    internal sealed record Step(int What, int Which, int Id, int Detail);

    private sealed class Schedule
    {
        private static readonly Snowflake Channel = new(1000);

        private readonly ScriptedStore _store = new();
        private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
        private readonly DataServiceMessageStore _service;
        private readonly Dictionary<Snowflake, List<State<string?>>> _messages = [];
        private readonly Dictionary<Snowflake, List<State<bool>>> _pins = [];
        private readonly List<Operation> _running = [];
        private readonly List<string> _log = [];
        private readonly List<(IReadOnlyList<MessageRow> Page, MessageRow[] Rows)> _handedOut = [];
        private int _now;

        public Schedule(bool coalesce, long cacheBytes)
        {
            _service = new DataServiceMessageStore(_store, new DataServiceOptions
            {
                Coalesce = coalesce,
                CacheBytes = cacheBytes,
                TailMessages = 4,
                PartitionConcurrency = 2,
                Concurrency = 3,
                Time = _time,
                AnswerInline = true,
            });
            for (var id = 1UL; id < 10; id++)
            {
                _messages[new(id)] = [new(null)];
                _pins[new(id)] = [new(false)];
            }
            _store.Written = (id, body, call) => _messages[id].Add(new(body, (Operation)call.Tag!));
            _store.Repeated = (again, first) => ((Operation)again.Tag!).Confirms = (Operation)first.Tag!;
            _store.Pinned = (id, pinned, call) => _pins[id].Add(new(pinned, (Operation)call.Tag!));
        }

        public bool Run(Step[] steps)
        {
            foreach (var step in steps)
            {
                _now++;
                Take(step);
                Settle();
            }
            while (_store.Pending.Count > 0)
            {
                _now++;
                _store.Pending[0].Answer();
                Settle();
            }
            Assert.Empty(_running);
            Assert.Equal(0, _service.Waiting);
            Assert.All(_handedOut, page => Assert.Equal(page.Rows, page.Page));
            return true;
        }

        private void Take(Step step)
        {
            var id = new Snowflake((ulong)step.Id);
            var other = new Snowflake((ulong)(step.Detail % 9) + 1);
            var body = $"{_now}";
            var row = ScriptedStore.Row(Channel, id, body);
            var limit = (step.Detail % 6) + 1;
            switch (step.What)
            {
                case < 14:
                    Write($"append {id}", () => _service.AppendAsync(row, default).AsTask());
                    break;
                case < 17:
                    Write($"once {id}", () => _service.AppendOnceAsync(row, $"{step.Detail % 3}", default, default).AsTask());
                    break;
                case < 21:
                    Write($"update {id}", () => _service.UpdateAsync(row, default).AsTask());
                    break;
                case < 25:
                    Write($"delete {id} {other}", () => _service.DeleteAsync(Channel, [id, other], default).AsTask());
                    break;
                case 25:
                    Write("sweep", () => _service.DeleteByAuthorAsync([Channel], ScriptedStore.Author, default, default).AsTask());
                    break;
                case 26:
                    Write("clear", () => _service.DeleteChannelAsync(Channel, default).AsTask());
                    break;
                case < 30:
                    Write($"pin {id}", () => _service.PinAsync(Channel, id, default, default).AsTask());
                    break;
                case < 32:
                    Write($"unpin {id}", () => _service.UnpinAsync(Channel, id, default).AsTask());
                    break;
                case < 44:
                    ReadPage(MessagePage.Latest(limit));
                    break;
                case < 47:
                    ReadPage(MessagePage.Before(id, limit));
                    break;
                case < 50:
                    ReadPage(MessagePage.After(new Snowflake(id.Value - 1), limit));
                    break;
                case < 53:
                    ReadPage(MessagePage.Around(id, limit));
                    break;
                case < 56:
                    Read(_service.GetAsync(Channel, id, default).AsTask(), $"get {id}", (began, row) =>
                        Allowed(_messages[id], began).Contains(row is { } found ? ScriptedStore.Body(found) : null));
                    break;
                case < 59:
                    Read(_service.PinsAsync(Channel, null, 100, default).AsTask(), "pins", (began, pins) =>
                        _pins.All(p => Allowed(p.Value, began).Contains(pins.Any(pin => pin.MessageId == p.Key))));
                    break;
                case < 70 when _store.Pending.Count > 0:
                    var effective = _store.Pending[step.Which % _store.Pending.Count];
                    if (effective.HasEffect) break;
                    _log.Add($"{_now}: {effective.Name} takes effect");
                    effective.TakeEffect();
                    break;
                case < 134 when _store.Pending.Count > 0:
                    var answered = _store.Pending[step.Which % _store.Pending.Count];
                    _log.Add($"{_now}: {answered.Name} is answered");
                    answered.Answer();
                    break;
                case < 138 when _store.Pending.Count > 0:
                    var failed = _store.Pending[step.Which % _store.Pending.Count];
                    _log.Add($"{_now}: {failed.Name} fails");
                    failed.Fail(new StorageException(StorageError.Io, "scripted"));
                    break;
                case >= 138:
                    _time.Advance(TimeSpan.FromSeconds(step.Detail % 12));
                    break;
            }
        }

        private void Write(string what, Func<Task> begin)
        {
            _log.Add($"{_now}: {what}");
            var operation = new Operation { Began = _now };
            _store.Tag = operation;
            operation.Task = begin();
            _store.Tag = null;
            _running.Add(operation);
        }

        private void ReadPage(MessagePage page) =>
            Read(_service.PageAsync(Channel, page, default).AsTask(), $"{page.Kind} {page.Anchor} {page.Limit}", (began, rows) =>
            {
                _handedOut.Add((rows, [.. rows]));
                var found = rows.ToDictionary(row => row.Id, ScriptedStore.Body);
                List<(Snowflake, string)> state = [];
                foreach (var (id, states) in _messages)
                {
                    var allowed = Allowed(states, began);
                    if (found.TryGetValue(id, out var body))
                    {
                        if (!allowed.Contains(body)) return false;
                        state.Add((id, body));
                    }
                    // One that may be gone was not there; one that must be there can only lie outside of the page.
                    else if (!allowed.Contains(null)) state.Add((id, allowed[0]!));
                }
                state.Reverse();
                return Pages.Of(state, page).SequenceEqual(rows.Select(row => (row.Id, ScriptedStore.Body(row))));
            });

        private void Read<T>(Task<T> task, string what, Func<int, T, bool> isRight)
        {
            _log.Add($"{_now}: {what}");
            var operation = new Operation { Began = _now, Task = task };
            operation.Check = () =>
            {
                if (task.IsFaulted) return;
                Assert.True(
                    isRight(operation.Began, task.Result),
                    $"read of step {operation.Began} ({what}) ends at {_now}: {Show(task.Result)}\n"
                    + string.Join("\n", _log));
            };
            _running.Add(operation);
        }

        private void Settle()
        {
            for (var i = 0; i < _running.Count; i++)
            {
                var operation = _running[i];
                if (!operation.Task.IsCompleted) continue;
                _running.RemoveAt(i--);
                if (operation.Check is { } check) check();
                else if (operation.Task.IsCompletedSuccessfully) Acknowledge(operation);
            }
        }

        private void Acknowledge(Operation operation)
        {
            operation.Acknowledged = Math.Min(operation.Acknowledged, _now);
            if (operation.Confirms is { } first) Acknowledge(first);
        }

        // The states that may be seen: from the last one that was acknowledged before.
        private static List<T> Allowed<T>(List<State<T>> states, int began)
        {
            var first = states.FindLastIndex(state => state.By is null || state.By.Acknowledged < began);
            return [.. states.Skip(first).Select(state => state.Value)];
        }

        private static string Show<T>(T answer) => answer switch
        {
            IEnumerable<MessageRow> rows => string.Join(" ", rows.Select(row => $"{row.Id}={ScriptedStore.Body(row)}")),
            MessageRow row => $"{row.Id}={ScriptedStore.Body(row)}",
            IEnumerable<PinRow> pins => string.Join(" ", pins.Select(pin => pin.MessageId)),
            _ => "nothing",
        };

        // By: the write that left a message so.
        private sealed record State<T>(T Value, Operation? By = null);

        private sealed class Operation
        {
            public int Began { get; init; }

            public Task Task { get; set; } = null!;

            public Action? Check { get; set; }

            // The write that stored what this one would have stored: its outcome may have been unknown until now.
            public Operation? Confirms { get; set; }

            public int Acknowledged { get; set; } = int.MaxValue;
        }
    }
}
