"""Units that come from a file, as the editor's inline nodes."""

from collections.abc import Iterable

from documents.interchange.diff.tokens import NOTE, Json, Line, Unit

_MARKS = frozenset({"bold", "italic", "link"})


def inline(units: Iterable[tuple[Unit, Line]], *, plain: bool, identifier: str = "") -> list[Json]:
    """The nodes, with the mark of an insertion if there is an `identifier`.

    `plain`: a title and a lead take words alone, without marks and notes.
    """
    made: list[Json] = []
    for unit, line in units:
        if unit.text.startswith(NOTE):
            if not plain:
                made.append({"type": "footnote", "attrs": {"text": unit.text.removeprefix(NOTE)}})
            continue
        source = line.pieces[unit.piece].node
        marks = [one for one in source.get("marks") or () if one["type"] in _MARKS and not plain]
        last = made[-1] if made else None
        if last is not None and last["type"] == "text" and last["marks"] == marks:
            last["text"] += unit.text
        else:
            made.append({"type": "text", "text": unit.text, "marks": marks})
    for node in made:
        if identifier:
            node["marks"] = [*node.get("marks", ()), {"type": "insertion", "attrs": {"id": identifier}}]
        elif not node.get("marks"):
            node.pop("marks", None)
    return made
