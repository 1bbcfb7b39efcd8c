"""Spokespersons and enquiries to test with."""

import datetime

from coalition.clock.now import now
from coalition.partners.enums import Language
from coalition.partners.models import User
from coalition.workspaces.rules import Access
from events.domain.enquiries import Asked, take_in_enquiry
from events.domain.speaking_consent import agree_to_be_named
from events.domain.spokespersons import Speaking, add_spokesperson
from events.models import Enquiry, Spokesperson


def speaker(
    access: Access, name: str = "Ainur", *, agreed: bool = False, person: User | None = None, **given: object
) -> Spokesperson:
    """Somebody who speaks Kazakh for the organisation; without `person` somebody without an account."""
    said: dict[str, object] = {"languages": ["kk"], "person": person, **given}
    if person is None:
        said = {"name": name, "address": f"{name.lower()}@speaks.example", **said}
    row = add_spokesperson(access=access, said=Speaking(**said))  # type: ignore[arg-type]  # passed through
    return agree_to_be_named(spokesperson=row, with_phone=False) if agreed else row


def enquiry(
    access: Access, outlet: str = "Dala TV", *, hours: float = 6, mine: bool = False, **given: object
) -> Enquiry:
    """Answer until so many hours from now."""
    said: dict[str, object] = {
        "outlet": outlet,
        "language": Language.KK,
        "deadline": now() + datetime.timedelta(hours=hours),
        "name": "Erlan Reporter",
        "reached_at": "+7 701 000 00 00",
        "question": "Who pays you?",
        **given,
    }
    return take_in_enquiry(access=access, asked=Asked(**said), mine=mine)  # type: ignore[arg-type]  # passed through
