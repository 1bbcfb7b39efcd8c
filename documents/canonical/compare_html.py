"""Rendering of a comparison as safe HTML with <ins> and <del>."""

from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Final

from django.utils.safestring import SafeString

from documents.canonical.compare import ChangeKind, Comparison, DiffRun, Op, PassageChange
from documents.canonical.html import sanitise
from documents.canonical.nodes import Labels, labels_for
from documents.canonical.passages import Passage, Token


def render_comparison(
    comparison: Comparison, *, labels: Labels | None = None, context: int | None = None
) -> SafeString:
    """Return the newer text with deletions and insertions as `<div class="compare" lang=…>`.

    `context` is the number of unchanged passages rendered on either side of a change; the number
    of omitted ones is stated. Deletions and insertions are also labelled in words for screen
    readers, so nothing relies on colour.
    """
    writer = _Writer(labels or labels_for(comparison.language))
    body = "".join(
        writer.skipped(one) if isinstance(one, int) else writer.write_change(one)
        for one in _changes_with_context(comparison.changes, context)
    )
    if comparison.regrouped:
        body += f'<p class="compare__form">{writer.form}</p>'
    return sanitise(f'<div class="compare" lang="{escape(comparison.language)}">{body}</div>')


def _changes_with_context(
    changes: tuple[PassageChange, ...], context: int | None
) -> Iterator[PassageChange | int]:
    """Yield the changes to render, and for each omitted run its length."""
    if context is None:
        yield from changes
        return
    places = [index for index, one in enumerate(changes) if one.kind != ChangeKind.UNCHANGED]
    near = {index for place in places for index in range(place - context, place + context + 1)}
    for shown, group in groupby(enumerate(changes), key=lambda one: one[0] in near):
        found = [change for _index, change in group]
        if shown:
            yield from found
        else:
            yield len(found)


# The surroundings of a passage are styled as in the text.
_PLACES: Final = {
    "list": "item",
    "ordered": "item",
    "quote": "quote",
    "quotation": "quote",
    "cell": "cell",
    "header": "cell",
}


class _Writer:
    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.form = escape(labels.form)

    def skipped(self, count: int) -> str:
        return f'<p class="compare__skipped">{escape(self.labels.skipped % {"count": count})}</p>'

    def write_change(self, change: PassageChange) -> str:
        names = ["compare__passage", f"compare__passage--{change.kind}", *_css_classes(change.passage)]
        body = "".join(self.piece(piece) for piece in change.pieces if piece.tokens)
        note = f'<p class="compare__form">{self.form}</p>' if change.form_changed else ""
        return f'<p class="{" ".join(names)}">{body}</p>{note}' if body or note else ""

    def piece(self, piece: DiffRun) -> str:
        changed = piece.op != Op.EQUAL
        words = "".join(
            self.marked(
                "".join(escape(self.words(token, changed=changed)) for token in group), marks, changed=changed
            )
            for marks, group in groupby(piece.tokens, key=lambda token: token.marks)
        )
        if piece.op == Op.DELETE:
            return f'<del class="gone">{self.heard(self.labels.deleted)}{words}</del> '
        if piece.op == Op.INSERT:
            return f'<ins class="new">{self.heard(self.labels.inserted)}{words}</ins>'
        return words

    def heard(self, label: str) -> str:
        return f'<span class="vh">{escape(label)} </span>'

    def marked(self, words: str, marks: tuple[tuple[str, str], ...], *, changed: bool) -> str:
        """Return the words with their marks; a changed link is followed by its address."""
        for name, href in reversed(marks):
            if name == "link" and changed:
                words += f" ({escape(self.labels.link % {'href': href})})"
            elif name in {"strong", "emphasis"}:
                tag = "strong" if name == "strong" else "em"
                words = f"<{tag}>{words}</{tag}>"
        return words

    def words(self, token: Token, *, changed: bool) -> str:
        match token.kind:
            case "footnote":
                return f" [{self.labels.footnote % {'words': token.text}}]"
            case "fact" if changed:
                return f"{token.text} [{self.labels.source % {'words': token.details[0]}}]"
            case "gap":
                name = token.details[0]
                return token.text or f"[{self.labels.gap % {'name': name}}]"
            case "file":
                return f"[{token.text}]"
        return token.text


def _css_classes(passage: Passage) -> list[str]:
    looks = []
    if passage.kind in {"title", "lead"}:
        looks.append(f"compare__passage--{passage.kind}")
    if passage.kind.startswith("heading"):
        looks.append("compare__passage--heading")
    if passage.path:
        looks.append("compare__passage--inside")
        if place := _PLACES.get(passage.path[-1].name):
            looks.append(f"compare__passage--{place}")
    return looks
