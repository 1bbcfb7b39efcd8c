"""Consent of spokespersons to be named: requested by mail, given and withdrawn by the person."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete_in_batches
from coalition.core.throttling import derive_token, hash_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_manage_contacts, require_that
from events.press.actions import UNDO_PERIOD, record_press_action
from events.press.permissions import may_manage_own
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.queries import current_own_spokespersons

MAX_MAILS_PER_DAY = 3


def spokesperson_token(row: Spokesperson) -> str:
    """Return the token of the current link."""
    return derive_token("events.speaking", f"{row.uuid}:{row.link_number}")


def renew_spokesperson_link(row: Spokesperson) -> None:
    """Give a person without an account a new link in place of the previous one. Does not save."""
    row.link_number += 1
    row.token_hash = hash_token(spokesperson_token(row)) if row.person is None else None


def ask_for_consent(row: Spokesperson) -> bool:
    """Queue the mail that asks for consent, three a day at most. Return whether it was queued."""
    day = localdate(now()).isoformat()
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
    """Record consent to naming the person to press desks here, `with_phone` also to giving the number; again:
    update the latter. Raises Refused if they were removed."""
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
    row = _locked_rows(spokesperson).filter(removed_at=None).first()
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


FORGET_SPOKESPERSON = "events.forget_spokesperson"
MAX_SPOKESPERSONS = 200  # per organisation and workspace
DAYS_WITHOUT_CONSENT = 30  # after that a person without an account is deleted


def add_spokesperson(*, access: Access, person: User | None = None, **fields: Any) -> Spokesperson:
    """Add a spokesperson of the organisation of `access`, and mail them a request for consent.

    `person`: a member with an account; `fields`: of Spokesperson, checked by the form. Raises NotAllowed;
    Refused if there are too many, or for a person who is no member or a spokesperson already.
    """
    require_that(may_manage_contacts(access))
    with transaction.atomic():
        others = current_own_spokespersons(access)
        if others.count() >= MAX_SPOKESPERSONS:
            raise Refused(
                _("An organisation has at most %(most)s spokespersons in a workspace."),
                most=MAX_SPOKESPERSONS,
            )
        if person is not None:
            _require_member(access, person)
            if others.filter(person=person).exists():
                raise Refused(_("This member is among your spokespersons already."))
        row = Spokesperson.of(access, person=person, added_by=access.user, asked_at=now(), **fields)
        renew_spokesperson_link(row)
        row.save()
        record_press_action(access, "spokesperson.added", kind="spokesperson", target=row.uuid)
        ask_for_consent(row)
    return row


def change_spokesperson(*, access: Access, spokesperson: Spokesperson, **fields: Any) -> Spokesperson:
    """Change fields of a spokesperson. A new name or address requires new consent, and the person is not
    named until then. Raises NotAllowed; Refused for a person who is no member any more."""
    with transaction.atomic():
        row = _lock_profile(access, spokesperson)
        if row.person is not None:
            _require_member(access, row.person)
        before = (row.own_name, row.address)
        for name, value in fields.items():
            setattr(row, name, value)
        if before != (row.own_name, row.address):
            row.consented_at, row.gives_phone, row.asked_at = None, False, now()
            renew_spokesperson_link(row)
            ask_for_consent(row)
        row.save()
        record_press_action(access, "spokesperson.changed", kind="spokesperson", target=row.uuid)
    return row


def _require_member(access: Access, person: User) -> None:
    if not active_memberships(person).filter(organisation=access.organisation).exists():
        raise Refused(_("Only members of your organisation can be chosen."))


def ask_spokesperson_again(*, access: Access, spokesperson: Spokesperson) -> None:
    """Mail the request again. Raises NotAllowed; Refused if they agreed, or above the daily limit."""
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
        record_press_action(access, "spokesperson.removed", kind="spokesperson", target=row.uuid)
    return row


def restore_spokesperson(*, access: Access, spokesperson: Spokesperson) -> Spokesperson:
    """Restore a spokesperson. Raises NotAllowed; Refused if the member was added again meanwhile."""
    with transaction.atomic():
        row = _lock_profile(access, spokesperson)
        others = current_own_spokespersons(access).exclude(pk=row.pk)
        if row.person is not None and others.filter(person=row.person).exists():
            raise Refused(_("This member is among your spokespersons already."))
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        scheduler.cancel(kind=FORGET_SPOKESPERSON, key=str(row.uuid))
        record_press_action(access, "spokesperson.brought_back", kind="spokesperson", target=row.uuid)
    return row


def forget_removed_spokesperson(key: str, _payload: dict[str, Any]) -> None:
    """Job: delete a removed spokesperson, unless they were restored."""
    Spokesperson.objects.filter(uuid=key, removed_at__isnull=False).delete()


def forget_unconfirmed_spokespersons() -> int:
    """Delete people without an account who did not consent in time. Return their number."""
    rows = Spokesperson.objects.filter(person=None, consented_at=None)
    return delete_in_batches(rows.filter(asked_at__lt=days_ago(DAYS_WITHOUT_CONSENT)))


def _lock_profile(access: Access, spokesperson: Spokesperson) -> Spokesperson:
    row = _locked_rows(spokesperson).first()
    if row is None:
        raise Refused(_("This spokesperson is not there any more."))
    require_that(may_manage_own(access, row))
    return row


def _locked_rows(spokesperson: Spokesperson) -> QuerySet[Spokesperson]:
    rows = Spokesperson.objects.filter(pk=spokesperson.pk).select_for_update(of=("self",))
    return rows.select_related("person", "organisation", "workspace")
