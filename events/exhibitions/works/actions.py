"""Pictures of works and condition photographs: small copies without metadata in private storage.

They are served by views that check the right at each request, so that nothing needs to be deleted
when a right ends.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from io import BytesIO
from typing import IO
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.files.models import private_storage
from documents.files.types import detect_file_type
from documents.models import StoredFile
from events.core import audit as core_audit
from events.core.actions.proposal import render_jpeg, render_small_jpeg
from events.core.enums import EventKind
from events.core.locking import lock_event, move_before, next_position, refuse_cancelled, swap_with_neighbour
from events.core.models import Event
from events.core.permissions import may_change
from events.core.printed_codes import code_for
from events.exhibitions.works.enums import MakerNaming, Reproduction
from events.exhibitions.works.models import Exhibition, Work

WIDEST_WORK = 1200  # pixels of the longer side: sharp on a phone, small to download
WIDEST_PHOTO = 2000  # large enough to show a scratch


@dataclass(frozen=True)
class StoredCopy:
    """Small copy: its name in private storage and its size in pixels."""

    name: str
    width: int
    height: int


def make_work_copy(file: StoredFile) -> StoredCopy:
    """Make the small copy of a work's picture. Call it before the transaction; call `drop` if the
    transaction fails."""
    return _store_copy(render_small_jpeg(file, WIDEST_WORK), "works")


def make_photo_copy(content: IO[bytes], name: str) -> StoredCopy:
    """Make the copy of a condition photograph. Raises Refused with a message if it is no
    picture."""
    return _store_copy(
        render_jpeg(content, detect_file_type(content, name).media_type, WIDEST_PHOTO), "conditions"
    )


def delete_copy(name: str) -> None:
    """Delete a copy; does nothing for ""."""
    if name:
        private_storage().delete(name)


def _store_copy(content: bytes, folder: str) -> StoredCopy:
    with Image.open(BytesIO(content)) as picture:
        width, height = picture.size
    name = uuid4().hex
    return StoredCopy(
        private_storage().save(f"{folder}/{name[:2]}/{name}.jpg", ContentFile(content)), width, height
    )


# --- works ---
# The works of an exhibition: added, ordered, archived and restored.
#
# Each change locks the event's row, so that concurrent changes to different works both succeed; for
# the same work the second person gets the first one's version.


CODE_KIND = "work"
MOST_WORKS = 500
MAX_WORK_SIZE = 10_000  # centimetres
_GONE = _("This work is not in the exhibition any more.")

type TextByLanguage = Mapping[str, str]


@dataclass(frozen=True)
class WorkInput:
    """Editable data of a work; texts by language, sizes in centimetres."""

    title: TextByLanguage
    technique: TextByLanguage = field(default_factory=dict)
    label: TextByLanguage = field(default_factory=dict)
    content_note: TextByLanguage = field(default_factory=dict)
    alt: TextByLanguage = field(default_factory=dict)
    difficult: bool = False
    maker: str = ""
    pseudonym: str = ""
    naming: MakerNaming = MakerNaming.NAME
    year: str = ""
    height: Decimal | None = None
    width: Decimal | None = None
    depth: Decimal | None = None
    show_agreed: bool = False
    show_until: datetime.date | None = None
    show_from: str = ""
    rights_note: str = ""
    reproduction: Reproduction = Reproduction.NONE
    reproduction_until: datetime.date | None = None
    picture: StoredFile | None = None


class StaleWork(Refused):
    """The work was changed by somebody else since the page was opened. `work`: the current
    version."""

    def __init__(self, work: Work) -> None:
        super().__init__(
            _("Somebody else changed this work meanwhile. What they wrote is below, what you wrote is kept.")
        )
        self.work = work


def add_work(*, access: Access, event: Event, about: WorkInput) -> Work:
    """Add a work at the end of the order, with its number and printed code.

    Raises NotAllowed without the right to change the event; Refused if the event is not an
    exhibition or is cancelled, or for what `_check` finds.
    """
    _check_work(about, event)
    drawn = make_work_copy(about.picture) if about.picture else None
    with undo_on_failure(lambda: delete_copy(drawn.name if drawn else "")), transaction.atomic():
        exhibition = lock_exhibition(access, event)
        rows = Work.objects.filter(exhibition=exhibition)
        if rows.filter(removed_at=None).count() >= MOST_WORKS:
            raise Refused(_("An exhibition has at most 500 works."))
        exhibition.last_number += 1
        exhibition.save(update_fields=["last_number"])
        work = Work(exhibition=exhibition, number=exhibition.last_number, position=next_position(rows))
        _fill_work(work, about, drawn)
        code_for(CODE_KIND, work.uuid)
        core_audit.record_event_action(exhibition.event, access, "event.work_added", work=str(work.uuid))
    return work


def change_work(*, access: Access, event: Event, uuid: UUID, about: WorkInput, seen: int) -> Work:
    """Change a work. `seen`: the revision that the form was loaded with.

    Raises StaleWork if the current revision differs, and as `add_work`.
    """
    _check_work(about, event)
    before = Work.objects.filter(uuid=uuid).first()
    kept = before is not None and before.drawn and before.picture_id == getattr(about.picture, "pk", None)
    drawn = make_work_copy(about.picture) if about.picture and not kept else None
    with undo_on_failure(lambda: delete_copy(drawn.name if drawn else "")), transaction.atomic():
        work = lock_work(access, event, uuid)
        if work.revision != seen:
            raise StaleWork(work)
        work.revision += 1
        _fill_work(work, about, drawn)
        core_audit.record_event_action(work.exhibition.event, access, "event.work_changed", work=str(uuid))
    return work


def move_work(*, access: Access, event: Event, uuid: UUID, before: UUID | None) -> None:
    """Move a work before another one; None: to the end. Raises NotAllowed; Refused if it was
    archived."""
    with transaction.atomic():
        work = lock_work(access, event, uuid)
        rows = Work.objects.filter(exhibition=work.exhibition)
        target = rows.filter(uuid=before, removed_at=None).first() if before else None
        if before and target is None:
            raise Refused(_GONE)
        move_before(rows, work, target.position if target else next_position(rows))


def step_work(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Swap a work with the neighbour above or below; at either end nothing happens."""
    with transaction.atomic():
        exhibition = lock_exhibition(access, event)
        if not swap_with_neighbour(Work.objects.filter(exhibition=exhibition), uuid, down=down):
            raise Refused(_GONE)


