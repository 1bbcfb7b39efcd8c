"""Erasing a person: the account, and all data under the address. Organisations' records stay."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.db import router, transaction
from django.db.models.deletion import Collector
from wagtail.models import ModelLogEntry, PageLogEntry

from coalition.accounts.actions.people import end_sessions
from coalition.accounts.enums import MembershipRole, OfficeKind
from coalition.accounts.models import Mandate, Membership, Office, User
from coalition.accounts.queries import account_for_address, active_offices, representatives_of
from coalition.accounts.registry import notify_access_changed
from coalition.audit import log as audit_log
from coalition.core.clock import now
from coalition.mail import outbox
from coalition.roles import SeatRole
from coalition.workspaces.actions import activity
from coalition.workspaces.actions import notifications as actions_notifications
from coalition.workspaces.queries import active_seats
from documents.history.actions import anonymise_writer
from documents.models import Approval
from home.data_export import address_rows

NOT_REACHED = (
    "words that people typed themselves, in texts, comments and notes: look with the search",
    "people who are kept by name or phone alone: lenders, makers, safety plans, guest books, questions",
    "supports that were withdrawn before: nothing in such a row says whose it was",
    "keyed hashes of addresses that want no more mail: without them it would begin anew",
    "suggestions that are open in a text: they carry a number that leads to nobody now",
    "mails that were sent, calendars that were subscribed, files that were downloaded",
    "backups that were made before",
)


class StillNeeded(Exception):
    """Somebody must replace the person first; `args` are sentences that say where."""


@dataclass
class Forgotten:
    """`gone`: rows deleted, by kind. `nameless`: rows that stay without the person, by kind and
    field, with the reason."""

    gone: Counter[str] = field(default_factory=Counter)
    nameless: dict[str, tuple[int, str]] = field(default_factory=dict)

    def stays(self, what: str, count: int, why: str) -> None:
        """Record rows that lost the person and stay."""
        if count:
            self.nameless[what] = (self.nameless.get(what, (0, ""))[0] + count, why)


def forget_person(address: str, *, dry: bool = False) -> Forgotten:
    """Delete the data of the person with this address, and clear references in others' data.

    `dry`: everything is done, reported and rolled back. Raises StillNeeded, with nothing changed,
    while an organisation, a workspace or the coalition would be left without somebody.
    """
    result = Forgotten()
    with transaction.atomic():
        person = account_for_address(address)
        known = {address}
        if person is not None:
            known |= {person.email, *_addresses_of(person)}
            _refuse_if_needed(person)
            _delete_account(person, result)
        for one in sorted({single.casefold() for single in known}):
            _erase_address(one, result)
        transaction.set_rollback(dry)
    return result


def _addresses_of(person: User) -> list[str]:
    return list(EmailAddress.objects.filter(user=person).values_list("email", flat=True))


def _refuse_if_needed(person: User) -> None:
    if missing := list(_vacant_roles(person)):
        raise StillNeeded(*missing)


def _vacant_roles(person: User) -> Iterator[str]:
    held = Membership.objects.filter(
        person=person, ended_at=None, role=MembershipRole.REPRESENTATIVE, organisation__left_at=None
    )
    for membership in held.select_related("organisation"):
        if not representatives_of(membership.organisation).exclude(person=person).exists():
            yield f"{membership.organisation} has no other representative."
    led = active_seats(person).filter(role=SeatRole.COORDINATOR, workspace__archived_at=None)
    for seat in led.select_related("workspace"):
        others = active_seats().filter(workspace=seat.workspace, role=SeatRole.COORDINATOR)
        if not others.exclude(person=person).exists():
            yield f"Workspace {seat.workspace.uuid} has no other coordinator."
    office = active_offices().filter(kind=OfficeKind.SECRETARIAT)
    if office.filter(person=person).exists() and not office.exclude(person=person).exists():
        yield "The secretariat has nobody else."


def _delete_account(person: User, result: Forgotten) -> None:
    organisations = list(person.memberships.values_list("organisation__uuid", flat=True).distinct())
    _end_access(person)
    result.stays(
        "audit.AuditEntry",
        audit_log.anonymise_audit_person(person.uuid),
        "what was done, for which organisation",
    )
    texts = anonymise_writer(person=person.pk, uuid=person.uuid)
    result.stays("documents.DraftText (history)", texts, "which organisation wrote what")
    told = activity.anonymise_activity_person(
        person.uuid
    ) + actions_notifications.anonymise_notification_person(person.uuid)
    result.stays("what was told of seats", told, "what happened in a workspace")
    named = Approval.objects.filter(person=person).exclude(named="")
    result.stays("documents.Approval.named", named.update(named=""), _reason_rows_stay("documents.Approval"))
    outbox.delete_mail_of([person.uuid])
    for log in (ModelLogEntry, PageLogEntry):
        count = log.objects.filter(user=person).update(user=None)
        result.stays(log._meta.label, count, "what was done in the newsroom")
    _count_deleted_rows(person, result)
    person.delete()
    for organisation in organisations:
        audit_log.record_audit(
            "person.forgotten",
            actor=None,
            target_kind="person",
            target=audit_log.NOBODY,
            organisation=organisation,
        )


def _end_access(person: User) -> None:
    """End access as when every membership ends: seats and rights are removed, sockets close."""
    moment = now()
    Mandate.objects.filter(membership__person=person, revoked_at=None).update(revoked_at=moment)
    Office.objects.filter(person=person, ended_at=None).update(ended_at=moment)
    Membership.objects.filter(person=person, ended_at=None).update(ended_at=moment)
    notify_access_changed([person])
    end_sessions([person], reason="no longer a member")


def _count_deleted_rows(person: User, result: Forgotten) -> None:
    """Report what Django deletes with the account, and where it only clears the reference. Uses
    Django's collector, so that future models are included."""
    collector = Collector(using=router.db_for_write(User), origin=person)
    collector.collect([person])
    for model, instances in collector.data.items():
        result.gone[model._meta.label] += len(instances)
    for lot in collector.fast_deletes:
        result.gone[lot.model._meta.label] += lot.count()
    updates: dict[Any, Any] = dict(collector.field_updates)  # lists of querysets and of instances
    for (emptied, _value), lots in updates.items():
        label = emptied.model._meta.label
        result.stays(f"{label}.{emptied.name}", sum(len(list(lot)) for lot in lots), _reason_rows_stay(label))
    result.gone = +result.gone


