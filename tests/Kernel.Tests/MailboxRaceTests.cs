#if DEBUG
using Discord.Kernel.Tests.TestKit;
using FsCheck;
using FsCheck.Fluent;
using static Discord.Kernel.ActorCell;

namespace Discord.Kernel.Tests;

/// <summary>
/// The mailbox's races, made certain: at every point where another thread could come between, the test does what that thread would have
/// done. Nothing may be lost and nothing handled twice, wherever it comes.
/// </summary>
public sealed class MailboxRaceTests : IDisposable
{
    private enum Deed { Nothing, Tell, System, Both, Hold, Release, Watch, Stop }

    public void Dispose() => t_race = null;

    [Fact]
    public void P04_No_message_is_lost_whatever_comes_between_the_steps_of_a_turn()
    {
        Prop.ForAll(
            Gen.Elements(Deed.Nothing, Deed.Nothing, Deed.Tell, Deed.System, Deed.Both, Deed.Hold, Deed.Release).ArrayOf(30).ToArbitrary(),
            deeds => Play(deeds, stopAtEnd: false)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void P04_No_message_is_lost_when_a_mailbox_closes_whatever_comes_between_its_steps()
    {
        Prop.ForAll(
            Gen.Elements(Deed.Nothing, Deed.Tell, Deed.System, Deed.Both, Deed.Watch, Deed.Watch, Deed.Stop).ArrayOf(20).ToArbitrary(),
            deeds => Play(deeds, stopAtEnd: true)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void P04_System_message_between_the_last_look_and_idle_is_seen(int order)
    {
        var kit = new Kit();
        var actor = (ActorCell)kit.Start(() => new Act());
        var seen = 0;
        var armed = true;
        t_race = (cell, point) =>
        {
            if (!armed || cell != actor || point != RacePoint.BeforeIdle) return;
            armed = false;
            actor.SendSystem(new NoteMessage(() => seen++));
            if (order == 1) actor.Tell("and this");
        };
        kit.Tell(actor, "wake");
        Assert.False(armed);
        Assert.Equal(1, seen);
    }

    private static void Play(Deed[] deeds, bool stopAtEnd)
    {
        var kit = new Kit();
        var handled = new List<int>();
        var system = new List<int>();
        var sent = 0;
        var sentSystem = 0;
        var holds = 0;
        var next = 0;
        var watchers = new List<Probe>();
        var actor = (ActorCell)kit.System.ActorOf(
            Props.Create(() => new Act((_, message) => handled.Add((int)message))).WithDispatcherThroughput(2));
        // A watcher's watch is a system message from another cell; the probes are there before, so that only that is under test.
        var spare = new Queue<Probe>(Enumerable.Range(0, deeds.Length).Select(_ => kit.NewProbe()));
        kit.Run();
        t_race = (cell, _) =>
        {
            if (cell == actor && next < deeds.Length) Do(deeds[next++]);
        };
        while (next < deeds.Length)
        {
            actor.Tell(sent++);
            Do(deeds[next++]);
            kit.Run();
        }
        while (holds > 0) Do(Deed.Release);
        kit.Run();
        if (stopAtEnd) kit.System.Stop(actor);
        kit.Run();
        t_race = null;

        var letters = kit.DeadLetters.Select(letter => (int)letter.Message).ToList();
        Assert.Equal(Enumerable.Range(0, sent), handled.Concat(letters).Order());
        Assert.Equal(handled.Order(), handled);
        if (stopAtEnd)
        {
            Assert.All(watchers, watcher => Assert.Equal([new Terminated(actor)], watcher.Messages));
            Assert.Equal(system.Distinct(), system);
        }
        else
        {
            Assert.Empty(letters);
            Assert.Equal(Enumerable.Range(0, sentSystem), system);
        }

        void Do(Deed deed)
        {
            switch (deed)
            {
                case Deed.Tell:
                    actor.Tell(sent++);
                    break;
                case Deed.System:
                    var number = sentSystem++;
                    actor.SendSystem(new NoteMessage(() => system.Add(number)));
                    break;
                case Deed.Both:
                    Do(Deed.System);
                    Do(Deed.Tell);
                    break;
                case Deed.Hold:
                    holds++;
                    actor.HoldSubtree();
                    break;
                case Deed.Release when holds > 0:
                    holds--;
                    actor.ReleaseSubtree();
                    break;
                case Deed.Watch:
                    var watcher = spare.Dequeue();
                    watchers.Add(watcher);
                    ((ActorCell)watcher.Ref).Watch(actor);
                    break;
                case Deed.Stop:
                    kit.System.Stop(actor);
                    break;
            }
        }
    }

    private sealed class NoteMessage(Action action) : SystemMessage
    {
        public override void Invoke(ActorCell cell) => action();
    }
}
#endif
