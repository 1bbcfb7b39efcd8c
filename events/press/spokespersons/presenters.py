"""What the press desk shows of spokespersons, in words for one reader."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for
from coalition.accounts.regions import region_names
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from documents.contacts.enums import Beat
from events.core.enums import Weekday
from events.core.forms.times import ZONES
from events.press.spokespersons.availability import Taken
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.queries import knows_phone, knows_who


@dataclass(frozen=True)
class SpeakerRow:
    """One spokesperson for one reader. `name` is "" where they may not know who it is: then nothing is told
    but organisation, languages and topics. `taken`: what is in the way at the moment asked for."""

    row: Spokesperson
    name: str
    mark: OrganisationMark
    own: bool
    languages: str
    topics: str
    regions: str = ""
    hours: str = ""
    phone: str = ""
    address: str = ""
    can_now: bool = False
    taken: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.name)


def speaker_rows(
    rows: Sequence[Spokesperson],
    access: Access,
    viewer: Viewer,
    taken: Mapping[int, Sequence[Taken]] | None = None,
) -> list[SpeakerRow]:
    """Rows for the page, without a question to the database."""
    moment, taken = now(), taken or {}
    return [_row(one, access, viewer, moment, taken.get(one.pk, ())) for one in rows]


def _row(
    one: Spokesperson, access: Access, viewer: Viewer, moment: datetime.datetime, taken: Sequence[Taken]
) -> SpeakerRow:
    own = one.organisation_id == access.organisation.pk
    mark = display_mark_for(viewer, one.organisation)
    languages = ", ".join(str(Language(code).label) for code in one.languages if code in Language)
    topics = ", ".join(str(Beat(code).label) for code in one.topics if code in Beat)
    if not knows_who(access, viewer, one):
        return SpeakerRow(one, "", mark, own=False, languages=languages, topics=topics)
    return SpeakerRow(
        row=one,
        name=one.name,
        mark=mark,
        own=own,
        languages=languages,
        topics=topics,
        regions=", ".join(region_names(one.regions)),
        hours=hours_in_words(one),
        phone=one.phone if knows_phone(access, viewer, one) else "",
        address=one.address if own else "",
        can_now=one.speaks_at(moment) and not taken,
        taken=tuple(each.words for each in taken),
    )


def hours_in_words(one: Spokesperson) -> str:
    """“Monday, Friday, 10:00–18:00 (Almaty …); not during lessons”; "" if nothing is known."""
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
