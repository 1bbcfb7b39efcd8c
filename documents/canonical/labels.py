"""The labels that a rendering adds to the approved words, in the language of the text."""

from dataclasses import dataclass, fields
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_LABEL_SOURCES: Final[dict[str, str | Promise]] = {
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
    """The labels of one language: whole phrases, some with a named placeholder."""

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
    """Return the labels in `language`; phrases without a translation are in English."""
    with translation.override(language):
        return Labels(**{field.name: str(_LABEL_SOURCES[field.name]) for field in fields(Labels)})
