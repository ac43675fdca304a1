"""The document in the sections of the guideline: every item has its place, and each answer's link leads to its words."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from reports.pages.seal import ROLES, signature_page
from reports.plan_document.guideline import checklist, guideline_section
from sap.guidelines.plan_items import ITEMS, NUMBERS, SECTIONS
from sap.model.part import Part
from sap.plan.content import content
from sap.plan.plan import Plan, Signatories, Signatory
from sap.reading.read import read_plan
from sap.seal.lock import Lock
from sap.seal.signatures import make_keys, read_private_key, read_public_key, signed
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "reports" / "sap.qmd").read_text(encoding="utf-8")
PLANS = {"the study": ROOT / "sap" / "plan.yml", "another trial": ROOT / "tests" / "other_trial" / "plan.yml"}
MARK = re.compile(r"(?:\[\w+\]\{\.item |\{|\[\]\{|\]\{)#item-(\w+)\}")


def plain(text: str) -> str:
    return " ".join(re.sub(r"\\(.)", r"\1", text).split())


def document(plan: Plan) -> str:
    sections = {n: guideline_section(plan, n) for n in range(1, 7)}
    text = re.sub(r"page\.plan_section\((\d)\)", lambda m: sections[int(m[1])], PAGE)
    return text.replace("print_signatures(page.plan)", signature_page(plan, None))


@pytest.fixture(scope="module", params=PLANS)
def any_plan(request) -> Plan:
    return read_plan(PLANS[request.param])


def test_every_item_has_one_place_and_the_sections_are_those_of_the_guideline_in_their_order(any_plan):
    text = document(any_plan)
    assert sorted(MARK.findall(text)) == sorted(n.lower() for n in NUMBERS), "each id once"
    assert [line for line in text.splitlines() if line.startswith("#") and "#item-" in line] == [], (
        "the contents repeat it"
    )
    assert sorted(set(re.findall(r"\[(\w+)\]\{\.item", text))) == sorted(NUMBERS)
    heads = re.findall(r"^## ([^{\n]+?) \{", text, re.MULTILINE)
    assert heads[:6] == list(SECTIONS)
    assert heads[6].startswith("Appendix")
    ends = [m.start() for m in re.finditer(r"^## ", text, re.MULTILINE)]
    at = {m[1]: m.start() for m in MARK.finditer(text)}
    wrong = [i.number for i in ITEMS if not ends[i.section - 1] < at[i.number.lower()] < ends[i.section]]
    assert wrong == [], "an item stands in another section than the guideline's"


def words(value) -> list[str]:
    """The texts of a part of the plan, and the names by which a document leads to it."""
    match value:
        case str():
            return [plain(value)]
        case Part():
            return [w for name in type(value).model_fields for w in words(getattr(value, name))]
        case dict():
            return [w for key, below in value.items() for w in (str(key), *words(below))]
        case tuple():
            return [w for below in value for w in words(below)]
        case float():
            return [f"{value:.15g}", f"{100 * value:.15g}%"]
        case _:
            return []


def resolved(plan: Plan, place) -> object:
    value: object = plan
    for key in place:
        value = value[key] if isinstance(value, tuple | dict) else getattr(value, key)
    return value


def test_the_link_of_each_answered_item_leads_to_its_words(any_plan):
    text = document(any_plan)
    marks = list(MARK.finditer(text))
    passages = {
        m[1]: plain(text[m.end() : after.start()])
        for m, after in zip(marks, [*marks[1:], re.search(r"$", text)], strict=True)
    }
    # Items that stand side by side before one passage share it.
    for one, after in reversed(list(pairwise(marks))):
        if not text[one.end() : after.start()].strip("}]\n: "):
            passages[one[1]] = passages[after[1]]
    lost = []
    for answer in content(any_plan):
        assert f"[{answer.item.number}](#item-{answer.item.number.lower()})" in checklist(any_plan)
        if answer.status != "answered" or answer.item.number in {"4a", "4b", "4c"}:
            continue
        said = [w for p in answer.places for w in words(resolved(any_plan, p))]
        said += [
            a.id
            for a in any_plan.analyses
            if any(p[:2] == ("analyses", any_plan.analyses.index(a)) for p in answer.places)
        ]
        passage = passages[answer.item.number.lower()].casefold()  # an id leads there in small letters
        if not any(w.casefold() in passage for w in said if len(w) > 1):
            lost.append((answer.item.number, said[:3], passages[answer.item.number.lower()][:80]))
    assert lost == []


def test_an_item_without_an_answer_says_why_in_its_place_and_in_the_list(plan):
    text, listed = plain(document(plan)), plain(checklist(plan))
    for answer in content(plan):
        if answer.status in {"not applicable", "not stated"}:
            assert f"*{answer.status.capitalize()}.* {plain(answer.reason)}" in text, answer.item.number
            assert plain(answer.reason) in listed, answer.item.number


def test_a_missing_item_is_called_missing_with_the_key_that_would_answer_it(planned):
    plan = planned(lambda c: c["content"]["not_stated"].pop("1b"))
    assert (
        r"[1b]{.item #item-1b}]{.margin} **Trial registration.** **Missing.** Its place: study.registration."
        in guideline_section(plan, 1)
    )


@each("role", ROLES)
def test_the_signature_page_shows_what_the_key_of_each_role_really_signed(plan, tmp_path, role):
    key, stranger = tmp_path / f"{role}.pem", tmp_path / f"{role}-other.pem"
    public = read_public_key(make_keys(key))
    make_keys(stranger)
    named = Signatories(**{role: Signatory(name="Ada Lovelace", key=public)})
    with_name = plan.model_copy(update={"plan": plan.plan.model_copy(update={"signatories": named})})
    lock = Lock.model_validate_json((ROOT / "sap.lock").read_text(encoding="utf-8")).model_copy(
        update={"signatures": ()}
    )
    assert f"Not signed (key {public[:12]}…)." in plain(signature_page(with_name, lock))
    version = lock.plan.plan.version
    done = signed(lock, read_private_key(key), by="Ada Lovelace", at="2026-12-01T10:00:00Z")
    assert f"Signed on 2026-12-01: version {version} (key {public[:12]}…)." in plain(signature_page(with_name, done))
    forged = done.model_copy(
        update={"signatures": tuple(s.model_copy(update={"at": "2026-12-02T10:00:00Z"}) for s in done.signatures)}
    )
    assert "A signature with this key does not hold" in plain(signature_page(with_name, forged))
    other = signed(lock, read_private_key(stranger), by="Somebody", at="2026-12-01T10:00:00Z")
    shown = plain(signature_page(with_name, other))
    assert "Not signed" in shown
    assert "Signed too, with keys the plan does not name: Somebody, 2026-12-01" in shown


def test_a_signature_under_an_older_version_is_not_one_under_the_newest(plan, tmp_path):
    key = tmp_path / "ada.pem"
    public = read_public_key(make_keys(key))
    whole = Lock.model_validate_json((ROOT / "sap.lock").read_text(encoding="utf-8")).model_copy(
        update={"signatures": ()}
    )
    first = whole.entries[0]
    old = signed(
        whole.model_copy(update={"entries": (first,)}), read_private_key(key), by="Ada", at="2026-12-01T10:00:00Z"
    )
    amended = old.with_entry(
        "amendment",
        by="Ada",
        reason="More",
        at="2026-12-02T10:00:00Z",
        plan=first.plan.model_copy(update={"version": "9.0", "former": first.plan.sha256}),
    )
    named = Signatories(author=Signatory(name="Ada", key=public))
    with_name = plan.model_copy(update={"plan": plan.plan.model_copy(update={"signatories": named})})
    assert f"version {first.plan.version}, not the newest" in plain(signature_page(with_name, amended))
