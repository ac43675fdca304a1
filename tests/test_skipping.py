"""What is not beside a checkout is skipped there, and fails where nothing may be skipped."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = """
import pytest

@pytest.mark.skipif(True, reason="the public data are not beside this checkout")
def test_by_a_mark():
    pass

def test_by_a_word():
    pytest.skip("the schema is not beside the checkout")

def test_for_another_reason():
    pytest.skip("R is not on this machine")
"""


def outcome(folder: Path, **environment: str) -> str:
    (folder / "test_it.py").write_text(SKIPPED, encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if k != "SAP_SKIP_NOTHING"}
    command = (sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "-n", "0")
    done = subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", folder, folder],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()[-1]


def test_what_is_beside_no_checkout_is_skipped(tmp_path):
    assert "3 skipped" in outcome(tmp_path)


def test_where_nothing_may_be_skipped_it_fails(tmp_path):
    assert "1 failed, 1 skipped, 1 error" in outcome(tmp_path, SAP_SKIP_NOTHING="1")
