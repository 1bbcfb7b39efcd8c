"""When a seed of the journeys is used again."""

import os
import time
from pathlib import Path

import pytest

from tests.journeys import servers


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Code of one file in an empty project; returns the folders that were seeded."""
    folders: list[Path] = []

    def seeded(folder: Path) -> None:
        folders.append(folder)
        (folder / "coalition.sqlite3").write_text(f"seed {len(folders)}")

    monkeypatch.setattr(servers, "ROOT", tmp_path)
    monkeypatch.setattr(servers, "seeded", seeded)
    (tmp_path / "build").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "seed.py").write_text("ORGANISATIONS = 12")
    return folders


def seed(folder: Path) -> str:
    folder.mkdir()
    servers.seeded_or_cached(folder)
    return (folder / "coalition.sqlite3").read_text()


def test_a_seed_of_the_same_code_is_used_again(made, tmp_path):
    assert [seed(tmp_path / "first"), seed(tmp_path / "second")] == ["seed 1", "seed 1"]
    assert made == [tmp_path / "first"]


def test_other_code_is_seeded_anew_and_leaves_one_seed(made, tmp_path):
    seed(tmp_path / "first")
    (tmp_path / "home" / "seed.py").write_text("ORGANISATIONS = 13")
    assert seed(tmp_path / "second") == "seed 2"
    assert len([*(tmp_path / "build").iterdir()]) == 1


def test_an_old_seed_is_made_anew(made, tmp_path):
    seed(tmp_path / "first")
    (cached,) = (tmp_path / "build").iterdir()
    then = time.time() - servers.FRESH - 1
    os.utime(cached / "coalition.sqlite3", (then, then))
    assert seed(tmp_path / "second") == "seed 2"
