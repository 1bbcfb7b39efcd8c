"""Lists of people: read, reviewed as a difference, applied, discarded, undone."""

import datetime
import hashlib
from itertools import batched
from typing import Any, Final

from django.db import transaction
from django.db.models import ManyToOneRel
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.days import site_today
from coalition.campaigns.recipients.actions.bodies import lock_body, record_recipients
from coalition.campaigns.recipients.difference import FIELDS, Difference, difference_between
from coalition.campaigns.recipients.models import Body, ImportState, Target, TargetImport
from coalition.campaigns.recipients.permissions import may_change_recipients
from coalition.campaigns.recipients.queries import targets_of
from coalition.campaigns.recipients.reading import PeopleList, Record, read_people
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.spreadsheets.messages import REJECTION_MESSAGES
from events.spreadsheets.reader import SpreadsheetRejected
from events.spreadsheets.sandbox import read_numbered_rows_in_sandbox

BATCH: Final = 500  # identifiers in one statement


class ListRejected(Refused):
    """The list has mistakes: `people` names each. Nothing is saved."""

    def __init__(self, people: PeopleList) -> None:
        self.people = people
        super().__init__(_("Nothing was saved: correct the file, then choose it again."))


class WholeListUnconfirmed(Refused):
    """More than half of the people in office would be gone, and nobody said that it is the whole list."""

    def __init__(self) -> None:
        super().__init__(
            _("Nothing is changed: say that this is the whole list of this body, or discard it.")
        )


def read_list(
    *,
    access: Access,
    body: Body,
    name: str,
    content: bytes,
    source: str,
    as_of: datetime.date,
    language: str,
) -> TargetImport:
    """Read a spreadsheet, and store what it would change, to be reviewed.

    `name`: of the file. `source`, `as_of`: where the list is from, and of which day. `language`: of texts
    whose heading names none. Raises NotAllowed; ListRejected if a cell is wrong; Refused if the file is not
    read, for an archived body, or for a day to come or before that of the present list.
    """
    require_that(may_change_recipients(access), _("Those who plan events import lists."))
    _check_list(body, as_of)
    try:
        people = read_people(read_numbered_rows_in_sandbox(content), language)
    except SpreadsheetRejected as reason:
        raise Refused(REJECTION_MESSAGES[reason.code]) from reason
    if not people.is_valid:
        raise ListRejected(people)
    with transaction.atomic():
        locked = lock_body(access, body)
        _check_list(locked, as_of)
        row = TargetImport(
            body=locked,
            file_name=name[:200],
            sha256=hashlib.sha256(content).hexdigest(),
            source=source,
            as_of=as_of,
            organisation=access.organisation,
            made_by=access.user,
            made_at=now(),
        )
        found = difference_between(locked.targets.all(), people.records)
        found.trimmed = [{"row": one.row, "email": one.email} for one in people.trimmed]
        found.unused = people.unused
        _store(row, locked, found, people.records)
        record_recipients(access, "body.list_read", locked, **_counts(row, found))
    return row


def apply_import(*, access: Access, target_import: TargetImport, is_whole: bool = False) -> bool:
    """Apply what was reviewed. Return False if the list changed since: the difference is then computed
    again, to be reviewed once more.

    `is_whole`: somebody confirmed that it is the whole list of the body. Raises NotAllowed;
    WholeListUnconfirmed if that is needed; Refused if it was decided already, for an archived body, or if a
    newer list was applied meanwhile.
    """
    with transaction.atomic():
        body, row = _lock(access, target_import)
        if row.state != ImportState.PROPOSED:
            raise Refused(_("This import is decided already."))
        _check_list(body, row.as_of)
        found = Difference(**row.difference)
        if row.base_revision != body.revision:
            records = [*row.records, *found.added]
            anew = difference_between(body.targets.all(), records)
            anew.trimmed, anew.unused = found.trimmed, found.unused
            _store(row, body, anew, records)
            return False
        if not is_whole and found.loses_most(targets_of(body).count()):
            raise WholeListUnconfirmed
        changed = ["state", "decided_at", "applied_revision", "records"]
        if found.was != _origin(body):  # it was typed in since; else the difference is not written again
            found.was = _origin(body)
            row.difference = found.as_json()
            changed.append("difference")
        _apply(body, row.as_of, found)
        body.source, body.as_of = row.source, row.as_of
        body.revision += 1
        body.save(update_fields=["source", "as_of", "revision"])
        row.state, row.decided_at = ImportState.APPLIED, now()
        row.applied_revision, row.records = body.revision, []
        row.save(update_fields=changed)
        record_recipients(access, "body.list_applied", body, **_counts(row, found))
    return True


