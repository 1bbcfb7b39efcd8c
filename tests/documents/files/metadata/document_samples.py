"""Office files, PDFs and pictures with a canary wherever metadata can stand."""

import io
import zipfile

from PIL import Image, PngImagePlugin

CANARY = "Canary-Name"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R = f'xmlns:r="{RELATION}"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SLIDE = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'


def jpeg() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F], exif[0x8298] = CANARY, CANARY
    xmp = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()
    Image.new("RGB", (32, 24), "teal").save(out, "JPEG", exif=exif, comment=CANARY.encode(), xmp=xmp)
    return out.getvalue() + CANARY.encode()


def png() -> bytes:
    out, told = io.BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Author", CANARY)
    told.add_itxt("XML:com.adobe.xmp", CANARY, zip=True)
    Image.new("RGB", (8, 8), "red").save(out, "PNG", pnginfo=told)
    return out.getvalue() + CANARY.encode()


def gif() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("P", (8, 8), colour) for colour in (1, 2)]
    frames[0].save(out, "GIF", comment=CANARY.encode(), save_all=True, append_images=frames[1:], loop=0)
    return out.getvalue() + CANARY.encode()


def webp() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x8298] = CANARY
    Image.new("RGBA", (8, 8), "red").save(out, "WEBP", exif=exif, xmp=CANARY.encode(), lossless=True)
    return out.getvalue()


def archive(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.comment = CANARY.encode()
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def relations(*targets: tuple[str, str] | tuple[str, str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{RELATION}/{one[0]}" Target="{one[1]}"'
        + (f' TargetMode="{one[2]}"/>' if len(one) > 2 else "/>")
        for number, one in enumerate(targets)
    )
    return f'<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'


def properties(main: str, kind: str) -> dict[str, str | bytes]:
    """The parts that every Office file has."""
    core = (
        f"<cp:coreProperties xmlns:cp='c' xmlns:dc='d'><dc:creator>{CANARY}</dc:creator></cp:coreProperties>"
    )
    parts = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "docProps/thumbnail.jpeg")
    overrides = "".join(f'<Override PartName="/{name}" ContentType="x"/>' for name in (*parts[:3], main))
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="{kind}"/>'
        f"{overrides}</Types>",
        "_rels/.rels": relations(("officeDocument", main), *(("x", name) for name in parts)),
        "docProps/core.xml": core,
        "docProps/app.xml": f"<Properties><Company>{CANARY}</Company></Properties>",
        "docProps/custom.xml": f"<Properties><p>{CANARY}</p></Properties>",
        "docProps/thumbnail.jpeg": jpeg(),
        "customXml/item1.xml": f"<x>{CANARY}</x>",
    }


def docx(**more: str | bytes) -> bytes:
    by = f'w:author="{CANARY}" w:initials="{CANARY}" w:date="2026-01-02T03:04:05Z" w:id="1"'
    words = (
        f'<w:p w:rsidR="00C0FFEE"><w:ins {by}><w:r><w:t>added words</w:t></w:r></w:ins>'
        f'<w:r><w:commentReference w:id="1"/></w:r><!-- {CANARY} --></w:p>'
    )
    settings = (
        f'<w:attachedTemplate r:id="r0"/><w:rsids><w:rsid w:val="00C0FFEE"/></w:rsids>'
        f'<w:mailMerge><w:query w:val="{CANARY}"/></w:mailMerge>'
    )
    return archive(
        {
            **properties("word/document.xml", "word"),
            "word/document.xml": f"<w:document {W}><w:body>{words}</w:body></w:document>",
            "word/_rels/document.xml.rels": relations(
                ("image", "media/image1.jpeg"),
                ("customXml", "../customXml/item1.xml"),
                ("people", "people.xml"),
                ("hyperlink", "https://example.org/", "External"),
            ),
            "word/settings.xml": f"<w:settings {W} {R}>{settings}</w:settings>",
            "word/_rels/settings.xml.rels": relations(
                ("attachedTemplate", f"file:///C:/Users/{CANARY}/Normal.dotm", "External")
            ),
            "word/comments.xml": f"<w:comments {W}><w:comment {by}><w:p/></w:comment></w:comments>",
            "word/people.xml": f"<w15:people xmlns:w15='x'><w15:person w15:author='{CANARY}'/></w15:people>",
            "word/media/image1.jpeg": jpeg(),
            "word/media/image2.png": png(),
            "word/embeddings/sheet.xlsx": xlsx(),
            **more,
        }
    )


