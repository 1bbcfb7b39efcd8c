"""A fact as it stands in a text: its words and source by value, its version by UUID.

Only what `run_of` gives counts as the register's words; a text that holds others under the same UUID says
something else (`documents/checklist/facts.py`).
"""

from typing import TypedDict
from uuid import UUID

from documents.facts.models import FactVersion, FactWords


class Run(TypedDict):
    """The attributes of the editor's node, and of the canonical run."""

    id: str
    words: str
    source: str


def run_of(version: FactVersion, words: FactWords) -> Run:
    """What a text in the language of `words` says of the version. A sentence that ends a line there gets its
    full stop from the text: it may stand in the middle of one."""
    said = f"{words.numeral} {words.sentence}".strip()
    title = f"“{version.title}”" if version.title else ""
    about = (_sentence(part) for part in (words.scope, words.source, title))
    source = " ".join(part for part in (*about, version.address) if part)
    return {"id": str(version.uuid), "words": said.removesuffix("."), "source": source}


def version_named(run: object) -> UUID | None:
    """The version that a node or run names; None for one that is of no register."""
    try:
        return UUID(str(run))
    except ValueError:
        return None


def _sentence(words: str) -> str:
    return words if not words or words[-1] in ".!?…" else f"{words}."
