"""Model fields for personal data of people outside the coalition, loaded on first access.

Without a second database they behave as the encrypted fields that they extend. With one, the row
contains a key and the value is stored there. A value is written and committed there before the row,
so a crash in between leaves an orphaned value, which the sweep deletes, and never a row without its
value. Values of emptied and deleted rows go after the row's commit; after bulk
updates within minutes, or an hour if they were new.

A migration that reads such a column gets keys; `store.fetch` resolves them. `values_list` gets them
too: load model instances instead.
"""

import datetime
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakSet

from django.apps import apps
from django.db import models, transaction
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_delete, post_save

from coalition.core.clock import now
from coalition.core.crypto import SealedJSONField, SealedTextField, seal
from coalition.jobs import scheduler
from coalition.personal_data import store
from coalition.personal_data.store import PREFIX, has_own_database


class _UnreadValues:
    """Unread values of the rows loaded in one thread. The first access loads all of them in one query, so a
    list of people costs as much as one person. References are weak: discarded rows are not loaded."""

    def __init__(self) -> None:
        self._values: WeakSet[LazyValue] = WeakSet()
        self._lock = threading.RLock()  # rows may be read in another thread than the one that loaded them

    def add(self, place: "LazyValue") -> None:
        with self._lock:
            self._values.add(place)

    def load(self, wanted: "LazyValue") -> None:
        with self._lock:
            values = {*self._values, wanted}
            found = store.fetch_values({one.key for one in values})
            for one in values:
                one.take(found.get(one.key, ""))
            self._values.clear()


class _ThreadValues(threading.local):
    def __init__(self) -> None:
        self.waiting = _UnreadValues()


_thread_values = _ThreadValues()
UNREAD: Any = object()


class LazyValue:
    """The value of one field of one row. `key`: its key, "" if it is new; `replaced`: keys of the values it
    replaces. `original`: as stored, None until read. `is_new`: stored for a row that is not written yet."""

    __slots__ = ("__weakref__", "_python", "_waiting", "is_new", "key", "original", "replaced", "value")

    def __init__(self, key: str, *, python: Callable[[str], Any], replaced: frozenset[str] = frozenset()):
        self.key, self.replaced, self._python = key, replaced, python
        self.original: str | None = None
        self.value = UNREAD
        self.is_new = False
        self._waiting: _UnreadValues | None = None

    def wait(self) -> "LazyValue":
        """Register to be loaded together with other values found in this thread."""
        self._waiting = _thread_values.waiting
        self._waiting.add(self)
        return self

    def take(self, plain: str) -> None:
        """Set the stored value."""
        self.original, self.value = plain, self._python(plain)

    def read(self) -> Any:
        """Return the value. A deleted value reads as empty. Raises `ContactsAway`."""
        if self.value is UNREAD:
            (self._waiting or _UnreadValues()).load(self)
        return self.value

    @property
    def is_unread(self) -> bool:
        return self.value is UNREAD

    @property
    def keys(self) -> frozenset[str]:
        """Return its own key and those it replaces."""
        return self.replaced | {self.key} if self.key else self.replaced


REMOVE_ORPHANS_WORK = "vault.remove"
EMPTIED_KEYS_ATTRIBUTE = "_outsiders_emptied"  # instance attribute: keys of values that were emptied


@dataclass(frozen=True)
class StoredColumn:
    """The column's content: a key, an encrypted value, or nothing. `place`: the owner of a new key."""

    text: str = ""
    place: LazyValue | None = None


