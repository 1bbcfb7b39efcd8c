"""The audit log: written with its cause, naming people for a year."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from coalition.audit.log import action_label, anonymise_old_entries, record_audit, register_actions
from coalition.audit.models import AuditEntry
from coalition.roles import SeatRole
from coalition.workspaces.queries import audit_for
from tests.factories import OfficeFactory, UserFactory, seat

pytestmark = pytest.mark.django_db


def write(here, **detail) -> AuditEntry:
    return record_audit(
        "seat.given",
        actor=here.person,
        target_kind="seat",
        target=here.uuid,
        organisation=here.organisation.uuid,
        workspace=here.workspace.uuid,
        role=here.role,
        **detail,
    )


def test_after_a_year_it_tells_organisation_and_role_only() -> None:
    here = seat(role=SeatRole.COORDINATOR)
    entry = write(here, person=str(here.person.uuid))
    assert anonymise_old_entries() == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=370)):
        recent = write(here, person=str(here.person.uuid))
        assert anonymise_old_entries() == 1
    entry.refresh_from_db()
    recent.refresh_from_db()
    assert (entry.actor, entry.detail) == (None, {})
    assert (entry.organisation, entry.role) == (here.organisation.uuid, "coordinator")
    assert recent.actor == here.person


def test_after_a_year_a_person_to_whom_something_was_done_is_not_named_either() -> None:
    secretariat, person = OfficeFactory().person, UserFactory()
    entry = record_audit(
        "office.given", actor=secretariat, target_kind="person", target=person.uuid, role="press"
    )
    with time_machine.travel(timezone.now() + datetime.timedelta(days=370)):
        anonymise_old_entries()
    entry.refresh_from_db()
    assert entry.target != person.uuid
    assert entry.role == "press"


def test_coordinators_read_the_log_of_their_workspace_and_nobody_else_does() -> None:
    here, elsewhere = seat(role=SeatRole.COORDINATOR), seat(role=SeatRole.COORDINATOR)
    entry = write(here)
    write(elsewhere)
    assert list(audit_for(here.person, here.workspace)) == [entry]
    for role in SeatRole:
        if role != SeatRole.COORDINATOR:
            other = seat(workspace=here.workspace, role=role).person
            assert not audit_for(other, here.workspace).exists()
    for stranger in [elsewhere.person, UserFactory(is_superuser=True), OfficeFactory().person, None]:
        assert not audit_for(stranger, here.workspace).exists()


def test_layers_name_their_actions() -> None:
    register_actions({"test.done": "Something was done"})
    assert action_label("test.done") == "Something was done"
    assert action_label("never.heard") == "never.heard"
