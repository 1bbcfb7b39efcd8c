"""Speakers of an event: entered by members who prepare it; only the person gives consent."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches, empty_in_batches
from coalition.core.throttling import derive_token, hash_token
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import Access
from events.core import audit as core_audit
from events.core.models import Event, EventSpeaker
from events.core.permissions import event_to_change, lock_event, lock_event_to_change
from events.core.queries import is_over_since
from events.core.summary import summary_in

MAX_SPEAKERS = 60
MAX_MAILS_PER_DAY = 3
DAYS_KEPT = 90  # after the event
ONLY_EDITORS = _("Editors and coordinators ask speakers.")


def event_speaker_token(speaker: EventSpeaker) -> str:
    """Return the token of their link, the same in every mail."""
    return derive_token("events.speaker", str(speaker.uuid))


def add_speaker(
    *, access: Access, event: Event, languages: Iterable[str] = (), **fields: Any
) -> EventSpeaker:
    """Add a speaker, and mail them a request for consent. `languages`: values of Language; `fields`: the
    other ones of SpeakerForm.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled or over, or
    above sixty speakers.
    """
    with transaction.atomic():
        locked = _lock_event_for_speakers(access, event)
        if locked.speakers.count() >= MAX_SPEAKERS:
            raise Refused(_("An event has at most 60 speakers."))
        spoken = [code for code in Language.values if code in set(languages)]
        row = EventSpeaker(event=locked, languages=spoken, asked_at=now(), **fields)
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
    """Remove a speaker: delete their data and remove their name from every page. Raises NotAllowed."""
    with event_to_change(access, speaker.event, also_cancelled=True) as locked:
        row = _get_speaker(speaker, locked)
        was_named = row.named
        core_audit.record_event_action(locked, access, "event.speaker_removed", speaker=str(row.uuid))
        row.delete()
        if was_named:
            _refresh_public_pages(locked)


def answer_as_speaker(
    *,
    speaker: EventSpeaker,
    named: bool,
    pictured: bool,
    recorded: bool,
    name: str = "",
    role: str = "",
) -> EventSpeaker:
    """Save the speaker's consents, each separate, replacing earlier ones. A withdrawn name is removed from
    page, calendars and data in this transaction. `name` and `role`: as the speaker wants them written.

    Raises Refused if consent to naming has no name, or if they were removed.
    """
    if named and not name.strip():
        raise Refused(_("Write your name as it is to be read."))
    with transaction.atomic():
        locked = lock_event(speaker.event)
        row = _get_speaker(speaker, locked)
        before = (row.named, row.public_name, row.public_role)
        row.named, row.pictured, row.recorded = named, pictured, recorded
        row.public_name, row.public_role = (name.strip(), role.strip()) if named else ("", "")
        row.answered_at = now()
        row.save()
        detail: dict[str, Any] = {"named": named, "pictured": pictured, "recorded": recorded}
        core_audit.record_guest_action(locked, "event.speaker_answered", speaker=str(row.uuid), **detail)
        if before != (row.named, row.public_name, row.public_role):
            _refresh_public_pages(locked)
    return row


def forget_speakers() -> int:
    """After a set time delete speakers without consent to be named; of the others all data except what they
    agreed to publish. Their link stays valid for withdrawal. Return the number of rows."""
    over = is_over_since(DAYS_KEPT, "event__", "asked_at", "answered_at", standing=True)
    old = EventSpeaker.objects.filter(over)
    return delete_in_batches(old.filter(named=False)) + empty_in_batches(
        old.exclude(address="", name="", role="", topic=""), address="", name="", role="", topic=""
    )


def _lock_event_for_speakers(access: Access, event: Event) -> Event:
    locked = lock_event_to_change(access, event, ONLY_EDITORS)
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
    day = localdate(now()).isoformat()
    summary = summary_in(row.event, row.writes_in)
    return any(
        outbox.queue_mail(
            key=f"event-speaker:{row.uuid}:{day}:{number}",
            template="events/speaker_asked",
            language=row.writes_in,
            address=row.address,
            context={
                "name": row.name,
                "title": summary["title"],
                "when": summary["when"],
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
