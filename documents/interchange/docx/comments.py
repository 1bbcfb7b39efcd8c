"""Comments of a Word file: their answers and whether they are resolved stand in a part of their own, which
names each comment by its last paragraph (MS-DOCX, 2.5.1: `commentsExtended`)."""

from collections.abc import Iterable
from typing import Final

from documents.interchange.archive import (
    MC,
    RELATIONS,
    TYPES,
    W14,
    W15,
    Element,
    Parts,
    parse,
    serialise,
    w,
    with_names,
)
from documents.interchange.reader.markers import cleaned
from documents.interchange.reader.metadata import FileComment, Found
from documents.interchange.reader.unpack import read_xml
from documents.interchange.suggest.threads import Thread, comment_numbers

_PARAGRAPH: Final = f"{{{W14}}}paraId"
_EXTENDED: Final = "commentsExtended.xml"
_KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"
_NO_STATES: Final = f'<w15:commentsEx xmlns:w15="{W15}" xmlns:mc="{MC}" mc:Ignorable="w15"/>'
_RELATION: Final = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"


def read_comments(parts: Parts, folder: str, found: Found) -> dict[str, int]:
    """Keep the comments; gives the number of each by its id in the file."""
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


def write_answers(parts: Parts, threads: Iterable[Thread]) -> None:
    """Say which comments are answers, and which are resolved: as Word does, of each comment of a thread. Word
    before 2013 shows answers beside each other, and all as open.

    The comments have the numbers of `comment_numbers`.
    """
    comments = with_names(parse(parts["word/comments.xml"]), w14=W14)
    extended = parse(_NO_STATES.encode())
    written = {str(one.get(w("id"))): one for one in comments.iter(w("comment"))}
    threads = list(threads)
    numbers = comment_numbers(threads)
    for thread in threads:
        first, *answers = numbers[thread.id]
        for number in (first, *answers):
            if number not in written:
                continue
            *_rows, last = written[number].iter(w("p"))
            last.set(_PARAGRAPH, _paragraph(number))
            state = {"paraId": _paragraph(number), "done": str(int(thread.resolved))}
            if number != first:
                state["paraIdParent"] = _paragraph(first)
            names = {f"{{{W15}}}{name}": value for name, value in state.items()}
            extended.append(extended.makeelement(f"{{{W15}}}commentEx", names))
    parts["word/comments.xml"] = serialise(comments)
    parts[f"word/{_EXTENDED}"] = serialise(extended)
    _announce(parts)


def _announce(parts: Parts) -> None:
    types = parse(parts["[Content_Types].xml"])
    entry = {"PartName": f"/word/{_EXTENDED}", "ContentType": _KIND}
    types.append(types.makeelement(f"{{{TYPES}}}Override", entry))
    parts["[Content_Types].xml"] = serialise(types)
    relations = parse(parts["word/_rels/document.xml.rels"])
    link = {"Id": "rIdAnswers", "Type": _RELATION, "Target": _EXTENDED}
    relations.append(relations.makeelement(f"{{{RELATIONS}}}Relationship", link))
    parts["word/_rels/document.xml.rels"] = serialise(relations)


def _paragraph(number: str) -> str:
    """The id of a comment's last paragraph: eight hexadecimal digits, more than 0 (MS-DOCX, 2.6.2.3)."""
    return f"{int(number) + 1:08X}"


def _words_in(row: Element) -> list[str]:
    signs = {w("br"): "\n", w("cr"): "\n", w("tab"): " "}
    return [
        signs.get(one.tag, "") or (cleaned(one.text or "") if one.tag == w("t") else "") for one in row.iter()
    ]
