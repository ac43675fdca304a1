"""A trial to seal, and the same trial sealed."""

import shutil

import pytest

from tests.sealed_trial import Trial, new_trial, own_program


@pytest.fixture(scope="session")
def sealed_once(tmp_path_factory) -> Trial:
    trial = new_trial(tmp_path_factory.mktemp("sealed") / "trial")
    with pytest.MonkeyPatch.context() as monkeypatch:
        own_program(trial, monkeypatch).seal("plan", "data", "code")
    return trial


@pytest.fixture
def trial(tmp_path, monkeypatch) -> Trial:
    """A trial that nobody has sealed."""
    return own_program(new_trial(tmp_path / "trial"), monkeypatch)


@pytest.fixture
def sealed(sealed_once, tmp_path, monkeypatch) -> Trial:
    """The trial with plan, data and code sealed, in this order."""
    shutil.copytree(sealed_once.folder, tmp_path / "trial")
    return own_program(Trial(tmp_path / "trial"), monkeypatch)
