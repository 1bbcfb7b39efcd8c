"""What school groups are told by mail."""

import datetime
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from coalition.accounts.naming import PUBLIC
from coalition.applicants.flow import Flow
from coalition.applicants.mails import queue_applicant_mail
from coalition.core.clock import now
from events.core.enums import Answer, EventState
from events.core.facts import Times
from events.core.facts_builder import facts_for
from events.core.models import Event, EventInvitation
from events.core.summary import invited
from events.exhibitions.school_groups.enums import HOLDING, GroupState
from events.exhibitions.school_groups.formatting import visit_words
from events.exhibitions.school_groups.models import SchoolGroup
from events.exhibitions.school_groups.queries import is_open_then
from events.ical.itip import Method, message


def _mail_context(group: SchoolGroup) -> dict[str, Any]:
    event = group.visits.event
    return {
        "name": group.contact,
        "school": group.school,
        "event": asdict(invited(EventInvitation(event=event, language=group.language))),
        "visit": visit_words(group, event, group.language),
    }


SCHOOL_GROUPS = Flow(
    purpose="events.school_group",
    model=SchoolGroup,
    own_page="own_group",
    mail_template="events/group_link",
    mail_context=_mail_context,
    related=("visits__event__organisation", "visits__event__workspace"),
)


def tell_answer(group: SchoolGroup) -> None:
    """Where the group stands; who is confirmed gets the visit into the calendar."""
    confirmed = group.state == GroupState.CONFIRMED
    _queue(group, "group_answer", Method.REQUEST if confirmed else None, state=group.state)


def tell_groups(event: Event) -> None:
    """The event moved, its hours changed, or it is cancelled: groups to come are told, one mail a SEQUENCE.

    Registered with `trail.on_change`. Only of what is public."""
    if not event.is_public:
        return
    rows = SchoolGroup.objects.filter(
        visits__event=event, state__in=HOLDING, told_sequence__lt=event.sequence, ends_at__gt=now()
    )
    for group in rows.select_related("visits"):
        group.visits.event = event
        group.told_sequence = event.sequence
        group.save(update_fields=["told_sequence"])
        cancelled = event.state == EventState.CANCELLED
        method = Method.CANCEL if cancelled else None
        confirmed = group.state == GroupState.CONFIRMED
        open_then = is_open_then(group.visits, group)
        _queue(
            group, "group_changed", method if confirmed else None, cancelled=cancelled, open_then=open_then
        )


def _queue(group: SchoolGroup, template: str, method: Method | None = None, **more: object) -> None:
    group.mails += 1
    group.save(update_fields=["mails"])
    queue_applicant_mail(
        SCHOOL_GROUPS,
        group,
        template=f"events/{template}",
        number=group.mails,
        context=more,
        calendar=_calendar(group, method) if method is not None else "",
        method=method.value if method is not None else "",
    )


def _calendar(group: SchoolGroup, method: Method) -> str:
    event = group.visits.event
    facts = facts_for(event, language=group.language, viewer=PUBLIC)
    begins = datetime.datetime.combine(group.on, group.begins)
    facts = replace(
        facts,
        uid=f"{group.uuid}@{urlsplit(settings.SITE_URL).hostname}",
        state=EventState.ANNOUNCED,
        times=Times(event.zone, begins, begins + (group.ends_at - group.starts_at)),
        sequence=event.sequence + group.mails,
        private=True,
    )
    return message(
        facts,
        method=method,
        name=group.contact,
        address=group.address,
        answer=Answer.ACCEPTED,
        sent_at=now(),
    )
