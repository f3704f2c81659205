using System.Net;
using System.Net.Sockets;

namespace Discord.Node.Tests.Composition;

/// <summary>A start that cannot be: exit code 1, one sentence on standard error, nothing else.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("node-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<string> RefusedAsync(params string[] arguments)
    {
        using var process = NodeProcess.Start(["--port", "0", "--ops-port", "0", "--data-dir", _directory, .. arguments], []);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((1, ""), (process.ExitCode, output));
        return Sentence(await error);
    }

    private static string Sentence(string error) => Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public async Task Port_that_is_taken_is_named()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port.ToString();
        using var process = NodeProcess.Start("--port", port, "--ops-port", "0", "--data-dir", _directory);
        var error = process.StandardError.ReadToEndAsync();
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith($"The node cannot listen on port {port} (--port): ", Sentence(await error));
    }

    [Fact]
    public async Task Data_of_a_newer_version_is_left_alone()
    {
        await File.WriteAllBytesAsync(Path.Combine(_directory, "discord.db"), EmptyDatabase(schema: 99));
        Assert.StartsWith(
            $"The data directory {_directory} cannot be opened: the data was written by a newer version of this program (schema 99,",
            await RefusedAsync());
    }

    [Fact]
    public async Task File_that_is_no_database_is_said_to_be_none()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "discord.db"), new string('x', 5000));
        Assert.Contains("file is not a database", await RefusedAsync());
    }

    [Fact]
    public async Task Certificate_that_is_none_is_named()
    {
        var file = Path.Combine(_directory, "junk.pem");
        await File.WriteAllTextAsync(file, "junk");
        Assert.StartsWith(
            $"--tls-cert {file} and --tls-key {file} are no certificate with its key: ",
            await RefusedAsync("--tls-cert", file, "--tls-key", file));
    }

    // A database of one page without tables, by SQLite's file format: the header, then the root of an empty table tree.
    private static byte[] EmptyDatabase(byte schema)
    {
        var page = new byte[4096];
        "SQLite format 3\0"u8.CopyTo(page);
        (page[16], page[18], page[19], page[21], page[22], page[23]) = (0x10, 1, 1, 64, 32, 32);
        (page[31], page[47], page[59], page[63]) = (1, 4, 1, schema);
        (page[100], page[105]) = (0x0D, 0x10);
        return page;
    }
}
