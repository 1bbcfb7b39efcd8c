"""Coordinators make an appeal, open it, close it, and type in what the official petition says."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.actions.versions import add_version
from coalition.campaigns.appeals.enums import AppealStage
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.appeals.models.appeal import DAYS_TO_REOPEN
from coalition.campaigns.appeals.permissions import may_lead_appeals, may_plan_petition, require_that
from coalition.campaigns.appeals.records import notify_workspace, record_appeal_action
from coalition.campaigns.appeals.versions import current_version, is_as_published, is_withdrawn
from coalition.campaigns.core.dates import months_after
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.publication.models import Publication

MONTHS_AFTER_OPENING = 12  # at the latest, personal data end; promised to supporters
MOST_GOAL = 10_000_000
_SLUG_IS_TAKEN = _("Another appeal has this address. Choose another one.")


def lock_appeal(access: Access, appeal: Appeal) -> Appeal:
    """Return the row, locked until the transaction ends, of the access's workspace. Raises DoesNotExist."""
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("workspace", "organisation")
    return rows.get(pk=appeal.pk, workspace=access.workspace)


def create_appeal(
    *,
    access: Access,
    publication: Publication,
    slug: str,
    table: Publication | None = None,
    goal: int | None = None,
    closes_on: datetime.date | None = None,
) -> Appeal:
    """Prepare an appeal in the name of the organisation for which the person acts. Nobody sees it yet.

    Raises NotAllowed without the right; Refused if the address is taken, the last day is over, or the texts
    are not public (as `add_version`).
    """
    require_that(may_lead_appeals(access), _("Coordinators prepare appeals."))
    with transaction.atomic():
        _check(slug=slug, goal=goal, closes_on=closes_on)
        with _slug_is_unique():
            appeal = Appeal.objects.create(
                workspace=access.workspace,
                organisation=access.organisation,
                slug=slug,
                goal=goal,
                closes_on=closes_on,
                created_by=access.user,
                created_at=now(),
            )
        record_appeal_action(access, appeal, "appeal.created")
        add_version(access=access, appeal=appeal, publication=publication, table=table)
    return appeal


def change_appeal(
    *,
    access: Access,
    appeal: Appeal,
    slug: str,
    goal: int | None = None,
    closes_on: datetime.date | None = None,
) -> Appeal:
    """Change address (before it was opened only), goal and last day. Raises as `create_appeal` does."""
    with transaction.atomic():
        locked = lock_appeal(access, appeal)
        require_that(may_lead_appeals(access), _("Coordinators change appeals."))
        if slug != locked.slug and locked.opened_at is not None:
            raise Refused(_("The address stays, since people have it in their messages."))
        _check(slug=slug, goal=goal, closes_on=closes_on, appeal=locked)
        values = {"slug": slug, "goal": goal, "closes_on": closes_on}
        changed = [name for name, value in values.items() if getattr(locked, name) != value]
        if "closes_on" in changed:
            _refuse_final(locked, localdate(now()))
        for name in changed:
            setattr(locked, name, values[name])
        if changed:
            with _slug_is_unique():
                locked.save(update_fields=changed)
            record_appeal_action(access, locked, "appeal.changed", fields=changed)
    return locked


def open_appeal(*, access: Access, appeal: Appeal) -> Appeal:
    """Open it to the public for the first time, or again. Personal data end twelve months after the first
    opening, whatever follows.

    Raises NotAllowed without the right; Refused if it is open, if its words are public no more or are not
    what was published, or if personal data ended.
    """
    with transaction.atomic():
        locked = lock_appeal(access, appeal)
        require_that(may_lead_appeals(access), _("Coordinators open appeals."))
        today = localdate(now())
        if locked.stage_on(today) == AppealStage.OPEN:
            raise Refused(_("It is open already."))
        _check_may_open(locked, today)
        again = locked.opened_at is not None
        locked.closed_at = None
        if not again:
            locked.opened_at = now()
            locked.personal_data_until = months_after(today, MONTHS_AFTER_OPENING)
        locked.save(update_fields=["opened_at", "closed_at", "personal_data_until"])
        record_appeal_action(access, locked, "appeal.reopened" if again else "appeal.opened")
        notify_workspace(access, locked, "appeal_reopened" if again else "appeal_opened")
    return locked


