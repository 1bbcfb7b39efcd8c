"""What is said to the press, on paper: the message guide, or the briefing note for one interview."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from documents.drafts.enums import Handling
from events.core.pdf.typeset import typeset
from events.press.enquiries.talking_points.presenters import LineRow, Part


def to_say_pdf(
    *,
    heading: str,
    title: str,
    details: Sequence[tuple[str, str]],
    note: str,
    parts: Sequence[Part],
    mark: Handling,
    language: str,
) -> bytes:
    """A4 pages; `details` are pairs of a label and words, `mark` stands at the foot of every page."""
    return typeset(
        "to_say.typ",
        {
            "language": language,
            "heading": heading,
            "title": title,
            "details": [{"label": label, "words": words} for label, words in details if words],
            "note": note,
            "parts": [
                {
                    "heading": part.heading,
                    "kind": part.kind.value,
                    "lines": [_line(one) for one in part.lines],
                }
                for part in parts
            ],
            "foot": f"{mark.label} · {mark.tlp}. {_('Do not leave it lying about.')}",
        },
        event=None,  # the guide is of a workspace, the note of an interview
    )


def _line(one: LineRow) -> dict[str, object]:
    return {
        "head": one.head,
        "text": one.text,
        "facts": [f"{fact.words} — {fact.source}" for fact in one.facts],
    }
