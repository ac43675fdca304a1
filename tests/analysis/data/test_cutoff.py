"""The data cut-off: what was known on a day, by hand, by R, and by both routes."""

from io import StringIO
from itertools import pairwise

import pandas as pd
import pytest

from analysis.data.cutoff import cut_off
from analysis.data.load import Study, validate
from analysis.recompute import CUTOFF, recompute
from analysis.recompute.trial.cells import a_date, records_of
from analysis.recompute.trial.world import build
from analysis.running.run import run
from analysis.synthetic import SyntheticOptions, synthetic_data
from sap.model.conventions import DataCutoff
from sap.plan.diff import changes, touched
from sap.reading.read import read_plan
from sap.text.problems import PlanError
from tests.each import each
from tests.other_trial.conftest import HERE

FILE = HERE / "plan.yml"
NAMES = ("ADSL", "ADAE", "ADRS", "ADTTE")


def cut_plan(**cutoff):
    return read_plan(FILE).model_copy(update={"data_cutoff": DataCutoff.model_validate(cutoff)})


def studied(date):
    plan = cut_plan(date=date)
    return Study(plan, validate(read_plan(FILE), HERE / "data").study.data, ())


@pytest.fixture(scope="module")
def known():
    """What was known of the other trial on 31 May 2024."""
    study = studied("2024-05-31")
    return cut_off(study.plan, study.data)


def of(frame, subject, *columns, parameter=None):
    rows = frame[frame["USUBJID"] == f"SOL-201-{subject}"]
    rows = rows if parameter is None else rows[rows["PARAMCD"] == parameter]
    (row,) = rows[list(columns)].to_dict("records")
    return tuple(v.date().isoformat() if isinstance(v, pd.Timestamp) else "" if pd.isna(v) else v for v in row.values())


def test_subjects_are_as_they_were_known(known):
    adsl = known[0]["ADSL"]
    # 012 gave consent on 7 June; 011 on 24 May, and was first treated on 3 June.
    assert "SOL-201-012" not in set(adsl["USUBJID"])
    assert of(adsl, "011", "TRTSDT", "DTHFL", "DTHDT", "LSTALVDT") == ("", "N", "", "2024-05-31")
    # 001 had died, 004 died in September and was alive; 003 was last seen in June, 006 on 2 April.
    assert of(adsl, "001", "DTHFL", "DTHDT", "LSTALVDT") == ("Y", "2024-03-08", "2024-03-08")
    assert of(adsl, "004", "DTHFL", "DTHDT", "LSTALVDT") == ("N", "", "2024-05-31")
    assert of(adsl, "003", "DTHFL", "LSTALVDT") == ("", "2024-05-31")
    assert of(adsl, "006", "LSTALVDT") == ("2024-04-02",)
    assert of(adsl, "009", "NACTDT") == ("",)


def test_times_are_censored_in_the_convention_of_the_data(known):
    adtte = known[0]["ADTTE"]
    # Day 1 is the start date: 19 February to 31 May are 102 days, the 103rd day.
    assert of(adtte, "004", "AVAL", "CNSR", "ADT", parameter="OSURV") == (103, 1, "2024-05-31")
    assert of(adtte, "002", "AVAL", "CNSR", "ADT", parameter="OSURV") == (121, 0, "2024-05-21")
    assert "SOL-201-011" not in set(adtte["USUBJID"])


def test_survival_is_that_of_r_on_data_cut_by_hand():
    # R 4.2.2, survival 3.5.3: survfit(Surv(c(60, 120, 18, 116, 102, 88, 39, 25, 11), c(1, 1, 1, 0, 0, 0, 0, 0, 0)) ~ 1,
    # conf.type = "log-log", conf.int = 0.9), summary at 90 days: n.risk, surv, lower, upper
    expected = (3, 0.7, 0.305518135206624, 0.898266416847396)
    results = run(studied("2024-05-31"))
    at = {
        r.stat_name: r.stat
        for r in results.of("SURVIVAL")
        if r.context == "survival_at" and r.variable == "DEATH" and r.variable_level == "90" and not r.group1
    }
    assert [at[n] for n in ("n.risk", "estimate", "conf.low", "conf.high")] == pytest.approx(expected, rel=1e-9)


