"""The concordance on the page and on the terminal say the same."""

import json
import re
from html import unescape

import pytest

from analysis.concordance.concord import concord, facts_beside
from analysis.concordance.statements import UNCHECKED, VERDICTS
from reports.pages.concordance import ConcordancePage
from reports.pages.concordance_words import LONGEST, SLUGS, headline, raised, short
from sap.guidelines.report_items import NUMBERS
from tests.each import each
from tests.opened_run import ROOT, hidden, opened_run

CONCORDANCE = ROOT / "reports/concordance.qmd"
EXAMPLE = ROOT / "examples/facts.yml"
ANCHOR = re.compile(r'id="([^"]+)"|\{#([\w-]+)')
LINK = re.compile(r'href="#([^"]+)"|\]\(#([^)]+)\)')


@pytest.fixture(scope="module")
def found(study, results):
    return concord(facts_beside(ROOT / "data"), results, study.derived)


def printed(page, capsys):
    for part in ("paper", "counts", "points", "statements", "reported", "data_checks", "own_checks"):
        getattr(page, part)()
    return capsys.readouterr().out


@pytest.fixture
def page(found, study, results, capsys):
    return printed(ConcordancePage(opened_run(study, results), found), capsys)


def test_every_statement_has_one_row_with_its_words_and_its_verdict(page, found):
    for s in found.statements:
        assert page.count(f'<tbody id="fact-{s.id}" data-verdict="{SLUGS[s.verdict]}">') == 1
        assert s.words in unescape(page)


def test_every_link_within_the_page_leads_somewhere_once(page):
    anchors = [a or b for a, b in ANCHOR.findall(page + CONCORDANCE.read_text(encoding="utf-8"))]
    assert {a or b for a, b in LINK.findall(page)} <= set(anchors)
    assert len(anchors) == len(set(anchors))


def test_numbers_of_the_results_lead_to_their_records(page, results):
    anchors = {r.anchor for r in results}
    linked = set(re.findall(r'href="trace/[\w-]+\.html#([^"]+)"', page))
    assert len(linked) > 10
    assert linked <= anchors


def test_the_counts_stand_on_top_and_are_those_of_the_rows(page, found):
    assert headline(found) in page.replace("\\", "")
    assert sum(found.count(v) for v in VERDICTS) == len(found.statements)


def test_what_a_referee_would_raise_stands_before_the_statements(page, found):
    top = page.replace("\\", "").partition("verdict-choice")[0]
    for _, _, message in raised(found):
        assert message.split("'")[0].split('"')[0].strip() in top


def test_each_item_of_the_checklist_leads_to_the_statements_that_answer_it(page, found):
    part = page.partition("What the publication reports")[2].partition("</table>")[0]
    rows = {
        row.partition("<td>")[2].partition("<")[0]: row for row in part.split("<tr ") if row.startswith('id="reported')
    }
    answered = {number for s in found.statements for number in s.consort}
    assert tuple(rows) == tuple(n for n in NUMBERS if n in answered)
    assert f"Answered by none: {', '.join(n for n in NUMBERS if n not in answered)}." in page
    for number, row in rows.items():
        assert re.findall(r'href="#fact-([\w-]+)"', row) == [s.id for s in found.statements if number in s.consort]
    assert f"answer {len(answered)} of the {len(NUMBERS)} items" in page
    assert "19" in answered
    assert "D3" not in answered


def test_without_a_facts_file_the_page_says_so_and_nothing_else(study, results, capsys):
    said = printed(ConcordancePage(opened_run(study, results), None), capsys)
    assert "No facts file" in said
    assert "<table" not in said


def test_a_page_that_names_no_subject_counts_them(study, results, capsys, found):
    shown = opened_run(study.__class__(hidden(study.plan), study.data, study.sources), results)
    said = printed(ConcordancePage(shown, found), capsys)
    assert ">4 subjects</a>" in said
    assert ">04, 08, 09, 10</a>" not in said


