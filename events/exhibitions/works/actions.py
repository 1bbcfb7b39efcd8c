"""Pictures of works and photographs of their condition: small copies with nothing hidden, in private storage.

They leave through views that ask for the right each time, so that nothing is to be deleted when a right ends.
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
from documents.files.types import type_of
from documents.models import StoredFile
from events.core import audit
from events.core.actions.proposal import jpeg_of, small_jpeg
from events.core.enums import EventKind
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.ordering import last_place, put_before, step
from events.core.permissions import may_change
from events.core.printed_codes import code_for
from events.exhibitions.works.enums import MakerNaming, Reproduction
from events.exhibitions.works.models import Exhibition, Work

WIDEST_WORK = 1200  # pixels of the longer side: sharp on a phone, light on its way
WIDEST_PHOTO = 2000  # a scratch is to be seen


@dataclass(frozen=True)
class Drawn:
    """A small copy: its name in private storage and its size in pixels."""

    name: str
    width: int
    height: int


def draw(file: StoredFile) -> Drawn:
    """Make the small copy of a work's picture. Call before the transaction; `drop` it if that fails."""
    return _keep(small_jpeg(file, WIDEST_WORK), "works")


def draw_photo(content: IO[bytes], name: str) -> Drawn:
    """Make the copy of a photograph of a work's condition. Raises Refused in words for what is no picture."""
    return _keep(jpeg_of(content, type_of(content, name).media_type, WIDEST_PHOTO), "conditions")


def drop(name: str) -> None:
    """Delete a copy; none for ""."""
    if name:
        private_storage().delete(name)


def _keep(content: bytes, folder: str) -> Drawn:
    with Image.open(BytesIO(content)) as picture:
        width, height = picture.size
    name = uuid4().hex
    return Drawn(
        private_storage().save(f"{folder}/{name[:2]}/{name}.jpg", ContentFile(content)), width, height
    )


# --- works ---
# The works of an exhibition: written, hung in an order, taken out and brought back.
#
# Changes go work by work with the event's row held, so that two people at once change two works; of one work,
# the second is told what the first wrote.


CODE_KIND = "work"
MOST_WORKS = 500
LARGEST = 10_000  # centimetres
_GONE = _("This work is not in the exhibition any more.")

type InLanguages = Mapping[str, str]


@dataclass(frozen=True)
class AboutWork:
    """What is said of a work; words by language, sizes in centimetres."""

    title: InLanguages
    technique: InLanguages = field(default_factory=dict)
    label: InLanguages = field(default_factory=dict)
    content_note: InLanguages = field(default_factory=dict)
    alt: InLanguages = field(default_factory=dict)
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
    """Somebody else changed the work since the page was opened; `work` is what stands there now."""

    def __init__(self, work: Work) -> None:
        super().__init__(
            _("Somebody else changed this work meanwhile. What they wrote is below, what you wrote is kept.")
        )
        self.work = work


def add_work(*, access: Access, event: Event, about: AboutWork) -> Work:
    """Add a work at the end of the order; it gets its number and its printed code.

    Raises NotAllowed without the right to change the event; Refused if the event is no exhibition or is
    cancelled, or for what `_check` finds.
    """
    _check(about, event)
    drawn = draw(about.picture) if about.picture else None
    with undo_on_failure(lambda: drop(drawn.name if drawn else "")), transaction.atomic():
        exhibition = held_exhibition(access, event)
        rows = Work.objects.filter(exhibition=exhibition)
        if rows.filter(removed_at=None).count() >= MOST_WORKS:
            raise Refused(_("An exhibition has at most 500 works."))
        exhibition.last_number += 1
        exhibition.save(update_fields=["last_number"])
        work = Work(exhibition=exhibition, number=exhibition.last_number, position=last_place(rows))
        _write(work, about, drawn)
        code_for(CODE_KIND, work.uuid)
        audit.record(exhibition.event, access, "event.work_added", work=str(work.uuid))
    return work


def change_work(*, access: Access, event: Event, uuid: UUID, about: AboutWork, seen: int) -> Work:
    """Change what is said of a work. `seen`: the revision that the person had before them.

    Raises StaleWork if it is another one now, beside what `add_work` raises.
    """
    _check(about, event)
    before = Work.objects.filter(uuid=uuid).first()
    kept = before is not None and before.drawn and before.picture_id == getattr(about.picture, "pk", None)
    drawn = draw(about.picture) if about.picture and not kept else None
    with undo_on_failure(lambda: drop(drawn.name if drawn else "")), transaction.atomic():
        work = held_work(access, event, uuid)
        if work.revision != seen:
            raise StaleWork(work)
        work.revision += 1
        _write(work, about, drawn)
        audit.record(work.exhibition.event, access, "event.work_changed", work=str(uuid))
    return work


def move_work(*, access: Access, event: Event, uuid: UUID, before: UUID | None) -> None:
    """Hang a work before another one; None: at the end. Raises NotAllowed; Refused if it is gone."""
    with transaction.atomic():
        work = held_work(access, event, uuid)
        rows = Work.objects.filter(exhibition=work.exhibition)
        target = rows.filter(uuid=before, removed_at=None).first() if before else None
        if before and target is None:
            raise Refused(_GONE)
        put_before(rows, work, target.position if target else last_place(rows))