def test_what_began_before_and_ended_later_is_ongoing_and_what_began_on_the_day_counts():
    study = studied("2024-01-31")
    events = cut_off(study.plan, study.data)[0]["ADAE"]
    rows = events[events["USUBJID"] == "SOL-201-002"]
    assert rows["AEDECOD"].tolist() == ["Neutropenia", "Fatigue"]
    assert rows["AENDT"].isna().all()
    assert rows["AENDY"].isna().all()
    assert rows["ASTDY"].notna().all()
    earlier = studied("2024-01-30")
    events = cut_off(earlier.plan, earlier.data)[0]["ADAE"]
    assert events.loc[events["USUBJID"] == "SOL-201-002", "AEDECOD"].tolist() == ["Fatigue"]


def test_each_subject_may_have_a_day_of_its_own():
    plan = cut_plan(variable="NACTDT")
    data = studied("2024-05-31").data
    known, cuts = cut_off(plan, data)
    # Only 009 has the date, 5 July: its time ended on 29 July, and it was last seen on 4 August.
    assert of(known["ADTTE"], "009", "AVAL", "CNSR", parameter="OSURV") == (61, 1)
    assert {n for n, f in known.items() if not f.equals(data[n])} >= {"ADSL", "ADTTE"}
    for name in ("ADSL", "ADTTE"):
        others = known[name]["USUBJID"] != "SOL-201-009"
        assert known[name][others].equals(data[name][others])
    assert {c.dataset: c.left_out for c in cuts if c.dataset != "ADRS"} == {"ADSL": 0, "ADAE": 0, "ADTTE": 0}


def test_a_cut_off_after_every_date_changes_nothing_and_a_later_one_never_leaves_out_more():
    data = studied("2030-01-01").data
    known, cuts = cut_off(cut_plan(date="2030-01-01"), data)
    assert all(known[n].equals(data[n]) for n in NAMES)
    assert all(c.left_out == c.shortened == 0 for c in cuts)
    assert run(studied("2030-01-01")).to_csv() == run(Study(read_plan(FILE), data, ())).to_csv()
    days = [str(d.date()) for d in pd.date_range("2023-12-01", "2025-02-01", freq="17D")]
    for earlier, later in pairwise(days):
        before, after = (cut_off(cut_plan(date=d), data)[0] for d in (earlier, later))
        for name in NAMES:
            assert set(before[name].index) <= set(after[name].index), (name, later)
        shared = before["ADTTE"].index
        assert (before["ADTTE"]["AVAL"] <= after["ADTTE"].loc[shared, "AVAL"]).all(), later
        assert (before["ADTTE"]["CNSR"] >= after["ADTTE"].loc[shared, "CNSR"]).all(), later


@each("date", ["2023-12-31", "2024-03-08", "2024-05-31", "2024-08-04", "2024-12-29"])
def test_the_second_route_cuts_the_same(date):
    study = studied(date)
    cuts = {c.dataset: (c.left_out, c.shortened) for c in cut_off(study.plan, study.data)[1]}
    checks = recompute(study, run(study), cuts, with_r=False)
    wrong = [c for c in checks if c.verdict == "differs"]
    assert not wrong
    assert sum(c.context == CUTOFF for c in checks) == 2 * len(NAMES)
    latest = max(
        (v for name in NAMES for rows in build(study.plan, records_of(study.data)).datasets[name].by_subject.values() for r in rows for v in r.values()
         if hasattr(v, "isoformat")),
        key=a_date, default=None,
    )  # fmt: skip
    assert latest is None or latest.isoformat() <= date
    derived = study.derived
    assert all(
        (f[c].dropna() <= pd.Timestamp(date)).all() for f in derived.values() for c in f.select_dtypes("datetime")
    )