def test_the_command_tells_what_is_wrong_with_any_paper(sap):
    done = sap("concordance", EXAMPLE)
    assert done.code == 1
    # Planted: one for each check, but for the six whose mistake is something missing or one digit too many.
    source = EXAMPLE.read_text(encoding="utf-8")
    assert f"{source.count('# Planted:') - 6} internally inconsistent" in done.out
    assert "response (Efficacy): 15 of 24 is 62.5%, not 65%." in done.out
    assert "Not stated" in done.out


def test_what_a_paper_prints_is_quoted_and_what_is_concluded_from_it_is_not(page, found):
    text = unescape(page).replace("\\", "")
    for s in found.statements:
        read = s.basis == "read"
        assert (f'<th scope="row">“{s.words}”' in text) is not read
        assert (f'<th scope="row">{s.words}<span class="where">{s.where} · concluded from the paper' in text) is read
    assert "[concluded from the paper]](#fact-" in text


@each(
    ("text", "longest", "shown"),
    [
        ("a complete response (CR)/CR with", 32, "a complete response (CR)/CR with"),
        ("a complete response (CR)/CR with", 27, "a complete response (CR)/CR …"),
        ("a complete response (CR)/CR with", 26, "a complete response …"),
        ("a complete, response", 12, "a complete …"),
        ("unbroken", 5, "unbr …"),
    ],
)
def test_a_statement_is_cut_at_the_end_of_a_word(text, longest, shown):
    assert short(text, longest) == shown


def test_statements_in_lists_are_cut_late_and_at_whole_words(page, found, sap):
    named = {s.words: short(s.words) for s in found.statements if len(s.words) > LONGEST}
    assert named
    for words, cut in named.items():
        kept = cut.removesuffix(" …")
        assert words.startswith(kept)
        assert len(kept) > LONGEST - 20
        assert re.match(r"[\s,;:(–-]", words[len(kept) :])


def test_what_cannot_be_checked_says_whether_it_is_possible_as_printed(page, found, sap):
    unchecked = [s for s in found.statements if s.verdict == UNCHECKED]
    kinds = {s.possibility for s in unchecked}
    assert kinds == {"possible as printed", "impossible under one reading", "nothing to hold it against"}
    missing = {"result outside the abstract", "endpoint with a result", "median follow-up with its method"}
    for s in unchecked:
        held = [f for f in s.findings if f.holds and f.check not in missing]
        assert held or s.possibility != "possible as printed"
        assert not held or s.possibility != "nothing to hold it against"
    for s in unchecked:
        row = page.partition(f'id="fact-{s.id}"')[2].partition("</tbody>")[0]
        assert s.possibility in row
    weeks = next(s for s in found.statements if s.id == "peak-within-two-weeks")
    assert (weeks.verdict, weeks.possibility) == (
        "agrees by construction of the reconstruction",
        "impossible under one reading",
    )
    age = next(s for s in found.statements if s.id == "age")
    assert (age.verdict, age.possibility) == ("agrees by construction of the reconstruction", "")
    assert "possible as printed" in sap("concordance", EXAMPLE).out.replace("\n", " ")


def test_the_command_ends_well_where_nothing_contradicts(sap, tmp_path):
    file = tmp_path / "facts.yml"
    file.write_text(
        "paper: {title: A paper}\nfacts:\n  - {id: a, kind: proportion, where: Text, statement: Half, "
        "value: {numerator: 1, denominator: 2, percent: 50}}\n",
        encoding="utf-8",
    )
    done = sap("concordance", file)
    assert done.code == 0
    assert "1 statement: 1 agrees." in done.out


def test_the_command_gives_json(sap):
    content = json.loads(sap("concordance", EXAMPLE, "--json").out)
    assert {s["verdict"] for s in content["statements"]} <= set(VERDICTS)


def test_the_command_names_a_file_that_there_is_not(sap, tmp_path):
    done = sap("concordance", tmp_path / "no.yml")
    assert done.code == 2
    assert "there is no such file" in done.err
