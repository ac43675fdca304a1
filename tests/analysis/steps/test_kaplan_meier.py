"""The step on times to an event where there is little to estimate: each reason is the real one."""

import pandas as pd

from analysis.data.sample import Sample
from analysis.steps.kaplan_meier import kaplan_meier
from sap.methods.kaplan_meier import KaplanMeier

ESTIMATED = ("estimate", "conf.low", "conf.high")
NONE_AT = "the {} limit of the curve is not defined: the {} band has no value where the curve is {}, as it is at each time observed"
LATE = "time 10 is after the last observed time, {}"
UNDEFINED = "the {} band is not defined where the curve is {}"
NOT_DOWN = "{} does not come down to 0.5 within the follow-up"
CASES = {
    # times, events, scale; then why, of the median, of survival on day 10 and of the follow-up
    "all dead on day 0": (
        [0, 0, 0], [1, 1, 1], "log-log",
        ("", NONE_AT.format("lower", "log-log", 0), NONE_AT.format("upper", "log-log", 0)),
        (LATE.format(0),) * 3,
        (
            NOT_DOWN.format("the reverse Kaplan–Meier curve"),
            NONE_AT.format("lower", "log-log", 1),
            NONE_AT.format("upper", "log-log", 1),
        ),
    ),
    "everyone censored": (
        [12, 20, 30], [0, 0, 0], "log-log",
        (
            NOT_DOWN.format("the survival curve"),
            NONE_AT.format("lower", "log-log", 1),
            NONE_AT.format("upper", "log-log", 1),
        ),
        ("", "", ""),
        (
            "", "",
            "the upper limit of the curve does not come down to 0.5 before the curve is 0, where the log-log band has "
            "no value",
        ),
    ),
    "one censored, one dead": (
        [9, 10], [0, 1], "plain",
        (
            "",
            *(
                f"the {side} limit of the curve does not come down to 0.5 before the curve is 0, where the plain band "
                "has no value"
                for side in ("lower", "upper")
            ),
        ),
        ("", UNDEFINED.format("plain", 0), UNDEFINED.format("plain", 0)),
        None,
    ),
}  # fmt: skip


def test_each_reason_is_the_real_one(plan):
    for case, (times, events, scale, *expected) in CASES.items():
        names = tuple(f"S{i}" for i in range(len(times)))
        data = pd.DataFrame({"USUBJID": names, "AVAL": times, "CNSR": [1 - e for e in events]})
        step = KaplanMeier(method="kaplan_meier", data="T", conf_type=scale, landmarks=(10,), at_risk=(0,))
        stats = kaplan_meier(step, Sample(names, {"T": data}, plan, "the set"))
        at = (("survival", "median"), ("survival_at", "10"), ("follow_up_reverse_km", "median"))
        for place, why in zip(at, expected, strict=True):
            found = tuple(
                s.error.removeprefix("not estimable: ")
                for s in stats
                if (s.context, s.variable_level) == place and s.stat_name in ESTIMATED
            )
            assert why is None or found == why, (case, place)
        # Of a point of the curve the value of the curve there is named, not two of which one is not the reason.
        for s in stats:
            if s.context == "curve" and s.error:
                surv = next(x for x in stats if (x.context, x.variable_level, x.stat_name) == (
                    "curve", s.variable_level, "estimate"
                ))  # fmt: skip
                assert s.error == f"not estimable: {UNDEFINED.format(scale, f'{surv.stat:g}')}"
