"""Inviting people to an event by mail, notifying them of changes, withdrawing invitations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import derive_token, hash_token
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import Access
from documents.drafts.models import Handling
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.afterwards import ThanksRecipient
from events.core.enums import Answer, Audience, EventState
from events.core.models import Event, EventInvitation, PressGuest
from events.core.permissions import GUEST_MARKS, lock_event, may_change, refuse_cancelled
from events.core.queries import invitable_seats, is_invitation_valid, open_invitations, unnotified_invitations
from events.core.summary import build_invitation_summary, facts_for_invitation
from events.ical.builder import ItipMethod, build_itip_message

MAX_INVITATIONS = 300  # people invited to one event: no mass mail in the coalition's name


@dataclass(frozen=True)
class GuestInput:
    """A person without a seat, by address. `language`: of the mails to them."""

    address: str
    name: str = ""
    language: str = ""


def invite_people(
    *,
    access: Access,
    event: Event,
    people: Iterable[User] = (),
    guests: Iterable[GuestInput] = (),
    audience: Audience | str = "",
) -> list[EventInvitation]:
    """Invite people of the workspace and guests, each by mail; skip people already invited. Return the new
    ones.

    Also for an event that is only planned. Raises NotAllowed; Refused if the event is cancelled or over,
    above MAX_INVITATIONS, or if its marks exclude guests or somebody of the workspace.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        if _is_over(locked):
            raise Refused(_("The event is over: nobody can be invited to it any more."))
        open_now = list(open_invitations(locked))
        wanted = _new_people(locked, people, open_now)
        strangers = _new_guests(locked, guests, open_now)
        if len(open_now) + len(wanted) + len(strangers) > MAX_INVITATIONS:
            raise Refused(
                _("No more than %(most)s people can be invited to one event."), most=MAX_INVITATIONS
            )
        invited: list[dict[str, Any]] = [{"person": one, "language": one.language} for one in wanted]
        for one in strangers:
            language = one.language or access.user.language
            guest = {"guest_name": one.name.strip(), "guest_address": one.address.strip()}
            invited.append(guest | {"language": language})
        made = [_create_invitation(access, locked, audience, **who) for who in invited]
        if made:
            core_audit.record_event_action(
                locked, access, "event.invited", people=len(wanted), guests=len(strangers)
            )
    return made


def withdraw_invitation(*, access: Access, invitation: EventInvitation) -> EventInvitation:
    """Withdraw an invitation, also from the person's calendar. Idempotent. Raises NotAllowed."""
    with transaction.atomic():
        event = lock_event(invitation.event)
        require_that(may_change(access, event))
        locked = EventInvitation.objects.select_for_update().get(pk=invitation.pk)
        if locked.withdrawn_at is not None:
            return locked
        _increment_sequence(event)
        locked.event, locked.withdrawn_at, locked.sent_sequence = event, now(), event.sequence
        locked.save(update_fields=["withdrawn_at", "sent_sequence"])
        hears = event.state != EventState.CANCELLED and not _is_over(event) and is_invitation_valid(locked)
        if hears:
            _send_invitation_mail(locked, "invitation_withdrawn", ItipMethod.CANCEL)
        core_audit.record_event_action(
            event, access, "event.invitation_withdrawn", invitation=str(locked.uuid)
        )
    return locked


def notify_invited(event: Event) -> None:
    """Tell everyone invited of a new time, place or state: one mail a person and SEQUENCE.

    Listens by `on_event_change`, in the transaction of the change. Members who may not see it hear nothing.
    """
    if _is_over(event):
        return
    cancelled = event.state == EventState.CANCELLED
    for invitation in unnotified_invitations(event):
        invitation.event = event
        if not is_invitation_valid(invitation):
            continue
        template = "invitation_cancelled" if cancelled else "invitation_changed"
        _send_invitation_mail(invitation, template, ItipMethod.CANCEL if cancelled else ItipMethod.REQUEST)
        invitation.sent_sequence = event.sequence
        invitation.save(update_fields=["sent_sequence"])


def invitation_token(invitation: EventInvitation) -> str:
    """Return the token of the link to answer, the same in every mail; only its hash is stored."""
    return derive_token("events.answer", invitation.uuid)


def _is_over(event: Event) -> bool:
    return event.lasts_until is not None and event.lasts_until < now()


def _new_people(event: Event, people: Iterable[User], open_now: list[EventInvitation]) -> list[User]:
    wanted = {person.pk: person for person in people}
    allowed = set(invitable_seats(event).filter(person__in=wanted).values_list("person_id", flat=True))
    if wanted.keys() - allowed:
        raise Refused(_("Somebody among them may not see this event: invite those who may."))
    known = {invitation.person_id for invitation in open_now}
    return [person for pk, person in wanted.items() if pk not in known]


