using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Discord.Actors.Applications;
using Discord.Actors.Guilds;
using Discord.Actors.Privates;
using Discord.Actors.Users;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Persistence;

/// <summary>
/// Values of any stored type by reflection, the same for the same seed. A full sample sets everything to something other than its default,
/// so that nothing forgotten can come back by chance; others mix null, empty, zero and the extremes in. A type it does not know throws:
/// whoever adds one decides here how it is made and compared.
/// </summary>
internal sealed class Sample(int seed, bool full, int listLength = 2)
{
    private static readonly string[] Letters = ["a", "Z", "9", " ", "é", "ß", "雪", "😀", "_"];

    // Null by type, but never in a state.
    private static readonly HashSet<(Type, string)> AlwaysSet = [(typeof(Member), nameof(Member.User)), (typeof(Emoji), nameof(Emoji.Id))];

    private readonly Random _random = new(seed);
    private readonly NullabilityInfoContext _nullability = new();

    public object Make(Type type)
    {
        if (type.IsEnum)
            return MakeEnum(type);
        if (type == typeof(Snowflake))
            return new Snowflake(MakeBits());
        if (type == typeof(string))
            return MakeString();
        if (type == typeof(bool))
            return full || _random.Next(2) == 0;
        if (type == typeof(int))
            return Extreme() ? Pick(0, int.MinValue, int.MaxValue) : _random.Next(1, int.MaxValue);
        if (type == typeof(long))
            return Extreme() ? Pick(0, long.MinValue, long.MaxValue) : _random.NextInt64(1, long.MaxValue);
        if (type == typeof(DateTimeOffset))
            return MakeTime();
        if (type == typeof(JsonElement))
            return JsonElement.Parse($$"""{"name":"{{MakeString()}}","n":[{{_random.Next()}},null,1e3]}""");
        if (type == typeof(ReadOnlyMemory<byte>))
            return new ReadOnlyMemory<byte>(MakeBytes());
        if (type == typeof(MemberMap))
            return MemberMap.Create(((Member[])MakeArray(typeof(Member))).DistinctBy(m => m.User!.Id));
        if (type == typeof(IReadOnlyDictionary<string, string>))
            return Enumerable.Range(0, Length()).ToDictionary(i => $"{i}{MakeString()}", _ => MakeString());
        if (type.IsGenericType)
            return MakeCollection(type);
        // Every record has it, struct or class.
        return type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null
            ? MakeRecord(type)
            : throw new NotSupportedException($"No samples of {type}.");
    }

    private object MakeRecord(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        HashSet<string> given = [];
        object?[] arguments = [.. constructor.GetParameters().Select(p =>
        {
            given.Add(p.Name!);
            return MakeOrNull(p.ParameterType, _nullability.Create(p).ReadState);
        })];
        object record = constructor.Invoke(arguments);
        foreach (PropertyInfo property in Facets.PropertiesOf(type).Where(p => !given.Contains(p.Name)))
        {
            bool alwaysSet = AlwaysSet.Contains((type, property.Name));
            NullabilityState state = alwaysSet ? NullabilityState.NotNull : _nullability.Create(property).ReadState;
            property.SetValue(record, MakeOrNull(property.PropertyType, state));
        }
        return record;
    }

    private object? MakeOrNull(Type type, NullabilityState state)
    {
        if (state == NullabilityState.Nullable && !full && _random.Next(3) == 0)
            return null;
        return Make(Nullable.GetUnderlyingType(type) ?? type);
    }

    private object MakeCollection(Type type)
    {
        Type definition = type.GetGenericTypeDefinition();
        Type[] arguments = type.GetGenericArguments();
        if (definition == typeof(IReadOnlyList<>))
            return MakeArray(arguments[0]);
        if (type == typeof(ImmutableList<Snowflake>))
            return ImmutableList.CreateRange((Snowflake[])MakeArray(typeof(Snowflake)));
        if (type == typeof(ImmutableHashSet<Snowflake>))
            return ImmutableHashSet.CreateRange((Snowflake[])MakeArray(typeof(Snowflake)));
        if (definition != typeof(ImmutableDictionary<,>))
            throw new NotSupportedException($"No samples of {type}.");
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
        foreach (object value in MakeArray(arguments[1]))
            dictionary[KeyOf(value)] = value;
        return typeof(ImmutableDictionary).GetMethods()
            .Single(m => m.Name == nameof(ImmutableDictionary.CreateRange) && m.GetParameters().Length == 1)
            .MakeGenericMethod(arguments).Invoke(null, [dictionary])!;
    }

    // By what a state keeps such a value.
    private object KeyOf(object value) => value switch
    {
        Role role => role.Id,
        Channel channel => channel.Id,
        Actors.Guilds.ThreadState thread => thread.Channel.Id,
        ThreadMember member => member.UserId,
        Ban ban => ban.User.Id,
        InviteState invite => invite.Code,
        Webhook webhook => webhook.Id,
        Emoji emoji => emoji.Id!.Value,
        ApplicationCommand command => command.Id,
        CommandPermissions permissions => permissions.Id,
        User user => user.Id,
        SettingsProto settings => settings.Type,
        ReadState state => state.ChannelId,
        UserGuildSettings settings => settings.GuildId ?? Snowflake.None,
        Relationship relationship => relationship.Id,
        string => new Snowflake(MakeBits()),
        _ => throw new NotSupportedException($"No key of {value.GetType()}."),
    };

    private Array MakeArray(Type element)
    {
        var array = Array.CreateInstance(element, Length());
        for (int i = 0; i < array.Length; i++)
            array.SetValue(Make(element), i);
        return array;
    }

    private object MakeEnum(Type type)
    {
        if (type == typeof(Permissions))
            return (Permissions)MakeBits();
        Array values = Enum.GetValues(type);
        int value = _random.Next(values.Length);
        // The first is the default, in all of them.
        return values.GetValue(full && value == 0 ? values.Length - 1 : value)!;
    }

    private DateTimeOffset MakeTime()
    {
        if (Extreme())
            return Pick(DateTimeOffset.UnixEpoch, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        DateTimeOffset time = new(_random.NextInt64(new DateTime(2015, 1, 1).Ticks, new DateTime(2100, 1, 1).Ticks), TimeSpan.Zero);
        return time.ToOffset(TimeSpan.FromHours(_random.Next(-12, 13)));
    }

    private string MakeString()
    {
        int length = Extreme() ? 0 : _random.Next(1, 12);
        return string.Concat(Enumerable.Range(0, length).Select(_ => Letters[_random.Next(Letters.Length)]));
    }

    private byte[] MakeBytes()
    {
        byte[] bytes = new byte[Extreme() ? 0 : _random.Next(1, 20)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private ulong MakeBits() => Extreme() ? Pick(0UL, ulong.MaxValue) : (ulong)_random.NextInt64(1, long.MaxValue);

    private int Length() => full ? listLength : _random.Next(4);

    private bool Extreme() => !full && _random.Next(8) == 0;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
