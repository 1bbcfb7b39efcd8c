"""Who may invite guests, and what each handling mark asks of a guest link: rules, queries and pages read it.

A guest is a named person outside of the workspace, so a link is wider than the marks *named people* and *my
organisation*: there it is refused. *This workspace* and *the coalition* allow it to who needs to know (TLP
says the same of an organisation's clients): somebody answers for it by writing down why.
"""

from coalition.roles import Right
from coalition.workspaces.rules import Access
from documents.drafts.enums import Handling
from documents.drafts.models import Draft
from documents.drafts.permissions import GUESTS, may_see_guests, works_here


def hears_guests(access: Access) -> bool:
    """Learn that a guest wrote a comment, and when: those who read it. For all others a narrower thread
    is not there, whatever else they see of the guest."""
    return access.may(Right.MANAGE)


def may_invite_guests(access: Access, draft: Draft) -> bool:
    """Make a guest link under the mark that the draft has (`GUESTS`)."""
    asked = GUESTS[Handling(draft.handling)]
    may = asked is not None and draft.archived_at is None and works_here(access, asked.right)
    return may and may_see_guests(access, draft)