def discard_import(*, access: Access, target_import: TargetImport) -> None:
    """Decide that a list is not applied. Twice is one. Raises NotAllowed, and Refused once it was applied."""
    with transaction.atomic():
        body, row = _lock(access, target_import)
        if row.state == ImportState.DISCARDED:
            return
        if row.state != ImportState.PROPOSED:
            raise Refused(_("This import is decided already."))
        row.state, row.decided_at, row.records = ImportState.DISCARDED, now(), []
        row.save(update_fields=["state", "decided_at", "records"])
        record_recipients(access, "body.list_discarded", body, list=str(row.uuid))


def is_undoable(target_import: TargetImport) -> bool:
    """Whether it is what was done last to the list. Needs `body`."""
    row = target_import
    return row.state == ImportState.APPLIED and row.applied_revision == row.body.revision


def undo_import(*, access: Access, target_import: TargetImport) -> int:
    """Restore the list as it was before the import that was applied last. Return how many of its new people
    stay, as gone, since something was recorded about them.

    Raises NotAllowed, and Refused if the list changed since, or for an archived body.
    """
    with transaction.atomic():
        body, row = _lock(access, target_import)
        _refuse_archived(body)
        row.body = body
        if not is_undoable(row):
            raise Refused(_("The list changed since. Only the last import can be undone."))
        found = Difference(**row.difference)
        stay = _undo(body, row.as_of, found)
        body.source, body.as_of = found.was["source"], _day(found.was["as_of"])
        body.revision += 1
        body.save(update_fields=["source", "as_of", "revision"])
        row.state, row.decided_at = ImportState.UNDONE, now()
        row.save(update_fields=["state", "decided_at"])
        record_recipients(access, "body.list_undone", body, list=str(row.uuid))
    return stay


def _refuse_archived(body: Body) -> None:
    if body.archived_at is not None:
        raise Refused(_("This body is archived. Bring it back first."))


def _check_list(body: Body, as_of: datetime.date) -> None:
    _refuse_archived(body)
    if as_of > site_today():
        raise Refused(_("This day is still to come."))
    if body.as_of is not None and body.revision and as_of < body.as_of:
        raise Refused(_("The list that is here is newer. Undo its import first if it is wrong."))


def _lock(access: Access, target_import: TargetImport) -> tuple[Body, TargetImport]:
    body = lock_body(access, target_import.body)
    rows = TargetImport.objects.select_for_update(of=("self",)).defer("records")
    return body, rows.get(pk=target_import.pk, body=body)


def _store(row: TargetImport, body: Body, found: Difference, records: list[Record]) -> None:
    """Save the difference to the body's present list, and once each record of `records` that it needs."""
    found.was = _origin(body)
    added = {record["id"] for record in found.added}
    row.records = [record for record in records if record["id"] not in added]
    row.difference, row.base_revision = found.as_json(), body.revision
    row.save()


def _origin(body: Body) -> dict[str, Any]:
    """Return source and day of its list, as JSON."""
    return {"source": body.source, "as_of": body.as_of.isoformat() if body.as_of else None}


def _counts(row: TargetImport, found: Difference) -> dict[str, Any]:
    names = ("added", "changed", "back", "gone")
    return {"list": str(row.uuid), **{name: len(getattr(found, name)) for name in names}}


