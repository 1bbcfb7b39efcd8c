"""A design of postcards with batches, a body that gets them, and people of several organisations."""

import datetime
from dataclasses import dataclass

import factory
from django.utils.timezone import localdate

from coalition.accounts.models import Organisation, User
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.double_count import CountMethod
from coalition.campaigns.models import Batch, Body, CardDesign, CardMove, CardPacket, ReferralCode
from coalition.campaigns.postcards.ledger.actions.counts import count_cards
from coalition.campaigns.postcards.ledger.actions.moves import record_printed
from coalition.campaigns.postcards.ledger.actions.packets import give_packet, take_back_packet
from coalition.campaigns.postcards.ledger.enums import MoveKind
from coalition.campaigns.postcards.ledger.queries import BatchNumbers, numbers_of_batches
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, access_to
from tests.campaigns.appeals.factories import hashes_of, open_appeal
from tests.documents.approval.builders import Stage, stage
from tests.factories import Factory, numbered, seat
from tests.recording import recorded

ALMATY = "KZ-75"
WEEK = datetime.timedelta(days=7)


class BodyFactory(Factory):
    """Needs `workspace`."""

    class Meta:
        model = Body

    kind = "parliament"
    name = factory.LazyFunction(lambda: {"kk": "Кеңсе", "ru": "Канцелярия", "en": "Chancellery"})


class CardDesignFactory(Factory):
    """Needs `workspace`, `organisation` and `publication`."""

    class Meta:
        model = CardDesign

    slug = numbered(lambda n: f"cards-{n}")
    hashes = factory.LazyAttribute(lambda o: hashes_of(o.publication))
    languages = factory.LazyFunction(lambda: ["kk", "ru", "en"])
    action = "appeal"
    created_at = factory.LazyFunction(now)


class BatchFactory(Factory):
    """Needs `design`, `organisation` and `referral`."""

    class Meta:
        model = Batch

    quantity = 500
    region = ALMATY
    made_at = factory.LazyFunction(lambda: now() - WEEK)


class BatchCodeFactory(Factory):
    """Needs `workspace`, `organisation` and `target`."""

    class Meta:
        model = ReferralCode

    action = "appeal"
    medium = "batch"
    label = numbered(lambda n: f"Batch {n}")
    code = numbered(lambda n: f"BATCH{n:05d}")
    made_at = factory.LazyFunction(now)


@dataclass
class Cards:
    """`access` is the coordinator's, who belongs to the organisation of the design."""

    made: Stage
    design: CardDesign
    body: Body

    @property
    def access(self) -> Access:
        return self.made.access

    @property
    def organisation(self) -> Organisation:
        return self.made.organisations[0]

    @recorded
    def batch(self, number: int = 1, *, organisation: Organisation | None = None, **given: object) -> Batch:
        owner = organisation or self.organisation
        referral = BatchCodeFactory(
            workspace=self.made.workspace, organisation=owner, target=self.design.target
        )
        return BatchFactory(design=self.design, number=number, organisation=owner, referral=referral, **given)

    @recorded
    def printed(self, quantity: int = 500, number: int = 1, **given: object) -> Batch:
        """A batch whose cards came from the printer."""
        batch = self.batch(number, **given)
        record_printed(access=self.access, batch=batch, quantity=quantity, day=site_today())
        return batch

    @recorded
    def collected(self, filled: int = 63, blank: int = 37, **given: object) -> Batch:
        """A batch of which a packet of 100 came back."""
        batch = self.printed(**given)
        self.take_back_packet(self.packet(batch), filled=filled, blank=blank)
        return batch

    @recorded
    def counted(self, filled: int = 63, **given: object) -> Batch:
        """A batch whose filled-in cards were counted by two."""
        batch = self.collected(filled, **given)
        for access in (self.access, self.other()):
            count_cards(access=access, batch=batch, number=1, count=filled)
        return batch

    @recorded
    def read_back(self, filled: int = 63, *, region: str = "KZ-62", **given: object) -> Batch:
        """A batch whose second count was read out by telephone: no other organisation is in its region."""
        batch = self.collected(filled, region=region, **given)
        colleague = self.other(organisation=self.organisation)
        count_cards(access=self.access, batch=batch, number=1, count=filled)
        telephone = CountMethod.BY_TELEPHONE
        count_cards(access=colleague, batch=batch, number=1, count=filled, method=telephone)
        return batch

    @recorded
    def packet(self, batch: Batch, quantity: int = 100, **given: object) -> CardPacket:
        return give_packet(**packet_of(self.access, batch, quantity, **given))

    @recorded
    def take_back_packet(
        self, packet: CardPacket, *, filled: int = 0, blank: int = 0, posted: int = 0, lost: int = 0
    ) -> CardPacket:
        return take_back_packet(
            access=self.access,
            packet=packet,
            quantities=handed_back(filled=filled, blank=blank, posted=posted, lost=lost),
            day=site_today(),
        )

    @recorded
    def seated(
        self, role: SeatRole = SeatRole.CONTRIBUTOR, *, regions: tuple[str, ...] = (ALMATY,), **given: object
    ) -> User:
        taken = seat(workspace=self.made.workspace, role=role, **given)
        Organisation.objects.filter(pk=taken.organisation_id).update(regions=list(regions))
        return taken.person

    def access_of(self, person: User) -> Access:
        return access_to(person, self.made.workspace.uuid)

    def other(self, role: SeatRole = SeatRole.CONTRIBUTOR, **given: object) -> Access:
        """Somebody of another organisation of the region."""
        return self.access_of(self.seated(role, **given))


@recorded
def cards(slug: str = "cards-for-a-law", **given: object) -> Cards:
    """A design with a body that gets the cards; its organisation works in Almaty."""
    made = stage(regions=[ALMATY])
    version = open_appeal("kk", made=made, slug=f"appeal-of-{slug}")
    body = BodyFactory(workspace=made.workspace)
    design = CardDesignFactory(
        workspace=made.workspace,
        organisation=made.organisations[0],
        publication=version.publication,
        target=version.appeal.uuid,
        recipient_body=body,
        slug=slug,
        **given,
    )
    return Cards(made, design, body)


def packet_of(access: Access, batch: Batch, quantity: int = 100, **given: object) -> dict[str, object]:
    """What `give_packet` needs."""
    today = site_today()
    needed = {"quantity": quantity, "due_on": today + WEEK, "day": today}
    return {"access": access, "batch": batch, **needed, **given}


def handed_back(*, filled: int = 0, blank: int = 0, posted: int = 0, lost: int = 0) -> dict[MoveKind, int]:
    return {
        MoveKind.COLLECTED: filled,
        MoveKind.RETURNED: blank,
        MoveKind.POSTED: posted,
        MoveKind.LOST: lost,
    }


def numbers(batch: Batch) -> BatchNumbers:
    return numbers_of_batches([batch.pk])[batch.pk]


def stocks(batch: Batch) -> dict[str, int]:
    """The stocks that hold something."""
    return {name.value: count for name, count in numbers(batch).stocks.items() if count}


def moves(batch: Batch) -> list[tuple[str, int]]:
    rows = CardMove.objects.filter(batch=batch).order_by("id")
    return [(row.kind, row.quantity) for row in rows]


def made_on(batch: Batch) -> datetime.date:
    return localdate(batch.made_at)
