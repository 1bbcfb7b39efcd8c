"""The text as a Word or OpenDocument file."""

from documents.canonical.form import Json
from documents.interchange.archive import PROPERTY
from documents.interchange.docx.finish import finish_docx
from documents.interchange.file_properties import Sheet
from documents.interchange.odt.finish import finish_odt
from documents.interchange.pandoc import run
from documents.interchange.pandoc.writer import to_pandoc
from documents.interchange.suggest.conventions import Target
from documents.interchange.suggest.threads import Around


def make_docx(marked: Json, *, sheet: Sheet, around: Around) -> bytes:
    """A Word file; suggestions are tracked changes, comments Word's own. Raises `apart.run.Failed`."""
    return finish_docx(_written(marked, sheet, around, Target.DOCX), sheet, around.threads.values())


def make_odt(marked: Json, *, sheet: Sheet, around: Around) -> bytes:
    """An OpenDocument text, in the same way."""
    return finish_odt(_written(marked, sheet, around, Target.ODT), sheet)


def _written(marked: Json, sheet: Sheet, around: Around, target: Target) -> bytes:
    tree = to_pandoc(marked, sheet=sheet, around=around, target=target)
    if sheet.token:
        tree["meta"][PROPERTY] = {"t": "MetaString", "c": sheet.token}
    return run.write(tree, target.value)
