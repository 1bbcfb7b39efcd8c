"""The gate of consent for items of a kit, and who took a file through kits and coverage."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from coalition.accounts.models import Language
from coalition.consent.enums import Place
from coalition.consent.gate import ConsentGate
from coalition.consent.items import Taker
from coalition.consent.shared_gates import gate_for
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from documents.files.consent import FILE
from documents.models import StoredFile
from events.core.models import PressGuest
from events.core.permissions import event_title
from events.core.pictures import passes_with_words
from events.press.coverage.models import Coverage
from events.press.kit.models import DAYS_KEPT, EventKit, KitItem, KitOpened, KitPhase, KitWay, opening_print

PLACE: Final = Place.PACKAGE


@dataclass
class KitGate:
    """The gate for a kit read in `language`. One query, and one more for each other language that items have
    of their own."""

    language: str
    _gates: dict[str, ConsentGate] = field(default_factory=dict)

    def lets_out(self, item: KitItem) -> bool:
        """Whether the item may go out: it has no file, or its file may be given in its words."""
        return item.file is None or passes_with_words(self._gate_of(item), item.file)

    def is_under_consent(self, item: KitItem) -> bool:
        """Whether the item's file, or a copy of it, shows somebody under consent."""
        if item.file is None:
            return False
        gate = self._gate_of(item)
        return gate.is_under_consent(FILE, str(item.file.uuid)) or gate.holds_bytes(item.file.sha256)

    def _gate_of(self, item: KitItem) -> ConsentGate:
        language = item.language if item.language in Language.values else self.language
        if language not in self._gates:
            self._gates[language] = gate_for(PLACE, language)
        return self._gates[language]


def takers_of_file(key: str) -> Iterator[Taker]:
    """Yield who took the file with this UUID, or a copy of it, through a kit: journalists who opened the kit,
    whoever had its link, and outlets whose coverage of the event is noted."""
    if parse_uuid(key) is None:
        return
    hashes = StoredFile.objects.filter(uuid=key).exclude(sha256="").values("sha256")
    items = KitItem.objects.filter(Q(file__uuid=key) | Q(file__sha256__in=hashes))
    kits = EventKit.objects.filter(pk__in=items.values("kit")).select_related("event").order_by("pk")
    for kit in kits:
        yield from _takers_of_kit(kit)


def _takers_of_kit(kit: EventKit) -> Iterator[Taker]:
    title = event_title(kit.event)
    prints = set(KitOpened.objects.filter(kit=kit).values_list("print", flat=True))
    if prints:
        for guest in PressGuest.objects.filter(registration__event=kit.event):
            own = opening_print(kit, guest)
            if own in prints:
                prints.remove(own)
                yield Taker(f"{guest.name}, {guest.outlet}", PLACE, guest.address, guest.language)
    if prints or _is_erased(kit):
        erased = _("Journalists whose addresses are erased: they may have opened the kit of “%(event)s”")
        yield Taker(erased % {"event": title}, PLACE)
    if _was_open_by_link(kit):
        yield Taker(_("Whoever had the link of the kit of “%(event)s”") % {"event": title}, PLACE)
    rows = Coverage.objects.filter(event=kit.event, removed_at=None).order_by("pk")
    for outlet in dict.fromkeys(rows.values_list("outlet", flat=True)):
        yield Taker(outlet, PLACE)


def _is_erased(kit: EventKit) -> bool:
    """Whether journalists of the event, and marks that they opened the kit, are erased by now."""
    over = kit.event.lasts_until
    return over is not None and over < now() - datetime.timedelta(days=DAYS_KEPT)


def _was_open_by_link(kit: EventKit) -> bool:
    if kit.way != KitWay.MOMENT:
        return False
    moments = [kit.moment_of(phase) for phase in KitPhase]
    return any(moment is not None and moment <= now() for moment in moments)
