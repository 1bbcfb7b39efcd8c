"""PDF (ISO 32000): rewritten with the objects its pages need, without those that reveal people.

Removed: document information, XMP of the document and of every object in it, data of other programs,
attachments, earlier versions, signatures, authors and times of notes, metadata inside pictures.
"""

import logging
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from documents.files.metadata.pictures import clean_jpeg2000, clean_picture_inside
from documents.files.metadata.sound import NotCleaned

_MOST_OBJECTS: Final = 2_000_000

_REMOVED: Final = frozenset(
    {"/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/EmbeddedFiles", "/AF", "/SpiderInfo", "/XFA"}
    | {"/EF", "/OPI", "/CreatorInfo", "/CreationDate", "/ModDate", "/Perms", "/DSS"}
    | {"/Collection", "/Threads"}
)

_NOTES: Final = frozenset({"/T", "/M", "/NM", "/CreationDate"})  # of an annotation that is not a form field
_SIGNATURE: Final = frozenset({"/V", "/Lock", "/SV"})

_UNPACKED: Final = {
    "/DCTDecode": clean_picture_inside,
    "/DCT": clean_picture_inside,
    "/JPXDecode": clean_jpeg2000,
}


def clean_pdf(content: bytes) -> bytes:
    """Return the file without metadata. Raises NotCleaned for a file with a password, or a broken one."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise NotCleaned("locked")
        cleaned = PdfWriter()
        cleaned.clone_reader_document_root(reader)
        _clean_all(cleaned.root_object)
        # The first writer still writes unreferenced objects, the second does not.
        writer = PdfWriter()
        writer.pdf_header = reader.pdf_header
        writer.clone_reader_document_root(PdfReader(_write_pdf(cleaned)))
        out = _write_pdf(writer)
        pages = len(reader.pages)
        if not pages or len(PdfReader(out).pages) != pages:
            raise NotCleaned("broken")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise NotCleaned("broken") from error
    return out.getvalue()


def _write_pdf(writer: PdfWriter) -> BytesIO:
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    return out


def _clean_all(root: DictionaryObject) -> None:
    """Clean every object reachable from the root, each once."""
    waiting: list[Any] = [root]
    seen: set[int] = set()
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            if len(seen) > _MOST_OBJECTS:
                raise NotCleaned("too_large")
            thing = thing.get_object()
        if isinstance(thing, DictionaryObject):
            _clean_dictionary(thing)
            waiting += [thing.raw_get(key) for key in thing]
        elif isinstance(thing, ArrayObject):
            waiting += list(thing)


def _clean_dictionary(thing: DictionaryObject) -> None:
    removed = set(_REMOVED)
    subtype = thing.get("/Subtype")
    if ("/Rect" in thing and subtype != "/Widget") or thing.get("/Type") == "/Annot":
        removed |= _NOTES if subtype != "/Widget" else {"/M", "/NM"}
        if subtype == "/FileAttachment":
            removed.add("/FS")
    if thing.get("/FT") == "/Sig":
        removed |= _SIGNATURE
    for key in removed & set(thing):
        del thing[NameObject(key)]
    if isinstance(thing, StreamObject) and thing.get("/Subtype") == "/Image":
        _clean_picture(thing)


def _clean_picture(stream: StreamObject) -> None:
    """Remove metadata inside a picture whose file was embedded in the PDF unchanged."""
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, ArrayObject) else [str(filters)]
    clean = _UNPACKED.get(names[-1])
    if clean is None:
        return
    if len(names) > 1:
        raise NotCleaned("picture")
    if not stream._data.startswith(b"\xff\x4f"):  # noqa: SLF001  the bytes as they are; a bare codestream has no boxes
        stream._data = clean(stream._data)  # noqa: SLF001  pypdf would write them packed otherwise
