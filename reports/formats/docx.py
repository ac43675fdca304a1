"""A document as DOCX: pandoc's writer, a reference document with our styles, and a head and foot on every page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from reports.engines.process import run_program
from reports.engines.project import pandoc_path
from reports.formats.bundle import unpacked, zipped
from reports.formats.paper import Paper, Running, write
from reports.formats.pdf import to_png

_STYLES: Final = Path(__file__).with_name("word_styles.xml")
_STYLE: Final = re.compile(r'<w:style\b[^>]*?\bw:styleId="(?P<id>[^"]+)".*?</w:style>', re.DOTALL)
_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R: Final = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CLOCK: Final = re.compile(r"<dcterms:(created|modified)\b.*?</dcterms:\1>", re.DOTALL)
SHORT: Final = 16
"""Rows of a table that stands on one page."""
SECTION: Final = 9
"""Rows of a section of a longer table, its heading among them, that stand on one page."""
_IDENTIFIER: Final = re.compile(r"\b[A-Z]{1,4}(?:-[A-Z0-9]+)+\b")
_WORDS: Final = re.compile(r"(?<=<w:t xml:space=\"preserve\">)[^<]+(?=</w:t>)")
_NO_BREAK: Final = '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">'
_TABLE: Final = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
_PARAGRAPH: Final = re.compile(r"<w:pStyle\b[^>]*/>")
_ROW: Final = re.compile(r"<w:tr>(?P<properties>\s*<w:trPr>)?")
_DEFAULTS: Final = re.compile(r"<w:docDefaults>.*?</w:docDefaults>", re.DOTALL)
_SECTION: Final = re.compile(r"<w:sectPr>.*?</w:sectPr>", re.DOTALL)
_CUSTOM: Final = "docProps/custom.xml"
_OF_CUSTOM: Final = re.compile(r"<(?:Override|Relationship)\b[^>]*docProps/custom\.xml[^>]*/>")
# A font that every office program has, or has one of the same widths for; A4 with margins of 0.88 inches.
_FONT: Final = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    '<w:sz w:val="19"/><w:szCs w:val="19"/><w:lang w:val="en-US"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>'
)
_PAGE: Final = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rIdHead"/><w:footerReference w:type="default" r:id="rIdFoot"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1360" w:right="1270" w:bottom="1360" w:left="1270" '
    'w:header="640" w:footer="640" w:gutter="0"/></w:sectPr>'
)


def docx(made: Paper, words: Running) -> bytes:
    """Return a document as DOCX."""
    for picture in made.pictures:
        picture.with_suffix(".png").write_bytes(to_png(picture))
    reference, target = made.folder / "reference.docx", made.folder / "paper.docx"
    reference.write_bytes(zipped(_reference(words)))
    contents = [f"--metadata=paper-toc-depth:{made.toc_depth}", f"--metadata=paper-toc-title:{made.toc_title}"]
    told = [*(contents if made.toc else []), *(["--metadata=paper-numbered:yes"] if made.numbered else [])]
    write(made, "docx", target, ("word.lua",), [f"--reference-doc={reference}", *told])
    return zipped(_reproducible(unpacked(target.read_bytes())))


@cache
def _default_reference() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "reference.docx"
        run_program([pandoc_path(), f"--output={file}", "--print-default-data-file=reference.docx"], Path(folder))
        return file.read_bytes()


def _reference(words: Running) -> dict[str, bytes]:
    """Return the reference document of pandoc, part by part, with our styles, margins, head and foot."""
    parts = unpacked(_default_reference())
    texts = {
        "word/styles.xml": _with_styles,
        "word/document.xml": lambda text: _SECTION.sub(_PAGE, text),
        "word/_rels/document.xml.rels": _with_relations,
        "[Content_Types].xml": _with_types,
    }
    for name, edit in texts.items():
        parts[name] = edit(parts[name].decode()).encode()
    parts["word/header1.xml"] = _running("hdr", words.head, _red(words.stamp)).encode()
    parts["word/footer1.xml"] = _running("ftr", words.foot, _page_of()).encode()
    return parts


def _with_styles(text: str) -> str:
    """Put our styles in place of those of the same name, and add the others."""
    own = {found["id"]: found[0] for found in _STYLE.finditer(_STYLES.read_text(encoding="utf-8"))}
    kept = _STYLE.sub(lambda found: "" if found["id"] in own else found[0], _DEFAULTS.sub(_FONT, text))
    return kept.replace("</w:styles>", f"{''.join(own.values())}</w:styles>")


def _with_relations(text: str) -> str:
    added = (
        f'<Relationship Id="rIdHead" Type="{_OFFICE}/header" Target="header1.xml"/>'
        f'<Relationship Id="rIdFoot" Type="{_OFFICE}/footer" Target="footer1.xml"/>'
    )
    return text.replace("</Relationships>", f"{added}</Relationships>")


def _with_types(text: str) -> str:
    added = (
        f'<Override PartName="/word/header1.xml" ContentType="{_TYPE}.header+xml"/>'
        f'<Override PartName="/word/footer1.xml" ContentType="{_TYPE}.footer+xml"/>'
    )
    return text.replace("</Types>", f"{added}</Types>")


def _running(tag: str, left: str, right: str) -> str:
    content = f"{_text(left)}<w:r><w:tab/></w:r>{right}"
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="Running"/></w:pPr>{content}</w:p>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<w:{tag} {_W} {_R}>{paragraph}</w:{tag}>'


def _text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def _red(words: str) -> str:
    look = '<w:rPr><w:b/><w:color w:val="9B1C1C"/></w:rPr>'
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>' if words else ""


def _page_of() -> str:
    return f"{_text('Page ')}{_field('PAGE')}{_text(' of ')}{_field('NUMPAGES')}"


def _field(code: str) -> str:
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _reproducible(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Take the clock and the names of folders out, and let no row of a table, and no short table, break."""
    # Pandoc writes what it was told beside the text, the file of the bibliography among it, as properties of its own.
    settled = {name: content for name, content in parts.items() if name != _CUSTOM}
    for name in ("[Content_Types].xml", "_rels/.rels"):
        settled[name] = _OF_CUSTOM.sub("", parts[name].decode()).encode()
    settled["docProps/core.xml"] = _CLOCK.sub("", parts["docProps/core.xml"].decode()).encode()
    text = _TABLE.sub(_table_on_a_page, parts["word/document.xml"].decode())
    settled["word/document.xml"] = _WORDS.sub(_whole_words, text).encode()
    return settled


