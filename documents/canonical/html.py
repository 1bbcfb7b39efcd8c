"""Allowlist sanitiser for all HTML that this package renders."""

import re
from collections.abc import Callable
from html import escape
from itertools import groupby
from typing import Final, TypedDict
from urllib.parse import SplitResult, parse_qsl, urlsplit

import nh3
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from documents.canonical.characters import check_characters, normal_text
from documents.canonical.form import (
    Block,
    CanonicalError,
    Cell,
    Document,
    Fact,
    FootnoteRef,
    Inline,
    List,
    Mark,
    Quotation,
    Table,
    short_hash,
)
from documents.canonical.nodes import LIMITS, DocumentWriter, Labels, attribution, href_of

_TAGS: Final = {
    "a", "b", "blockquote", "br", "del", "div", "em", "figcaption", "figure", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "img", "ins", "li", "ol", "p", "section", "small", "span", "strong", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip

_ATTRIBUTES: Final = {
    "a": {"href", "id", "rel", "aria-label"},
    "div": {"lang", "role", "tabindex", "aria-label"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "li": {"id"},
    "ol": {"start"},
    "section": {"aria-labelledby"},
    "th": {"scope"},
}  # fmt: skip

_CLASSES: Final = {
    "a": {"note-back"},
    "blockquote": {"extract", "quotation"},
    "del": {"gone"},
    "div": {"prose", "table-scroll", "approved", "compare"},
    "figure": {"picture"},
    "ins": {"new"},
    "p": {
        "lead", "approved__label", "compare__passage", "compare__passage--unchanged",
        "compare__passage--changed", "compare__passage--added", "compare__passage--removed",
        "compare__passage--heading", "compare__passage--inside", "compare__passage--title",
        "compare__passage--lead", "compare__passage--item", "compare__passage--quote",
        "compare__passage--cell", "compare__skipped", "compare__form",
    },
    "section": {"notes", "stack"},
    "small": {"credit"},
    "span": {"fact", "gap", "gap--open", "vh"},
    "sup": {"note-ref"},
    "table": {"comparative"},
}  # fmt: skip

_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


def sanitise(html: str) -> SafeString:
    """Return HTML that is safe to insert into a page."""
    return mark_safe(_CLEANER.clean(html))  # noqa: S308  # nosec B308 B703  nh3 has just cleaned it


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
    Footnotes and the sources of facts are numbered at the end and link back to the text; names of attached
    files follow, with the beginning of their SHA-256.
    """
    writer = _Writer(document, labels)
    writer.picture_url, writer.fact_url = picture_url, fact_url
    writer.shift, writer.prefix = heading_shift, escape(id_prefix)
    head = ""
    if with_title:
        level = 1 + max(0, heading_shift)
        head = f"<h{level}>{escape(document['title'])}</h{level}>"
        head += f'<p class="lead">{escape(document["lead"])}</p>' if document["lead"] else ""
    body = writer.blocks(document["blocks"])
    language = escape(document["language"])
    return sanitise(
        f'<div class="prose" lang="{language}">{head}{body}{writer.end()}{writer.attachments(document)}</div>'
    )


class _Writer(DocumentWriter):
    picture_url: PictureUrl | None
    fact_url: FactUrl | None
    shift: int
    prefix: str

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
        words, who = self.blocks(block["blocks"]), escape(attribution(block))
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
        # A fact is not grouped with its neighbours: its note is a link too, and links do not nest.
        for href, group in groupby(content, key=lambda one: "" if one["type"] == "fact" else href_of(one)):
            words = self.runs(list(group))
            link = f'<a href="{escape(href)}" rel="noopener noreferrer">{words}</a>'
            parts.append(link if href else words)
        return "".join(parts)

    def runs(self, content: list[Inline]) -> str:
        """Render runs under one link or none, with adjacent note numbers separated."""
        parts: list[str] = []
        before = ""
        for one in content:
            if before in {"fact", "footnote_ref"} and one["type"] == "footnote_ref":
                parts.append('<sup class="note-ref">,</sup>')
            parts.append(self.one(one))
            before = one["type"]
        return "".join(parts)

    def one(self, one: Inline) -> str:
        match one["type"]:
            case "text":
                return _marked(escape(one["text"]), one["marks"])
            case "fact":
                words = _marked(f'<span class="fact">{escape(one["words"])}</span>', one["marks"])
                href = href_of(one) or (self.fact_url and self.fact_url(one["id"])) or ""
                link = f'<a href="{escape(href)}" rel="noopener noreferrer">{words}</a>' if href else words
                return link + self.reference(one)
            case "gap" if one["value"]:
                return _marked(f'<span class="gap">{escape(one["value"])}</span>', one["marks"])
            case "gap":
                words = escape(self.labels.gap % {"name": one["name"]})
                return _marked(f'<span class="gap gap--open">[{words}]</span>', one["marks"])
            case "footnote_ref":
                return self.reference(one)

    def reference(self, one: FootnoteRef | Fact) -> str:
        before, number = len(self.notes), self.note_number(one)
        # The note links back to its first reference.
        anchor = f' id="{self.prefix}ref-{number}"' if number > before else ""
        name = escape(self.labels.note % {"number": number})
        link = f'<a href="#{self.prefix}note-{number}"{anchor} aria-label="{name}">{number}</a>'
        return f'<sup class="note-ref">{link}</sup>'

    def end(self) -> str:
        """Return the notes below the text, each with a link back."""
        if not self.notes:
            return ""
        items = "".join(self.note(number, words) for number, words in enumerate(self.notes, 1))
        anchor = f"{self.prefix}notes"
        heading = self.heading(2, escape(self.labels.notes), f' id="{anchor}"')
        # A landmark only where the text is alone on its page: several ones would have the same name.
        name = "" if self.prefix else f' aria-labelledby="{anchor}"'
        return f'<section class="notes stack"{name}>{heading}<ol>{items}</ol></section>'

    def attachments(self, document: Document) -> str:
        """Return the attached files with the beginning of their hashes."""
        if not document["attachments"]:
            return ""
        items = "".join(
            f"<li>{escape(one['name'])} <small>{short_hash(one['sha256'])}</small></li>"
            for one in document["attachments"]
        )
        heading = self.heading(2, escape(self.labels.attachments))
        return f"<section>{heading}<ul>{items}</ul></section>"

    def note(self, number: int, words: str) -> str:
        name = escape(self.labels.back % {"number": number})
        back = f'<a class="note-back" href="#{self.prefix}ref-{number}" aria-label="{name}">↩</a>'
        return f'<li id="{self.prefix}note-{number}">{escape(words)} {back}</li>'


def _marked(words: str, marks: list[Mark]) -> str:
    for mark in reversed(marks):
        if mark["type"] == "strong":
            words = f"<strong>{words}</strong>"
        elif mark["type"] == "emphasis":
            words = f"<em>{words}</em>"
    return words


_MAILBOX: Final = re.compile(r"[^\s@,;:<>()\"\\]+@[^\s@,;:<>()\"\\]+\.[^\s@,;:<>()\"\\]+")
_TELEPHONE: Final = re.compile(r"\+?[0-9*#]{2,20}")
_HOST: Final = re.compile(r"[\w-]+(\.[\w-]+)*\.?|\[[0-9a-f:.]+\]")
_FORBIDDEN: Final = re.compile(r"[\s\\<>\"`{}|^]")
_MAIL_FIELDS: Final = frozenset({"subject", "body"})

_REASONS: Final[dict[str, str | Promise]] = {
    "link_empty": _("A link leads nowhere. Give it an address or remove it."),
    "link_relative": _(
        "The link “%(href)s” is not a whole address. Write it from the beginning, with https://."
    ),
    "link_scheme": _(
        "The link “%(href)s” is of a kind that is not allowed. "
        "Links begin with https://, http://, mailto: or tel:."
    ),
    "link_broken": _("The address “%(href)s” is not written correctly. Copy it anew."),
    "link_disguised": _(
        "The link “%(href)s” has a name before an @ sign, which hides where it leads. "
        "Write the address without it."
    ),
    "link_long": _("The address “%(href)s” is too long. The limit is %(limit)d characters."),
}


def _refuse(code: str, href: str, path: str) -> CanonicalError:
    shown = href if len(href) <= 80 else f"{href[:79]}…"
    return CanonicalError(code, _REASONS[code], path, href=shown, limit=LIMITS.href)


def _web(parts: SplitResult, href: str, path: str) -> str:
    try:
        host, _port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _refuse("link_broken", href, path) from None
    if "@" in parts.netloc:
        raise _refuse("link_disguised", href, path)
    if not _HOST.fullmatch(host if ":" not in host else f"[{host}]"):
        raise _refuse("link_broken", href, path)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def _mail(parts: SplitResult, href: str, path: str) -> str:
    fields = {name.lower() for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    if not _MAILBOX.fullmatch(parts.path) or parts.fragment or fields - _MAIL_FIELDS:
        raise _refuse("link_broken", href, path)
    return f"mailto:{parts.path}" + (f"?{parts.query}" if parts.query else "")


def normal_href(href: str, path: str) -> str:
    """Return the address in its normal form, or raise CanonicalError with the reason.

    Allowed are http and https with a host and without a user name, mailto with one address
    (optionally a subject and a body), and tel. The scheme and the host are lower-cased,
    separators are removed from telephone numbers, and the rest is unchanged.
    """
    href = normal_text(href, path)
    check_characters(href, path)
    if not href:
        raise _refuse("link_empty", href, path)
    if len(href) > LIMITS.href:
        raise _refuse("link_long", href, path)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", href)
    if not scheme:
        raise _refuse("link_relative", href, path)
    kind = scheme.group(1).lower()
    if kind == "tel":
        number = re.sub(r"[\s().\u2010-\u2015-]", "", href[len("tel:") :])
        if not _TELEPHONE.fullmatch(number):
            raise _refuse("link_broken", href, path)
        return f"tel:{number}"
    if kind not in {"http", "https", "mailto"}:
        raise _refuse("link_scheme", href, path)
    if _FORBIDDEN.search(href):
        raise _refuse("link_broken", href, path)
    try:
        parts = urlsplit(href)
    except ValueError:
        raise _refuse("link_broken", href, path) from None
    return _mail(parts, href, path) if kind == "mailto" else _web(parts, href, path)
