"""Planning where a line's number is used, and saying whether the line is staffed then."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.campaigns.helplines.health import is_public
from coalition.campaigns.helplines.models import Helpline, OperatorLink
from coalition.campaigns.helplines.uses import notifications
from coalition.campaigns.helplines.uses.channels import StoredChannel, channel_key, stored_channels
from coalition.campaigns.helplines.uses.enums import USE_KIND, Staffed, UseKind
from coalition.campaigns.helplines.uses.flags import CONFIRM_BEFORE
from coalition.campaigns.helplines.uses.models import HelplineUse, StaffingAnswer, published_entry
from coalition.campaigns.helplines.uses.permissions import may_confirm, may_plan_uses
from coalition.campaigns.helplines.uses.queries import lines_to_use
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.actions import activity
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that

REMIND: Final = "campaigns.remind_of_staffing"
MOST_USES: Final = 200  # that are not over, in one workspace


@dataclass(frozen=True)
class UsePlan:
    """What is planned. `starts_at` is aware; `channels`: keys (`channel_key`) of ways of the line."""

    kind: UseKind
    title: str
    channels: Collection[str]
    starts_at: datetime.datetime
    ends_on: datetime.date | None = None
    note: str = ""


def add_use(*, access: Access, helpline: Helpline, plan: UsePlan) -> HelplineUse:
    """Plan a use, with the numbers as the register has them now; ask the line's organisation if it is ahead.

    Raises NotAllowed; Refused for a line that is not to be used, for ways that its entry does not have, and
    once there are too many uses.
    """
    require_that(may_plan_uses(access), _("Editors and coordinators plan where numbers are used."))
    with transaction.atomic():
        line = _usable_line(helpline)
        if HelplineUse.objects.not_over(now()).filter(workspace=access.workspace).count() >= MOST_USES:
            raise Refused(_("There are too many uses in this workspace. End those that are over."))
        use = HelplineUse(
            workspace=access.workspace,
            organisation=access.organisation,
            helpline=line,
            made_by=access.user,
            made_at=now(),
        )
        _fill(use, plan, _channels_of_line(line, plan.channels))
        _ask_anew(use)
        _save(use, access, "added")
        activity.record_activity(
            "helpline_use_added",
            workspace=access.workspace,
            actor=access.user,
            organisation=access.organisation,
            title=use.title,
        )
    return use


def change_use(*, access: Access, use: HelplineUse, plan: UsePlan) -> HelplineUse:
    """Change what is planned. The line is asked anew, and its answer deleted, if kind, time or numbers are
    other ones.

    Keys of ways that the use has already may stay, also when the register has them no more. Raises as
    `add_use`.
    """
    with transaction.atomic():
        row = _locked(access, use)
        before = _asked_about(row)
        old = {channel_key(one): one for one in row.channels}
        new_keys = [key for key in plan.channels if key not in old]
        new = _channels_of_line(_usable_line(row.helpline), new_keys) if new_keys else []
        _fill(row, plan, [*new, *(old[key] for key in plan.channels if key in old)])
        if _asked_about(row) != before:
            StaffingAnswer.objects.filter(use=row).delete()
            row = _without_answer(row)
            _ask_anew(row)
        _save(row, access, "changed")
    return row


def end_use(*, access: Access, use: HelplineUse) -> HelplineUse:
    """Take a use out of use: posters are down, cards are gone. Raises NotAllowed."""
    with transaction.atomic():
        row = _locked(access, use)
        if row.ended_at is None:
            row.ended_at = now()
            _save(row, access, "ended")
            scheduler.cancel(kind=REMIND, key=str(row.uuid))
    return row


def bring_back_use(*, access: Access, use: HelplineUse) -> HelplineUse:
    """Undo `end_use`. Raises NotAllowed."""
    with transaction.atomic():
        row = _locked(access, use)
        if row.ended_at is not None:
            row.ended_at = None
            _save(row, access, "brought_back")
    return row


def answer_staffing(
    *, person: User, use: HelplineUse, answer: Staffed, until: datetime.datetime | None = None
) -> StaffingAnswer:
    """Say for the line's organisation whether the line is staffed. `until`: an aware moment.

    Raises NotAllowed for who is no member of it; Refused once the use is over, if nobody asks, and if `until`
    lies before the start.
    """
    require_that(may_confirm(person, use.helpline), _("Members of the line's organisation answer this."))
    return _answer(use, answer, until, actor=person)


def answer_staffing_by_link(*, link: OperatorLink, use: HelplineUse, answer: Staffed) -> StaffingAnswer:
    """The same from the operators' phone: nobody is named. Raises Refused as above, and for another line."""
    if use.helpline_id != link.helpline_id:
        raise Refused(_("This is about another line."))
    return _answer(use, answer, None, actor=None)


