using System.Buffers;
using Discord.Storage.Migration;

namespace Discord.Storage.Tests.Migration;

public sealed class CellTests
{
    [Fact]
    public void Cells_written_are_read_again_equal()
    {
        Cell[] cells = [default, 0, -1, long.MaxValue, "", "text 🔥", Array.Empty<byte>(), new byte[] { 0, 255 }];
        var output = new ArrayBufferWriter<byte>();
        Cell.Write(output, cells);
        Assert.Equal(cells, Cell.Read(output.WrittenSpan));
    }

    [Fact]
    public void Cells_of_different_kinds_differ()
    {
        Cell[] cells = [default, 0, 1, "", "0", Array.Empty<byte>(), new byte[] { 0 }];
        foreach (var (one, i) in cells.Select((c, i) => (c, i)))
        {
            foreach (var (other, j) in cells.Select((c, j) => (c, j)))
            {
                Assert.Equal(i == j, one == other);
                if (i == j) Assert.Equal(one.GetHashCode(), other.GetHashCode());
            }
        }
    }

    [Fact]
    public void Bytes_that_are_no_cells_are_refused_wherever_they_end()
    {
        var output = new ArrayBufferWriter<byte>();
        Cell.Write(output, [7, "text", new byte[] { 1, 2, 3 }]);
        var whole = output.WrittenSpan.ToArray();
        // The cut after a whole cell is one less.
        for (var end = 1; end < whole.Length; end++)
        {
            if (end is 9 or 18) Assert.NotEmpty(Cell.Read(whole.AsSpan(0, end)));
            else Assert.Throws<FormatException>(() => Cell.Read(whole.AsSpan(0, end)));
        }
        Assert.Throws<FormatException>(() => Cell.Read([2, 255, 255, 255, 255]));
        Assert.Throws<FormatException>(() => Cell.Read([9]));
    }
}
