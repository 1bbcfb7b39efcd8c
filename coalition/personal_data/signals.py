"""What follows when rows go, and what is swept from time to time."""

from django.db.models.signals import post_delete, post_save

from coalition.personal_data import orphans
from coalition.personal_data.apart import is_apart
from coalition.personal_data.fields import all_fields, of_deleted, of_saved


def watch() -> None:
    """Hear of rows, where there is a second database: to be heard of when it goes costs a row a query."""
    if is_apart():
        for model in {field.model for field in all_fields()}:
            post_delete.connect(of_deleted, sender=model, dispatch_uid="vault")
            post_save.connect(of_saved, sender=model, dispatch_uid="vault")


def unwatch() -> None:
    """Hear of them no more."""
    for model in {field.model for field in all_fields()}:
        post_delete.disconnect(sender=model, dispatch_uid="vault")
        post_save.disconnect(sender=model, dispatch_uid="vault")


def sweep_all(*, really: bool = False) -> int:
    """Delete values that no row holds (`loose.sweep`)."""
    return orphans.sweep(list(all_fields()), really=really)
