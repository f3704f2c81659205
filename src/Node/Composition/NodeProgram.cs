using System.Collections;
using System.Runtime.InteropServices;
using Discord.Node.Configuration;

namespace Discord.Node.Composition;

/// <summary>The process: reads options, runs a node, and ends with a code. 0 clean, 1 it could not start, 2 an option is wrong.</summary>
public static class NodeProgram
{
    /// <summary>Runs until the node was told to stop.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, IDictionary environment, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        // Heard from the first moment: a node that is told to stop while it starts does so as soon as it is up, instead of being cut down.
        using var told = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            told.Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            var (request, options) = OptionReader.Read(arguments, environment);
            switch (request)
            {
                case StartRequest.Help:
                    await output.WriteAsync(OptionReader.Help());
                    return 0;
                case StartRequest.Version:
                    await output.WriteLineAsync(NodeServices.Version);
                    return 0;
                default:
                    await using (var node = await NodeHost.StartAsync(options, NodeParts.Production()))
                    {
                        if (!Console.IsOutputRedirected)
                            await output.WriteLineAsync(Greeting.For(node));
                        await node.RunAsync(told.Token);
                    }
                    return 0;
            }
        }
        catch (OperationCanceledException) when (told.IsCancellationRequested)
        {
            // Told to stop just when it began to listen: what was begun has been taken down.
            return 0;
        }
        catch (OptionException e)
        {
            await error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (NodeStartException e)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
