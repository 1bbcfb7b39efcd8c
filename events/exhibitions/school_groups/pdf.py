"""PDF list of the confirmed school groups."""

from django.utils.translation import gettext as _

from events.core.models import Event
from events.core.pdf.typeset import typeset
from events.exhibitions.school_groups.presenters import GroupRow


def group_list_pdf(*, title: str, event: Event, rows: list[GroupRow], language: str) -> bytes:
    """Render A4 pages with one line per group, in the active language."""
    return typeset(
        "group_list.typ",
        {
            "language": language,
            "title": title,
            "heading": _("School groups"),
            "columns": [_("When"), _("School"), _("Pupils"), _("Who comes with them")],
            "empty": _("No group is confirmed."),
            "rows": [
                {
                    "when": row.when[:1].upper() + row.when[1:],
                    "school": row.group.school,
                    "grade": f"{row.group.grade} · {row.language}",
                    "pupils": str(row.group.pupils),
                    "contact": f"{row.group.contact}, {row.group.phone}",
                    "needs": row.group.needs,
                }
                for row in rows
            ],
            "foot": _("Names of people: do not leave the list lying about, and destroy it after the event."),
        },
        event=event,
    )
