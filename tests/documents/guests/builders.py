"""A draft with words, and links to it."""

from typing import Any

from coalition.accounts.models import Language
from documents.drafts.access import GuestData
from documents.drafts.models import GuestPurpose
from documents.guests.actions import make_guest_link
from documents.models import Draft, GuestLink
from tests.documents.conftest import Room
from tests.recording import recorded

NAME = "Aizhan Canaryguest"
EMAIL = "aizhan@lawyers.example"
REASON = "Our lawyer reads it before it goes out"


@recorded
def invite(
    room: Room, draft: Draft, by: str = "coordinator", *, language: str = "en", **given: Any
) -> tuple[GuestLink, str]:
    """A link and its token: for reading, with a reason, unless something else is given."""
    guest = GuestData(NAME, EMAIL, Language(language))
    asked = {"purpose": GuestPurpose.READ, "reason": REASON, **given}
    return make_guest_link(access=room.access(by), draft=draft, guest=guest, **asked)
