"""Every page says what it is: sealed, draft or dry run, and where its numbers come from."""

from reports.words.stamp import provenance_block, stamp_block
from tests.each import each
from tests.provenances import PROVENANCE

DRAFT = PROVENANCE.model_copy(
    update={"state": "draft", "differences": ("data: adsl.csv: <b>3</b> rows instead of 2.",)}
)
UNSEALED = PROVENANCE.model_copy(update={"state": "draft", "seal": "", "sealed_at": ""})
DRY = PROVENANCE.model_copy(update={"state": "dry run", "seal": "", "sealed_at": ""})


def test_a_sealed_run_has_no_stamp():
    assert stamp_block(PROVENANCE) == ""


def test_a_page_without_results_has_no_stamp():
    assert stamp_block(None) == ""


def test_a_draft_says_so_across_the_page_and_lists_what_differs_at_its_foot():
    text = stamp_block(DRAFT)
    assert '::: {.stamp aria-hidden="true"}\nDRAFT\n:::' in text
    assert "not held to a seal" in text
    assert "at the foot of the page" in text
    assert r"data: adsl.csv: \<b\>3\</b\> rows instead of 2." in provenance_block(DRAFT)


def test_a_draft_without_a_seal_says_that_nothing_was_sealed():
    assert "Nothing was sealed." in stamp_block(UNSEALED)


def test_an_unlocked_run_of_what_is_sealed_says_that_nothing_differed():
    assert "Nothing differed from the seal" in stamp_block(DRAFT.model_copy(update={"differences": ()}))


def test_a_dry_run_says_that_every_row_is_synthetic():
    text = stamp_block(DRY)
    assert '::: {.stamp aria-hidden="true"}\nDRY RUN – synthetic data\n:::' in text
    assert "Every row behind this page is synthetic" in text


def test_the_foot_names_plan_data_code_libraries_engine_and_seal():
    text = provenance_block(PROVENANCE)
    for part in (
        f'SAP-X 1.2, [{"a1" * 6}]{{.digest title="SHA-256 {"a1" * 32}"}}',
        f'[{"d4" * 6}]{{.digest title="SHA-256 {"d4" * 32}"}}, 2 datasets, 84 rows',
        f'commit [{"f6" * 6}]{{.digest title="{"f6" * 20}"}}',
        "Python 3.11.7, numpy 2.4.6, scipy 1.17.1\n",
        "Quarto 1.11.0",
        f"as sealed on 2026-01-31T12:00:00Z, [{'18' * 6}]",
    ):
        assert part in text
    assert "uncommitted" not in text


def test_uncommitted_changes_are_said():
    dirty = PROVENANCE.model_copy(update={"code": PROVENANCE.code.model_copy(update={"dirty": True})})
    assert "with uncommitted changes" in provenance_block(dirty)


def test_code_outside_a_repository_has_no_commit():
    bare = PROVENANCE.model_copy(update={"code": PROVENANCE.code.model_copy(update={"commit": "", "tree": ""})})
    assert "commit" not in provenance_block(bare)


def test_post_hoc_analyses_have_their_digest():
    plan = PROVENANCE.plan.model_copy(update={"post_hoc_sha256": "29" * 32})
    assert f"post hoc analyses [{'29' * 6}]" in provenance_block(PROVENANCE.model_copy(update={"plan": plan}))


@each(
    ("made", "said"),
    [
        (DRAFT, "draft: 1 difference to the seal of 2026-01-31T12:00:00Z"),
        (UNSEALED, "draft: not sealed"),
        (UNSEALED.model_copy(update={"differences": ("chain: damaged",)}), "draft: the seal cannot be read"),
        (DRY, "dry run on synthetic data: needs no seal"),
    ],
)
def test_the_state_of_the_seal_is_said_in_words(made, said):
    assert said in provenance_block(made)


def test_a_page_without_results_says_that_nothing_was_run():
    assert "not run yet" in provenance_block(None)


def test_a_name_from_a_plan_is_text():
    plan = PROVENANCE.plan.model_copy(update={"version": "<script>"})
    assert "<script>" not in provenance_block(PROVENANCE.model_copy(update={"plan": plan}))
