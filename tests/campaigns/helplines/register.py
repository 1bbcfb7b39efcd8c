"""People around a helpline, and what they send, for the tests of the register."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from coalition.accounts.models import MembershipRole, Organisation, User
from coalition.campaigns.helplines.actions.entries import add_helpline, stamp_of, write_entry
from coalition.campaigns.helplines.actions.review import publish_entry
from coalition.campaigns.helplines.enums import Answered, Cost, RunBy
from coalition.campaigns.helplines.models import HelplineEntry
from coalition.core.localized_text import LocalizedText
from tests.factories import MembershipFactory, OrganisationFactory

NIGHTS = [{"weekday": day, "opens": "20:00", "closes": "08:00"} for day in range(7)]


def content(**given):
    """What an author writes."""
    told = {
        "name": LocalizedText({"kk": "Сенім телефоны", "en": "Trust line"}),
        "summary": LocalizedText(),
        "run_by": RunBy.ORGANISATION,
        "operator": LocalizedText(),
        "channels": [{"kind": "phone", "value": "150", "note": {}}],
        "is_round_the_clock": False,
        "hours": NIGHTS,
        "special_days": [],
        "is_closed_on_holidays": False,
        "languages": ["kk", "ru"],
        "regions": [],
        "cost": Cost.FREE,
        "is_anonymous": Answered.YES,
        "is_recorded": Answered.UNKNOWN,
        "passed_to_police": LocalizedText({"kk": "Сіз келіссеңіз ғана", "en": "Only if you agree"}),
        "licence_until": None,
    }
    return told | given


@dataclass
class Register:
    """A centre that answers for lines, and another organisation that reviews them."""

    centre: Organisation = field(default_factory=OrganisationFactory)
    others: Organisation = field(default_factory=OrganisationFactory)

    def __post_init__(self) -> None:
        self.author = self.member(self.centre)
        self.reviewer = self.member(self.others, MembershipRole.REPRESENTATIVE)

    def member(self, organisation: Organisation, role: MembershipRole = MembershipRole.MEMBER) -> User:
        return MembershipFactory(organisation=organisation, role=role).person

    def proposed(self, **given) -> HelplineEntry:
        return add_helpline(
            person=self.author,
            organisation=self.centre.uuid,
            content=content(**given),
            proposes=True,
            has_called=True,
        )

    def published(self, **given) -> HelplineEntry:
        entry = self.proposed(**given)
        return publish_entry(person=self.reviewer, entry=entry, seen=stamp_of(entry))

    def change(self, published: HelplineEntry, *, seen="", has_called=True, proposes=True, **given):
        return write_entry(
            person=self.author,
            helpline=published.helpline,
            content=content(**given),
            seen=seen,
            proposes=proposes,
            has_called=has_called,
        )


class _Controls(HTMLParser):
    """Everything that a browser would send of the form with `data-guard`."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside = False
        self.open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "form":
            self.inside = "data-guard" in given
        elif not self.inside:
            return
        elif tag == "input" and name and (kind not in {"checkbox", "radio"} or "checked" in given):
            self.sent.setdefault(name, []).append(given.get("value") or "")
        elif tag in {"select", "textarea"} and name:
            self.open = name
            self.sent.setdefault(name, [])
        elif tag == "option" and self.open and "selected" in given:
            self.sent[self.open].append(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self.open:
            self.sent[self.open].append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self.open = None
        elif tag == "form":
            self.inside = False


def sent_by(page: str) -> dict[str, list[str]]:
    """What the form of the page would send, untouched."""
    parser = _Controls()
    parser.feed(page)
    parser.sent.pop("csrfmiddlewaretoken", None)
    return parser.sent


def filled(**given: str | list[str]) -> dict[str, str | list[str]]:
    """What somebody sends who adds a line."""
    typed: dict[str, str | list[str]] = {
        "name_kk": "Сенім телефоны",
        "name_en": "Trust line",
        "run_by": "organisation",
        "channel-TOTAL_FORMS": "2",
        "channel-INITIAL_FORMS": "0",
        "channel-0-kind": "phone",
        "channel-0-value": "150",
        "channel-1-kind": "whatsapp",
        "channel-1-value": "8 701 123 45 67",
        "channel-1-note_ru": "только сообщения",
        "morning_opens_0": "20:00",
        "morning_closes_0": "08:00",
        "special-TOTAL_FORMS": "1",
        "special-INITIAL_FORMS": "0",
        "languages": ["kk", "ru"],
        "cost": "free",
        "is_anonymous": "yes",
        "is_recorded": "unknown",
        "passed_to_police_kk": "Сіз келіссеңіз ғана",
        "has_called": "on",
        "propose": "1",
    }
    return typed | given
