"""What a machine can check in the documentation: links, commands, file names, lengths, rights."""

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
PLACES = ("",)  # where a path that is named may begin, beside the folder of its page
LONGEST_CHANGE = 160  # characters of a line in the changelog
FORMS = ("{}", "{}.py")  # docs name a slot of a capability without saying whether it is a module or a folder
FILE = re.compile(
    r"(?<![\w/.-])(?:coalition|documents|events|home|tests|templates|assets|deploy|docs|locale|bench|\.ci)/[\w./-]*\w"
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
    yield from (
        name
        for name in sorted(named)
        if not any((place / form.format(name)).exists() for place in places for form in FORMS)
    )


def test_files_that_are_named_exist() -> None:
    lost = _listed(_lost_files)
    assert not lost, f"files that do not exist:\n{lost}"


def test_the_readme_is_short() -> None:
    """One screen and a half: the tours are in docs/tour.md."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 90


def test_a_change_is_one_line_of_the_changelog() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    changes = lines[lines.index("## Unreleased") + 1 :]
    assert not [line for line in changes if len(line) > LONGEST_CHANGE or line.startswith(" ")]


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
