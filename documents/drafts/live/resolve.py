"""Accept and reject suggestions in a text, on JSON, as the editor does.

Same as `@handlewithcare/prosemirror-suggest-changes`, which the browser runs, with two differences:
no neighbouring space is removed, and unmarked words are never lost. Marks on words and on whole
nodes count alike. A suggestion across the border of two textblocks has a mark of the same id on
both sides of it (on a zero-width space, if there are no words to mark): removing its words joins
the two.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from documents.canonical.editor_schema import NODES
from documents.canonical.form import Json
from documents.drafts.live.marks import COMMENT, DELETION, INSERTION, MODIFICATION

ANCHOR: Final = "\u200b"
HEADS: Final = frozenset({"title", "lead"})
TEXTBLOCKS: Final = frozenset({*HEADS, "paragraph", "heading"})
INLINE: Final = frozenset({"text", "footnote", "fact", "gap"})
CONTAINERS: Final = frozenset(
    {
        "bulletList",
        "orderedList",
        "listItem",
        "blockquote",
        "quotation",
        "table",
        "tableRow",
        "tableHeader",
        "tableCell",
        "approvedBlock",
    }
)
ISOLATING: Final = frozenset({"tableHeader", "tableCell", "approvedBlock"})
HEADING_LEVEL: Final = 2
_TURNS: Final = ("nodeType", "attr", "mark")


@dataclass(eq=False)
class Node:
    """A mutable node."""

    type: str
    attrs: Json
    marks: list[Json]
    text: str = ""
    children: list["Node"] = field(default_factory=list)
    parent: "Node | None" = None

    @property
    def is_textblock(self) -> bool:
        """Whether it holds a line of words."""
        return self.type in TEXTBLOCKS or any(child.type in INLINE for child in self.children)

    def leave(self) -> None:
        """Remove it, and a container that becomes empty, except a cell, which needs a line."""
        parent = self.parent
        if parent is None:
            return
        parent.children.remove(self)
        if parent.type in ISOLATING and not parent.children:
            parent.children.append(Node("paragraph", {}, [], parent=parent))
        elif parent.type in CONTAINERS and not parent.children:
            parent.leave()
        elif parent.type == "listItem" and parent.children[0].type != "paragraph":
            parent.children.insert(0, Node("paragraph", {}, [], parent=parent))


def has_marks(node: Json) -> bool:
    """Whether the node or anything in it has a mark."""
    return bool(node.get("marks")) or any(has_marks(child) for child in node.get("content") or ())


def resolve(marked: Json, *, accept: bool) -> Json:
    """Return the text with every suggestion accepted (`accept`) or rejected. Comments stay."""
    if not has_suggestions(marked):
        return marked
    keep, drop = (INSERTION, DELETION) if accept else (DELETION, INSERTION)
    root = _tree(marked)
    _take_out_nodes(root, drop)
    _take_out_words(root, drop)
    for node in _walk(root):
        _settle(node, keep, back=not accept)
    if all(child.type in HEADS for child in root.children):
        root.children.append(Node("paragraph", {}, [], parent=root))
    return _json(root)


def has_suggestions(node: Json) -> bool:
    """Whether the node or anything in it is marked as suggested."""
    if any(mark["type"] in {INSERTION, DELETION, MODIFICATION} for mark in node.get("marks") or ()):
        return True
    return any(has_suggestions(child) for child in node.get("content") or ())


# --- taking out ---------------------------------------------------------------------------------------


def _take_out_nodes(root: Node, drop: str) -> None:
    for node in reversed(list(_dropped(root, drop))):
        node.leave()


def _dropped(node: Node, drop: str) -> Iterator[Node]:
    """Yield the outermost blocks to be removed."""
    for child in node.children:
        if child.type in INLINE:
            continue
        if child.type not in HEADS and _identity(child, drop) is not None:
            yield child
        else:
            yield from _dropped(child, drop)


def _take_out_words(root: Node, drop: str) -> None:
    """Remove the marked words in each line; join lines if the mark continues across the border."""
    lines = [node for node in _walk(root) if _is_leaf(node)]
    chains: list[list[Node]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and _runs_on(before, line, drop):
            chains[-1].append(line)
        else:
            chains.append([line])
    for chain in chains:
        for line in chain:
            line.children = [child for child in line.children if _identity(child, drop) is None]
        first = chain[0]
        for line in chain[1:]:
            first = _join(first, line)


def _join(first: Node, line: Node) -> Node:
    """Join two lines into one. If one is removed completely, the rest of the other replaces it."""
    if not first.children and line.children:
        first.leave()
        return line
    for child in line.children:
        child.parent = first
    first.children += line.children
    line.children = []
    line.leave()
    return first


def _runs_on(line: Node, following: Node, drop: str) -> bool:
    """Whether a suggestion removes the border between two lines.
    Title and lead are never joined."""
    if not (line.children and following.children and line.is_textblock and following.is_textblock):
        return False
    if line.type in HEADS or following.type in HEADS:
        return False
    end = _identity(line.children[-1], drop)
    return end is not None and end == _identity(following.children[0], drop)


# --- what stays ---------------------------------------------------------------------------------------


def _settle(node: Node, keep: str, *, back: bool) -> None:
    """Remove the marks of suggestions from a node that stays; `back` reverts modifications."""
    if back:
        changes = [mark.get("attrs") or {} for mark in node.marks if mark["type"] == MODIFICATION]
        for change in sorted(changes, key=_turn):
            _undo(node, change)
    node.marks = [mark for mark in node.marks if mark["type"] not in {keep, MODIFICATION}]
    kept = []
    for child in node.children:
        if child.type == "text" and ANCHOR in child.text:
            child.text = child.text.replace(ANCHOR, "")
        if child.type != "text" or child.text:
            kept.append(child)
    node.children = kept


def _turn(modification: Json) -> int:
    """Sort key: the kind of a block is reverted first, since it decides which attributes exist."""
    kind = modification.get("type")
    return _TURNS.index(kind) if kind in _TURNS else len(_TURNS)


def _undo(node: Node, modification: Json) -> None:
    before = modification.get("previousValue")
    match modification.get("type"):
        case "attr":
            name = modification.get("attrName")
            if isinstance(name, str) and _knows(node, name):
                node.attrs = {key: value for key, value in node.attrs.items() if key != name}
                if before is not None:
                    node.attrs[name] = before
        case "nodeType" if isinstance(before, str):
            node.type, node.attrs = before, {"level": HEADING_LEVEL} if before == "heading" else {}
        case "mark":
            after = modification.get("newValue")
            node.marks = [mark for mark in node.marks if mark != after]
            if before is not None and _is_mark(before) and before not in node.marks:
                node.marks.append(before)


def _is_mark(value: object) -> bool:
    """Whether a value that a browser wrote as a mark is valid as one."""
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return False
    return value.keys() <= {"type", "attrs"} and isinstance(value.get("attrs", {}), dict)


def _knows(node: Node, name: str) -> bool:
    """Whether nodes of this type have the attribute; always true for types unknown to the editor."""
    spec = NODES.get(node.type)
    return spec is None or name in spec.attrs or name in spec.ignored_attrs


# --- JSON to nodes and back ------------------------------------------------------------------------------


def _identity(node: Node, mark_type: str) -> object:
    """Return the id of the node's mark of this type; None without one.
    A mark without an id gets its own."""
    for mark in node.marks:
        if mark["type"] == mark_type:
            return (mark.get("attrs") or {}).get("id") or mark_type
    return None


def _is_leaf(node: Node) -> bool:
    return node.type not in INLINE and (node.is_textblock or not node.children)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in list(node.children):
        yield from _walk(child)


def _tree(node: Json, parent: Node | None = None) -> Node:
    made = Node(
        str(node.get("type", "")),
        dict(node.get("attrs") or {}),
        list(node.get("marks") or []),
        str(node.get("text", "")),
        parent=parent,
    )
    made.children = [_tree(child, made) for child in node.get("content") or []]
    return made


def _json(node: Node) -> Json:
    made: Json = {"type": node.type}
    if node.attrs:
        made["attrs"] = node.attrs
    if node.type == "text":
        made["text"] = node.text
    if node.marks:
        made["marks"] = node.marks
    if node.children:
        made["content"] = merge_text_nodes(map(_json, node.children))
    return made


def merge_text_nodes(nodes: Iterable[Json]) -> list[Json]:
    """Return the same nodes, with adjacent text nodes of equal marks merged."""
    content: list[Json] = []
    for one in nodes:
        last = content[-1] if content else None
        if last and last["type"] == one["type"] == "text" and last.get("marks") == one.get("marks"):
            content[-1] = {**last, "text": last["text"] + one["text"]}
        else:
            content.append(one)
    return content


def without_comments(node: Json) -> Json:
    """Return the node without the marks of comments."""
    made = dict(node)
    if "marks" in made:
        made["marks"] = [mark for mark in made["marks"] if mark["type"] != COMMENT]
        if not made["marks"]:
            del made["marks"]
    if "content" in made:
        made["content"] = merge_text_nodes(map(without_comments, made["content"]))
    return made
