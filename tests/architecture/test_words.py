"""docs/words.md: its Kazakh and Russian terms occur in the catalogues, its classes in the code."""

import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, modules

CELLS = 5
STRING = re.compile(r'^(?:msgstr(?:\[\d\])? )?"(.*)"$', re.MULTILINE)
TRANSLATION = re.compile(r'^msgstr(?:\[\d\])? ".*"(?:\n".*")*$', re.MULTILINE)


def _rows() -> Iterator[list[str]]:
    """Yield the five cells of each term."""
    for line in (ROOT / "docs" / "words.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == CELLS and cells[0] not in {"English", "---"}:
            yield cells


def _translations(language: str) -> str:
    """Return all translations of a catalogue, one a line, in lower case."""
    text = (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    return "\n".join("".join(STRING.findall(entry)) for entry in TRANSLATION.findall(text)).lower()


def test_there_are_terms() -> None:
    assert len(list(_rows())) > 80


@pytest.mark.parametrize(("language", "column"), [("kk", 1), ("ru", 2)])
def test_terms_occur_in_the_catalogue(language: str, column: int) -> None:
    catalogue = _translations(language)
    terms = (term for row in _rows() for term in row[column].split(", ") if term != "–")
    assert not [term for term in terms if not re.search(_any_ending(term.lower()), catalogue)]


def _any_ending(term: str) -> str:
    """Return a pattern for a term whose longer words may have another ending of up to two letters."""
    return r"\b" + re.sub(r"(\w{5,})\w\w\b", r"\1\\w*", re.escape(term))


def test_classes_occur_in_the_code() -> None:
    missing = []
    for row in _rows():
        place, *classes = re.findall(r"`([^`]+)`", row[3]) or [""]
        below = [tree for path, tree in modules().items() if path.startswith(place)]
        defined = {getattr(node, "name", "") for tree in below for node in tree.body}
        missing += [f"{row[0]}: {name} in {place}" for name in classes if name not in defined]
    assert not missing, "\n".join(missing)
