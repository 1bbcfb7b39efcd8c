"""Conversion of Word's tracked changes and comments to markers (`reader/markers.py`)."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from lxml.etree import SubElement

from documents.files.types import (
    MC,
    PROPERTY,
    RELATIONS,
    TYPES,
    W14,
    W15,
    XML,
    Element,
    Parts,
    UnreadableFile,
    declare_ignorable_namespaces,
    pack_archive,
    parse_xml,
    read_xml,
    serialise_xml,
    w,
)
from documents.interchange.reader import markers
from documents.interchange.reader.document import FileComment, FileMetadata
from documents.interchange.reader.markers import remove_forbidden_characters
from documents.interchange.suggest.marked_text import FileThread, comment_numbers

_KINDS: Final = {
    "ins": markers.INSERTED,
    "moveTo": markers.INSERTED,
    "del": markers.DELETED,
    "moveFrom": markers.DELETED,
}

_MARKS: Final = {
    "ins": markers.MARK_INSERTED,
    "moveTo": markers.MARK_INSERTED,
    "del": markers.MARK_DELETED,
    "moveFrom": markers.MARK_DELETED,
}

_INSIDE_ROWS: Final = frozenset(
    {"p", "hyperlink", "smartTag", "fldSimple", "sdtContent", "ins", "del", "moveTo", "moveFrom"}
)


def insert_signs(root: Element, found: FileMetadata, comments: dict[str, int]) -> None:
    """Insert markers where changes and comments begin and end, in place."""
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is None or not isinstance(element.tag, str) or not element.tag.startswith(w("")):
            continue
        name, around = (str(one.tag).rpartition("}")[2] for one in (element, parent))
        if name in _KINDS and around == "rPr":
            _sign_paragraph_mark(element, name, found)
        elif name in _KINDS and around != "trPr":
            _sign_change(element, parent, name, found)
        elif name == "delText":
            element.tag = w("t")
        elif name == "commentReference":
            parent.remove(element)
        elif name in {"commentRangeStart", "commentRangeEnd"} and around in _INSIDE_ROWS:
            number = comments.get(str(element.get(w("id"))))
            kind = markers.COMMENT if name == "commentRangeStart" else markers.COMMENT_END
            if number is not None:
                parent.replace(element, _insert_run(parent, markers.make_sign(kind, number)))


def _sign_change(element: Element, parent: Element, name: str, found: FileMetadata) -> None:
    """Replace a change by its children; inside a row, between two markers."""
    inside = list(element)
    if str(parent.tag).rpartition("}")[2] in _INSIDE_ROWS:
        number = found.add_change(element.get(w("author")), element.get(w("date")))
        start = _insert_run(parent, markers.make_sign(_KINDS[name], number))
        inside = [start, *inside, _insert_run(parent, markers.make_sign(markers.CHANGE_END))]
    place = parent.index(element)
    parent[place : place + 1] = inside


def _sign_paragraph_mark(element: Element, name: str, found: FileMetadata) -> None:
    """Insert the marker of a paragraph end's change, stored in its properties, at its end."""
    run = element.getparent()
    properties = run.getparent() if run is not None else None
    paragraph = properties.getparent() if properties is not None else None
    if paragraph is None or properties is None or properties.tag != w("pPr") or paragraph.tag != w("p"):
        return
    number = found.add_change(element.get(w("author")), element.get(w("date")))
    paragraph.append(_insert_run(paragraph, markers.make_sign(_MARKS[name], number)))
    _drop_element(element)
    following = paragraph.getnext()
    if following is not None and following.tag == w("p"):
        place = 1 if following.find(w("pPr")) is not None else 0
        following.insert(place, _insert_run(following, markers.make_sign(markers.RUNS_ON)))


def _insert_run(near: Element, words: str) -> Element:
    run = near.makeelement(w("r"))
    SubElement(run, w("t"), {f"{{{XML}}}space": "preserve"}).text = words
    return run


