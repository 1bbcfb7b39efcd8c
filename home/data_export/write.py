"""Write an organisation's data as a folder; erase a person."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.db import router, transaction
from django.db.models import FileField, ForeignKey, Model
from django.db.models.deletion import Collector
from django.template.loader import render_to_string
from wagtail.models import ModelLogEntry, PageLogEntry

from coalition.accounts.actions.memberships import end_sessions
from coalition.accounts.models import (
    Language,
    Mandate,
    Membership,
    MembershipRole,
    Office,
    OfficeKind,
    Organisation,
    User,
)
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.accounts.queries import account_for_address, active_offices, representatives_of
from coalition.accounts.registry import notify_access_changed
from coalition.audit import log as audit_log
from coalition.backup.archive import create_private_file
from coalition.core.clock import now
from coalition.core.localized_text import LocalizedText
from coalition.mail import outbox
from coalition.roles import SeatRole
from coalition.workspaces.actions import activity
from coalition.workspaces.queries import active_seats
from documents.history.actions import anonymise_writer
from documents.models import Approval
from home.data_export.rows import NEVER_EXPORTED, OWN_ROWS, OwnRows, find_address_rows, forget_rows

AT_A_TIME = 1 << 20  # bytes
# Public copies generated from files in the export.
WITHOUT_FILES = frozenset({"public_picture", "drawn", "clean_file"})


@dataclass
class ExportResult:
    """The content of the folder: rows of each model, SHA-256 of each file, missing files."""

    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


class RowSerializer:
    """Serialises rows of one organisation: others by public name only, without their people."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        members = Membership.objects.filter(organisation=organisation)
        self._people = set(members.values_list("person_id", flat=True))

    def serialize(self, row: Model, own: OwnRows) -> dict[str, Any]:
        """Return the row by field names, without fields that are not exported."""
        without = NEVER_EXPORTED | own.without
        return {
            one.name: self._value(row, one) for one in row._meta.concrete_fields if one.name not in without
        }

    def _value(self, row: Model, field: Any) -> Any:
        if not isinstance(field, ForeignKey):
            value = getattr(row, field.attname)
            if isinstance(field, FileField):
                return value.name or ""
            if isinstance(value, bytes | memoryview):
                return bytes(value).decode(errors="replace")
            return dict(value) if isinstance(value, LocalizedText) else value
        other = getattr(row, field.name)
        if isinstance(other, User):
            return f"{other.name} <{other.email}>" if other.pk in self._people else None
        if isinstance(other, Organisation):
            if other.pk == self.organisation.pk:
                return other.name_in(Language.KK)
            return display_name_for(PUBLIC, other, language=Language.KK)
        return str(other.uuid) if hasattr(other, "uuid") else None


