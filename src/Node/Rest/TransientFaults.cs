namespace Discord.Node.Rest;

/// <summary>Faults that pass by themselves: the answer is 503 with Retry-After instead of 500.</summary>
internal static class TransientFaults
{
    public static bool Is(Exception exception) => exception is TimeoutException;
}
