"""Debrief: lessons learned from an event, for the next one."""

import datetime
from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail import outbox
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import has_active_right, require_that
from events.core import audit as core_audit
from events.core.actions.plan import place_input_for, plan_event
from events.core.actions.proposal import EventTextInput, EventTimesInput
from events.core.afterwards import ThanksRecipient, reused_parts, thanked_groups
from events.core.enums import EventKind
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.permissions import is_admitted, may_change, may_plan
from events.core.queries import text_of
from events.core.summary import build_invitation_summary
from events.production.debrief.models import Afterwards


@dataclass(frozen=True)
class DebriefInput:
    """Data of a debrief. Numbers are people counted; None without a count."""

    went_well: str = ""
    went_badly: str = ""
    next_time: str = ""
    came: int | None = None
    press_came: int | None = None


class StaleDebrief(Refused):
    """The debrief was changed since the page was opened. `row`: the current version."""

    def __init__(self, row: Afterwards) -> None:
        super().__init__(
            _("Somebody else wrote here meanwhile. What they wrote is below, what you wrote is kept.")
        )
        self.row = row


def save_debrief(*, access: Access, event: Event, learned: DebriefInput, seen: int) -> Afterwards:
    """Save the debrief; all members who prepare events here may. `seen`: the revision that the form
    was loaded with.

    Raises NotAllowed; Stale if it was changed since.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(is_admitted(access, locked) and has_active_right(access, Right.SEE_DRAFTS))
        row = get_or_create_afterwards(locked)
        if row.revision != seen:
            raise StaleDebrief(row)
        for name, value in asdict(learned).items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.revision += 1
        row.changed_at, row.changed_by = now(), access.user
        row.save()
        core_audit.record_event_action(locked, access, "event.learned")
    return row


def get_or_create_afterwards(event: Event) -> Afterwards:
    """Return the event's debrief, created on first use; the caller has locked the event."""
    row, _made = Afterwards.objects.get_or_create(event=event, defaults={"changed_at": now()})
    return row


# --- reuse ---
# Planning an event again from one that was: what was prepared once is not written twice.
#
# What is of that one day stays behind: people who were asked or came, answers, states, texts and pictures,
# who was thanked. Capabilities bring the parts that can be taken over (`ReusedPart`).


COPIED_TEXT_FIELDS = ("title", "text", "place", "address", "access_notes")


def plan_again(*, access: Access, event: Event, on: datetime.date, parts: Collection[str]) -> Event:
    """Create an event on another day with the texts, kind, place, duration and hours of an earlier
    one.

    `access` is to the workspace of both. Raises NotAllowed without the right to plan there or to
    see the preparation; Refused with a reason if its times are impossible on that day.
    """
    require_that(may_plan(access) and is_admitted(access, event))
    with transaction.atomic():
        made = plan_event(
            access=access,
            kind=EventKind(event.kind),
            texts=_texts(event),
            times=_times(event, on),
            place=place_input_for(event),
            handling=Handling(event.handling),
            restricted_to=list(event.restricted_to.all()) if event.restricted else (),
        )
        for name, part in reused_parts().items():
            if name in parts:
                part.take_over(access, event, made)
    return made


def _texts(event: Event) -> dict[str, EventTextInput]:
    return {
        code: EventTextInput(**{word: getattr(text_of(event, code), word) for word in COPIED_TEXT_FIELDS})
        for code in Language.values
    }


def _times(event: Event, on: datetime.date) -> EventTimesInput:
    """Shift the times to the other day; a run keeps its length and its distance to the event."""
    shift = on - event.starts_on
    run_from, run_until = event.run_from, event.run_until
    return EventTimesInput(
        starts_on=on,
        starts_at_time=event.starts_at_time,
        ends_on=event.ends_on + shift,
        ends_at_time=event.ends_at_time,
        zone=event.zone,
        run_from=run_from + shift if run_from else None,
        run_until=run_until + shift if run_until else None,
    )


# --- thanks ---
# Thanking those who came: one mail each, once, with the house's own words and the event's public facts.
#
# Capabilities bring the groups (`ThankedGroup`).


def thank_group(*, access: Access, event: Event, group: str) -> int:
    """Thank a group, once; return the number of mails queued.

    Raises NotAllowed without the right to change the event; Refused before the event is over, for a
    cancelled one, for a group that was thanked already, and for an empty group.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), _("Editors and coordinators thank people."))
        refuse_cancelled(locked)
        thanked = thanked_groups()[group]
        if not thanked.may_be_thanked(locked):
            raise Refused(_("It is not over yet: thank people afterwards."))
        row = get_or_create_afterwards(locked)
        if group in row.thanked:
            raise Refused(_("They were thanked already."))
        count = sum(_queue_thanks(locked, one) for one in thanked.people(locked))
        if not count:
            raise Refused(_("Nobody is noted who could be thanked."))
        _record_thanks(row, group, count)
        core_audit.record_event_action(locked, access, "event.thanked", group=group, count=count)
    return count


def _record_thanks(row: Afterwards, group: str, count: int) -> None:
    row.thanked = row.thanked | {group: {"at": now().isoformat(), "count": count}}
    row.save(update_fields=["thanked"])


def _queue_thanks(event: Event, thanked: ThanksRecipient) -> bool:
    """Queue one mail; for an event that is not public without title and link, as mail is
    insecure."""
    told = asdict(build_invitation_summary(thanked.row)) if event.is_public else {}
    return outbox.queue_mail(
        key=f"event-thanks:{thanked.key}",
        template="events/thanks",
        language=thanked.row.language,
        person=thanked.person,
        address=thanked.address,
        context={"name": thanked.name, "event": told, "button_url": told.get("page", "")},
    )
