"""Works of an exhibition: added, ordered, archived and restored; settings, catalogue, loans.

Each change locks the event's row, so that concurrent changes to different works both succeed; for the same
work the second person gets the first one's version.

Pictures of works and condition photographs are small copies without metadata in private storage, served by
views that check the right at each request, so that nothing needs to be deleted when a right ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from PIL import Image

from coalition.accounts.models import Organisation
from coalition.core.clock import now
from coalition.core.errors import Refused, undo_on_failure
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.files.models import private_storage
from documents.files.types import detect_file_type
from documents.models import StoredFile
from events.core import audit as core_audit
from events.core.actions.times import render_jpeg, render_small_jpeg
from events.core.enums import EventKind
from events.core.models import Event
from events.core.permissions import (
    StaleRevision,
    lock_event_to_change,
    move_before,
    next_position,
    swap_with_neighbour,
)
from events.core.printed_codes import code_for
from events.exhibitions.works.models import ConditionPhoto, ConditionReport, Exhibition, Loan, Work
from events.exhibitions.works.reminders import plan_reminders

WIDEST_WORK = 1200  # pixels of the longer side: sharp on a phone, small to download
ONLY_PLANNERS = _("Editors and coordinators keep the works of an exhibition.")
CODE_KIND = "work"
MOST_WORKS = 500
_GONE = _("This work is not in the exhibition any more.")


@dataclass(frozen=True)
class StoredCopy:
    """Small copy: its name in private storage and its size in pixels."""

    name: str
    width: int
    height: int


def store_copy(content: bytes, folder: str) -> StoredCopy:
    """Store a JPEG. Call it before the transaction, and `delete_copy` if the transaction fails."""
    with Image.open(BytesIO(content)) as picture:
        width, height = picture.size
    name = uuid4().hex
    path = private_storage().save(f"{folder}/{name[:2]}/{name}.jpg", ContentFile(content))
    return StoredCopy(path, width, height)


def delete_copy(*names: str) -> None:
    """Delete copies; does nothing for ""."""
    for name in filter(None, names):
        private_storage().delete(name)


def add_work(*, access: Access, event: Event, picture: StoredFile | None = None, **fields: Any) -> Work:
    """Add a work at the end of the order, with its number and printed code.

    `fields`: of Work, as WorkForm cleans them. Raises NotAllowed without the right to change the event;
    Refused if the event is not an exhibition or is cancelled, or if the picture cannot be read.
    """
    copy = _copy_picture(event, picture)
    with undo_on_failure(lambda: delete_copy(copy.name if copy else "")), transaction.atomic():
        exhibition = lock_exhibition(access, event)
        rows = Work.objects.filter(exhibition=exhibition)
        _refuse_too_many(rows)
        exhibition.last_number += 1
        exhibition.save(update_fields=["last_number"])
        work = Work(
            exhibition=exhibition, number=exhibition.last_number, position=next_position(rows), **fields
        )
        _set_picture(work, picture, copy)
        work.save()
        code_for(CODE_KIND, work.uuid)
        core_audit.record_event_action(exhibition.event, access, "event.work_added", work=str(work.uuid))
    return work


def change_work(
    *, access: Access, event: Event, uuid: UUID, seen: int, picture: StoredFile | None = None, **fields: Any
) -> Work:
    """Change a work. `seen`: the revision that the form was loaded with.

    Raises StaleRevision if the current revision differs, and as `add_work`.
    """
    before = Work.objects.filter(uuid=uuid).first()
    is_same = before is not None and picture is not None and before.drawn and before.picture_id == picture.pk
    copy = None if is_same else _copy_picture(event, picture)
    with undo_on_failure(lambda: delete_copy(copy.name if copy else "")), transaction.atomic():
        work = lock_work(access, event, uuid)
        if work.revision != seen:
            message = _(
                "Somebody else changed this work meanwhile. What they wrote is below, what you wrote is kept."
            )
            raise StaleRevision(work, message)
        work.revision += 1
        for name, value in fields.items():
            setattr(work, name, value)
        _set_picture(work, picture, copy)
        work.save()
        core_audit.record_event_action(work.exhibition.event, access, "event.work_changed", work=str(uuid))
    return work


def _copy_picture(event: Event, picture: StoredFile | None) -> StoredCopy | None:
    if picture is None:
        return None
    if picture.workspace_id != event.workspace_id or picture.deleted_at is not None:
        raise Refused(_("The picture cannot be read any more. Choose another one."))
    return store_copy(render_small_jpeg(picture, WIDEST_WORK), "works")


def _set_picture(work: Work, picture: StoredFile | None, copy: StoredCopy | None) -> None:
    """Set the picture and its copy; without a copy the current one stays, unless there is no picture."""
    work.picture = picture
    if copy is not None or picture is None:
        old = str(work.drawn or "")
        work.drawn = copy.name if copy else ""
        work.drawn_width, work.drawn_height = (copy.width, copy.height) if copy else (0, 0)
        transaction.on_commit(lambda: delete_copy(old))


def _refuse_too_many(rows: QuerySet[Work]) -> None:
    if rows.filter(removed_at=None).count() >= MOST_WORKS:
        raise Refused(_("An exhibition has at most 500 works."))


def move_work(*, access: Access, event: Event, uuid: UUID, before: UUID | None) -> None:
    """Move a work before another one; None: to the end. Raises NotAllowed; Refused if it was archived."""
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
        _refuse_too_many(rows)
        if rows.filter(uuid=uuid).update(removed_at=None):
            core_audit.record_event_action(exhibition.event, access, "event.work_back", work=str(uuid))


def lock_exhibition(access: Access, event: Event) -> Exhibition:
    """Return the exhibition, created on first use, with its event locked after the access check.

    Raises NotAllowed; Refused if the event is cancelled or not an exhibition.
    """
    locked = lock_event_to_change(access, event, ONLY_PLANNERS)
    if locked.kind != EventKind.EXHIBITION:
        raise Refused(_("Only an exhibition has works."))
    exhibition, _fresh = Exhibition.objects.get_or_create(event=locked)
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


def set_quiet_corner(*, access: Access, event: Event, **fields: Any) -> Exhibition:
    """Set the quiet corner and the way to get help. `fields`: those of QuietCornerForm.

    Raises NotAllowed; Refused if the event is cancelled.
    """
    with transaction.atomic():
        exhibition = lock_exhibition(access, event)
        for name, value in fields.items():
            setattr(exhibition, name, value)
        exhibition.save(update_fields=fields)
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
        if not exhibition.supports_visitors and shown.filter(difficult=True).exists():
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


WIDEST_PHOTO = 2000  # pixels of the longer side: large enough to show a scratch


def report_condition(
    *, access: Access, event: Event, work: UUID, photos: Sequence[File[bytes]] = (), **fields: Any
) -> ConditionReport:
    """Store a condition report with photographs, stripped of location and camera metadata.

    `fields`: of ConditionReport, as ConditionForm cleans them. Raises NotAllowed without the right to
    change the event; Refused for a file that is no picture.
    """
    copies: list[StoredCopy] = []
    with undo_on_failure(lambda: delete_copy(*(one.name for one in copies))):
        for photo in photos:
            media_type = detect_file_type(photo, photo.name or "").media_type
            copies.append(store_copy(render_jpeg(photo, media_type, WIDEST_PHOTO), "conditions"))
        with transaction.atomic():
            locked = lock_work(access, event, work)
            report = ConditionReport.objects.create(work=locked, written_by=access.user, **fields)
            ConditionPhoto.objects.bulk_create(
                ConditionPhoto(report=report, file=one.name, width=one.width, height=one.height)
                for one in copies
            )
            core_audit.record_event_action(
                locked.exhibition.event, access, "event.condition_kept", work=str(work), moment=report.moment
            )
    return report


def set_loan(
    *, access: Access, event: Event, work: UUID, organisation: Organisation | None = None, **fields: Any
) -> Loan:
    """Set the lender, the return date and whether the work was returned; reschedule reminders.

    `organisation`: a participant of the workspace; without one `lender` is the name. `value`: minor units
    of `currency`. `fields`: of Loan, as LoanForm cleans them. Raises NotAllowed without the right to
    change the event; Refused if the organisation does not participate, or if the event is cancelled.
    """
    with transaction.atomic():
        locked = lock_work(access, event, work)
        if organisation is not None:
            taking_part = participants(locked.exhibition.event.workspace)
            if not taking_part.filter(pk=organisation.pk).exists():
                raise Refused(_("Only organisations that take part here can answer for it."))
        terms = {**fields, "organisation": organisation}
        loan, _fresh = Loan.objects.update_or_create(work=locked, defaults=terms)
        loan.work = locked
        plan_reminders(loan)
        core_audit.record_event_action(locked.exhibition.event, access, "event.loan_set", work=str(work))
    return loan


def end_loan(*, access: Access, event: Event, work: UUID) -> None:
    """Delete the loan of a work that is not lent after all. Raises NotAllowed."""
    with transaction.atomic():
        locked = lock_work(access, event, work)
        for loan in Loan.objects.filter(work=locked):
            loan.work = locked
            loan.return_on = None
            plan_reminders(loan)
            loan.delete()
            core_audit.record_event_action(
                locked.exhibition.event, access, "event.loan_ended", work=str(work)
            )