def _drop_element(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


# Comments of a Word file: replies and resolved states are in a separate part, which identifies each
# comment by its last paragraph (MS-DOCX, 2.5.1: `commentsExtended`).
_PARAGRAPH: Final = f"{{{W14}}}paraId"
_EXTENDED: Final = "commentsExtended.xml"
_KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"
_NO_STATES: Final = f'<w15:commentsEx xmlns:w15="{W15}" xmlns:mc="{MC}" mc:Ignorable="w15"/>'
_RELATION: Final = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"


def read_comments(parts: Parts, folder: str, found: FileMetadata) -> dict[str, int]:
    """Store the comments; return the number of each by its id in the file."""
    numbers: dict[str, int] = {}
    paragraphs: dict[str, int] = {}
    name = f"{folder}/comments.xml"
    for one in read_xml(parts[name]).iter(w("comment")) if name in parts else ():
        number = len(found.comments)
        numbers[str(one.get(w("id")))] = number
        paragraphs |= {str(row.get(_PARAGRAPH)): number for row in one.iter(w("p"))}
        rows = ["".join(_words_in(row)) for row in one.iter(w("p"))]
        author, at = one.get(w("author")) or "", one.get(w("date")) or ""
        found.comments.append(FileComment(author.strip(), at, "\n".join(rows).strip()))
    name = f"{folder}/{_EXTENDED}"
    for one in read_xml(parts[name]).iter(f"{{{W15}}}commentEx") if name in parts else ():
        number = paragraphs.get(str(one.get(f"{{{W15}}}paraId")), -1)
        if number < 0:
            continue
        found.comments[number].parent = paragraphs.get(str(one.get(f"{{{W15}}}paraIdParent")))
        found.comments[number].resolved = one.get(f"{{{W15}}}done") in {"1", "true"}
    return numbers


def write_comment_states(parts: Parts, threads: Iterable[FileThread]) -> None:
    """Write which comments are replies and which are resolved, as Word does, for each comment of a thread.

    The comments have the numbers of `comment_numbers`. Word before 2013 displays replies side by side, and
    all comments as open.
    """
    comments = declare_ignorable_namespaces(parse_xml(parts["word/comments.xml"]), w14=W14)
    extended = parse_xml(_NO_STATES.encode())
    written = {str(one.get(w("id"))): one for one in comments.iter(w("comment"))}
    threads = list(threads)
    numbers = comment_numbers(threads)
    for thread in threads:
        first = numbers[thread.id][0]
        for number in numbers[thread.id]:
            if number not in written:
                continue
            *_rows, last = written[number].iter(w("p"))
            last.set(_PARAGRAPH, _paragraph_id(number))
            state = {"paraId": _paragraph_id(number), "done": str(int(thread.resolved))}
            if number != first:
                state["paraIdParent"] = _paragraph_id(first)
            names = {f"{{{W15}}}{name}": value for name, value in state.items()}
            SubElement(extended, f"{{{W15}}}commentEx", names)
    parts["word/comments.xml"] = serialise_xml(comments)
    parts[f"word/{_EXTENDED}"] = serialise_xml(extended)
    register_part(parts, _EXTENDED, "rIdAnswers", content_type=_KIND, relation=_RELATION)


def register_part(parts: Parts, name: str, identity: str, *, content_type: str, relation: str) -> None:
    """Register a part of the document in the content types and relationships."""
    types = parse_xml(parts["[Content_Types].xml"])
    entry = {"PartName": f"/word/{name}", "ContentType": content_type}
    SubElement(types, f"{{{TYPES}}}Override", entry)
    parts["[Content_Types].xml"] = serialise_xml(types)
    relations = parse_xml(parts["word/_rels/document.xml.rels"])
    link = {"Id": identity, "Type": relation, "Target": name}
    SubElement(relations, f"{{{RELATIONS}}}Relationship", link)
    parts["word/_rels/document.xml.rels"] = serialise_xml(relations)


def _paragraph_id(number: str) -> str:
    """Return the id of a comment's last paragraph: eight hexadecimal digits, greater than 0
    (MS-DOCX, 2.6.2.3)."""
    return f"{int(number) + 1:08X}"


def _words_in(row: Element) -> list[str]:
    signs = {w("br"): "\n", w("cr"): "\n", w("tab"): " "}
    return [
        signs.get(one.tag, "") or (remove_forbidden_characters(one.text or "") if one.tag == w("t") else "")
        for one in row.iter()
    ]


_STRICT: Final = b"http://purl.oclc.org/ooxml/"


# After `serialise_xml`, namespaces and types of relations and drawings are double-quoted attributes.
_NAME: Final = re.compile(rb'="http://purl\.oclc\.org/ooxml/(\w+)/')


# Text boxes of a Word file: their paragraphs are moved after the paragraph that contains the box.
#
# pandoc reads the words of a drawn box in place of those of the paragraph, and none of a VML box.
_CONTENT: Final = w("txbxContent")
_DRAWN: Final = frozenset({w("drawing"), w("pict")})
_CHANGES: Final = frozenset({w("ins"), w("del"), w("moveTo"), w("moveFrom")})
_MARKUP: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def move_text_boxes(root: Element, found: FileMetadata) -> None:
    """Move the rows of every text box that has words, in place.

    The rows of an inserted or deleted box become inserted or deleted rows.
    """
    _choose_alternative(root)
    last: dict[Element, Element] = {}  # the row after which the next box of a paragraph is placed
    for box in list(root.iter(_CONTENT)):
        paragraph = next(box.iterancestors(w("p")), None)
        if paragraph is None or not _has_words(box):
            continue
        found.left_out["text_boxes"] += 1
        changes = [one for one in box.iterancestors(*_CHANGES) if paragraph in one.iterancestors()]
        place = last.get(paragraph, _end_of_chain(paragraph))
        inside = [one for one in box.iter(w("p")) if next(one.iterancestors(_CONTENT)) is box]
        for row in inside:
            for change in changes:
                # Make the words of a paragraph, and its end, part of a tracked change.
                mark_paragraph_end(row, row.makeelement(change.tag, dict(change.attrib)))
                around = row.makeelement(change.tag, dict(change.attrib))
                around.extend([one for one in row if one.tag != w("pPr")])
                row.append(around)
        for row in list(box):
            place.addnext(row)
            place = row
        last[paragraph] = place
    for drawing in [one for one in root.iter(*_DRAWN) if next(one.iter(_CONTENT), None) is not None]:
        _drop_element(drawing)


def mark_paragraph_end(paragraph: Element, change: Element) -> None:
    """Put a tracked change of its end into the properties of a paragraph."""
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = paragraph.makeelement(w("pPr"))
        paragraph.insert(0, properties)
    end = properties.find(w("rPr"))
    if end is None:
        end = SubElement(properties, w("rPr"))
    end.insert(0, change)


def _choose_alternative(root: Element) -> None:
    """Of alternative content for new and old programs, select the one that has words."""
    for both in list(root.iter(f"{_MARKUP}AlternateContent")):
        ways = [one for one in both if isinstance(one.tag, str)]
        chosen = next((one for one in ways if _has_words(one)), None)
        for other in ways:
            if other is not (ways[0] if chosen is None else chosen):
                both.remove(other)


def _end_of_chain(paragraph: Element) -> Element:
    """Return the last paragraph of a chain with changed ends, whose words may be one paragraph."""
    while any(one.tag in _CHANGES for one in paragraph.iterfind(f"{w('pPr')}/{w('rPr')}/*")):
        following = paragraph.getnext()
        if following is None or following.tag != w("p"):
            break
        paragraph = following
    return paragraph


def _has_words(element: Element) -> bool:
    return any((one.text or "").strip() for one in element.iter(w("t"), w("delText")))


# Preparation of a Word file for pandoc: changes and comments become markers, references outside the
# file are dropped.
#
# The archive for pandoc is written here and contains only words, styles, lists and notes.
_OFFICE: Final = "/officeDocument"
_NOTES: Final = ("footnotes.xml", "endnotes.xml")
_FORM: Final = ("styles.xml", "numbering.xml")
_WEB: Final = frozenset({"http", "https", "mailto", "tel"})


# pandoc removes paragraphs in these styles from the text.
_OWN_STYLES: Final = frozenset({"title", "subtitle", "author", "date", "abstract", "abstract title"})


def prepare_docx(parts: Parts) -> tuple[bytes, FileMetadata]:
    """Return an archive for pandoc, and the metadata found. Raises UnreadableFile."""
    found = FileMetadata()
    parts = {
        name: _NAME.sub(rb'="http://schemas.openxmlformats.org/\1/2006/', serialise_xml(read_xml(content)))
        if _STRICT in content
        else content
        for name, content in parts.items()
    }
    main = _main_part(parts)
    folder = main.rpartition("/")[0]
    _read_properties(parts, found)
    record_docx_margins(parts, folder, _relations_of(main), found)
    comments = read_comments(parts, folder, found)
    kept = {name: parts[name] for name in ("[Content_Types].xml", "_rels/.rels")}
    for name in (main, *(f"{folder}/{note}" for note in _NOTES)):
        if name in parts:
            root = read_xml(parts[name])
            if not str(root.tag).startswith(w("")):  # pandoc would silently find no words, or no changes
                raise UnreadableFile("broken")
            move_text_boxes(root, found)
            remove_unsupported(root, found)
            insert_signs(root, found, comments)
            kept[name] = serialise_xml(root)
    for name in list(kept):
        relations = _relations_of(name)
        if relations in parts:
            kept[relations] = _inner_relations(parts[relations], found)
    for name in _FORM:
        if f"{folder}/{name}" in parts:
            kept[f"{folder}/{name}"] = _renamed(parts[f"{folder}/{name}"])
    kept["_rels/.rels"] = _inner_relations(kept["_rels/.rels"], found)
    for name, content in parts.items():  # count those of parts not imported, such as a template on a server
        if name.endswith(".rels") and name not in kept and b"External" in content:
            _inner_relations(content, found)
    return pack_archive(kept), found


def _main_part(parts: Parts) -> str:
    for relation in read_xml(parts["_rels/.rels"]):
        if str(relation.get("Type")).endswith(_OFFICE):
            name = str(relation.get("Target")).lstrip("/")
            if name in parts:
                return name
    raise UnreadableFile("no_document")


def _relations_of(name: str) -> str:
    folder, _slash, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _read_properties(parts: Parts, found: FileMetadata) -> None:
    if "docProps/custom.xml" in parts:
        for one in read_xml(parts["docProps/custom.xml"]):
            if one.get("name") == PROPERTY:
                found.token = "".join(one.itertext()).strip()
    if "docProps/core.xml" in parts:
        for one in read_xml(parts["docProps/core.xml"]):
            if str(one.tag).endswith("}lastModifiedBy"):
                found.saved_by = (one.text or "").strip()


def _inner_relations(content: bytes, found: FileMetadata) -> bytes:
    """Return the relationships inside the file, and links to the web."""
    root = read_xml(content)
    for relation in list(root.iter(f"{{{RELATIONS}}}Relationship")):
        if relation.get("TargetMode") != "External":
            continue
        is_link = str(relation.get("Type")).endswith("/hyperlink")
        if not is_link or urlsplit(str(relation.get("Target"))).scheme.lower() not in _WEB:
            found.left_out["outside"] += 1
            root.remove(relation)
    return serialise_xml(root)


def _renamed(content: bytes) -> bytes:
    root = read_xml(content)
    for name in root.iter(w("name")):
        value = name.get(w("val")) or ""
        if value.lower() in _OWN_STYLES:
            name.set(w("val"), f"Own {value}")
    return serialise_xml(root)


_SILENT: Final = ""

_LEFT_OUT_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("altChunk", "subDoc", "object", "control"), "embedded"),
    **dict.fromkeys(("drawing", "pict"), "pictures"),
    **dict.fromkeys(
        ("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "tblPrExChange",
         "tblGridChange", "numberingChange"),
        "form_changes",
    ),
    **dict.fromkeys(("cellIns", "cellDel", "cellMerge"), "table_changes"),
    # The borders of moves: a move is imported as a deletion and an insertion.
    **dict.fromkeys(
        ("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"), _SILENT
    ),
}  # fmt: skip

