"""Speakers of an event: entered by members who prepare it; only the person gives consent."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches, empty_in_batches
from coalition.core.tokens import derive_token, hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event, EventInvitation, EventSpeaker
from events.core.permissions import may_change
from events.core.queries import is_over_since
from events.core.summary import build_invitation_summary

MAX_SPEAKERS = 60
MAX_MAILS_PER_DAY = 3
DAYS_KEPT = 90  # after the event


@dataclass(frozen=True)
class SpeakerInput:
    """Data of a speaker, entered by the event's members. `languages`: values of Language."""

    name: str
    address: str
    writes_in: Language
    role: str = ""
    topic: str = ""
    languages: Iterable[str] = ()


@dataclass(frozen=True)
class SpeakerConsent:
    """A speaker's consents, each separate, and the preferred spelling of their name."""

    named: bool
    pictured: bool
    recorded: bool
    name: str = ""
    role: str = ""


def event_speaker_token(speaker: EventSpeaker) -> str:
    """Return the token of their link, the same in every mail."""
    return derive_token("events.speaker", str(speaker.uuid))


def add_speaker(*, access: Access, event: Event, speaking: SpeakerInput) -> EventSpeaker:
    """Add a speaker, and mail them a request for consent.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled or over, or
    above sixty speakers.
    """
    with transaction.atomic():
        locked = _lock_event_for_speakers(access, event)
        if locked.speakers.count() >= MAX_SPEAKERS:
            raise Refused(_("An event has at most 60 speakers."))
        row = EventSpeaker(
            uuid=uuid7(),
            event=locked,
            name=speaking.name.strip(),
            role=speaking.role.strip(),
            topic=speaking.topic.strip(),
            languages=[code for code in Language.values if code in set(speaking.languages)],
            address=speaking.address.strip(),
            writes_in=speaking.writes_in,
            asked_at=now(),
        )
        row.token_hash = hash_token(event_speaker_token(row))
        row.save()
        _send_consent_mail(row)
        core_audit.record_event_action(locked, access, "event.speaker_added", speaker=str(row.uuid))
    return row


def ask_speaker_again(*, access: Access, speaker: EventSpeaker) -> bool:
    """Mail the link again, three mails a day at most. Return whether one was queued."""
    with transaction.atomic():
        locked = _lock_event_for_speakers(access, speaker.event)
        row = _get_speaker(speaker, locked)
        return _send_consent_mail(row)


def remove_speaker(*, access: Access, speaker: EventSpeaker) -> None:
    """Remove a speaker: delete their data and remove their name from every page. Raises
    NotAllowed."""
    with transaction.atomic():
        locked = lock_event(speaker.event)
        require_that(may_change(access, locked))
        row = _get_speaker(speaker, locked)
        was_named = row.named
        core_audit.record_event_action(locked, access, "event.speaker_removed", speaker=str(row.uuid))
        row.delete()
        if was_named:
            _refresh_public_pages(locked)


def answer_as_speaker(*, speaker: EventSpeaker, agreed: SpeakerConsent) -> EventSpeaker:
    """Save the speaker's consents, replacing earlier ones. A withdrawn name is removed from page,
    calendars and data in this transaction.

    Raises Refused if consent to naming has no name, or if they were removed.
    """
    if agreed.named and not agreed.name.strip():
        raise Refused(_("Write your name as it is to be read."))
    with transaction.atomic():
        locked = lock_event(speaker.event)
        row = _get_speaker(speaker, locked)
        before = (row.named, row.public_name, row.public_role)
        row.named, row.pictured, row.recorded = agreed.named, agreed.pictured, agreed.recorded
        row.public_name = agreed.name.strip() if agreed.named else ""
        row.public_role = agreed.role.strip() if agreed.named else ""
        row.answered_at = now()
        row.save()
        log.record_audit(
            "event.speaker_answered",
            actor=None,
            target_kind="event",
            target=locked.uuid,
            workspace=locked.workspace.uuid,
            speaker=str(row.uuid),
            named=agreed.named,
            pictured=agreed.pictured,
            recorded=agreed.recorded,
        )
        if before != (row.named, row.public_name, row.public_role):
            _refresh_public_pages(locked)
    return row


def forget_speakers() -> int:
    """After a set time delete speakers without consent to be named; of the others all data except
    what they agreed to publish. Their link stays valid for withdrawal. Return the number of
    rows."""
    over = is_over_since(DAYS_KEPT, "event__", "asked_at", "answered_at", standing=True)
    old = EventSpeaker.objects.filter(over)
    return delete_in_batches(old.filter(named=False)) + empty_in_batches(
        old.exclude(address="", name="", role="", topic=""), address="", name="", role="", topic=""
    )


def _lock_event_for_speakers(access: Access, event: Event) -> Event:
    locked = lock_event(event)
    require_that(may_change(access, locked), _("Editors and coordinators ask speakers."))
    refuse_cancelled(locked)
    if locked.lasts_until is not None and locked.lasts_until < now():
        raise Refused(_("The event is over."))
    return locked


def _get_speaker(speaker: EventSpeaker, event: Event) -> EventSpeaker:
    row = EventSpeaker.objects.select_for_update().filter(pk=speaker.pk).first()
    if row is None:
        raise Refused(_("This person is not among the speakers any more."))
    row.event = event
    return row


def _send_consent_mail(row: EventSpeaker) -> bool:
    """Mail the link. For a non-public event the mail contains only what any invited guest reads."""
    day = now().date().isoformat()
    told = build_invitation_summary(EventInvitation(event=row.event, language=row.writes_in))
    return any(
        outbox.queue_mail(
            key=f"event-speaker:{row.uuid}:{day}:{number}",
            template="events/speaker_asked",
            language=row.writes_in,
            address=row.address,
            context={
                "name": row.name,
                "title": told.title,
                "when": told.when,
                "button_url": absolute_url(reverse("event_speaker", args=[event_speaker_token(row)])),
            },
        )
        for number in range(MAX_MAILS_PER_DAY)
    )


def _refresh_public_pages(event: Event) -> None:
    """Update public pages, calendars and the search index."""
    event.changed_at = now()
    event.save(update_fields=["changed_at"])
    core_audit.call_change_listeners(event)
