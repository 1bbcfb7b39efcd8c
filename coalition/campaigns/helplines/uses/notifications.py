"""Who hears of uses: members of the line's organisation are asked, those who planned it are told.

A member of the line's organisation need not have a seat where the thing is planned, and does not learn the
name of that workspace: they are told in a workspace of their own, and without any seat by mail.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition import live
from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships
from coalition.campaigns.helplines.uses.enums import UseFlag
from coalition.campaigns.helplines.uses.flags import flags_of
from coalition.campaigns.helplines.uses.models import HelplineUse
from coalition.campaigns.helplines.uses.permissions import READING_ROLES
from coalition.campaigns.helplines.uses.queries import SUBJECT
from coalition.core.clock import now
from coalition.jobs.moments import with_place
from coalition.mail import outbox
from coalition.mail.links import absolute
from coalition.roles import SeatRole
from coalition.workspaces.domain.notify import notify
from coalition.workspaces.enums import MailMode
from coalition.workspaces.models import Notification, Seat, Workspace
from coalition.workspaces.notifications.kinds import Kind
from coalition.workspaces.notifications.mails import GENERAL
from coalition.workspaces.notifications.queries import settings_of
from coalition.workspaces.notifications.subjects import Described
from coalition.workspaces.queries import active_seats

SOON = datetime.timedelta(days=7)  # before the start: flags are told from then on
_ASKED = _("Somebody asks whether a helpline of your organisation is staffed when its number goes out.")

KINDS: Mapping[str, Kind] = {
    "staffing_asked": Kind(
        sentence=_("%(organisation)s asks whether your line is staffed then: “%(title)s”."),
        outline=_ASKED,
        icon="speech",
        asks=True,
        link="campaigns:staffing",
    ),
    "staffing_missing": Kind(
        sentence=_("Nobody has confirmed yet that the helpline is staffed: “%(title)s”."),
        outline=_("A helpline has not confirmed yet that it is staffed when its number goes out."),
        icon="warn",
        asks=True,
    ),
    "staffing_confirmed": Kind(
        sentence=_("The helpline confirms that it is staffed: “%(title)s”."),
        outline=_("A helpline confirms that it is staffed."),
        icon="check",
    ),
    "staffing_declined": Kind(
        sentence=_("The helpline is not staffed then: “%(title)s”."),
        outline=_("A helpline is not staffed when its number is to go out."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
    "helpline_use_flagged": Kind(
        sentence=_("“%(title)s”: %(flag)s"),
        outline=_("Something is wrong with a helpline whose number you use."),
        icon="warn",
        asks=True,
    ),
}


def ask_organisation(use: HelplineUse, *, once: str, actor: User | None) -> None:
    """Ask the members of the line's organisation whether it is staffed, each once under the key `once`; not
    `actor`, who planned the use."""
    people = [person for person in _members(use) if person != actor]
    rooms = _own_rooms(people, use)
    for workspace, told in rooms.items():
        notify(
            people=told,
            kind="staffing_asked",
            workspace=workspace,
            actor=None,
            organisation=use.organisation,
            subject_kind=SUBJECT,
            subject=use.uuid,
            needs_drafts=False,
            once=f"staffing_asked:{use.uuid}:{once}",
            deadline=use.starts_at.isoformat(),
        )
    seated = {person.pk for told in rooms.values() for person in told}
    for person in people:
        if person.pk not in seated:
            _mail_question(use, person, once)
    nudge_organisation(use)


def nudge_organisation(use: HelplineUse) -> None:
    """Let open pages of the line's members count anew what waits."""
    for person in _members(use):
        live.nudge(user_id=person.pk, what="waiting")


def tell_planners(use: HelplineUse, kind: str, *, once: str, flag: UseFlag | None = None) -> None:
    """Tell who planned it; coordinators of the workspace where that person has no seat there any more."""
    notify(
        people=_planners(use),
        kind=kind,
        workspace=use.workspace,
        actor=None,
        organisation=use.helpline.organisation,
        subject_kind=SUBJECT,
        subject=use.uuid,
        once=_key(use, kind, once),
        flag=flag.value if flag else "",
    )


