using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Interactions;

/// <summary>
/// What an interaction names by id, looked up once for all of it (<c>resolved</c>). Read the form, which says what is named where; then
/// <see cref="LoadAsync"/>; then write. What does not exist, or what the user cannot see, is an error at its place in the form.
/// </summary>
internal sealed class ResolvedData(InvocationPlace place)
{
    private readonly List<(FormReader Form, string Field, Snowflake Id)> _unknown = [];
    private readonly SortedDictionary<Snowflake, User> _users = [];
    private readonly SortedDictionary<Snowflake, Member> _members = [];
    private readonly SortedDictionary<Snowflake, Role> _roles = [];
    private readonly SortedDictionary<Snowflake, Channel> _channels = [];
    private readonly SortedDictionary<Snowflake, Attachment> _attachments = [];
    private (Snowflake Id, ReadOnlyMemory<byte> Json)? _message;

    private GuildState? Guild => place.Guild;

    /// <summary>The user, once loaded.</summary>
    public User this[Snowflake user] => _users[user];

    public void User(FormReader form, string field, Snowflake id)
    {
        if (Guild?.Members[id] is { } member)
        {
            _users[id] = member.User!;
            _members[id] = member with { User = null, Permissions = Guild.PermissionsIn(place.Channel, member, place.Now) };
        }
        else
            _unknown.Add((form, field, id));
    }

    public void Role(FormReader form, string field, Snowflake id)
    {
        if (Guild?.Roles.GetValueOrDefault(id) is { } role)
            _roles[id] = role;
        else
            form.Fail(field, Missing("role", id));
    }

    public void Mentionable(FormReader form, string field, Snowflake id)
    {
        if (Guild?.Roles.ContainsKey(id) == true)
            Role(form, field, id);
        else
            User(form, field, id);
    }

    /// <param name="types">Null: all.</param>
    public void Channel(FormReader form, string field, Snowflake id, HashSet<int>? types)
    {
        Permissions held = default;
        if (Guild?.FindChannel(id) is not { } channel
            || !(held = Guild.PermissionsIn(channel, place.Member!.User!.Id, place.Now)).Has(Permissions.ViewChannel))
            form.Fail(field, Missing("channel", id));
        else if (types is not null && !types.Contains((int)channel.Type))
            form.Fail(field, FormError.Choices(types));
        else
            _channels[id] = channel with { PermissionOverwrites = null, Permissions = held };
    }

    public void Attachment(Attachment attachment) => _attachments[attachment.Id] = attachment;

    public void Message(Snowflake id, ReadOnlyMemory<byte> json) => _message = (id, json);

    /// <summary>Looks up the users that are not in the guild. Then all errors are known.</summary>
    public async ValueTask LoadAsync(DomainServices domain, CancellationToken cancellation)
    {
        if (_unknown.Count == 0)
            return;
        IReadOnlyDictionary<Snowflake, User> found =
            await domain.Accounts.FindUsersAsync([.. _unknown.Select(u => u.Id).Distinct()], cancellation);
        foreach ((FormReader form, string field, Snowflake id) in _unknown)
        {
            if (found.TryGetValue(id, out User? user))
                _users[id] = user;
            else
                form.Fail(field, Missing("user", id));
        }
    }

    /// <summary>Writes the key, unless nothing was named.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (_users.Count + _roles.Count + _channels.Count + _attachments.Count == 0 && _message is null)
            return;
        json.WriteStartObject("resolved"u8);
        Map(json, "users", _users, PayloadJson.Wire.User);
        Map(json, "members", _members, PayloadJson.Wire.Member);
        Map(json, "roles", _roles, PayloadJson.Wire.Role);
        Map(json, "channels", _channels, PayloadJson.Wire.Channel);
        Map(json, "attachments", _attachments, PayloadJson.Wire.Attachment);
        if (_message is { } message)
        {
            json.WriteStartObject("messages"u8);
            json.WritePropertyName(message.Id.ToString());
            json.WriteRawValue(message.Json.Span, skipInputValidation: true);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Map<T>(Utf8JsonWriter json, string name, SortedDictionary<Snowflake, T> items, JsonTypeInfo<T> type)
    {
        if (items.Count == 0)
            return;
        json.WriteStartObject(name);
        foreach ((Snowflake id, T item) in items)
        {
            json.WritePropertyName(id.ToString());
            JsonSerializer.Serialize(json, item, type);
        }
        json.WriteEndObject();
    }

    private static FormError Missing(string what, Snowflake id) => new("INTERACTION_RESOLVE_FAILED", $"There is no {what} {id} here.");
}
