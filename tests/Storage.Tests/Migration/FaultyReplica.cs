using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Discord.Storage.Migration;

namespace Discord.Storage.Tests.Migration;

/// <summary>What a store's rows are asked for.</summary>
internal enum Question
{
    Page,
    Read,
    Write,
    Estimate,
}

/// <summary>A store's rows, whose answers a test lets fail or hang.</summary>
internal sealed class FaultyReplica(IReplica inner) : IReplica
{
    /// <summary>Runs before each answer, with the number of the scan's page where it is one, from 0; may fail instead of it.</summary>
    public Func<Question, ReplicaTable, int, CancellationToken, Task> Before { get; set; } = (_, _, _, _) => Task.CompletedTask;

    /// <summary>The scans that were begun.</summary>
    public ConcurrentQueue<(ReplicaTable Table, ReplicaRange Range)> Scans { get; } = new();

    /// <summary>All questions of a kind fail like this until a test says otherwise.</summary>
    public void Fail(Question kind, Func<Exception> fault) =>
        Before = (question, _, _, _) => question == kind ? Task.FromException(fault()) : Task.CompletedTask;

    /// <summary>Nothing fails any more.</summary>
    public void Heal() => Before = (_, _, _, _) => Task.CompletedTask;

    public ValueTask<IReadOnlyList<ReplicaRange>> SplitAsync(ReplicaTable table, int parts, CancellationToken ct) =>
        inner.SplitAsync(table, parts, ct);

    public async IAsyncEnumerable<ReplicaPage> ScanAsync(
        ReplicaTable table, ReplicaRange range, [EnumeratorCancellation] CancellationToken ct)
    {
        Scans.Enqueue((table, range));
        var pages = 0;
        await Before(Question.Page, table, pages, ct);
        await foreach (var page in inner.ScanAsync(table, range, ct))
        {
            yield return page;
            await Before(Question.Page, table, ++pages, ct);
        }
    }

    public async ValueTask<IReadOnlyList<Cell[]>> ReadAsync(ReplicaTable table, ReadOnlyMemory<Cell> prefix, CancellationToken ct)
    {
        await Before(Question.Read, table, 0, ct);
        return await inner.ReadAsync(table, prefix, ct);
    }

    public async ValueTask WriteAsync(ReplicaTable table, IReadOnlyList<ReplicaChange> changes, long timestamp, CancellationToken ct)
    {
        await Before(Question.Write, table, 0, ct);
        await inner.WriteAsync(table, changes, timestamp, ct);
    }

    public async ValueTask<long> EstimateAsync(ReplicaTable table, CancellationToken ct)
    {
        await Before(Question.Estimate, table, 0, ct);
        return await inner.EstimateAsync(table, ct);
    }
}
