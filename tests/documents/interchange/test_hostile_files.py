"""Files that mean harm: nothing of this machine comes in, nothing is fetched, nothing unpacks without end."""

import io
import zipfile

import pytest

from documents.files.types import UnreadableFile, pack_archive, unpack_archive, w
from documents.interchange.docx.prepare import prepare_docx
from documents.interchange.pandoc import writer
from documents.interchange.reader.reasons import read_file
from documents.interchange.reader.sandbox import read_in_sandbox
from documents.interchange.reader.unpack import MOST_BYTES, MOST_PARTS, unpack_document
from tests.documents.interchange.bringing import docx, odt
from tests.documents.interchange.made import doc, para
from tests.documents.interchange.word import WordFile

pytestmark = pytest.mark.slow

BASE = doc(para("Біздің сөз."))
CANARY = "canary-of-the-server"
WORDS = "word/document.xml"


@pytest.fixture(scope="module")
def word():
    return docx(BASE)


@pytest.fixture(scope="module")
def text():
    return odt(BASE)


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text(CANARY)
    return path


def changed(content, name, old, new):
    parts = unpack_archive(content)
    assert old in parts[name], name
    return pack_archive({**parts, name: parts[name].replace(old, new)})


def with_part(content, name, part):
    return pack_archive({**unpack_archive(content), name: part})


def code(content):
    with pytest.raises(UnreadableFile) as refused:
        read_in_sandbox(content)
    return refused.value.code


# --- archives ---------------------------------------------------------------------------------------


def test_a_bomb_is_not_unpacked(word, text):
    bomb = b" " * (40 * 1024 * 1024)
    assert code(with_part(word, "word/more.xml", bomb)) == "unpacks_too_large"
    assert code(with_part(text, "more.xml", bomb)) == "unpacks_too_large"
    words = unpack_archive(word)[WORDS]
    assert code(with_part(word, WORDS, words + bomb)) == "unpacks_too_large"


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_either(word):
    content = bytearray(with_part(word, "word/more.xml", b" " * (40 * 1024 * 1024)))
    size = (40 * 1024 * 1024).to_bytes(4, "little")
    for _ in range(2):  # in front of the part and in the list at the end
        place = content.index(size)
        content[place : place + 4] = (1000).to_bytes(4, "little")
    assert code(bytes(content)) in {"unpacks_too_large", "broken"}


def test_many_small_parts_and_many_of_them_are_too_many(word):
    parts = unpack_archive(word) | {f"word/x{number}.xml": b"<a/>" for number in range(MOST_PARTS)}
    assert code(pack_archive(parts)) == "unpacks_too_large"


def test_what_is_no_document_is_said(word):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    assert code(out.getvalue()) == "no_document"
    assert code(b"%PDF-1.7") == "broken"
    assert code(b"") == "broken"
    assert code(word[: len(word) // 2]) == "broken"
    assert code(b"\xd0\xcf\x11\xe0" + b"\0" * 600) == "old_or_locked"


def test_too_large_is_said_before_anything_is_read():
    with pytest.raises(UnreadableFile, match="too_large"):
        unpack_document(b"PK" + b"\0" * MOST_BYTES)


def test_a_password_is_said(word):
    content = bytearray(word)
    for sign in (b"PK\x01\x02", b"PK\x03\x04"):
        place = content.index(sign) + (8 if sign[2] == 1 else 6)
        content[place] |= 1
    assert code(bytes(content)) == "old_or_locked"


# --- XML --------------------------------------------------------------------------------------------

LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(9)
    ) + b"]>"
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_not_declared(word, text, secret, encoding):
    fetches = f'<!DOCTYPE l [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    for made, name in ((word, WORDS), (word, "word/styles.xml"), (text, "content.xml"), (text, "meta.xml")):
        part = unpack_archive(made)[name]
        body = part[part.index(b"?>") + 2 :]
        for declared in (LAUGHS, fetches):
            hostile = (b'<?xml version="1.0"?>' + declared + body).decode().encode(encoding)
            assert code(with_part(made, name, hostile)) == "hostile"


def test_broken_and_very_deep_xml_ends_in_words(word):
    assert code(with_part(word, WORDS, b"<w:document")) == "broken"
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    assert code(with_part(word, WORDS, deep)) in {"broken", "hostile"}


# --- what asks for a server's file ------------------------------------------------------------------


def picture(target, mode=' TargetMode="External"'):
    return (
        b'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'image" Target="%s"%s/></Relationships>' % (target.encode(), mode.encode())
    )


def asking_word(word, path):
    """A Word file that asks for a path in every way that Word knows."""
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {} "{}" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>shown</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/'
        'drawingml/2006/picture"><pic:pic><pic:blipFill><a:blip r:link="rIdX" r:embed="rIdX"/></pic:blipFill>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    asked = "".join(
        field.format(name, path)
        for name in ("INCLUDETEXT", "INCLUDEPICTURE", "LINK Word.Document", "DDEAUTO")
    )
    asked += f'<w:p><w:fldSimple w:instr="INCLUDETEXT {path}"><w:r><w:t>shown</w:t></w:r></w:fldSimple></w:p>'
    asked += drawing + '<w:altChunk r:id="rIdX"/><w:p><w:subDoc r:id="rIdX"/></w:p>'
    made = changed(word, WORDS, b"</w:body>", asked.encode() + b"</w:body>")
    made = changed(made, "word/_rels/document.xml.rels", b"</Relationships>", picture(path.as_uri()))
    template = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        b'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
        b' Target="https://tests.invalid/t.dotm" TargetMode="External"/></Relationships>'
    )
    return with_part(made, "word/_rels/settings.xml.rels", template)


