using Discord.Storage.Files;

namespace Discord.Storage.Tests.Files;

public sealed class UrlSignerTests : IDisposable
{
    private const string UrlPath = "/attachments/1/2/cat.png";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TempDirectory _directory = new();
    private readonly UrlSigner _signer = new(new byte[32]);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Verify_accepts_what_sign_made_until_it_expires()
    {
        var (ex, issued, hm) = Parse(_signer.Sign(UrlPath, Now, TimeSpan.FromHours(24)));
        Assert.Equal(Now.AddHours(24).ToUnixTimeSeconds().ToString("x"), ex);
        Assert.Equal(Now.ToUnixTimeSeconds().ToString("x"), issued);
        Assert.Equal(64, hm.Length);
        Assert.Equal(UrlSignature.Valid, _signer.Verify(UrlPath, ex, issued, hm, Now));
        Assert.Equal(UrlSignature.Valid, _signer.Verify(UrlPath, ex, issued, hm, Now.AddHours(24).AddSeconds(-1)));
        Assert.Equal(UrlSignature.Expired, _signer.Verify(UrlPath, ex, issued, hm, Now.AddHours(24)));
    }

    [Fact]
    public void Verify_refuses_every_change()
    {
        var (ex, issued, hm) = Parse(_signer.Sign(UrlPath, Now, TimeSpan.FromHours(24)));
        Assert.Equal(UrlSignature.Invalid, _signer.Verify(UrlPath + "x", ex, issued, hm, Now));
        Assert.Equal(UrlSignature.Invalid, _signer.Verify(UrlPath, "f" + ex, issued, hm, Now));
        Assert.Equal(UrlSignature.Invalid, _signer.Verify(UrlPath, ex, "0" + issued, hm, Now));
        Assert.Equal(UrlSignature.Invalid, _signer.Verify(UrlPath, ex, issued, (hm[0] == '0' ? '1' : '0') + hm[1..], Now));
        Assert.Equal(UrlSignature.Invalid, _signer.Verify(UrlPath, ex, issued, hm.ToUpperInvariant().Replace('0', 'A'), Now));
        Assert.Equal(UrlSignature.Invalid, new UrlSigner([1, .. new byte[31]]).Verify(UrlPath, ex, issued, hm, Now));
        foreach (var bad in new[] { null, "", "-1", "zz", new string('f', 64), "é" })
        {
            Assert.Equal(UrlSignature.Invalid, _signer.Verify(UrlPath, bad, issued, hm, Now));
            Assert.Equal(UrlSignature.Invalid, _signer.Verify(UrlPath, ex, bad, hm, Now));
            Assert.Equal(UrlSignature.Invalid, _signer.Verify(UrlPath, ex, issued, bad, Now));
        }
    }

    [Fact]
    public void Key_file_is_made_once_for_its_owner_only()
    {
        var path = Path.Combine(_directory.Path, "key");
        var query = UrlSigner.FromKeyFile(path).Sign(UrlPath, Now, TimeSpan.FromHours(1));
        Assert.Equal(query, UrlSigner.FromKeyFile(path).Sign(UrlPath, Now, TimeSpan.FromHours(1)));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.WriteAllBytes(path, [1]);
        Assert.Equal(StorageError.Corrupt, Assert.Throws<StorageException>(() => UrlSigner.FromKeyFile(path)).Error);
    }

    private static (string Ex, string Is, string Hm) Parse(string query)
    {
        var parts = query.Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        return (parts["ex"], parts["is"], parts["hm"]);
    }
}
