using Discord.Node.Composition;

return await NodeProgram.RunAsync(args, Environment.GetEnvironmentVariables(), Console.Out, Console.Error);