def write_export(organisation: Organisation, folder: Path) -> ExportResult:
    """Write the export into an empty folder, readable by this user only. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    result, serializer = ExportResult(), RowSerializer(organisation)
    parts: dict[str, dict[str, list[Any]]] = {}
    for own in OWN_ROWS:
        rows = list(own.rows(organisation))
        name = own.model.partition(".")[2]
        parts.setdefault(own.part, {})[name] = [serializer.serialize(row, own) for row in rows]
        result.rows[own.model] = len(rows)
        without = WITHOUT_FILES | own.without
        for row in rows:
            for column in row._meta.concrete_fields:
                stored = getattr(row, column.name) if isinstance(column, FileField) else None
                if stored and column.name not in without:
                    _copy_stored_file(stored, folder, result)
    for part, content in parts.items():
        _write_private_file(folder / f"{part}.json", _encode_json(content))
    for language in Language.values:
        context = {"name": organisation.name_in(language), "at": now(), "rows": sum(result.rows.values())}
        page = render_to_string(f"home/leaving/README.{language}.md", context)
        _write_private_file(folder / f"README.{language}.md", page.encode())
    _write_private_file(folder / "hashes.json", _encode_json(result.files))
    return result


def _encode_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder).encode()


def _write_private_file(path: Path, content: bytes) -> None:
    with create_private_file(path) as into:
        into.write(content)


def _copy_stored_file(stored: Any, folder: Path, result: ExportResult) -> None:
    """Copy a file under its storage name, so that rows and files match."""
    target = folder / "files" / stored.name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise OSError(f"a file leads out of the folder: {stored.name}")
    try:
        with stored.storage.open(stored.name, "rb") as source:
            # Each folder readable by this user only: `parents` of mkdir would ignore the mode.
            for one in [*reversed(target.parent.parents), target.parent]:
                if not one.exists():
                    one.mkdir(mode=0o700)
            digest = hashlib.sha256()
            with create_private_file(target) as into:
                while chunk := source.read(AT_A_TIME):
                    digest.update(chunk)
                    into.write(chunk)
    except FileNotFoundError:
        result.missing.append(stored.name)
        return
    result.files[f"files/{stored.name}"] = digest.hexdigest()


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
    """`gone`: rows deleted, by kind. `nameless`: rows that stay without the person, by kind and field, with
    the reason."""

    gone: Counter[str] = field(default_factory=Counter)
    nameless: dict[str, tuple[int, str]] = field(default_factory=dict)

    def stays(self, what: str, count: int, why: str) -> None:
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
            addresses = EmailAddress.objects.filter(user=person)
            known |= {person.email, *addresses.values_list("email", flat=True)}
            if missing := list(_vacant_roles(person)):
                raise StillNeeded(*missing)
            _delete_account(person, result)
        for one in sorted({single.casefold() for single in known}):
            for kind, rows in find_address_rows(one):
                label = kind.model._meta.label
                if kind.emptied:
                    result.stays(f"{label}.{'/'.join(kind.emptied)}", len(rows), kind.why)
                else:
                    result.gone[label] += len(rows)
                forget_rows(kind, rows)
        transaction.set_rollback(dry)
    return result


def _vacant_roles(person: User) -> Iterator[str]:
    represents = Membership.objects.filter(
        person=person, ended_at=None, role=MembershipRole.REPRESENTATIVE, organisation__left_at=None
    )
    for membership in represents.select_related("organisation"):
        if not representatives_of(membership.organisation).exclude(person=person).exists():
            yield f"{membership.organisation} has no other representative."
    coordinates = active_seats(person).filter(role=SeatRole.COORDINATOR, workspace__archived_at=None)
    for seat in coordinates.select_related("workspace"):
        others = active_seats().filter(workspace=seat.workspace, role=SeatRole.COORDINATOR)
        if not others.exclude(person=person).exists():
            yield f"Workspace {seat.workspace.uuid} has no other coordinator."
    office = active_offices().filter(kind=OfficeKind.SECRETARIAT)
    if office.filter(person=person).exists() and not office.exclude(person=person).exists():
        yield "The secretariat has nobody else."


def _delete_account(person: User, result: Forgotten) -> None:
    organisations = list(person.memberships.values_list("organisation__uuid", flat=True).distinct())
    # End access as when every membership ends: seats and rights are removed, sockets close.
    moment = now()
    Mandate.objects.filter(membership__person=person, revoked_at=None).update(revoked_at=moment)
    Office.objects.filter(person=person, ended_at=None).update(ended_at=moment)
    Membership.objects.filter(person=person, ended_at=None).update(ended_at=moment)
    notify_access_changed([person])
    end_sessions([person], reason="no longer a member")
    entries = audit_log.anonymise_audit_person(person.uuid)
    result.stays("audit.AuditEntry", entries, "what was done, for which organisation")
    texts = anonymise_writer(person=person.pk, uuid=person.uuid)
    result.stays("documents.DraftText (history)", texts, "which organisation wrote what")
    activities = activity.anonymise_person(person.uuid)
    result.stays("what was told of seats", activities, "what happened in a workspace")
    named = Approval.objects.filter(person=person).exclude(named="")
    result.stays("documents.Approval.named", named.update(named=""), _reason_rows_stay("documents.Approval"))
    outbox.delete_mail_of([person.uuid])
    for log in (ModelLogEntry, PageLogEntry):
        count = log.objects.filter(user=person).update(user=None)
        result.stays(log._meta.label, count, "what was done in the newsroom")
    _count_deleted_rows(person, result)
    person.delete()
    nobody = audit_log.NOBODY
    for uuid in organisations:
        audit_log.record_audit(
            "person.forgotten", actor=None, target_kind="person", target=nobody, organisation=uuid
        )


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


def report_lines(result: Forgotten) -> Iterator[str]:
    """Yield the report for the operator, line by line."""
    yield "Goes:"
    yield from (f"  {count} × {what}" for what, count in sorted(result.gone.items()))
    yield "Stays, without the person:"
    yield from (f"  {count} × {what}: {why}" for what, (count, why) in sorted(result.nameless.items()))
    yield "Is not reached by this command:"
    yield from (f"  {words}" for words in NOT_REACHED)
