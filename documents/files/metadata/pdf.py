"""PDF (ISO 32000): written anew with the objects that its pages need, and without those that tell of people.

Gone are the document information, XMP of the document and of every object in it, data of other programs,
attached files, earlier versions, signatures, authors and times of notes, and metadata inside of pictures.
"""

import logging
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from documents.files.metadata.overwrite import NotCleaned
from documents.files.metadata.pictures import clean_jpeg2000, clean_picture_inside

_MOST_OBJECTS: Final = 2_000_000
_REMOVED: Final = frozenset(
    {"/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/EmbeddedFiles", "/AF", "/SpiderInfo", "/XFA"}
    | {
        "/EF",
        "/OPI",
        "/CreatorInfo",
        "/CreationDate",
        "/ModDate",
        "/Perms",
        "/DSS",
        "/Collection",
        "/Threads",
    }
)
_NOTES: Final = frozenset({"/T", "/M", "/NM", "/CreationDate"})  # of an annotation that is no field of a form
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
        # What nothing leads to any more is written by the first writer, and not by the second.
        out = _only_what_is_used(_written(cleaned), version=reader.pdf_header)
        _check(out, len(reader.pages))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise NotCleaned("broken") from error
    return out.getvalue()


def _written(writer: PdfWriter) -> BytesIO:
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    return out


def _only_what_is_used(content: BytesIO, *, version: str) -> BytesIO:
    writer = PdfWriter()
    writer.pdf_header = version
    writer.clone_reader_document_root(PdfReader(content))
    return _written(writer)


def _check(out: BytesIO, pages: int) -> None:
    if not pages or len(PdfReader(out).pages) != pages:
        raise NotCleaned("broken")


def _clean_all(root: DictionaryObject) -> None:
    """Look at every object that can be reached from the root, each once."""
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
    gone = set(_REMOVED)
    subtype = thing.get("/Subtype")
    if ("/Rect" in thing and subtype != "/Widget") or thing.get("/Type") == "/Annot":
        gone |= _NOTES if subtype != "/Widget" else {"/M", "/NM"}
        if subtype == "/FileAttachment":
            gone.add("/FS")
    if thing.get("/FT") == "/Sig":
        gone |= _SIGNATURE
    for key in gone & set(thing):
        del thing[NameObject(key)]
    if isinstance(thing, StreamObject):
        _clean_stream(thing)


def _clean_stream(stream: StreamObject) -> None:
    """Metadata inside of a picture whose file was put into the PDF as it was."""
    if stream.get("/Subtype") != "/Image":
        return
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, ArrayObject) else [str(filters)]
    clean = _UNPACKED.get(names[-1])
    if clean is None:
        return
    if len(names) > 1:
        raise NotCleaned("picture")
    if not stream._data.startswith(b"\xff\x4f"):  # noqa: SLF001  the bytes as they are; a bare codestream has no boxes
        stream._data = clean(stream._data)  # noqa: SLF001  pypdf would write them packed otherwise
