"""Who took a file by reading a text in which it stands under an embargo."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from coalition.consent.enums import Place
from coalition.consent.items import Taker
from coalition.core.crypto import parse_uuid
from coalition.core.retention import anonymise_cutoff
from documents.drafts.models import EmbargoAct
from documents.files.in_texts import languages_with_file
from documents.publication.models import EmbargoAccess, EmbargoUse
from documents.publication.queries import contacts_with


def takers_under_embargo(key: str) -> Iterator[Taker]:
    """Yield people of outlets who read or downloaded a text with the file with this UUID, or a copy of it,
    before it was public, under the name of their outlet: only the organisation of a contact knows the other
    name. Without an address once the contact was removed. Who agreed so long ago that their reading is
    erased counts as a reader."""
    uuid = parse_uuid(key)
    found = languages_with_file(uuid) if uuid is not None else {}
    readers: list[UUID] = []
    for draft, languages in found.items():
        reading = EmbargoUse.objects.filter(
            access=OuterRef("pk"),
            act__in=(EmbargoAct.READ, EmbargoAct.DOWNLOADED),
            language__in=languages,
        )
        read = Exists(reading) | Q(agreed_at__lt=anonymise_cutoff())
        rows = EmbargoAccess.objects.filter(read, publication__draft=draft)
        readers += rows.order_by("pk").values_list("contact", flat=True)
    contacts = contacts_with(readers)
    for contact in (contacts[one] for one in dict.fromkeys(readers) if one in contacts):
        address = contact.address if contact.removed_at is None else ""
        yield Taker(contact.outlet.name, Place.SITE, address, contact.language)
