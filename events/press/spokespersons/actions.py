"""Consent of spokespersons to be named: requested by mail, given and withdrawn by the person."""

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
from documents.contacts.actions import single_line
from documents.drafts.permissions import may_manage_contacts, require_that
from events.core.actions.times import check_zone
from events.press.actions import UNDO_PERIOD
from events.press.permissions import may_manage_spokesperson
from events.press.spokespersons.models import Spokesperson

MAX_MAILS_PER_DAY = 3


def spokesperson_token(row: Spokesperson) -> str:
    """Return the token of the current link."""
    return derive_token("events.speaking", f"{row.uuid}:{row.link_number}")


def renew_spokesperson_link(row: Spokesperson) -> None:
    """Give a person without an account a new link; the previous one stops working. Does not
    save."""
    row.link_number += 1
    row.token_hash = hash_token(spokesperson_token(row)) if row.person is None else None


def ask_for_consent(row: Spokesperson) -> bool:
    """Queue the mail that asks for consent, in the caller's transaction; three a day at most.
    Return whether it was queued."""
    day = now().date().isoformat()
    if row.person is not None:
        address, path = "", reverse("events:speaking")
        language, person = row.person.language, row.person.uuid
    else:
        address, path = row.address, reverse("speaking_link", args=[spokesperson_token(row)])
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
        for number in range(MAX_MAILS_PER_DAY)
    )


def agree_to_be_named(*, spokesperson: Spokesperson, with_phone: bool) -> Spokesperson:
    """Record consent to naming the person to press desks of the workspace, `with_phone` also to
    giving the number. A second call only updates the latter. Raises Refused if they were
    removed."""
    with transaction.atomic():
        row = _lock_own_profile(spokesperson)
        row.consented_at, row.gives_phone = row.consented_at or now(), with_phone
        row.save(update_fields=["consented_at", "gives_phone"])
        _audit_own_change(row, "spokesperson.agreed")
    return row


def withdraw_naming_consent(*, spokesperson: Spokesperson) -> Spokesperson:
    """Withdraw the consent: from now on only the person's organisation may know who they are."""
    with transaction.atomic():
        row = _lock_own_profile(spokesperson)
        row.consented_at, row.gives_phone, row.asked_at = None, False, now()
        row.save(update_fields=["consented_at", "gives_phone", "asked_at"])
        _audit_own_change(row, "spokesperson.took_back")
    return row


def erase_spokesperson(*, spokesperson: Spokesperson) -> None:
    """Delete all data of the person, including assignments to enquiries, at their request."""
    with transaction.atomic():
        row = _lock_own_profile(spokesperson)
        _audit_own_change(row, "spokesperson.erased")
        row.delete()


def _lock_own_profile(spokesperson: Spokesperson) -> Spokesperson:
    rows = Spokesperson.objects.select_for_update(of=("self",)).select_related(
        "person", "organisation", "workspace"
    )
    row = rows.filter(pk=spokesperson.pk, removed_at=None).first()
    if row is None:
        raise Refused(_("You are not among the spokespersons any more."))
    return row


def _audit_own_change(row: Spokesperson, action: str) -> None:
    log.record_audit(
        action,
        actor=row.person,
        organisation=row.organisation.uuid,
        target_kind="spokesperson",
        target=row.uuid,
        workspace=row.workspace.uuid,
    )


# --- profiles ---
# Spokespersons of an organisation: added, changed, removed with an undo, and deleted.


FORGET_SPOKESPERSON = "events.forget_spokesperson"
MAX_SPOKESPERSONS = 200  # per organisation and workspace
DAYS_WITHOUT_CONSENT = 30  # after that a person without an account is deleted


@dataclass(frozen=True)
class SpokespersonInput:
    """Data of a spokesperson. `person`: a member with an account; otherwise name and address are
    required. `weekdays` as in `datetime.date.weekday`; `begins` and `ends` in the time zone
    `zone`."""

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


def add_spokesperson(*, access: Access, said: SpokespersonInput) -> Spokesperson:
    """Add a spokesperson of the organisation of `access`, and mail them a request for consent.
    Raises NotAllowed, and Refused for what `_check` finds."""
    require_that(may_manage_contacts(access))
    with transaction.atomic():
        _check_spokesperson(access, said)
        others = _own_spokespersons(access)
        if others.count() >= MAX_SPOKESPERSONS:
            raise Refused(
                _("An organisation has at most %(most)s spokespersons in a workspace."),
                most=MAX_SPOKESPERSONS,
            )
        if said.person is not None and others.filter(person=said.person).exists():
            raise Refused(_("This member is among your spokespersons already."))
        row = Spokesperson(
            uuid=uuid7(),
            workspace=access.workspace,
            organisation=access.organisation,
            added_by=access.user,
            asked_at=now(),
        )
        _fill_spokesperson(row, said)
        renew_spokesperson_link(row)
        row.save()
        audit_spokesperson(access, row, "spokesperson.added")
        ask_for_consent(row)
    return row


