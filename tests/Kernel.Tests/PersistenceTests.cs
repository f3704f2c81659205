using System.Text;
using Discord.Kernel.Persistence;
using Discord.Kernel.Tests.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Kernel.Tests;

public sealed class PersistenceTests
{
    private sealed record Row(string Text) : ILookupWrite;

    private sealed class TextAdapter : IEventAdapter
    {
        public ReadOnlyMemory<byte> ToBytes(object value) => Encoding.UTF8.GetBytes((string)value);

        public object FromBytes(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
    }

    private sealed class Store
    {
        public InMemoryJournal Journal { get; } = new();

        public InMemorySnapshotStore Snapshots { get; } = new();

        public Props Props(IJournal? journal = null, PersistenceOptions? options = null) =>
            Kernel.Props.Create(() => new Notebook(journal ?? Journal, Snapshots, options));
    }

    /// <summary>
    /// Its state is the list of its events. "a" adds a; "+a,b" adds both or none; "?" answers; "!" snapshots; "^a" adds with a row.
    /// </summary>
    private sealed class Notebook(IJournal journal, ISnapshotStore snapshots, PersistenceOptions? options)
        : PersistentActor(journal, snapshots, new TextAdapter(), options)
    {
        private List<string> _lines = [];

        public override string PersistenceId => "notebook-1";

        protected override void Recover(object @event) => _lines.Add((string)@event);

        protected override void RecoverSnapshot(object snapshot) =>
            _lines = [.. ((string)snapshot).Split('|', StringSplitOptions.RemoveEmptyEntries)];

        protected override void OnRecoveryCompleted()
        {
            if (_lines is ["begun"]) Persist("recovered", Recover);
        }

        protected override void OnCommand(object message)
        {
            switch ((string)message)
            {
                case "?":
                    Sender.Tell(string.Join(',', _lines));
                    break;
                case "!":
                    SaveSnapshot(string.Join('|', _lines));
                    break;
                case "stop":
                    Context.Stop(Self);
                    break;
                case "throw":
                    Persist("never", Recover);
                    throw new Boom();
                case "slow":
                    RunTask(async () =>
                    {
                        await Task.Yield();
                        Persist("slow", e =>
                        {
                            Recover(e);
                            Sender.Tell($"ok {e}");
                        });
                    });
                    break;
                case ['+', .. var many]:
                    PersistAll(many.Split(','), e =>
                    {
                        Recover(e);
                        Sender.Tell($"ok {e}");
                    });
                    break;
                case ['^', .. var row]:
                    Persist([row, row + "'"], [new Row(row)], () =>
                    {
                        Recover(row);
                        Recover(row + "'");
                        Sender.Tell("ok all");
                    });
                    break;
                case var line:
                    Persist(line, e =>
                    {
                        Recover(e);
                        Sender.Tell($"ok {e}");
                    });
                    break;
            }
        }
    }

    private static void Say(Kit kit, IActorRef actor, Probe probe, params string[] lines)
    {
        foreach (var line in lines) actor.Tell(line, probe.Ref);
        kit.Run();
    }

