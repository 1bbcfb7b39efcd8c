"""Who may do what with drafts, their texts and versions: named predicates, composed.

Each takes the person's access to the workspace and a thing that the person may *read*: `queries` has
decided that before. What is refused here is answered with words, not with 404.
"""

from dataclasses import dataclass

from coalition.accounts.queries import press_officers_of
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import Access, NotAllowed
from documents.drafts.models import Draft, Handling
from documents.files.models import StoredFile


def has_active_right(access: Access, right: Right) -> bool:
    """Whether the person has the right, in a workspace that is not archived."""
    return access.may(right) and access.workspace.archived_at is None


def is_admitted(access: Access, thing: Draft | StoredFile) -> bool:
    """Whether list and handling mark admit the person with the organisation they act for now."""
    if thing.restricted and not thing.restricted_to.filter(pk=access.organisation.pk).exists():
        return False
    if thing.handling == Handling.NAMED_PEOPLE:
        return thing.named_people.filter(pk=access.user.pk).exists()
    return thing.handling != Handling.ORGANISATION or thing.organisation_id == access.organisation.pk


def is_own(access: Access, draft: Draft) -> bool:
    """Whether the person created it, on behalf of the organisation they act for now."""
    return draft.created_by_id == access.user.pk and draft.organisation_id == access.organisation.pk


def may_read_draft(access: Access, draft: Draft) -> bool:
    return access.may(Right.SEE_DRAFTS) and is_admitted(access, draft)


def may_act_on(access: Access, draft: Draft, right: Right) -> bool:
    """Whether a reader has the right, and neither the draft nor the workspace is archived."""
    return draft.archived_at is None and has_active_right(access, right) and may_read_draft(access, draft)


def may_create(access: Access) -> bool:
    """Whether the person may create drafts and share files."""
    return has_active_right(access, Right.CREATE)


def may_edit_draft_settings(access: Access, draft: Draft) -> bool:
    """Whether the person may change settings and archive: editors, contributors for their own."""
    may = has_active_right(access, Right.EDIT) or (
        has_active_right(access, Right.CREATE) and is_own(access, draft)
    )
    return may and may_read_draft(access, draft)


def is_closed_for(access: Access, draft: Draft) -> bool:
    """Whether the text is final and the person is no coordinator."""
    is_final = draft.final_from is not None and draft.final_from <= now()
    return is_final and not access.may(Right.PUBLISH)


def may_edit_text(access: Access, draft: Draft) -> bool:
    return (
        draft.archived_at is None
        and may_edit_draft_settings(access, draft)
        and not is_closed_for(access, draft)
    )


def may_suggest_in(access: Access, draft: Draft) -> bool:
    """Whether the person may suggest changes of the text."""
    return may_act_on(access, draft, Right.SUGGEST) and not is_closed_for(access, draft)


def may_name_version(access: Access, draft: Draft) -> bool:
    return may_act_on(access, draft, Right.EDIT)


def may_restrict(access: Access, draft: Draft) -> bool:
    """Whether the person may set a draft's readers and open it to more: coordinators, author."""
    leads = has_active_right(access, Right.MANAGE) or is_own(access, draft)
    return leads and may_edit_draft_settings(access, draft)


def may_mark(access: Access, draft: Draft, mark: Handling) -> bool:
    """Whether the person may set this mark. Editors may set a stricter one; a mark that names
    readers, or one that lets the draft travel further, needs the right to set its readers."""
    before = Handling(draft.handling)
    if mark == before:
        return True
    narrows = not (mark.names_readers or before.names_readers or mark.is_wider_than(before))
    return may_edit_draft_settings(access, draft) if narrows else may_restrict(access, draft)


def may_export(access: Access, draft: Draft) -> bool:
    """Whether the person may export the text as a file: its readers; under *named people* only the
    named. The file carries the mark."""
    return may_read_draft(access, draft)


def require_that(allowed: bool, why: object = "") -> None:
    """Raise NotAllowed with the message unless allowed."""
    if not allowed:
        raise NotAllowed(why)


def require_found[T](found: T | None, why: object = "") -> T:
    """Return the value. Raises NotAllowed with the message if it is None."""
    if found is None:
        raise NotAllowed(why)
    return found


def may_ask_question(access: Access) -> bool:
    """Whether the person may put a question to organisations and withdraw it: as for texts."""
    return has_active_right(access, Right.PUBLISH)


def is_press_officer(access: Access) -> bool:
    """Whether the person is press officer of their current organisation, with a seat for drafts."""
    return (
        has_active_right(access, Right.SEE_DRAFTS)
        and press_officers_of(access.organisation).filter(person=access.user).exists()
    )


def may_serve_press(access: Access) -> bool:
    """Whether the person may offer embargoes and write to outlets: coordinators, press officer."""
    return has_active_right(access, Right.PUBLISH) or is_press_officer(access)


def may_manage_contacts(access: Access) -> bool:
    """Whether the person may manage and call their organisation's press contacts: event planners,
    publishers and its press officer."""
    return has_active_right(access, Right.PLAN) or is_press_officer(access)


def may_offer_embargo(access: Access, draft: Draft) -> bool:
    """Whether the person may offer a scheduled text to press contacts, and withdraw the offer."""
    return draft.archived_at is None and may_read_draft(access, draft) and may_serve_press(access)


def may_manage_publication(access: Access, draft: Draft) -> bool:
    """Whether the person may withdraw what was published, decide that it stays, and open it for joining from
    outside; possible for an archived draft too."""
    return has_active_right(access, Right.PUBLISH) and may_read_draft(access, draft)


def may_comment(access: Access, draft: Draft) -> bool:
    """Whether the person may comment on its texts: readers but observers; not in the archive."""
    return may_act_on(access, draft, Right.COMMENT)


def may_submit_for_approval(access: Access, draft: Draft) -> bool:
    """Whether the person may submit versions, submit newer ones, close the round, publish."""
    return may_act_on(access, draft, Right.PUBLISH)


def may_attest(access: Access, draft: Draft) -> bool:
    """Whether the person may attest that a translation says the same: all who may comment on it."""
    return may_comment(access, draft)


def may_name_legal_reader(access: Access, draft: Draft) -> bool:
    """Whether the person may name the member who reads a draft as its lawyer."""
    return may_act_on(access, draft, Right.MANAGE)


@dataclass(frozen=True)
class GuestLinkRequirement:
    """Requirements for creating a link: a right in the workspace, and whether a reason is needed."""

    right: Right
    reason: bool


# A guest is a named person outside of the workspace, so a link is wider than the marks *named people* and *my
# organisation*: there it is refused. *This workspace* and *the coalition* allow it to who needs to know (TLP
# says the same of an organisation's clients): somebody answers for it by writing down why.
GUEST_LINK_REQUIREMENTS: dict[Handling, GuestLinkRequirement | None] = {
    Handling.NAMED_PEOPLE: None,
    Handling.ORGANISATION: None,
    Handling.WORKSPACE: GuestLinkRequirement(right=Right.MANAGE, reason=True),
    Handling.COALITION: GuestLinkRequirement(right=Right.EDIT, reason=True),
    Handling.PUBLIC: GuestLinkRequirement(right=Right.EDIT, reason=False),
}


def may_see_guests(access: Access, draft: Draft) -> bool:
    """Whether the person may see guests and their uses, and revoke links: editors, coordinators."""
    return access.may(Right.EDIT) and may_read_draft(access, draft)
