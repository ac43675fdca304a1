"""A rehearsal draws files as the trial will have them: under the columns, codes and units that the plan maps."""

from pathlib import Path

from analysis.data.load import validate
from analysis.synthetic import SyntheticOptions, synthetic_data
from sap.reading.read import read_plan

PLAN = Path(__file__).parents[1] / "data" / "columns" / "published.yml"


def test_a_trial_drawn_from_a_plan_that_maps_columns_is_read_by_that_plan(tmp_path):
    plan = read_plan(PLAN)
    files = synthetic_data(plan, SyntheticOptions(n=12))
    for name, text in files.items():
        (tmp_path / plan.datasets[name].file).write_text(text, encoding="utf-8")
    assert "AESEV" in files["ADAE"].partition("\n")[0]
    assert "ATOXGR" not in files["ADAE"].partition("\n")[0]
    found = validate(plan, tmp_path)
    assert [f for f in found.failures if f.severity == "error"] == []
    assert set(found.study.data["ADTTE"]["PARAMCD"]) == {"DERM"}