def close_appeal(*, access: Access, appeal: Appeal) -> Appeal:
    """Take no more support. Who supports it stays, and can still withdraw. Closing twice is one."""
    with transaction.atomic():
        locked = lock_appeal(access, appeal)
        require_that(may_lead_appeals(access), _("Coordinators close appeals."))
        if locked.opened_at is None:
            raise Refused(_("It was not opened yet."))
        if locked.closed_at is None:
            locked.closed_at = now()
            locked.save(update_fields=["closed_at"])
            record_appeal_action(access, locked, "appeal.closed")
            notify_workspace(access, locked, "appeal_closed")
    return locked


def set_official_petition(
    *,
    access: Access,
    appeal: Appeal,
    number: str = "",
    url: str = "",
    count: int | None = None,
    as_of: datetime.date | None = None,
) -> Appeal:
    """Type in number, address and count of the petition on the state's portal. Earlier counts stay in the
    audit log.

    Raises NotAllowed without the right to plan; Refused for a count without its day, or of a day to come.
    """
    with transaction.atomic():
        locked = lock_appeal(access, appeal)
        require_that(may_plan_petition(access), _("Those who plan type in the official petition."))
        if count is not None and as_of is None:
            raise Refused(_("Say on which day the portal showed this number."))
        if as_of is not None and as_of > localdate(now()):
            raise Refused(_("This day has not come yet."))
        if (count is not None or as_of is not None) and not (number or url):
            raise Refused(_("Give the number or the address of the official petition first."))
        if count is None:
            as_of = None
        before = (locked.official_count, locked.official_as_of)
        locked.official_number, locked.official_url = number.strip(), url
        locked.official_count, locked.official_as_of = count, as_of
        locked.save(update_fields=["official_number", "official_url", "official_count", "official_as_of"])
        if as_of is not None and before != (count, as_of):
            record_appeal_action(
                access, locked, "appeal.official_counted", count=count, as_of=as_of.isoformat()
            )
        else:
            record_appeal_action(access, locked, "appeal.official_changed")
    return locked


@contextmanager
def _slug_is_unique() -> Iterator[None]:
    """Raise Refused if the row inside has a slug that somebody else has saved since it was checked."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        raise Refused(_SLUG_IS_TAKEN) from fault


def _check(
    *, slug: str, goal: int | None, closes_on: datetime.date | None, appeal: Appeal | None = None
) -> None:
    others = Appeal.objects.exclude(pk=appeal.pk) if appeal is not None else Appeal.objects.all()
    if others.filter(slug=slug).exists():
        raise Refused(_SLUG_IS_TAKEN)
    if slug in {"link", "sent"}:
        raise Refused(_("This address is used by the site itself. Choose another one."))
    if goal is not None and not 1 <= goal <= MOST_GOAL:
        raise Refused(_("A goal lies between 1 and %(most)s."), most=f"{MOST_GOAL:,}".replace(",", "\u00a0"))
    same_day = appeal is not None and appeal.closes_on == closes_on
    if closes_on is not None and not same_day and closes_on < localdate(now()):
        raise Refused(_("The last day is over already."))


def _refuse_final(appeal: Appeal, today: datetime.date) -> None:
    if not appeal.may_reopen_on(today):
        raise Refused(
            _(
                "It ended more than %(days)s days ago. What tells one mailbox from another is deleted since, "
                "so people could be counted twice. Make a new appeal."
            ),
            days=DAYS_TO_REOPEN,
        )


def _check_may_open(appeal: Appeal, today: datetime.date) -> None:
    over = appeal.personal_data_until is not None and today > appeal.personal_data_until
    if over or appeal.personal_data_ended_at is not None:
        raise Refused(
            _("The personal data of its supporters ended, as was promised to them. Make a new appeal.")
        )
    _refuse_final(appeal, today)
    if appeal.closes_on is not None and appeal.closes_on < today:
        raise Refused(_("Its last day is over. Set another one first."))
    version = current_version(appeal)
    if version is None or is_withdrawn(version):
        raise Refused(_("Its text is public no more. Give it one that is."))
    if not is_as_published(version):
        raise Refused(_("Its text is not the one that was published. Tell the people who run this site."))