def _apply(body: Body, as_of: datetime.date, found: Difference) -> None:
    """Write added, changed and returned people in one statement a batch, then the others' day."""
    changed = {entry["id"]: entry["fields"] for entry in [*found.changed, *found.back]}
    rows = [_new_target(body, as_of, record) for record in found.added]
    rows += _changed_targets(body, {key: _afters(fields) for key, fields in changed.items()})
    for row in rows:
        row.as_of, row.gone_on = as_of, None
    _write(rows)
    _of(body, [entry["id"] for entry in found.gone], gone_on=as_of)
    Target.objects.filter(body=body, gone_on=None).exclude(as_of=as_of).update(as_of=as_of)


def _undo(body: Body, as_of: datetime.date, found: Difference) -> int:
    changed = {entry["id"]: _befores(entry["fields"]) for entry in [*found.changed, *found.back]}
    rows = _changed_targets(body, changed)
    was_gone = {entry["id"]: entry for entry in found.back}
    before = _day(found.was["as_of"]) or as_of
    for row in rows:
        entry = was_gone.get(row.external_id)
        row.gone_on = _day(entry["gone_on"]) if entry else None
        row.as_of = _day(entry["as_of"]) or before if entry else before
    stay = _remove_added(body, as_of, [record["id"] for record in found.added])
    Target.objects.filter(body=body, gone_on=None).update(as_of=before)
    _write(rows)
    _of(body, [entry["id"] for entry in found.gone], gone_on=None)
    return stay


def _remove_added(body: Body, as_of: datetime.date, identifiers: list[str]) -> int:
    """Delete people whom an import added; those about whom something is recorded become gone."""
    stay = 0
    for part in batched(identifiers, BATCH):
        rows = Target.objects.filter(body=body, external_id__in=part)
        referred = _referred_to(list(rows.values_list("pk", flat=True)))
        stay += rows.filter(pk__in=referred).update(gone_on=as_of)
        rows.exclude(pk__in=referred).delete()
    return stay


def _referred_to(targets: list[int]) -> set[int]:
    """Return those of the targets (primary keys) that a row of any other model refers to."""
    found: set[int] = set()
    for relation in Target._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        name = relation.field.name
        rows = relation.field.model._meta.base_manager.filter(**{f"{name}__in": targets})
        found.update(rows.values_list(name, flat=True))
    return found


def _new_target(body: Body, as_of: datetime.date, record: dict[str, Any]) -> Target:
    values = {name: record[name] for name in FIELDS if name in record}
    return Target(body=body, external_id=record["id"], as_of=as_of, **values)


def _changed_targets(body: Body, values: dict[str, dict[str, Any]]) -> list[Target]:
    """Return new rows for people who are there, with some of their values; they replace the old ones by
    their identifier (`_write`)."""
    found = []
    for part in batched(values, BATCH):
        for old in Target.objects.filter(body=body, external_id__in=part):
            kept = {name: getattr(old, name) for name in FIELDS}
            found.append(Target(body=body, external_id=old.external_id, as_of=old.as_of, **kept))
            for name, value in values[old.external_id].items():
                setattr(found[-1], name, value)
    return found


def _write(rows: list[Target]) -> None:
    Target.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["body", "external_id"],
        update_fields=[*FIELDS, "as_of", "gone_on"],
        batch_size=BATCH,
    )


def _of(body: Body, identifiers: list[str], *, gone_on: datetime.date | None) -> None:
    for part in batched(identifiers, BATCH):
        Target.objects.filter(body=body, external_id__in=part).update(gone_on=gone_on)


def _befores(fields: dict[str, list[Any]]) -> dict[str, Any]:
    return {name: before for name, (before, _after) in fields.items()}


def _afters(fields: dict[str, list[Any]]) -> dict[str, Any]:
    return {name: after for name, (_before, after) in fields.items()}


def _day(words: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(words) if words else None
