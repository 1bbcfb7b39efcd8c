"""The kit as the desk reads it: what stands in it, what of it is held back and why, and its readiness."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.core.clock import now
from coalition.mail.links import absolute
from coalition.roles import Right
from coalition.workspaces.rules import Access
from documents.files.metadata.reasons import reason
from events.core.area import Area
from events.core.enums import EventKind, EventState
from events.core.models import Event
from events.press.kit.actions.settings import link_token
from events.press.kit.enums import KitKind, KitPhase, KitWay, Standing
from events.press.kit.models import EventKit
from events.press.kit.presenters.public import ICONS, title_of_item
from events.press.kit.queries.choices import ahead_of
from events.press.kit.queries.kit import Judged, items_of, judged_items, kit_of, may_go_out, may_show_people
from events.press.registration.actions.settings import why_closed
from events.press.registration.presenters import moment_words
from events.press.registration.queries import registration_of

SHAPES = {
    Standing.GIVEN: ("yes", "check"),
    Standing.NOT_PUBLIC: ("wait", "clock"),
    Standing.PREPARED: ("wait", "clock"),
    Standing.WITHDRAWN: ("no", "x"),
    Standing.REMOVED: ("no", "x"),
}


@dataclass(frozen=True)
class KitRow:
    """One thing. `held`: why it is not given out, in a sentence; `kind` and `icon` of the badge say the same
    without reading."""

    judged: Judged
    title: str
    about: str
    icon: str
    badge: tuple[str, str]
    word: str
    held: str


@dataclass(frozen=True)
class KitPart:
    """What is given out at one time; `adds`: kinds that can be put into it."""

    phase: KitPhase
    label: str
    opens: str
    rows: list[KitRow]
    adds: list[tuple[str, str, str]]


def parts_of(access: Access, kit: EventKit) -> list[KitPart]:
    """Both parts with their things, whatever their number in the same number of queries."""
    things = judged_items(kit)
    waiting = [one.item.draft_id for one in things if one.standing == Standing.NOT_PUBLIC]
    ahead = ahead_of(access, [draft for draft in waiting if draft is not None])
    rows = [_row(kit, one, ahead) for one in things]
    return [
        KitPart(
            phase,
            str(phase.label),
            opens_words(kit, phase),
            [row for row in rows if row.judged.item.phase == phase],
            [(kind.value, str(kind.label), ICONS[kind]) for kind in KitKind if phase in kind.phases],
        )
        for phase in KitPhase
    ]


def opens_words(kit: EventKit, phase: KitPhase) -> str:
    """When a part opens, or since when it is open."""
    moment = kit.moment_of(phase)
    if moment is not None:
        words = {"moment": moment_words(kit.event, moment)}
        return (_("Open since %(moment)s") if moment <= now() else _("Opens on %(moment)s")) % words
    if phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN:
        return _("Opens for each one who is ticked off at the door")
    return _("Opens when you press the button")


def link_of(kit: EventKit) -> str:
    """The address for whoever is to have it; "" where only journalists' own links open."""
    return absolute(reverse("event_kit", args=[link_token(kit)])) if kit.way == KitWay.MOMENT else ""


def kit_is_ready(event: Event) -> bool:
    """Whether something is in it that can be given out at the event, once journalists can register."""
    registration = registration_of(event)
    if registration is None or why_closed(registration):
        return True
    kit = kit_of(event)
    if kit is None:
        return False
    lost = {Standing.REMOVED, Standing.WITHDRAWN}
    return any(one.standing not in lost for one in judged_items(kit, [KitPhase.AT_EVENT]))


def kit_area(event: Event, access: Access) -> Area | None:
    """The line on the event's page, for those who prepare it."""
    if event.kind == EventKind.DEADLINE or not access.may(Right.SEE_DRAFTS):
        return None
    address = reverse("events:kit", args=[event.uuid])
    kit = kit_of(event)
    if kit is None:
        if event.state == EventState.CANCELLED:
            return None
        return Area(_("Kit"), _("not begun yet"), address, "download")
    count = items_of(kit).count()
    words = ngettext("%(count)d thing", "%(count)d things", count) % {"count": count}
    return Area(_("Kit"), words if count else _("nothing in it yet"), address, "download")


def _row(kit: EventKit, one: Judged, ahead: dict[int, tuple[str, datetime.datetime]]) -> KitRow:
    kind, standing = KitKind(one.item.kind), Standing(one.standing)
    title, held = _title(one), _held(one)
    if standing == Standing.NOT_PUBLIC and one.item.draft_id in ahead:
        title, moment = ahead[one.item.draft_id]
        held = _("Becomes public on %(moment)s.") % {"moment": moment_words(kit.event, moment)}
    return KitRow(one, title, _about(one), ICONS[kind], SHAPES[standing], str(standing.label), held)


def _title(one: Judged) -> str:
    if one.said is not None:
        return one.said.words
    return title_of_item(one) or _("A text that is not public yet")


def _about(one: Judged) -> str:
    item, parts = one.item, [str(KitKind(one.item.kind).label)]
    if one.said is not None:
        parts.append(one.said.speaker)
    if item.file is not None:
        parts += [filesizeformat(item.file.size), item.file.credit]
    parts.append(item.link)
    return " · ".join(part for part in parts if part)


def _held(one: Judged) -> str:
    """Why a thing is held back; "" if it is not."""
    if one.is_given:
        return ""
    if not may_show_people(one.item):
        return _("Somebody who is seen or heard in it does not agree to that any more.")
    if one.item.file is not None and one.item.file.not_cleaned:
        return str(reason(one.item.file.not_cleaned))
    if one.item.file is not None and not may_go_out(one.item.file):
        return _("The file was deleted, or its mark is not Public any more.")
    return {
        Standing.NOT_PUBLIC: _("The text is not public and no moment is set."),
        Standing.PREPARED: _("The metadata of the file is being removed. It is given out after that."),
        Standing.WITHDRAWN: _("The text was withdrawn: the kit says so, and why."),
        Standing.REMOVED: _("Its speaker took the approval back, or the text was corrected."),
        Standing.GIVEN: "",
    }[Standing(one.standing)]


def held_count(parts: Sequence[KitPart]) -> int:
    """How many things are held back."""
    return sum(not row.judged.is_given for part in parts for row in part.rows)
