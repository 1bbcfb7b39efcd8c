"""Describing a file, deleting it, and taking the deletion back."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.drafts import audit
from documents.drafts.actions.restrict import hold, mark
from documents.drafts.enums import Handling
from documents.drafts.models.draft import DraftText
from documents.drafts.permissions import may_change_file, may_mark_file, may_open_file, require_that
from documents.files.models import StoredFile


def describe_file(
    *,
    access: Access,
    file: StoredFile,
    alt: str,
    caption: str,
    credit: str,
    handling: Handling,
    named_people: Collection[User] | None = None,
) -> StoredFile:
    """Change what is said of a file, and its mark. Texts that show it keep the words they were saved with.

    Nothing is written where nothing changes. Raises NotAllowed without the rights, Refused for a mark that
    shuts the person out.
    """
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        words = {"alt": alt.strip(), "caption": caption.strip(), "credit": credit.strip()}
        changed = [name for name, value in words.items() if value != getattr(locked, name)]
        marked = locked.handling != handling
        readers_changed = _mark(access, locked, Handling(handling), named_people)
        if not changed and not marked and not readers_changed:
            return locked
        for name in changed:
            setattr(locked, name, words[name])
        locked.save(update_fields=changed)
        audit.record(thing=locked, access=access, action="file.described", handling=handling)
        if changed:
            audit.tell(thing=locked, access=access, kind="file_described")
        if marked:
            audit.tell(thing=locked, access=access, kind="file_marked", handling=handling)
    return locked


def _mark(access: Access, file: StoredFile, handling: Handling, people: Collection[User] | None) -> bool:
    require_that(
        may_mark_file(access, file, handling),
        _("Coordinators, and who brought this file, say who reads it and let it travel further."),
    )
    if people is not None and handling == Handling.NAMED_PEOPLE:
        require_that(may_open_file(access, file))
    changed = mark(thing=file, access=access, handling=handling, people=people)
    if changed:
        hold(file)
    return changed


def delete_file(*, access: Access, file: StoredFile) -> StoredFile:
    """Take a file away from everyone; `take_back_deletion` undoes it. Raises Refused if a text shows it."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        if locked.deleted_at is not None:
            return locked
        if _texts_with(locked).exists():
            raise Refused(
                _("A draft shows this picture. Take it out of the text first, then delete the file.")
            )
        locked.deleted_at = now()
        locked.save(update_fields=["deleted_at"])
        audit.record(thing=locked, access=access, action="file.deleted")
        audit.tell(thing=locked, access=access, kind="file_deleted")
    return locked


def _texts_with(file: StoredFile) -> QuerySet[DraftText]:
    """Texts that show the file, as they stand or with what is suggested."""
    uuid = str(file.uuid)
    holds = Q(body__icontains=uuid) | Q(marked__icontains=uuid)
    return DraftText.objects.filter(holds, draft__workspace=file.workspace, draft__archived_at=None)


def take_back_deletion(*, access: Access, file: StoredFile) -> StoredFile:
    """Bring a deleted file back. Doing it twice is one."""
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        require_that(may_change_file(access, locked))
        if locked.deleted_at is None:
            return locked
        locked.deleted_at = None
        locked.save(update_fields=["deleted_at"])
        audit.record(thing=locked, access=access, action="file.brought_back")
        audit.tell(thing=locked, access=access, kind="file_brought_back")
    return locked
