"""Generation of an exported file from its record alone, which includes the words."""

import base64
import datetime
import logging
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.signing import Signer
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.sandbox.run import SandboxFailed
from coalition.workspaces.permissions import Access
from documents.canonical.serialise import CanonicalError
from documents.drafts import audit as drafts_audit
from documents.drafts.actions.texts import pictures_for_text
from documents.drafts.enums import Handling, TextKind
from documents.drafts.live.projection import update_text_row
from documents.drafts.live.server_edits import marked_of
from documents.drafts.live.suggestions import accept_all, open_suggestions_in, reject_all
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_export, require_that
from documents.files.queries import pictures_in
from documents.interchange.comments import ExportedThread, threads_to_export
from documents.interchange.file_properties import FileProperties
from documents.interchange.formats import (
    DrawnPicture,
    FileFormat,
    SuggestionDisplay,
    draw_for_file,
    file_name,
    make_docx,
    make_odt,
)
from documents.interchange.models import ExportedFile
from documents.interchange.pdf.pages import make_pdf
from documents.interchange.plain_text import make_markdown, make_text
from documents.interchange.queries import names_in_file, without_imported
from documents.interchange.suggest.threads import FileContext, FileThread, ThreadRemark

LETTER_KINDS = frozenset({TextKind.LETTER, TextKind.DEPUTY_LETTER})

logger = logging.getLogger(__name__)


def make_file(made: ExportedFile, token: str) -> bytes | None:
    """Return the file, or None if generating it failed; the reason is logged."""
    try:
        return _FileBuilder(made, token).bytes()
    except (SandboxFailed, CanonicalError, FileNotFoundError) as error:
        logger.warning("a file of %s could not be made: %s", made.uuid, type(error).__name__)
        return None


class _FileBuilder:
    def __init__(self, made: ExportedFile, token: str) -> None:
        self.made = made
        self.text = made.text
        self.marked = marked_for_display(made.marked, SuggestionDisplay(made.view))
        self.format = FileFormat(made.format)
        self.sheet = FileProperties(
            title=self.text.title or fallback_title(self.text),
            language=self.text.language,
            mark=handling_label(made.handling, self.text.language),
            token=token if self.format.comes_back else "",
            letterhead=tuple(made.shown["letterhead"]),
        )

    def bytes(self) -> bytes:
        match self.format:
            case FileFormat.MARKDOWN | FileFormat.PLAIN:
                pictures = pictures_for_text(self.text.draft, self.marked, reading=True)
                make = make_markdown if self.format is FileFormat.MARKDOWN else make_text
                return make(self.marked, sheet=self.sheet, pictures=pictures)
            case FileFormat.PDF:
                drawn = self._drawn()
                files = {f"{name}.{one.ending}": one.content for name, one in drawn.items()}
                places = {name: (f"{name}.{one.ending}", one.width) for name, one in drawn.items()}
                return make_pdf(self.marked, sheet=self.sheet, around=self._around(places), files=files)
        places = {name: (_picture_data_url(one), one.width) for name, one in self._drawn().items()}
        write = make_docx if self.format is FileFormat.DOCX else make_odt
        return write(self.marked, sheet=self.sheet, around=self._around(places))

    def _around(self, pictures: dict[str, tuple[str, str]]) -> FileContext:
        names = exported_names(self.made)
        threads = {one["id"]: _thread_from_record(one) for one in self.made.shown["threads"]}
        return FileContext(lambda suggestion: names.get(suggestion, ""), threads, pictures)

    def _drawn(self) -> dict[str, DrawnPicture]:
        """Return the pictures that were part of the file when it was requested."""
        drawn = {}
        for file in pictures_in(self.text.draft.workspace, self.made.shown["pictures"]):
            with file.file.open("rb") as content:
                picture = draw_for_file(BytesIO(content.read()))
            if picture is not None:
                drawn[str(file.uuid)] = picture
        return drawn


def marked_for_display(marked: dict[str, Any], view: SuggestionDisplay) -> dict[str, Any]:
    """Return the text as this view of a file renders it."""
    if view is SuggestionDisplay.SUGGESTIONS:
        return marked
    return reject_all(marked) if view is SuggestionDisplay.STANDING else accept_all(marked)


def exported_names(made: ExportedFile) -> dict[str, str]:
    """Return the names in the file by suggestion, as they were when it was made."""
    suggestions = [one.id for one in open_suggestions_in(made.marked)]
    return names_in_file(made.text.draft, suggestions, made.text.language) | made.shown["names"]


def handling_label(handling: str, language: str) -> str:
    """Return the handling mark in the text's language, with its international name."""
    mark = Handling(handling)
    with translation.override(language):
        return f"{mark.tlp} · {mark.label}"


def fallback_title(text: DraftText) -> str:
    """Return the title of a file of an untitled text, in the text's language.

    The working title is only for the workspace.
    """
    with translation.override(text.language):
        return f"{TextKind(text.draft.kind).label} · {text.get_language_display()}"


def letterhead_for(text: DraftText, at: datetime.datetime) -> list[str]:
    """Return the rows above a letter: sender and date. Empty for other kinds of text."""
    if text.draft.kind not in LETTER_KINDS:
        return []
    with translation.override(text.language):
        sender = display_name_for(PUBLIC, text.draft.organisation)
        return [sender, date_format(localtime(at), "DATE_FORMAT")]


def exported_pictures(text: DraftText, marked: dict[str, Any]) -> list[str]:
    """Return the pictures in a file of the text: those visible to every reader of the draft."""
    return sorted(pictures_for_text(text.draft, marked))


