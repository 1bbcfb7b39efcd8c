"""Find and delete orphaned values: after a crash, a change, or a bulk update."""

import datetime
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.db.models import ExpressionWrapper, F, QuerySet, TextField

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.personal_data import store
from coalition.personal_data.fields import REMOVE_ORPHANS_WORK, iter_outsider_fields
from coalition.personal_data.models import Held
from coalition.personal_data.store import ALIAS, has_own_database

# No transaction is open for so long, and no page reads a value so late after loading its row.
GRACE = datetime.timedelta(hours=1)
FOREIGN_MINIMUM = 50


def raw_columns(field: Any) -> "QuerySet[Any]":
    """Return rows of the field's model, annotated with the column's raw content as `raw`."""
    rows: QuerySet[Any] = QuerySet(field.model)
    return rows.annotate(raw=ExpressionWrapper(F(field.attname), output_field=TextField()))


def keys_in_rows(field: Any) -> set[str]:
    """Return the keys in rows of the main database."""
    found = raw_columns(field).filter(raw__startswith=store.PREFIX).order_by()
    return set(found.values_list("raw", flat=True))


def remove_orphans(label: str, _payload: dict[str, Any]) -> None:
    """Delete orphaned values of this field that are older than an hour, after a bulk update (job).

    Reschedules itself for younger ones, whose transaction may still be open. Raises `ForeignStore`, as
    `sweep_orphans` does, with nothing deleted.
    """
    field = next((one for one in iter_outsider_fields() if one.label == label), None)
    if field is None or not has_own_database():
        return
    values = Held.objects.using(ALIAS).filter(field=label)
    used, oldest = keys_in_rows(field), now() - GRACE
    written = dict(values.values_list("key", "written_at"))
    orphaned = written.keys() - used
    if old := {key for key in orphaned if written[key] < oldest}:
        _refuse_foreign_store(*_find_orphans())
        store.drop_values(old)
    if len(old) < len(orphaned):
        scheduler.schedule(kind=REMOVE_ORPHANS_WORK, key=label, due_at=now() + GRACE)


def sweep_orphans(*, really: bool = False) -> int:
    """Delete orphaned values an hour after they were first found, since they may still be read.
    Return the number deleted.

    Raises `ForeignStore`, with nothing deleted, if more than half of many values are newly found
    orphans: then the second database is most likely another coalition's, or the main one an old
    copy. `really` skips that check.
    """
    if not has_own_database():
        return 0
    orphaned, used = _find_orphans()
    if not really:
        _refuse_foreign_store(orphaned, used)
    marked = set(_marked_keys())
    rows = Held.objects.using(ALIAS)
    for some in batched(marked - orphaned, store.AT_A_TIME, strict=False):
        rows.filter(key__in=some).update(loose_since=None)
    mark_orphaned(orphaned - marked)
    return store.drop_values(orphaned & set(_marked_keys(before=now() - GRACE)))


def mark_orphaned(keys: Iterable[str]) -> None:
    """Mark values as orphaned: they are deleted in an hour unless a row uses them by then."""
    for some in batched(keys, store.AT_A_TIME, strict=False):
        Held.objects.using(ALIAS).filter(key__in=some).update(loose_since=now())


def drop_marked_orphans() -> int:
    """Delete values marked an hour ago that no row uses. Return the number left, used or not."""
    used = set[str]().union(*map(keys_in_rows, iter_outsider_fields()))
    store.drop_values(set(_marked_keys(before=now() - GRACE)) - used)
    return Held.objects.using(ALIAS).count()


def _marked_keys(before: datetime.datetime | None = None) -> Iterator[str]:
    found = Held.objects.using(ALIAS).exclude(loose_since=None)
    yield from (found.filter(loose_since__lte=before) if before else found).values_list("key", flat=True)


def _find_orphans() -> tuple[set[str], int]:
    """Return the keys of orphaned values older than an hour, and the number of used ones of that age."""
    old = Held.objects.using(ALIAS).filter(written_at__lt=now() - GRACE)
    orphaned, used = set[str](), 0
    for field in iter_outsider_fields():
        keys = set(old.filter(field=field.label).values_list("key", flat=True))
        found = keys - keys_in_rows(field)
        orphaned, used = orphaned | found, used + len(keys) - len(found)
    return orphaned, used


def _refuse_foreign_store(orphaned: set[str], used: int) -> None:
    """Raise `ForeignStore` if most values are orphans here. Those already marked are not counted."""
    count = len(orphaned.difference(_marked_keys()))
    if count > max(used, FOREIGN_MINIMUM):
        raise ForeignStore(count, used)


class ForeignStore(Exception):
    """Most values of the second database are unknown here; `args`: the numbers of unknown and known."""

    def __str__(self) -> str:
        orphaned, used = self.args
        return (
            f"{orphaned} values belong to no row of this database and {used} do: is CONTACTS_DATABASE_URL"
            " another coalition's, or this database an old copy? Nothing was deleted."
        )
