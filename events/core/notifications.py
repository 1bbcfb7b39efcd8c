"""Those who answer for an organisation hear when it is asked to host, and of every change to what it hosts.

An organisation consented to an event as it was told. When its words, time or place change, it stays named
and hears at once: its representatives can leave with one press.
"""

from collections.abc import Iterable

from coalition import live_push
from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.workspaces.actions.notify import notify
from coalition.workspaces.permissions import Access
from events.core.enums import Consent
from events.core.models import Event
from events.core.queries import may_be_invited, open_invitations


def asked(event: Event, organisation: Organisation, *, by: Access) -> None:
    """Tell the representatives of an organisation that is asked. In the caller's transaction."""
    _tell("hosting_asked", event, [organisation], by)


def changed(event: Event, *, by: Access) -> None:
    """Tell the representatives of those who host it with others, except of the one that changed it.

    In the caller's transaction, after the event is saved. Only of what was told: a plan is on the desk.
    """
    if event.is_told:
        _tell("hosted_changed", event, hosts_beside(event, by.organisation), by)


def hosts_beside(event: Event, organisation: Organisation) -> list[Organisation]:
    """Organisations that consented to host it, but for this one."""
    hosts = event.co_hosts.filter(state=Consent.CONSENTED).select_related("organisation")
    return [one.organisation for one in hosts if one.organisation_id != organisation.pk]


def representatives(organisation: Organisation) -> list[User]:
    rows = active_memberships().filter(organisation=organisation, role=MembershipRole.REPRESENTATIVE)
    return [row.person for row in rows.select_related("person").order_by("pk")]


def _tell(kind: str, event: Event, organisations: Iterable[Organisation], by: Access) -> None:
    """Once a person and change. The mails name no event and no organisation: the desk does."""
    for organisation in organisations:
        told = notify(
            people=representatives(organisation),
            kind=kind,
            workspace=event.workspace,
            actor=by.user,
            organisation=by.organisation,
            subject_kind="event",
            subject=event.uuid,
            needs_drafts=False,
            once=f"{kind}:{event.uuid}:{event.changed_at:%Y%m%d%H%M%S%f}:{organisation.pk}",
            about=str(organisation.uuid),
        )
        for row in told:
            live_push.push_counter(user_id=row.person_id, what="waiting")


# --- notifications ---
# People of the workspace hear of an event that is announced, moved or cancelled.


HEARD = {
    "event_announced": "event_announced",
    "event_moved": "event_moved",
    "event_date_moved": "event_moved",
    "event_date_left_out": "event_moved",
    "event_cancelled": "event_cancelled",
}


def tell(event: Event, activity: str, *, actor: User, organisation: Organisation) -> None:
    """Tell everyone with a seat who may see the event of this activity, if it is one that people hear of.

    Who represents another host hears of it as such (`hosts_hear`). Who is invited gets the invitation anew
    by mail, so that they find this in their inbox alone.
    """
    kind = HEARD.get(activity)
    if kind is None or not event.is_told:
        return
    hosts = {one.pk for host in hosts_beside(event, organisation) for one in representatives(host)}
    people = {seat.person for seat in may_be_invited(event) if seat.person_id not in hosts}
    invited = {one.person_id for one in open_invitations(event)} if kind != "event_announced" else set()
    for mailed in (False, True):
        notify(
            people=[person for person in people if (person.pk in invited) == mailed],
            kind=kind,
            workspace=event.workspace,
            actor=actor,
            organisation=organisation,
            subject_kind="event",
            subject=event.uuid,
            needs_drafts=False,
            mailed=mailed,
        )
