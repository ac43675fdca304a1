"""`sap define` writes a file that stands beside the study, and tells what is in it."""

from xml.etree import ElementTree as ET

from analysis.ars.define.elements import XLINK
from tests.reports.commands.test_run_commands import OTHER_TRIAL


def test_files_are_named_as_they_are_seen_from_the_document(sap, tmp_path):
    out = tmp_path / "submission" / "define.xml"
    options = ("--plan", OTHER_TRIAL / "plan.yml", "--data", OTHER_TRIAL / "data")
    done = sap("define", *options, "--out", out)
    assert done.code == 0, done.said
    assert "datasets" in done.out
    places = [v for e in ET.parse(out).iter() for a, v in e.attrib.items() if a == f"{{{XLINK}}}href"]
    assert (out.parent / next(p for p in places if p.endswith("adsl.csv"))).is_file()


def test_data_that_break_a_rule_are_told_and_nothing_is_written(sap, tmp_path):
    done = sap("define", "--plan", OTHER_TRIAL / "plan.yml", "--data", tmp_path, "--out", tmp_path / "define.xml")
    assert done.code == 1
    assert not (tmp_path / "define.xml").exists()
