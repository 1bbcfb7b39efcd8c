"""Describing a file, deleting it, and taking the deletion back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.clock.now import now
from coalition.refused import Refused
from coalition.workspaces.rules import Access
from documents.domain import trail
from documents.enums import Handling
from documents.models import DraftText, StoredFile
from documents.rules import may_change_file, require_that


def describe_file(
    *, access: Access, file: StoredFile, alt: str, caption: str, credit: str, handling: Handling
) -> StoredFile:
    """Change what is said of a file. Texts that show it keep the words they were saved with.

    Nothing is written where nothing changes.
    """
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        words = {"alt": alt.strip(), "caption": caption.strip(), "credit": credit.strip()}
        changed = [name for name, value in words.items() if value != getattr(locked, name)]
        marked = locked.handling != handling
        if not changed and not marked:
            return locked
        for name in changed:
            setattr(locked, name, words[name])
        locked.handling = handling
        locked.save(update_fields=[*changed, "handling"])
        trail.record(thing=locked, access=access, action="file.described", handling=handling)
        if changed:
            trail.tell(thing=locked, access=access, kind="file_described")
        if marked:
            trail.tell(thing=locked, access=access, kind="file_marked", handling=handling)
    return locked


def delete_file(*, access: Access, file: StoredFile) -> StoredFile:
    """Take a file away from everyone; `take_back_deletion` undoes it. Raises Refused if a text shows it."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        if locked.deleted_at is not None:
            return locked
        shown = DraftText.objects.filter(
            draft__workspace=locked.workspace, draft__archived_at=None, body__icontains=str(locked.uuid)
        )
        if shown.exists():
            raise Refused(
                _("A draft shows this picture. Take it out of the text first, then delete the file.")
            )
        locked.deleted_at = now()
        locked.save(update_fields=["deleted_at"])
        trail.record(thing=locked, access=access, action="file.deleted")
        trail.tell(thing=locked, access=access, kind="file_deleted")
    return locked


def take_back_deletion(*, access: Access, file: StoredFile) -> StoredFile:
    """Bring a deleted file back. Doing it twice is one."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        if locked.deleted_at is None:
            return locked
        locked.deleted_at = None
        locked.save(update_fields=["deleted_at"])
        trail.record(thing=locked, access=access, action="file.brought_back")
        trail.tell(thing=locked, access=access, kind="file_brought_back")
    return locked
