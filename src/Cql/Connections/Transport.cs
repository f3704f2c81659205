using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Discord.Cql.Errors;

namespace Discord.Cql.Connections;

/// <summary>Where a host is called and under which name its certificate is checked.</summary>
/// <param name="Address">The address.</param>
/// <param name="Name">The name of the contact point, or the address as text.</param>
internal readonly record struct Endpoint(IPEndPoint Address, string Name)
{
    public static Endpoint Of(IPEndPoint address) => new(address, address.Address.ToString());
}

/// <summary>Opens TCP connections, over TLS where it is configured.</summary>
internal sealed class Transport : IDisposable
{
    private readonly CqlTlsOptions? _tls;
    private readonly X509Certificate2Collection? _authorities;
    private readonly X509Certificate2? _own;

    /// <summary>Reads the certificates' files.</summary>
    /// <exception cref="CqlTlsException">A file cannot be read.</exception>
    public Transport(CqlTlsOptions? tls)
    {
        _tls = tls;
        if (tls is null) return;
        try
        {
            if (tls.CaFile is not null)
            {
                _authorities = [];
                _authorities.ImportFromPemFile(tls.CaFile);
            }
            if (tls.CertificateFile is not null) _own = X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile);
        }
        catch (Exception reason) when (reason is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CqlTlsException($"the certificates cannot be read: {reason.Message}", reason);
        }
        if (_authorities is { Count: 0 }) throw new CqlTlsException($"there is no certificate in {tls.CaFile}");
    }

    /// <summary>Connects. <paramref name="localPort"/> is the port to call from, or 0 for any.</summary>
    public async Task<Stream> OpenAsync(Endpoint endpoint, int localPort, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            if (localPort != 0)
            {
                var any = endpoint.Address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
                socket.Bind(new IPEndPoint(any, localPort));
            }
            await socket.ConnectAsync(endpoint.Address, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            return _tls is null ? stream : await SecureAsync(stream, _tls, endpoint, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            else socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _own?.Dispose();

    private async Task<Stream> SecureAsync(Stream stream, CqlTlsOptions tls, Endpoint endpoint, CancellationToken cancellationToken)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (_authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_authorities);
        }
        var name = tls.HostName ?? endpoint.Name;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            CertificateChainPolicy = policy,
            ClientCertificates = _own is null ? null : [_own],
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
                (tls.CheckHost ? errors : errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
        };
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (AuthenticationException reason)
        {
            throw new CqlTlsException(
                $"the certificate of {endpoint.Address} is not one for '{name}' that is trusted: {reason.Message}", reason);
        }
    }
}
