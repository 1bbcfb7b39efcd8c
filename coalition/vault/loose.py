"""Values that no row holds: after a crash, after a change, after rows were emptied many at a time."""

import datetime
import logging
from typing import Any

from django.db.models import ExpressionWrapper, F, QuerySet, TextField

from coalition.clock.now import now
from coalition.vault import store
from coalition.vault.apart import ALIAS, is_apart
from coalition.vault.models import Held

# No transaction is open for so long, and no page reads a row so late after it found it.
GRACE = datetime.timedelta(hours=1)
MANY = 50

logger = logging.getLogger(__name__)


def raw(field: Any, name: str = "raw") -> "QuerySet[Any]":
    """Rows of the field's model with what stands in the column itself, unread, as `name`."""
    column = ExpressionWrapper(F(field.attname), output_field=TextField())
    rows: QuerySet[Any] = QuerySet(field.model)
    return rows.annotate(**{name: column})


def held_by_rows(field: Any) -> set[str]:
    """Keys that rows of the main database hold."""
    found = raw(field).filter(raw__startswith=store.PREFIX).order_by()
    return set(found.values_list("raw", flat=True))


def remove(field: Any) -> int:
    """Delete values of this field that are older than an hour and that no row holds. Returns how many."""
    old = Held.objects.using(ALIAS).filter(field=field.label, written_at__lt=now() - GRACE)
    keys = set(old.values_list("key", flat=True))
    return store.drop(keys - held_by_rows(field)) if keys else 0


def sweep(fields: Any, *, really: bool = False) -> int:
    """Delete what no row holds, an hour after it was first found so: somebody may still read it. Returns how
    many went.

    Raises `ForeignVault`, with nothing deleted, if more than half of many values belong to no row: then the
    second database is most likely another coalition's, or the main one an old copy. `really` asks not.
    """
    if not is_apart():
        return 0
    moment, kept, loose = now(), 0, set[str]()
    rows = Held.objects.using(ALIAS)
    for field in fields:
        keys = set(
            rows.filter(field=field.label, written_at__lt=moment - GRACE).values_list("key", flat=True)
        )
        single = keys - held_by_rows(field)
        kept, loose = kept + len(keys) - len(single), loose | single
    if not really and len(loose) > max(kept, MANY):
        raise ForeignVault(len(loose), kept)
    found = {row.key: row.loose_since for row in rows.exclude(loose_since=None) if row.loose_since}
    rows.filter(key__in=found.keys() - loose).update(loose_since=None)
    fresh = loose - found.keys()
    for at in range(0, len(fresh), store.AT_A_TIME):
        rows.filter(key__in=sorted(fresh)[at : at + store.AT_A_TIME]).update(loose_since=moment)
    return store.drop({key for key in loose & found.keys() if found[key] <= moment - GRACE})


class ForeignVault(Exception):
    """The second database holds mostly what no row here knows; `args`: how many of that, how many known."""

    def __str__(self) -> str:
        loose, kept = self.args
        return (
            f"{loose} values belong to no row of this database and {kept} do: is CONTACTS_DATABASE_URL"
            " another coalition's, or this database an old copy? Nothing was deleted."
        )
