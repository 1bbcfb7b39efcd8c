"""What each handling mark asks of a guest link: the table that rules, queries and pages read.

A guest is a named person outside of the workspace, so a link is wider than the marks *named people* and *my
organisation*: there it is refused. *This workspace* and *the coalition* allow it to who needs to know (TLP
says the same of an organisation's clients): somebody answers for it by writing down why.
"""

from dataclasses import dataclass

from coalition.roles import Right
from documents.drafts.enums import Handling


@dataclass(frozen=True)
class GuestsAsk:
    """What it takes to make a link: a right in the workspace, and whether a reason is written down."""

    right: Right
    reason: bool


GUESTS: dict[Handling, GuestsAsk | None] = {
    Handling.NAMED_PEOPLE: None,
    Handling.ORGANISATION: None,
    Handling.WORKSPACE: GuestsAsk(right=Right.MANAGE, reason=True),
    Handling.COALITION: GuestsAsk(right=Right.EDIT, reason=True),
    Handling.PUBLIC: GuestsAsk(right=Right.EDIT, reason=False),
}
