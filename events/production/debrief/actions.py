"""Debrief: lessons learned from an event, for the next one."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail import outbox
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.models import Handling
from documents.drafts.permissions import has_active_right, require_that
from events.core import audit as core_audit
from events.core.actions.plan import place_input_for, plan_event
from events.core.actions.times import EVENT_TEXT_FIELDS, EventTextInput, EventTimesInput
from events.core.afterwards import reused_parts, thanked_groups
from events.core.enums import EventKind
from events.core.models import Event
from events.core.permissions import StaleRevision, event_to_change, is_admitted, lock_event, may_plan
from events.core.queries import text_of
from events.core.summary import build_invitation_summary
from events.production.models import Debrief


def save_debrief(*, access: Access, event: Event, seen: int, **fields: Any) -> Debrief:
    """Save the debrief; all members who prepare events here may. `seen`: the revision that the form
    was loaded with; `fields`: those of the form.

    Raises NotAllowed; StaleRevision if it was changed since.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(is_admitted(access, locked) and has_active_right(access, Right.SEE_DRAFTS))
        row = get_or_create_debrief(locked)
        if row.revision != seen:
            message = _(
                "Somebody else wrote here meanwhile. What they wrote is below, what you wrote is kept."
            )
            raise StaleRevision(row, message)
        for name, value in fields.items():
            setattr(row, name, value)
        row.revision += 1
        row.changed_at, row.changed_by = now(), access.user
        row.save()
        core_audit.record_event_action(locked, access, "event.learned")
    return row


def get_or_create_debrief(event: Event) -> Debrief:
    """Return the event's debrief, created on first use; the caller has locked the event."""
    row, _made = Debrief.objects.get_or_create(event=event, defaults={"changed_at": now()})
    return row


# Planning an event again from one that was: what was prepared once is not written twice.
#
# What is of that one day stays behind: people who were asked or came, answers, states, texts and pictures,
# who was thanked. Capabilities bring the parts that can be taken over (`ReusedPart`).


def plan_again(*, access: Access, event: Event, on: datetime.date, parts: Collection[str]) -> Event:
    """Create an event on another day with the texts, kind, place, duration and hours of an earlier one.

    `access` is to the workspace of both. Raises NotAllowed without the right to plan there or to see the
    preparation; Refused with a reason if its times are impossible on that day.
    """
    require_that(may_plan(access) and is_admitted(access, event))
    texts = {code: text_of(event, code) for code in Language.values}
    by = on - event.starts_on  # a run keeps its length and its distance to the event
    times = EventTimesInput(
        starts_on=on,
        starts_at_time=event.starts_at_time,
        ends_on=event.ends_on + by,
        ends_at_time=event.ends_at_time,
        zone=event.zone,
        run_from=event.run_from + by if event.run_from else None,
        run_until=event.run_until + by if event.run_until else None,
    )
    with transaction.atomic():
        made = plan_event(
            access=access,
            kind=EventKind(event.kind),
            texts={
                code: EventTextInput(**{name: getattr(text, name) for name in EVENT_TEXT_FIELDS})
                for code, text in texts.items()
            },
            times=times,
            place=place_input_for(event),
            handling=Handling(event.handling),
            restricted_to=list(event.restricted_to.all()) if event.restricted else (),
        )
        for name, part in reused_parts().items():
            if name in parts:
                part.take_over(access, event, made)
    return made


# Thanking those who came: one mail each, once, with the house's own words and the event's public facts.
#
# Capabilities bring the groups (`ThankedGroup`).


def thank_group(*, access: Access, event: Event, group: str) -> int:
    """Thank a group, once; return the number of mails queued.

    Raises NotAllowed without the right to change the event; Refused before the event is over, for a
    cancelled one, for a group that was thanked already, and for an empty group.
    """
    with event_to_change(access, event, _("Editors and coordinators thank people.")) as locked:
        thanked = thanked_groups()[group]
        if not thanked.may_be_thanked(locked):
            raise Refused(_("It is not over yet: thank people afterwards."))
        row = get_or_create_debrief(locked)
        if group in row.thanked:
            raise Refused(_("They were thanked already."))
        count = 0
        for one in thanked.people(locked):
            # Mail is insecure: for an event that is not public without title and link.
            summary = build_invitation_summary(one.row) if locked.is_public else {}
            count += outbox.queue_mail(
                key=f"event-thanks:{one.key}",
                template="events/thanks",
                language=one.row.language,
                person=one.person,
                address=one.address,
                context={"name": one.name, "event": summary, "button_url": summary.get("page", "")},
            )
        if not count:
            raise Refused(_("Nobody is noted who could be thanked."))
        row.thanked = row.thanked | {group: {"at": now().isoformat(), "count": count}}
        row.save(update_fields=["thanked"])
        core_audit.record_event_action(locked, access, "event.thanked", group=group, count=count)
    return count
