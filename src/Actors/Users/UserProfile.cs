using Discord.Actors.Users.Persistence;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Google.Protobuf;

namespace Discord.Actors.Users;

/// <summary>Who an account is: the profile that the account store keeps as opaque bytes. Passwords and tokens are not in it.</summary>
public sealed record UserProfile
{
    public required Snowflake Id { get; init; }
    public required string Username { get; init; }

    /// <summary><c>"0"</c> for users, four digits for bots.</summary>
    public string Discriminator { get; init; } = "0";

    public string? GlobalName { get; init; }
    public string? Avatar { get; init; }
    public string? Banner { get; init; }
    public int? AccentColor { get; init; }
    public long PublicFlags { get; init; }

    /// <summary>All flags, those included that only the user sees.</summary>
    public long Flags { get; init; }

    public bool Bot { get; init; }
    public bool System { get; init; }
    public bool MfaEnabled { get; init; }
    public bool Verified { get; init; } = true;
    public string Locale { get; init; } = "en-US";
    public string? Email { get; init; }
    public int PremiumType { get; init; }
    public string Bio { get; init; } = "";
    public string Pronouns { get; init; } = "";
    public bool NsfwAllowed { get; init; } = true;

    /// <summary>Whether a desktop, a mobile client was ever used.</summary>
    public bool Desktop { get; init; }

    /// <inheritdoc cref="Desktop"/>
    public bool Mobile { get; init; }

    public string? Phone { get; init; }

    /// <summary>The bytes of user.proto's Profile.</summary>
    public byte[] ToBytes() => this.ToWire().ToByteArray();

    /// <summary>The profile of those bytes.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are damaged.</exception>
    public static UserProfile FromBytes(ReadOnlySpan<byte> bytes) => Persistence.Wire.Profile.Parser.ParseFrom(bytes).FromWire();

    /// <summary>As others see it: public flags only, nothing of the account.</summary>
    public User ToUser() => new()
    {
        Id = Id,
        Username = Username,
        Discriminator = Discriminator,
        GlobalName = GlobalName,
        Avatar = Avatar,
        Banner = Banner,
        AccentColor = AccentColor,
        PublicFlags = PublicFlags,
        Flags = PublicFlags,
        Bot = Bot ? true : null,
        System = System ? true : null,
    };

    /// <summary>As the user itself sees it. What only user accounts have is unset for bots.</summary>
    public SelfUser ToSelf() => new()
    {
        Id = Id,
        Username = Username,
        Discriminator = Discriminator,
        GlobalName = GlobalName,
        Avatar = Avatar,
        Banner = Banner,
        AccentColor = AccentColor,
        PublicFlags = PublicFlags,
        Flags = Flags,
        Bot = Bot ? true : null,
        System = System ? true : null,
        MfaEnabled = MfaEnabled,
        Verified = Verified,
        Locale = Locale,
        Email = Email,
        PremiumType = PremiumType,
        Bio = Bot ? null : Bio,
        Pronouns = Bot ? null : Pronouns,
        NsfwAllowed = Bot ? null : NsfwAllowed,
        Desktop = Bot ? null : Desktop,
        Mobile = Bot ? null : Mobile,
        Phone = Bot ? null : Phone,
    };
}
