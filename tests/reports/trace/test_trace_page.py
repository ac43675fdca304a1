"""Every number has its record, once; what a record says is what went into the number."""

import csv
import html
import io
import json
import math
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.data.load import load
from analysis.recompute import recompute, to_csv
from analysis.results.ard import number_text
from analysis.running.run import run as run_plan
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure, numbers_in_figure
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.pages.records import record_pages
from reports.pages.trace import trace_page as trace_index
from reports.tables import context_of, contexts
from reports.trace import files
from reports.trace.links import record_links
from reports.trace.record import Fact, trace
from sap.reading.post_hoc import read_whole_plan
from tests.each import each
from tests.opened_run import opened_run

ROOT = Path(__file__).resolve().parents[3]
OTHER = ROOT / "tests" / "other_trial"
HOSTILE = "<script>alert(1)</script>"
OWN_SCRIPT = '<script src="record.js"></script>'


def trace_page(run) -> str:
    """The pages of records of a run, one after the other."""
    return "".join(text for name, text in pages_of(run).items() if name.endswith(".html"))


def pages_of(run) -> dict[str, str]:
    return {Path(name).name: content.decode() for name, content in record_pages(run).items()}


class Page(HTMLParser):
    """Identifiers with the text inside, links, and the tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.text: dict[str, str] = {}
        self.links: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self._link = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag in {"tr", "section"} and "id" not in found:
            self.ids.append("")
        self._link = found.get("href", "") if tag == "a" else self._link

    def handle_endtag(self, tag):
        self._link = "" if tag == "a" else self._link

    def handle_data(self, data):
        if self.ids:
            self.text[self.ids[-1]] = self.text.get(self.ids[-1], "") + data
        if self._link:
            self.links.append((self._link, data))


@pytest.fixture(scope="module", params=["study", "other trial"])
def run(request):
    if request.param == "study":
        return opened_run(request.getfixturevalue("study"), request.getfixturevalue("results"))
    other = load(read_whole_plan(OTHER / "plan.yml"), OTHER / "data")
    return opened_run(other, run_plan(other), OTHER / "plan.yml")


@pytest.fixture(scope="module")
def page(run) -> Page:
    return Page(trace_page(run))


@pytest.fixture(scope="module")
def drawn(run, tmp_path_factory) -> str:
    """Every table, and the numbers of every figure."""
    lookup, links = Lookup(run.results), record_links(run.plan, run.results)
    folder = tmp_path_factory.mktemp("fig")
    tables = [html_table(table(run.plan, lookup, o)) for o in run.plan.outputs if o.kind == "table"]
    pictures = [figure(run.plan, lookup, o, folder) for o in run.plan.outputs if o.kind != "table"]
    return "".join([*tables, *(numbers_in_figure(links, p.rows) for p in pictures)])


def test_every_row_of_the_results_has_one_record(run, page):
    counts = Counter(page.ids)
    assert all(counts[r.anchor] == 1 for r in run.results)
    for text in pages_of(run).values():
        named = [i for i in Page(text).ids if i]
        assert len(named) == len(set(named))


def test_a_record_holds_the_full_value(run, page):
    for row in run.results:
        if row.stat is not None:
            value = "∞" if math.isinf(row.stat) else number_text(abs(row.stat)).replace("-", "−")
            assert value in page.text[row.anchor]


def test_every_number_of_tables_and_figures_leads_to_its_record(run, page, drawn):
    links = [(href, text) for href, text in Page(drawn).links if href.startswith("trace/")]
    assert len(links) > 300
    arrive = {f"trace/{name}#{i}" for name, text in pages_of(run).items() for i in Page(text).ids}
    assert {href for href, _ in links} <= arrive
    rows = {r.anchor: r for r in run.results}
    percent = {"xx.x%": 1, "xx%": 0}
    for href, text in links:
        row = rows[href.partition("#")[2]]
        if row.stat is None or row.fmt not in percent:
            continue
        value = float(text.rstrip("%").replace("−", "-"))
        assert value == pytest.approx(100 * row.stat, abs=0.5000001 * 10 ** -percent[row.fmt])


def test_links_of_the_page_arrive_on_it_or_in_the_plans_document(run, page):
    ways = {"../../index.html", "../trace.html", *(f"../sap.html#sec-{a.id.lower()}" for a in run.plan.analyses)}
    ids = {name: set(Page(text).ids) for name, text in pages_of(run).items()}
    for name, text in pages_of(run).items():
        for href, _ in Page(text).links:
            file, _, anchor = href.partition("#")
            assert href in ways or anchor in ids[file or name], href


def test_a_post_hoc_analysis_has_no_section_of_the_plan(run):
    for analysis in trace(run):
        facts = {f.name: f for f in analysis.facts}
        if "post hoc" in facts.get("Purpose", Fact("", "")).text:
            assert facts["Section of the plan"] == Fact("Section of the plan", "none: the analysis is post hoc")


def test_the_line_is_that_of_the_results_file(run):
    lines = list(csv.reader(io.StringIO(run.results.to_csv())))
    for analysis in trace(run):
        for record in (r for s in analysis.steps for r in s.records):
            assert lines[record.line - 1][0] == record.row.analysis_id
            assert lines[record.line - 1][7] == record.row.stat_name


def test_an_analysis_names_its_set_with_its_size_and_a_step_its_sources(run):
    digests = {s.sha256 for s in run.provenance.data}
    for analysis in trace(run)[1:]:
        assert any(f.name == "Analysis set" and re.search(r"n = \d+$", f.text) for f in analysis.facts)
        for step in analysis.steps:
            names = {f.name for f in step.facts}
            assert {"Method", "Libraries", "Dataset ADSL"} <= names
            assert any(n.startswith("Subjects that entered") for n in names)
            assert {f.full for f in step.facts if f.full} <= digests


def test_a_record_of_the_study_says_what_went_into_the_number(study, results):
    analysis = next(a for a in trace(opened_run(study, results)) if a.id == "AN-OS-S1")
    facts = {f.name: f.text for f in analysis.facts}
    assert facts["Purpose"] == "supplementary to AN-OS (secondary), specified in SAP"
    assert facts["Section of the plan"] == "Overall survival (AN-OS)"
    assert "hypothetical" in facts["Changes"]
    assert "(derivation OSHSCT in place of OS)" in facts["Changes"]
    (step,) = analysis.steps
    said = {f.name: f.text for f in step.facts}
    assert "follow_up no" in said["Options"]
    assert "OSHSCT, in place of OS" in said["Options"]
    assert "Follow-up" not in said["Method"]
    assert said["Libraries"].startswith("lifelines ")
    assert said["Subjects that entered"].startswith("10: RECON-01, RECON-02")
    landmark = next(r for r in step.records if (r.row.stat_name, r.row.variable_level) == ("n.risk", "90"))
    assert Fact("Of", "Overall survival, day 90") in landmark.facts


def test_a_subject_called_script_is_text_from_the_data_to_every_page(plan, broken, tmp_path):
    for dataset in plan.datasets:
        head, *rows = broken.rows(dataset)
        place = head.index("USUBJID")
        for cells in rows:
            cells[place] = HOSTILE if cells[place] == "RECON-01" else cells[place]
        broken.write(dataset, [head, *rows])
    study = load(plan, broken.folder)
    found = opened_run(study, run_plan(study))
    lookup = Lookup(found.results)
    shown = [trace_page(found), html_table(table(plan, lookup, plan.output("T-DLT")))]
    picture = figure(plan, lookup, plan.output("F-PEAK"), tmp_path)
    shown += [
        numbers_in_figure(record_links(plan, found.results), picture.rows),
        picture.path.read_text(encoding="utf-8"),
    ]
    assert HOSTILE not in trace_index(found)
    shown = [text.replace(OWN_SCRIPT, "") for text in shown]
    assert not any("<script" in text for text in shown)
    for text in shown[:3]:
        assert "script" not in Page(text).tags
        assert "&lt;script&gt;" in text


def test_each_page_of_records_is_small_and_so_is_their_list(run):
    assert max(len(content) for content in record_pages(run).values()) < 250_000
    assert len(trace_index(run).encode()) < 50_000


def test_a_large_analysis_is_cut_into_pages_that_lead_to_each_other(run, monkeypatch):
    whole = pages_of(run)
    monkeypatch.setattr(files, "MOST", 8_000)
    links, cut = record_links(run.plan, run.results), pages_of(run)
    assert cut == pages_of(run)
    assert len(cut) > 1.5 * len(whole)
    ids = {name: set(Page(text).ids) for name, text in cut.items()}
    for row in run.results:
        file, _, anchor = re.search(r'href="trace/([^"]+)', links.html(row))[1].partition("#")
        assert anchor in ids[file]
        assert sum(anchor in found for found in ids.values()) == 1
    for name, text in cut.items():
        parts = [other for other in cut if other.split(".")[0] == name.split(".")[0] and other != name]
        assert all(f'<a href="{other}">part ' in text for other in parts)
        assert all(f'"{name}"' not in cut["search.js"] or f'"{other}"' in cut["search.js"] for other in parts)
    assert not {"AN-OS.2.html"} - set(cut) or "AN-OS" not in {a.id for a in run.plan.analyses}


def test_the_list_leads_to_every_page_of_records_and_says_how_many_there_are(run):
    listed = trace_index(run)
    assert {href for href, _ in Page(listed).links} == {f"trace/{n}" for n in pages_of(run) if n.endswith(".html")}
    for analysis_id, count in Counter(r.analysis_id for r in run.results).items():
        (item,) = re.findall(f'<li id="trace-{analysis_id.lower()}">(.*)</li>', listed)
        assert f">{analysis_id}: " in item
        assert f"{count:,} record" in item


def test_every_record_is_found_by_its_words(run):
    (listed,) = re.findall(r"sapRecords\((.*)\);", pages_of(run)["search.js"], re.DOTALL)
    entries = [(file, anchor, words) for file, _, found in json.loads(listed) for anchor, words in found]
    ids = {name: set(Page(text).ids) for name, text in pages_of(run).items()}
    assert all(anchor in ids[file] for file, anchor, _ in entries)
    found = {anchor for _, anchor, _ in entries}
    assert {r.anchor for r in run.results if not context_of(r.context).lines} <= found
    labels = "\n".join(words for _, _, words in entries)
    assert all(r.variable_level in labels for r in run.results if r.context == "subject")


def test_each_page_of_records_says_where_it_comes_from_and_that_it_is_a_draft(study, results):
    run = opened_run(study, results)
    for name, text in pages_of(run).items():
        if name.endswith(".html"):
            assert '<html lang="en">' in text
            assert html.escape(" ".join(study.plan.study.data_notice.split())) in text
            assert '<div class="stamp" aria-hidden="true"><p>DRAFT</p></div>' in text
            assert run.provenance.plan.sha256 in text
            assert run.provenance.data_sha256 in text


def test_what_a_supplementary_analysis_changes_is_not_told_as_its_estimand(study, results):
    analysis = next(a for a in trace(opened_run(study, results)) if a.id == "AN-DLT-S3")
    facts = {f.name: f.text for f in analysis.facts}
    estimand = facts["Estimand of AN-DLT, which this analysis changes"]
    assert "Population" not in estimand
    assert not {"Estimand", "Intercurrent event"} & set(facts)


def test_each_step_says_its_analysis_set_and_ways_on_to_who_arrives_at_a_number(run):
    text = trace_page(run)
    sections = text.split('<section class="trace-step"')[1:]
    for analysis in trace(run):
        for step in analysis.steps:
            section = next(s for s in sections if f'id="{step.anchor}"' in s)
            here = section[section.index('<aside class="here"') :]
            assert f'href="#{step.anchor}"' in here
            assert f'href="#{analysis.anchor}"' in here
            assert all(f.text in html.unescape(here) for f in analysis.brief if f.name == "Analysis set")


def test_a_row_says_in_words_what_it_is_about(study, results):
    text = trace_page(opened_run(study, results))
    row = next(r for r in results if (r.analysis_id, r.stat_name, r.context) == ("AN-DLT", "conf.low", "proportion"))
    said = text[text.index(f'<tr id="{row.anchor}">') :].partition("</tr>")[0]
    for words in ("Lower 95% limit", "Dose-limiting toxicity", "percent, 1 decimal", row.method):
        assert words in said


def test_the_size_of_an_analysis_is_called_so(run):
    found = [r for s in trace(run)[0].steps for r in s.records]
    names = {f.text for r in found for f in r.facts if f.name == "Statistic"}
    assert names <= {"Subjects in the analysis set (N)", "Subjects in the subset of the analysis set (N)"}


def test_limits_of_unlike_levels_stand_under_heads_of_their_own_below_a_figure(tmp_path):
    plan = read_whole_plan(OTHER / "plan.yml")
    found = run_plan(load(plan, OTHER / "data"))
    picture = figure(plan, Lookup(found), plan.output("FIG-RESP"), tmp_path)
    tables = numbers_in_figure(record_links(plan, found), picture.rows).split("<table")[1:]
    seen = {}
    for text in tables:
        (level,) = set(re.findall(r"(?:Lower|Upper) ([\d.]+%) limit", text))
        seen |= dict.fromkeys(re.findall(r"#(response-\w*-?conf-(?:low|high)-\w+)", text), level)
    steps = plan.analysis("RESPONSE").steps
    limits = [r for r in picture.rows if r.stat_name in {"conf.low", "conf.high"}]
    told = {r.anchor: f"{100 * steps[int(r.step) - 1].conf_level:g}%" for r in limits}
    assert seen == told
    assert set(told.values()) == {"90%", "95%"}


def test_of_a_large_trial_the_values_of_single_subjects_are_counted_below_a_figure(
    study, results, tmp_path, monkeypatch
):
    picture = figure(study.plan, Lookup(results), study.plan.output("F-TEMP"), tmp_path)
    single = sum(r.context == "profile_subject" for r in picture.rows)
    whole = numbers_in_figure(record_links(study.plan, results), picture.rows)
    monkeypatch.setitem(contexts(), "profile_subject", replace(context_of("profile_subject"), most=100))
    cut = numbers_in_figure(record_links(study.plan, results), picture.rows)
    assert f"{single:,} values of single subjects are drawn and not listed" in cut
    assert whole.count('class="traced"') - cut.count('class="traced"') == single > 50


def test_of_a_large_trial_the_page_names_the_lines_of_the_measurements_and_lists_none(run, monkeypatch):
    courses = [r for r in run.results if r.context == "profile_subject"]
    whole = trace_page(run)
    few = replace(context_of("profile_subject"), most=len(courses) - 1)
    monkeypatch.setitem(contexts(), "profile_subject", few)
    cut = trace_page(run)
    assert all(f'id="{r.anchor}"' in whole and r.anchor not in cut for r in courses)
    assert all(f'id="{r.anchor}"' in cut for r in run.results if r.context != "profile_subject")
    for analysis in {r.analysis_id for r in courses}:
        at = [i for i, r in enumerate(run.results, start=2) if r in courses and r.analysis_id == analysis]
        assert f"{len(at)} values, between lines {at[0]} and {at[-1]} of ard.csv" in cut


def test_a_figure_of_several_analyses_has_one_list_with_a_line_each(study, results, tmp_path):
    picture = figure(study.plan, Lookup(results), study.plan.output("F-DLT"), tmp_path)
    text = numbers_in_figure(record_links(study.plan, results), picture.rows)
    assert re.findall("<caption>(.*?)</caption>", text) == ["Proportion: Dose-limiting toxicity"]
    labels = re.findall('<th scope="row">(.*?)</th>', text)
    assert labels[0] == "Planned analysis"
    assert labels[1].endswith("(derivation DLTCRS3 in place of DLT)")
    assert len(labels) == 4


@each(
    ("part", "head"),
    [
        ("Stopping rule at a look", "Evaluated"),
        ("Posterior after each subject", "Evaluated"),
        ("Curve", "Time"),
        ("Course of each subject", "Subject"),
        ("Each record", "Record"),
    ],
)
def test_lines_side_by_side_are_headed_by_what_they_are(study, results, part, head):
    text = trace_page(opened_run(study, results))
    heads = re.findall(rf'<caption>{part}[:.][^<]*</caption>\n<thead><tr><th scope="col">(\w+)</th>', text)
    assert set(heads) == {head}


def test_a_number_says_of_how_many_it_is_its_interval_and_what_the_second_route_found(study, results, tmp_path):
    (tmp_path / "checks.csv").write_text(to_csv(recompute(study, results, with_r=False)), encoding="utf-8")
    found = trace(replace(opened_run(study, results), folder=tmp_path))
    (step, *_) = next(a for a in found if a.id == "AN-DLT").steps
    estimate = next(r for r in step.records if r.row.stat_name == "estimate")
    told = {f.name: f.text for f in estimate.beside}
    assert (told["Denominator"], told["Interval"]) == ("n = 9", "13.7% to 78.8%")
    assert told["Second route"].startswith("agrees (")
    assert re.fullmatch(r"(\d+) of \1 numbers agree", {f.name: f.text for f in step.facts}["Second route"])


def test_without_a_second_route_none_is_told(study, results, tmp_path):
    found = trace(replace(opened_run(study, results), folder=tmp_path))
    names = {f.name for a in found for s in a.steps for f in (*s.facts, *(b for r in s.records for b in r.beside))}
    assert "Second route" not in names
    assert "Denominator" in names
