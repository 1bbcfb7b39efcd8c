"""Those who answer for an organisation hear when it is asked to host, and of every change to what it hosts.

An organisation consented to an event as it was told. When its words, time or place change, it stays named
and hears at once: its representatives can leave with one press.
"""

from collections.abc import Iterable

from django.urls import reverse

from coalition import live
from coalition.outbox import mail
from coalition.outbox.links import absolute
from coalition.partners.enums import MembershipRole
from coalition.partners.models import Organisation, User
from coalition.partners.queries import active_memberships
from events.enums import Consent
from events.models import Event


def asked(event: Event, organisation: Organisation) -> None:
    """Write to the representatives of an organisation that is asked. In the caller's transaction."""
    _write("hosting_asked", event, [organisation])


def changed(event: Event, *, by: Organisation) -> None:
    """Write to the representatives of those who host it with others, except of the one that changed it.

    In the caller's transaction, after the event is saved. Only of what was told: a plan is on the desk.
    """
    if not event.is_told:
        return
    hosts = event.co_hosts.filter(state=Consent.CONSENTED).select_related("organisation")
    _write("hosted_changed", event, [one.organisation for one in hosts if one.organisation_id != by.pk])


def _write(template: str, event: Event, organisations: Iterable[Organisation]) -> None:
    """One mail a person and change. It names no event and no organisation: the desk does."""
    for organisation in organisations:
        for person in _representatives(organisation):
            mail.queue(
                key=f"{template}:{event.uuid}:{event.changed_at:%Y%m%d%H%M%S%f}:{person.uuid}",
                template=f"events/{template}",
                language=person.language,
                person=person.uuid,
                context={
                    "name": person.get_short_name(),
                    "button_url": absolute(reverse("events:answer_co_hosting", args=[event.uuid])),
                },
            )
            live.nudge(user_id=person.pk, what="waiting")


def _representatives(organisation: Organisation) -> list[User]:
    rows = active_memberships().filter(organisation=organisation, role=MembershipRole.REPRESENTATIVE)
    return [row.person for row in rows.select_related("person").order_by("pk")]
