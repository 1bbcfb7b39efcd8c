"""Conversion of the marked text to pandoc's tree: title, lead, every block, suggestions, comments.

Suggestions become spans of class `insertion` and `deletion` with author and date, comments
`comment-start` and `comment-end`, as in pandoc's own Word files. What pandoc cannot express is raw
XML: the suggested end of a paragraph, and in OpenDocument every suggestion and comment.
"""

import json
from typing import Any, Final

import pypandoc

from coalition.sandbox.run import run_sandboxed
from documents.canonical.characters import ALL_SPACES, normal_characters
from documents.canonical.form import JsonValue
from documents.canonical.nodes import Labels, labels_for
from documents.interchange.file_properties import FileProperties
from documents.interchange.pandoc import tree
from documents.interchange.pandoc.inline import Inlines
from documents.interchange.pandoc.tree import Tree
from documents.interchange.suggest.marked_text import SuggestedChange, change_of, text_blocks
from documents.interchange.suggest.new_rows import TreeTarget
from documents.interchange.suggest.threads import FileContext

QUOTATION, SPEAKER = "Quotation", "Speaker"
CAPTION, CREDIT = "Picture Caption", "Picture Credit"
APPROVED = "Approved Text"
LETTERHEAD = "Letterhead"


def to_pandoc(
    marked: JsonValue,
    *,
    sheet: FileProperties,
    around: FileContext,
    target: TreeTarget,
    labels: Labels | None = None,
) -> Tree:
    """Return the text as a tree. Words are in their normal form; empty rows are omitted.

    `marked` must be a text that the editor wrote; it is not checked here.
    """
    writer = _Writer(marked, around, target, labels or labels_for(sheet.language))
    head = [
        tree.styled_node([tree.paragraph_node(tree.word_nodes(row))], LETTERHEAD) for row in sheet.letterhead
    ]
    return tree.document_node([*head, *writer.blocks(marked, None)], sheet.locale)


class _Writer:
    def __init__(self, marked: JsonValue, around: FileContext, target: TreeTarget, labels: Labels) -> None:
        self.around = around
        self.labels = labels
        blocks = text_blocks(marked)
        self.rows = {id(block.node): block for block in blocks}
        self.inlines = Inlines(blocks, around, target, labels)

    def blocks(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        made: list[Tree] = []
        for child in node.get("content") or ():
            made += self.block(child, change or change_of(child))
        return made

    def block(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        match node["type"]:
            case "title" | "lead" as name:
                content = self.row(node, change)
                return (
                    [tree.styled_node([tree.paragraph_node(content)], name.capitalize())] if content else []
                )
            case "paragraph":
                content = self.row(node, change)
                return [tree.paragraph_node(content)] if content else []
            case "heading":
                content = self.row(node, change)
                return [tree.header_node(node["attrs"]["level"], content)] if content else []
            case "bulletList" | "orderedList":
                return self.list_block(node, change)
            case "blockquote":
                return [tree.quote_node(inner)] if (inner := self.blocks(node, change)) else []
            case "quotation":
                return self.quotation(node, change)
            case "picture":
                return self.picture(node, change)
            case "table":
                return self.table(node, change)
            case "approvedBlock":
                label = tree.styled_node(
                    [tree.paragraph_node(tree.word_nodes(self.labels.approved))], APPROVED
                )
                return [label, *self.blocks(node, change)]
        raise ValueError(node["type"])

    def row(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        block = self.rows.get(id(node))
        return self.inlines.row(block, change) if block is not None else []

    def list_block(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        children = node.get("content") or ()
        items = [item for one in children if (item := self.blocks(one, change or change_of(one)))]
        if not items:
            return []
        if node["type"] == "orderedList":
            return [tree.ordered_list_node(items, (node.get("attrs") or {}).get("start") or 1)]
        return [tree.bullet_list_node(items)]

    def quotation(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        words = self.blocks(node, change)
        who = ", ".join(filter(None, [attribute_text(node, "speaker"), attribute_text(node, "role")]))
        speaker = self.attached(f"— {who}", SPEAKER, change) if who else []
        return [tree.styled_node(words, QUOTATION), *speaker] if words else []

    def picture(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        known = self.around.pictures.get(node["attrs"]["id"])
        alt = attribute_text(node, "alt")
        if known is None:
            content = tree.word_nodes(f"[{self.labels.picture % {'alt': alt}}]")
        else:
            content = [tree.image_node(tree.word_nodes(alt), *known)]
        made = [tree.paragraph_node(self.inlines.suggested(content, change))]
        for name, style in (("caption", CAPTION), ("credit", CREDIT)):
            if words := attribute_text(node, name):
                made += self.attached(words, style, change)
        return made

    def attached(self, words: str, style: str, change: SuggestedChange | None) -> list[Tree]:
        """Return words that belong to a block but to no row of the text."""
        content = self.inlines.suggested(tree.word_nodes(words), change)
        return [tree.styled_node([tree.paragraph_node(content)], style)]

    def table(self, node: JsonValue, change: SuggestedChange | None) -> list[Tree]:
        rows: list[list[list[Tree]]] = []
        for row in node.get("content") or ():
            inside = change or change_of(row)
            cells = row.get("content") or ()
            rows.append([self.blocks(cell, inside or change_of(cell)) for cell in cells])
        first = node["content"][0].get("content") or ()
        headed = len(rows) > 1 and all(cell["type"] == "tableHeader" for cell in first)
        return [tree.table_node(rows, headed=headed)] if any(any(row) for row in rows) else []


def attribute_text(node: JsonValue, name: str) -> str:
    """Return the text of an attribute in its normal form."""
    value = (node.get("attrs") or {}).get(name)
    return normal_characters(value).strip(ALL_SPACES) if isinstance(value, str) else ""


# --- run ---
# pandoc in a separate process, always sandboxed.


PANDOC_TIMEOUT_SECONDS: Final = 60  # of CPU time; 300 pages take less than two


def write_with_pandoc(tree: Tree, form: str) -> bytes:
    """The tree as a file of the form. Raises `coalition.sandbox.run.SandboxFailed`."""
    return run_pandoc(["-f", "json", "-t", form, "-o", "-"], json.dumps(tree).encode())


def read_with_pandoc(content: bytes, form: str) -> Any:
    """The tree of a file. Raises `coalition.sandbox.run.SandboxFailed`."""
    return json.loads(run_pandoc(["-f", form, "-t", "json"], content))


def run_pandoc(arguments: list[str], given: bytes) -> bytes:
    """Run pandoc with `--sandbox`: a file cannot include other files of this machine."""
    return run_sandboxed(
        [pypandoc.get_pandoc_path(), "--sandbox", *arguments], given, seconds=PANDOC_TIMEOUT_SECONDS
    )
