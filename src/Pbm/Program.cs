using Discord.Pbm;

return await CommandLine.RunAsync(args);
