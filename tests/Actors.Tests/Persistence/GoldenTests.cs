using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Discord.Kernel.Persistence;

namespace Discord.Actors.Tests.Persistence;

/// <summary>
/// Bytes that earlier versions wrote, with what they meant: every later version reads them the same. The files in Golden only grow. A kind
/// or a property that is in no section gets one written by the failing test, to be looked at and committed.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string, string> Kinds => Stored.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public void Bytes_of_earlier_versions_read_as_they_were_meant(string aggregate, string kind)
    {
        (Type type, IEventAdapter adapter) = Stored.Find(aggregate, kind);
        string file = Path.Combine(Folder(), $"{aggregate}.txt");
        Section[] sections = [.. Read(file).Where(s => s.Kind == kind)];
        object sample = new Sample(20261124, full: true, listLength: 1).Make(type);
        string[] unproven = [.. Facets.Of(sample).Keys.Select(Shape).Except(sections.SelectMany(s => s.Facets).Select(f => Shape(f.Path)))];
        if (unproven.Length > 0)
        {
            Append(file, kind, adapter, sample);
            Assert.Fail($"{unproven[0]} had no golden bytes. They were written to the end of {file}: look at them and commit them.");
        }
        foreach (Section section in sections)
        {
            SortedDictionary<string, string> facets = Facets.Of(adapter.FromBytes(section.Bytes));
            foreach ((string path, string meant) in section.Facets)
            {
                string read = facets.GetValueOrDefault(path, "nothing");
                Assert.True(read == meant, $"{path}: was {meant}, is read as {read}");
            }
        }
    }

    // Without indexes and keys.
    private static string Shape(string path) => Regex.Replace(path, @"\[[^\]]*\]", "[]");

    private static List<Section> Read(string file)
    {
        List<Section> sections = [];
        if (!File.Exists(file))
            return sections;
        string kind = "";
        foreach (string line in File.ReadLines(file))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
                kind = line[2..];
            else if (line.StartsWith("bytes ", StringComparison.Ordinal))
                sections.Add(new(kind, Convert.FromHexString(line.AsSpan(6)), []));
            else if (line.IndexOf(" = ", StringComparison.Ordinal) is > 0 and var at)
                sections[^1].Facets.Add((line[..at], line[(at + 3)..]));
        }
        return sections;
    }

    private static void Append(string file, string kind, IEventAdapter adapter, object value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string[] facets = [.. Facets.Of(value).Select(f => $"{f.Key} = {f.Value}")];
        File.AppendAllLines(file, [$"# {kind}", $"bytes {Convert.ToHexStringLower(adapter.ToBytes(value).Span)}", .. facets, ""]);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");

    private sealed record Section(string Kind, byte[] Bytes, List<(string Path, string Meant)> Facets);
}
