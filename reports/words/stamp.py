"""What every page says about its run: a stamp across it unless it is sealed, and at its foot where it comes from."""

from html import escape
from typing import Final

from analysis.results.provenance import Provenance
from reports.words.markdown import attribute, paragraph_text
from sap.seal.lock import CodeSeal

SHORT: Final = 12
"""Characters of a digest that are shown; the whole one is in its title."""

LISTED: Final = 8
"""Differences from the seal that a page names; the others are counted."""

_NUMERICAL: Final = ("lifelines", "numpy", "pandas", "pingouin", "scipy", "statsmodels")

_MEANING: Final = {
    "draft": (
        "This run was not held to a seal: what was run may differ from what was promised. "
        "No number on this page is a result of the sealed plan."
    ),
    "dry run": (
        "Every row behind this page is synthetic, drawn from the plan and its schemas before any data. "
        "The page shows what will be reported and how; none of its numbers says anything about a treatment."
    ),
}


def stamp_block(provenance: Provenance | None) -> str:
    """Return the stamp of a page: what it means in a paragraph, and the word across the page."""
    if provenance is None or not provenance.stamp:
        return ""
    stamp = paragraph_text(provenance.stamp)
    told = f"**{stamp}.** {paragraph_text(_MEANING[provenance.state])}"
    if provenance.differences:
        told += " What differs from the seal stands at the foot of the page."
    elif provenance.state == "draft":
        told += " Nothing differed from the seal when it was run." if provenance.seal else " Nothing was sealed."
    return f'\n::: {{.notice .stamped role="note"}}\n{told}\n:::\n\n::: {{.stamp aria-hidden="true"}}\n{stamp}\n:::\n'


def stamp_line(provenance: Provenance) -> str:
    """Return the stamp of a page in one line of HTML, and the word across the page; nothing for a sealed run."""
    if not provenance.stamp:
        return ""
    stamp = escape(provenance.stamp)
    told = f"<p><small><strong>{stamp}.</strong> {escape(_MEANING[provenance.state])}</small></p>"
    return f'{told}\n<div class="stamp" aria-hidden="true"><p>{stamp}</p></div>\n'


def provenance_line(p: Provenance) -> str:
    """Return where a page comes from in one line of HTML: plan, data, code and state of the seal, by their digests."""
    digests = {f"Plan {p.plan.id} {p.plan.version}": p.plan.sha256, "data": p.data_sha256, "code": p.code.sha256}
    if p.seal:
        digests["seal"] = p.seal
    told = (f'{escape(n)} <span title="SHA-256 {escape(d)}">{escape(d[:SHORT])}</span>' for n, d in digests.items())
    return f"{', '.join(told)}; {escape(p.state)}"


def provenance_block(provenance: Provenance | None, sealed: CodeSeal | None = None) -> str:
    """Return the foot of a page: plan, data, code, libraries, engine and state of the seal."""
    if provenance is None:
        return _block([("Run", "not run yet: this page is complete from the plan alone")])
    p = provenance
    plan = f"{paragraph_text(f'{p.plan.id} {p.plan.version}')}, {_digest(p.plan.sha256)}"
    if p.plan.post_hoc_sha256:
        plan += f"; post hoc analyses {_digest(p.plan.post_hoc_sha256)}"
    rows = sum(d.rows for d in p.data)
    parts = [
        ("Plan", plan),
        ("Data", f"{_digest(p.data_sha256)}, {len(p.data)} datasets, {rows} rows"),
        ("Code", _code(p, sealed)),
        ("Computed with", paragraph_text(_computed(p))),
        ("Rendered by", paragraph_text(p.engine or "not recorded")),
        ("Seal", _seal(p)),
        *([("Differences", _differences(p))] if p.differences else []),
    ]
    return _block(parts)


def _block(parts: list[tuple[str, str]]) -> str:
    listed = "\n".join(f"{term}\n:   {text}\n" for term, text in parts)
    return f'\n::: {{.provenance role="contentinfo" aria-label="Where this page comes from"}}\n\n{listed}\n:::\n'


def _digest(sha256: str) -> str:
    return f'[{sha256[:SHORT]}]{{.digest title="SHA-256 {attribute(sha256)}"}}'


def _code(p: Provenance, sealed: CodeSeal | None) -> str:
    text = f"{paragraph_text(p.code.version)}, {_digest(p.code.sha256)}"
    if p.code.commit:
        text += f', commit [{p.code.commit[:SHORT]}]{{.digest title="{attribute(p.code.commit)}"}}'
        text += " with uncommitted changes" if p.code.dirty else ""
    same = same_code(sealed, p) if p.state != "dry run" else ""
    return f"{text}; {paragraph_text(f'{same} (content is compared)')}" if same else text


def _computed(p: Provenance) -> str:
    listed = [f"{name} {p.libraries[name]}" for name in _NUMERICAL if name in p.libraries]
    return ", ".join([f"Python {p.python}", *listed])


def _seal(p: Provenance) -> str:
    if p.state == "sealed":
        return f"as sealed on {paragraph_text(p.sealed_at)}, {_digest(p.seal)}"
    if p.state == "dry run":
        return "dry run on synthetic data: needs no seal"
    n = len(p.differences)
    if not p.seal:
        return "draft: the seal cannot be read" if n else "draft: not sealed"
    return f"draft: {n} difference{'s' * (n != 1)} to the seal of {paragraph_text(p.sealed_at)}, {_digest(p.seal)}"


def _differences(p: Provenance) -> str:
    """Return what differs from the seal, the first of it by name."""
    more = len(p.differences) - LISTED
    listed = [*p.differences[:LISTED], *([f"{more} more; sap verify lists them"] if more > 0 else [])]
    return " · ".join(map(paragraph_text, listed))


def same_code(sealed: CodeSeal | None, provenance: Provenance) -> str:
    """Return that the code of a run is the sealed code, by content: "same code as sealed at commit X"; else nothing."""
    if sealed is None or sealed.sha256 != provenance.code.sha256:
        return ""
    at = f" at commit {sealed.commit[:SHORT]}{' with uncommitted changes' if sealed.dirty else ''}"
    return f"same code as sealed{at if sealed.commit else ''}"
