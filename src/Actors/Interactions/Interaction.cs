using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Interactions;

/// <summary>What was done. The numbers are the protocol's.</summary>
public enum InteractionType
{
    Ping = 1,
    Command = 2,
    Component = 3,
    Autocomplete = 4,
    ModalSubmit = 5,
}

/// <summary>What an interaction is, for its whole life. Immutable.</summary>
public sealed record InteractionFacts
{
    public required InteractionType Type { get; init; }
    public required Snowflake ApplicationId { get; init; }

    /// <summary>Who did it.</summary>
    public required User User { get; init; }

    public required Snowflake ChannelId { get; init; }
    public Snowflake? GuildId { get; init; }

    /// <summary>The gateway session it was done in; null: all of the user's are told.</summary>
    public string? SessionId { get; init; }

    public string? Nonce { get; init; }

    /// <summary>The name with its subcommands; null unless a command began it.</summary>
    public string? CommandName { get; init; }

    /// <summary>1 chat input, 2 user, 3 message; null unless a command began it.</summary>
    public int? CommandType { get; init; }

    /// <summary>The type of the option that is being typed; null unless choices for it are asked for.</summary>
    public int? AutocompleteType { get; init; }

    /// <summary>Whom a user command was used on.</summary>
    public User? TargetUser { get; init; }

    /// <summary>What a message command was used on.</summary>
    public Snowflake? TargetMessageId { get; init; }

    /// <summary>Modals only: what opened it.</summary>
    public InteractionMetadata? Triggering { get; init; }

    /// <summary>Files that the user gave, in the channel's folder. They go with the interaction.</summary>
    public IReadOnlyList<Attachment> Files { get; init; } = [];

    /// <summary>The message whose component was used, or whose component opened the modal.</summary>
    public Snowflake? SourceMessageId { get; init; }

    /// <summary>The source message is one of <see cref="InteractionRegistry"/>'s.</summary>
    public bool SourceIsEphemeral { get; init; }

    /// <summary>What the application may do in the channel.</summary>
    public Permissions AppPermissions { get; init; }

    /// <summary>Whether responding may change the source message (types 6 and 7).</summary>
    public bool MayUpdateSource => SourceMessageId is not null;

    /// <summary>By integration type, here 0 only: the guild the application is installed in, or 0 in the DM with its bot.</summary>
    public IReadOnlyDictionary<string, Snowflake> Owners => new Dictionary<string, Snowflake> { ["0"] = GuildId ?? Snowflake.None };
}

/// <summary>How far the answer to an interaction has come.</summary>
public enum InteractionStage
{
    /// <summary>The application has not answered.</summary>
    Waiting,

    /// <summary>An answer is being carried out.</summary>
    Answering,

    /// <summary>It was answered; follow-ups are possible.</summary>
    Answered,

    /// <summary>No answer came in time.</summary>
    Failed,
}

/// <summary>Whether an answer may begin.</summary>
public enum AnswerAdmission
{
    Granted,

    /// <summary>40060.</summary>
    AlreadyAnswered,

    /// <summary>10062: it came too late.</summary>
    TooLate,
}

/// <summary>
/// An interaction from its invocation to the end of its token. Waiting → Answering → Answered, or Waiting → Failed after three
/// seconds; an answer that was refused puts it back to Waiting while there is time. Thread-safe.
/// </summary>
public sealed class Interaction
{
    private readonly Lock _gate = new();
    private ITimer? _deadline;
    private bool _timedOut;
    private bool _loading;

    internal Interaction(Snowflake id, InteractionFacts facts, DateTimeOffset createdAt)
    {
        Id = id;
        Facts = facts;
        CreatedAt = createdAt;
        Token = InteractionToken.Issue(id);
    }

    public Snowflake Id { get; }
    public InteractionFacts Facts { get; }
    public DateTimeOffset CreatedAt { get; }

    /// <summary>What proves to be the application that was asked. Secret.</summary>
    public string Token { get; }

    public DateTimeOffset AnswerUntil => CreatedAt.AddSeconds(Limits.InteractionResponseSeconds);
    public DateTimeOffset ExpiresAt => CreatedAt.AddMinutes(Limits.InteractionTokenMinutes);

