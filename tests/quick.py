"""`make quick`: run the tests of the files that changed since a commit, those that failed last time first.

A module is tested by the files that mirror it (`documents/approval/actions/decide.py`:
`tests/documents/approval/test_approve*.py`) and by those that import it, if they are few; without either, by
the tests of its capability. A template is tested as the modules that render it, a module of test data as the
tests that import it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
RECENT = "4 hours ago"
PACKAGES = ("coalition", "demo", "documents", "events", "home")
# Folders of a capability that its tests do not repeat (docs/architecture.md).
PAGES = {"forms", "presenters", "public_views", "urls", "views"}
SLOTS = {"actions", "domain", "enums", "models", "notifications", "pdf", "permissions", "queries", *PAGES}
# What is neither a module nor a template: its tests, by the beginning of its path.
OTHERS = {
    ".ci/": ["tests/architecture"],
    "assets/": ["tests/editor", "tests/assets"],
    "deploy/": ["tests/deploy/test_files.py", "tests/architecture"],
    "docs/": ["tests/architecture/test_docs.py", "tests/architecture/test_words.py"],
    "locale/": ["tests/architecture/test_words.py"],
    "Makefile": ["tests/architecture"],
    "pyproject.toml": ["tests/architecture"],
    "requirements/": ["tests/architecture/test_floors.py"],
}
MOST_IMPORTERS = 8  # of a module that more tests import, only those beside it or named after it
FROM_IMPORT = re.compile(r"^\s*from ([\w.]+) import (\([^)]*\)|[^\n(]*)", re.MULTILINE)
PLAIN_IMPORT = re.compile(r"^\s*import ([\w.]+)", re.MULTILINE)


def main(arguments: list[str]) -> int:
    """Run pytest on the tests of what changed; return its exit status, 0 if there are none."""
    base = os.environ.get("BASE") or base_commit()
    changed = changed_files(base)
    chosen = sorted(set(find_tests(changed)))
    sys.stdout.write(
        f"{len(changed)} files changed since {base}: {len(chosen)} test files of {len(all_test_files())}\n"
    )
    sys.stdout.flush()
    if not chosen:
        return 0
    processes = ["-n", "2", "--dist", "loadfile"] if len(chosen) > 20 else ["-n", "0"]
    wanted = ["-m", "not slow and not journey", "--failed-first"]
    command = [sys.executable, "-m", "pytest", "-q", *processes, *wanted, *chosen, *arguments]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status == 5:  # nothing was left to run
        sys.stdout.write("All of these are slow or journeys: make test-slow, make test-browser ARGS=<path>\n")
        return 0
    return status


def base_commit() -> str:
    """Return the newest commit older than four hours, or the first one there is."""
    older = _git("rev-list", "-1", f"--before={RECENT}", "HEAD")
    return (older or _git("rev-list", "--max-parents=0", "HEAD"))[0][:12]


def changed_files(base: str) -> list[str]:
    """Return the paths that changed since HEAD and the commit parted: committed, uncommitted, not tracked.

    Exits with a sentence if there is no such commit.
    """
    try:
        left_at = _git("merge-base", base, "HEAD")[0]
    except subprocess.CalledProcessError:
        raise SystemExit(f"BASE={base} is no commit that HEAD has a common history with.") from None
    return sorted(
        {
            *_git("diff", "-z", "--name-only", left_at),
            *_git("ls-files", "-z", "--others", "--exclude-standard"),
        }
    )


def find_tests(changed: Iterable[str]) -> Iterator[str]:
    """Yield the test files, or folders of them, that test the changed paths."""
    for path in changed:
        parts = PurePosixPath(path)
        if parts.parts[0] == "tests":
            yield from _tests_of_tests(path)
        elif parts.parts[0] == "templates":
            yield from _tests_of_template(path.removeprefix("templates/"))
        elif parts.parts[0] in PACKAGES and parts.suffix == ".py" and "migrations" not in parts.parts:
            yield from _tests_of_module(path)
        else:
            for beginning, tests in OTHERS.items():
                if path.startswith(beginning):
                    yield from tests


def _tests_of_module(path: str) -> list[str]:
    module = PurePosixPath(path)
    inner = [part for part in module.parent.parts if part not in SLOTS]
    folder = "/".join(["tests", *inner]).replace("tests/coalition/", "tests/")
    name = module.parent.name if module.stem == "__init__" else module.stem
    mirrors = re.compile(rf"{re.escape(folder)}/test_{re.escape(name)}(_\w+)?\.py")
    importers = _importers(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    if len(importers) > MOST_IMPORTERS:
        importers = []
    found = [*filter(mirrors.fullmatch, all_test_files()), *importers]
    return found or _tests_of_capability(folder, of_pages=bool(PAGES & {*module.parent.parts, module.stem}))


def _tests_of_capability(folder: str, *, of_pages: bool) -> list[str]:
    """Return the tests of the nearest folder that has any: those of pages, or those of everything else."""
    while folder != "tests":
        there = [test for test in all_test_files() if PurePosixPath(test).parent == PurePosixPath(folder)]
        if there:
            return [test for test in there if test.endswith("_pages.py") == of_pages] or there
        folder = folder.rpartition("/")[0]
    return []


def _tests_of_tests(path: str) -> list[str]:
    if path in all_test_files():
        return [path]
    if not (ROOT / path).exists():
        return []
    if not path.endswith(".py"):
        return _tests_of_data(PurePosixPath(path).name)
    if path.endswith("/conftest.py"):
        folder = path.removesuffix("conftest.py")
        return [test for test in all_test_files() if test.rpartition("/")[0] + "/" == folder]
    importers = _importers(path.removesuffix(".py").replace("/", "."))
    if len(importers) <= MOST_IMPORTERS:
        return importers
    return [test for test in importers if PurePosixPath(test).parent == PurePosixPath(path).parent]


def _tests_of_data(name: str) -> list[str]:
    """Return the tests that name a file of theirs, or that import a module which does."""
    naming = [path.relative_to(ROOT).as_posix() for path in _sources("*.py", "tests") if name in _text(path)]
    return [
        test for path in naming for test in ([path] if path in all_test_files() else _tests_of_tests(path))
    ]


def _tests_of_template(name: str) -> Iterator[str]:
    """Yield the tests of the modules that render a template, or one that includes or extends it."""
    names, waiting = {name}, [name]
    while waiting:
        current = waiting.pop()
        for module in _sources("*.py", *PACKAGES):
            if current in _text(module):
                yield from _tests_of_module(module.relative_to(ROOT).as_posix())
        around = {
            path.relative_to(ROOT / "templates").as_posix()
            for path in _sources("*.html", "templates")
            if f'"{current}"' in _text(path)
        }
        waiting += around - names
        names |= around


def _importers(module: str) -> list[str]:
    """Return the test files that import a module, as `import a.b` or `from a import b`."""
    return _imports().get(module, [])


@cache
def _imports() -> dict[str, list[str]]:
    """Return the test files that import each dotted name."""
    found: dict[str, list[str]] = {}
    for test in all_test_files():
        names = set()
        for module, imported in FROM_IMPORT.findall(_text(ROOT / test)):
            names |= {module, *(f"{module}.{name}" for name in re.findall(r"\w+", imported))}
        names |= set(PLAIN_IMPORT.findall(_text(ROOT / test)))
        for name in names:
            found.setdefault(name, []).append(test)
    return found


@cache
def all_test_files() -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py"))


@cache
def _sources(pattern: str, *folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob(pattern))]


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _git(*words: str) -> list[str]:
    answer = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return answer.stdout.replace("\0", "\n").splitlines()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
