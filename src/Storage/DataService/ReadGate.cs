using Discord.Protocol;

namespace Discord.Storage.DataService;

/// <summary>What a store keeps together, and one hot channel can overload.</summary>
internal readonly record struct Partition(Snowflake Channel, int Bucket);

/// <summary>
/// Lets so many queries at a time into each partition, and so many overall; what comes beyond waits in the order it came. A query that
/// waits for its partition takes no place that another partition's could have. Thread-safe.
/// </summary>
internal sealed class ReadGate(int perPartition, int overall, int maxWaiting, bool inline)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Partition, Lane> _lanes = [];

    // These have their partition's place already.
    private readonly Queue<TaskCompletionSource> _ready = [];
    private int _running;
    private int _waiting;

    /// <summary>Queries that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Completes when it is this query's turn, which <see cref="Leave"/> ends.</summary>
    /// <exception cref="StorageException"><see cref="StorageError.Overloaded"/>: too many wait.</exception>
    public ValueTask EnterAsync(Partition partition)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(partition, out var lane)) _lanes.Add(partition, lane = new Lane());
            var queue = lane.Running < perPartition ? _ready : lane.Waiting;
            if (queue == _ready && _running < overall)
            {
                lane.Running++;
                _running++;
                return ValueTask.CompletedTask;
            }
            if (_waiting >= maxWaiting)
            {
                if (lane.IsEmpty) _lanes.Remove(partition);
                throw Overloaded();
            }
            if (queue == _ready) lane.Running++;
            _waiting++;
            var turn = new TaskCompletionSource(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Enqueue(turn);
            return new ValueTask(turn.Task);
        }
    }

    /// <summary>Ends a turn.</summary>
    public void Leave(Partition partition)
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            var lane = _lanes[partition];
            _running--;
            lane.Running--;
            if (lane.Waiting.TryDequeue(out var follower))
            {
                lane.Running++;
                _ready.Enqueue(follower);
            }
            else if (lane.IsEmpty) _lanes.Remove(partition);
            if (_ready.TryDequeue(out next))
            {
                _waiting--;
                _running++;
            }
        }
        next?.SetResult();
    }

    private StorageException Overloaded() =>
        new(StorageError.Overloaded, $"the data service has {maxWaiting} queries waiting and takes no more");

    private sealed class Lane
    {
        public int Running { get; set; }

        public Queue<TaskCompletionSource> Waiting { get; } = [];

        public bool IsEmpty => Running == 0 && Waiting.Count == 0;
    }
}
