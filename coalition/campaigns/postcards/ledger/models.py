"""Moves of cards, packets of volunteers, counts by two, and deliveries."""

from typing import Final
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.core.double_count import CountEntry
from coalition.campaigns.postcards.ledger.enums import MoveKind, Stock
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.recipients.models import Body, Target
from documents.files.models import StoredFile

LONGEST_MARK: Final = 20


class CardPacket(models.Model):
    """Cards of a batch that one volunteer takes. Nothing names the volunteer.

    `uuid`: also the identifier that the phone gave, so that the same packet sent twice is one. `number`:
    counted in the batch. `mark`: a colour or sticker by which it is recognised, deleted when the packet is
    closed. `closed_at`: since when each of its cards is accounted for.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="packets")
    number = models.PositiveIntegerField()
    mark = models.CharField(_("mark"), max_length=LONGEST_MARK, blank=True)
    due_on = models.DateField(_("to be handed back by"))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["batch", "number"]
        verbose_name = _("packet")
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_packet_number"),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(closed_at=None), name="open_packets_by_due_day")
        ]

    def __str__(self) -> str:
        return f"packet {self.label}"

    @property
    def label(self) -> str:
        """As people say it: the batch's number and its own, "3-7". Needs `batch` loaded."""
        return f"{self.batch.number}-{self.number}"


class CardDelivery(models.Model):
    """Counted cards were handed over to a body or to one person in it; its lines are moves.

    `incoming_number` or `receipt`: what was given for it. The receipt is a file of the workspace, of which
    everybody reads a copy without metadata while the design is published. `taken_back_at`: it was entered by
    mistake, and its moves are undone.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    design = models.ForeignKey(CardDesign, on_delete=models.PROTECT, related_name="deliveries")
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Target, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    incoming_number = models.CharField(_("incoming number"), max_length=80, blank=True)
    receipt = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "-id"]
        verbose_name = _("delivery of cards")
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=False, target=None) | Q(body=None, target__isnull=False),
                name="card_delivery_to_one_recipient",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.uuid}"


class CardTally(models.Model):
    """Collected cards of a batch that two people count. `number`: counted in the batch; one is open at most.
    `count`, `settled_at`: what both found, and since when; `by_telephone`: the second person heard the cards
    read out."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="tallies")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField(null=True, blank=True)
    by_telephone = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_card_tally_number"),
            models.UniqueConstraint(
                fields=["batch"], condition=Q(settled_at=None), name="one_open_card_tally"
            ),
        ]

    def __str__(self) -> str:
        return f"count {self.number} of batch {self.batch_id}"


class CardCount(CountEntry):
    """What one person found."""

    tally = models.ForeignKey(CardTally, on_delete=models.PROTECT, related_name="entries")


class CardMove(models.Model):
    """So many cards of a batch went from one stock to another. Append-only: written by `write_move` alone.

    `source`: "" for what is printed. `day`: when it happened (local date of the site); `at`: when it was
    entered. `client_id`: given by whoever sends it, so that the same one sent twice is one. `packet`: of
    everything that goes out or comes back. `reverses`: the move that this one undoes, with its kind and the
    way back; a reversing entry is never undone itself.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    client_id = models.UUIDField(default=uuid4, unique=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=12, choices=MoveKind)
    source = models.CharField(max_length=12, choices=Stock, blank=True)
    destination = models.CharField(max_length=12, choices=Stock, blank=True)
    quantity = models.PositiveIntegerField(_("number of cards"))
    packet = models.ForeignKey(
        CardPacket, null=True, blank=True, on_delete=models.PROTECT, related_name="moves"
    )
    tally = models.OneToOneField(
        CardTally, null=True, blank=True, on_delete=models.PROTECT, related_name="move"
    )
    delivery = models.ForeignKey(
        CardDelivery, null=True, blank=True, on_delete=models.PROTECT, related_name="moves"
    )
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    day = models.DateField(_("day"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("move of cards")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="card_move_of_some_cards"),
            models.CheckConstraint(
                condition=~Q(source=models.F("destination")), name="card_move_between_two_stocks"
            ),
            models.CheckConstraint(
                condition=Q(Q(source="out") | Q(destination="out"), packet__isnull=False)
                | Q(~Q(source="out"), ~Q(destination="out"), packet=None),
                name="card_move_with_packet_if_out",
            ),
            models.CheckConstraint(
                condition=Q(kind="counted", tally__isnull=False) | Q(~Q(kind="counted"), tally=None),
                name="card_move_with_tally_if_counted",
            ),
            models.CheckConstraint(
                condition=Q(kind="delivered", delivery__isnull=False)
                | Q(~Q(kind="delivered"), delivery=None),
                name="card_move_with_delivery_if_so",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} of batch {self.batch_id}"
