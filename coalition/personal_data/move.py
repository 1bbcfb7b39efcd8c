"""Moving values that are there already: into the second database, and back. The site may run meanwhile.

Both ways go row by row and begin where they were stopped: a column says itself whether it holds a sealed
value or a key. A column that somebody changes meanwhile keeps the change.
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
    """A value did not come back as it went; its row was left as it is. The message names field and row."""


def move_in() -> Counter[str]:
    """Put every sealed value of the main database into the second one. Returns how many, by field.

    A value is written there, read again and compared before its row is changed. Raises `MoveFailed` and
    `ContactsAway`; what was moved until then is whole.
    """
    moved = Counter[str]()
    for field in iter_outsider_fields():
        for rows in batched(_sealed_here(field), AT_A_TIME, strict=False):
            moved[field.label] += _move_values_in(field, rows)
    return +moved


def move_back() -> Counter[str]:
    """Take every value back into the main database, sealed with NAMES_KEY. Returns how many, by field.

    The values stay there for an hour too (`drop_back`): somebody who found a row before may save it whole,
    with its key. Keys that lead nowhere stay, and are told by `look`. Raises `ContactsAway`.
    """
    moved = Counter[str]()
    for field in iter_outsider_fields():
        for keys in batched(sorted(keys_in_rows(field)), AT_A_TIME, strict=False):
            moved[field.label] += _move_values_back(field, store.fetch_values(keys))
    return +moved


def drop_moved_back() -> int:
    """Delete what came back over an hour ago and no row holds again. Returns how many values are left."""
    return orphans.drop_marked_orphans(list(iter_outsider_fields()))


def empty_dangling_keys() -> Counter[str]:
    """Empty the columns whose keys lead nowhere, as after the second database was deleted. Returns how many.

    Raises `ContactsAway`: a database that does not answer has lost nothing.
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
    """Seal every value with the first of CONTACTS_KEY. Returns how many. Raises `ContactsAway`."""
    return sum(
        store.reseal_values(list(store.keys_of_field(field.label))) for field in iter_outsider_fields()
    )


def count_values_by_field() -> Iterator[tuple[str, int, int, int, int]]:
    """Of each field with values: its label; values sealed in the main database; values in the second one;
    keys that lead nowhere; values that no row holds. Raises `ContactsAway`."""
    for field in iter_outsider_fields():
        here, keys = sum(1 for _row in _sealed_here(field)), keys_in_rows(field)
        there = set(store.keys_of_field(field.label))
        if here or keys or there:
            yield field.label, here, len(keys & there), len(keys - there), len(there - keys)


def _sealed_here(field: Any) -> Iterator[tuple[Any, str]]:
    """Primary key and column of rows whose value lies sealed in the main database, and should not."""
    rows = raw_columns(field).exclude(raw="").exclude(raw=None).exclude(raw__startswith=store.PREFIX)
    if field.only_with:
        rows = rows.exclude(**{field.only_with: ""})
    yield from rows.order_by("pk").values_list("pk", "raw").iterator(chunk_size=AT_A_TIME)


def _move_values_in(field: Any, rows: tuple[tuple[Any, str], ...]) -> int:
    plains = [unseal(sealed) for _pk, sealed in rows]
    keys = store.store_values((field.label, plain) for plain in plains)
    kept, count, unused = store.fetch_values(keys), 0, set[str]()
    for (pk, sealed), plain, key in zip(rows, plains, keys, strict=True):
        if kept.get(key) != plain:
            raise MoveFailed(f"{field.label} of row {pk} does not come back as it went.")
        if _set_column(field, sealed, key, pk=pk):
            count += 1
        else:
            unused.add(key)
    store.drop_values(unused)
    return count


def _move_values_back(field: Any, values: dict[str, str]) -> int:
    done = {key for key, plain in values.items() if _set_column(field, key, seal(plain))}
    orphans.mark_orphaned(done)
    return len(done)


def _set_column(field: Any, before: str, after: str, **which: Any) -> bool:
    """Change the column of the row if it is still what it was."""
    rows = raw_columns(field).filter(raw=before, **which)
    return bool(rows.update(**{field.attname: _column_literal(after)}))


def _column_literal(column: str) -> Any:
    return Value(column, output_field=TextField())
