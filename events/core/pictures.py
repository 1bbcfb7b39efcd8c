"""Pictures of events in public.

A picture has a public copy, at an address of its own that no gate can close. So a picture of somebody under
consent has none: it is sent by a view that asks the gate at each request.
"""

from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Q

from coalition.consent.enums import Place
from coalition.consent.gate import ConsentGate
from coalition.consent.models import ConsentItem
from coalition.consent.shared_gates import gate_for
from coalition.core.crypto import parse_uuid
from documents.drafts.models import Handling
from documents.files.consent import FILE, file_item, is_under_consent
from documents.models import StoredFile
from events.core.actions.times import copy_picture_for_public, delete_public_picture
from events.core.models import Event

PRIVATE_MARKS: Final = frozenset({Handling.NAMED_PEOPLE, Handling.ORGANISATION})


def is_for_few(picture: StoredFile) -> bool:
    """Whether readers, handling mark or deletion keep the picture from the public."""
    return picture.restricted or picture.handling in PRIVATE_MARKS or picture.deleted_at is not None


def passes_with_words(gate: ConsentGate, file: StoredFile) -> bool:
    """Whether the file may go out with its own words. A copy of bytes under consent may not before it is
    under consent itself: nobody agreed to its words."""
    if gate.is_under_consent(FILE, str(file.uuid)):
        return gate.may_show(file_item(file))
    return not gate.holds_bytes(file.sha256)


def make_copy(picture: StoredFile | None) -> str:
    """Return the name of a new public copy, made before the transaction; "" without a picture, and for one
    under consent. Raises Refused as `copy_picture_for_public`."""
    return copy_picture_for_public(picture) if picture is not None and not is_under_consent(picture) else ""


def checked_copy(picture: StoredFile | None, copy: str) -> str:
    """Return `copy`; "" and delete it if the picture came under consent meanwhile. In the transaction."""
    if copy and picture is not None and is_under_consent(picture):
        transaction.on_commit(lambda: delete_public_picture(copy))
        return ""
    return copy


def shows_somebody(gate: ConsentGate, picture: StoredFile) -> bool:
    """Whether the picture, or an item with the same bytes, is under consent, as `is_under_consent`."""
    return gate.is_under_consent(FILE, str(picture.uuid)) or gate.holds_bytes(picture.sha256)


def public_copy_url(event: Event) -> str:
    """Return the address of the public copy of the event's picture; "" without one, and for a picture under
    consent, whatever was agreed: who has this address asks no gate. One query, shared by a request."""
    picture = event.picture if event.is_public and event.public_picture else None
    if picture is None or shows_somebody(gate_for(Place.SITE), picture):
        return ""
    return str(event.public_picture.url)


def withdraw_copies(item: ConsentItem) -> list[Event]:
    """Delete the public copies of pictures that are this item, or have or had its bytes, in the caller's
    transaction. Return the events that had one, locked."""
    same = Q(picture__sha256__in=[one for one in item.hashes if one])
    if item.kind == FILE and (uuid := parse_uuid(item.key)) is not None:
        same |= Q(picture__uuid=uuid)
    rows = Event.objects.filter(same).exclude(public_picture="").order_by("pk")
    events = list(rows.select_for_update(of=("self",)))
    for event in events:
        name = str(event.public_picture)
        event.public_picture = ""
        event.save(update_fields=["public_picture"])
        transaction.on_commit(partial(delete_public_picture, name))
    return events
