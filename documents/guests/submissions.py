"""What guests send by their links: comments, verdicts, Word files. The use of the link and what is sent, both
or neither."""

from typing import IO

from django.db import transaction

from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.actions import activity
from coalition.workspaces.notifications.notify import notify
from documents.comments.actions import CommentGuest, reply_as_guest, start_thread_as_guest
from documents.comments.queries import threads_of_guest
from documents.drafts.access import NoSuchLink
from documents.drafts.live.projection import update_text_row
from documents.drafts.models import DraftText, GuestAct, Verdict
from documents.drafts.queries import people_of, reader_limits, seats_reading
from documents.guests.actions import use_guest_link
from documents.guests.models import GuestLink
from documents.guests.queries import files_for_guest, link_opens
from documents.interchange.actions.export import export_for_guest
from documents.interchange.actions.upload import upload_revision_by_guest
from documents.interchange.models import ExportedFile, IncomingFile
from documents.legal_review.actions import clear_as_guest


def comment_by_link(*, token: str, text: DraftText, body: str, quote: str = "", answers: str = "") -> None:
    """Start a thread on a text that the link opens, or reply in the guest's own thread `answers` (UUID).

    Raises NoSuchLink for a link that is invalid or not for comments, and for another's thread;
    GuestLinkOverused; Refused with the reason if the comment cannot be saved.
    """
    with transaction.atomic():
        link = use_guest_link(token=token, act=GuestAct.COMMENTED, language=text.language)
        if not (link.may_comment and link_opens(link, text)):
            raise NoSuchLink
        writer = CommentGuest(uuid=link.uuid, name=link.name)
        if not answers:
            start_thread_as_guest(guest=writer, text=text, body=body, quote=quote)
            return
        own = {str(one.uuid): one for one in threads_of_guest(link.uuid, text)}
        if answers not in own:
            raise NoSuchLink
        reply_as_guest(guest=writer, thread=own[answers], body=body)


def record_verdict_by_link(
    *, token: str, text: DraftText, digest: str, verdict: Verdict, note: str = ""
) -> None:
    """Record what a legal reader without a seat says of the words with this hash: the use of the link and the
    verdict, both or neither. Raises NoSuchLink, GuestLinkOverused, Refused as `clear_as_guest`."""
    update_text_row(text.uuid)
    with transaction.atomic():
        link = use_guest_link(token=token, act=GuestAct.CLEARED, language=text.language)
        if not (link.may_comment and link_opens(link, text)):
            raise NoSuchLink
        clear_as_guest(
            guest=CommentGuest(uuid=link.uuid, name=link.name),
            shown=link.version,
            text=text,
            digest=digest,
            verdict=verdict,
            note=note,
        )


EDITING_ROLES = [role for role in SeatRole if Right.EDIT in RIGHTS[role]]


def request_file_by_link(*, token: str, text: DraftText) -> ExportedFile:
    """Record the export of the text as a Word file by the link; `make_file` returns the bytes.

    Raises NoSuchLink for a link that is invalid or not for files, GuestLinkOverused.
    """
    with transaction.atomic():
        link = _used(token, GuestAct.DOWNLOADED, text)
        return export_for_guest(guest=link.uuid, organisation=link.organisation, text=text)


def fetch_file_by_link(*, token: str, text: DraftText, code: str) -> ExportedFile | None:
    """Return a slow file requested by this link before, or None if there is none."""
    with transaction.atomic():
        link = _used(token, GuestAct.DOWNLOADED, text)
        return next((made for made in files_for_guest(link, text) if made.code == code), None)


def send_file_by_link(*, token: str, text: DraftText, content: IO[bytes], name: str) -> IncomingFile:
    """Store a file uploaded by the link until an editor has reviewed it, and notify the editors.

    Raises NoSuchLink and GuestLinkOverused as above, Refused in words for an unsuitable file; the link's
    use is then not counted.
    """
    with transaction.atomic():
        link = _used(token, GuestAct.SENT_BACK, text)
        text.draft = link.draft
        file = upload_revision_by_guest(
            guest=CommentGuest(uuid=link.uuid, name=link.name),
            organisation=link.organisation,
            text=text,
            content=content,
            name=name,
        )
        # Readers of the draft are notified, editors are asked to review the file; the guest is not named.
        draft, limits = link.draft, reader_limits(link.draft)
        activity.record_activity(
            "guest_sent_back",
            workspace=draft.workspace,
            actor=None,
            organisation=None,
            subject_kind="draft",
            subject=draft.uuid,
            restricted_to=limits.organisations,
            named_people=limits.people,
            title=draft.title,
            language=text.language,
        )
        notify(
            people=people_of(seats_reading(draft).filter(role__in=EDITING_ROLES)),
            kind="file_of_a_guest",
            workspace=draft.workspace,
            actor=None,
            organisation=None,
            subject_kind="incoming",
            subject=file.uuid,
            language=text.language,
        )
    return file


def _used(token: str, act: GuestAct, text: DraftText) -> GuestLink:
    link = use_guest_link(token=token, act=act, language=text.language)
    if not (link.may_take_file and link_opens(link, text)):
        raise NoSuchLink
    return link
