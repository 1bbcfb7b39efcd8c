"""Spokesperson presenters of the press desk for one reader."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from coalition.accounts.models import Language, region_names
from coalition.accounts.naming import Viewer, display_mark_for
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from documents.contacts.models import Beat
from events.core.enums import Weekday
from events.core.forms.times import ZONES
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.queries import may_see_identity, may_see_phone


def spokesperson_rows(
    rows: Sequence[Spokesperson],
    access: Access,
    viewer: Viewer,
    busy: Mapping[int, Sequence[str]] | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of the page, without database queries. `busy`: conflicts by the spokesperson's key.

    `name` is "" if the reader may not know the person; then only organisation, languages and topics are
    filled.
    """
    moment, found = now(), []
    for one in rows:
        conflicts = (busy or {}).get(one.pk, ())
        own = one.organisation_id == access.organisation.pk
        row = {
            "row": one,
            "name": "",
            "mark": display_mark_for(viewer, one.organisation),
            "languages": ", ".join(str(Language(code).label) for code in one.languages if code in Language),
            "topics": ", ".join(str(Beat(code).label) for code in one.topics if code in Beat),
        }
        if may_see_identity(access, viewer, one):
            row |= {
                "name": one.name,
                "own": own,
                "regions": ", ".join(region_names(one.regions)),
                "hours": hours_in_words(one),
                "phone": one.phone if may_see_phone(access, viewer, one) else "",
                "address": one.address if own else "",
                "can_now": one.speaks_at(moment) and not conflicts,
                "busy": conflicts,
            }
        found.append(row)
    return found


def hours_in_words(one: Spokesperson) -> str:
    """Return “Monday, Friday, 10:00–18:00 (Almaty …); not during lessons”; "" if unknown."""
    parts = []
    if one.begins is not None and one.ends is not None:
        days = ", ".join(str(Weekday(int(day)).label) for day in one.weekdays)
        span = f"{formats.time_format(one.begins, 'H:i')}–{formats.time_format(one.ends, 'H:i')}"
        zone = dict(ZONES).get(one.zone, one.zone.replace("_", " "))
        parts.append(
            _("%(days)s, %(span)s, %(zone)s") % {"days": days, "span": span, "zone": zone}
            if one.zone != "Asia/Almaty"
            else f"{days}, {span}"
        )
    if one.hours_note:
        parts.append(one.hours_note)
    return "; ".join(parts)
