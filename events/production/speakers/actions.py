"""Who speaks at an event: noted by those who prepare it, agreed to by the person alone."""

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
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event, EventInvitation, EventSpeaker
from events.core.permissions import may_change
from events.core.queries import is_over_since
from events.core.summary import invited

MOST = 60
ASKED_A_DAY = 3
DAYS_KEPT = 90  # after the event


@dataclass(frozen=True)
class Speaking:
    """What those who prepare the event write of somebody. `languages`: values of Language."""

    name: str
    address: str
    writes_in: Language
    role: str = ""
    topic: str = ""
    languages: Iterable[str] = ()


@dataclass(frozen=True)
class Agreed:
    """What a speaker agrees to, each apart, and how they want to be written."""

    named: bool
    pictured: bool
    recorded: bool
    name: str = ""
    role: str = ""


def token_of(speaker: EventSpeaker) -> str:
    """The token of their link, the same in every mail."""
    return derive_token("events.speaker", str(speaker.uuid))


def add_speaker(*, access: Access, event: Event, speaking: Speaking) -> EventSpeaker:
    """Note a speaker, and ask them by mail what they agree to.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled or over, or with more
    than sixty.
    """
    with transaction.atomic():
        locked = _held(access, event)
        if locked.speakers.count() >= MOST:
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
        row.token_hash = hash_token(token_of(row))
        row.save()
        _ask(row)
        audit.record(locked, access, "event.speaker_added", speaker=str(row.uuid))
    return row


def ask_again(*, access: Access, speaker: EventSpeaker) -> bool:
    """Send the link once more, three mails a day at most. Returns whether one was written."""
    with transaction.atomic():
        locked = _held(access, speaker.event)
        row = _row(speaker, locked)
        return _ask(row)


def remove_speaker(*, access: Access, speaker: EventSpeaker) -> None:
    """They do not speak: what was kept of them is deleted, and their name leaves every page. Raises
    NotAllowed."""
    with transaction.atomic():
        locked = hold(speaker.event)
        require_that(may_change(access, locked))
        row = _row(speaker, locked)
        was_named = row.named
        audit.record(locked, access, "event.speaker_removed", speaker=str(row.uuid))
        row.delete()
        if was_named:
            _follow(locked)


def answer_as_speaker(*, speaker: EventSpeaker, agreed: Agreed) -> EventSpeaker:
    """The speaker says what they agree to; again, it takes the place of what they said before. A name that is
    taken back leaves page, calendars and data in this transaction.

    Raises Refused if they are to be named without a name, or do not speak any more.
    """
    if agreed.named and not agreed.name.strip():
        raise Refused(_("Write your name as it is to be read."))
    with transaction.atomic():
        locked = hold(speaker.event)
        row = _row(speaker, locked)
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
            _follow(locked)
    return row


def forget_speakers() -> int:
    """A while after the event delete who is not named; of the others all but what they agreed to be read.
    Their link stays, so that they can take it back. Returns how many rows."""
    over = is_over_since(DAYS_KEPT, "event__", "asked_at", "answered_at", standing=True)
    old = EventSpeaker.objects.filter(over)
    return delete_in_batches(old.filter(named=False)) + empty_in_batches(
        old.exclude(address="", name="", role="", topic=""), address="", name="", role="", topic=""
    )


def _held(access: Access, event: Event) -> Event:
    locked = hold(event)
    require_that(may_change(access, locked), _("Editors and coordinators ask speakers."))
    refuse_cancelled(locked)
    if locked.lasts_until is not None and locked.lasts_until < now():
        raise Refused(_("The event is over."))
    return locked


def _row(speaker: EventSpeaker, event: Event) -> EventSpeaker:
    row = EventSpeaker.objects.select_for_update().filter(pk=speaker.pk).first()
    if row is None:
        raise Refused(_("This person is not among the speakers any more."))
    row.event = event
    return row


def _ask(row: EventSpeaker) -> bool:
    """Mail the link. Of an event that is not public it tells what any guest who is invited reads."""
    day = now().date().isoformat()
    told = invited(EventInvitation(event=row.event, language=row.writes_in))
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
                "button_url": absolute_url(reverse("event_speaker", args=[token_of(row)])),
            },
        )
        for number in range(ASKED_A_DAY)
    )


def _follow(event: Event) -> None:
    """Public pages, calendars and the search are written anew."""
    event.changed_at = now()
    event.save(update_fields=["changed_at"])
    audit.follow(event)