def step_work(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Change places with the neighbour above or below; at the edge nothing happens."""
    with transaction.atomic():
        exhibition = held_exhibition(access, event)
        if not step(Work.objects.filter(exhibition=exhibition), uuid, down=down):
            raise Refused(_GONE)


def take_out(*, access: Access, event: Event, uuid: UUID) -> None:
    """Take a work out; it can come back to its place. Its printed code says so meanwhile."""
    with transaction.atomic():
        work = held_work(access, event, uuid)
        work.removed_at = now()
        work.save(update_fields=["removed_at"])
        audit.record(work.exhibition.event, access, "event.work_removed", work=str(uuid))


def bring_back(*, access: Access, event: Event, uuid: UUID) -> None:
    """Bring a work back to its place."""
    with transaction.atomic():
        exhibition = held_exhibition(access, event)
        rows = Work.objects.filter(exhibition=exhibition)
        if rows.filter(removed_at=None).count() >= MOST_WORKS:
            raise Refused(_("An exhibition has at most 500 works."))
        if rows.filter(uuid=uuid).update(removed_at=None):
            audit.record(exhibition.event, access, "event.work_back", work=str(uuid))


def held_exhibition(access: Access, event: Event) -> Exhibition:
    """The exhibition, made on first use, with its event locked after the rights were looked at.

    Raises NotAllowed; Refused if the event is cancelled or no exhibition.
    """
    locked = hold(event)
    require_that(may_change(access, locked), _("Editors and coordinators keep the works of an exhibition."))
    refuse_cancelled(locked)
    if locked.kind != EventKind.EXHIBITION:
        raise Refused(_("Only an exhibition has works."))
    exhibition, _made = Exhibition.objects.get_or_create(event=locked)
    exhibition.event = locked
    return exhibition


def held_work(access: Access, event: Event, uuid: UUID) -> Work:
    """A work that hangs, with its event locked. Raises as `held_exhibition`; Refused if it is gone."""
    exhibition = held_exhibition(access, event)
    work = Work.objects.filter(exhibition=exhibition, uuid=uuid, removed_at=None).first()
    if work is None:
        raise Refused(_GONE)
    work.exhibition = exhibition
    return work


def in_languages(words: InLanguages) -> dict[str, str]:
    """Words by language, without those that are empty."""
    return {code: words[code].strip() for code in Language.values if words.get(code, "").strip()}


def _check(about: AboutWork, event: Event) -> None:
    if not in_languages(about.title):
        raise Refused(_("Give the work a title in at least one language."))
    for size in (about.height, about.width, about.depth):
        if size is not None and not 0 < size <= LARGEST:
            raise Refused(_("A size is more than nothing and at most 10,000 centimetres."))
    if (about.height is None) != (about.width is None) or (about.depth and about.height is None):
        raise Refused(_("Give height and width, and the depth if it has one."))
    if about.naming == MakerNaming.PSEUDONYM and not about.pseudonym.strip():
        raise Refused(_("Write the pseudonym under which the maker wants to be named."))
    picture = about.picture
    if picture is not None and (picture.workspace_id != event.workspace_id or picture.deleted_at is not None):
        raise Refused(_("The picture cannot be read any more. Choose another one."))


def _write(work: Work, about: AboutWork, drawn: Drawn | None) -> None:
    for one in fields(about):
        said = getattr(about, one.name)
        if isinstance(said, Mapping):
            said = in_languages(said)
        setattr(work, one.name, said.strip() if type(said) is str else said)
    if drawn is not None or about.picture is None:
        old = str(work.drawn or "")
        work.drawn = drawn.name if drawn else ""
        work.drawn_width, work.drawn_height = (drawn.width, drawn.height) if drawn else (0, 0)
        transaction.on_commit(lambda: drop(old))
    work.save()


# --- exhibition ---
# What is true of a whole exhibition: the quiet corner, the way to help, its catalogue on the site.


@dataclass(frozen=True)
class Around:
    """What visitors find beside the works; words by language."""

    quiet_corner: Mapping[str, str]
    help_words: Mapping[str, str]
    help_phone: str = ""


def set_around(*, access: Access, event: Event, around: Around) -> Exhibition:
    """Say where the quiet corner is and who helps. Raises NotAllowed; Refused if the event is cancelled."""
    with transaction.atomic():
        exhibition = held_exhibition(access, event)
        exhibition.quiet_corner = in_languages(around.quiet_corner)
        exhibition.help_words = in_languages(around.help_words)
        exhibition.help_phone = around.help_phone.strip()
        exhibition.save()
        audit.record(exhibition.event, access, "event.exhibition_set")
    return exhibition


def open_catalogue(*, access: Access, event: Event) -> Exhibition:
    """Let everyone read the works on the site, as soon as and as long as the event is public.

    Raises NotAllowed; Refused without works that may be shown, or if a work is difficult and nobody said
    where the quiet corner is and who helps.
    """
    with transaction.atomic():
        exhibition = held_exhibition(access, event)
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
        audit.record(exhibition.event, access, "event.catalogue_opened")
    return exhibition


def close_catalogue(*, access: Access, event: Event) -> Exhibition:
    """Take the works off the site; printed codes lead to the event meanwhile. Raises NotAllowed."""
    with transaction.atomic():
        exhibition = held_exhibition(access, event)
        exhibition.opened_at = None
        exhibition.save(update_fields=["opened_at"])
        audit.record(exhibition.event, access, "event.catalogue_closed")
    return exhibition
