"""Files that somebody of an outlet takes under embargo: the very words; the outlet in name and metadata."""

import base64
import json
import logging
from io import BytesIO
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from coalition.jobs.moments import with_place
from coalition.sandbox.run import Failed
from documents.canonical.editor import to_editor
from documents.canonical.form import Document
from documents.canonical.text import render_text
from documents.contacts.models import Contact
from documents.drafts.enums import TextKind
from documents.files.queries import pictures_in
from documents.interchange.file_properties import Sheet
from documents.interchange.formats import Format, make_docx, plain
from documents.interchange.pdf.pages import make_pdf
from documents.interchange.pictures import Drawn, draw
from documents.interchange.suggest.threads import Around
from documents.publication.embargo.models import EmbargoAccess
from documents.publication.models.publication import PublicationText

FORMATS: Final = (Format.DOCX, Format.PDF, Format.PLAIN)

logger = logging.getLogger(__name__)


def file_name_for(embargo: EmbargoAccess, contact: Contact, text: PublicationText, form: Format) -> str:
    """`embargo_statement-work-needs-respect_kk_v3_qala-tv.docx`: the outlet is the last word of the name."""
    with translation.override("en"):
        kind = str(TextKind(embargo.publication.draft.kind).label)
    subject = f"{plain(kind)}-{plain(text.document['title'])}"[:60].strip("-")
    outlet = plain(contact.outlet.name)[:40] or "outlet"
    return f"embargo_{subject}_{text.language}_v{text.version.number}_{outlet}.{form.value}"


def make_embargo_file(
    embargo: EmbargoAccess, contact: Contact, text: PublicationText, form: Format
) -> bytes | None:
    """The bytes, or None if no program could make them; the log then knows why."""
    document = text.document
    sheet = Sheet(
        title=document["title"],
        language=text.language,
        mark=_mark(embargo, text.language),
        tracked=False,
        holder=contact.outlet.name,
    )
    try:
        return _made(embargo, document, sheet, form)
    except (Failed, FileNotFoundError) as error:
        logger.warning("a file of %s could not be made: %s", embargo.uuid, type(error).__name__)
        return None


def _made(embargo: EmbargoAccess, document: Document, sheet: Sheet, form: Format) -> bytes:
    if form is Format.PLAIN:
        return f"{sheet.mark}\n\n{render_text(document).rstrip()}\n\n{sheet.mark}\n".encode()
    drawn = _drawn(embargo, document)
    if form is Format.PDF:
        files = {f"{name}.{one.ending}": one.content for name, one in drawn.items()}
        places = {name: (f"{name}.{one.ending}", one.width) for name, one in drawn.items()}
        return make_pdf(_marked(document), sheet=sheet, around=_around(places), files=files)
    data = {name: (_data(one), one.width) for name, one in drawn.items()}
    return make_docx(_marked(document), sheet=sheet, around=_around(data))


def _marked(document: Document) -> dict[str, Any]:
    """The words as files are made from them: title and lead first."""
    heads = [
        {"type": kind, "content": [{"type": "text", "text": words}] if words else []}
        for kind, words in (("title", document["title"]), ("lead", document["lead"]))
    ]
    body = json.loads(json.dumps(to_editor(document)))
    return {"type": "doc", "content": [*heads, *body["content"]]}


def _mark(embargo: EmbargoAccess, language: str) -> str:
    at = embargo.publication.scheduled_at
    with translation.override(language):
        return _("Under embargo until %(when)s") % {"when": with_place(at) if at else "—"}


def _around(pictures: dict[str, tuple[str, str]]) -> Around:
    return Around(lambda _suggestion: "", {}, pictures)


def _drawn(embargo: EmbargoAccess, document: Document) -> dict[str, Drawn]:
    found = {}
    for file in pictures_in(embargo.publication.draft.workspace, document["pictures"]):
        if file.sha256 != document["pictures"][str(file.uuid)]["sha256"]:
            continue
        with file.file.open("rb") as content:
            picture = draw(BytesIO(content.read()))
        if picture is not None:
            found[str(file.uuid)] = picture
    return found


def _data(picture: Drawn) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"
