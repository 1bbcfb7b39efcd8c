"""Who took a file by reading a text in which it stands through a guest link."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from coalition.consent.enums import Place
from coalition.consent.items import Taker
from coalition.core.crypto import parse_uuid
from documents.drafts.models import GuestAct
from documents.files.in_texts import languages_with_file
from documents.guests.models import GuestLink

_READING = (GuestAct.READ, GuestAct.COMPARED, GuestAct.DOWNLOADED)


def takers_by_guest_link(key: str) -> Iterator[Taker]:
    """Yield guests who read or downloaded a text with the file with this UUID, or a copy of it; in one line
    without an address those whose addresses are erased. Whether the file stood there at that moment is not
    known."""
    uuid = parse_uuid(key)
    found = languages_with_file(uuid) if uuid is not None else {}
    is_erased = False
    for draft, languages in found.items():
        links = GuestLink.objects.filter(draft=draft, uses__act__in=_READING, uses__language__in=languages)
        for link in links.distinct().order_by("pk"):
            if link.email:
                yield Taker(link.name, Place.SITE, link.email, link.language)
            is_erased |= not link.email
    if is_erased:
        yield Taker(_("Guests who read a text with it; their addresses are erased"), Place.SITE)
