namespace Discord.Kernel;

/// <summary>One actor as an operator sees it. Figures are a moment's, read while the actor runs.</summary>
/// <param name="Path">Its place in the tree.</param>
/// <param name="Uid">Tells it from earlier actors of the same name.</param>
/// <param name="Class">The name of its class.</param>
/// <param name="MailboxDepth">Messages that wait.</param>
/// <param name="Restarts">How often it was restarted.</param>
/// <param name="Children">How many children it has.</param>
/// <param name="Depth">Levels below the actor that was asked for, which is at 0.</param>
public sealed record ActorInfo(string Path, long Uid, string Class, int MailboxDepth, int Restarts, int Children, int Depth);
