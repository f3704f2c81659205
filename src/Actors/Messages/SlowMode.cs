using Discord.Protocol;

namespace Discord.Actors.Messages;

/// <summary>When each user sent last in a channel with slow mode. Not thread-safe.</summary>
internal sealed class SlowMode
{
    // Users whose last message is remembered; a full table forgets those whose wait is over and then, if need be, everybody.
    private const int MaxUsers = 10_000;

    private readonly Dictionary<Snowflake, DateTimeOffset> _last = [];

    /// <summary>How long the user has to wait; zero when it may send now.</summary>
    public TimeSpan Wait(Snowflake user, int seconds, DateTimeOffset now) =>
        _last.TryGetValue(user, out DateTimeOffset last) && last.AddSeconds(seconds) - now is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;

    public void Sent(Snowflake user, DateTimeOffset at, int seconds)
    {
        if (_last.Count >= MaxUsers && !_last.ContainsKey(user))
        {
            foreach ((Snowflake known, DateTimeOffset last) in _last.ToArray())
            {
                if (last.AddSeconds(seconds) <= at)
                    _last.Remove(known);
            }
            if (_last.Count >= MaxUsers)
                _last.Clear();
        }
        _last[user] = at;
    }

    /// <summary>What was sent at that time was not stored.</summary>
    public void TakeBack(Snowflake user, DateTimeOffset at)
    {
        if (_last.TryGetValue(user, out DateTimeOffset last) && last == at)
            _last.Remove(user);
    }

    public void Clear() => _last.Clear();
}
