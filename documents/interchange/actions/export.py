"""The bytes of a file that a text leaves as. Only a record is needed: the words are kept in it."""

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
from documents.drafts import audit
from documents.drafts.actions.texts import pictures_of
from documents.drafts.enums import Handling, TextKind
from documents.drafts.live.projection import project
from documents.drafts.live.server_edits import marked_of
from documents.drafts.live.suggestions import accepted, listed, rejected
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_export, require_that
from documents.files.queries import pictures_in
from documents.interchange.comments import ExportedThread, threads_to_export
from documents.interchange.file_properties import Sheet
from documents.interchange.formats import Format, View, file_name, make_docx, make_odt
from documents.interchange.models import ExportedFile
from documents.interchange.pdf.pages import make_pdf
from documents.interchange.pictures import Drawn, draw
from documents.interchange.plain_text import make_markdown, make_text
from documents.interchange.queries import names_in_file, without_imported
from documents.interchange.suggest.threads import Around, Remark, Thread

LETTERS = frozenset({TextKind.LETTER, TextKind.DEPUTY_LETTER})

logger = logging.getLogger(__name__)


def make_file(made: ExportedFile, token: str) -> bytes | None:
    """The file, or None if no program could make it; the log then knows why."""
    try:
        return _Making(made, token).bytes()
    except (SandboxFailed, CanonicalError, FileNotFoundError) as error:
        logger.warning("a file of %s could not be made: %s", made.uuid, type(error).__name__)
        return None


class _Making:
    def __init__(self, made: ExportedFile, token: str) -> None:
        self.made = made
        self.text = made.text
        self.marked = shown_in(made.marked, View(made.view))
        self.format = Format(made.format)
        self.sheet = Sheet(
            title=self.text.title or kind_of(self.text),
            language=self.text.language,
            mark=mark_of(made.handling, self.text.language),
            token=token if self.format.comes_back else "",
            letterhead=tuple(made.shown["letterhead"]),
        )

    def bytes(self) -> bytes:
        match self.format:
            case Format.MARKDOWN | Format.PLAIN:
                pictures = pictures_of(self.text.draft, self.marked, reading=True)
                make = make_markdown if self.format is Format.MARKDOWN else make_text
                return make(self.marked, sheet=self.sheet, pictures=pictures)
            case Format.PDF:
                drawn = self._drawn()
                files = {f"{name}.{one.ending}": one.content for name, one in drawn.items()}
                places = {name: (f"{name}.{one.ending}", one.width) for name, one in drawn.items()}
                return make_pdf(self.marked, sheet=self.sheet, around=self._around(places), files=files)
        places = {name: (_data(one), one.width) for name, one in self._drawn().items()}
        write = make_docx if self.format is Format.DOCX else make_odt
        return write(self.marked, sheet=self.sheet, around=self._around(places))

    def _around(self, pictures: dict[str, tuple[str, str]]) -> Around:
        names = names_of(self.made)
        threads = {one["id"]: _thread(one) for one in self.made.shown["threads"]}
        return Around(lambda suggestion: names.get(suggestion, ""), threads, pictures)

    def _drawn(self) -> dict[str, Drawn]:
        """The pictures that were part of the file when it was asked for."""
        drawn = {}
        for file in pictures_in(self.text.draft.workspace, self.made.shown["pictures"]):
            with file.file.open("rb") as content:
                picture = draw(BytesIO(content.read()))
            if picture is not None:
                drawn[str(file.uuid)] = picture
        return drawn


def shown_in(marked: dict[str, Any], view: View) -> dict[str, Any]:
    """The text as a file in this view has it."""
    if view is View.SUGGESTIONS:
        return marked
    return rejected(marked) if view is View.STANDING else accepted(marked)


def names_of(made: ExportedFile) -> dict[str, str]:
    """The names that the file shows, by suggestion: as they were when it was made."""
    suggestions = [one.id for one in listed(made.marked)]
    return names_in_file(made.text.draft, suggestions, made.text.language) | made.shown["names"]


def mark_of(handling: str, language: str) -> str:
    """The handling mark in the words of the text's language, with its name that is the same everywhere."""
    mark = Handling(handling)
    with translation.override(language):
        return f"{mark.tlp} · {mark.label}"


def kind_of(text: DraftText) -> str:
    """What a file of a text without a title calls itself, in the text's language: its working title is for
    the workspace alone."""
    with translation.override(text.language):
        return f"{TextKind(text.draft.kind).label} · {text.get_language_display()}"


def letterhead_of(text: DraftText, at: datetime.datetime) -> list[str]:
    """The rows above a letter: whose it is, and the day. Nothing above other texts."""
    if text.draft.kind not in LETTERS:
        return []
    with translation.override(text.language):
        sender = display_name_for(PUBLIC, text.draft.organisation)
        return [sender, date_format(localtime(at), "DATE_FORMAT")]


def pictures_shown(text: DraftText, marked: dict[str, Any]) -> list[str]:
    """The pictures that a file of the text has: those that every reader of the draft may see."""
    return sorted(pictures_of(text.draft, marked))


