"""Spokespersons of an organisation: added, changed, removed with a way back, and forgotten."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete
from coalition.jobs import scheduler
from coalition.workspaces.rules import Access
from documents.contacts.actions import one_line
from events.core.actions.times import check_zone
from events.press.contacts.actions.remove import UNDO
from events.press.permissions import may_keep_contacts, may_tend_spokesperson, require_that
from events.press.spokespersons.actions.consent import ask_for_consent, new_link
from events.press.spokespersons.models import Spokesperson

FORGET = "events.forget_spokesperson"
MOST = 200  # of one organisation in one workspace
DAYS_WITHOUT_CONSENT = 30  # then somebody without an account is deleted


@dataclass(frozen=True)
class Speaking:
    """What is said of a spokesperson. `person`: a member with an account; without one name and address are
    needed. `weekdays` as `datetime.date.weekday` counts; `begins` to `ends` on the clock of `zone`."""

    languages: Iterable[str]
    person: User | None = None
    name: str = ""
    address: str = ""
    phone: str = ""
    writes_in: Language = Language.KK
    topics: Iterable[str] = ()
    regions: Iterable[str] = ()
    weekdays: Iterable[int] = ()
    begins: datetime.time | None = None
    ends: datetime.time | None = None
    zone: str = "Asia/Almaty"
    hours_note: str = ""


def add_spokesperson(*, access: Access, said: Speaking) -> Spokesperson:
    """Add somebody who speaks for the organisation in whose name `access` acts, and ask them by mail whether
    they may be named. Raises NotAllowed, and Refused for what `_check` finds."""
    require_that(may_keep_contacts(access))
    with transaction.atomic():
        _check(access, said)
        others = _own(access)
        if others.count() >= MOST:
            raise Refused(_("An organisation has at most %(most)s spokespersons in a workspace."), most=MOST)
        if said.person is not None and others.filter(person=said.person).exists():
            raise Refused(_("This member is among your spokespersons already."))
        row = Spokesperson(
            uuid=uuid7(),
            workspace=access.workspace,
            organisation=access.organisation,
            added_by=access.user,
            asked_at=now(),
        )
        _fill(row, said)
        new_link(row)
        row.save()
        keep_track(access, row, "spokesperson.added")
        ask_for_consent(row)
    return row


def change_spokesperson(*, access: Access, spokesperson: Spokesperson, said: Speaking) -> Spokesperson:
    """Say anew what holds of somebody. Whoever has another address now is asked anew, and not named until
    they agree. Who it is does not change. Raises NotAllowed, and Refused."""
    with transaction.atomic():
        row = _held(access, spokesperson)
        said = said if row.person is None else _same_member(said, row.person)
        _check(access, said)
        before = (row.own_name, row.address)
        _fill(row, said)
        if before != (row.own_name, row.address):
            row.consented_at, row.gives_phone, row.asked_at = None, False, now()
            new_link(row)
            ask_for_consent(row)
        row.save()
        keep_track(access, row, "spokesperson.changed")
    return row


def ask_again(*, access: Access, spokesperson: Spokesperson) -> None:
    """Mail the question once more. Raises NotAllowed; Refused if they agreed, or were asked often today."""
    with transaction.atomic():
        row = _held(access, spokesperson)
        if row.is_named:
            raise Refused(_("This person agreed to be named already."))
        if not ask_for_consent(row):
            raise Refused(_("They were asked often enough today. Try again tomorrow."))


def remove_spokesperson(*, access: Access, spokesperson: Spokesperson) -> Spokesperson:
    """Take somebody out; within an hour it can be undone, then everything about them is deleted."""
    with transaction.atomic():
        row = _held(access, spokesperson)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        scheduler.schedule(kind=FORGET, key=str(row.uuid), due_at=now() + UNDO)
        keep_track(access, row, "spokesperson.removed")
    return row


def bring_back_spokesperson(*, access: Access, spokesperson: Spokesperson) -> Spokesperson:
    """Undo it. Raises NotAllowed, and Refused if the member was added anew meanwhile."""
    with transaction.atomic():
        row = _held(access, spokesperson)
        if row.person is not None and _own(access).filter(person=row.person).exclude(pk=row.pk).exists():
            raise Refused(_("This member is among your spokespersons already."))
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        scheduler.cancel(kind=FORGET, key=str(row.uuid))
        keep_track(access, row, "spokesperson.brought_back")
    return row


def forget_due(key: str, _payload: dict[str, Any]) -> None:
    """Due work: delete who was removed, unless they are there again."""
    Spokesperson.objects.filter(uuid=key, removed_at__isnull=False).delete()


def forget_who_did_not_agree() -> int:
    """Delete who has no account and has not agreed to be named for a while: they never asked to be here.
    Returns how many."""
    rows = Spokesperson.objects.filter(person=None, consented_at=None)
    return delete(rows.filter(asked_at__lt=days_ago(DAYS_WITHOUT_CONSENT)))


def keep_track(access: Access, row: Spokesperson, action: str) -> None:
    """Write the audit entry: no name."""
    log.record(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="spokesperson",
        target=row.uuid,
        workspace=access.workspace.uuid,
    )


def _own(access: Access) -> Any:
    return Spokesperson.objects.filter(
        workspace=access.workspace, organisation=access.organisation, removed_at=None
    )


def _held(access: Access, spokesperson: Spokesperson) -> Spokesperson:
    rows = Spokesperson.objects.select_for_update(of=("self",)).select_related(
        "person", "organisation", "workspace"
    )
    row = rows.filter(pk=spokesperson.pk).first()
    if row is None:
        raise Refused(_("This spokesperson is not there any more."))
    require_that(may_tend_spokesperson(access, row))
    return row


def _same_member(said: Speaking, person: User) -> Speaking:
    return Speaking(**{**vars(said), "person": person, "name": "", "address": ""})


def _check(access: Access, said: Speaking) -> None:
    if said.person is not None:
        if not active_memberships(said.person).filter(organisation=access.organisation).exists():
            raise Refused(_("Only members of your organisation can be chosen."))
    elif not one_line(said.name) or not said.address.strip():
        raise Refused(_("Give name and e-mail: the person is asked by mail whether they may be named."))
    if not list(said.languages):
        raise Refused(_("Say at least one language in which they speak."))
    hours = [bool(list(said.weekdays)), said.begins is not None, said.ends is not None]
    if any(hours) and not all(hours):
        raise Refused(_("Hours need the days, a beginning and an end."))
    if said.begins is not None and said.ends is not None and said.ends <= said.begins:
        raise Refused(_("The hours end before they begin."))
    check_zone(said.zone)


def _fill(row: Spokesperson, said: Speaking) -> None:
    row.person = said.person
    row.own_name = "" if said.person else one_line(said.name)
    row.address = "" if said.person else said.address.strip()
    row.phone, row.writes_in = one_line(said.phone), said.writes_in
    row.languages, row.topics = list(said.languages), list(said.topics)
    row.regions, row.weekdays = list(said.regions), [str(day) for day in said.weekdays]
    row.begins, row.ends, row.zone = said.begins, said.ends, said.zone
    row.hours_note = one_line(said.hours_note)