def xlsx() -> bytes:
    lock = f'<fileSharing userName="{CANARY}"/>'
    path = f"<x:absPath xmlns:x='x' url='C:/Users/{CANARY}/'/>"
    cells = '<sheetData><row r="1"><c r="A1"><v>25</v></c></row></sheetData>'
    return archive(
        {
            **properties("xl/workbook.xml", "xl"),
            "xl/workbook.xml": f"<workbook {SHEET} {R}>{lock}{path}"
            '<sheets><sheet name="One" sheetId="1" r:id="r0"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml")),
            "xl/worksheets/sheet1.xml": f'<worksheet {SHEET} {R}>{cells}<pageSetup r:id="r0"/></worksheet>',
            "xl/worksheets/_rels/sheet1.xml.rels": relations(
                ("printerSettings", "../printerSettings/printerSettings1.bin"),
                ("comments", "../comments1.xml"),
            ),
            "xl/printerSettings/printerSettings1.bin": CANARY.encode("utf-16-le"),
            "xl/comments1.xml": f"<comments {SHEET}><authors><author>{CANARY}</author></authors></comments>",
            "xl/persons/person.xml": "<personList>"
            f'<person displayName="{CANARY}" userId="{CANARY}"/></personList>',
            "xl/pivotCache/pivotCacheDefinition1.xml": f"<pivotCacheDefinition {SHEET} "
            f'refreshedBy="{CANARY}" refreshedDate="46000.5"/>',
        }
    )


def pptx() -> bytes:
    return archive(
        {
            **properties("ppt/presentation.xml", "ppt"),
            "ppt/presentation.xml": f"<p:presentation {SLIDE}/>",
            "ppt/commentAuthors.xml": f"<p:cmAuthorLst {SLIDE}>"
            f"<p:cmAuthor name='{CANARY}' initials='{CANARY}'/></p:cmAuthorLst>",
            "ppt/comments/comment1.xml": f"<p:cmLst {SLIDE}><p:cm authorId='0' dt='2026-01-02T03:04:05.678'>"
            "<p:text>Shorter</p:text></p:cm></p:cmLst>",
            "ppt/changesInfos/changesInfo1.xml": f"<x name='{CANARY}'/>",
            "ppt/media/image1.gif": gif(),
            "ppt/media/image2.webp": webp(),
        }
    )


ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:officeooo="http://openoffice.org/2009/office" '
    'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
)


def open_document(kind: str = "text", entry: str = "") -> bytes:
    by = f"<dc:creator>{CANARY}</dc:creator><dc:date>2026-01-02T03:04:05</dc:date>"
    words = (
        f"<text:p><office:annotation>{by}<meta:creator-initials>{CANARY}</meta:creator-initials>"
        "<text:p>a note</text:p></office:annotation>the words</text:p>"
    )
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {ODF}>"
            '<style:text-properties officeooo:rsid="00c0ffee"/>'
            f"{words}</office:document-content>",
            "meta.xml": f"<office:document-meta {ODF}><office:meta><meta:initial-creator>{CANARY}"
            "</meta:initial-creator></office:meta></office:document-meta>",
            "settings.xml": f'<office:document-settings {ODF}><config:config-item config:name="PrinterName">'
            f'{CANARY}</config:config-item><config:config-item config:name="Zoom">100</config:config-item>'
            "</office:document-settings>",
            "META-INF/manifest.xml": f"<manifest:manifest {ODF}>"
            '<manifest:file-entry manifest:full-path="Thumbnails/thumbnail.png"/>'
            f'<manifest:file-entry manifest:full-path="content.xml">{entry}</manifest:file-entry>'
            "</manifest:manifest>",
            "Thumbnails/thumbnail.png": png(),
            "Pictures/1.jpg": jpeg(),
            "Object 1/meta.xml": f"<x>{CANARY}</x>",
        }
    )
