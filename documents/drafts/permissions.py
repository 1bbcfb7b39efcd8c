"""What each handling mark asks of a guest link: the table that rules, queries and pages read.

A guest is a named person outside of the workspace, so a link is wider than the marks *named people* and *my
organisation*: there it is refused. *This workspace* and *the coalition* allow it to who needs to know (TLP
says the same of an organisation's clients): somebody answers for it by writing down why.
"""

from dataclasses import dataclass

from coalition.accounts.queries import press_officers_of
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval.models import PhoneCall
from documents.comments.models import Comment, LegalReader, Thread
from documents.drafts.enums import Audience, Handling
from documents.drafts.models import Draft
from documents.files.models import StoredFile
from documents.interchange.models import IncomingFile


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


# --- permissions ---
# Who may do what with drafts, texts, versions and files: named predicates, composed.
#
# Each takes the person's access to the workspace and a thing that the person may *read*: `queries` has
# decided that before. What is refused here is answered with words, not with 404.


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


def may_take_in(access: Access, file: IncomingFile) -> bool:
    """Decide on a Word file that was sent, or discard it: who sent it, and for a text also who edits it."""
    own = file.sent_by_id == access.user.pk and file.organisation_id == access.organisation.pk
    if file.text is None:
        return own and may_create(access)
    draft = file.text.draft
    return may_suggest_in(access, draft) and (own or may_edit_text(access, draft))


def may_see_guests(access: Access, draft: Draft) -> bool:
    """See who reads by link and what they did, and take links back: editors and coordinators."""
    return access.may(Right.EDIT) and may_read_draft(access, draft)


def hears_guests(access: Access) -> bool:
    """Learn that a guest wrote a comment, and when: those who read it. For all others a narrower thread
    is not there, whatever else they see of the guest."""
    return access.may(Right.MANAGE)


def may_invite_guests(access: Access, draft: Draft) -> bool:
    """Make a guest link under the mark that the draft has (`documents.drafts.permissions`)."""
    asked = GUESTS[Handling(draft.handling)]
    may = asked is not None and draft.archived_at is None and works_here(access, asked.right)
    return may and may_see_guests(access, draft)


def may_change_file(access: Access, file: StoredFile) -> bool:
    """Describe, mark, delete: editors, and contributors for what they brought."""
    may = works_here(access, Right.EDIT) or (works_here(access, Right.CREATE) and brought(access, file))
    return may and is_admitted(access, file)


def brought(access: Access, file: StoredFile) -> bool:
    """Shared by the person, on behalf of the organisation in whose name they act now."""
    return file.uploaded_by_id == access.user.pk and file.organisation_id == access.organisation.pk


def may_open_file(access: Access, file: StoredFile) -> bool:
    """Say who reads a file: coordinators, and who brought it."""
    leads = works_here(access, Right.MANAGE) or brought(access, file)
    return leads and may_change_file(access, file)


def may_mark_file(access: Access, file: StoredFile, mark: Handling) -> bool:
    """As for drafts: a stricter mark is for who changes the file, the others for who says who reads it."""
    before = Handling(file.handling)
    if mark == before:
        return True
    narrows = not (mark.names_readers or before.names_readers or mark.is_wider_than(before))
    return may_change_file(access, file) if narrows else may_open_file(access, file)


def require_that(allowed: bool, why: object = "") -> None:
    """Raise NotAllowed with the words unless allowed."""
    if not allowed:
        raise NotAllowed(why)


def required[T](found: T | None, why: object = "") -> T:
    """What was found. Raises NotAllowed with the words where nothing was."""
    if found is None:
        raise NotAllowed(why)
    return found


def may_put_to_approval(access: Access, draft: Draft) -> bool:
    """Put versions to organisations, put newer ones, close the round, publish: who holds the right."""
    return draft.archived_at is None and works_here(access, Right.PUBLISH) and may_read_draft(access, draft)


def may_ask_question(access: Access) -> bool:
    """Put a question to organisations, and take it back: who may put texts to them."""
    return works_here(access, Right.PUBLISH)


