"""A table read back from its HTML."""

from reports.formats.grid import Mark, grid

HTML = """
<div><style>td { color: red }</style>
<table><caption>Not a cell</caption>
<thead>
  <tr><th></th><th colspan="2">Planned<br> analysis</th></tr>
  <tr><th>Line</th><th>n</th><th><span class="set">N = <a href="trace.html#x">9</a></span></th></tr>
</thead>
<tbody>
  <tr><th colspan="3">Section &amp; more</th></tr>
  <tr><th> \u2003Term
     of two lines </th><td>4/9 <sup>a,b</sup></td><td>&minus;1</td></tr>
</tbody>
<tfoot><tr><td colspan="3"><sup>a</sup> A note.</td></tr></tfoot>
</table>
<div class="notes"><p>Another <b>note</b>.</p></div>
<button>Sort</button></div>
"""


def test_heads_rows_and_notes_are_told_apart():
    read = grid(HTML)
    assert [[c.text for c in row] for row in read.heads] == [["", "Planned\nanalysis"], ["Line", "n", "N = 9"]]
    assert [[c.text for c in row] for row in read.rows] == [
        ["Section & more"],
        ["\u2003Term of two lines", "4/9 a,b", "−1"],
    ]
    assert [note.text for note in read.notes] == ["a A note.", "Another note."]
    assert read.columns == 3


def test_spans_and_superscripts_are_kept():
    read = grid(HTML)
    assert [c.span for c in read.heads[0]] == [1, 2]
    assert read.rows[1][1].marks == (Mark("4/9 "), Mark("a,b", raised=True))


def test_a_table_without_rows_is_empty():
    assert grid("<p>Nothing.</p>").columns == 0


def test_room_for_digits_and_below_headings_is_kept_and_so_is_what_is_bold():
    row = '<th><span class="below">M</span></th><td><span class="digits-2"></span>4<span class="digits-1"></span> (4%)</td>'
    alone = "<th><strong>Relapsed</strong><sup>a</sup></th><td>10 (10%)</td>"
    read = grid(f"<table><tr>{row}</tr><tr>{alone}</tr></table>")
    assert [c.text for c in read.rows[0]] == ["\u2007\u2007M", "\u2007\u20074\u2007 (4%)"]
    assert read.rows[1][0].marks == (Mark("Relapsed", bold=True), Mark("a", raised=True))
