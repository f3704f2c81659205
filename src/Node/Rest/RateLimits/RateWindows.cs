using System.Runtime.InteropServices;

namespace Discord.Node.Rest.RateLimits;

/// <summary>What is counted: a bucket, its major parameter and who calls (an account, or an address when there is none).</summary>
internal readonly record struct RateKey(int Bucket, ulong Major, ulong Caller);

/// <summary>The state of a window after a request was counted or refused.</summary>
/// <param name="Allowed">Whether the request may pass.</param>
/// <param name="Limit">Requests in a window.</param>
/// <param name="Remaining">Requests left in this window.</param>
/// <param name="ResetAt">Unix milliseconds at which it ends.</param>
/// <param name="ResetAfter">Milliseconds until then.</param>
internal readonly record struct RateState(bool Allowed, int Limit, int Remaining, long ResetAt, long ResetAfter);

/// <summary>
/// Fixed windows over many keys: a pure state machine, its clock is an argument. Thread-safe: keys are spread over stripes with a lock
/// each.
/// <para>Memory is bounded by the capacity given: a stripe that is full drops ended windows, then any others. Dropping a window early only
/// forgives.</para>
/// </summary>
internal sealed class RateWindows
{
    private const int Stripes = 16;
    private const int SweepFrom = 256;

    private sealed class Stripe
    {
        public readonly Lock Gate = new();
        public readonly Dictionary<RateKey, Window> Windows = [];
        public int SweepAt = SweepFrom;
    }

    private struct Window
    {
        public long End;
        public int Used;
    }

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];
    private readonly int _stripeCapacity;

    /// <param name="capacity">Windows kept at the same time, about 56 B each.</param>
    public RateWindows(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, Stripes);
        _stripeCapacity = capacity / Stripes;
    }

    /// <summary>Windows in memory.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var stripe in _stripes)
            {
                lock (stripe.Gate)
                    count += stripe.Windows.Count;
            }
            return count;
        }
    }

    /// <summary>Counts a request if the window has room for it.</summary>
    /// <param name="key">What is counted.</param>
    /// <param name="limit">Requests in one window.</param>
    /// <param name="windowMs">Length of the window.</param>
    /// <param name="now">Unix milliseconds.</param>
    public RateState Take(RateKey key, int limit, long windowMs, long now) => Visit(key, limit, windowMs, now, 1);

    /// <summary>The same without counting.</summary>
    public RateState Peek(RateKey key, int limit, long windowMs, long now) => Visit(key, limit, windowMs, now, 0);

    private RateState Visit(RateKey key, int limit, long windowMs, long now, int cost)
    {
        var stripe = _stripes[key.GetHashCode() & (Stripes - 1)];
        lock (stripe.Gate)
        {
            if (stripe.Windows.Count >= stripe.SweepAt)
                Sweep(stripe, now);
            ref var window = ref CollectionsMarshal.GetValueRefOrAddDefault(stripe.Windows, key, out _);
            // The second test heals a clock that was set back: no window may lie further ahead than its length.
            if (now >= window.End || window.End - now > windowMs)
                window = new Window { End = now + windowMs };
            var allowed = window.Used < limit;
            if (allowed)
                window.Used += cost;
            return new RateState(allowed, limit, limit - window.Used, window.End, window.End - now);
        }
    }

    private void Sweep(Stripe stripe, long now)
    {
        // Removing while enumerating is allowed for Dictionary.
        foreach (var (key, window) in stripe.Windows)
        {
            if (now >= window.End)
                stripe.Windows.Remove(key);
        }
        if (stripe.Windows.Count >= _stripeCapacity)
        {
            var surplus = stripe.Windows.Count - (_stripeCapacity / 2);
            foreach (var key in stripe.Windows.Keys)
            {
                if (surplus-- <= 0)
                    break;
                stripe.Windows.Remove(key);
            }
        }
        // At least as many insertions as entries visited lie between two sweeps: their cost stays constant per request.
        stripe.SweepAt = Math.Min(_stripeCapacity, Math.Max(SweepFrom, stripe.Windows.Count * 2));
    }
}