def _thread(said: dict[str, Any]) -> Thread:
    remarks = (
        Remark(author, datetime.datetime.fromisoformat(at), words) for author, at, words in said["remarks"]
    )
    return Thread(said["id"], tuple(remarks), said.get("resolved", False))


def _data(picture: Drawn) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"


# --- export ---
# A text leaves as a file: asked for, written down, and made.


EXPORT = "documents.export"
LONG = 600_000  # letters and marks of a text, some 80 pages: longer ones are made beside the page
MANY_PICTURES = 8
SALT = "documents.export"


@dataclass(frozen=True)
class _For:
    """Who takes the file out."""

    user: User | None
    organisation: Organisation
    guest: UUID | None = None


def export_text(*, access: Access, text: DraftText, format: Format, view: View) -> ExportedFile:  # noqa: A002  the word of the field
    """Write down that the text leaves as a file, and return its record; `make_file` gives the bytes.

    One that takes long is made beside the page (`is_long`). Raises NotAllowed where the draft's mark keeps
    the person from taking it out.
    """
    require_that(may_export(access, text.draft), _("This text is only for reading here."))
    threads = threads_to_export(access.user, text, viewer=PUBLIC) if format.comes_back else []
    with transaction.atomic():
        made = _keep(text, format, view, _For(access.user, access.organisation), threads)
        audit.record(thing=text.draft, access=access, action="text.exported", **_told(made))
        audit.tell(
            thing=text.draft, access=access, kind="text_exported", language=text.language, format=format.value
        )
    return made


def export_for_guest(*, guest: UUID, organisation: Organisation, text: DraftText) -> ExportedFile:
    """The Word file for who holds the guest link with this UUID, with suggestions as tracked changes and
    without comments, which are between members. The caller has asked for the link, written down its use, and
    holds a transaction."""
    return _keep(text, Format.DOCX, View.SUGGESTIONS, _For(None, organisation, guest), [])


def _keep(text: DraftText, form: Format, view: View, by: _For, threads: list[ExportedThread]) -> ExportedFile:
    current = project(text.uuid)
    marked = marked_of(current)
    names = names_in_file(current.draft, [one.id for one in listed(marked)], text.language)
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
        "threads": _threads(threads),
        "letterhead": letterhead_of(current, made.made_at),
        "pictures": pictures_shown(current, marked),
    }
    made.name = _name(made)
    made.is_long = len(str(marked)) > LONG or len(made.shown["pictures"]) > MANY_PICTURES
    made.save()
    if made.is_long:
        scheduler.schedule(kind=EXPORT, key=str(made.uuid), due_at=now())
    return made


def threads_shown(user: User, text: DraftText) -> list[dict[str, Any]]:
    """The comments that a file would show if the person took the text out now."""
    return _threads(threads_to_export(user, text, viewer=PUBLIC))


def _threads(threads: list[ExportedThread]) -> list[dict[str, Any]]:
    """Comments as they stand in the file, so that those that come back are known."""
    return [
        {
            "id": thread.id,
            "remarks": [
                [_author(one.author, one.organisation), one.at.isoformat(), one.body]
                for one in thread.comments
            ],
            "resolved": thread.resolved,
        }
        for thread in threads
        if thread.comments
    ]


def _author(person: str, organisation: str) -> str:
    return f"{person} ({organisation})" if person and organisation not in person else person or organisation


def _name(made: ExportedFile) -> str:
    draft = made.text.draft
    with translation.override("en"):
        kind = str(TextKind(draft.kind).label)
    return file_name(
        mark=Handling(draft.handling).tlp,
        kind=kind,
        title=made.text.title,  # a working title is for the workspace alone: nobody knows where a file ends
        language=made.text.language,
        day=made.made_at.date(),
        code=made.code,
        ending=made.format,
    )


def _told(made: ExportedFile) -> dict[str, Any]:
    """What the audit keeps: no names, no words."""
    return {
        "language": made.text.language,
        "format": made.format,
        "view": made.view,
        "revision": made.revision,
        "hash": made.content_hash,
        "handling": made.handling,
    }


def token_of(made: ExportedFile) -> str:
    """What stands in the file's properties: its record, signed."""
    return Signer(salt=SALT).sign(made.uuid.hex)


def make_beside(key: str, _payload: dict[str, Any]) -> None:
    """Due work: make a file that takes long and keep it for a day."""
    made = ExportedFile.objects.select_related("text__draft__workspace").filter(uuid=key).first()
    if made is None or made.file:
        return
    content = make_file(made, token_of(made))
    if content is None:
        ExportedFile.objects.filter(pk=made.pk).update(failed=True)
        return
    made.file.save(made.name, ContentFile(content), save=False)
    if not ExportedFile.objects.filter(pk=made.pk).update(file=made.file.name, failed=False):
        made.file.storage.delete(str(made.file.name))  # the draft went meanwhile
