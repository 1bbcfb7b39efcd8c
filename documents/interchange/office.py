"""The text as a Word or OpenDocument file."""

from documents.canonical.form import Json
from documents.exchange import pandoc
from documents.exchange.docx_finish import finish_docx
from documents.exchange.odt_finish import finish_odt
from documents.exchange.parts import PROPERTY
from documents.exchange.sheet import Sheet
from documents.exchange.suggesting import Target
from documents.exchange.threads import Around
from documents.exchange.to_pandoc import to_pandoc


def make_docx(marked: Json, *, sheet: Sheet, around: Around) -> bytes:
    """A Word file; suggestions are tracked changes, comments Word's own. Raises `apart.run.Failed`."""
    return finish_docx(_written(marked, sheet, around, Target.DOCX), sheet)


def make_odt(marked: Json, *, sheet: Sheet, around: Around) -> bytes:
    """An OpenDocument text, in the same way."""
    return finish_odt(_written(marked, sheet, around, Target.ODT), sheet)


def _written(marked: Json, sheet: Sheet, around: Around, target: Target) -> bytes:
    tree = to_pandoc(marked, sheet=sheet, around=around, target=target)
    if sheet.token:
        tree["meta"][PROPERTY] = {"t": "MetaString", "c": sheet.token}
    return pandoc.write(tree, target.value)
