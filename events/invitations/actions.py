"""Inviting people to an event by mail, telling them of every change, and taking an invitation back."""

import base64
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.enums import Answer, Audience, EventState
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event, EventInvitation
from events.core.permissions import may_change
from events.core.queries import may_be_invited, open_invitations, still_counts, untold_invitations
from events.core.summary import facts_of, invited
from events.ical.itip import Method, message
from events.press.registration.models import PressGuest

MOST = 300  # people invited to one event: mail in the coalition's name is no mass mail
FOR_GUESTS = {Handling.COALITION, Handling.PUBLIC}


@dataclass(frozen=True)
class Guest:
    """Somebody without a seat, by address. `language`: the one they are written to in."""

    address: str
    name: str = ""
    language: str = ""


def invite_people(
    *,
    access: Access,
    event: Event,
    people: Iterable[User] = (),
    guests: Iterable[Guest] = (),
    audience: Audience | str = "",
) -> list[EventInvitation]:
    """Invite people of the workspace and guests, each by a mail of their own. Returns the new invitations.

    Whoever is invited already is left as they are. Also to an event that is only planned: then those who
    are invited are the first to know. Raises NotAllowed without the right, Refused in words if the event
    is cancelled or over, if its marks keep it from guests, or from somebody of the workspace.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked))
        _check_event(locked)
        open_now = list(open_invitations(locked))
        wanted = _new_people(locked, people, open_now)
        strangers = _new_guests(locked, guests, open_now)
        if len(open_now) + len(wanted) + len(strangers) > MOST:
            raise Refused(_("No more than %(most)s people can be invited to one event."), most=MOST)
        made = [
            _invite(access, locked, audience, person=person, language=person.language) for person in wanted
        ] + [
            _invite(
                access,
                locked,
                audience,
                guest_name=guest.name.strip(),
                guest_address=guest.address.strip(),
                language=guest.language or access.user.language,
            )
            for guest in strangers
        ]
        if made:
            audit.record(locked, access, "event.invited", people=len(wanted), guests=len(strangers))
    return made


def withdraw(*, access: Access, invitation: EventInvitation) -> EventInvitation:
    """Take an invitation back: the link ends, and the event leaves the person's calendar. Twice is once.

    Raises NotAllowed without the right.
    """
    with transaction.atomic():
        event = hold(invitation.event)
        require_that(may_change(access, event))
        locked = EventInvitation.objects.select_for_update().get(pk=invitation.pk)
        if locked.withdrawn_at is not None:
            return locked
        _raise_sequence(event)
        locked.event, locked.withdrawn_at, locked.sent_sequence = event, now(), event.sequence
        locked.save(update_fields=["withdrawn_at", "sent_sequence"])
        hears = event.state != EventState.CANCELLED and not _is_over(event) and still_counts(locked)
        if hears:
            _send(locked, "invitation_withdrawn", Method.CANCEL)
        audit.record(event, access, "event.invitation_withdrawn", invitation=str(locked.uuid))
    return locked


def tell_invited(event: Event) -> None:
    """Tell everyone invited of a new time, place or state: one mail a person and SEQUENCE.

    Registered with `trail.on_change`: runs in the transaction of the change. Members who may not see the
    event any more hear nothing.
    """
    if _is_over(event):
        return
    cancelled = event.state == EventState.CANCELLED
    for invitation in untold_invitations(event):
        invitation.event = event
        if not still_counts(invitation):
            continue
        if cancelled:
            _send(invitation, "invitation_cancelled", Method.CANCEL)
        else:
            _send(invitation, "invitation_changed", Method.REQUEST)
        invitation.sent_sequence = event.sequence
        invitation.save(update_fields=["sent_sequence"])


def tell_address(invitation: EventInvitation) -> None:
    """Tell somebody who comes the address that is for the confirmed, once a SEQUENCE; in the transaction of
    the answer, with the event's row held."""
    _send(invitation, "invitation_address", Method.REQUEST)


def token_of(invitation: EventInvitation) -> str:
    """The token of the link to answer, the same in every mail about this invitation.

    It is derived with the site's key, so that updates can hold the link although the database keeps its
    hash only.
    """
    digest = salted_hmac("events.answer", str(invitation.uuid), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _check_event(event: Event) -> None:
    refuse_cancelled(event)
    if _is_over(event):
        raise Refused(_("The event is over: nobody can be invited to it any more."))


def _is_over(event: Event) -> bool:
    return event.lasts_until is not None and event.lasts_until < now()


def _new_people(event: Event, people: Iterable[User], open_now: list[EventInvitation]) -> list[User]:
    wanted = {person.pk: person for person in people}
    allowed = set(may_be_invited(event).filter(person__in=wanted).values_list("person_id", flat=True))
    if wanted.keys() - allowed:
        raise Refused(_("Somebody among them may not see this event: invite those who may."))
    known = {invitation.person_id for invitation in open_now}
    return [person for pk, person in wanted.items() if pk not in known]


def _new_guests(event: Event, guests: Iterable[Guest], open_now: list[EventInvitation]) -> list[Guest]:
    wanted = {guest.address.strip().casefold(): guest for guest in guests}
    if wanted and event.restricted:
        raise Refused(_("The event is only for some organisations: it takes no guests."))
    if wanted and Handling(event.handling) not in FOR_GUESTS:
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


def _invite(access: Access, event: Event, audience: str, **who: object) -> EventInvitation:
    invitation = EventInvitation(
        event=event,
        audience=audience,
        invited_by=access.user,
        invited_at=now(),
        sent_sequence=event.sequence,
        **who,
    )
    invitation.token_hash = hash_token(token_of(invitation))
    invitation.save()
    _send(invitation, "invitation", Method.REQUEST)
    return invitation


def _raise_sequence(event: Event) -> None:
    """A calendar lets go of an event only for a higher SEQUENCE (RFC 5546, 3.2.5).

    For everyone else nothing has changed: they count as told.
    """
    told = event.invitations.filter(withdrawn_at=None, sent_sequence=event.sequence)
    answered = event.invitations.filter(withdrawn_at=None, answered_sequence=event.sequence)
    press = PressGuest.objects.filter(registration__event=event, told_sequence=event.sequence)
    event.sequence += 1
    told.update(sent_sequence=event.sequence)
    answered.update(answered_sequence=event.sequence)
    press.update(told_sequence=event.sequence)
    event.save(update_fields=["sequence"])


def _send(invitation: EventInvitation, template: str, method: Method) -> None:
    facts = facts_of(invitation)
    person = invitation.person
    name = person.name if person is not None else invitation.guest_name
    address = person.email if person is not None else invitation.guest_address
    calendar = message(
        facts,
        method=method,
        name=name,
        address=address,
        answer=Answer(invitation.answer),
        sent_at=now(),
    )
    link = absolute_url(reverse("calendar_answer", args=[token_of(invitation)]))
    outbox.queue_mail(
        key=f"event-{template}:{invitation.uuid}:{facts.sequence}",
        template=f"events/{template}",
        language=invitation.language,
        person=person.uuid if person is not None else None,
        address="" if person is not None else address,
        context={
            "name": name,
            "event": asdict(invited(invitation, facts)),
            "tells_title": invitation.event.is_public,
            "answered": invitation.answer != Answer.NONE,
            "button_url": link if method == Method.REQUEST else "",
        },
        calendar=calendar,
        method=method.value,
    )


# --- answer ---
# Answering an invitation. The last answer counts, until the event is over. Who comes is told an
# address that is for the confirmed.


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
