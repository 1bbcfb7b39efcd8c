"""Signals on deleted rows, and the periodic sweep."""

from django.db.models.signals import post_delete, post_save

from coalition.personal_data import orphans
from coalition.personal_data.database import has_own_database
from coalition.personal_data.fields import drop_deleted_values, drop_emptied_values, iter_outsider_fields


def connect_signals() -> None:
    """Connect the signals if there is a second database: a delete signal costs one query per
    row."""
    if has_own_database():
        for model in {field.model for field in iter_outsider_fields()}:
            post_delete.connect(drop_deleted_values, sender=model, dispatch_uid="vault")
            post_save.connect(drop_emptied_values, sender=model, dispatch_uid="vault")


def disconnect_signals() -> None:
    """Disconnect the signals."""
    for model in {field.model for field in iter_outsider_fields()}:
        post_delete.disconnect(sender=model, dispatch_uid="vault")
        post_save.disconnect(sender=model, dispatch_uid="vault")


def sweep_all_orphans(*, really: bool = False) -> int:
    """Delete orphaned values of all fields."""
    return orphans.sweep_orphans(list(iter_outsider_fields()), really=really)
