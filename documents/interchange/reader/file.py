"""Reading of an uploaded Word or OpenDocument file: content, authors of changes, what is left out.

Runs in a separate process (`reader/worker.py`), since its input is untrusted.
"""

from dataclasses import dataclass
from typing import Any

from coalition.sandbox.run import SandboxFailed, SandboxStopped
from documents.files.archive import UnreadableFile
from documents.interchange.docx.prepare import prepare_docx
from documents.interchange.odt.prepare import prepare_odt
from documents.interchange.pandoc import run
from documents.interchange.reader.document import read_tree
from documents.interchange.reader.metadata import FileChange, FileComment, FileMetadata
from documents.interchange.reader.unpack import unpack_document

type Json = dict[str, Any]

_FORMS = {"docx": "docx+styles", "odt": "odt"}


@dataclass(frozen=True, slots=True)
class FileRead:
    """The result. `kind` is docx or odt; for `reading` see `reader/document.py`."""

    kind: str
    reading: Json
    found: FileMetadata

    def as_json(self) -> Json:
        return {"kind": self.kind, "reading": self.reading, **self.found.as_json()}

    @classmethod
    def from_json(cls, said: Json) -> "FileRead":
        found = FileMetadata(
            changes=[FileChange(*one) for one in said["changes"]],
            comments=[FileComment(*one) for one in said["comments"]],
            margins=said.get("margins", []),
            token=said["token"],
            saved_by=said["saved_by"],
        )
        found.left_out.update(said["left_out"])
        return cls(said["kind"], said["reading"], found)


def read_file(content: bytes) -> FileRead:
    """Read a file. Raises NotTaken with the reason."""
    kind, parts = unpack_document(content)
    prepared, found = (prepare_docx if kind == "docx" else prepare_odt)(parts)
    try:
        tree = run.read_with_pandoc(prepared, _FORMS[kind])
    except SandboxStopped as error:
        raise UnreadableFile("took_too_long") from error
    except SandboxFailed as error:
        raise UnreadableFile("broken") from error
    return FileRead(kind, read_tree(tree, found.left_out), found)
