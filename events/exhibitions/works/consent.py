"""Works of exhibitions as items that can show a person under consent, and the gate for their visitors."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext_lazy

from coalition.accounts.models import Language, User
from coalition.consent.enums import Form, Place
from coalition.consent.gate import ConsentGate
from coalition.consent.items import (
    ItemDescription,
    ItemKind,
    ShownItem,
    Taker,
    register_item_kind,
    register_takers,
)
from coalition.consent.shared_gates import gate_for
from coalition.core.crypto import parse_uuid
from coalition.workspaces.permissions import access_to
from documents.files.consent import FILE
from documents.models import StoredFile
from events.core.models import Event
from events.core.permissions import event_title, may_change
from events.core.pictures import passes_with_words
from events.core.queries import seated_events_for
from events.exhibitions.works.models import Work

WORK: Final = "work"
_TEXTS: Final = ("title", "technique", "label", "content_note", "alt")


def work_item(work: Work) -> ShownItem:
    """Return the work with every word that visitors read of it, in all languages, and its picture."""
    texts = [getattr(work, name) for name in _TEXTS]
    words = [text.get(code, "") for text in texts for code in Language.values]
    words += [work.maker_in_public, work.year]
    if work.picture is not None:
        words += [work.picture.alt, work.picture.credit]
    sha256 = work.picture.sha256 if work.picture is not None else ""
    return ShownItem(WORK, str(work.uuid), sha256=sha256, words=tuple(words))


class ExhibitionGate:
    """The gate of consent for visitors of exhibitions, in one language: for labels and paper, or with
    `on_site` for pages and pictures on the site, which need consent for both places. One query a place."""

    def __init__(self, language: str = "", *, on_site: bool = False) -> None:
        places = (Place.EXHIBITION, Place.SITE) if on_site else (Place.EXHIBITION,)
        self._gates = [gate_for(place, language) for place in places]

    def may_show(self, work: Work) -> bool:
        """Whether visitors may read the work. A picture under consent of its own does not count."""
        return not self._is_item(WORK, work.uuid) or self._passes(lambda gate: gate.may_show(work_item(work)))

    def admit(self, works: Iterable[Work]) -> list[Work]:
        """Return the works that visitors may read. Each then answers for its picture in this language."""
        found = [work for work in works if self.may_show(work)]
        for work in found:
            self._judge_picture(work)
        return found

    def _judge_picture(self, work: Work) -> None:
        picture = work.picture
        if picture is None:
            return
        is_item, is_file = self._is_item(WORK, work.uuid), self._is_item(FILE, picture.uuid)
        sha256 = picture.sha256
        # The words of a copy are part of the work, if she agreed to the work.
        is_part = is_item and not is_file and self._passes(lambda gate: gate.may_show_bytes(sha256))
        work.picture_passes = is_part or self._passes(lambda gate: passes_with_words(gate, picture))
        work.picture_under_consent = is_item or is_file or self._gates[0].holds_bytes(sha256)
        work.has_words_of_file = is_file and not is_item

    def _is_item(self, kind: str, uuid: UUID) -> bool:
        return self._gates[0].is_under_consent(kind, str(uuid))  # the same in every place

    def _passes(self, passes: Callable[[ConsentGate], bool]) -> bool:
        return all(passes(gate) for gate in self._gates)


def _describe(keys: Collection[str]) -> dict[str, ItemDescription]:
    """Return works that were not taken out, by UUID."""
    uuids = [uuid for key in keys if (uuid := parse_uuid(key)) is not None]
    works = Work.objects.filter(uuid__in=uuids, removed_at=None)
    found = {}
    for work in works.select_related("exhibition__event", "picture"):
        event = work.exhibition.event
        url = reverse("events:work", args=[event.uuid, work.uuid])
        is_public = event.is_public and work.exhibition.opened_at is not None and work.show_agreed
        public_url = work.public_url if is_public else ""
        found[str(work.uuid)] = ItemDescription(work_item(work), str(work.title), url, public_url)
    return found


def _may_attach(person: User, key: str) -> bool:
    """Whether the person may change the exhibition with one of their seats."""
    works = Work.objects.filter(removed_at=None).select_related("exhibition")
    uuid = parse_uuid(key)
    work = works.filter(uuid=uuid).first() if uuid is not None else None
    if work is None:
        return False
    rows = seated_events_for(person).filter(pk=work.exhibition.event_id)
    event = rows.select_related("workspace").first()
    if event is None:
        return False
    try:
        seats = access_to(person, event.workspace.uuid).seats
    except Http404:
        return False
    organisations = [str(seat.organisation.uuid) for seat in seats]
    return any(
        may_change(access_to(person, event.workspace.uuid, acting_for=one), event) for one in organisations
    )


def takers_of_work(key: str) -> Iterator[Taker]:
    """Yield the exhibition of the work with this UUID: labels and catalogues may be printed, which nobody
    notes. Nobody has an address."""
    if (uuid := parse_uuid(key)) is not None:
        yield from _exhibitions_with(Q(uuid=uuid))


def takers_of_picture(key: str) -> Iterator[Taker]:
    """Yield exhibitions that have a work with the file with this UUID, or a copy of it, as
    `takers_of_work` does."""
    if (uuid := parse_uuid(key)) is not None:
        hashes = StoredFile.objects.filter(uuid=uuid).exclude(sha256="").values("sha256")
        yield from _exhibitions_with(Q(picture__uuid=uuid) | Q(picture__sha256__in=hashes))


def _exhibitions_with(works: Q) -> Iterator[Taker]:
    rows = Event.objects.filter(exhibition__in=Work.objects.filter(works).values("exhibition"))
    for event in rows.order_by("pk"):
        name = _("Labels and catalogues printed for the exhibition “%(event)s”")
        yield Taker(name % {"event": event_title(event)}, Place.EXHIBITION)


def register_works() -> None:
    """Register works as items, and who took them. Call once, from `AppConfig.ready()`."""
    register_takers(WORK, takers_of_work)
    register_takers(FILE, takers_of_picture)
    register_item_kind(
        ItemKind(
            name=WORK,
            label=pgettext_lazy("consent item", "Work of an exhibition"),
            forms=tuple(Form),
            describe=_describe,
            may_attach=_may_attach,
        )
    )
