"""One canonical document as a file on its own: no suggestions, no comments, nothing that comes back."""

import base64
import json
from io import BytesIO
from typing import Any

from coalition.workspaces.models import Workspace
from documents.canonical.editor import to_editor
from documents.canonical.form import Document
from documents.canonical.text import render_text
from documents.files.queries import pictures_in
from documents.interchange.file_properties import FileProperties
from documents.interchange.formats import FileFormat, make_docx
from documents.interchange.pdf.pages import make_pdf
from documents.interchange.pictures import DrawnPicture, draw_for_file
from documents.interchange.suggest.threads import FileContext


def make_document_file(
    document: Document, form: FileFormat, *, workspace: Workspace, language: str, mark: str, holder: str
) -> bytes:
    """The bytes. `mark` stands on every page, `holder` (for whom it is made) in the metadata; pictures are
    taken from the workspace's files. Raises Failed or FileNotFoundError where a program could not do it."""
    sheet = FileProperties(
        title=document["title"], language=language, mark=mark, tracked=False, holder=holder
    )
    if form is FileFormat.PLAIN:
        return f"{sheet.mark}\n\n{render_text(document).rstrip()}\n\n{sheet.mark}\n".encode()
    drawn = _drawn(workspace, document)
    if form is FileFormat.PDF:
        files = {f"{name}.{one.ending}": one.content for name, one in drawn.items()}
        places = {name: (f"{name}.{one.ending}", one.width) for name, one in drawn.items()}
        return make_pdf(_marked(document), sheet=sheet, around=_around(places), files=files)
    data = {name: (_data(one), one.width) for name, one in drawn.items()}
    return make_docx(_marked(document), sheet=sheet, around=_around(data))


def _marked(document: Document) -> dict[str, Any]:
    """Return the document for file export: title and lead first."""
    heads = [
        {"type": kind, "content": [{"type": "text", "text": words}] if words else []}
        for kind, words in (("title", document["title"]), ("lead", document["lead"]))
    ]
    body = json.loads(json.dumps(to_editor(document)))
    return {"type": "doc", "content": [*heads, *body["content"]]}


def _around(pictures: dict[str, tuple[str, str]]) -> FileContext:
    return FileContext(lambda _suggestion: "", {}, pictures)


def _drawn(workspace: Workspace, document: Document) -> dict[str, DrawnPicture]:
    found = {}
    for file in pictures_in(workspace, document["pictures"]):
        if file.sha256 != document["pictures"][str(file.uuid)]["sha256"]:
            continue
        with file.file.open("rb") as content:
            picture = draw_for_file(BytesIO(content.read()))
        if picture is not None:
            found[str(file.uuid)] = picture
    return found


def _data(picture: DrawnPicture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"
