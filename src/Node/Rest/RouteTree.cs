using System.Runtime.CompilerServices;

namespace Discord.Node.Rest;

/// <summary>Where the parameters of a matched path stand in it: start and length, in the order of the template.</summary>
[InlineArray(Capacity)]
internal struct RouteValues
{
    public const int Capacity = 6;

    private (int Start, int Length) _first;
}

/// <summary>What a path and a method lead to.</summary>
internal enum RouteOutcome
{
    /// <summary>A route.</summary>
    Found,

    /// <summary>No route has this path.</summary>
    UnknownPath,

    /// <summary>Routes have this path, none this method.</summary>
    WrongMethod,
}

/// <summary>
/// A tree over path segments; literals win over parameters, and a literal that leads nowhere falls back to the parameter beside it.
/// Immutable after
/// construction, matches without allocating. (ASP.NET Core's own endpoint routing serves everything outside /api. Here it would cost a
/// dictionary and
/// a string for each parameter of each request, and build its automaton at the first one.)
/// </summary>
internal sealed class RouteTree
{
    private sealed class Node
    {
        public readonly Dictionary<string, Node> Literals = new(StringComparer.Ordinal);
        public Dictionary<string, Node>.AlternateLookup<ReadOnlySpan<char>> Lookup;
        public Node? Parameter;
        public readonly Dictionary<string, RestRoute> Routes = new(StringComparer.Ordinal);

        public Node() => Lookup = Literals.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private readonly Node _root = new();

    /// <exception cref="InvalidOperationException">Two routes have the same method and path.</exception>
    public RouteTree(RouteTable table)
    {
        foreach (var route in table.Routes)
        {
            var node = _root;
            foreach (var segment in route.Segments)
            {
                if (segment.StartsWith('{'))
                    node = node.Parameter ??= new Node();
                else
                    node = node.Literals.TryGetValue(segment, out var next) ? next : node.Literals[segment] = new Node();
            }
            if (!node.Routes.TryAdd(route.Method, route))
                throw new InvalidOperationException($"{route} is declared twice (also as {node.Routes[route.Method]}).");
        }
    }

    /// <summary>Finds the route of a path. A trailing slash is ignored; an empty segment within matches nothing.</summary>
    /// <param name="path">The whole decoded path.</param>
    /// <param name="offset">Where the part below the version begins.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="route">The route when found.</param>
    /// <param name="values">Its parameters, relative to <paramref name="path"/>.</param>
    public RouteOutcome Match(string path, int offset, string method, out RestRoute? route, out RouteValues values)
    {
        values = default;
        route = null;
        var end = path.Length;
        if (end > offset && path[end - 1] == '/')
            end--;
        var pathExists = false;
        route = Walk(_root, path.AsSpan(0, end), offset, method == "HEAD" ? "GET" : method, ref values, 0, ref pathExists);
        return route is not null ? RouteOutcome.Found : pathExists ? RouteOutcome.WrongMethod : RouteOutcome.UnknownPath;
    }

    /// <summary>Cuts a template in segments.</summary>
    internal static string[] Split(string template) =>
        template.StartsWith('/') && template.Length > 1
            ? template[1..].Split('/')
            : throw new ArgumentException($"A template begins with a slash: {template}", nameof(template));

    // Recursion is as deep as the deepest template, never as deep as the path.
    private static RestRoute? Walk(
        Node node, ReadOnlySpan<char> path, int at, string method, ref RouteValues values, int used, ref bool pathExists)
    {
        if (at >= path.Length)
        {
            if (node.Routes.Count == 0)
                return null;
            pathExists = true;
            return node.Routes.GetValueOrDefault(method);
        }
        // at stands on a slash.
        var rest = path[(at + 1)..];
        var length = rest.IndexOf('/');
        if (length < 0)
            length = rest.Length;
        if (length == 0)
            return null;
        var next = at + 1 + length;
        if (node.Lookup.TryGetValue(rest[..length], out var literal)
            && Walk(literal, path, next, method, ref values, used, ref pathExists) is { } found)
            return found;
        if (node.Parameter is null)
            return null;
        values[used] = (at + 1, length);
        return Walk(node.Parameter, path, next, method, ref values, used + 1, ref pathExists);
    }
}
