"""What follows when rows go, and what is swept from time to time."""

from django.db.models.signals import post_delete, post_save

from coalition.personal_data import orphans
from coalition.personal_data.database import has_own_database
from coalition.personal_data.fields import drop_deleted_values, drop_emptied_values, iter_outsider_fields


def connect_signals() -> None:
    """Hear of rows, where there is a second database: to be heard of when it goes costs a row a query."""
    if has_own_database():
        for model in {field.model for field in iter_outsider_fields()}:
            post_delete.connect(drop_deleted_values, sender=model, dispatch_uid="vault")
            post_save.connect(drop_emptied_values, sender=model, dispatch_uid="vault")


def disconnect_signals() -> None:
    """Hear of them no more."""
    for model in {field.model for field in iter_outsider_fields()}:
        post_delete.disconnect(sender=model, dispatch_uid="vault")
        post_save.disconnect(sender=model, dispatch_uid="vault")


def sweep_all_orphans(*, really: bool = False) -> int:
    """Delete values that no row holds (`loose.sweep`)."""
    return orphans.sweep_orphans(list(iter_outsider_fields()), really=really)