def remind_of_staffing(key: str, _payload: dict[str, Any]) -> None:
    """Due work: the start is near and nobody has confirmed. Remind the planner, and ask the line again."""
    moment = now()
    with transaction.atomic():
        use = HelplineUse.objects.select_for_update(of=("self",)).filter(uuid=key).with_lines().first()
        if use is None or use.asked_at is None or use.is_over(moment) or use.staffing is not None:
            return
        notifications.notify_planners(use, "staffing_missing", once=_stamp(use))
        notifications.ask_organisation(use, once=f"again:{_stamp(use)}", actor=None)


def _answer(
    use: HelplineUse, answer: Staffed, until: datetime.datetime | None, *, actor: User | None
) -> StaffingAnswer:
    with transaction.atomic():
        row = HelplineUse.objects.select_for_update(of=("self",)).with_lines().get(pk=use.pk)
        moment = now()
        if row.asked_at is None or row.is_over(moment):
            raise Refused(_("Nobody asks about this any more."))
        if until is not None and until <= max(row.starts_at, moment):
            raise Refused(_("Until when the line is staffed has to lie after the start, and ahead."))
        given, _made = StaffingAnswer.objects.update_or_create(
            use=row,
            defaults={
                "organisation": row.helpline.organisation,
                "answer": answer,
                "until": until if answer == Staffed.YES else None,
                "at": moment,
            },
        )
        action = "staffed" if answer == Staffed.YES else "not_staffed"
        log.record_audit(
            f"helpline_use.{action}",
            actor=actor,
            target_kind=USE_KIND,
            target=row.uuid,
            organisation=row.helpline.organisation.uuid,
            workspace=row.workspace.uuid,
            until=until.isoformat() if until else "",
        )
        kind = "staffing_confirmed" if answer == Staffed.YES else "staffing_declined"
        notifications.notify_planners(row, kind, once=moment.isoformat())
        notifications.nudge_organisation(row)
    return given


def _usable_line(helpline: Helpline) -> Helpline:
    """The line with its published entry. Raises Refused for one that must not be printed anywhere."""
    line = lines_to_use().filter(pk=helpline.pk).first()
    if line is None or not is_public(line, published_entry(line), now()):
        raise Refused(_("This line is not public now. Choose another, or have its entry checked first."))
    return line


def _asked_about(use: HelplineUse) -> tuple[object, ...]:
    """Return what the line's organisation is asked about: other kinds of things bring other calls."""
    return use.kind, use.starts_at, use.ends_on, sorted(map(channel_key, use.channels))


def _channels_of_line(line: Helpline, keys: Collection[str]) -> list[StoredChannel]:
    entry = published_entry(line)
    known = {channel_key(one): one for one in stored_channels(entry)}
    if not keys or not set(keys) <= known.keys():
        raise Refused(_("The entry of this line has changed. Choose its numbers anew."))
    return [known[key] for key in known if key in set(keys)]


def _fill(use: HelplineUse, plan: UsePlan, channels: Collection[StoredChannel]) -> None:
    if not channels:
        raise Refused(_("Choose what of the line it carries."))
    use.kind, use.title, use.note = plan.kind, plan.title.strip(), plan.note.strip()
    use.starts_at, use.ends_on = plan.starts_at, plan.ends_on
    use.channels = [dict(one) for one in channels]


def _without_answer(use: HelplineUse) -> HelplineUse:
    """The same row without the answer that was read with it."""
    use._state.fields_cache.pop("answer", None)
    return use


def _ask_anew(use: HelplineUse) -> None:
    use.asked_at = now() if use.starts_at > now() else None


def _save(use: HelplineUse, access: Access, what: str) -> None:
    use.save()
    log.record_audit(
        f"helpline_use.{what}",
        actor=access.user,
        target_kind=USE_KIND,
        target=use.uuid,
        organisation=access.organisation.uuid,
        workspace=access.workspace.uuid,
        role=access.role,
    )
    moment = now()
    if use.asked_at is None or use.is_over(moment) or StaffingAnswer.objects.filter(use=use).exists():
        notifications.nudge_organisation(use)
        return
    notifications.ask_organisation(use, once=_stamp(use), actor=access.user)
    left = use.starts_at - moment
    wait = left - CONFIRM_BEFORE if left > CONFIRM_BEFORE else left / 2
    scheduler.schedule(kind=REMIND, key=str(use.uuid), due_at=moment + max(wait, datetime.timedelta()))


def _locked(access: Access, use: HelplineUse) -> HelplineUse:
    require_that(may_plan_uses(access), _("Editors and coordinators plan where numbers are used."))
    rows = HelplineUse.objects.select_for_update(of=("self",)).with_lines()
    return rows.get(pk=use.pk, workspace=access.workspace)


def _stamp(use: HelplineUse) -> str:
    """A key of one question: a new time or number is a new question."""
    return f"{use.asked_at:%y%m%d%H%M%S%f}:{use.starts_at:%y%m%d%H%M}" if use.asked_at else ""
