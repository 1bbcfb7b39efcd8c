"""Signed-in people with seats in the benchmark's own workspace, and the texts that they edit."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # models cannot be imported before Django is set up
    from coalition.accounts.models import Organisation
    from coalition.workspaces.models import Workspace

SOCKETS = 10  # per person: the server's limit
TITLE = "Writing together, measured"


def typists(*, texts: int, together: int) -> list[dict[str, object]]:
    """Create texts and their editors: `{"name": uuid, "cookies": [session, …]}`."""
    from tests.factories import DraftFactory, DraftTextFactory

    room = _workspace()
    sessions = _sessions(room, -(-texts * together // SOCKETS))
    cookies = [sessions[place // SOCKETS] for place in range(texts * together)]
    organisation = room.seats.first().organisation
    found = []
    for number in range(texts):
        draft = DraftFactory(workspace=room, organisation=organisation, title=f"text {number}")
        text = DraftTextFactory(draft=draft)
        own = cookies[number * together : (number + 1) * together]
        found.append({"name": str(text.uuid), "cookies": own})
    return found


def _workspace() -> "Workspace":
    from coalition.workspaces.models import Workspace
    from tests.factories import WorkspaceFactory

    return Workspace.objects.filter(title=TITLE).first() or WorkspaceFactory(title=TITLE)


def _sessions(room: "Workspace", count: int) -> list[str]:
    """Return sessions of `count` editors; add editors to the workspace if there are too few."""
    from django.test import Client

    from coalition.roles import SeatRole
    from tests.conftest import sign_in
    from tests.factories import OrganisationFactory, UserFactory, seat

    for factory in (OrganisationFactory, UserFactory):
        factory.reset_sequence(int(time.time() * 10))  # skip those of earlier runs
    first = room.seats.order_by("pk").first()
    organisation = first.organisation if first else OrganisationFactory()
    _accept(organisation)
    for _ in range(count - room.seats.count()):
        seat(workspace=room, role=SeatRole.EDITOR, organisation=organisation)
    people = [one.person for one in room.seats.select_related("person").order_by("pk")[:count]]
    return [str(sign_in(Client(), person).session.session_key) for person in people]


def _accept(organisation: "Organisation") -> None:
    """Accept the demo's agreement, without which nobody of the organisation is admitted."""
    from django.utils import timezone

    from documents.agreement.queries import current_agreement
    from documents.models import Acceptance

    if agreement := current_agreement():
        given = {"hashes": {}, "at": timezone.now()}
        Acceptance.objects.get_or_create(agreement=agreement, organisation=organisation, defaults=given)
