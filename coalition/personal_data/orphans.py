"""Values that no row holds: after a crash, after a change, after rows were emptied many at a time."""

import datetime
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.db.models import ExpressionWrapper, F, QuerySet, TextField

from coalition.core.clock import now
from coalition.personal_data import store
from coalition.personal_data.database import ALIAS, has_own_database
from coalition.personal_data.models import Held

# No transaction is open for so long, and no page reads a row so late after it found it.
GRACE = datetime.timedelta(hours=1)
FOREIGN_MINIMUM = 50


def raw_columns(field: Any, name: str = "raw") -> "QuerySet[Any]":
    """Rows of the field's model with what stands in the column itself, unread, as `name`."""
    column = ExpressionWrapper(F(field.attname), output_field=TextField())
    rows: QuerySet[Any] = QuerySet(field.model)
    return rows.annotate(**{name: column})


def keys_in_rows(field: Any) -> set[str]:
    """Keys that rows of the main database hold."""
    found = raw_columns(field).filter(raw__startswith=store.PREFIX).order_by()
    return set(found.values_list("raw", flat=True))


def remove_orphans(field: Any, among: Iterable[Any]) -> bool:
    """Delete values of this field that are older than an hour and that no row holds. Returns whether younger
    ones are left: theirs may be a transaction that is still open, so ask again after `GRACE`.

    Raises `ForeignVault` as the sweep of all fields (`among`) does, with nothing deleted.
    """
    values = Held.objects.using(ALIAS).filter(field=field.label)
    held, oldest = keys_in_rows(field), now() - GRACE
    written = dict(values.values_list("key", "written_at"))
    single = written.keys() - held
    if old := {key for key in single if written[key] < oldest}:
        _refuse_foreign_store(*_find_orphans(among))
        store.drop_values(old)
    return len(old) < len(single)


def sweep_orphans(fields: Iterable[Any], *, really: bool = False) -> int:
    """Delete what no row holds, an hour after it was first found so: somebody may still read it. Returns how
    many went.

    Raises `ForeignVault`, with nothing deleted, if more than half of many values belong to no row, and nobody
    noted it before: then the second database is most likely another coalition's, or the main one an old copy.
    `really` asks not.
    """
    if not has_own_database():
        return 0
    loose, kept = _find_orphans(fields)
    if not really:
        _refuse_foreign_store(loose, kept)
    noted = set(_marked_keys())
    rows = Held.objects.using(ALIAS)
    for some in batched(noted - loose, store.AT_A_TIME, strict=False):
        rows.filter(key__in=some).update(loose_since=None)
    mark_orphaned(loose - noted)
    return store.drop_values(loose & set(_marked_keys(before=now() - GRACE)))


def mark_orphaned(keys: Iterable[str]) -> None:
    """No row holds these any more: they go an hour from now, unless a row holds them again by then."""
    for some in batched(keys, store.AT_A_TIME, strict=False):
        Held.objects.using(ALIAS).filter(key__in=some).update(loose_since=now())


def drop_marked_orphans(fields: Iterable[Any]) -> int:
    """Delete what was noted an hour ago and no row holds. Returns how many values are left, with a row or
    without."""
    held = set[str]().union(*(keys_in_rows(field) for field in fields))
    store.drop_values(set(_marked_keys(before=now() - GRACE)) - held)
    return Held.objects.using(ALIAS).count()


def _marked_keys(before: datetime.datetime | None = None) -> Iterator[str]:
    found = Held.objects.using(ALIAS).exclude(loose_since=None)
    yield from (found.filter(loose_since__lte=before) if before else found).values_list("key", flat=True)


def _find_orphans(fields: Iterable[Any]) -> tuple[set[str], int]:
    """Keys of values older than an hour that no row holds, and how many of that age have a row."""
    old = Held.objects.using(ALIAS).filter(written_at__lt=now() - GRACE)
    loose, kept = set[str](), 0
    for field in fields:
        keys = set(old.filter(field=field.label).values_list("key", flat=True))
        single = keys - keys_in_rows(field)
        loose, kept = loose | single, kept + len(keys) - len(single)
    return loose, kept


def _refuse_foreign_store(loose: set[str], kept: int) -> None:
    """Raise `ForeignVault` if the second database does not look like this one's. What was noted before is
    not asked about again."""
    count = len(loose.difference(_marked_keys()))
    if count > max(kept, FOREIGN_MINIMUM):
        raise ForeignStore(count, kept)


class ForeignStore(Exception):
    """The second database holds mostly what no row here knows; `args`: how many of that, how many known."""

    def __str__(self) -> str:
        loose, kept = self.args
        return (
            f"{loose} values belong to no row of this database and {kept} do: is CONTACTS_DATABASE_URL"
            " another coalition's, or this database an old copy? Nothing was deleted."
        )