_OUTSIDE: Final = re.compile(
    r"^\s*(INCLUDE|LINK|DDE|IMPORT|DATABASE|RD\b|HYPERLINK\s+\"?file)", re.IGNORECASE
)


def remove_unsupported(root: Element, found: FileMetadata) -> None:
    """Remove, in place, unsupported content of a part and references outside the file."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):  # an XML comment or processing instruction
            continue
        code, parent = _reason_code(element), element.getparent()
        if code is None:
            if element.tag in {w("t"), w("delText")} and element.text:
                element.text = found.cleaned(element.text)
            elif element.tag in {w("instrText"), w("fldSimple")}:
                _check_field(element, found)
            waiting += reversed(element)
            continue
        if code:
            found.left_out[code] += 1
        if parent is not None:
            parent.remove(element)


def _reason_code(element: Element) -> str | None:
    """Return the code of the reason why an element is not imported, or None."""
    name = str(element.tag).rpartition("}")[2]
    parent = element.getparent()
    if name == "r":
        vanish = element.find(f"{w('rPr')}/{w('vanish')}")
        if vanish is not None and vanish.get(w("val")) not in {"0", "false", "off"}:
            return "hidden"
    if name in {"ins", "del"} and parent is not None and parent.tag == w("trPr"):
        return "table_changes"
    return _LEFT_OUT_KINDS.get(name)


def _check_field(element: Element, found: FileMetadata) -> None:
    """Empty a field that fetches something; its displayed words are preserved."""
    inside = element.tag == w("instrText")
    code = (element.text if inside else element.get(w("instr"))) or ""
    if not _OUTSIDE.match(code):
        return
    found.left_out["outside"] += 1
    if inside:
        element.text = ""
    else:
        element.set(w("instr"), "")


def record_docx_margins(parts: Parts, folder: str, relations: str, found: FileMetadata) -> None:
    """Store the headers and footers. `relations`: the part that names them."""
    for relation in read_xml(parts[relations]) if relations in parts else ():
        if str(relation.get("Type")).rpartition("/")[2] not in {"header", "footer"}:
            continue
        target = str(relation.get("Target"))
        name = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        if name in parts:
            found.add_margin(_margin_words(read_xml(parts[name])))


def _margin_words(part: Element) -> str:
    """Return the words without the values of fields such as the page number."""
    words: list[str] = []
    fields = 0
    for element in part.iter(w("fldChar"), w("t"), w("p")):
        kind = element.get(w("fldCharType"))
        if element.tag == w("p"):
            words.append(" ")
        elif kind is not None:
            fields += {"begin": 1, "end": -1}.get(kind, 0)
        elif fields <= 0 and next(element.iterancestors(w("fldSimple")), None) is None:
            words.append(element.text or "")
    return "".join(words)