    public InteractionStage Stage
    {
        get
        {
            lock (_gate)
                return field;
        }
        private set;
    }

    /// <summary>What <c>@original</c> means; null when the answer has no message.</summary>
    public Snowflake? OriginalId { get; private set; }

    /// <summary>Whether <see cref="OriginalId"/> is one of <see cref="InteractionRegistry"/>'s ephemeral messages.</summary>
    public bool OriginalIsEphemeral { get; private set; }

    /// <summary>The modal that the answer opened.</summary>
    public OpenedModal? Modal { get; private set; }

    /// <summary>The original is a deferred one that still waits for its content.</summary>
    public bool IsLoading
    {
        get
        {
            lock (_gate)
                return _loading;
        }
    }

    /// <summary>What its answers carry.</summary>
    /// <param name="original">The first answer, in those that follow it.</param>
    public InteractionMetadata Metadata(Snowflake? original = null) => new()
    {
        Id = Id,
        Type = (int)Facts.Type,
        User = Facts.User,
        AuthorizingIntegrationOwners = Facts.Owners,
        Name = Facts.Type == InteractionType.Command ? Facts.CommandName : null,
        CommandType = Facts.Type == InteractionType.Command ? Facts.CommandType : null,
        OriginalResponseMessageId = original,
        InteractedMessageId = Facts.Type == InteractionType.Component ? Facts.SourceMessageId : null,
        TargetUser = Facts.TargetUser,
        TargetMessageId = Facts.TargetMessageId,
        TriggeringInteractionMetadata = Facts.Triggering,
    };

    /// <summary>The application begins to answer.</summary>
    public AnswerAdmission TryBegin(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (Stage is InteractionStage.Answering or InteractionStage.Answered)
                return AnswerAdmission.AlreadyAnswered;
            if (Stage == InteractionStage.Failed || now >= AnswerUntil)
                return AnswerAdmission.TooLate;
            Stage = InteractionStage.Answering;
            return AnswerAdmission.Granted;
        }
    }

    /// <summary>The answer was carried out.</summary>
    public void Complete(Snowflake? original = null, bool isEphemeral = false, bool isLoading = false, OpenedModal? modal = null)
    {
        lock (_gate)
        {
            Stage = InteractionStage.Answered;
            OriginalId = original;
            OriginalIsEphemeral = isEphemeral;
            _loading = isLoading;
            Modal = modal;
            _deadline?.Dispose();
            _deadline = null;
        }
    }

    /// <summary>The deferred original gets its content; true for the one caller that gives it.</summary>
    public bool TryFill()
    {
        lock (_gate)
        {
            bool mine = _loading;
            _loading = false;
            return mine;
        }
    }

    /// <summary>The content was refused: the original waits again.</summary>
    public void Unfill()
    {
        lock (_gate)
            _loading = true;
    }

    /// <summary>The answer was refused. True when the time is over meanwhile, so that nobody else will say so.</summary>
    internal bool GiveUp()
    {
        lock (_gate)
        {
            Stage = _timedOut ? InteractionStage.Failed : InteractionStage.Waiting;
            return _timedOut;
        }
    }

    internal void Watch(ITimer deadline)
    {
        lock (_gate)
        {
            if (Stage is InteractionStage.Answered or InteractionStage.Failed)
                deadline.Dispose();
            else
                _deadline = deadline;
        }
    }

    /// <summary>The three seconds are over. True when the interaction has failed by it.</summary>
    internal bool TimeOut()
    {
        lock (_gate)
        {
            _timedOut = true;
            _deadline?.Dispose();
            _deadline = null;
            if (Stage != InteractionStage.Waiting)
                return false;
            Stage = InteractionStage.Failed;
            return true;
        }
    }
}

/// <summary>A modal that a user sees, as the application defined it.</summary>
/// <param name="Components">Normalised.</param>
public sealed record OpenedModal(string CustomId, string Title, JsonElement Components)
{
    internal int Length { get; } = Components.GetRawText().Length;
}
