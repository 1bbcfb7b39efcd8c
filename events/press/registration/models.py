"""Check-in phones: rows, queries, live topic."""

from uuid import UUID

from django.db import models
from django.db.models import Count, Q

from coalition import live_push
from coalition.accounts.models import User
from events.core.enums import PressState
from events.core.models import Event, PressGuest, PressRegistration
from events.core.permissions import subscribed_event


class PressTick(models.Model):
    """Check-in tick of a journalist. The earliest valid tick is the time of arrival.

    `mark`: the phone's random idempotency key; `phone`: a keyed hash, "" for a button in the member area;
    `at`: when it was pressed, corrected by the server.
    """

    registration = models.ForeignKey(PressRegistration, on_delete=models.CASCADE, related_name="ticks")
    guest = models.ForeignKey(PressGuest, on_delete=models.CASCADE, related_name="ticks")
    mark = models.UUIDField()
    phone = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    sent_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["registration", "mark"], name="one_press_tick_a_mark")]

    def __str__(self) -> str:
        return f"press tick {self.mark}"


def guests_for_check_in(registration: PressRegistration, since: int = 0) -> list[PressGuest]:
    """Return guests who may have a code, in an order without meaning; `since`: only those changed
    after that sequence number. No encrypted field is read."""
    rows = PressGuest.objects.filter(registration=registration)
    holds = Q(state=PressState.CONFIRMED) | Q(
        answers__gt=0, state__in=(PressState.WITHDRAWN, PressState.WAITING, PressState.FULL)
    )
    rows = rows.filter(holds, door_number__gt=since) if since else rows.filter(holds)
    return list(rows.only("uuid", "state", "came_at").order_by("code_hash"))


def check_in_counts(event: Event) -> tuple[int, int] | None:
    """Return the numbers of checked-in and confirmed guests; None without registration. One query."""
    confirmed = Q(guests__state=PressState.CONFIRMED)
    rows = (
        PressRegistration.objects.filter(event=event)
        .order_by()
        .annotate(
            here=Count("guests__came_at", filter=confirmed), confirmed=Count("guests", filter=confirmed)
        )
    )
    return rows.values_list("here", "confirmed").first()


KIND = "door"


def check_in_topic(event: UUID) -> str:
    return f"{KIND}:{event}"


def push_check_in(event: UUID, number: int) -> None:
    """Notify open pages after the commit."""
    live_push.push_topic(topic=check_in_topic(event), last_id=number)


def may_subscribe_to_check_in(user_id: int, identity: str) -> bool:
    """Whether the user may subscribe: people who may change the event."""
    return _registration(user_id, identity) is not None


def last_check_in_id(user_id: int, identity: str) -> int:
    found = _registration(user_id, identity)
    return found.door_number if found is not None else 0


def _registration(user_id: int, identity: str) -> PressRegistration | None:
    event = subscribed_event(user_id, identity)
    return PressRegistration.objects.filter(event=event).first() if event is not None else None
