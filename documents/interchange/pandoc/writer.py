"""From the marked text to pandoc's tree: title, lead, every block, suggestions and comments.

Suggestions become spans of class `insertion` and `deletion` with author and date, comments
`comment-start` and `comment-end`, as pandoc's own Word files have them. What pandoc has no word for stands
as raw XML: the suggested end of a paragraph, and in OpenDocument every suggestion and comment.
"""

from documents.canonical.characters import ALL_SPACES, normal_characters
from documents.canonical.form import Json
from documents.canonical.labels import Labels, labels_for
from documents.interchange.file_properties import Sheet
from documents.interchange.pandoc import tree
from documents.interchange.pandoc.inline import Inlines
from documents.interchange.pandoc.tree import Tree
from documents.interchange.suggest.marked_text import Change, change_of, text_blocks
from documents.interchange.suggest.new_rows import Target
from documents.interchange.suggest.threads import Around

QUOTATION, SPEAKER = "Quotation", "Speaker"
CAPTION, CREDIT = "Picture Caption", "Picture Credit"
APPROVED = "Approved Text"
LETTERHEAD = "Letterhead"


def to_pandoc(
    marked: Json, *, sheet: Sheet, around: Around, target: Target, labels: Labels | None = None
) -> Tree:
    """The text as a tree. Words stand in their normal form; empty rows of words are left out.

    `marked` must be a text that the editor wrote; it is not checked here.
    """
    writer = _Writer(marked, around, target, labels or labels_for(sheet.language))
    head = [tree.styled([tree.paragraph(tree.words(row))], LETTERHEAD) for row in sheet.letterhead]
    return tree.document([*head, *writer.blocks(marked, None)], sheet.locale)


class _Writer:
    def __init__(self, marked: Json, around: Around, target: Target, labels: Labels) -> None:
        self.around = around
        self.labels = labels
        blocks = text_blocks(marked)
        self.rows = {id(block.node): block for block in blocks}
        self.inlines = Inlines(blocks, around, target, labels)

    def blocks(self, node: Json, change: Change | None) -> list[Tree]:
        made: list[Tree] = []
        for child in node.get("content") or ():
            made += self.block(child, change or change_of(child))
        return made

    def block(self, node: Json, change: Change | None) -> list[Tree]:
        match node["type"]:
            case "title" | "lead" as name:
                content = self.row(node, change)
                return [tree.styled([tree.paragraph(content)], name.capitalize())] if content else []
            case "paragraph":
                content = self.row(node, change)
                return [tree.paragraph(content)] if content else []
            case "heading":
                content = self.row(node, change)
                return [tree.header(node["attrs"]["level"], content)] if content else []
            case "bulletList" | "orderedList":
                return self.list_block(node, change)
            case "blockquote":
                return [tree.quote(inner)] if (inner := self.blocks(node, change)) else []
            case "quotation":
                return self.quotation(node, change)
            case "picture":
                return self.picture(node, change)
            case "table":
                return self.table(node, change)
            case "approvedBlock":
                label = tree.styled([tree.paragraph(tree.words(self.labels.approved))], APPROVED)
                return [label, *self.blocks(node, change)]
        raise ValueError(node["type"])

    def row(self, node: Json, change: Change | None) -> list[Tree]:
        block = self.rows.get(id(node))
        return self.inlines.row(block, change) if block is not None else []

    def list_block(self, node: Json, change: Change | None) -> list[Tree]:
        children = node.get("content") or ()
        items = [item for one in children if (item := self.blocks(one, change or change_of(one)))]
        if not items:
            return []
        if node["type"] == "orderedList":
            return [tree.numbers(items, (node.get("attrs") or {}).get("start") or 1)]
        return [tree.bullets(items)]

    def quotation(self, node: Json, change: Change | None) -> list[Tree]:
        words = self.blocks(node, change)
        who = ", ".join(filter(None, [attribute(node, "speaker"), attribute(node, "role")]))
        speaker = self.attached(f"— {who}", SPEAKER, change) if who else []
        return [tree.styled(words, QUOTATION), *speaker] if words else []

    def picture(self, node: Json, change: Change | None) -> list[Tree]:
        known = self.around.pictures.get(node["attrs"]["id"])
        alt = attribute(node, "alt")
        if known is None:
            content = tree.words(f"[{self.labels.picture % {'alt': alt}}]")
        else:
            content = [tree.image(tree.words(alt), *known)]
        made = [tree.paragraph(self.inlines.suggested(content, change))]
        for name, style in (("caption", CAPTION), ("credit", CREDIT)):
            if words := attribute(node, name):
                made += self.attached(words, style, change)
        return made

    def attached(self, words: str, style: str, change: Change | None) -> list[Tree]:
        """Words that belong to a block and stand in no row of the text."""
        content = self.inlines.suggested(tree.words(words), change)
        return [tree.styled([tree.paragraph(content)], style)]

    def table(self, node: Json, change: Change | None) -> list[Tree]:
        rows: list[list[list[Tree]]] = []
        for row in node.get("content") or ():
            inside = change or change_of(row)
            cells = row.get("content") or ()
            rows.append([self.blocks(cell, inside or change_of(cell)) for cell in cells])
        first = node["content"][0].get("content") or ()
        headed = len(rows) > 1 and all(cell["type"] == "tableHeader" for cell in first)
        return [tree.table(rows, headed=headed)] if any(any(row) for row in rows) else []


def attribute(node: Json, name: str) -> str:
    """Words that stand in an attribute, in their normal form."""
    value = (node.get("attrs") or {}).get(name)
    return normal_characters(value).strip(ALL_SPACES) if isinstance(value, str) else ""
