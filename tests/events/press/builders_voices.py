"""Spokespersons, enquiries, lines of a message guide and coverage to test with."""

import datetime

from coalition.accounts.models import Language, User
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from events.models import Coverage, Enquiry, GuideLine, Spokesperson
from events.press.coverage.actions import add_coverage
from events.press.coverage.models import CoverageKind
from events.press.enquiries.actions import add_enquiry, save_guide_line
from events.press.enquiries.models import LineKind
from events.press.spokespersons.actions import add_spokesperson, agree_to_be_named
from tests.recording import recorded


@recorded
def speaker(
    access: Access, name: str = "Ainur", *, agreed: bool = False, person: User | None = None, **given: object
) -> Spokesperson:
    """Somebody who speaks Kazakh for the organisation; without `person` somebody without an account."""
    said: dict[str, object] = {"languages": ["kk"], "person": person, **given}
    if person is None:
        said = {"own_name": name, "address": f"{name.lower()}@speaks.example", **said}
    row = add_spokesperson(access=access, **said)
    return agree_to_be_named(spokesperson=row, with_phone=False) if agreed else row


@recorded
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
    return add_enquiry(access=access, mine=mine, **said)


@recorded
def line(
    access: Access, head: str = "We are paid by nobody", text: str = "Our report is public.", **given: object
) -> GuideLine:
    """A key message of the workspace, in English."""
    said: dict[str, object] = {"kind": LineKind.MESSAGE, "head": {"en": head}, "text": {"en": text}, **given}
    return save_guide_line(access=access, **said)


def aired(outlet: str = "Dala TV", **given: object) -> dict[str, object]:
    """What an outlet published on 2 March 2026."""
    return {
        "outlet": outlet,
        "kind": CoverageKind.ONLINE,
        "on": datetime.date(2026, 3, 2),
        "title": "Article 123",
        "link": f"https://{outlet.split(maxsplit=1)[0].lower()}.example/{len(outlet)}",
        **given,
    }


@recorded
def covered(access: Access, outlet: str = "Dala TV", **given: object) -> Coverage:
    return add_coverage(access=access, **aired(outlet, **given))
