namespace Discord.Node.Rest;

/// <summary>Who may call a route. Combine callers with <c>|</c>.</summary>
[Flags]
public enum RestAuth
{
    /// <summary>Anybody; the Authorization header is not looked at and <see cref="RestCall.Account"/> is null-like.</summary>
    Public = 0,

    /// <summary>Bots (<c>Authorization: Bot TOKEN</c>).</summary>
    Bot = 1,

    /// <summary>User accounts (<c>Authorization: TOKEN</c>).</summary>
    User = 2,

    /// <summary>OAuth2 access tokens (<c>Authorization: Bearer TOKEN</c>).</summary>
    Bearer = 4,

    /// <summary>Bots and users; the default of a route.</summary>
    Account = Bot | User,

    /// <summary>Bots, users and OAuth2 access tokens.</summary>
    Any = Bot | User | Bearer,

    /// <summary>Anybody, but a valid token makes its account known; a wrong one counts as none.</summary>
    Optional = 8 | Any,
}
