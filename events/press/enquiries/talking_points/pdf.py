"""PDFs of the message guide and of a briefing note."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from documents.drafts.enums import Handling
from events.core.pdf.typeset import typeset
from events.press.enquiries.talking_points.presenters import GuideLineRow, GuidePart


def talking_points_pdf(
    *,
    heading: str,
    title: str,
    details: Sequence[tuple[str, str]],
    note: str,
    parts: Sequence[GuidePart],
    mark: Handling,
    language: str,
) -> bytes:
    """Render A4 pages; `details` are pairs of label and value, `mark` is in the footer of every
    page."""
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
        event=None,  # the guide belongs to a workspace, the note to an interview
    )


def _line(one: GuideLineRow) -> dict[str, object]:
    return {
        "head": one.head,
        "text": one.text,
        "facts": [f"{fact.words} — {fact.source}" for fact in one.facts],
    }
