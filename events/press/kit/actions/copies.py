"""Copies without metadata of the files of kits, made by a worker: for files whose copy is missing.

A file is cleaned when it is put into a kit. Missing are copies of files from before that was so, and of files
that came in by another way.
"""

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from documents.files.public_copy import has_public_bytes, make_public_copy
from documents.models import StoredFile
from events.press.kit.models import EventKit
from events.press.kit.queries.kit import files_without_copy

CLEAN = "events.clean_kit_file"  # the key is the file's UUID: one cleaning of a file at a time
APART = datetime.timedelta(minutes=2)  # so that other due work comes between two cleanings
LOOK = datetime.timedelta(hours=6)


def plan_copies(kit: EventKit) -> None:
    """Plan the copies that files of a kit lack. In the caller's transaction."""
    _plan(files_without_copy(kit))


def plan_missing_copies() -> None:
    """Recurring work, first at a worker's start: plan every copy that a file of a kit lacks."""
    _plan(files_without_copy())


def make_due(key: str, _payload: dict[str, Any]) -> None:
    """Due work: make the copy of the file with this UUID. A reason that lies in the file is stored with it;
    raises CleaningFailed, so that it is tried again, for every other failure."""
    file = StoredFile.objects.filter(uuid=UUID(key), deleted_at=None).first()
    if file is None:
        return
    try:
        make_public_copy(file)
    except Refused:
        if not file.not_cleaned:
            raise


def _plan(files: Iterable[StoredFile]) -> None:
    """Plan them one after another; what is planned already stays as it is."""
    missing = {str(file.uuid) for file in files if not has_public_bytes(file)}
    fresh = sorted(missing - scheduler.planned_keys(kind=CLEAN))
    start = now()
    scheduler.schedule_all({(CLEAN, key): start + number * APART for number, key in enumerate(fresh)})
