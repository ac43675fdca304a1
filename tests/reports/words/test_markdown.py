"""Text of the plan and the data stands on a page as it was written, whatever characters it holds."""

import subprocess
from html.parser import HTMLParser
from pathlib import PurePosixPath

import pypandoc

from reports.words.markdown import (
    attribute,
    bullets,
    callout,
    figure_markdown,
    paragraph_text,
    pipe_table,
    raw_html,
    table_div,
)
from tests.each import each

HOSTILE = (
    'a <b>bold</b> & &lt;i&gt; *star* _under_ [link](x) {.class} `code` $x^2$ ~sub~ @ref #tag | "quoted" \\end it\'s --option ---'
    " and so on... 1--2"
)


class Words(HTMLParser):
    """The text a reader sees, and the attributes of images."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.images: list[dict[str, str]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_data(self, data):
        self.text += data


def read(markdown: str) -> Words:
    """Return what a reader sees of Markdown as pandoc lays it out, with citations and smart quotes on."""
    command = [pypandoc.get_pandoc_path(), "--from", "markdown+smart", "--to", "html", "--wrap", "none"]
    done = subprocess.run(command, input=markdown, capture_output=True, text=True, encoding="utf-8", check=True)
    words = Words()
    words.feed(done.stdout)
    return words


def test_a_paragraph_shows_every_character_as_written():
    found = read(paragraph_text(HOSTILE))
    assert found.text.strip() == HOSTILE
    assert found.tags == ["p"]


WRITTEN = [
    "{{< pagebreak >}}",
    "{{{< x >}}}",
    "{{<x",
    "{python} 1+1",
    "`{python} 1+1`",
    "```",
    "~~~",
    ":::",
    "::: {.x}",
    "[x](y)",
    "![x](y)",
    "wow!",
    "$x$",
    "$$x$$",
    "@ref",
    "@fig-x",
    "<script>alert(1)</script>",
    "&lt;",
    "&amp;amp;",
    "&#123;&#123;<",
    "# a",
    "#1",
    "*a*",
    "_a_",
    "~a~",
    "^a^",
    "---",
    "- a",
    "+ a",
    "* a",
    "1. a",
    "1) a",
    "(1) a",
    "a) b",
    "(a) b",
    "i. x",
    "iv) x",
    "A. x",
    "#. a",
    "\\",
    "a\\",
    "\\alpha",
    "\\(x\\)",
    "<!-- x -->",
    "Table: x",
    "table: x",
    ": x",
    "% x",
    "=====",
    "> a",
    "www.x.org",
    "a...b",
    "--",
    "----",
    "'q' \"q\"",
    "é😀",
    "[^1]",
    "[^1]: x",
    "{.x}",
    "(@) x",
    "@",
    "-",
    "+",
    ":",
    "1.",
    "[",
    "]",
    "{",
    "}",
    "a --- b",
    "~~x~~",
    "==x==",
    "[x]{.y}",
    "[@x]",
    "שלום",
]
"""Text that Markdown, Quarto or HTML could take for more than text."""
LONG = "w" * 500


@each("text", [*WRITTEN, "a|b", "| a", LONG])
def test_text_is_text_wherever_it_is_printed(text):
    shown = paragraph_text(text)
    places = [shown, f"## {shown} {{#x}}", f"- {shown}", f"[{shown}](x.qmd)", f"before\n\n{shown}\n\nafter"]
    for markdown in places:
        said = read(markdown).text
        whole = said.strip().removeprefix("before\n").removesuffix("\nafter")
        assert text in {whole, *(part.strip() for part in said.split("\n\n"))}
    assert "{{<" not in shown
    assert text in read(pipe_table(("H",), [(text,)], (9,))).text
    (image,) = read(figure_markdown("fig-x", PurePosixPath("a.svg"), text, text)).images
    assert image["data-fig-alt"] == text


@each("text", ["```", "a\n```\n{{< x >}}", "````\n``"])
def test_no_text_within_a_block_of_html_ends_it(text):
    found = read(f"{raw_html(f'<pre>{text}</pre>')}\n*after*")
    assert found.text.strip() == f"{text}\nafter"
    assert found.tags == ["pre", "p", "em"]


def test_line_breaks_and_runs_of_spaces_are_one_space():
    assert paragraph_text("a\n  b\t c") == "a b c"


def test_a_cell_of_a_table_shows_every_character_as_written():
    found = read(pipe_table(("A", "B"), [(HOSTILE, "x | y")], (50, 50)))
    assert HOSTILE in found.text
    assert found.tags.count("td") == 2
    assert "b" not in found.tags


def test_a_table_has_a_row_for_each_row():
    assert read(pipe_table(("A",), [("1",), ("2",), ("3",)], (10,))).tags.count("tr") == 4


def test_alternative_text_and_caption_are_kept_as_written():
    found = read(figure_markdown("fig-os", PurePosixPath("fig/f-os.svg"), HOSTILE, 'says "p < 0.05" \\ {x}'))
    (image,) = found.images
    assert image["src"] == "fig/f-os.svg"
    assert image["data-fig-alt"] == 'says "p < 0.05" \\ {x}'
    assert HOSTILE in found.text


def test_a_notice_keeps_its_title_and_its_text():
    found = read(callout("important", 'About "the" data', HOSTILE))
    assert HOSTILE in found.text


@each("text", ['"', "\\", "a\nb", '\\"'])
def test_an_attribute_stays_within_its_quotes(text):
    found = attribute(text)
    assert "\n" not in found
    assert not found.replace("\\\\", "").replace('\\"', "").count('"')


def test_a_table_is_a_numbered_block_with_its_html_untouched_and_its_caption():
    block = table_div("tbl-os", "<table><tr><td>1</td></tr></table>", "Overall survival & follow-up")
    assert block.startswith("\n::: {#tbl-os}\n")
    found = read(block)
    assert found.tags[:2] == ["div", "table"]
    assert "Overall survival & follow-up" in found.text


def test_a_list_has_an_item_for_each():
    assert read(bullets(["one", "two"])).tags == ["ul", "li", "li"]
