"""docs/asvs.csv: every requirement of level 1 and 2 once, with a verdict, and a test or a reason."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from tests.architecture.asvs import WANTED
from tests.architecture.source import ROOT


class Row(NamedTuple):
    id: str
    level: str
    requirement: str
    verdict: str
    where: str
    evidence: str


VERDICTS = ("held", "partly", "not held", "does not apply")
NAMED = re.compile(
    r"(?<![\w/])((?:tests|coalition|demo|documents|events|home|docs|deploy|templates|requirements|\.ci)/[\w./*-]*\w)"
    r"(?:::(\w+))?"
)
with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
    HEAD, *ROWS = [Row(*cells) for cells in csv.reader(file)]


def test_every_requirement_is_there_once() -> None:
    assert Row._fields == HEAD
    assert len(WANTED) == 253
    assert [row.id for row in ROWS] == list(WANTED)
    assert {row.id: row.level for row in ROWS} == WANTED


def test_every_row_has_a_verdict_and_says_what_it_is_about() -> None:
    assert [row.id for row in ROWS if row.verdict not in VERDICTS] == []
    assert [row.id for row in ROWS if len(row.requirement) < 10] == []


def test_what_the_rows_name_exists() -> None:
    lost = [f"{row.id}: {name}" for row in ROWS for name in _lost(row)]
    assert not lost, "docs/asvs.csv names what does not exist:\n" + "\n".join(lost)


def _lost(row: Row) -> Iterator[str]:
    """Yield each file, folder or test that the row names and that does not exist."""
    for name, function in NAMED.findall(f"{row.where} {row.evidence}"):
        found = list(ROOT.glob(name)) if "*" in name else [ROOT / name]
        if not found or not found[0].exists():
            yield name
        elif function and not re.search(rf"def {function}\(", found[0].read_text(encoding="utf-8")):
            yield f"{name}::{function}"


def test_what_is_held_is_shown_and_what_is_not_has_its_reason() -> None:
    """A held row names a test or a place; one that is held in part says what is needed beside it."""
    held = [row for row in ROWS if row.verdict == "held"]
    assert [row.id for row in held if not NAMED.search(row.evidence)] == []
    open_ = [row for row in ROWS if row.verdict in {"partly", "not held"}]
    assert [row.id for row in open_ if "needed:" not in row.evidence.lower()] == []
    rest = [row for row in ROWS if row.verdict == "does not apply"]
    assert [row.id for row in rest if len(row.evidence) < 7] == []


def test_security_md_counts_them() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    counts = Counter(row.verdict for row in ROWS)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    assert told in page, told