def _new_guests(
    event: Event, guests: Iterable[GuestInput], open_now: list[EventInvitation]
) -> list[GuestInput]:
    wanted = {guest.address.strip().casefold(): guest for guest in guests}
    if wanted and event.restricted:
        raise Refused(_("The event is only for some organisations: it takes no guests."))
    if wanted and Handling(event.handling) not in GUEST_MARKS:
        raise Refused(
            _(
                "The event's handling mark is “%(mark)s”: guests from outside can be invited once it is "
                "“%(coalition)s” or “%(public)s”."
            ),
            mark=Handling(event.handling).label,
            coalition=Handling.COALITION.label,
            public=Handling.PUBLIC.label,
        )
    known = {invitation.guest_address.casefold() for invitation in open_now if invitation.guest_address}
    return [guest for address, guest in wanted.items() if address not in known]


def _create_invitation(access: Access, event: Event, audience: str, **who: object) -> EventInvitation:
    invitation = EventInvitation(
        event=event,
        audience=audience,
        invited_by=access.user,
        invited_at=now(),
        sent_sequence=event.sequence,
        **who,
    )
    invitation.token_hash = hash_token(invitation_token(invitation))
    invitation.save()
    _send_invitation_mail(invitation, "invitation", ItipMethod.REQUEST)
    return invitation


def _increment_sequence(event: Event) -> None:
    """Raise SEQUENCE: a calendar drops an event only for a higher one (RFC 5546, 3.2.5).

    For everyone else nothing changed, so they are marked as notified.
    """
    told = event.invitations.filter(withdrawn_at=None, sent_sequence=event.sequence)
    answered = event.invitations.filter(withdrawn_at=None, answered_sequence=event.sequence)
    press = PressGuest.objects.filter(registration__event=event, notified_sequence=event.sequence)
    event.sequence += 1
    told.update(sent_sequence=event.sequence)
    answered.update(answered_sequence=event.sequence)
    press.update(notified_sequence=event.sequence)
    event.save(update_fields=["sequence"])


def _send_invitation_mail(invitation: EventInvitation, template: str, method: ItipMethod) -> None:
    facts, person, answer = facts_for_invitation(invitation), invitation.person, Answer(invitation.answer)
    name = person.name if person is not None else invitation.guest_name
    address = person.email if person is not None else invitation.guest_address
    calendar = build_itip_message(
        facts, method=method, name=name, address=address, answer=answer, sent_at=now()
    )
    link = absolute_url(reverse("calendar_answer", args=[invitation_token(invitation)]))
    outbox.queue_mail(
        key=f"event-{template}:{invitation.uuid}:{facts.sequence}",
        template=f"events/{template}",
        language=invitation.language,
        person=person.uuid if person is not None else None,
        address="" if person is not None else address,
        context={
            "name": name,
            "event": build_invitation_summary(invitation, facts),
            "tells_title": invitation.event.is_public,
            "answered": invitation.answer != Answer.NONE,
            "button_url": link if method == ItipMethod.REQUEST else "",
        },
        calendar=calendar,
        method=method.value,
    )


def answer_invitation(*, invitation: EventInvitation, answer: Answer) -> EventInvitation:
    """Store the answer of the invited person, identified by the link or by sign-in.

    Raises Refused if the event is cancelled or over, or the invitation withdrawn.
    """
    with transaction.atomic():
        event = lock_event(invitation.event)
        locked = EventInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if locked.withdrawn_at is not None:
            raise Refused(_("The invitation was taken back."))
        refuse_cancelled(event)
        if _is_over(event):
            raise Refused(_("The event is over."))
        comes = answer == Answer.ACCEPTED and locked.answer != Answer.ACCEPTED
        locked.event = event
        locked.answer, locked.answered_at, locked.answered_sequence = answer, now(), event.sequence
        locked.save(update_fields=["answer", "answered_at", "answered_sequence"])
        if comes and event.address_for_confirmed:
            _send_invitation_mail(locked, "invitation_address", ItipMethod.REQUEST)
        log.record_audit(
            "event.invitation_answered",
            actor=locked.person,
            target_kind="event",
            target=event.uuid,
            workspace=event.workspace.uuid,
            invitation=str(locked.uuid),
            answer=answer.value,
        )
    return locked


def guests_to_thank(event: Event) -> Iterator[ThanksRecipient]:
    """Yield invited people who accepted."""
    rows = event.invitations.filter(withdrawn_at=None, answer=Answer.ACCEPTED).select_related("person")
    for row in rows:
        row.event = event
        name, person = (row.person.name, row.person.uuid) if row.person else (row.guest_name, None)
        yield ThanksRecipient(f"invited:{row.uuid}", row, name, person, row.guest_address)
