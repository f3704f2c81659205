namespace Discord.Pbm;

/// <summary>The codes that <c>pbm</c> ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The node was reached and refused or failed.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>No node was reached, or it does not take the token.</summary>
    public const int Unreachable = 3;
}

/// <summary>A command failed. The message is the one sentence that is shown.</summary>
internal sealed class PbmException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
