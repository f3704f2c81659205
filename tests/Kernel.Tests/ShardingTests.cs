using Discord.Kernel.Sharding;
using Discord.Kernel.Tests.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Kernel.Tests;

public sealed class ShardingTests
{
    private sealed class Entities
    {
        public List<(ulong Id, object Message)> Handled { get; } = [];

        public Dictionary<ulong, int> Starts { get; } = [];

        public Dictionary<ulong, IActorRef> Refs { get; } = [];

        public Props Props(ulong id) => Kernel.Props.Create(() => new Act((act, message) =>
        {
            if (message is "leave") act.Ctx.Parent.Tell(new Passivate(), act.Me);
            else if (message is "leave slowly") act.Ctx.Parent.Tell(new Passivate("now stop"), act.Me);
            else if (message is "now stop") act.Ctx.Stop(act.Me);
            else
            {
                Handled.Add((id, message));
                act.From.Tell(message);
            }
        })
        {
            OnPreStart = act =>
            {
                Starts[id] = Starts.GetValueOrDefault(id) + 1;
                Refs[id] = act.Me;
            },
        });
    }

    private static IActorRef Start(Kit kit, Entities entities, Action<ShardRegionOptions>? configure = null)
    {
        var options = new ShardRegionOptions { Shards = 4, PassivateAfter = null };
        configure?.Invoke(options);
        return ShardRegion.Start(kit.System, "thing", entities.Props, new ShardEnvelopeExtractor(options.Shards), options);
    }

    [Fact]
    public void Region_message_starts_its_entity_below_its_shard_and_keeps_the_sender()
    {
        var kit = new Kit();
        var entities = new Entities();
        var region = Start(kit, entities);
        var probe = kit.NewProbe();
        region.Tell(new ShardEnvelope(7, "hello"), probe.Ref);
        kit.Run();
        Assert.Equal("/system/sharding-thing/3/7", entities.Refs[7].Path.ToString());
        Assert.Equal(["hello"], probe.Messages);
        Assert.Throws<InvalidActorNameException>(() => Start(kit, entities));
    }

    [Fact]
    public void Passivation_loses_no_message_and_keeps_the_order_of_each_entity_whatever_the_schedule()
    {
        var script = Gen.Elements("send", "leave", "leave slowly", "turn", "turn", "turn").ArrayOf(60);
        Prop.ForAll(script.ToArbitrary(), Gen.Choose(0, 100_000).ToArbitrary(), (ops, seed) =>
        {
            var kit = new Kit(seed: seed);
            var entities = new Entities();
            var region = Start(kit, entities);
            var number = 0;
            foreach (var op in ops)
            {
                if (op == "turn") kit.Dispatcher.RunOne();
                else if (op == "send") region.Tell(new ShardEnvelope((ulong)(number % 2), number++), ActorRefs.Nobody);
                else region.Tell(new ShardEnvelope((ulong)(seed % 2), op), ActorRefs.Nobody);
            }
            kit.Run();
            foreach (var id in new[] { 0, 1 })
            {
                var expected = Enumerable.Range(0, number).Where(n => n % 2 == id);
                Assert.Equal(expected, entities.Handled.Where(each => each.Id == (ulong)id).Select(each => (int)each.Message));
            }
            Assert.Empty(kit.DeadLetters);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Buffer_of_a_stopping_entity_is_bounded()
    {
        var kit = new Kit();
        var entities = new Entities();
        var region = Start(kit, entities, options => options.BufferLimit = 2);
        region.Tell(new ShardEnvelope(1, "first"), ActorRefs.Nobody);
        kit.Run();
        var gate = new TaskCompletionSource();
        entities.Refs[1].Tell(new Action<Act>(act => act.Ctx.RunTask(() => gate.Task)));
        kit.Run();
        // It asks to leave, and is then busy while messages come.
        ((ActorCell)entities.Refs[1]).Parent.Tell(new Passivate(), entities.Refs[1]);
        for (var i = 0; i < 3; i++) region.Tell(new ShardEnvelope(1, i), ActorRefs.Nobody);
        kit.Run();
        var dropped = Assert.Single(kit.DeadLetters);
        Assert.Equal(DeadLetterReason.MailboxFull, dropped.Reason);
        gate.SetResult();
        kit.Run();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                kit.Run();
                return entities.Handled.Count == 3;
            },
            TimeSpan.FromSeconds(10)));
        Assert.Equal(["first", 0, 1], entities.Handled.Select(each => each.Message));
        Assert.Equal(2, entities.Starts[1]);
    }

    [Fact]
    public void Entity_without_messages_is_passivated_and_comes_back()
    {
        var kit = new Kit();
        var entities = new Entities();
        var region = Start(kit, entities, options => options.PassivateAfter = TimeSpan.FromMinutes(10));
        region.Tell(new ShardEnvelope(1, "a"), ActorRefs.Nobody);
        region.Tell(new ShardEnvelope(2, "b"), ActorRefs.Nobody);
        kit.Run();
        var first = entities.Refs[1];
        kit.Advance(TimeSpan.FromMinutes(6));
        region.Tell(new ShardEnvelope(2, "c"), ActorRefs.Nobody);
        kit.Run();
        kit.Advance(TimeSpan.FromMinutes(9));
        kit.Tell(first, "anyone there?");
        Assert.Equal("anyone there?", Assert.Single(kit.DeadLetters).Message);
        Assert.Equal((1, 1), (entities.Starts[1], entities.Starts[2]));
        region.Tell(new ShardEnvelope(1, "d"), ActorRefs.Nobody);
        kit.Run();
        Assert.Equal(2, entities.Starts[1]);
        Assert.Equal("d", entities.Handled[^1].Message);
    }

    [Fact]
    public void Wrong_messages_and_entities_that_cannot_start_do_not_disturb_the_others()
    {
        var kit = new Kit();
        var region = ShardRegion.Start(
            kit.System, "picky",
            id => id == 13 ? throw new Boom() : Kernel.Props.Create(() => new Act((act, message) => act.From.Tell(message))),
            new ShardEnvelopeExtractor());
        var probe = kit.NewProbe();
        region.Tell("no envelope");
        region.Tell(new ShardEnvelope(13, "bad luck"), probe.Ref);
        region.Tell(new ShardEnvelope(269, "same shard"), probe.Ref);
        kit.Run();
        Assert.Equal(["same shard"], probe.Messages);
        Assert.Equal([DeadLetterReason.Unhandled, DeadLetterReason.Unavailable], kit.DeadLetters.Select(letter => letter.Reason));
    }

    [Fact]
    public void Entity_that_stopped_by_itself_starts_again_with_its_next_message()
    {
        var kit = new Kit();
        var entities = new Entities();
        var region = Start(kit, entities);
        region.Tell(new ShardEnvelope(5, "a"), ActorRefs.Nobody);
        kit.Run();
        kit.System.Stop(entities.Refs[5]);
        kit.Run();
        region.Tell(new ShardEnvelope(5, "b"), ActorRefs.Nobody);
        kit.Run();
        Assert.Equal(2, entities.Starts[5]);
        Assert.Equal([(5ul, (object)"a"), (5ul, "b")], entities.Handled);
    }
}
