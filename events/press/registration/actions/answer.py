"""Answering journalists by hand, and noting who came."""

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.press.kit.notifications import tell_who_came
from events.press.registration.actions.settings import move_up
from events.press.registration.check_in.models import PressTick
from events.press.registration.check_in.sequence import moved
from events.press.registration.enums import ANSWERS, PressState
from events.press.registration.models import PressGuest
from events.press.registration.notifications import answer_guest


def answer_by_hand(*, access: Access, guest: PressGuest, answer: PressState) -> PressGuest:
    """Say confirmed, waiting list or no place; they are told. The same answer again tells nothing.

    An organiser may give an outlet more than its number, never more places than there are. A place that gets
    free goes to the waiting list. Raises NotAllowed; Refused for who withdrew, who came, or without a place.
    """
    with transaction.atomic():
        event, locked = _held(access, guest)
        refuse_cancelled(event)
        _refuse_silence(event)
        before = PressState(locked.state)
        if answer not in ANSWERS or not before.can_be_answered:
            raise Refused(_("This person did not ask, or has withdrawn."))
        if before == answer:
            return locked
        if locked.came_at is not None:
            raise Refused(_("This person is here already."))
        taken = PressGuest.objects.filter(registration=locked.registration, state=PressState.CONFIRMED)
        if answer == PressState.CONFIRMED and taken.count() >= locked.registration.places:
            raise Refused(_("All places are taken. Raise their number first."))
        answer_guest(locked, answer)
        audit.record(event, access, "event.press_answered", guest=str(locked.uuid), answer=answer.value)
        if before == PressState.CONFIRMED and answer == PressState.FULL:
            move_up(locked.registration)
    return locked


def check_in(*, access: Access, guest: PressGuest) -> tuple[PressGuest, bool]:
    """Note that somebody is here; and whether it was not noted before. Two phones at once note it once.

    Raises NotAllowed; Refused for who has no place, and if the event is cancelled.
    """
    with transaction.atomic():
        event, locked = _held(access, guest)
        refuse_cancelled(event)
        if locked.came_at is not None:
            return locked, False
        if locked.state != PressState.CONFIRMED:
            raise Refused(_("This person has no place yet: confirm them first."))
        locked.came_at, locked.came_by = now(), access.user
        locked.save(update_fields=["came_at", "came_by"])
        PressTick.objects.create(
            registration=locked.registration,
            guest=locked,
            mark=uuid4(),
            at=locked.came_at,
            sent_at=locked.came_at,
            by=access.user,
        )
        moved(locked.registration, [locked])
        tell_who_came(event)
        audit.record(event, access, "event.press_came", guest=str(locked.uuid))
    return locked, True


def undo_check_in(*, access: Access, guest: PressGuest) -> None:
    """It was somebody else, whoever ticked them off and on however many phones. Raises NotAllowed."""
    with transaction.atomic():
        event, locked = _held(access, guest)
        if locked.came_at is None:
            return
        locked.came_at = locked.came_by = None
        locked.save(update_fields=["came_at", "came_by"])
        PressTick.objects.filter(guest=locked, taken_back_at=None).update(taken_back_at=now())
        moved(locked.registration, [locked])
        audit.record(event, access, "event.press_came_undone", guest=str(locked.uuid))


def _held(access: Access, guest: PressGuest) -> tuple[Event, PressGuest]:
    """The event's row is held for every change: people, places and the waiting list are one thing."""
    event = hold(guest.registration.event)
    require_that(may_change(access, event))
    locked = PressGuest.objects.select_related("registration").filter(pk=guest.pk).first()
    if locked is None:
        raise Refused(_("This registration is not there any more."))
    locked.registration.event = event
    return event, locked


def _refuse_silence(event: Event) -> None:
    """Nobody is answered of whom nobody could be told."""
    if not event.is_public:
        raise Refused(_("The event is not public: nobody is told of it."))
    if event.lasts_until is not None and event.lasts_until < now():
        raise Refused(_("The event is over."))