def _reason_rows_stay(label: str) -> str:
    """Return why rows of this model stay when a person is erased."""
    reasons = {
        "documents.Approval": "an organisation's decision on these words; it is the organisation's",
        "documents.Acceptance": "the organisation accepted the agreement",
        "documents.Answer": "the organisation answered a question",
        "documents.Attestation": "the organisation answers for a translation",
        "documents.Publication": "that and when it was published; the chain holds it",
        "documents.Comment": "what was said, for the organisation",
    }
    return reasons.get(label, "a record of the workspace or the organisation")


def _erase_address(address: str, result: Forgotten) -> None:
    for kept, rows in address_rows.find_address_rows(address):
        label = kept.model._meta.label
        if kept.emptied:
            result.stays(f"{label}.{'/'.join(kept.emptied)}", len(rows), kept.why)
        else:
            result.gone[label] += len(rows)
        address_rows.forget_rows(kept, rows)


def report_lines(result: Forgotten) -> Iterator[str]:
    """Yield the report for the operator, line by line."""
    yield "Goes:"
    yield from (f"  {count} × {what}" for what, count in sorted(result.gone.items()))
    yield "Stays, without the person:"
    yield from (f"  {count} × {what}: {why}" for what, (count, why) in sorted(result.nameless.items()))
    yield "Is not reached by this command:"
    yield from (f"  {words}" for words in NOT_REACHED)
