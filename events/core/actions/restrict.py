"""Opening an event to some of the workspace's organisations only."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.core.errors import Refused
from coalition.workspaces.domain import activity, grants
from coalition.workspaces.rules import Access
from documents.drafts.actions.restrict import check_list, look_again
from events.core.enums import Consent, Visibility
from events.core.models.event import Event

PERMISSION = "read_restricted_event"


def restrict_to(*, event: Event, access: Access, organisations: Collection[Organisation]) -> bool:
    """The change alone, in the caller's transaction, with the event's row locked; saved by the caller.

    What was told of the event before is restricted with it, and open sockets look at their rights again: at
    its running order, door and questions. Returns whether anything changed.
    """
    check_list(access=access, organisations=organisations)
    wanted = {organisation.pk for organisation in organisations}
    before = set(event.restricted_to.values_list("pk", flat=True))
    if before == wanted and event.restricted == bool(wanted):
        return False
    if wanted:
        _check_reach(event, wanted)
    event.restricted = bool(wanted)
    event.restricted_to.set(organisations)
    grants.restrict(event, PERMISSION, workspace=event.workspace, organisations=organisations)
    activity.restrict(subjects=[event.uuid], organisations=organisations or None, people=None)
    look_again(event.workspace)
    return True


def _check_reach(event: Event, wanted: set[int]) -> None:
    if event.is_told and event.visibility != Visibility.WORKSPACE:
        raise Refused(
            _("The event is told beyond this workspace already: it cannot be kept to some organisations.")
        )
    hosts = event.co_hosts.filter(state__in=[Consent.ASKED, Consent.CONSENTED])
    if hosts.exclude(organisation__in=wanted).exists():
        raise Refused(_("A co-host would be shut out: keep it in the list, or take the request back first."))