def test_a_word_file_that_asks_for_a_file_of_the_server_gets_nothing(word, secret):
    read = read_in_sandbox(asking_word(word, secret))
    assert CANARY not in str(read.as_json())
    assert read.found.left_out["outside"] >= 7
    assert read.found.left_out["embedded"] == 2
    assert read.found.left_out["pictures"] == 1
    assert "shown" in str(read.reading)  # the words that stood there are words


def test_a_path_inside_the_archive_that_leads_out_of_it_gets_nothing(word, secret):
    """pandoc would have looked for the media beside the document."""
    part = changed(word, "word/_rels/document.xml.rels", b"</Relationships>", picture(f"../..{secret}", ""))
    drawing = (
        b"<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip "
        b'r:embed="rIdX"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
        b"</w:r></w:p></w:body>"
    )
    assert CANARY not in str(read_in_sandbox(changed(part, WORDS, b"</w:body>", drawing)).as_json())


def test_a_libreoffice_file_that_asks_for_a_file_of_the_server_gets_nothing(text, secret):
    href = f'xlink:href="{secret.as_uri()}"'
    asked = (
        f'<text:section text:name="s"><text:section-source {href}/><text:p>shown</text:p></text:section>'
        f"<text:p><draw:frame><draw:image {href}/></draw:frame><text:a {href}>link</text:a></text:p>"
        "</office:text>"
    )
    read = read_in_sandbox(changed(text, "content.xml", b"</office:text>", asked.encode()))
    assert CANARY not in str(read.as_json())
    assert str(secret) not in str(read.reading)
    assert (read.found.left_out["outside"], read.found.left_out["pictures"]) == (1, 1)


def test_our_own_pandoc_reads_no_file_of_the_server(secret):
    tree = {
        "pandoc-api-version": [1, 23, 1],
        "meta": {},
        "blocks": [{"t": "Para", "c": [{"t": "Image", "c": [["", [], []], [], [str(secret), ""]]}]}],
    }
    assert CANARY.encode() not in b"".join(unpack_archive(writer.write_with_pandoc(tree, "docx")).values())


# --- words that are not what they seem --------------------------------------------------------------


def test_hidden_words_are_left_out_and_that_is_said(word):
    file = WordFile(word)
    run = next(file.root.iter(w("r")))
    properties = run.makeelement(w("rPr"))
    properties.append(properties.makeelement(w("vanish")))
    run.insert(0, properties)
    hidden = run.find(w("t")).text
    read = read_file(file.saved())
    assert read.found.left_out["hidden"] == 1
    assert hidden not in str(read.reading)


def test_signs_of_ours_cannot_be_brought_in(word):
    """What stands for a change on its way must not come from a file."""
    made = changed(word, WORDS, "Біздің".encode(), "Біз\ue100\ue110\ue10fдің\u202e".encode())
    read = read_file(made)
    assert "Біздің" in str(read.reading)
    assert read.found.left_out["characters"] == 1


def test_programs_are_not_taken_along(word):
    prepared, _found = prepare_docx(unpack_archive(with_part(word, "word/vbaProject.bin", b"\0")))
    assert not [name for name in unpack_archive(prepared) if not name.endswith((".xml", ".rels"))]