def remove_work(*, access: Access, event: Event, uuid: UUID) -> None:
    """Archive a work; it can be restored to its place. Until then its printed code reports this."""
    with transaction.atomic():
        work = lock_work(access, event, uuid)
        work.removed_at = now()
        work.save(update_fields=["removed_at"])
        core_audit.record_event_action(work.exhibition.event, access, "event.work_removed", work=str(uuid))


def restore_work(*, access: Access, event: Event, uuid: UUID) -> None:
    """Restore a work to its place."""
    with transaction.atomic():
        exhibition = lock_exhibition(access, event)
        rows = Work.objects.filter(exhibition=exhibition)
        if rows.filter(removed_at=None).count() >= MOST_WORKS:
            raise Refused(_("An exhibition has at most 500 works."))
        if rows.filter(uuid=uuid).update(removed_at=None):
            core_audit.record_event_action(exhibition.event, access, "event.work_back", work=str(uuid))


def lock_exhibition(access: Access, event: Event) -> Exhibition:
    """Return the exhibition, created on first use, with its event locked after the access check.

    Raises NotAllowed; Refused if the event is cancelled or not an exhibition.
    """
    locked = lock_event(event)
    require_that(may_change(access, locked), _("Editors and coordinators keep the works of an exhibition."))
    refuse_cancelled(locked)
    if locked.kind != EventKind.EXHIBITION:
        raise Refused(_("Only an exhibition has works."))
    exhibition, _made = Exhibition.objects.get_or_create(event=locked)
    exhibition.event = locked
    return exhibition


def lock_work(access: Access, event: Event, uuid: UUID) -> Work:
    """Return an active work, with its event locked. Raises as `lock_exhibition`; Refused if it was
    archived."""
    exhibition = lock_exhibition(access, event)
    work = Work.objects.filter(exhibition=exhibition, uuid=uuid, removed_at=None).first()
    if work is None:
        raise Refused(_GONE)
    work.exhibition = exhibition
    return work