def test_without_a_date_of_its_end_a_time_is_cut_by_its_length():
    study = studied("2024-05-31")
    data = {**study.data, "ADTTE": study.data["ADTTE"].assign(ADT=pd.NaT)}
    with_dates, without = cut_off(study.plan, study.data)[0]["ADTTE"], cut_off(study.plan, data)[0]["ADTTE"]
    assert with_dates[["AVAL", "CNSR"]].equals(without[["AVAL", "CNSR"]])


def test_validation_tells_what_lies_after_it_and_checks_all(tmp_path):
    found = validate(cut_plan(date="2024-05-31"), HERE / "data")
    told = {f.dataset: f.message for f in found.warnings if f.rule == "cutoff"}
    assert told["ADRS"] == "12 records lie after the data cut-off 2024-05-31; 0 others tell of something later."
    assert told["ADSL"].startswith("1 record lies after")
    assert len(found.study.data["ADRS"]) == len(validate(read_plan(FILE), HERE / "data").study.data["ADRS"])


def test_a_changed_cut_off_is_told_in_words_and_touches_every_analysis():
    first, second = cut_plan(date="2024-05-31"), cut_plan(date="2024-06-30")
    assert changes(read_plan(FILE), first) == ("Data cutoff is added: 2024-05-31",)
    assert changes(first, second) == ("Data cutoff: date changes from 2024-05-31 to 2024-06-30",)
    assert set(touched(first, second)) >= {a.id for a in first.analyses}


@each(
    ("written", "told"),
    [
        ("{}", "name either a date, or a variable of ADSL"),
        ("{date: 2024-02-30}", "'2024-02-30' is not a date"),
        ("{date: 2024-05-31, variable: NACTDT}", "name either a date, or a variable of ADSL"),
        ("{variable: NACDT}", "ADSL.NACDT is no variable of the plan"),
        ("{variable: AGE}", "ADSL.AGE is not a date"),
        ("{date: 2024-05-31, dated_by: {ADRX: ADT}}", "ADRX is no dataset of the plan"),
        ("{date: 2024-05-31, dated_by: {ADRS: AVALC}}", "ADRS.AVALC is not a date"),
    ],
)
def test_a_cut_off_that_the_plan_cannot_mean_is_refused(tmp_path, written, told):
    plan = tmp_path / "plan.yml"
    text = FILE.read_text(encoding="utf-8").replace("\ndatasets:", f"\ndata_cutoff: {written}\n\ndatasets:")
    plan.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        read_plan(plan)
    assert told in str(refused.value)


def test_records_of_which_nothing_says_when_are_refused(tmp_path):
    plan = tmp_path / "plan.yml"
    more = "\n  ADQX: {file: adqx.csv, title: Questions, variables: [{name: QSDT, label: Day, type: date}]}\n  ADAE:"
    text = FILE.read_text(encoding="utf-8").replace("\ndatasets:", "\ndata_cutoff: {date: 2024-05-31}\n\ndatasets:")
    plan.write_text(text.replace("\n  ADAE:", more, 1), encoding="utf-8")
    with pytest.raises(PlanError, match="nothing says when a record of ADQX was made"):
        read_plan(plan)
    plan.write_text(plan.read_text().replace("{date: 2024-05-31}", "{date: 2024-05-31, dated_by: {ADQX: QSDT}}"))
    assert read_plan(plan).data_cutoff.dates(read_plan(plan).datasets)["ADQX"] == "QSDT"


def test_a_rehearsal_has_subjects_before_the_cut_off_and_records_after_it():
    plan = cut_plan(date="2019-06-30")
    drawn = synthetic_data(plan, SyntheticOptions(n=30, seed=1))
    dates = pd.read_csv(StringIO(drawn["ADRS"]))["ADT"]
    assert dates.min() < "2019-06-30" < dates.max()
