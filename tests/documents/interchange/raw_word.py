"""Small Word and OpenDocument files written by hand: what other programs write and pandoc does not."""

from documents.files.types import pack_archive

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ROOTS = {
    "footnotes": "footnotes",
    "comments": "comments",
    "commentsExtended": "w15:commentsEx",
    "header1": "hdr",
    "footer1": "ftr",
}
BY = 'w:id="1" w:author="Лаура Заңгер" w:date="2026-11-25T09:00:00Z"'


def run(words, properties=""):
    return f'<w:r>{properties}<w:t xml:space="preserve">{words}</w:t></w:r>'


def row(*content, mark=""):
    """A paragraph; `mark`: the tracked change of its end, `ins` or `del`."""
    properties = f"<w:pPr><w:rPr><w:{mark} {BY}/></w:rPr></w:pPr>" if mark else ""
    return f"<w:p>{properties}{''.join(content)}</w:p>"


def inserted(content, by=BY):
    return f"<w:ins {by}>{content}</w:ins>"


def deleted(words, by=BY):
    return f"<w:del {by}><w:r><w:delText xml:space='preserve'>{words}</w:delText></w:r></w:del>"


def note(number=1):
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def vml(*rows):
    """The drawing of a text box for old programs."""
    inside = f"<w:txbxContent>{''.join(rows)}</w:txbxContent>"
    return f"<w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict>"


def text_box(*rows):
    """A text box as Word writes it: drawn for new programs, and again as VML for old ones."""
    new = (
        '<w:drawing><wp:inline><a:graphic><a:graphicData uri="urn:x"><wps:wsp><wps:txbx>'
        f"<w:txbxContent>{''.join(rows)}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing>"
    )
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice>'
        f"<mc:Fallback>{vml(*rows)}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def raw_docx(body, *, links=(), links_of_notes=(), **parts):
    """A Word file. `parts`: the content of `footnotes`, `comments`, `commentsExtended`, `header1`, `footer1`;
    `links`: addresses of hyperlinks, by the ids link0, link1 ..., of the document or of its notes."""
    made = {
        "[Content_Types].xml": _content_types(parts),
        "_rels/.rels": _relations([("rId1", "officeDocument", "word/document.xml", "")]),
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>".encode(),
    }
    for name, content in parts.items():
        root = _ROOTS[name] if ":" in _ROOTS[name] else f"w:{_ROOTS[name]}"
        made[f"word/{name}.xml"] = f"<{root} {NAMES}>{content}</{root}>".encode()
    others = [(name, name.rstrip("1"), f"{name}.xml", "") for name in parts]
    made["word/_rels/document.xml.rels"] = _relations([*others, *_links(links)])
    if links_of_notes:
        made["word/_rels/footnotes.xml.rels"] = _relations(_links(links_of_notes))
    return pack_archive(made)


def _links(addresses):
    return [
        (f"link{number}", "hyperlink", address, ' TargetMode="External"')
        for number, address in enumerate(addresses)
    ]


def _relations(rows):
    written = "".join(
        f'<Relationship Id="{name}" Type="{_RELATION}/{kind}" Target="{target}"{mode}/>'
        for name, kind, target, mode in rows
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'.encode()


def _content_types(parts):
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{name.rstrip("1")}+xml"/>'
        for name in parts
    )
    main = f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>'
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{main}{overrides}</Types>"
    ).encode()


_MANIFEST = b"""<manifest:manifest manifest:version="1.3" \
xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry \
manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry \
manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
_ODT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"'
)


def raw_odt(body, *, master="", **parts):
    """An OpenDocument text. `master`: what stands in its master page; `parts`: others, with _ for /."""
    pages = f'<office:master-styles><style:master-page style:name="S">{master}</style:master-page>'
    return pack_archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": (
                f"<office:document-content {_ODT}><office:body><office:text>{body}</office:text>"
                "</office:body></office:document-content>"
            ).encode(),
            "styles.xml": (
                f"<office:document-styles {_ODT}><office:styles/>{pages}</office:master-styles>"
                "</office:document-styles>"
            ).encode(),
            "META-INF/manifest.xml": _MANIFEST,
            **{f"{name.replace('_', '/')}.xml": content.encode() for name, content in parts.items()},
        }
    )