def _thread_from_record(said: dict[str, Any]) -> FileThread:
    remarks = (
        ThreadRemark(author, datetime.datetime.fromisoformat(at), words)
        for author, at, words in said["remarks"]
    )
    return FileThread(said["id"], tuple(remarks), said.get("resolved", False))


def _picture_data_url(picture: DrawnPicture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"


# --- export ---
# Export of a text as a file: requested, recorded, and generated.


EXPORT_KIND = "documents.export"
LONG_TEXT_SIZE = 600_000  # characters of a text, some 80 pages: longer ones are generated in a background job
MANY_PICTURES = 8
SALT = "documents.export"


@dataclass(frozen=True)
class _Recipient:
    """The recipient of the exported file."""

    user: User | None
    organisation: Organisation
    guest: UUID | None = None


def export_text(
    *,
    access: Access,
    text: DraftText,
    format: FileFormat,  # noqa: A002  the word of the field
    view: SuggestionDisplay,
) -> ExportedFile:
    """Record the export of the text as a file and return the record; `make_file` returns the bytes.

    A slow one is generated in a background job (`is_long`). Raises NotAllowed if the draft's
    handling mark forbids the person to export it.
    """
    require_that(may_export(access, text.draft), _("This text is only for reading here."))
    threads = threads_to_export(access.user, text, viewer=PUBLIC) if format.comes_back else []
    with transaction.atomic():
        made = _create_export(text, format, view, _Recipient(access.user, access.organisation), threads)
        drafts_audit.record_document_audit(
            thing=text.draft, access=access, action="text.exported", **_audit_details(made)
        )
        drafts_audit.record_document_activity(
            thing=text.draft, access=access, kind="text_exported", language=text.language, format=format.value
        )
    return made


def export_for_guest(*, guest: UUID, organisation: Organisation, text: DraftText) -> ExportedFile:
    """The Word file for who holds the guest link with this UUID, with suggestions as tracked changes and
    without comments, which are between members. The caller has asked for the link, written down its use, and
    holds a transaction."""
    return _create_export(
        text, FileFormat.DOCX, SuggestionDisplay.SUGGESTIONS, _Recipient(None, organisation, guest), []
    )


def _create_export(
    text: DraftText, form: FileFormat, view: SuggestionDisplay, by: _Recipient, threads: list[ExportedThread]
) -> ExportedFile:
    current = update_text_row(text.uuid)
    marked = marked_of(current)
    names = names_in_file(current.draft, [one.id for one in open_suggestions_in(marked)], text.language)
    made = ExportedFile(
        text=current,
        format=form,
        view=view,
        handling=current.draft.handling,
        revision=current.revision,
        content_hash=current.content_hash,
        marked=marked,
        made_by=by.user,
        organisation=by.organisation,
        guest=by.guest,
        made_at=now(),
    )
    made.shown = {
        "names": without_imported(current.draft, names),
        "threads": _threads_as_json(threads),
        "letterhead": letterhead_for(current, made.made_at),
        "pictures": exported_pictures(current, marked),
    }
    made.name = _export_file_name(made)
    made.is_long = len(str(marked)) > LONG_TEXT_SIZE or len(made.shown["pictures"]) > MANY_PICTURES
    made.save()
    if made.is_long:
        scheduler.schedule(kind=EXPORT_KIND, key=str(made.uuid), due_at=now())
    return made


def exportable_threads(user: User, text: DraftText) -> list[dict[str, Any]]:
    """Return the comments that a file exported by the person now would contain."""
    return _threads_as_json(threads_to_export(user, text, viewer=PUBLIC))


def _threads_as_json(threads: list[ExportedThread]) -> list[dict[str, Any]]:
    """Return the comments as they are in the file, to recognise them on import."""
    return [
        {
            "id": thread.id,
            "remarks": [
                [_author_name(one.author, one.organisation), one.at.isoformat(), one.body]
                for one in thread.comments
            ],
            "resolved": thread.resolved,
        }
        for thread in threads
        if thread.comments
    ]


def _author_name(person: str, organisation: str) -> str:
    return f"{person} ({organisation})" if person and organisation not in person else person or organisation


def _export_file_name(made: ExportedFile) -> str:
    draft = made.text.draft
    with translation.override("en"):
        kind = str(TextKind(draft.kind).label)
    return file_name(
        mark=Handling(draft.handling).tlp,
        kind=kind,
        title=made.text.title,  # not the working title: a file may end up anywhere
        language=made.text.language,
        day=made.made_at.date(),
        code=made.code,
        ending=made.format,
    )


def _audit_details(made: ExportedFile) -> dict[str, Any]:
    """Return the audit details: no names, no words."""
    return {
        "language": made.text.language,
        "format": made.format,
        "view": made.view,
        "revision": made.revision,
        "hash": made.content_hash,
        "handling": made.handling,
    }


def sign_export_token(made: ExportedFile) -> str:
    """Return the token for the file's properties: the signed id of its record."""
    return Signer(salt=SALT).sign(made.uuid.hex)


def make_file_in_background(key: str, _payload: dict[str, Any]) -> None:
    """Background job: generate a slow file and store it for a day."""
    made = ExportedFile.objects.select_related("text__draft__workspace").filter(uuid=key).first()
    if made is None or made.file:
        return
    content = make_file(made, sign_export_token(made))
    if content is None:
        ExportedFile.objects.filter(pk=made.pk).update(failed=True)
        return
    made.file.save(made.name, ContentFile(content), save=False)
    if not ExportedFile.objects.filter(pk=made.pk).update(file=made.file.name, failed=False):
        made.file.storage.delete(str(made.file.name))  # the draft was deleted meanwhile
