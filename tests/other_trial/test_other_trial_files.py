"""The files beside the pages of the other trial: nothing in how they are made is of the first study."""

from dataclasses import replace

import pytest

from analysis.pipeline.listings import listings_json
from reports.formats.documents import rtf_files
from tests.opened_run import opened_run
from tests.reading_rtf import read_rtf


@pytest.fixture(scope="module")
def made(study, results, plan_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    (folder / "listings.json").write_text(listings_json(study), encoding="utf-8")
    return rtf_files(replace(opened_run(study, results, plan_file), folder=folder))


def test_each_output_has_its_file_with_number_title_and_source(plan, made):
    for spec in (*plan.outputs, *plan.listings):
        for page in read_rtf(made[f"tlf/{spec.id}.rtf"].decode("ascii")).pages:
            number, title, _ = page.paragraphs[0].split("\n")
            assert number.removesuffix(" (post hoc)").endswith(spec.number)
            assert title == spec.title
            assert f"Plan: {plan.plan.id}" in page.paragraphs[-1]


def test_what_was_not_promised_says_so(plan, made):
    late = [o for o in plan.outputs if any(plan.analysis(a).reason == "post hoc" for a in o.analyses)]
    assert late
    for output in late:
        page = read_rtf(made[f"tlf/{output.id}.rtf"].decode("ascii")).pages[0]
        assert page.paragraphs[0].split("\n")[0].endswith("(post hoc)")