    [Fact]
    public void PersistentActor_started_again_recovers_what_was_acknowledged()
    {
        Prop.ForAll(Gen.Elements("a", "b", "+c,d", "^e", "!").ArrayOf().ToArbitrary(), Gen.Choose(1, 3).ToArbitrary(), (commands, lives) =>
        {
            var store = new Store();
            var expected = new List<string>();
            for (var life = 0; life < lives; life++)
            {
                var kit = new Kit();
                var probe = kit.NewProbe();
                var actor = kit.System.ActorOf(store.Props());
                Say(kit, actor, probe, commands);
                foreach (var command in commands)
                {
                    if (command[0] == '+') expected.AddRange(command[1..].Split(','));
                    else if (command[0] == '^') expected.AddRange([command[1..], command[1..] + "'"]);
                    else if (command != "!") expected.Add(command);
                }
                Say(kit, actor, probe, "?");
                Assert.Equal(string.Join(',', expected), probe.Messages[^1]);
                kit.System.Stop(actor);
                kit.Run();
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Command_is_acknowledged_after_its_write_and_others_wait_for_it()
    {
        var kit = new Kit();
        var store = new Store();
        var gate = new TaskCompletionSource();
        store.Journal.BeforeAppend = async (_, _) => await gate.Task;
        var probe = kit.NewProbe();
        var actor = kit.System.ActorOf(store.Props());
        Say(kit, actor, probe, "a", "?");
        Assert.Empty(probe.Messages);
        gate.SetResult();
        kit.Run();
        SpinUntil(kit, () => probe.Messages.Count == 2);
        Assert.Equal(["ok a", "a"], probe.Messages);
    }

    [Fact]
    public void Events_of_one_command_are_written_together_with_their_rows()
    {
        var kit = new Kit();
        var store = new Store();
        var writes = new List<JournalWrite>();
        store.Journal.BeforeAppend = (write, _) =>
        {
            writes.Add(write);
            return ValueTask.CompletedTask;
        };
        var probe = kit.NewProbe();
        Say(kit, kit.System.ActorOf(store.Props()), probe, "+a,b", "^c");
        Assert.Equal([(1L, 2), (3L, 2)], writes.Select(write => (write.FirstSequenceNr, write.Events.Count)));
        Assert.Equal([new Row("c")], store.Journal.Lookups);
        Assert.Equal(["ok a", "ok b", "ok all"], probe.Messages);
    }

    [Fact]
    public void Write_that_fails_tells_the_sender_and_stops_the_actor_without_running_the_handler()
    {
        var kit = new Kit();
        var store = new Store();
        var probe = kit.NewProbe();
        var actor = kit.System.ActorOf(store.Props());
        Say(kit, actor, probe, "a");
        store.Journal.BeforeAppend = (_, _) => throw new IOException("disk full");
        Say(kit, actor, probe, "b", "c");
        var failure = Assert.IsType<PersistenceFailedException>(Assert.IsType<Status.Failure>(probe.Messages[^1]).Cause);
        Assert.Contains("disk full", failure.Message);
        Assert.Equal("c", Assert.Single(kit.DeadLetters).Message);
        store.Journal.BeforeAppend = null;
        Say(kit, kit.System.ActorOf(store.Props()), probe, "?");
        Assert.Equal("a", probe.Messages[^1]);
    }

    [Fact]
    public void Write_that_takes_too_long_counts_as_failed()
    {
        var kit = new Kit();
        var store = new Store();
        store.Journal.BeforeAppend = async (_, _) => await new TaskCompletionSource().Task;
        var probe = kit.NewProbe();
        var actor = kit.System.ActorOf(store.Props(options: new PersistenceOptions { WriteTimeout = TimeSpan.FromSeconds(3) }));
        Say(kit, actor, probe, "a");
        kit.Advance(3);
        SpinUntil(kit, () => probe.Messages.Count == 1);
        Assert.IsType<Status.Failure>(probe.Messages[0]);
    }

    [Fact]
    public void Second_activation_of_an_id_cannot_write()
    {
        var kit = new Kit();
        var store = new Store();
        var probe = kit.NewProbe();
        var first = kit.System.ActorOf(store.Props());
        var second = kit.System.ActorOf(store.Props());
        kit.Run();
        Say(kit, first, probe, "a");
        Say(kit, second, probe, "b");
        var failure = Assert.IsType<Status.Failure>(probe.Messages[^1]).Cause;
        Assert.IsType<JournalConflictException>(failure.InnerException);
        Say(kit, first, probe, "?");
        Assert.Equal("a", probe.Messages[^1]);
    }

    [Fact]
    public void Command_that_throws_writes_nothing()
    {
        var kit = new Kit();
        var store = new Store();
        var probe = kit.NewProbe();
        var actor = kit.System.ActorOf(store.Props());
        Say(kit, actor, probe, "a", "throw", "b", "?");
        Assert.Equal("a,b", probe.Messages[^1]);
    }

    [Fact]
    public void Async_command_may_persist_and_recovery_too()
    {
        var kit = new Kit();
        var store = new Store();
        var probe = kit.NewProbe();
        var actor = kit.System.ActorOf(store.Props());
        Say(kit, actor, probe, "begun", "slow", "stop");
        Assert.Equal(["ok begun", "ok slow"], probe.Messages);
        var other = new Store();
        Say(kit, kit.System.ActorOf(other.Props()), probe, "begun", "stop");
        Say(kit, kit.System.ActorOf(other.Props()), probe, "?");
        Assert.Equal("begun,recovered", probe.Messages[^1]);
        Say(kit, kit.System.ActorOf(other.Props()), probe, "?");
        Assert.Equal("begun,recovered", probe.Messages[^1]);
    }

    [Fact]
    public void Snapshot_deletes_the_events_it_covers()
    {
        var kit = new Kit();
        var store = new Store();
        var probe = kit.NewProbe();
        var actor = kit.System.ActorOf(store.Props());
        Say(kit, actor, probe, "a", "b", "!");
        SpinUntil(kit, () => Events(store.Journal) == 0);
        Say(kit, actor, probe, "c");
        Assert.Equal(1, Events(store.Journal));
        Say(kit, kit.System.ActorOf(store.Props()), probe, "?");
        Assert.Equal("a,b,c", probe.Messages[^1]);
    }

    [Fact]
    public async Task Recovery_that_misses_events_fails_and_says_which()
    {
        var kit = new Kit();
        var store = new Store();
        var probe = kit.NewProbe();
        Say(kit, kit.System.ActorOf(store.Props()), probe, "a", "b", "c");
        await store.Journal.DeleteToAsync("notebook-1", 2, CancellationToken.None);
        var log = new LogRecorder();
        var second = new Kit(options => options.LoggerFactory = log);
        var actor = second.System.ActorOf(store.Props());
        second.Run();
        second.Tell(actor, "?");
        Assert.Equal(DeadLetterReason.RecipientStopped, Assert.Single(second.DeadLetters).Reason);
        Assert.Contains(log.Entries, entry => entry.Text.Contains("notebook-1"));
    }

    [Fact]
    public void Recovery_that_meets_the_snapshot_of_a_former_activation_begins_anew_from_it()
    {
        var kit = new Kit();
        var store = new Store();
        var probe = kit.NewProbe();
        Say(kit, kit.System.ActorOf(store.Props()), probe, "a", "b", "c");
        // Between the load of no snapshot and the replay, the former one saves at 2 and deletes the events up to 2.
        var racing = new RacingJournal(store.Journal, async () =>
        {
            await store.Snapshots.SaveAsync("notebook-1", new Snapshot(2, "a|b"u8.ToArray()), CancellationToken.None);
            await store.Journal.DeleteToAsync("notebook-1", 2, CancellationToken.None);
        });
        Say(kit, kit.System.ActorOf(store.Props(racing)), probe, "?");
        Assert.Equal("a,b,c", probe.Messages[^1]);
    }

    [Fact]
    public async Task Snapshot_that_comes_late_does_not_replace_a_newer_one()
    {
        var store = new InMemorySnapshotStore();
        await store.SaveAsync("x", new Snapshot(20, "new"u8.ToArray()), CancellationToken.None);
        await store.SaveAsync("x", new Snapshot(10, "old"u8.ToArray()), CancellationToken.None);
        Assert.Equal(20, (await store.LoadAsync("x", CancellationToken.None))!.Value.SequenceNr);
    }

    /// <summary>A notebook that stays when a write fails: "?" answers meanwhile, "no" is refused, all else waits.</summary>
    private sealed class StayingNotebook(IJournal journal, PersistenceOptions? options = null)
        : PersistentActor(journal, new InMemorySnapshotStore(), new TextAdapter(), options)
    {
        private readonly List<string> _lines = [];

        public override string PersistenceId => "notebook-1";

        protected override bool StaysInDoubt(Exception failure) => failure is IOException or TimeoutException;

        protected override void Recover(object @event) => _lines.Add((string)@event);

        protected override void OnCommandInDoubt(object message)
        {
            if ((string)message == "no") Persist("no", Recover);
            else if ((string)message == "?") OnCommand(message);
            else base.OnCommandInDoubt(message);
        }

        protected override void OnCommand(object message)
        {
            var sender = Sender;
            if ((string)message == "?") sender.Tell(string.Join(',', _lines));
            else
            {
                PersistAll(((string)message).Split('+'), e =>
                {
                    Recover(e);
                    sender.Tell($"ok {e}");
                });
            }
        }
    }

    /// <summary>A journal whose next operations fail, before or after they were carried out.</summary>
    private sealed class FailingJournal(InMemoryJournal journal) : IJournal
    {
        public Queue<Fault> Appends { get; } = [];

        public Queue<Fault> Reads { get; } = [];

        public async ValueTask AppendAsync(JournalWrite write, CancellationToken ct)
        {
            var fault = Appends.TryDequeue(out var next) ? next : Fault.None;
            if (fault == Fault.Before) throw new IOException("not written");
            await journal.AppendAsync(write, ct);
            if (fault == Fault.After) throw new IOException("written, and the answer lost");
        }

        public IAsyncEnumerable<JournalEntry> ReplayAsync(string persistenceId, long fromSequenceNr, CancellationToken ct) =>
            journal.ReplayAsync(persistenceId, fromSequenceNr, ct);

        public ValueTask<long> HighestSequenceNrAsync(string persistenceId, CancellationToken ct) =>
            Reads.TryDequeue(out var next) && next != Fault.None
                ? throw new IOException("away")
                : journal.HighestSequenceNrAsync(persistenceId, ct);

        public ValueTask DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken ct) =>
            journal.DeleteToAsync(persistenceId, toSequenceNr, ct);
    }

    private enum Fault
    {
        None,
        Before,
        After,
    }

    [Fact]
    public void Actor_that_stays_in_doubt_holds_what_the_journal_holds_whatever_fails()
    {
        var commands = Gen.Elements("a", "b+c", "d").ArrayOf();
        var faults = Gen.Elements(Fault.None, Fault.Before, Fault.After).ArrayOf();
        Prop.ForAll(commands.ToArbitrary(), faults.ToArbitrary(), faults.ToArbitrary(), (lines, appends, reads) =>
        {
            var kit = new Kit();
            var inner = new InMemoryJournal();
            var journal = new FailingJournal(inner);
            var probe = kit.NewProbe();
            var actor = kit.System.ActorOf(Props.Create(() => new StayingNotebook(journal)));
            kit.Run();
            foreach (var fault in appends) journal.Appends.Enqueue(fault);
            foreach (var fault in reads) journal.Reads.Enqueue(fault);
            Say(kit, actor, probe, lines);
            for (var second = 0; second <= reads.Length; second++) kit.Advance(1);
            Say(kit, actor, probe, "?");

            var stored = inner.ReplayAsync("notebook-1", 1, CancellationToken.None).ToBlockingEnumerable()
                .Select(entry => Encoding.UTF8.GetString(entry.Payload.Span)).ToArray();
            Assert.Equal(string.Join(',', stored), probe.Messages[^1]);
            Assert.Equal(stored.Select(line => $"ok {line}"), probe.Messages.OfType<string>().SkipLast(1));
            Assert.Equal(lines.Zip(appends).Count(each => each.Second != Fault.None), probe.Messages.OfType<Status.Failure>().Count());
            Assert.Empty(kit.DeadLetters);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Actor_in_doubt_answers_from_what_was_acknowledged_and_writes_nothing()
    {
        var kit = new Kit();
        var inner = new InMemoryJournal();
        var journal = new FailingJournal(inner);
        var probe = kit.NewProbe();
        var actor = kit.System.ActorOf(Props.Create(() => new StayingNotebook(journal)));
        Say(kit, actor, probe, "a");
        journal.Appends.Enqueue(Fault.After);
        journal.Reads.Enqueue(Fault.Before);
        Say(kit, actor, probe, "b", "c", "?");
        Assert.Equal(["ok a", "a"], probe.Messages.OfType<string>());
        Assert.Equal(2, Events(inner));
        kit.Advance(1);
        Say(kit, actor, probe, "?");
        Assert.Equal(["ok a", "a", "ok b", "ok c", "a,b,c"], probe.Messages.OfType<string>());
    }

    [Fact]
    public void Actor_in_doubt_that_persists_all_the_same_fails_and_its_next_instance_reads_the_journal()
    {
        var kit = new Kit();
        var journal = new FailingJournal(new InMemoryJournal());
        var probe = kit.NewProbe();
        var actor = kit.System.ActorOf(Props.Create(() => new StayingNotebook(journal)));
        Say(kit, actor, probe, "a");
        journal.Appends.Enqueue(Fault.After);
        journal.Reads.Enqueue(Fault.Before);
        Say(kit, actor, probe, "b", "no", "?");
        Assert.Equal("a,b", probe.Messages[^1]);
    }

    [Fact]
    public void Write_that_ends_after_its_time_limit_is_found_to_be_written()
    {
        var kit = new Kit();
        var store = new Store();
        var gate = new TaskCompletionSource();
        store.Journal.BeforeAppend = async (_, _) => await gate.Task;
        var probe = kit.NewProbe();
        var options = new PersistenceOptions { WriteTimeout = TimeSpan.FromSeconds(3) };
        var actor = kit.System.ActorOf(Props.Create(() => new StayingNotebook(store.Journal, options)));
        Say(kit, actor, probe, "a");
        kit.Advance(3);
        SpinUntil(kit, () => probe.Messages.Count == 1);
        Say(kit, actor, probe, "?");
        Assert.Equal("", probe.Messages[^1]);
        gate.SetResult();
        SpinUntil(kit, () => probe.Messages.Count == 3);
        Assert.Equal("ok a", probe.Messages[^1]);
    }

    [Fact]
    public void Actor_in_doubt_stops_where_another_has_written()
    {
        var kit = new Kit();
        var store = new Store();
        var journal = new FailingJournal(store.Journal);
        var probe = kit.NewProbe();
        var first = kit.System.ActorOf(Props.Create(() => new StayingNotebook(journal)));
        var second = kit.System.ActorOf(store.Props());
        kit.Run();
        journal.Appends.Enqueue(Fault.Before);
        journal.Reads.Enqueue(Fault.Before);
        Say(kit, first, probe, "a");
        Say(kit, second, probe, "b");
        kit.Advance(1);
        kit.Tell(first, "?");
        Assert.Equal("?", Assert.Single(kit.DeadLetters).Message);
    }

    private sealed class RacingJournal(InMemoryJournal journal, Func<Task> beforeReplay) : IJournal
    {
        private bool _raced;

        public ValueTask AppendAsync(JournalWrite write, CancellationToken ct) => journal.AppendAsync(write, ct);

        public async IAsyncEnumerable<JournalEntry> ReplayAsync(
            string persistenceId, long fromSequenceNr, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            if (!_raced) await beforeReplay();
            _raced = true;
            await foreach (var entry in journal.ReplayAsync(persistenceId, fromSequenceNr, ct)) yield return entry;
        }

        public ValueTask<long> HighestSequenceNrAsync(string persistenceId, CancellationToken ct) =>
            journal.HighestSequenceNrAsync(persistenceId, ct);

        public ValueTask DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken ct) =>
            journal.DeleteToAsync(persistenceId, toSequenceNr, ct);
    }

    [Fact]
    public void Recovery_has_a_limit()
    {
        var kit = new Kit();
        var store = new Store();
        var actor = kit.System.ActorOf(
            store.Props(new StuckJournal(), new PersistenceOptions { RecoveryTimeout = TimeSpan.FromSeconds(7) }));
        kit.Run();
        kit.Tell(actor, "?");
        kit.Advance(6.9);
        Assert.Empty(kit.DeadLetters);
        kit.Advance(0.1);
        SpinUntil(kit, () => kit.DeadLetters.Any());
        Assert.Equal("?", Assert.Single(kit.DeadLetters).Message);
    }

    private static int Events(InMemoryJournal journal) =>
        journal.ReplayAsync("notebook-1", 1, CancellationToken.None).ToBlockingEnumerable().Count();

    /// <summary>For what goes on beside the actors' turns.</summary>
    private static void SpinUntil(Kit kit, Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                kit.Run();
                return condition();
            },
            TimeSpan.FromSeconds(10)));

    private sealed class StuckJournal : IJournal
    {
        public ValueTask AppendAsync(JournalWrite write, CancellationToken ct) => throw new NotSupportedException();

        public async IAsyncEnumerable<JournalEntry> ReplayAsync(
            string persistenceId, long fromSequenceNr, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            await new TaskCompletionSource().Task;
            yield break;
        }

        public ValueTask<long> HighestSequenceNrAsync(string persistenceId, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken ct) => throw new NotSupportedException();
    }
}
