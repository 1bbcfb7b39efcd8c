"""Condition reports: how a work looked when it came and when it went."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.models import Event
from events.exhibitions.works.actions.pictures import Drawn, draw_photo, drop
from events.exhibitions.works.actions.works import held_work
from events.exhibitions.works.enums import ConditionMoment
from events.exhibitions.works.loans.models import ConditionPhoto, ConditionReport

MOST_PHOTOS = 12


@dataclass(frozen=True)
class Seen:
    """How a work looked. `seen_at` is aware; the names are people as they would stand on paper."""

    moment: ConditionMoment
    seen_at: datetime.datetime
    words: str
    seen_by: str
    handed_by: str = ""
    taken_by: str = ""


@dataclass(frozen=True)
class Photo:
    """A photograph as it was sent."""

    content: IO[bytes]
    name: str


def report_condition(
    *, access: Access, event: Event, work: UUID, seen: Seen, photos: Sequence[Photo] = ()
) -> ConditionReport:
    """Keep how a work looked, with photographs, from which the place and the camera are taken.

    Raises NotAllowed without the right to change the event; Refused without words or a name, for a moment in
    the future, for what is no picture, or too many of them.
    """
    _check(seen, photos)
    drawn: list[Drawn] = []
    with unless_done(lambda: _drop(drawn)):
        drawn.extend(draw_photo(one.content, one.name) for one in photos)
        with transaction.atomic():
            held = held_work(access, event, work)
            report = ConditionReport.objects.create(
                work=held,
                moment=seen.moment,
                seen_at=seen.seen_at,
                words=seen.words.strip(),
                seen_by=seen.seen_by.strip(),
                handed_by=seen.handed_by.strip(),
                taken_by=seen.taken_by.strip(),
                written_by=access.user,
            )
            ConditionPhoto.objects.bulk_create(
                ConditionPhoto(report=report, file=one.name, width=one.width, height=one.height)
                for one in drawn
            )
            audit.record(
                held.exhibition.event, access, "event.condition_kept", work=str(work), moment=seen.moment
            )
    return report


def _drop(drawn: Sequence[Drawn]) -> None:
    for one in drawn:
        drop(one.name)


def _check(seen: Seen, photos: Sequence[Photo]) -> None:
    if not seen.words.strip() or not seen.seen_by.strip():
        raise Refused(_("Write how the work looks and who looked at it."))
    if seen.seen_at > now() + datetime.timedelta(hours=1):
        raise Refused(_("Nobody can have looked at it in the future."))
    if len(photos) > MOST_PHOTOS:
        raise Refused(_("A report has at most 12 photographs."))
