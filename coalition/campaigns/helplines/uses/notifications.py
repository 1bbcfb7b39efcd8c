"""Who hears of uses: members of the line's organisation are asked, those who planned it are told.

A member of the line's organisation need not have a seat where the thing is planned, and does not learn the
name of that workspace: they are told in a workspace of their own (`notify_members`).
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition import live_push
from coalition.accounts.models import Membership, User
from coalition.accounts.queries import active_memberships
from coalition.campaigns.helplines.uses.enums import USE_KIND, UseFlag
from coalition.campaigns.helplines.uses.flags import flags_of
from coalition.campaigns.helplines.uses.models import HelplineUse
from coalition.campaigns.helplines.uses.permissions import READING_ROLES
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.kinds import NotificationKind, SubjectDescription
from coalition.workspaces.notifications.notify import notify, notify_members
from coalition.workspaces.queries import active_seats

SOON = datetime.timedelta(days=7)  # before the start: flags are told from then on

KINDS: Mapping[str, NotificationKind] = {
    "staffing_asked": NotificationKind(
        sentence=_("%(organisation)s asks whether your line is staffed then: “%(title)s”."),
        outline=_(
            "Somebody asks whether a helpline of your organisation is staffed when its number goes out."
        ),
        icon="speech",
        asks=True,
        link="campaigns:staffing",
    ),
    "staffing_missing": NotificationKind(
        sentence=_("Nobody has confirmed yet that the helpline is staffed: “%(title)s”."),
        outline=_("A helpline has not confirmed yet that it is staffed when its number goes out."),
        icon="warn",
        asks=True,
    ),
    "staffing_confirmed": NotificationKind(
        sentence=_("The helpline confirms that it is staffed: “%(title)s”."),
        outline=_("A helpline confirms that it is staffed."),
        icon="check",
    ),
    "staffing_declined": NotificationKind(
        sentence=_("The helpline is not staffed then: “%(title)s”."),
        outline=_("A helpline is not staffed when its number is to go out."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
    "helpline_use_flagged": NotificationKind(
        sentence=_("“%(title)s”: %(flag)s"),
        outline=_("Something is wrong with a helpline whose number you use."),
        icon="warn",
        asks=True,
    ),
}


def ask_organisation(use: HelplineUse, *, once: str, actor: User | None) -> None:
    """Ask the members of the line's organisation whether it is staffed, each once under the key `once`; not
    `actor`, who planned the use."""
    members = _members(use)
    notify_members(
        members=[one for one in members if one.person != actor],
        kind="staffing_asked",
        actor=None,
        organisation=use.organisation,
        subject_kind=USE_KIND,
        subject=use.uuid,
        once=f"staffing_asked:{use.uuid}:{once}",
        workspace=use.workspace,
        deadline=use.starts_at.isoformat(),
    )
    _nudge(members)


def nudge_organisation(use: HelplineUse) -> None:
    """Let open pages of the line's members count anew what waits."""
    _nudge(_members(use))


def _nudge(members: Iterable[Membership]) -> None:
    for pk in {one.person_id for one in members}:
        live_push.push_counter(user_id=pk, what="waiting")


def notify_planners(use: HelplineUse, kind: str, *, once: str, flag: UseFlag | None = None) -> None:
    """Tell who planned it; coordinators of the workspace where that person has no seat there any more."""
    notify(
        people=_planners(use),
        kind=kind,
        workspace=use.workspace,
        actor=None,
        organisation=use.helpline.organisation,
        subject_kind=USE_KIND,
        subject=use.uuid,
        once=_key(use, kind, once),
        flag=flag.value if flag else "",
    )


def notify_of_flags() -> int:
    """Recurring work: tell planners of flags, each once a use; of a line that is closed or overloaded each
    time, and only near the start. Returns how many were told of."""
    moment = now()
    rows = HelplineUse.objects.not_over(moment).filter(starts_at__lte=moment + SOON).with_lines()
    due = {
        _key(use, "helpline_use_flagged", once): (use, flag, once)
        for use in rows
        for flag in flags_of(use, moment)
        if (once := _flag_key(use, flag, moment)) is not None
    }
    known = set(Notification.objects.filter(key__in=due).values_list("key", flat=True))
    for key, (use, flag, once) in due.items():
        if key not in known:
            with transaction.atomic():
                notify_planners(use, "helpline_use_flagged", once=once, flag=flag)
    return len(due.keys() - known)


def _key(use: HelplineUse, kind: str, once: str) -> str:
    return f"{kind}:{use.uuid}:{once}"


def _flag_key(use: HelplineUse, flag: UseFlag, moment: datetime.datetime) -> str | None:
    """Return under which key planners are told of a flag, each key once; None if they are not."""
    if flag in {UseFlag.DECLINED, UseFlag.NOT_CONFIRMED}:
        return None  # told at once, or by the reminder
    if not flag.passes:
        checked = use.helpline.checked_on
        return f"{flag}:{checked.isoformat() if checked else ''}"
    if abs(use.starts_at - moment) > datetime.timedelta(days=1):
        return None
    until = use.helpline.available_until
    return f"{flag}:{until:%Y%m%d%H%M}" if until else None


def describe_uses(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = HelplineUse.objects.filter(uuid__in=uuids).select_related("workspace")
    return {row.uuid: SubjectDescription(row.title, row.get_absolute_url()) for row in rows}


def _members(use: HelplineUse) -> list[Membership]:
    rows = active_memberships().filter(organisation=use.helpline.organisation_id)
    return list(rows.select_related("person").order_by("pk"))


def _planners(use: HelplineUse) -> list[User]:
    seats = active_seats().filter(workspace=use.workspace_id).select_related("person")
    if use.made_by is not None and seats.filter(person=use.made_by, role__in=READING_ROLES).exists():
        return [use.made_by]
    return [seat.person for seat in seats.filter(role=SeatRole.COORDINATOR)]
