"""Notices that follow from what happens to an item: corrected, withdrawn, consent ended."""

import datetime
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q

from coalition.campaigns.media_package.enums import NoticeKind
from coalition.campaigns.media_package.gate import (
    MEDIA_ITEM,
    PLACE,
    ItemStatus,
    PackageGate,
    items_with_files,
)
from coalition.campaigns.media_package.models import MediaItem, Rendition
from coalition.campaigns.media_package.notices.actions import send_by_server
from coalition.campaigns.media_package.notices.queries import holders_of, told_since
from coalition.campaigns.media_package.posters.setting import is_being_set
from coalition.campaigns.media_package.queries import renditions_of_file
from coalition.consent.gate import ConsentGate
from coalition.consent.items import Changes
from coalition.consent.models import ConsentUse
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from coalition.jobs import scheduler
from documents.drafts.models import PublicationState
from documents.files.consent import FILE
from documents.publication.models import Publication

LANGUAGES = ("kk", "ru", "en")
TELL_CORRECTION: Final = "media_package.tell_of_correction"  # due work, by the UUID of a publication
PAUSE: Final = datetime.timedelta(seconds=20)  # between two looks whether the new files are there
LONGEST_WAIT: Final = datetime.timedelta(hours=1)  # for them: then those who took the old ones are told


def tell_of_correction(publication: Publication) -> None:
    """A correction of an item's text is public: tell those who took the item, once the files that are set of
    it are there. Called inside the publishing transaction (`HOOKS.corrected`)."""
    item = _item_of(publication)
    if item is None or item.removed_at is not None:
        return
    if is_being_set(publication, item):
        scheduler.schedule(kind=TELL_CORRECTION, key=str(publication.uuid), due_at=now() + PAUSE)
    else:
        send_by_server(item, NoticeKind.CORRECTION)


def tell_when_set(key: str, _payload: dict[str, Any] | None = None) -> None:
    """Tell of the correction with this UUID once its files are set, or look again later.

    Due work: idempotent. Nobody is told if a newer text is public, or whoever was told something since.
    """
    publication = Publication.objects.filter(uuid=UUID(key), replaced_by=None).with_texts().first()
    item = _item_of(publication) if publication is not None else None
    if publication is None or item is None or item.removed_at is not None:
        return
    since = publication.published_at
    if publication.state != PublicationState.PUBLIC or since is None:
        return
    if is_being_set(publication, item) and now() < since + LONGEST_WAIT:
        scheduler.schedule(kind=TELL_CORRECTION, key=key, due_at=now() + PAUSE)
        return
    to = holders_of(item, told=told_since(item, since, *NoticeKind))
    with transaction.atomic():
        send_by_server(item, NoticeKind.CORRECTION, to=to)


def show_nothing(_publication: Publication, _prepared: Any) -> None:
    """The presenter's phase of publishing: items are judged at every access."""


def tell_of_withdrawal(publication: Publication) -> bool:
    """An item's text was withdrawn: tell those who took the item, once. Called inside the withdrawing
    transaction, also to repair. Return whether a notice was sent."""
    item = _item_of(publication)
    if item is None or _is_given(item):
        return False
    since = publication.withdrawn_at or publication.published_at or now()
    to = holders_of(item, told=told_since(item, since, NoticeKind.WITHDRAWAL))
    return send_by_server(item, NoticeKind.WITHDRAWAL, to=to) is not None


def follow_consent(changes: Changes) -> None:
    """Consent to items or to their files has changed. Where it ended after she had agreed, note that those
    who took what is not given any more must not use it: consent mails them itself, in `removal requests`, so
    this does not."""
    keys = [uuid for kind, key, _hash in changes if kind == MEDIA_ITEM and (uuid := parse_uuid(key))]
    files = [key for kind, key, _hash in changes if kind == FILE]
    if not keys and not files:
        return
    shown = renditions_of_file(*files)
    items = MediaItem.objects.filter(Q(uuid__in=keys) | Q(renditions__in=shown), removed_at=None)
    for item in items.select_related("package__workspace", "package__organisation").distinct():
        since = _ended_at(item, files)
        if since is None:
            continue
        about = Rendition.objects.filter(item=item) if item.uuid in keys else shown.filter(item=item)
        ended = _ended_files(item, about.select_related("file", "source__file"))
        told = told_since(item, since, NoticeKind.WITHDRAWAL)
        send_by_server(
            item, NoticeKind.WITHDRAWAL, to=holders_of(item, among=ended, told=told), with_mails=False
        )


def _item_of(publication: Publication) -> MediaItem | None:
    rows = MediaItem.objects.filter(draft=publication.draft_id)
    return rows.select_related("package__workspace", "package__organisation").first()


def _ended_at(item: MediaItem, files: list[str]) -> datetime.datetime | None:
    """Return when a person who had agreed to the item or one of these files in packages last ended that; None
    if nobody did."""
    same = Q(item__kind=FILE, item__key__in=files) | Q(item__kind=MEDIA_ITEM, item__key=str(item.uuid))
    uses = ConsentUse.objects.filter(same, place=PLACE, first_agreed_at__isnull=False)
    ended: datetime.datetime | None = uses.aggregate(last=Max("ended_at"))["last"]
    return ended


def _is_given(item: MediaItem) -> bool:
    return any(one.is_given for one in PackageGate("kk").judge(items_with_files().filter(pk=item.pk)))


def _ended_files(item: MediaItem, about: Iterable[Rendition]) -> list[Rendition]:
    """Return those of the files that are given in no language now, and for which nothing else is given, or
    whose own bytes nobody may have. None of a withdrawn text: those who took it are told already.

    The gates are new ones: those of the request may be older than the change.
    """
    gates = {code: ConsentGate(PLACE, code) for code in LANGUAGES}
    rows = list(items_with_files().filter(pk=item.pk))
    found = [
        one for code in LANGUAGES for one in PackageGate(code, before_embargo=True, _gates=gates).judge(rows)
    ]
    if any(one.status == ItemStatus.WITHDRAWN for one in found):
        return []
    given = {file.pk: (file.format, file.language) for one in found for file in one.files}
    slots = set(given.values())
    return [
        one
        for one in about
        if one.pk not in given and ((one.format, one.language) not in slots or not _is_open(one, gates))
    ]


def _is_open(rendition: Rendition, gates: dict[str, ConsentGate]) -> bool:
    """Whether consent lets out the bytes of the file, and of the one it was made of, in one language."""
    rows = [rendition] if rendition.source is None else [rendition, rendition.source]
    hashes = {one.sha256 for one in rows} | {one.file.sha256 for one in rows if one.file is not None}
    languages = [rendition.language] if rendition.language else LANGUAGES
    return any(all(gates[code].may_show_bytes(one) for one in hashes) for code in languages)
