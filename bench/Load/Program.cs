using Discord.Load;

return await LoadCommand.Build().Parse(args).InvokeAsync();
