using Discord.Storage.Tests.Sqlite;
using Xunit.Runner.InProc.SystemConsole;

// The crash test runs this very assembly as the process that it kills; otherwise this is xunit's own entry point.
await CrashTests.RunIfChildAsync();
return await ConsoleRunner.Run(args);
