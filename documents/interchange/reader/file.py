"""A Word or OpenDocument file as it was sent: what it says, who changed what, and what was left out.

Runs in a process of its own (`read_apart.py`), since what it reads comes from outside.
"""

from dataclasses import dataclass
from typing import Any

from coalition.sandbox.run import SandboxFailed, SandboxStopped
from documents.files.archive import NotTaken
from documents.interchange.docx.prepare import prepare_docx
from documents.interchange.odt.prepare import prepare_odt
from documents.interchange.pandoc import run
from documents.interchange.reader.document import read_tree
from documents.interchange.reader.metadata import FileChange, FileComment, Found
from documents.interchange.reader.unpack import unpack

type Json = dict[str, Any]

_FORMS = {"docx": "docx+styles", "odt": "odt"}


@dataclass(frozen=True, slots=True)
class FileRead:
    """`kind` is docx or odt; `reading` is described in `reading.py`."""

    kind: str
    reading: Json
    found: Found

    def as_json(self) -> Json:
        return {"kind": self.kind, "reading": self.reading, **self.found.as_json()}

    @classmethod
    def from_json(cls, said: Json) -> "FileRead":
        found = Found(
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
    kind, parts = unpack(content)
    prepared, found = (prepare_docx if kind == "docx" else prepare_odt)(parts)
    try:
        tree = run.read(prepared, _FORMS[kind])
    except SandboxStopped as error:
        raise NotTaken("took_too_long") from error
    except SandboxFailed as error:
        raise NotTaken("broken") from error
    return FileRead(kind, read_tree(tree, found.left_out), found)
