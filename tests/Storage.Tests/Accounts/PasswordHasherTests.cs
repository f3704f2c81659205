using Discord.Storage.Accounts;

namespace Discord.Storage.Tests.Accounts;

public sealed class PasswordHasherTests : IDisposable
{
    private readonly PasswordHasher _fast = new(iterations: 10);
    private readonly PasswordHasher _real = new();

    public void Dispose()
    {
        _fast.Dispose();
        _real.Dispose();
    }

    [Fact]
    public async Task Verify_accepts_the_password_and_no_other()
    {
        var stored = await _real.HashAsync("correct horse");
        Assert.StartsWith("$pbkdf2-sha512$210000$", stored, StringComparison.Ordinal);
        Assert.True(await _real.VerifyAsync("correct horse", stored));
        Assert.False(await _real.VerifyAsync("correct horsf", stored));
        Assert.False(await _real.VerifyAsync("", stored));
        Assert.False(await _real.VerifyAsync(new string('x', 5_000), stored));
        Assert.False(await _real.VerifyAsync("correct horse", null));
    }

    [Fact]
    public async Task Hash_is_salted_and_tells_its_effort()
    {
        var stored = await _fast.HashAsync("x");
        Assert.NotEqual(stored, await _fast.HashAsync("x"));
        Assert.True(await _real.VerifyAsync("x", stored));
        Assert.True(_real.NeedsRehash(stored));
        Assert.False(_fast.NeedsRehash(stored));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("$argon2id$10$AAAA$AAAA")]
    [InlineData("$pbkdf2-sha512$0$AAAA$AAAA")]
    [InlineData("$pbkdf2-sha512$10$AAAA$AAAA")]
    [InlineData("$pbkdf2-sha512$99999999999$AAAA$AAAA")]
    public async Task Verify_of_a_damaged_hash_throws(string stored) =>
        Assert.Equal(StorageError.Corrupt, (await Assert.ThrowsAsync<StorageException>(async () =>
            await _fast.VerifyAsync("x", stored))).Error);

    [Fact]
    public async Task Hash_of_too_long_a_password_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await _fast.HashAsync(new string('x', PasswordHasher.MaxPasswordLength + 1)));

    [Fact]
    public async Task Length_counts_characters_as_forms_do()
    {
        string longest = string.Concat(Enumerable.Repeat("😀", PasswordHasher.MaxPasswordLength));
        string stored = await _fast.HashAsync(longest);
        Assert.True(await _fast.VerifyAsync(longest, stored));
        Assert.False(await _fast.VerifyAsync(longest + "x", stored));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _fast.HashAsync(longest + "x"));
    }

    [Fact]
    public async Task Flood_of_passwords_is_refused_beyond_what_can_be_hashed_soon()
    {
        // Slow enough that none ends while they come.
        using PasswordHasher slow = new(iterations: 2_000_000);
        int cores = Math.Max(1, Environment.ProcessorCount - 1);
        int room = cores * (1 + PasswordHasher.MaxWaitingPerCore);
        using CancellationTokenSource enough = new();
        Task<bool>[] waiting = [.. Enumerable.Range(0, room).Select(_ => slow.VerifyAsync("x", null, enough.Token).AsTask())];
        StorageException refused = await Assert.ThrowsAsync<StorageException>(async () => await slow.VerifyAsync("x", null));
        Assert.Equal((StorageError.Overloaded, true), (refused.Error, refused.IsTransient));
        await enough.CancelAsync();
        await Task.WhenAll(waiting.Select(task => task.ContinueWith(static _ => { }, TaskScheduler.Default)));
        Assert.False(await slow.VerifyAsync("x", "$pbkdf2-sha512$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    }
}
