using System.Net.Sockets;
using System.Text;

namespace Discord.Node.Tests;

/// <summary>Bytes to a server and back, for what HttpClient would put right before sending.</summary>
internal static class RawHttp
{
    /// <summary>Sends a request that ends its connection and reads all that comes.</summary>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
