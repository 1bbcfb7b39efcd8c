"""Reasons why a file is not read, and why parts of it are not imported, in words."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from coalition.sandbox.run import SandboxFailed, SandboxStopped
from documents.canonical.form import Json
from documents.files.types import UnreadableFile
from documents.interchange.docx.prepare import prepare_docx
from documents.interchange.odt.prepare import prepare_odt
from documents.interchange.pandoc import writer
from documents.interchange.reader.document import FileChange, FileComment, FileMetadata, read_tree
from documents.interchange.reader.unpack import unpack_document

type ReasonText = str | Promise

UNREADABLE_REASONS: Final[dict[str, ReasonText]] = {
    "too_large": _("The file has more than 20 MB. Take large pictures out of it, and send it again."),
    "old_or_locked": _(
        "The file is from an old Word, or a password protects it. "
        "Save it as .docx without a password, and send it again."
    ),
    "broken": _("The file cannot be read: it is broken or incomplete. Save it again and send the new file."),
    "unpacks_too_large": _("The file unpacks to more than it could be. It was not opened."),
    "no_document": _("This is neither a Word file (.docx) nor a LibreOffice text (.odt)."),
    "hostile": _(
        "The file asks for things outside of itself in a way that no writing program does. It was not opened."
    ),
    "took_too_long": _("Reading the file took too long. Send a part of it, or save it without pictures."),
}


def unreadable_reason(code: str) -> str:
    """Return the reason why the file was not read."""
    return str(UNREADABLE_REASONS.get(code, UNREADABLE_REASONS["broken"]))


_LEFT_OUT: Final[dict[str, ReasonText]] = {
    "outside": ngettext_lazy(
        "%(count)d place that would fetch something from elsewhere was emptied.",
        "%(count)d places that would fetch something from elsewhere were emptied.",
        "count",
    ),
    "pictures": ngettext_lazy(
        "%(count)d picture was left out. Pictures come in as files of the workspace.",
        "%(count)d pictures were left out. Pictures come in as files of the workspace.",
        "count",
    ),
    "embedded": ngettext_lazy(
        "%(count)d embedded object was left out.", "%(count)d embedded objects were left out.", "count"
    ),
    "hidden": ngettext_lazy(
        "%(count)d run of hidden words was left out.",
        "%(count)d runs of hidden words were left out.",
        "count",
    ),
    "characters": ngettext_lazy(
        "Invisible or unknown characters were taken out of the words at %(count)d place.",
        "Invisible or unknown characters were taken out of the words at %(count)d places.",
        "count",
    ),
    "text_boxes": ngettext_lazy(
        "%(count)d text box is not kept as a box: its words follow the paragraph that held it.",
        "%(count)d text boxes are not kept as boxes: their words follow the paragraphs that held them.",
        "count",
    ),
    "note_links": ngettext_lazy(
        "The address behind %(count)d link in a footnote was left out: write it out in the footnote.",
        "The addresses behind %(count)d links in footnotes were left out: write them out in the footnotes.",
        "count",
    ),
    "formulas": ngettext_lazy(
        "%(count)d formula became plain characters: check it.",
        "%(count)d formulas became plain characters: check them.",
        "count",
    ),
    "formula_objects": ngettext_lazy(
        "%(count)d formula was left out.", "%(count)d formulas were left out.", "count"
    ),
    "form_changes": ngettext_lazy(
        "%(count)d tracked change of formatting was left out.",
        "%(count)d tracked changes of formatting were left out.",
        "count",
    ),
    "table_changes": ngettext_lazy(
        "%(count)d tracked change of rows or cells of a table was left out: make it by hand.",
        "%(count)d tracked changes of rows or cells of tables were left out: make them by hand.",
        "count",
    ),
    "margins": ngettext_lazy(
        "The words of %(count)d header or footer were left out.",
        "The words of %(count)d headers and footers were left out.",
        "count",
    ),
    "comments_closed": ngettext_lazy(
        "%(count)d comment was left out: you cannot comment on this text for the workspace.",
        "%(count)d comments were left out: you cannot comment on this text for the workspace.",
        "count",
    ),
    "comments_cut": ngettext_lazy(
        "%(count)d comment is too long: only its beginning comes in.",
        "%(count)d comments are too long: only their beginnings come in.",
        "count",
    ),
    "comments_resolved": ngettext_lazy(
        "%(count)d comment was marked as resolved in the file. Here it stays open: "
        "who began it, or edits the text, can resolve it.",
        "%(count)d comments were marked as resolved in the file. Here they stay open: "
        "who began them, or edits the text, can resolve them.",
        "count",
    ),
}

_NO_PLACE: Final[dict[str, ReasonText]] = {
    "inside_suggestion": _("It stands inside of somebody’s open suggestion: decide on that one first."),
    "attached": _("It belongs to a picture, a quotation or an approved part: change it there by hand."),
    "letterhead": _("The letterhead is made anew for every file."),
    "approved": _("It stands in an approved part, whose words nobody changes."),
    "table": _("New rows and columns of a table are not taken in: add them by hand."),
    "moved": _("The place where it belongs is no longer in the text."),
    "joined": _("These two paragraphs cannot become one."),
    "paragraph_end": _("The end of this paragraph was inserted or deleted. Here that cannot be suggested."),
    "head_note": _("A footnote in the title or the lead is left out."),
}


def left_out_reason(code: str, count: int) -> str:
    """Return the reason why `count` parts or changes of the file are not imported."""
    if code in _LEFT_OUT:
        return str(_LEFT_OUT[code] % {"count": count})
    why = str(_NO_PLACE.get(code, _NO_PLACE["moved"]))
    return why if count == 1 else f"{why} ({count})"


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
    def from_json(cls, stored: Json) -> "FileRead":
        found = FileMetadata(
            changes=[FileChange(*one) for one in stored["changes"]],
            comments=[FileComment(*one) for one in stored["comments"]],
            margins=stored.get("margins", []),
            token=stored["token"],
            saved_by=stored["saved_by"],
        )
        found.left_out.update(stored["left_out"])
        return cls(stored["kind"], stored["reading"], found)


def read_file(content: bytes) -> FileRead:
    """Read a file. Raises UnreadableFile with the reason."""
    kind, parts = unpack_document(content)
    prepared, found = (prepare_docx if kind == "docx" else prepare_odt)(parts)
    try:
        tree = writer.read_with_pandoc(prepared, _FORMS[kind])
    except SandboxStopped as error:
        raise UnreadableFile("took_too_long") from error
    except SandboxFailed as error:
        raise UnreadableFile("broken") from error
    return FileRead(kind, read_tree(tree, found.left_out), found)
