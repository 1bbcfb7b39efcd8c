"""Move existing values into the second database, and back. The site may run meanwhile.

Both directions go row by row and can be resumed: the column itself shows whether it contains an
encrypted value or a key. A concurrent change of a column wins.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.db.models import TextField, Value

from coalition.core.crypto import seal, unseal
from coalition.personal_data import orphans, store
from coalition.personal_data.fields import iter_outsider_fields
from coalition.personal_data.orphans import keys_in_rows, raw_columns

AT_A_TIME = 200  # rows


class MoveFailed(Exception):
    """A value read back differs from the one written; its row is unchanged."""


def move_in() -> Counter[str]:
    """Move every encrypted value of the main database into the second one. Return counts by field.

    A value is written, read back and compared before its row is changed. Raises `MoveFailed` and
    `ContactsAway`; rows moved until then are consistent.
    """
    moved = Counter[str]()
    for field in iter_outsider_fields():
        for rows in batched(_sealed_here(field), AT_A_TIME, strict=False):
            moved[field.label] += _move_values_in(field, rows)
    return +moved


def move_back() -> Counter[str]:
    """Move every value back into the main database, encrypted with NAMES_KEY. Return counts by field.

    The values stay there for another hour (`orphans.drop_marked_orphans`): somebody who loaded a row earlier
    may save it with its key. Keys without a value stay and are reported by `look`. Raises `ContactsAway`.
    """
    moved = Counter[str]()
    for field in iter_outsider_fields():
        for keys in batched(sorted(keys_in_rows(field)), AT_A_TIME, strict=False):
            values = store.fetch_values(keys).items()
            done = {key for key, plain in values if _set_column(field, key, seal(plain))}
            orphans.mark_orphaned(done)
            moved[field.label] += len(done)
    return +moved


def empty_dangling_keys() -> Counter[str]:
    """Empty the columns whose keys have no value, as after the second database was deleted. Return counts.

    Raises `ContactsAway`: values are not lost if the database only does not answer.
    """
    emptied = Counter[str]()
    for field in iter_outsider_fields():
        lost = keys_in_rows(field) - set(store.keys_of_field(field.label))
        for keys in batched(sorted(lost), AT_A_TIME, strict=False):
            emptied[field.label] += (
                raw_columns(field).filter(raw__in=keys).update(**{field.attname: _column_literal("")})
            )
    return +emptied


def reseal_all_values() -> int:
    """Re-encrypt every value with the first key of CONTACTS_KEY. Return the count. Raises ContactsAway."""
    return sum(
        store.reseal_values(list(store.keys_of_field(field.label))) for field in iter_outsider_fields()
    )


def count_values_by_field() -> Iterator[tuple[str, int, int, int, int]]:
    """Yield for each field with values: its label; encrypted values in the main database; values
    in the second one; keys without a value; values without a row. Raises `ContactsAway`."""
    for field in iter_outsider_fields():
        here, keys = sum(1 for _row in _sealed_here(field)), keys_in_rows(field)
        there = set(store.keys_of_field(field.label))
        if here or keys or there:
            yield field.label, here, len(keys & there), len(keys - there), len(there - keys)


def _sealed_here(field: Any) -> Iterator[tuple[Any, str]]:
    """Yield primary key and column of rows whose value is in the main database and should not be."""
    rows = raw_columns(field).exclude(raw="").exclude(raw=None).exclude(raw__startswith=store.PREFIX)
    if field.only_with:
        rows = rows.exclude(**{field.only_with: ""})
    yield from rows.order_by("pk").values_list("pk", "raw").iterator(chunk_size=AT_A_TIME)


def _move_values_in(field: Any, rows: tuple[tuple[Any, str], ...]) -> int:
    plains = [unseal(sealed) for _pk, sealed in rows]
    keys = store.store_values((field.label, plain) for plain in plains)
    stored, count, unused = store.fetch_values(keys), 0, set[str]()
    for (pk, sealed), plain, key in zip(rows, plains, keys, strict=True):
        if stored.get(key) != plain:
            raise MoveFailed(f"{field.label} of row {pk} does not come back as it went.")
        if _set_column(field, sealed, key, pk=pk):
            count += 1
        else:
            unused.add(key)
    store.drop_values(unused)
    return count


def _set_column(field: Any, before: str, after: str, **which: Any) -> bool:
    """Update the column if it is unchanged since it was read."""
    rows = raw_columns(field).filter(raw=before, **which)
    return bool(rows.update(**{field.attname: _column_literal(after)}))


def _column_literal(column: str) -> Any:
    return Value(column, output_field=TextField())
