"""`make quick` finds the tests of what changed."""

import subprocess

import pytest

from tests import quick
from tests.quick import changed_files, find_tests


def chosen(*paths: str) -> set[str]:
    return set(find_tests(paths))


def test_a_module_is_tested_by_its_mirror_and_by_those_that_import_it():
    found = chosen("documents/approval/actions/decide.py")
    assert "tests/documents/approval/test_approve.py" in found
    assert "tests/documents/approval/test_races.py" in found  # imports it
    assert "tests/documents/approval/test_inherited_pages.py" not in found


def test_a_module_that_nothing_mirrors_is_tested_by_its_capability():
    found = chosen("events/exhibitions/guest_book/views.py")
    assert found
    assert all(name.startswith("tests/events/exhibitions/guest_book/") for name in found)
    assert all(name.endswith("_pages.py") for name in found)


def test_packages_of_coalition_are_mirrored_without_it():
    assert chosen("coalition/core/safe_fetch.py") == {"tests/core/test_safe_fetch.py"}


def test_a_template_is_tested_as_the_modules_that_render_it_or_what_includes_it():
    assert any(
        name.startswith("tests/documents/guests/") for name in chosen("templates/documents/guests/_row.html")
    )


def test_a_changed_test_runs_itself_and_a_deleted_one_does_not():
    assert chosen("tests/test_quick.py") == {"tests/test_quick.py"}
    assert chosen("tests/test_that_is_gone.py") == set()


def test_test_data_that_many_use_are_tested_beside_them():
    found = chosen("tests/documents/approval/builders.py")
    assert "tests/documents/approval/test_approve.py" in found
    assert {name.rpartition("/")[0] for name in found} == {"tests/documents/approval"}


def test_data_of_tests_are_tested_by_the_tests_that_read_them():
    assert "tests/permissions/test_surfaces.py" in chosen("tests/permissions/surfaces.toml")
    assert "tests/permissions/test_leaks.py" in chosen("tests/permissions/shown_at.toml")


def test_every_chosen_path_exists():
    everything = subprocess.run(
        ["git", "ls-files"], cwd=quick.ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert all((quick.ROOT / name).exists() for name in chosen(*everything[::40], *quick.OTHERS))


@pytest.fixture
def git(tmp_path):
    def run(*words: str) -> None:
        author = ["-c", "user.name=Tests", "-c", "user.email=tests@tests.example"]
        subprocess.run(["git", *author, *words], cwd=tmp_path, check=True, capture_output=True)

    return run


@pytest.fixture
def checkout(git, tmp_path, monkeypatch):
    git("init", "-q")
    for name in ("same.py", "uncommitted.py"):
        (tmp_path / name).write_text("1\n")
    git("add", ".")
    git("commit", "-qm", "First")
    (tmp_path / "committed.py").write_text("1\n")
    git("add", ".")
    git("commit", "-qm", "Second")
    (tmp_path / "uncommitted.py").write_text("2\n")
    (tmp_path / "untracked ө.py").write_text("1\n")
    monkeypatch.setattr(quick, "ROOT", tmp_path)


@pytest.mark.usefixtures("checkout")
def test_committed_uncommitted_and_untracked_files_are_found():
    assert changed_files("HEAD~1") == ["committed.py", "uncommitted.py", "untracked ө.py"]


@pytest.mark.usefixtures("checkout")
def test_what_the_other_branch_changed_since_is_not_tested(git):
    git("stash")
    git("checkout", "-q", "-b", "own")
    git("checkout", "-q", "-")
    (quick.ROOT / "of_another.py").write_text("1\n")
    git("add", "of_another.py")
    git("commit", "-qm", "Third")
    git("branch", "other")
    git("checkout", "-q", "own")
    assert changed_files("other") == ["untracked ө.py"]


@pytest.mark.usefixtures("checkout")
def test_a_base_that_is_no_commit_is_refused():
    with pytest.raises(SystemExit, match="BASE=nonsense is no commit"):
        changed_files("nonsense")


@pytest.mark.usefixtures("checkout")
def test_a_checkout_of_today_is_compared_with_its_first_commit():
    assert changed_files(quick.base_commit()) == ["committed.py", "uncommitted.py", "untracked ө.py"]
