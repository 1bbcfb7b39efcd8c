"""The bytes of a file that a text leaves as. Only a record is needed: the words are kept in it."""

import base64
import datetime
import logging
from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.sandbox.run import Failed
from documents.canonical.serialise import CanonicalError
from documents.drafts.actions.texts import pictures_of
from documents.drafts.enums import Handling, TextKind
from documents.drafts.models import DraftText
from documents.editor.live.suggestions import accepted, listed, rejected
from documents.files.queries import pictures_in
from documents.interchange.file_properties import Sheet
from documents.interchange.formats import Format, View
from documents.interchange.models import ExportedFile
from documents.interchange.office import make_docx, make_odt
from documents.interchange.pdf.pages import make_pdf
from documents.interchange.pictures import Drawn, draw
from documents.interchange.plain_text import make_markdown, make_text
from documents.interchange.queries.suggesters import names_in_file
from documents.interchange.suggest.threads import Around, Remark, Thread

LETTERS = frozenset({TextKind.LETTER, TextKind.DEPUTY_LETTER})

logger = logging.getLogger(__name__)


def make_file(made: ExportedFile, token: str) -> bytes | None:
    """The file, or None if no program could make it; the log then knows why."""
    try:
        return _Making(made, token).bytes()
    except (Failed, CanonicalError, FileNotFoundError) as error:
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
