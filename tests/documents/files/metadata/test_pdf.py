"""PDFs lose what tells of people, programs and times, also where it is packed; their pages stay."""

import io
import zlib
from collections.abc import Iterator

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from documents.files.metadata.pdf import clean_pdf
from documents.files.metadata.sound import NotCleaned
from tests.documents.files.metadata.document_samples import CANARY, jpeg

XMP = f"<?xpacket?><x:xmpmeta>{CANARY}</x:xmpmeta>".encode()


def stream(content: bytes, **entries: str | int) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(content)
    for key, value in entries.items():
        made[NameObject(f"/{key}")] = (
            NumberObject(value) if isinstance(value, int) else NameObject(f"/{value}")
        )
    return made


def pdf(*, pictures: bool = True) -> bytes:
    """Two pages, a picture, notes, a field that is signed, an attached file, XMP in four places."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": CANARY, "/Title": f"Кітап {CANARY}", "/CreationDate": "D:20260102"})
    picture = stream(jpeg(), Type="XObject", Subtype="Image", Width=32, Height=24, Filter="DCTDecode")
    picture[NameObject("/Metadata")] = writer._add_object(stream(XMP, Type="Metadata").flate_encode())
    words = stream(b"BT /F1 9 Tf (the words) Tj ET").flate_encode()
    page[NameObject("/Contents")] = writer._add_object(words)
    if pictures:
        images = DictionaryObject({NameObject("/P"): writer._add_object(picture)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    for where in (writer.root_object, page):
        where[NameObject("/Metadata")] = writer._add_object(stream(XMP, Type="Metadata").flate_encode())
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/X"): TextStringObject(CANARY)})
    note = Text(text="a note", rect=(0, 0, 9, 9))
    note[NameObject("/T")] = TextStringObject(CANARY)
    writer.add_annotation(0, note)
    writer.add_attachment("list.txt", CANARY.encode())
    signature = DictionaryObject({NameObject("/Name"): TextStringObject(CANARY)})
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject("Signature1"),
            NameObject("/V"): writer._add_object(signature),
        }
    )
    fields = ArrayObject([writer._add_object(field)])
    form = DictionaryObject({NameObject("/Fields"): fields})
    writer.root_object[NameObject("/AcroForm")] = form
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def texts(content: bytes) -> Iterator[bytes]:
    """The bytes of the file, and those of every stream in it unpacked, read without a PDF library."""
    yield content
    for part in content.split(b"stream")[1:]:
        unpacker = zlib.decompressobj()
        try:
            yield unpacker.decompress(part.lstrip(b"\r\n"))
        except zlib.error:
            continue


def has_canary(content: bytes) -> bool:
    word = CANARY.partition("-")[0]  # other signs are written as numbers
    forms = [word.encode(one) for one in ("utf-8", "utf-16-le", "utf-16-be")]
    forms += [one.hex().encode() for one in forms] + [one.hex().upper().encode() for one in forms]
    return any(form in text for text in texts(content) for form in forms)


def test_a_pdf_leaves_without_metadata_and_its_pages_stay() -> None:
    content = pdf()
    assert has_canary(content)
    clean = clean_pdf(content)
    assert not has_canary(clean)
    read = PdfReader(io.BytesIO(clean))
    assert len(read.pages) == 2
    assert b"the words" in read.pages[0].get_contents().get_data()
    assert read.pages[0].images[0].image.size == (32, 24)
    assert read.pages[0]["/Annots"][0].get_object()["/Contents"] == "a note"
    assert not read.attachments
    assert not (read.metadata or {}).get("/Author")
    assert read.xmp_metadata is None


def test_earlier_versions_do_not_leave() -> None:
    """Programs that append a change leave what was there before in the file."""
    out = io.BytesIO(pdf(pictures=False))
    writer = PdfWriter(out, incremental=True)
    writer.add_metadata({"/Author": "Somebody else"})
    changed = io.BytesIO()
    writer.write(changed)
    assert has_canary(changed.getvalue())
    assert not has_canary(clean_pdf(changed.getvalue()))


def test_names_in_packed_objects_do_not_leave() -> None:
    """PDF 1.5 packs whole objects into streams: those written by LibreOffice and Word are so."""
    author = b"<</Author(" + CANARY.encode() + b")>>"
    catalog, pages = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    objects = {1: catalog, 2: pages, 3: page, 4: author}
    inside, index = b"", b""
    for number, one in objects.items():
        index += b"%d %d " % (number, len(inside))
        inside += one + b" "
    packed = zlib.compress(index + inside)
    out = b"%PDF-1.5\n"
    holder = len(out)
    out += b"5 0 obj<</Type/ObjStm/N 4/First %d/Length %d/Filter/FlateDecode>>stream\n" % (
        len(index),
        len(packed),
    )
    out += packed + b"\nendstream endobj\n"
    start = len(out)
    rows = b"\0\0\0\0" + b"".join(b"\2\0\5" + bytes([at]) for at in range(4))
    rows += b"\1" + holder.to_bytes(2) + b"\0" + b"\1" + start.to_bytes(2) + b"\0"
    out += b"6 0 obj<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Info 4 0 R/Length %d>>stream\n" % len(rows)
    out += rows + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % start
    assert PdfReader(io.BytesIO(out)).metadata["/Author"] == CANARY
    clean = clean_pdf(out)
    assert clean.startswith(b"%PDF-1.5\n")
    assert not has_canary(clean)
    assert len(PdfReader(io.BytesIO(clean)).pages) == 1


def test_a_pdf_with_a_password_is_refused() -> None:
    writer = PdfWriter(io.BytesIO(pdf(pictures=False)))
    writer.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(NotCleaned, match="locked"):
        clean_pdf(out.getvalue())


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", b"%PDF-1.7", pdf()[: len(pdf()) // 3]]
)
def test_a_broken_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(NotCleaned, match="broken"):
        clean_pdf(content)


def test_a_picture_that_is_packed_twice_is_refused() -> None:
    """Nobody looks into it."""
    content = pdf().replace(b"/Filter /DCTDecode", b"/Filter [/FlateDecode /DCTDecode]")
    with pytest.raises(NotCleaned, match="picture"):
        clean_pdf(content)
