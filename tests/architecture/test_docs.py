"""The documentation tells the truth where a machine can tell: links, commands, the table of rights."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.core.management import get_commands

from coalition.roles import RIGHTS, Right
from tests.architecture.source import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^ *```(?:sh|python)?\n(.*?)^ *```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"(?:^|\s)make ([a-z][a-z-]*)", re.MULTILINE)
MANAGE = re.compile(r"manage\.py ([a-z][a-z_]*)")
PLACES = ("", "coalition", "documents")  # where a path that is named may begin
FILE = re.compile(
    r"(?<![\w/.-])(?:coalition|demo|documents|home|tests|templates|assets|deploy|docs|locale|\.ci|partners|workspaces"
    r"|realtime|outbox|clock|canonical)/[\w./-]*\w"
)


def _code(page: Path) -> Iterator[str]:
    for block, words in CODE.findall(page.read_text(encoding="utf-8")):
        yield block or words


def _headings(page: Path) -> set[str]:
    """The anchors of a page, as they are made from its headings."""
    lines = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-") for line in lines}


def _listed(faults: Callable[[Path], Iterable[str]]) -> str:
    """Return a line for each fault of each page."""
    return "\n".join(f"{page.relative_to(ROOT)}: {fault}" for page in PAGES for fault in faults(page))


def _lost_links(page: Path) -> Iterator[str]:
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _hash, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in _headings(there)):
            yield target


def test_links_lead_somewhere() -> None:
    lost = _listed(_lost_links)
    assert not lost, f"links that lead nowhere:\n{lost}"


def _lost_commands(page: Path) -> Iterator[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)
    code = "\n".join(_code(page))
    yield from (f"make {name}" for name in sorted(set(MAKE.findall(code)) - set(targets)))
    yield from (f"manage.py {name}" for name in sorted(set(MANAGE.findall(code)) - get_commands().keys()))


def test_commands_exist() -> None:
    lost = _listed(_lost_commands)
    assert not lost, f"commands that do not exist:\n{lost}"


def _lost_files(page: Path) -> Iterator[str]:
    named = {name for words in _code(page) if "<" not in words for name in FILE.findall(words)}
    places = [page.parent, *(ROOT / place for place in PLACES)]
    yield from (name for name in sorted(named) if not any((place / name).exists() for place in places))


def test_files_that_are_named_exist() -> None:
    lost = _listed(_lost_files)
    assert not lost, f"files that do not exist:\n{lost}"


def test_the_readme_is_read_in_a_minute() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_pictures_are_light() -> None:
    heavy = [path.name for path in (ROOT / "docs" / "pictures").iterdir() if path.stat().st_size > 250_000]
    assert not heavy


def test_every_decision_is_listed() -> None:
    decisions = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((decisions / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in decisions.glob("0*.md")}


def test_the_table_of_rights_is_the_one_that_holds() -> None:
    told = {}
    for line in (ROOT / "docs" / "roles.md").read_text(encoding="utf-8").splitlines():
        name, *cells = line.strip("|").split("|")
        if len(cells) == len(RIGHTS) and (right := re.match(r" `(\w+)`: ", name)):
            told[right[1]] = [cell.strip() == "✓" for cell in cells]
    assert told == {right.value: [right in rights for rights in RIGHTS.values()] for right in Right}
