using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Storage;
using static Discord.Actors.Tests.Messages.ChannelTestKit;

namespace Discord.Actors.Tests.Messages;

/// <summary>What a message costs in memory: the allocation budgets of the channel.</summary>
[CollectionDefinition(nameof(MessageBudgetTests), DisableParallelization = true)]
[Collection(nameof(MessageBudgetTests))]
public sealed class MessageBudgetTests
{
    // A message of 100 characters: encoded object 640, stored row 160 and what builds it 700, message 290, two events with their relay
    // record 280, entry, pending write, answer and ask 700. The event's tail and the author are kept, not made.
    private const int CreateBudget = 3_500;

    // The list of a cached page is an array that is there already.
    private const int LatestPageBudget = 0;

    [Fact]
    public async Task Create_stays_within_its_budget()
    {
        await using ChannelTestKit kit = new(new FakeMessageStore { Forgets = true });
        MessageDraft draft = Draft(new string('x', 100));
        await Create(2_000);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        await Create(2_000);
        long each = (GC.GetTotalAllocatedBytes(precise: true) - before) / 2_000;

        TestContext.Current.SendDiagnosticMessage($"bytes per message created: {each}");
        Assert.InRange(each, 1, CreateBudget);

        async Task Create(int count)
        {
            for (int i = 0; i < count; i++)
                await kit.CreateAsync(draft);
            kit.Channel.Forget();
        }
    }

    [Fact]
    public async Task Latest_page_read_again_allocates_nothing()
    {
        await using ChannelTestKit kit = new();
        for (int i = 0; i < 60; i++)
            await kit.CreateAsync($"{i}");
        await kit.Log.PageAsync(MessagePage.Latest(50), AnnSees);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int thread = Environment.CurrentManagedThreadId;
        long bytes = 0;
        for (int i = 0; i < 1_000; i++)
            bytes += (await kit.Log.PageAsync(MessagePage.Latest(50), AnnSees)).Length;

        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        Assert.True(bytes > 1_000 * 50 * 100);
        Assert.Equal(LatestPageBudget, (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000);
    }
}
