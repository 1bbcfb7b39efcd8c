"""What stands in the kit of an event: put in, taken out, in an order."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.files.public_copy import make_public_copy
from documents.models import Draft, StoredFile
from events.core import audit
from events.core.models import Event, EventSpeaker
from events.core.ordering import last_place, step
from events.core.permissions import may_change
from events.press.kit.actions.copies import plan_copies
from events.press.kit.actions.settings import held_kit
from events.press.kit.enums import KitKind, KitPhase
from events.press.kit.models import EventKit, KitItem
from events.press.kit.notifications import plan_mails
from events.press.kit.queries.choices import drafts_to_give, files_to_give
from events.press.kit.queries.kit import approved_sayings, items_of, may_go_out

MOST = 60
MOST_MINUTES = 1440
ASK_OTHERS = _("Ask everyone who can be recognised first, and say here that they agreed.")
GONE = _("This is not in the kit any more.")


@dataclass(frozen=True)
class Content:
    """What is put into a kit. `title` by language; `people`: speakers of the event who are seen or heard;
    `others_agree`: everyone else who can be recognised agreed too."""

    kind: KitKind
    phase: KitPhase
    title: dict[str, str] = field(default_factory=dict)
    draft: Draft | None = None
    file: StoredFile | None = None
    link: str = ""
    language: str = ""
    minutes: int | None = None
    digest: str = ""
    people: Collection[EventSpeaker] = ()
    others_agree: bool = False


def add_item(*, access: Access, event: Event, content: Content) -> KitItem:
    """Put a thing into the kit, at the end.

    Raises NotAllowed without the right to change the event; Refused in words for what may not be given out:
    words that nobody approved for the public, a file whose mark is narrower than public, a picture without a
    description or credit or of somebody who has not agreed, a file whose metadata cannot be removed, a
    quotation that its speaker has not approved.
    """
    if content.file is not None and may_change(access, event) and may_go_out(content.file):
        make_public_copy(content.file)  # takes seconds: before anything is locked
    with transaction.atomic():
        kit = held_kit(access, event)
        if items_of(kit).count() >= MOST:
            raise Refused(_("A kit holds at most 60 things."))
        if content.phase not in content.kind.phases:
            raise Refused(_("This is there after the event only."))
        _CHECKS[content.kind](access, kit, content)
        _check_people(kit, content)
        item = KitItem.objects.create(
            kit=kit,
            position=last_place(KitItem.objects.filter(kit=kit)),
            phase=content.phase,
            kind=content.kind,
            title={code: words.strip() for code, words in content.title.items() if words.strip()},
            draft=content.draft,
            file=content.file,
            link=content.link,
            language=content.language,
            minutes=content.minutes,
            digest=content.digest,
            people_count=len(content.people),
        )
        item.people.set(content.people)
        audit.record(kit.event, access, "event.kit_added", item=str(item.uuid), kind=content.kind.value)
        plan_mails(kit)
    return item


def take_out(*, access: Access, event: Event, uuid: UUID) -> KitItem:
    """Take a thing out; it can come back to its place. Raises NotAllowed; Refused if it is gone."""
    return _set_removed(access, event, uuid, removed=True)


def bring_back(*, access: Access, event: Event, uuid: UUID) -> KitItem:
    """Bring it back to its place; whether it is given out is judged anew."""
    return _set_removed(access, event, uuid, removed=False)


def step_item(*, access: Access, event: Event, uuid: UUID, down: bool) -> None:
    """Change places with the neighbour above or below of the same phase; at the edge nothing happens."""
    with transaction.atomic():
        kit = held_kit(access, event)
        row = KitItem.objects.filter(kit=kit, uuid=uuid).first()
        if row is None or not step(KitItem.objects.filter(kit=kit, phase=row.phase), uuid, down=down):
            raise Refused(GONE)


def _set_removed(access: Access, event: Event, uuid: UUID, *, removed: bool) -> KitItem:
    with transaction.atomic():
        kit = held_kit(access, event)
        row = KitItem.objects.filter(kit=kit, uuid=uuid).first()
        if row is None:
            raise Refused(GONE)
        row.removed_at = now() if removed else None
        row.save(update_fields=["removed_at"])
        if not removed:
            plan_copies(kit)
        action = "event.kit_taken_out" if removed else "event.kit_brought_back"
        audit.record(kit.event, access, action, item=str(row.uuid))
    return row


def _check_text(access: Access, kit: EventKit, content: Content) -> None:
    offered = drafts_to_give(access, kit, content.phase)
    if content.draft is None or content.draft.pk not in {one.draft.pk for one in offered}:
        raise Refused(_("Only what is public, or becomes public before the kit opens, can be in it."))


def _check_file(access: Access, _kit: EventKit, content: Content) -> None:
    file = content.file
    if file is None or not files_to_give(access).filter(pk=file.pk).exists() or not may_go_out(file):
        raise Refused(_("Only files of this workspace that are marked Public can be in the kit."))
    if content.kind == KitKind.PHOTOGRAPH and not file.is_picture:
        raise Refused(_("This file is not a picture."))
    if file.is_picture and not (file.alt and file.credit):
        raise Refused(_("The picture has no description or no credit yet: write both beside the file."))
    if file.is_picture and not content.others_agree:
        raise Refused(ASK_OTHERS)
    _check_title(content, file.caption if file.is_picture else "")


def _check_link(_access: Access, _kit: EventKit, content: Content) -> None:
    _check_title(content)
    parts = urlsplit(content.link)
    if parts.scheme != "https" or not parts.netloc or not content.link.isprintable():
        raise Refused(_("Give an address that begins with https://."))
    if content.kind == KitKind.RECORDING and not content.others_agree:
        raise Refused(ASK_OTHERS)
    if content.minutes is not None and not 0 < content.minutes <= MOST_MINUTES:
        raise Refused(_("Say how long it is, in whole minutes."))


def _check_transcript(access: Access, kit: EventKit, content: Content) -> None:
    if (content.draft is None) == (content.file is None):
        raise Refused(_("Choose either a text or a file."))
    (_check_text if content.draft is not None else _check_file)(access, kit, content)


def _check_quotation(access: Access, kit: EventKit, content: Content) -> None:
    _check_text(access, kit, content)
    sayings = approved_sayings([content.draft.pk]) if content.draft is not None else {}
    if content.digest not in sayings:
        raise Refused(_("Only public quotations that their speakers approved can be in the kit."))


def _check_title(content: Content, otherwise: str = "") -> None:
    if not any(words.strip() for words in content.title.values()) and not otherwise:
        raise Refused(_("Give it a title in at least one language."))


def _check_people(kit: EventKit, content: Content) -> None:
    consent = content.kind.consent
    for one in content.people:
        if one.event_id != kit.event_id or not consent or not getattr(one, consent):
            raise Refused(_("Somebody of these speakers has not agreed to that."))


_CHECKS: dict[KitKind, Callable[[Access, EventKit, Content], None]] = {
    KitKind.TEXT: _check_text,
    KitKind.FILE: _check_file,
    KitKind.LINK: _check_link,
    KitKind.RECORDING: _check_link,
    KitKind.TRANSCRIPT: _check_transcript,
    KitKind.PHOTOGRAPH: _check_file,
    KitKind.QUOTATION: _check_quotation,
}