def may_attest(access: Access, draft: Draft) -> bool:
    """Answer that a translation says the same: everyone who may speak about the text beside it."""
    return may_comment(access, draft)


def may_confirm_call(access: Access, call: PhoneCall) -> bool:
    """Call back and confirm what was approved by phone: who reads the draft for an organisation that is
    neither the one that decided nor the caller's."""
    concerned = {call.organisation_id, call.caller_for_id}
    people = {call.caller_id, call.person_id}
    another = access.organisation.pk not in concerned and access.user.pk not in people
    return another and may_comment(access, call.round.draft)


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


def may_lead_letter(access: Access, draft: Draft) -> bool:
    """Open a public text for joining from outside, look at who joins, close it."""
    return works_here(access, Right.PUBLISH) and may_read_draft(access, draft)


def may_withdraw(access: Access, draft: Draft) -> bool:
    """Also when the draft is archived: what is public can always be taken back."""
    return works_here(access, Right.PUBLISH) and may_read_draft(access, draft)


def may_comment(access: Access, draft: Draft) -> bool:
    """Say something beside its texts: everyone who may read it, but observers; not in the archive."""
    return draft.archived_at is None and works_here(access, Right.COMMENT) and may_read_draft(access, draft)


def comments_are_over(draft: Draft) -> bool:
    """Whether the moment has come until which the text was open for comments."""
    return draft.comments_until is not None and draft.comments_until <= now()


def may_say_to(access: Access, draft: Draft, audience: str) -> bool:
    """Write a comment for this audience. Once comments are over, only coordinators speak to the workspace;
    within an organisation, and between a lawyer and the coordinators, the talk goes on."""
    closed = audience == Audience.WORKSPACE and comments_are_over(draft) and not access.may(Right.PUBLISH)
    return may_comment(access, draft) and not closed


def joins(access: Access, thread: Thread) -> bool:
    """Whether the person takes part in the thread in whose name they act now. They may read it: `queries`
    has decided that, for any of their seats. Needs `reader` loaded."""
    if thread.audience == Audience.ORGANISATION:
        return thread.organisation_id == access.organisation.pk
    if thread.audience == Audience.LEGAL:
        return access.may(Right.MANAGE) or (thread.reader is not None and is_reader(access, thread.reader))
    return True


def is_reader(access: Access, reader: LegalReader) -> bool:
    """Whether the person acts as this legal reader."""
    named = (reader.person_id, reader.organisation_id)
    return reader.ended_at is None and named == (access.user.pk, access.organisation.pk)


def may_reply(access: Access, thread: Thread) -> bool:
    return joins(access, thread) and may_say_to(access, thread.text.draft, thread.audience)


def settles(access: Access, thread: Thread, *, edits: bool) -> bool:
    """Whether it is the person's to say that a thread is done: for who began it, in whose name it was begun,
    and for who edits the text (`edits`); a narrower one is everyone's who takes part in it."""
    if thread.audience != Audience.WORKSPACE:
        return joins(access, thread)
    return edits or thread.organisation_id == access.organisation.pk


def may_settle(access: Access, thread: Thread) -> bool:
    """Resolve a thread, or open it again."""
    draft = thread.text.draft
    return may_comment(access, draft) and settles(access, thread, edits=may_edit_text(access, draft))


def is_authors(access: Access, comment: Comment) -> bool:
    """Written by the person, on behalf of the organisation in whose name they act now."""
    return (comment.author_id, comment.organisation_id) == (access.user.pk, access.organisation.pk)


def may_change_comment(access: Access, comment: Comment) -> bool:
    """Edit, delete, bring back: what one wrote oneself."""
    return is_authors(access, comment) and may_comment(access, comment.thread.text.draft)


def may_name_legal_reader(access: Access, draft: Draft) -> bool:
    """Say which member reads a draft as its lawyer."""
    return draft.archived_at is None and works_here(access, Right.MANAGE) and may_read_draft(access, draft)
