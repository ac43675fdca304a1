"""The concordance on the page and on the terminal say the same."""

import json
import re
from html import unescape

import pytest

from analysis.concordance.concord import concord
from analysis.concordance.source import beside
from analysis.concordance.statements import VERDICTS
from analysis.derive import derive
from reports.concordance import SLUGS, headline, raised
from reports.concordance_page import ConcordancePage
from tests.opened_run import ROOT, hidden, opened_run

EXAMPLE = ROOT / "examples/facts.yml"
ANCHOR = re.compile(r'id="([^"]+)"|\{#([\w-]+)')
LINK = re.compile(r'href="#([^"]+)"|\]\(#([^)]+)\)')


@pytest.fixture(scope="module")
def found(study, results):
    return concord(beside(ROOT / "data"), results, derive(study))


def printed(page, capsys):
    for part in ("paper", "counts", "points", "statements", "by_verdict", "data_checks", "own_checks"):
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
    anchors = [a or b for a, b in ANCHOR.findall(page)]
    assert {a or b for a, b in LINK.findall(page)} <= set(anchors)
    assert len(anchors) == len(set(anchors))


def test_numbers_of_the_results_lead_to_their_records(page, results):
    anchors = {r.anchor for r in results}
    linked = set(re.findall(r'href="trace\.html#([^"]+)"', page))
    assert len(linked) > 10
    assert linked <= anchors


def test_the_counts_stand_on_top_and_are_those_of_the_rows(page, found):
    assert headline(found) in page.replace("\\", "")
    assert sum(found.count(v) for v in VERDICTS) == len(found.statements)


def test_what_a_referee_would_raise_stands_before_the_statements(page, found):
    top = page.replace("\\", "").partition("verdict-choice")[0]
    for _, _, message in raised(found):
        assert message.split("'")[0].split('"')[0].strip() in top


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
    assert "14 internally inconsistent" in done.out
    assert "response (Efficacy): 15 of 24 is 62.5%, not 65%." in done.out
    assert "Not stated" in done.out


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
