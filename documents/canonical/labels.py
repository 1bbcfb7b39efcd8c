"""The few words that a rendering adds to the approved ones, in the text's own language."""

from dataclasses import dataclass, fields
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SOURCE: Final[dict[str, str | Promise]] = {
    "notes": _("Sources and notes"),
    "note": _("Note %(number)d"),
    "back": _("Back to the text, note %(number)d"),
    "picture": _("Picture: %(alt)s"),
    "gap": _("to be filled in: %(name)s"),
    "approved": _("Taken over from an approved version"),
    "table": _("Table"),
    "attachments": _("Attached files"),
    "deleted": _("Deleted:"),
    "inserted": _("Inserted:"),
    "form": _("The words are the same, their form has changed."),
    "skipped": _("%(count)d parts without changes"),
    "footnote": _("Footnote: %(words)s"),
    "source": _("Source: %(words)s"),
    "link": _("Link: %(href)s"),
}


@dataclass(frozen=True, slots=True)
class Labels:
    """Whole phrases, some with a named placeholder, for one language."""

    notes: str
    note: str
    back: str
    picture: str
    gap: str
    approved: str
    table: str
    attachments: str
    deleted: str
    inserted: str
    form: str
    skipped: str
    footnote: str
    source: str
    link: str


def labels_for(language: str) -> Labels:
    """The labels in `language`; phrases without a translation are in English."""
    with translation.override(language):
        return Labels(**{field.name: str(_SOURCE[field.name]) for field in fields(Labels)})
