"""Mails to school groups."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import override

from coalition.accounts.naming import PUBLIC
from coalition.applicants.flow import Flow, queue_applicant_mail
from coalition.core.clock import now
from events.core.afterwards import ThanksRecipient
from events.core.enums import Answer, EventState
from events.core.facts import EventTimes
from events.core.models import Event, EventInvitation
from events.core.summary import facts_for, summary_in
from events.exhibitions.school_groups.models import HOLDING, GroupState, SchoolGroup, is_open_during_visit
from events.ical.builder import ItipMethod, build_itip_message


def _mail_context(group: SchoolGroup) -> dict[str, Any]:
    with override(group.language):
        visit = group.when
    return {
        "name": group.contact,
        "school": group.school,
        "event": summary_in(group.visits.event, group.language),
        "visit": visit,
    }


SCHOOL_GROUPS = Flow(
    purpose="events.school_group",
    model=SchoolGroup,
    own_page="own_group",
    mail_template="events/group_link",
    mail_context=_mail_context,
    related=("visits__event__organisation", "visits__event__workspace"),
)


def notify_group_of_answer(group: SchoolGroup) -> None:
    """Mail the group its state; a confirmed group also gets the calendar entry."""
    confirmed = group.state == GroupState.CONFIRMED
    _queue_group_mail(group, "group_answer", ItipMethod.REQUEST if confirmed else None, state=group.state)


def notify_groups_of_change(event: Event) -> None:
    """The event moved, its hours changed, or it is cancelled: groups to come are told, one mail a SEQUENCE.

    Listens by `on_event_change`. Only of what is public."""
    if not event.is_public:
        return
    rows = SchoolGroup.objects.filter(
        visits__event=event, state__in=HOLDING, notified_sequence__lt=event.sequence, ends_at__gt=now()
    )
    for group in rows.select_related("visits"):
        group.visits.event = event
        group.notified_sequence = event.sequence
        group.save(update_fields=["notified_sequence"])
        cancelled = event.state == EventState.CANCELLED
        method = ItipMethod.CANCEL if cancelled else None
        confirmed = group.state == GroupState.CONFIRMED
        open_then = is_open_during_visit(group.visits, group)
        _queue_group_mail(
            group, "group_changed", method if confirmed else None, cancelled=cancelled, open_then=open_then
        )


def _queue_group_mail(
    group: SchoolGroup, template: str, method: ItipMethod | None = None, **more: object
) -> None:
    group.mails += 1
    group.save(update_fields=["mails"])
    queue_applicant_mail(
        SCHOOL_GROUPS,
        group,
        template=f"events/{template}",
        number=group.mails,
        context=more,
        calendar=_visit_calendar(group, method) if method is not None else "",
        method=method.value if method is not None else "",
    )


def _visit_calendar(group: SchoolGroup, method: ItipMethod) -> str:
    event = group.visits.event
    facts = facts_for(event, language=group.language, viewer=PUBLIC)
    begins = datetime.datetime.combine(group.on, group.begins)
    facts = replace(
        facts,
        uid=f"{group.uuid}@{urlsplit(settings.SITE_URL).hostname}",
        state=EventState.ANNOUNCED,
        times=EventTimes(event.zone, begins, begins + (group.ends_at - group.starts_at)),
        sequence=event.sequence + group.mails,
        private=True,
    )
    return build_itip_message(
        facts,
        method=method,
        name=group.contact,
        address=group.address,
        answer=Answer.ACCEPTED,
        sent_at=now(),
    )


def groups_to_thank(event: Event) -> Iterator[ThanksRecipient]:
    """Yield the contacts of confirmed school groups."""
    rows = SchoolGroup.objects.filter(visits__event=event, state=GroupState.CONFIRMED)
    for one in rows:
        row = EventInvitation(event=event, language=one.language)
        yield ThanksRecipient(f"school-group:{one.uuid}", row, one.contact, address=one.address)
