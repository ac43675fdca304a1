"""The public ADaM of the CDISC pilot, in the forms in which others publish it: a plan is proposed and gives its numbers.

Expected values: R 4.2.2, survival 3.5.3, survfit(Surv(AVAL, 1 - CNSR) ~ TRTA, conf.type = "log-log"), and table(TRT01A).
"""

from pathlib import Path

import pytest

from analysis.data.load import load
from analysis.mapping.folder import look
from analysis.mapping.plan_text import MOST_LINES, plan_text
from analysis.mapping.propose import propose
from analysis.mapping.settle import plan_of, settled
from analysis.running.run import run

PUBLIC = Path(__file__).resolve().parents[4] / "shared" / "adam"
ARMS = ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose")


@pytest.mark.parametrize("form", ["json", "rds", "parquet"])
def test_a_proposed_plan_gives_the_published_numbers(form):
    folder = PUBLIC / form
    if not folder.is_dir():
        pytest.skip(f"the public data are not beside the checkout: {folder}")
    draft, errors = settled(propose(look(folder)), folder)
    assert errors == ()
    assert (draft.origin_day, draft.arms.levels) == (1, ARMS)
    text = plan_text(draft)
    assert len(text.splitlines()) <= MOST_LINES
    plan = plan_of(text)
    results = run(load(plan, folder))
    told = {
        (r.group1_level, r.stat_name): r.stat
        for r in results.rows
        if r.analysis_id == "KM-TTDE" and r.context == "survival" and r.variable_level == "median"
    }
    medians = {arm: tuple(told[arm, s] for s in ("estimate", "conf.low", "conf.high")) for arm in ARMS}
    assert medians == {ARMS[0]: (None, None, None), ARMS[1]: (33, 27, 48), ARMS[2]: (36, 23, 46)}
    treated = {r.group1_level: r.stat for r in results.rows if r.analysis_id == "AE" and r.stat_name == "N"}
    assert treated == dict(zip(ARMS, (86, 84, 84), strict=True))
