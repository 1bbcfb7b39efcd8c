"""Who may invite guests, and what each handling mark asks of a guest link: rules, queries and pages read it.

A guest is a named person outside of the workspace, so a link is wider than the marks *named people* and *my
organisation*: there it is refused. *This workspace* and *the coalition* allow it to who needs to know (TLP
says the same of an organisation's clients): somebody answers for it by writing down why.
"""

from dataclasses import dataclass

from coalition.roles import Right
from coalition.workspaces.rules import Access
from documents.drafts.enums import Handling
from documents.drafts.models import Draft
from documents.drafts.permissions import may_read_draft, works_here


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


def may_see_guests(access: Access, draft: Draft) -> bool:
    """See who reads by link and what they did, and take links back: editors and coordinators."""
    return access.may(Right.EDIT) and may_read_draft(access, draft)


def hears_guests(access: Access) -> bool:
    """Learn that a guest wrote a comment, and when: those who read it. For all others a narrower thread
    is not there, whatever else they see of the guest."""
    return access.may(Right.MANAGE)


def may_invite_guests(access: Access, draft: Draft) -> bool:
    """Make a guest link under the mark that the draft has (`GUESTS`)."""
    asked = GUESTS[Handling(draft.handling)]
    may = asked is not None and draft.archived_at is None and works_here(access, asked.right)
    return may and may_see_guests(access, draft)
