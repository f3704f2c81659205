using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Discord.Node.Configuration;
using Discord.Protocol;

namespace Discord.Node.Rest.RateLimits;

/// <summary>A bucket as clients see it: shared by all routes whose policy has the same name.</summary>
internal sealed class RouteBucket(int id, string key, BucketPolicy policy)
{
    public int Id { get; } = id;

    public BucketPolicy Policy { get; } = policy;

    public long WindowMs { get; } = (long)policy.Window.TotalMilliseconds;

    /// <summary>The opaque value of X-RateLimit-Bucket: stable over restarts, without the major parameter.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));

    public string LimitText { get; } = policy.Limit.ToString();

    /// <summary>Gives every route its bucket.</summary>
    public static void Assign(RouteTable table)
    {
        var byKey = new Dictionary<string, RouteBucket>();
        foreach (var route in table.Routes)
        {
            var key = route.Policy.Name ?? route.ToString();
            if (!byKey.TryGetValue(key, out var bucket))
                byKey[key] = bucket = new RouteBucket(byKey.Count + RateLimiter.FirstRouteBucket, key, route.Policy);
            route.Bucketed = bucket;
        }
    }
}

/// <summary>
/// All limits of the REST API: one bucket per route and major parameter, the global one per account or address, and the one on invalid
/// requests
/// per address. See Discord's reference, "Rate Limits". Thread-safe, bounded by <see cref="RateLimitOptions.Capacity"/>.
/// </summary>
internal sealed class RateLimiter(RateLimitOptions options, TimeProvider time)
{
    public const int FirstRouteBucket = 16;
    private const int GlobalBucket = 1;
    private const int InvalidBucket = 2;
    private const int SubBucket = 3;
    private const int InvalidWindowMs = 10 * 60 * 1000;
    private const int GlobalWindowMs = 1000;
    private const ulong AddressBit = 1UL << 63;

    private readonly RateWindows _windows = new(options.Capacity);

    /// <summary>Windows in memory.</summary>
    public int Count => _windows.Count;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public RateState Route(RouteBucket bucket, ulong major, ulong caller) =>
        _windows.Take(new RateKey(bucket.Id, major, caller), bucket.Policy.Limit, bucket.WindowMs, Now);

    public RateState Global(ulong caller) =>
        _windows.Take(new RateKey(GlobalBucket, 0, caller), options.GlobalPerSecond, GlobalWindowMs, Now);

    public RateState Sub(BucketPolicy policy, Snowflake major, ulong caller) => _windows.Take(
        new RateKey(SubBucket, major.Value ^ (ulong)string.GetHashCode(policy.Name), caller), policy.Limit,
        (long)policy.Window.TotalMilliseconds, Now);

    /// <summary>Whether an address has used up its invalid requests.</summary>
    public RateState Invalid(ulong address) =>
        _windows.Peek(new RateKey(InvalidBucket, 0, address), options.InvalidPerTenMinutes, InvalidWindowMs, Now);

    /// <summary>Counts a 401, a 403 or a 429 that was not shared.</summary>
    public void CountInvalid(ulong address) =>
        _windows.Take(new RateKey(InvalidBucket, 0, address), options.InvalidPerTenMinutes, InvalidWindowMs, Now);

    /// <summary>The number an address is counted under: IPv4 as it is, IPv6 by its /64.</summary>
    public static ulong CallerOf(IPAddress? address)
    {
        if (address is null)
            return AddressBit;
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6)
        {
            address.TryWriteBytes(bytes, out _);
            return AddressBit | System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        }
        address.TryWriteBytes(bytes, out var length);
        return AddressBit | (length == 4
            ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
