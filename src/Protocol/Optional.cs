using System.Diagnostics.CodeAnalysis;

namespace Discord.Protocol;

/// <summary>
/// A field of a request that can be absent, null or a value, three things that PATCH routes tell apart: leave it, clear it, set it.
/// The default value is absent.
/// </summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly struct Optional<T> : IEquatable<Optional<T>>
    where T : notnull
{
    private readonly T _value;
    private readonly State _state;

    private Optional(T value, State state)
    {
        _value = value;
        _state = state;
    }

    private enum State : byte
    {
        Absent,
        Null,
        Value,
    }

    /// <summary>The key was not there.</summary>
    public static Optional<T> Absent => default;

    /// <summary>The key was there with null.</summary>
    public static Optional<T> Null => new(default!, State.Null);

    /// <summary>The key was there, with null or a value.</summary>
    public bool IsPresent => _state != State.Absent;

    /// <summary>The key was there with null.</summary>
    public bool IsNull => _state == State.Null;

    /// <summary>There is a value.</summary>
    public bool HasValue => _state == State.Value;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">Absent or null.</exception>
    public T Value => HasValue ? _value : throw new InvalidOperationException("The field is absent or null.");

    /// <summary>A field with a value.</summary>
    public static implicit operator Optional<T>(T value) => new(value, State.Value);

    /// <summary>The value, or <paramref name="fallback"/> when absent or null.</summary>
    public T Or(T fallback) => HasValue ? _value : fallback;

    /// <summary>True, and the value, when there is one.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return HasValue;
    }

    /// <summary>The same state with another value.</summary>
    public Optional<TOther> Map<TOther>(Func<T, TOther> map)
        where TOther : notnull => _state switch
        {
            State.Absent => Optional<TOther>.Absent,
            State.Null => Optional<TOther>.Null,
            _ => map(_value),
        };

    /// <inheritdoc/>
    public bool Equals(Optional<T> other) => _state == other._state && EqualityComparer<T>.Default.Equals(_value, other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Optional<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_state, _value);

    /// <inheritdoc/>
    public override string ToString() => _state switch { State.Absent => "absent", State.Null => "null", _ => _value.ToString() ?? "" };

    /// <summary>Equality of state and value.</summary>
    public static bool operator ==(Optional<T> left, Optional<T> right) => left.Equals(right);

    /// <summary>Inequality of state or value.</summary>
    public static bool operator !=(Optional<T> left, Optional<T> right) => !left.Equals(right);
}

/// <summary>What <see cref="Optional{T}"/> means for nullable fields; values and references need a method each.</summary>
public static class OptionalFields
{
    /// <summary>The value, or null when absent or null.</summary>
    public static T? OrNull<T>(this Optional<T> field)
        where T : struct => field.HasValue ? field.Value : null;

    /// <summary>The reference, or null when absent or null.</summary>
    public static T? OrNullReference<T>(this Optional<T> field)
        where T : class => field.HasValue ? field.Value : null;

    /// <summary>What a nullable field is after the change: the value, null when null was given, <paramref name="current"/> when
    /// absent.</summary>
    public static T? Over<T>(this Optional<T> field, T? current)
        where T : struct => field.HasValue ? field.Value : field.IsNull ? null : current;

    /// <inheritdoc cref="Over{T}(Optional{T}, T?)"/>
    public static T? Over<T>(this Optional<T> field, T? current)
        where T : class => field.HasValue ? field.Value : field.IsNull ? null : current;
}
