"""Columns of an imported spreadsheet that say of what coverage is, registered by the layers that own it.

register_subject_column("media_item", SubjectColumn(heads="item, material", names=names_in, attach=attach))
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from events.press.coverage.models import Coverage


@dataclass(frozen=True, kw_only=True)
class SubjectColumn:
    """One column. `heads`: its headings, separated by commas; `names(workspace)`: what its cells may hold, in
    lower case; `attach(access, coverage, name)`: called for each imported row with something in this column,
    inside the transaction of the import. It leaves out what it does not know."""

    heads: str
    names: Callable[[Workspace], Collection[str]]
    attach: Callable[[Access, Coverage, str], None]


_columns: Final[dict[str, SubjectColumn]] = {}


def register_subject_column(name: str, column: SubjectColumn) -> None:
    """Register from `AppConfig.ready()`. `name` must not be one of the columns of coverage itself."""
    _columns[name] = column


def subject_heads() -> dict[str, str]:
    """Return the headings of each column."""
    return {name: column.heads for name, column in _columns.items()}


def subject_names(workspace: Workspace, found: Collection[str]) -> dict[str, Collection[str]]:
    """Return what the cells of these columns may hold, without those that are no subjects."""
    return {name: column.names(workspace) for name, column in _columns.items() if name in found}


def attach_subjects(access: Access, coverage: Coverage, cells: Mapping[str, str]) -> None:
    """Attach what the cells of a row name, by column."""
    for name, column in _columns.items():
        words = cells.get(name, "").strip().casefold()
        if words:
            column.attach(access, coverage, words)
