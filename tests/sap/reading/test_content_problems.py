"""What a plan declares of items of the guideline, and where its answers lead: each mistake is told with its line."""

from pathlib import Path

from sap.reading.read import read_plan
from sap.text.problems import PlanError
from tests.each import each

TEXT = (Path(__file__).resolve().parents[3] / "sap" / "plan.yml").read_text(encoding="utf-8")
# What was replaced, by what, a text whose line is named, words of the message, words of the mend.
MISTAKES = {
    "an item that does not exist": ("    32d: The", "    32e: The", "    32e: The", "the guideline has no item '32e'", "Did you mean '32"),
    "an answer and not applicable at once": (
        "  not_applicable:\n", "  not_applicable:\n    13c: None is planned.\n", "    13c: None",
        "item 13c (stopping guidance with its operating characteristics) is called not applicable, and sample_size.proportion.stopping answers it", "Leave one",
    ),
    "an answer and not stated at once": ("    1b: Looked", "    7: Looked", "    7: Looked", "is called not stated, and study.background answers it", "Leave one"),
    "a reason left empty": ("    32b: The letter names no data management plan.", "    32b:", "    32b:", "a text should stand here (found: nothing)", "remove the key"),
    "a reason that holds a place": ("    32b: The letter names no data management plan.", "    32b: TBD", "    32b: TBD", "the reason of item 32b only holds a place", "Say why"),
    "an item declared twice": ("    6a: The plan", "    32b: The plan", "    32b: The letter", "item 32b is called not applicable and not stated", "one"),
    "a link to an analysis that is not there": ("baseline: [AN-DEMOG", "baseline: [AN-DEMO", "baseline:", "there is no analysis 'AN-DEMO' in the plan", "'AN-DEMOG'"),
    "a link to a listing that is not there": ("shown_in: [L-DEV]", "shown_in: [L-DEVS]", "shown_in: [L-DEVS]", "no analysis, table, figure or listing 'L-DEVS'", "'L-DEV'"),
    "exposure shown nowhere": ("exposure: [AN-EXPO", "exposure: [AN-EXP", "exposure:", "there is no analysis 'AN-EXP'", "'AN-EXPO'"),
    "an objective that is not there": ("toxicity: [O1", "toxicity: [O11", "toxicity:", "there is no objective 'O11'", "O1"),
    "a domain there is not": ("    activity: [", "    efficacy: [", "    efficacy: [", "'efficacy' is not allowed here", "activity"),
    "a framework there is not": ("kind: estimation", "kind: superior", "kind: superior", "'superior' is not allowed here", "superiority"),
    "no dose that is first": (
        "dose_finding:\n", "dose_finding:\n  levels: [{label: low, dose: one}, {label: high, dose: two}]\n", "  levels:", "one dose level is the first given", "start: yes",
    ),
    "an author without a role": ("authors: [Trial statistics]", "authors: [{name: A, affiliation: B}]", "authors:", "the key 'role' is missing", "Add it"),
    "a key that is none": (
        "  authors: [Trial statistics]\n", "  authors: [Trial statistics]\n  signatories: {author: {name: A, key: abc}}\n", "  signatories:", "'abc' is not a valid name here", "sap keygen",
    ),
}  # fmt: skip


@each("name", MISTAKES)
def test_a_mistake_about_content_is_told_with_its_line_and_its_mend(tmp_path, name):
    old, new, at, message, mend = MISTAKES[name]
    assert old in TEXT
    file = tmp_path / f"{name}.yml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    told = []
    try:
        read_plan(file)
    except PlanError as error:
        told = [p for p in error.problems if message in p.message]
    assert len(told) == 1, f"{name}: {told}"
    line = next(
        n
        for n, text in enumerate(file.read_text("utf-8").splitlines(), 1)
        if text.startswith(at) or (not at.startswith(" ") and at in text)
    )
    assert told[0].line == line
    assert mend in told[0].fix