class _Attribute(DeferredAttribute):
    """Load a value on access; record the replaced value when another one is set."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        found = super().__get__(instance, cls)
        return found.read() if isinstance(found, LazyValue) else found

    def __set__(self, instance: Any, value: Any) -> None:
        name = self.field.attname
        before = instance.__dict__.get(name)
        if isinstance(before, LazyValue) and not isinstance(value, LazyValue):
            value, given = LazyValue("", python=str, replaced=before.keys), value
            value.value = given
        instance.__dict__[name] = value


class _Outsiders(models.TextField):
    """`only_with`: the name of another field of the row; the value is stored in the second
    database only if that field is not empty."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    descriptor_class = _Attribute

    def __init__(self, *args: Any, only_with: str = "", **kwargs: Any) -> None:
        self.only_with = only_with
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Deconstruct as the encrypted base field, wherever values are stored."""
        name, _path, args, kwargs = super().deconstruct()
        plain = SealedJSONField if isinstance(self, SealedJSONField) else SealedTextField
        return name, f"{plain.__module__}.{plain.__name__}", args, kwargs

    @property
    def label(self) -> str:
        """Return model and field as stored in the second database."""
        return f"{self.model._meta.label}.{self.attname}"

    def plain_of(self, value: Any) -> str:
        """Serialise the value for storage; "" for nothing."""
        return str(value) if value else ""

    def python_of(self, plain: str) -> Any:
        """Deserialise a stored value."""
        return plain

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        if value and value.startswith(PREFIX):
            return LazyValue(value, python=self.python_of).wait()
        return super().from_db_value(value, expression, connection)  # type: ignore[misc]  # of the sealed field

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Store the value in the second database if it changed, and return the column's content."""
        found = model_instance.__dict__.get(self.attname)
        # A row that is added gets its own value, even if it is a copy. Django calls this twice for
        # it.
        place = found if isinstance(found, LazyValue) and (found.is_new or not add) else None
        if place is not None and place.key and place.is_unread:
            return StoredColumn(place.key)
        value = getattr(model_instance, self.attname)
        plain = self.plain_of(value)
        if place is not None and place.key and plain == place.original:
            return StoredColumn(place.key, place)
        column, after = self._store(model_instance, plain, value)
        if place is not None and not column.text:  # `drop_emptied_values` is called after the row is written
            model_instance.__dict__.setdefault(EMPTIED_KEYS_ATTRIBUTE, set()).update(place.keys)
        model_instance.__dict__[self.attname] = after
        return column

    def _store(self, instance: Any, plain: str, value: Any) -> tuple[StoredColumn, Any]:
        if not plain:
            return StoredColumn(), value
        if not has_own_database() or (self.only_with and not getattr(instance, self.only_with)):
            return StoredColumn(seal(plain)), value
        place = LazyValue(*store.store_values([(self.label, plain)]), python=self.python_of)
        place.original, place.value, place.is_new = plain, value, True
        return StoredColumn(place.key, place), place

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, StoredColumn):
            if value.place is not None:
                value.place.is_new = False
            return value.text
        if not has_own_database() or hasattr(value, "as_sql"):
            return super().get_db_prep_save(value, connection)
        # From `QuerySet.update`, which has no instance.
        if value:
            raise TypeError(f"{self.label}: save rows one by one, each has a value of its own")
        # In the same transaction, if there is one; otherwise a minute is enough for the row to be
        # written.
        scheduler.schedule(
            kind=REMOVE_ORPHANS_WORK, key=self.label, due_at=now() + datetime.timedelta(minutes=1)
        )
        return ""


class OutsidersTextField(_Outsiders, SealedTextField):
    """Encrypted text about somebody outside the coalition."""


class OutsidersJSONField(_Outsiders, SealedJSONField):
    """Encrypted JSON about somebody outside the coalition."""

    def plain_of(self, value: Any) -> str:
        return json.dumps(value) if value else ""

    def python_of(self, plain: str) -> Any:
        return json.loads(plain) if plain else {}


def iter_outsider_fields() -> Iterator[Any]:
    """Yield every such field of every model."""
    for model in apps.get_models():
        yield from (one for one in model._meta.concrete_fields if isinstance(one, _Outsiders))


def drop_after_commit(keys: frozenset[str]) -> None:
    """Delete these values after the commit. If that fails, the sweep does it."""
    if keys:
        transaction.on_commit(partial(store.drop_values, keys), robust=True)


def drop_emptied_values(instance: Any, **_how: Any) -> None:
    """Delete the values of emptied fields after the row's commit (post_save)."""
    drop_after_commit(frozenset(instance.__dict__.pop(EMPTIED_KEYS_ATTRIBUTE, ())))


def drop_deleted_values(sender: Any, instance: Any, **_how: Any) -> None:
    """Delete a deleted row's values after the commit (post_delete)."""
    places = (instance.__dict__.get(one.attname) for one in sender._meta.concrete_fields)
    drop_after_commit(frozenset[str]().union(*(one.keys for one in places if isinstance(one, LazyValue))))


def connect_signals() -> None:
    """Connect the signals if there is a second database: a delete signal costs one query per row."""
    if has_own_database():
        for model in {field.model for field in iter_outsider_fields()}:
            post_delete.connect(drop_deleted_values, sender=model, dispatch_uid="vault")
            post_save.connect(drop_emptied_values, sender=model, dispatch_uid="vault")


def disconnect_signals() -> None:
    """Disconnect the signals."""
    for model in {field.model for field in iter_outsider_fields()}:
        post_delete.disconnect(sender=model, dispatch_uid="vault")
        post_save.disconnect(sender=model, dispatch_uid="vault")
