"""Rendering of the canonical document as safe HTML."""

from collections.abc import Callable
from html import escape
from itertools import groupby, pairwise
from typing import TypedDict

from django.utils.safestring import SafeString

from documents.canonical.form import Block, Cell, Document, Inline, List, Mark, Quotation, Table
from documents.canonical.labels import Labels, labels_for
from documents.canonical.notes import Notes, Reference
from documents.canonical.sanitise import sanitise
from documents.canonical.walk import footnote_words, href_of


class PictureSource(TypedDict):
    """The URL of a picture, and its size in CSS pixels."""

    src: str
    width: int
    height: int


type PictureUrl = Callable[[str, str], PictureSource | None]
type FactUrl = Callable[[str], str | None]


def render_html(
    document: Document,
    *,
    picture_url: PictureUrl | None = None,
    fact_url: FactUrl | None = None,
    heading_shift: int = 0,
    labels: Labels | None = None,
    id_prefix: str = "",
    with_title: bool = False,
) -> SafeString:
    """Return the words of a document as one `<div class="prose" lang=…>`.

    Title and lead are rendered only with `with_title`. `picture_url(id, sha256)` returns the
    source of a picture; if it returns None, the description is rendered instead. `fact_url(id)`
    returns the page with the evidence for a fact, which its words link to. `heading_shift`
    changes the heading levels; `id_prefix` makes anchors unique if a page has several texts.
    Footnotes and the sources of facts are numbered at the end and link back to the text.
    """
    writer = _Writer(
        document, picture_url, fact_url, heading_shift, labels or labels_for(document["language"]), id_prefix
    )
    head = ""
    if with_title:
        level = 1 + max(0, heading_shift)
        head = f"<h{level}>{escape(document['title'])}</h{level}>"
        head += f'<p class="lead">{escape(document["lead"])}</p>' if document["lead"] else ""
    body = writer.blocks(document["blocks"])
    language = escape(document["language"])
    return sanitise(f'<div class="prose" lang="{language}">{head}{body}{writer.end()}</div>')


