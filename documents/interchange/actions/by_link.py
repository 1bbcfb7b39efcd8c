"""The Word file of a guest: taken out by a link, and sent back for a look by those who edit."""

from typing import IO

from django.db import transaction

from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.domain import activity
from coalition.workspaces.domain.notify import notify
from documents.drafts.enums import GuestAct
from documents.drafts.models import DraftText
from documents.drafts.queries import limits_of, people_of, seats_reading
from documents.guests.actions import NoSuchLink, use_guest_link
from documents.guests.models import GuestLink
from documents.guests.queries import files_for_guest, opens
from documents.interchange.actions.export import export_for_guest
from documents.interchange.actions.upload import send_back_by_guest
from documents.interchange.models import ExportedFile, IncomingFile

FILE_OF_A_GUEST = "file_of_a_guest"  # kind of notification
EDITING = [role for role in SeatRole if Right.EDIT in RIGHTS[role]]


def take_file_by_link(*, token: str, text: DraftText) -> ExportedFile:
    """Write down that the text leaves by the link as a Word file; `make_file` gives the bytes.

    Raises NoSuchLink for a link that does not count or is not for files, TooOften.
    """
    with transaction.atomic():
        link = _used(token, GuestAct.DOWNLOADED, text)
        return export_for_guest(link=link, text=text)


def fetch_file_by_link(*, token: str, text: DraftText, code: str) -> ExportedFile | None:
    """A file that was asked for by this link before and takes long to make; None if there is none."""
    with transaction.atomic():
        link = _used(token, GuestAct.DOWNLOADED, text)
        return next((made for made in files_for_guest(link, text) if made.code == code), None)


def send_file_by_link(*, token: str, text: DraftText, content: IO[bytes], name: str) -> IncomingFile:
    """Keep a file that comes back by the link until somebody who edits has looked at it, and tell them.

    Raises NoSuchLink and TooOften as above, Refused in words for what is no such file; then nothing was used.
    """
    with transaction.atomic():
        link = _used(token, GuestAct.SENT_BACK, text)
        file = send_back_by_guest(link=link, text=text, content=content, name=name)
        _tell(link, text, file)
    return file


def _used(token: str, act: GuestAct, text: DraftText) -> GuestLink:
    link = use_guest_link(token=token, act=act, language=text.language)
    if not (link.may_take_file and opens(link, text)):
        raise NoSuchLink
    return link


def _tell(link: GuestLink, text: DraftText, file: IncomingFile) -> None:
    """Readers hear that something came; who edits is asked to look. Neither tells who the guest is."""
    draft = link.draft
    limits = limits_of(draft)
    activity.note(
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
        people=people_of(seats_reading(draft).filter(role__in=EDITING)),
        kind=FILE_OF_A_GUEST,
        workspace=draft.workspace,
        actor=None,
        organisation=None,
        subject_kind="incoming",
        subject=file.uuid,
        language=text.language,
    )
