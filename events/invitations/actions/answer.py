"""Answering an invitation. The last answer counts, until the event is over. Who comes is told an
address that is for the confirmed."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from events.core.enums import Answer
from events.core.locking import hold, refuse_cancelled
from events.core.models import EventInvitation
from events.invitations.actions.invite import tell_address


def answer_invitation(*, invitation: EventInvitation, answer: Answer) -> EventInvitation:
    """Keep the answer of the invited one, who has shown the link or has signed in.

    Raises Refused in words if the event is cancelled or over, or if the invitation was withdrawn.
    """
    with transaction.atomic():
        event = hold(invitation.event)
        locked = EventInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if locked.withdrawn_at is not None:
            raise Refused(_("The invitation was taken back."))
        refuse_cancelled(event)
        if event.lasts_until is not None and event.lasts_until < now():
            raise Refused(_("The event is over."))
        comes = answer == Answer.ACCEPTED and locked.answer != Answer.ACCEPTED
        locked.event = event
        locked.answer, locked.answered_at, locked.answered_sequence = answer, now(), event.sequence
        locked.save(update_fields=["answer", "answered_at", "answered_sequence"])
        if comes and event.address_for_confirmed:
            tell_address(locked)
        log.record(
            "event.invitation_answered",
            actor=locked.person,
            target_kind="event",
            target=event.uuid,
            workspace=event.workspace.uuid,
            invitation=str(locked.uuid),
            answer=answer.value,
        )
    return locked
