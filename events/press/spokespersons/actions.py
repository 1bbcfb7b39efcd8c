"""Whether a spokesperson may be named: asked by mail, given and taken back by the person alone."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete_in_batches
from coalition.core.tokens import derive_token, hash_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.permissions import Access
from documents.contacts.actions import one_line
from documents.drafts.permissions import may_keep_contacts, require_that
from events.core.actions.times import check_zone
from events.press.contacts.actions import UNDO
from events.press.permissions import may_tend_spokesperson
from events.press.spokespersons.models import Spokesperson

ASKED_A_DAY = 3


def token_of(row: Spokesperson) -> str:
    """The token of the link that stands now."""
    return derive_token("events.speaking", f"{row.uuid}:{row.link_number}")


def new_link(row: Spokesperson) -> None:
    """Give somebody without an account a link; the one before opens nothing. Saves nothing."""
    row.link_number += 1
    row.token_hash = hash_token(token_of(row)) if row.person is None else None


def ask_for_consent(row: Spokesperson) -> bool:
    """Write the mail that asks, in the caller's transaction; three a day at most. Returns whether it was."""
    day = now().date().isoformat()
    if row.person is not None:
        address, path = "", reverse("events:speaking")
        language, person = row.person.language, row.person.uuid
    else:
        address, path = row.address, reverse("speaking_link", args=[token_of(row)])
        language, person = row.writes_in, None
    return any(
        outbox.queue_mail(
            key=f"speaking:{row.uuid}:{row.link_number}:{day}:{number}",
            template="events/speaking_asked",
            language=language,
            person=person,
            address=address,
            context={"name": row.name, "has_account": person is not None, "button_url": absolute_url(path)},
        )
        for number in range(ASKED_A_DAY)
    )


def agree_to_be_named(*, spokesperson: Spokesperson, with_phone: bool) -> Spokesperson:
    """The person says that press desks of the workspace may know who they are, `with_phone` also the number.
    Again, it only changes the latter. Raises Refused if they are not there any more."""
    with transaction.atomic():
        row = _lock_own_profile(spokesperson)
        row.consented_at, row.gives_phone = row.consented_at or now(), with_phone
        row.save(update_fields=["consented_at", "gives_phone"])
        _keep(row, "spokesperson.agreed")
    return row


def take_name_back(*, spokesperson: Spokesperson) -> Spokesperson:
    """The person says that nobody but their organisation may know who they are. It holds at once."""
    with transaction.atomic():
        row = _lock_own_profile(spokesperson)
        row.consented_at, row.gives_phone, row.asked_at = None, False, now()
        row.save(update_fields=["consented_at", "gives_phone", "asked_at"])
        _keep(row, "spokesperson.took_back")
    return row


def erase_speaker(*, spokesperson: Spokesperson) -> None:
    """The person wants nothing of them kept: the row goes, also from what they were chosen for."""
    with transaction.atomic():
        row = _lock_own_profile(spokesperson)
        _keep(row, "spokesperson.erased")
        row.delete()


def _lock_own_profile(spokesperson: Spokesperson) -> Spokesperson:
    rows = Spokesperson.objects.select_for_update(of=("self",)).select_related(
        "person", "organisation", "workspace"
    )
    row = rows.filter(pk=spokesperson.pk, removed_at=None).first()
    if row is None:
        raise Refused(_("You are not among the spokespersons any more."))
    return row


def _keep(row: Spokesperson, action: str) -> None:
    log.record_audit(
        action,
        actor=row.person,
        organisation=row.organisation.uuid,
        target_kind="spokesperson",
        target=row.uuid,
        workspace=row.workspace.uuid,
    )


# --- profiles ---
# Spokespersons of an organisation: added, changed, removed with a way back, and forgotten.


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
        row = _lock_profile(access, spokesperson)
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
        row = _lock_profile(access, spokesperson)
        if row.is_named:
            raise Refused(_("This person agreed to be named already."))
        if not ask_for_consent(row):
            raise Refused(_("They were asked often enough today. Try again tomorrow."))


def remove_spokesperson(*, access: Access, spokesperson: Spokesperson) -> Spokesperson:
    """Take somebody out; within an hour it can be undone, then everything about them is deleted."""
    with transaction.atomic():
        row = _lock_profile(access, spokesperson)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        scheduler.schedule(kind=FORGET, key=str(row.uuid), due_at=now() + UNDO)
        keep_track(access, row, "spokesperson.removed")
    return row


def bring_back_spokesperson(*, access: Access, spokesperson: Spokesperson) -> Spokesperson:
    """Undo it. Raises NotAllowed, and Refused if the member was added anew meanwhile."""
    with transaction.atomic():
        row = _lock_profile(access, spokesperson)
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
    return delete_in_batches(rows.filter(asked_at__lt=days_ago(DAYS_WITHOUT_CONSENT)))


def keep_track(access: Access, row: Spokesperson, action: str) -> None:
    """Write the audit entry: no name."""
    log.record_audit(
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


def _lock_profile(access: Access, spokesperson: Spokesperson) -> Spokesperson:
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
