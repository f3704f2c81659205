using System.Text;
using Discord.Protocol;

namespace Discord.Storage.Tests.Contract;

/// <summary>
/// What all contracts share. An implementation's test class derives from each contract and gives what makes an empty store.
/// </summary>
public abstract class StorageContract(IStoreFixture fixture) : IAsyncLifetime
{
    /// <summary>The time at which every test starts.</summary>
    protected static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private protected ManualTime Time { get; } = new(Start);

    protected IStorage Storage { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Storage = await fixture.OpenAsync(Time);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Storage.DisposeAsync();
        fixture.Dispose();
    }

    protected static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Utf8(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>An id made so many days (and its increment) before or after the start.</summary>
    protected static Snowflake At(double days, ulong increment = 0) =>
        new(Snowflake.FromTimestamp(Start + TimeSpan.FromDays(days)).Value + increment);
}

/// <summary>Makes an empty store for one test; disposing it takes away what the store leaves.</summary>
public interface IStoreFixture : IDisposable
{
    ValueTask<IStorage> OpenAsync(TimeProvider time);
}