def tell_of_flags() -> int:
    """Recurring work: tell planners of flags, each once a use; of a line that is closed or overloaded each
    time, and only near the start. Returns how many were told of."""
    moment = now()
    rows = HelplineUse.objects.not_over(moment).filter(starts_at__lte=moment + SOON).with_lines()
    to_tell = {
        _key(use, "helpline_use_flagged", once): (use, flag, once)
        for use in rows
        for flag in flags_of(use, moment)
        if (once := _told_under(use, flag, moment)) is not None
    }
    known = set(Notification.objects.filter(key__in=to_tell).values_list("key", flat=True))
    for key, (use, flag, once) in to_tell.items():
        if key not in known:
            with transaction.atomic():
                tell_planners(use, "helpline_use_flagged", once=once, flag=flag)
    return len(to_tell.keys() - known)


def _key(use: HelplineUse, kind: str, once: str) -> str:
    return f"{kind}:{use.uuid}:{once}"


def _told_under(use: HelplineUse, flag: UseFlag, moment: datetime.datetime) -> str | None:
    if flag in {UseFlag.DECLINED, UseFlag.NOT_CONFIRMED}:
        return None  # told at once, or by the reminder
    if not flag.passes:
        checked = use.helpline.checked_on
        return f"{flag}:{checked.isoformat() if checked else ''}"
    if abs(use.starts_at - moment) > datetime.timedelta(days=1):
        return None
    until = use.helpline.available_until
    return f"{flag}:{until:%Y%m%d%H%M}" if until else None


def describe_uses(uuids: Collection[UUID]) -> Mapping[UUID, Described]:
    rows = HelplineUse.objects.filter(uuid__in=uuids).select_related("workspace")
    return {row.uuid: Described(row.title, row.get_absolute_url()) for row in rows}


def _members(use: HelplineUse) -> list[User]:
    rows = active_memberships().filter(organisation=use.helpline.organisation_id)
    return list({row.person_id: row.person for row in rows.select_related("person").order_by("pk")}.values())


def _own_rooms(people: Iterable[User], use: HelplineUse) -> dict[Workspace, list[User]]:
    """People by a workspace in which they have a seat: the use's own if they have one there, else for the
    line's organisation, else any."""
    seats = active_seats().filter(person__in=[person.pk for person in people])
    best: dict[int, Seat] = {}
    for seat in seats.select_related("person", "workspace").order_by("pk"):
        known = best.get(seat.person_id)
        if known is None or _rank(seat, use) < _rank(known, use):
            best[seat.person_id] = seat
    rooms: dict[Workspace, list[User]] = {}
    for seat in best.values():
        rooms.setdefault(seat.workspace, []).append(seat.person)
    return rooms


def _rank(seat: Seat, use: HelplineUse) -> int:
    if seat.workspace_id == use.workspace_id:
        return 0
    return 1 if seat.organisation_id == use.helpline.organisation_id else 2


def _planners(use: HelplineUse) -> list[User]:
    seats = active_seats().filter(workspace=use.workspace_id).select_related("person")
    if use.made_by is not None and seats.filter(person=use.made_by, role__in=READING_ROLES).exists():
        return [use.made_by]
    return [seat.person for seat in seats.filter(role=SeatRole.COORDINATOR)]


def _mail_question(use: HelplineUse, person: User, once: str) -> None:
    """The general mail about notifications, for somebody who has no inbox in any workspace."""
    if settings_of(person).mail == MailMode.NEVER:
        return
    with override(person.language):
        outline, deadline = str(_ASKED), with_place(use.starts_at)
        address = reverse("campaigns:staffing", args=[use.uuid])
    outbox.queue(
        key=f"staffing_asked:{use.uuid}:{once}:{person.uuid}",
        template=GENERAL,
        language=person.language,
        person=person.uuid,
        context={
            "name": person.get_short_name(),
            "button_url": absolute(address),
            "outline": outline,
            "deadline": deadline,
        },
    )