class _Writer:
    def __init__(
        self,
        document: Document,
        picture_url: PictureUrl | None,
        fact_url: FactUrl | None,
        shift: int,
        labels: Labels,
        prefix: str,
    ) -> None:
        self.pictures = document["pictures"]
        self.picture_url = picture_url
        self.fact_url = fact_url
        self.shift = shift
        self.labels = labels
        self.prefix = escape(prefix)
        self.notes = Notes(footnote_words(document))

    def blocks(self, blocks: list[Block]) -> str:
        return "".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        match block["type"]:
            case "paragraph":
                return f"<p>{self.inline(block['content'])}</p>"
            case "heading":
                return self.heading(block["level"], self.inline(block["content"]))
            case "list":
                return self.list_block(block)
            case "quote":
                return f'<blockquote class="extract">{self.blocks(block["blocks"])}</blockquote>'
            case "quotation":
                return self.quotation(block)
            case "picture":
                return self.picture(block["id"])
            case "table":
                return self.table(block)
            case "approved_block":
                label = f'<p class="approved__label">{escape(self.labels.approved)}</p>'
                return f'<div class="approved">{label}{self.blocks(block["blocks"])}</div>'
            case "footnote":
                return ""

    def heading(self, level: int, words: str, anchor: str = "") -> str:
        level = min(6, max(2, level + self.shift))
        return f"<h{level}{anchor}>{words}</h{level}>"

    def compact(self, blocks: list[Block]) -> str:
        """Return the blocks of an item or a cell; a single paragraph gets no element of its own."""
        if sum(block["type"] == "paragraph" for block in blocks) != 1:
            return self.blocks(blocks)
        parts = (
            self.inline(block["content"]) if block["type"] == "paragraph" else self.block(block)
            for block in blocks
        )
        return "".join(parts)

    def list_block(self, block: List) -> str:
        items = "".join(f"<li>{self.compact(item)}</li>" for item in block["items"])
        if not block["ordered"]:
            return f"<ul>{items}</ul>"
        start = f' start="{block["start"]}"' if block["start"] != 1 else ""
        return f"<ol{start}>{items}</ol>"

    def quotation(self, block: Quotation) -> str:
        who = ", ".join(escape(part) for part in (block["speaker"], block["role"]) if part)
        words = self.blocks(block["blocks"])
        return f'<blockquote class="quotation">{words}<footer>{who}</footer></blockquote>'

    def picture(self, name: str) -> str:
        picture = self.pictures[name]
        source = self.picture_url(name, picture["sha256"]) if self.picture_url else None
        if source:
            size = f'width="{int(source["width"])}" height="{int(source["height"])}"'
            where = f'src="{escape(source["src"])}" alt="{escape(picture["alt"])}"'
            image = f'<img {where} {size} loading="lazy" decoding="async">'
        else:
            image = f"<p>{escape(self.labels.picture % {'alt': picture['alt']})}</p>"
        credit = f'<small class="credit">{escape(picture["credit"])}</small>' if picture["credit"] else ""
        words = " ".join(part for part in (escape(picture["caption"]), credit) if part)
        caption = f"<figcaption>{words}</figcaption>" if words else ""
        return f'<figure class="picture">{image}{caption}</figure>'

    def table(self, block: Table) -> str:
        named = all(cell["header"] for cell in block["rows"][0])
        rows = [
            "".join(self.cell(cell, scope="col" if named and not index else "row") for cell in row)
            for index, row in enumerate(block["rows"])
        ]
        head = f"<thead><tr>{rows.pop(0)}</tr></thead>" if named else ""
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        # The box scrolls on a phone, so it is focusable and has a name.
        box = (
            f'<div class="table-scroll" role="region" tabindex="0" aria-label="{escape(self.labels.table)}">'
        )
        return f'{box}<table class="comparative">{head}<tbody>{body}</tbody></table></div>'

    def cell(self, cell: Cell, *, scope: str) -> str:
        words = self.compact(cell["blocks"])
        return f'<th scope="{scope}">{words}</th>' if cell["header"] else f"<td>{words}</td>"

    def inline(self, content: list[Inline]) -> str:
        parts: list[str] = []
        for href, group in groupby(content, key=_href):
            words = self.runs(list(group))
            link = f'<a href="{escape(href)}" rel="noopener noreferrer">{words}</a>'
            parts.append(link if href else words)
        return "".join(parts)

    def runs(self, content: list[Inline]) -> str:
        """Render runs under one link or none, with adjacent note numbers separated."""
        parts: list[str] = []
        for before, one in pairwise([None, *content]):
            if (
                before
                and one
                and before["type"] in {"fact", "footnote_ref"}
                and one["type"] == "footnote_ref"
            ):
                parts.append('<sup class="note-ref">,</sup>')
            parts.append(self.one(one) if one else "")
        return "".join(parts)

    def one(self, one: Inline) -> str:
        match one["type"]:
            case "text":
                return _marked(escape(one["text"]), one["marks"])
            case "fact":
                words = _marked(f'<span class="fact">{escape(one["words"])}</span>', one["marks"])
                href = href_of(one) or (self.fact_url and self.fact_url(one["id"])) or ""
                link = f'<a href="{escape(href)}" rel="noopener noreferrer">{words}</a>' if href else words
                return link + self.reference(self.notes.refer(one))
            case "gap" if one["value"]:
                return _marked(f'<span class="gap">{escape(one["value"])}</span>', one["marks"])
            case "gap":
                words = escape(self.labels.gap % {"name": one["name"]})
                return _marked(f'<span class="gap gap--open">[{words}]</span>', one["marks"])
            case "footnote_ref":
                return self.reference(self.notes.refer(one))

    def reference(self, reference: Reference) -> str:
        number = reference.number
        anchor = f' id="{self.prefix}ref-{number}"' if reference.first else ""
        name = escape(self.labels.note % {"number": number})
        link = f'<a href="#{self.prefix}note-{number}"{anchor} aria-label="{name}">{number}</a>'
        return f'<sup class="note-ref">{link}</sup>'

    def end(self) -> str:
        """Return the notes below the text, each with a link back."""
        if not self.notes.words:
            return ""
        items = "".join(self.note(number, words) for number, words in enumerate(self.notes.words, 1))
        anchor = f"{self.prefix}notes"
        heading = self.heading(2, escape(self.labels.notes), f' id="{anchor}"')
        return f'<section class="notes stack" aria-labelledby="{anchor}">{heading}<ol>{items}</ol></section>'

    def note(self, number: int, words: str) -> str:
        name = escape(self.labels.back % {"number": number})
        back = f'<a class="note-back" href="#{self.prefix}ref-{number}" aria-label="{name}">↩</a>'
        return f'<li id="{self.prefix}note-{number}">{escape(words)} {back}</li>'


def _href(one: Inline) -> str:
    """Return the address by which a run is grouped with its neighbours.

    A fact is grouped by its link alone: its note is a link too, and links do not nest.
    """
    if one["type"] == "footnote_ref" or one["type"] == "fact":
        return ""
    return href_of(one)


def _marked(words: str, marks: list[Mark]) -> str:
    for mark in reversed(marks):
        if mark["type"] == "strong":
            words = f"<strong>{words}</strong>"
        elif mark["type"] == "emphasis":
            words = f"<em>{words}</em>"
    return words
