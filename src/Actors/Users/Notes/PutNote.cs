using Discord.Actors.Encoders;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Errors;

namespace Discord.Actors.Users.Notes;

/// <summary>Writes down something about another user, or takes it away with an empty text. Only the writer ever sees it.</summary>
/// <param name="About">An account that exists; checked by the caller.</param>
/// <param name="Text">At most 256 characters; checked by the caller's form.</param>
public sealed record PutNote(Snowflake About, string Text) : UserCommand<bool>
{
    /// <summary>Notes of one user.</summary>
    public const int Max = 500;

    protected override bool Decide(UserDecision user)
    {
        if (Text.Length > 0 && user.State.Notes.Count >= Max && !user.State.Notes.ContainsKey(About))
            throw new ApiException(new ApiError(30029, 400, $"Maximum number of notes reached ({Max})"));
        if (Text == user.State.Notes.GetValueOrDefault(About, ""))
            return false;
        user.Put(Text.Length == 0 ? new NoteRemoved(About) : new NotePut(About, Text));
        user.Tell(Json.Event(EventNames.UserNoteUpdate, this, static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("id", s.About.ToString());
            w.WriteString("note", s.Text);
            w.WriteEndObject();
        }));
        return true;
    }
}
