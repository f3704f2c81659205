using System.Buffers;
using System.IO.Pipelines;
using Discord.Actors.Sessions;

namespace Discord.Node.Gateway.Sending;

/// <summary>Writes to a pipe: connections with TLS, and upgrades that came through the HTTP server.</summary>
internal sealed class PipeSink(PipeWriter output, Action abort) : IFrameSink
{
    // Enough for one flush of a busy guild; what is more waits in the backlog, where it is counted.
    private const int MostAtOnce = 64 << 10;

    private Task<FlushResult>? _flushing;

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (_flushing is { } earlier)
        {
            if (!earlier.IsCompleted)
                return 0;
            if (!earlier.IsCompletedSuccessfully || earlier.Result.IsCompleted)
                return -1;
            _flushing = null;
        }
        try
        {
            var taken = Math.Min(bytes.Length, MostAtOnce);
            output.Write(bytes[..taken]);
            var flush = output.FlushAsync();
            if (!flush.IsCompletedSuccessfully)
                _flushing = flush.AsTask();
            else if (flush.Result.IsCompleted)
                return -1;
            return taken;
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException or OperationCanceledException)
        {
            // A completed pipe or a closed stream: the read loop hears of it as well and ends.
            return -1;
        }
    }

    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_flushing is { } earlier && (await earlier.ConfigureAwait(false)).IsCompleted)
            return 0;
        _flushing = null;
        var taken = Math.Min(bytes.Length, MostAtOnce);
        output.Write(bytes.Span[..taken]);
        var flushed = await output.FlushAsync().ConfigureAwait(false);
        return flushed.IsCompleted ? 0 : taken;
    }

    public Task Pending => _flushing ?? Task.CompletedTask;

    public void Prepare() => CacheHint.Fetch(output);

    public void Abort() => abort();
}
