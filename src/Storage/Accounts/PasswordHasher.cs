using System.Globalization;
using System.Security.Cryptography;

namespace Discord.Storage.Accounts;

/// <summary>
/// Hashes passwords with PBKDF2-HMAC-SHA512 (RFC 8018): 16 random bytes of salt, 210,000 iterations (OWASP's figure), 32 bytes out, stored
/// as <c>$pbkdf2-sha512$iterations$salt$hash</c> in base64, so that other parameters and methods can stand beside it. One hash takes
/// about a tenth of a second of one core: it runs on the thread pool, and at most one fewer than there are cores at a time, so that a flood
/// of log-ins does not stop the chat; of those that would wait longer than some seconds for their turn none waits. Thread-safe.
/// </summary>
public sealed class PasswordHasher : IDisposable
{
    /// <summary>Longest password that is accepted, in characters (code points, as forms count them): Discord's own limit.</summary>
    public const int MaxPasswordLength = 72;

    /// <summary>Passwords that wait for a core, for each core that hashes: about three seconds' worth.</summary>
    public const int MaxWaitingPerCore = 32;

    private const int DefaultIterations = 210_000;
    private const int MaxIterations = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const string Method = "pbkdf2-sha512";

    private static readonly int Cores = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly SemaphoreSlim _running = new(Cores);
    private readonly int _iterations;
    private int _present;

    /// <summary>Creates a hasher; <paramref name="iterations"/> below 210,000 is for tests only.</summary>
    public PasswordHasher(int iterations = DefaultIterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        _iterations = iterations;
    }

    /// <summary>The text to store for a password.</summary>
    /// <exception cref="StorageException"><see cref="StorageError.Overloaded"/>: too many wait already.</exception>
    public async ValueTask<string> HashAsync(string password, CancellationToken ct = default)
    {
        CheckLength(password);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = await DeriveAsync(password, salt, _iterations, ct).ConfigureAwait(false);
        return string.Create(CultureInfo.InvariantCulture,
            $"${Method}${_iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <summary>
    /// Whether a password is the one that was hashed. Takes as long when <paramref name="stored"/> is null, so that the answer's time does
    /// not tell whether an account exists.
    /// </summary>
    /// <exception cref="StorageException"><paramref name="stored"/> is not what <see cref="HashAsync"/> makes; or
    /// <see cref="StorageError.Overloaded"/>: too many wait already.</exception>
    public async ValueTask<bool> VerifyAsync(string password, string? stored, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (IsTooLong(password)) return false;
        if (stored is null)
        {
            await DeriveAsync(password, new byte[SaltBytes], _iterations, ct).ConfigureAwait(false);
            return false;
        }
        var (iterations, salt, expected) = Parse(stored);
        return CryptographicOperations.FixedTimeEquals(await DeriveAsync(password, salt, iterations, ct).ConfigureAwait(false), expected);
    }

    /// <summary>Whether a stored hash was made with less effort than new ones are: hash the password again at the next log-in.</summary>
    public bool NeedsRehash(string stored) => Parse(stored).Iterations < _iterations;

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private static void CheckLength(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (IsTooLong(password))
            throw new ArgumentOutOfRangeException(nameof(password), $"A password has at most {MaxPasswordLength} characters.");
    }

    private static bool IsTooLong(string password) =>
        password.Length > 2 * MaxPasswordLength || password.EnumerateRunes().Count() > MaxPasswordLength;

    private static (int Iterations, byte[] Salt, byte[] Hash) Parse(string stored)
    {
        var parts = stored.Split('$');
        Span<byte> salt = stackalloc byte[64];
        Span<byte> hash = stackalloc byte[64];
        if (parts.Length == 5 && parts[0].Length == 0 && parts[1] == Method
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            && iterations is > 0 and <= MaxIterations
            && Convert.TryFromBase64String(parts[3], salt, out var saltLength) && Convert.TryFromBase64String(parts[4], hash,
            out var hashLength)
            && hashLength == HashBytes)
        {
            return (iterations, salt[..saltLength].ToArray(), hash[..hashLength].ToArray());
        }
        throw new StorageException(StorageError.Corrupt, "a stored password hash has an unknown form");
    }

    private async Task<byte[]> DeriveAsync(string password, byte[] salt, int iterations, CancellationToken ct)
    {
        try
        {
            if (Interlocked.Increment(ref _present) > Cores * (1 + MaxWaitingPerCore))
                throw new StorageException(StorageError.Overloaded, "too many passwords wait to be hashed");
            await _running.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                return await Task.Run(
                    () => Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashBytes), ct)
                    .ConfigureAwait(false);
            }
            finally
            {
                _running.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }
}