def change_spokesperson(
    *, access: Access, spokesperson: Spokesperson, said: SpokespersonInput
) -> Spokesperson:
    """Change a spokesperson. A new address requires new consent, and the person is not named until
    then. The person cannot be replaced by another. Raises NotAllowed, and Refused."""
    with transaction.atomic():
        row = _lock_profile(access, spokesperson)
        said = said if row.person is None else _same_member(said, row.person)
        _check_spokesperson(access, said)
        before = (row.own_name, row.address)
        _fill_spokesperson(row, said)
        if before != (row.own_name, row.address):
            row.consented_at, row.gives_phone, row.asked_at = None, False, now()
            renew_spokesperson_link(row)
            ask_for_consent(row)
        row.save()
        audit_spokesperson(access, row, "spokesperson.changed")
    return row


def ask_spokesperson_again(*, access: Access, spokesperson: Spokesperson) -> None:
    """Mail the request for consent again. Raises NotAllowed; Refused if they agreed already, or
    above the daily limit."""
    with transaction.atomic():
        row = _lock_profile(access, spokesperson)
        if row.is_named:
            raise Refused(_("This person agreed to be named already."))
        if not ask_for_consent(row):
            raise Refused(_("They were asked often enough today. Try again tomorrow."))


def remove_spokesperson(*, access: Access, spokesperson: Spokesperson) -> Spokesperson:
    """Remove a spokesperson; it can be undone within an hour, then all their data is deleted."""
    with transaction.atomic():
        row = _lock_profile(access, spokesperson)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        scheduler.schedule(kind=FORGET_SPOKESPERSON, key=str(row.uuid), due_at=now() + UNDO_PERIOD)
        audit_spokesperson(access, row, "spokesperson.removed")
    return row


def restore_spokesperson(*, access: Access, spokesperson: Spokesperson) -> Spokesperson:
    """Restore a spokesperson. Raises NotAllowed, and Refused if the member was added again
    meanwhile."""
    with transaction.atomic():
        row = _lock_profile(access, spokesperson)
        if (
            row.person is not None
            and _own_spokespersons(access).filter(person=row.person).exclude(pk=row.pk).exists()
        ):
            raise Refused(_("This member is among your spokespersons already."))
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        scheduler.cancel(kind=FORGET_SPOKESPERSON, key=str(row.uuid))
        audit_spokesperson(access, row, "spokesperson.brought_back")
    return row


def forget_removed_spokesperson(key: str, _payload: dict[str, Any]) -> None:
    """Job: delete a removed spokesperson, unless they were restored."""
    Spokesperson.objects.filter(uuid=key, removed_at__isnull=False).delete()


def forget_unconfirmed_spokespersons() -> int:
    """Delete people without an account who gave no consent for a set time, because they never asked
    to be listed. Return their number."""
    rows = Spokesperson.objects.filter(person=None, consented_at=None)
    return delete_in_batches(rows.filter(asked_at__lt=days_ago(DAYS_WITHOUT_CONSENT)))


def audit_spokesperson(access: Access, row: Spokesperson, action: str) -> None:
    """Write the audit entry, without the name."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="spokesperson",
        target=row.uuid,
        workspace=access.workspace.uuid,
    )


def _own_spokespersons(access: Access) -> Any:
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
    require_that(may_manage_spokesperson(access, row))
    return row


def _same_member(said: SpokespersonInput, person: User) -> SpokespersonInput:
    return SpokespersonInput(**{**vars(said), "person": person, "name": "", "address": ""})


def _check_spokesperson(access: Access, said: SpokespersonInput) -> None:
    if said.person is not None:
        if not active_memberships(said.person).filter(organisation=access.organisation).exists():
            raise Refused(_("Only members of your organisation can be chosen."))
    elif not single_line(said.name) or not said.address.strip():
        raise Refused(_("Give name and e-mail: the person is asked by mail whether they may be named."))
    if not list(said.languages):
        raise Refused(_("Say at least one language in which they speak."))
    hours = [bool(list(said.weekdays)), said.begins is not None, said.ends is not None]
    if any(hours) and not all(hours):
        raise Refused(_("Hours need the days, a beginning and an end."))
    if said.begins is not None and said.ends is not None and said.ends <= said.begins:
        raise Refused(_("The hours end before they begin."))
    check_zone(said.zone)


def _fill_spokesperson(row: Spokesperson, said: SpokespersonInput) -> None:
    row.person = said.person
    row.own_name = "" if said.person else single_line(said.name)
    row.address = "" if said.person else said.address.strip()
    row.phone, row.writes_in = single_line(said.phone), said.writes_in
    row.languages, row.topics = list(said.languages), list(said.topics)
    row.regions, row.weekdays = list(said.regions), [str(day) for day in said.weekdays]
    row.begins, row.ends, row.zone = said.begins, said.ends, said.zone
    row.hours_note = single_line(said.hours_note)