def _whole_words(found: re.Match[str]) -> str:
    """Let the id of an analysis or a table be one word."""
    return _IDENTIFIER.sub(lambda identifier: identifier[0].replace("-", _NO_BREAK), found[0])


def _table_on_a_page(found: re.Match[str]) -> str:
    """Keep a short table on one page; of a longer one its head, its ends, and short sections below their headings."""
    *rows, end = _ROW.sub(_unsplit_row, found[0]).split("</w:tr>")
    kept = range(len(rows) - 1) if len(rows) <= SHORT else _rows_with_next(rows)
    for i in kept:
        rows[i] = _PARAGRAPH.sub(lambda style: f"{style[0]}<w:keepNext/>", rows[i])
    return "</w:tr>".join([*rows, end])


def _rows_with_next(rows: Sequence[str]) -> set[int]:
    """Return the rows of a long table that stay with the row below."""
    heads = sum("<w:tblHeader" in row for row in rows)
    joined = {*range(heads + 1), len(rows) - 3, len(rows) - 2}
    starts = [i for i in range(heads, len(rows)) if rows[i].count("<w:tc>") == 1]
    for start, following in pairwise([*starts, len(rows)]):
        last = following - 1 if following - start <= SECTION else start + 1
        joined.update(range(start, min(last, len(rows) - 1)))
    return joined


def _unsplit_row(found: re.Match[str]) -> str:
    # The schema has cantSplit before tblHeader.
    return f"{found[0]}<w:cantSplit/>" if found["properties"] else "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
