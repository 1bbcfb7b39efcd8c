"""People of the workspace hear of an event that is announced, moved or cancelled."""

from coalition.accounts.models import Organisation, User
from coalition.workspaces.domain.notify import notify
from events.core.cohost_notifications import hosts_beside, representatives
from events.core.models.event import Event
from events.core.queries.invitations import may_be_invited, open_invitations

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
