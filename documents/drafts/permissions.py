"""Who may do what with drafts, their texts and versions: named predicates, composed.

Each takes the person's access to the workspace and a thing that the person may *read*: `queries` has
decided that before. What is refused here is answered with words, not with 404.
"""

from dataclasses import dataclass

from coalition.accounts.queries import press_officers_of
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import Access, NotAllowed
from documents.drafts.enums import Handling
from documents.drafts.models import Draft
from documents.files.models import StoredFile


def works_here(access: Access, right: Right) -> bool:
    """The right, in a workspace that is not archived."""
    return access.may(right) and access.workspace.archived_at is None


def is_admitted(access: Access, thing: Draft | StoredFile) -> bool:
    """Whether list and handling mark let the person in, in whose name they act now."""
    if thing.restricted and not thing.restricted_to.filter(pk=access.organisation.pk).exists():
        return False
    if thing.handling == Handling.NAMED_PEOPLE:
        return thing.named_people.filter(pk=access.user.pk).exists()
    return thing.handling != Handling.ORGANISATION or thing.organisation_id == access.organisation.pk


def is_own(access: Access, draft: Draft) -> bool:
    """Made by the person, on behalf of the organisation in whose name they act now."""
    return draft.created_by_id == access.user.pk and draft.organisation_id == access.organisation.pk


def may_read_draft(access: Access, draft: Draft) -> bool:
    return access.may(Right.SEE_DRAFTS) and is_admitted(access, draft)


def may_create(access: Access) -> bool:
    """Start drafts and share files."""
    return works_here(access, Right.CREATE)


def may_tend(access: Access, draft: Draft) -> bool:
    """Change what stands around the text, and archive it: editors, and contributors for their own."""
    may = works_here(access, Right.EDIT) or (works_here(access, Right.CREATE) and is_own(access, draft))
    return may and may_read_draft(access, draft)


def is_final(draft: Draft) -> bool:
    """Whether the moment has come from which only coordinators change its words."""
    return draft.final_from is not None and draft.final_from <= now()


def is_closed_for(access: Access, draft: Draft) -> bool:
    """The text is final, and the person does not coordinate."""
    return is_final(draft) and not access.may(Right.PUBLISH)


def may_edit_text(access: Access, draft: Draft) -> bool:
    return draft.archived_at is None and may_tend(access, draft) and not is_closed_for(access, draft)


def may_suggest_in(access: Access, draft: Draft) -> bool:
    """Propose changes of the text, for others to accept."""
    may = works_here(access, Right.SUGGEST) and may_read_draft(access, draft)
    return may and draft.archived_at is None and not is_closed_for(access, draft)


def may_name_version(access: Access, draft: Draft) -> bool:
    return draft.archived_at is None and works_here(access, Right.EDIT) and may_read_draft(access, draft)


def may_restrict(access: Access, draft: Draft) -> bool:
    """Say for whom a draft is, and open it to more people: who coordinates, and who made it."""
    leads = works_here(access, Right.MANAGE) or is_own(access, draft)
    return leads and may_tend(access, draft)


def may_mark(access: Access, draft: Draft, mark: Handling) -> bool:
    """Who edits the draft may mark it more strictly. A mark that says itself who reads, and one that lets it
    travel further, is for those who say for whom it is."""
    before = Handling(draft.handling)
    if mark == before:
        return True
    narrows = not (mark.names_readers or before.names_readers or mark.is_wider_than(before))
    return may_tend(access, draft) if narrows else may_restrict(access, draft)


def may_export(access: Access, draft: Draft) -> bool:
    """Take the text out as a file: who reads it, under *named people* who is named. The mark goes along."""
    return may_read_draft(access, draft)


def require_that(allowed: bool, why: object = "") -> None:
    """Raise NotAllowed with the words unless allowed."""
    if not allowed:
        raise NotAllowed(why)


def required[T](found: T | None, why: object = "") -> T:
    """What was found. Raises NotAllowed with the words where nothing was."""
    if found is None:
        raise NotAllowed(why)
    return found


def may_ask_question(access: Access) -> bool:
    """Put a question to organisations, and take it back: who may put texts to them."""
    return works_here(access, Right.PUBLISH)


def is_press_officer(access: Access) -> bool:
    """Whether the person serves the media for the organisation in whose name they act, with a seat that sees
    drafts."""
    return (
        works_here(access, Right.SEE_DRAFTS)
        and press_officers_of(access.organisation).filter(person=access.user).exists()
    )


def may_serve_press(access: Access) -> bool:
    """Offer embargoes and write to outlets: who coordinates, and the organisation's press officer."""
    return works_here(access, Right.PUBLISH) or is_press_officer(access)


def may_keep_contacts(access: Access) -> bool:
    """Keep the outlets' people of one's organisation, and call them: who plans events or publishes, and its
    press officer."""
    return works_here(access, Right.PLAN) or is_press_officer(access)


def may_offer_embargo(access: Access, draft: Draft) -> bool:
    """Offer a text that is scheduled to people of outlets, and take that back."""
    return draft.archived_at is None and may_read_draft(access, draft) and may_serve_press(access)


def may_withdraw(access: Access, draft: Draft) -> bool:
    """Also when the draft is archived: what is public can always be taken back."""
    return works_here(access, Right.PUBLISH) and may_read_draft(access, draft)


def may_comment(access: Access, draft: Draft) -> bool:
    """Say something beside its texts: everyone who may read it, but observers; not in the archive."""
    return draft.archived_at is None and works_here(access, Right.COMMENT) and may_read_draft(access, draft)


def may_put_to_approval(access: Access, draft: Draft) -> bool:
    """Put versions to organisations, put newer ones, close the round, publish: who holds the right."""
    return draft.archived_at is None and works_here(access, Right.PUBLISH) and may_read_draft(access, draft)


def may_attest(access: Access, draft: Draft) -> bool:
    """Answer that a translation says the same: everyone who may speak about the text beside it."""
    return may_comment(access, draft)


def may_name_legal_reader(access: Access, draft: Draft) -> bool:
    """Say which member reads a draft as its lawyer."""
    return draft.archived_at is None and works_here(access, Right.MANAGE) and may_read_draft(access, draft)


@dataclass(frozen=True)
class GuestsAsk:
    """What it takes to make a link: a right in the workspace, and whether a reason is written down."""

    right: Right
    reason: bool


# A guest is a named person outside of the workspace, so a link is wider than the marks *named people* and *my
# organisation*: there it is refused. *This workspace* and *the coalition* allow it to who needs to know (TLP
# says the same of an organisation's clients): somebody answers for it by writing down why.
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
