"""Lines with figures, and people who decide about them."""

import datetime

from django.test import Client
from django.urls import reverse

from coalition.accounts.models import MembershipRole, Organisation, User
from coalition.campaigns.helplines.enums import EntryState
from coalition.campaigns.helplines.figures.actions import enter_month
from coalition.campaigns.helplines.figures.publication import agree, propose_figures, publish_figures
from coalition.campaigns.helplines.figures.queries import Part, counts_of_month, stamp_of_counts
from coalition.campaigns.models import FigurePublication, Helpline, HelplineEntry
from tests.campaigns.factories import HelplineEntryFactory
from tests.factories import MembershipFactory

NOW = "2026-11-10 06:00Z"  # October 2026 is over
ABAI, ALMATY, ASTANA = "KZ-10", "KZ-75", "KZ-71"


def month(number: int) -> datetime.date:
    """A month of 2026."""
    return datetime.date(2026, number, 1)


def line(**given: object) -> Helpline:
    """A public line of an organisation of its own."""
    return HelplineEntryFactory(**given).helpline


def representative(organisation: Organisation) -> User:
    return MembershipFactory(organisation=organisation, role=MembershipRole.REPRESENTATIVE).person


def enter(helpline: Helpline, on: datetime.date, total: int, parts: dict[Part, int] | None = None) -> None:
    """Enter a month as a member of the line's organisation does."""
    person = MembershipFactory(organisation=helpline.organisation).person
    seen = stamp_of_counts(counts_of_month(helpline, on))
    enter_month(helpline=helpline, month=on, total=total, parts=parts or {}, seen=seen, person=person)


def published_entry(helpline: Helpline) -> HelplineEntry:
    return helpline.entries.get(state=EntryState.PUBLISHED)


class Stage:
    """Two lines with figures of July to October, each of an organisation with a representative."""

    def __init__(self) -> None:
        self.first, self.second = line(), line()
        self.anna, self.bota = (representative(one.organisation) for one in (self.first, self.second))
        for helpline in (self.first, self.second):
            for number, total in ((7, 40), (8, 50), (9, 60), (10, 70)):
                enter(helpline, month(number), total, {(ABAI, "kk"): 15, (ASTANA, "ru"): total - 18})

    def propose(self, first: int = 7, last: int = 9) -> FigurePublication:
        return propose_figures(
            person=self.anna, organisation=self.first.organisation, first=month(first), last=month(last)
        )

    def agree(self, publication: FigurePublication, *people: User) -> None:
        for person in people or (self.anna, self.bota):
            agree(person=person, publication=publication, organisation=self.organisation_of(person))

    def organisation_of(self, person: User):
        return (self.first if person == self.anna else self.second).organisation

    def publish(self, **months: int) -> FigurePublication:
        publication = self.propose(**months)
        self.agree(publication)
        publish_figures(person=self.anna, publication=publication)
        return publication


def page(client: Client, path: str = "") -> str:
    return client.get(path or reverse("help_figures")).content.decode()


def desk_page(client_of, person: User, publication: FigurePublication) -> str:
    return page(client_of(person), reverse("campaigns:figure_publication", args=[publication.uuid]))