def non_empty_texts(words: TextByLanguage) -> dict[str, str]:
    """Return texts by language, without empty ones."""
    return {code: words[code].strip() for code in Language.values if words.get(code, "").strip()}


def _check_work(about: WorkInput, event: Event) -> None:
    if not non_empty_texts(about.title):
        raise Refused(_("Give the work a title in at least one language."))
    for size in (about.height, about.width, about.depth):
        if size is not None and not 0 < size <= MAX_WORK_SIZE:
            raise Refused(_("A size is more than nothing and at most 10,000 centimetres."))
    if (about.height is None) != (about.width is None) or (about.depth and about.height is None):
        raise Refused(_("Give height and width, and the depth if it has one."))
    if about.naming == MakerNaming.PSEUDONYM and not about.pseudonym.strip():
        raise Refused(_("Write the pseudonym under which the maker wants to be named."))
    picture = about.picture
    if picture is not None and (picture.workspace_id != event.workspace_id or picture.deleted_at is not None):
        raise Refused(_("The picture cannot be read any more. Choose another one."))


def _fill_work(work: Work, about: WorkInput, drawn: StoredCopy | None) -> None:
    for one in fields(about):
        said = getattr(about, one.name)
        if isinstance(said, Mapping):
            said = non_empty_texts(said)
        setattr(work, one.name, said.strip() if type(said) is str else said)
    if drawn is not None or about.picture is None:
        old = str(work.drawn or "")
        work.drawn = drawn.name if drawn else ""
        work.drawn_width, work.drawn_height = (drawn.width, drawn.height) if drawn else (0, 0)
        transaction.on_commit(lambda: delete_copy(old))
    work.save()


# --- exhibition ---
# Settings of a whole exhibition: quiet corner, way to get help, public catalogue.


@dataclass(frozen=True)
class QuietCornerInput:
    """Information for visitors beside the works; texts by language."""

    quiet_corner: Mapping[str, str]
    help_words: Mapping[str, str]
    help_phone: str = ""


def set_quiet_corner(*, access: Access, event: Event, around: QuietCornerInput) -> Exhibition:
    """Set the quiet corner and the way to get help. Raises NotAllowed; Refused if the event is
    cancelled."""
    with transaction.atomic():
        exhibition = lock_exhibition(access, event)
        exhibition.quiet_corner = non_empty_texts(around.quiet_corner)
        exhibition.help_words = non_empty_texts(around.help_words)
        exhibition.help_phone = around.help_phone.strip()
        exhibition.save()
        core_audit.record_event_action(exhibition.event, access, "event.exhibition_set")
    return exhibition


def open_catalogue(*, access: Access, event: Event) -> Exhibition:
    """Publish the catalogue on the site, for as long as the event is public.

    Raises NotAllowed; Refused without works that may be shown, or if a work is difficult and the
    quiet corner or the way to get help is missing.
    """
    with transaction.atomic():
        exhibition = lock_exhibition(access, event)
        shown = Work.objects.filter(exhibition=exhibition, removed_at=None, show_agreed=True)
        if not shown.exists():
            raise Refused(_("No work may be shown yet: note first who agreed to show it."))
        careless = not exhibition.quiet_corner or not (exhibition.help_words or exhibition.help_phone)
        if careless and shown.filter(difficult=True).exists():
            raise Refused(
                _("There are difficult works: say first where the quiet corner is and how to get help.")
            )
        exhibition.opened_at = exhibition.opened_at or now()
        exhibition.save(update_fields=["opened_at"])
        core_audit.record_event_action(exhibition.event, access, "event.catalogue_opened")
    return exhibition


def close_catalogue(*, access: Access, event: Event) -> Exhibition:
    """Unpublish the catalogue; printed codes lead to the event meanwhile. Raises NotAllowed."""
    with transaction.atomic():
        exhibition = lock_exhibition(access, event)
        exhibition.opened_at = None
        exhibition.save(update_fields=["opened_at"])
        core_audit.record_event_action(exhibition.event, access, "event.catalogue_closed")
    return exhibition
