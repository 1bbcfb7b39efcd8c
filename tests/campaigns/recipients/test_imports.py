"""Lists are reviewed, applied, discarded and undone; nobody is ever deleted."""

import datetime

import pytest

from coalition.audit.models import AuditEntry
from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import CardDesign, Target, TargetImport
from coalition.campaigns.recipients.actions.bodies import archive_body, change_body, restore_body
from coalition.campaigns.recipients.actions.imports import (
    ListRejected,
    WholeListUnconfirmed,
    apply_import,
    discard_import,
    undo_import,
)
from coalition.campaigns.recipients.models import ImportState
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.recipients.lists import HEADS, PEOPLE, SOURCE, body_of, imported, read
from tests.documents.approval.builders import stage as stage_with_text
from tests.events.planning.builders import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def body(here):
    return body_of(here.access())


def people(body) -> dict[str, tuple[str, str, bool]]:
    return {
        one.external_id: (str(one.name), one.email, one.gone_on is None)
        for one in Target.objects.filter(body=body)
    }


def stored(body) -> list[dict]:
    names = [field.name for field in Target._meta.fields if field.name not in {"id", "uuid", "body"}]
    return list(Target.objects.filter(body=body).order_by("external_id").values(*names))


def test_a_first_list_is_reviewed_and_then_applied(here, body) -> None:
    row = read(here.access(), body, *PEOPLE)
    assert row.state == ImportState.PROPOSED
    assert [one["id"] for one in row.difference["added"]] == ["1", "2", "3"]
    assert not Target.objects.exists()
    assert apply_import(access=here.access(), target_import=row)
    body.refresh_from_db()
    row.refresh_from_db()
    assert (body.source, body.as_of, body.revision) == (SOURCE, site_today(), 1)
    assert (row.state, row.records) == (ImportState.APPLIED, [])
    one = Target.objects.get(external_id="1")
    assert (dict(one.committee), one.region, one.languages) == ({"en": "Committee A"}, "KZ-75", ["kk", "ru"])
    assert (one.as_of, one.gone_on) == (site_today(), None)


def test_what_changes_is_shown_field_by_field_and_who_is_missing_is_gone_not_deleted(here, body) -> None:
    imported(here.access(), body, ago=10)
    before = Target.objects.get(external_id="1")
    rows = ("1;Demo One;Committee C;KZ-75;kk, ru;new@parliament.example", PEOPLE[1], "4;Demo Four;;;;")
    row = read(here.access(), body, *rows, ago=5)
    assert row.difference["changed"] == [
        {
            "id": "1",
            "name": {"en": "Demo One"},
            "fields": {
                "committee": [{"en": "Committee A"}, {"en": "Committee C"}],
                "email": ["one@parliament.example", "new@parliament.example"],
            },
        }
    ]
    assert row.difference["gone"] == [{"id": "3", "name": {"en": "Demo Three"}}]
    assert row.difference["unchanged"] == 1
    apply_import(access=here.access(), target_import=row)
    after = Target.objects.get(external_id="1")
    assert (after.pk, after.uuid, after.email) == (before.pk, before.uuid, "new@parliament.example")
    gone = Target.objects.get(external_id="3")
    assert gone.gone_on == site_today() - datetime.timedelta(days=5)
    assert gone.as_of == site_today() - datetime.timedelta(days=10)
    assert Target.objects.get(external_id="2").as_of == site_today() - datetime.timedelta(days=5)


def test_who_comes_back_is_taken_in_again_as_the_same_person(here, body) -> None:
    imported(here.access(), body)
    uuid = Target.objects.get(external_id="3").uuid
    imported(here.access(), body, *PEOPLE[:2])
    assert people(body)["3"][2] is False
    row = read(here.access(), body, *PEOPLE)
    assert [one["id"] for one in row.difference["back"]] == ["3"]
    apply_import(access=here.access(), target_import=row)
    back = Target.objects.get(external_id="3")
    assert (back.uuid, back.gone_on) == (uuid, None)


def test_what_has_no_column_stays_as_it_is(here, body) -> None:
    imported(here.access(), body, "1;Demo One;Демо Бір;Committee", heads="id;name;name (kk);committee")
    imported(here.access(), body, "1;Demo First;one@x.example", heads="id;name;e-mail")
    one = Target.objects.get()
    assert dict(one.name) == {"kk": "Демо Бір", "en": "Demo First"}
    assert (str(one.committee), one.email) == ("Committee", "one@x.example")


def test_an_empty_cell_empties_the_field(here, body) -> None:
    imported(here.access(), body)
    imported(here.access(), body, "1;Demo One;;;;")
    one = Target.objects.get(external_id="1")
    assert (dict(one.committee), one.region, one.languages, one.email) == ({}, "", [], "")


def test_nothing_is_saved_of_a_list_with_a_mistake(here, body) -> None:
    with pytest.raises(ListRejected) as refusal:
        read(here.access(), body, PEOPLE[0], "1;Demo Two;;;;b @x.example")
    assert [(one.row, one.column) for one in refusal.value.people.faults] == [(3, "e-mail"), (3, "id")]
    assert not TargetImport.objects.exists()


@pytest.mark.parametrize("ago", [-1, -400])
def test_a_day_to_come_is_refused(here, body, ago) -> None:
    with pytest.raises(Refused, match="still to come"):
        read(here.access(), body, *PEOPLE, ago=ago)


def test_a_list_older_than_the_one_that_is_there_is_refused(here, body) -> None:
    imported(here.access(), body, ago=3)
    with pytest.raises(Refused, match="is newer"):
        read(here.access(), body, *PEOPLE, ago=4)
    read(here.access(), body, *PEOPLE, ago=3)


def test_a_list_that_was_read_before_another_was_applied_is_reviewed_once_more(here, body) -> None:
    mine = read(here.access(), body, *PEOPLE)
    imported(here.access(), body, *PEOPLE[:2], "9;Demo Nine;;;;")
    assert apply_import(access=here.access(), target_import=mine) is False
    assert "3" not in people(body)
    mine.refresh_from_db()
    assert [one["id"] for one in mine.difference["added"]] == ["3"]
    assert [one["id"] for one in mine.difference["gone"]] == ["9"]
    assert mine.difference["unchanged"] == 2
    assert apply_import(access=here.access(), target_import=mine) is True
    assert people(body)["9"][2] is False


def test_an_older_list_waiting_is_refused_once_a_newer_one_is_applied(here, body) -> None:
    old = read(here.access(), body, *PEOPLE, ago=9)
    imported(here.access(), body, *PEOPLE[:2])
    with pytest.raises(Refused, match="is newer"):
        apply_import(access=here.access(), target_import=old)


def test_a_list_that_ends_most_people_is_applied_only_as_the_whole_list(here, body) -> None:
    imported(here.access(), body)
    row = read(here.access(), body, *PEOPLE[:1])
    with pytest.raises(WholeListUnconfirmed, match="the whole list"):
        apply_import(access=here.access(), target_import=row)
    assert Target.objects.filter(gone_on=None).count() == 3
    assert apply_import(access=here.access(), target_import=row, is_whole=True)
    assert Target.objects.filter(gone_on=None).count() == 1


def test_an_import_is_decided_once(here, body) -> None:
    row = imported(here.access(), body)
    for act in (apply_import, discard_import):
        with pytest.raises(Refused, match="decided already"):
            act(access=here.access(), target_import=row)
    other = read(here.access(), body, *PEOPLE[:1])
    discard_import(access=here.access(), target_import=other)
    discard_import(access=here.access(), target_import=other)
    with pytest.raises(Refused, match="decided already"):
        apply_import(access=here.access(), target_import=other)
    assert all(in_office for _name, _email, in_office in people(body).values())


def test_the_last_import_is_undone_to_the_letter(here, body) -> None:
    imported(here.access(), body, ago=20)
    imported(here.access(), body, *PEOPLE[:2], ago=10)
    before, was = stored(body), (body.source, body.as_of)
    row = imported(
        here.access(),
        body,
        "1;Demo One;Committee Z;KZ-10;kk;z@x.example",
        PEOPLE[2],
        "5;Demo Five;;;;",
        source="another",
    )
    assert stored(body) != before
    assert undo_import(access=here.access(), target_import=row) == 0
    body.refresh_from_db()
    assert stored(body) == before
    assert (body.source, body.as_of) == was
    row.refresh_from_db()
    assert row.state == ImportState.UNDONE


def test_only_the_last_import_is_undone_and_once(here, body) -> None:
    first = imported(here.access(), body, ago=2)
    second = imported(here.access(), body, *PEOPLE[:2])
    with pytest.raises(Refused, match="Only the last import"):
        undo_import(access=here.access(), target_import=first)
    undo_import(access=here.access(), target_import=second)
    for row in (first, second):
        with pytest.raises(Refused, match="Only the last import"):
            undo_import(access=here.access(), target_import=row)


def test_a_first_import_is_undone_to_an_empty_list(here, body) -> None:
    undo_import(access=here.access(), target_import=imported(here.access(), body))
    body.refresh_from_db()
    assert (people(body), body.as_of, body.source) == ({}, None, "")


def test_who_was_added_and_has_something_recorded_stays_as_gone(no_pages) -> None:
    made = stage_with_text()
    body = body_of(made.access)
    row = imported(made.access, body)
    CardDesign.objects.create(
        workspace=made.workspace,
        organisation=made.organisations[0],
        slug="card",
        publication=made.publish("en"),
        hashes={},
        target=body.uuid,
        recipient_target=Target.objects.get(external_id="2"),
        created_at=row.made_at,
    )
    assert undo_import(access=made.access, target_import=row) == 1
    assert people(body) == {"2": ("Demo Two", "two@parliament.example", False)}


def test_two_bodies_may_have_the_same_identifiers(here, body) -> None:
    other = body_of(here.access())
    imported(here.access(), body)
    imported(here.access(), other, "1;Demo Other;;;;")
    assert people(body)["1"][0] == "Demo One"
    assert people(other)["1"][0] == "Demo Other"
    imported(here.access(), other, "2;Demo Last;;;;")
    assert people(body)["1"][2] is True


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_who_does_not_plan_imports_nothing(here, body, role) -> None:
    row = read(here.access(), body, *PEOPLE)
    with pytest.raises(NotAllowed):
        read(here.access(role), body, *PEOPLE)
    for act in (apply_import, discard_import, undo_import):
        with pytest.raises(NotAllowed):
            act(access=here.access(role), target_import=row)
    assert not Target.objects.exists()


def test_nothing_is_read_into_an_archived_body(here, body) -> None:
    archive_body(access=here.access(), body=body)
    body.refresh_from_db()
    with pytest.raises(Refused, match="archived"):
        read(here.access(), body, *PEOPLE)


def test_nothing_is_applied_to_or_undone_in_an_archived_body(here, body) -> None:
    applied = imported(here.access(), body)
    waiting = read(here.access(), body, *PEOPLE[:1])
    archive_body(access=here.access(), body=body)
    before = stored(body)
    for act, row in ((apply_import, waiting), (undo_import, applied)):
        with pytest.raises(Refused, match="archived"):
            act(access=here.access(), target_import=row)
    assert stored(body) == before
    discard_import(access=here.access(), target_import=waiting)
    restore_body(access=here.access(), body=body)
    assert undo_import(access=here.access(), target_import=applied) == 0


def test_each_record_is_stored_once(here, body) -> None:
    imported(here.access(), body, *PEOPLE[:1])
    row = read(here.access(), body, *PEOPLE)
    assert [one["id"] for one in row.records] == ["1"]
    assert [one["id"] for one in row.difference["added"]] == ["2", "3"]


def test_source_and_day_that_were_typed_in_meanwhile_come_back_by_undoing(here, body) -> None:
    row = read(here.access(), body, *PEOPLE)
    day = site_today() - datetime.timedelta(days=30)
    change_body(access=here.access(), body=body, source="By hand", as_of=day)
    apply_import(access=here.access(), target_import=row)
    undo_import(access=here.access(), target_import=row)
    body.refresh_from_db()
    assert (body.source, body.as_of) == ("By hand", day)


def test_each_decision_is_in_the_log_with_numbers_and_without_names(here, body) -> None:
    row = imported(here.access(), body)
    undo_import(access=here.access(), target_import=row)
    entries = {one.action: one for one in AuditEntry.objects.filter(target=body.uuid).order_by("pk")}
    assert list(entries) == ["body.added", "body.list_read", "body.list_applied", "body.list_undone"]
    assert entries["body.list_applied"].detail == {
        "list": str(row.uuid), "added": 3, "changed": 0, "back": 0, "gone": 0,
    }  # fmt: skip


def test_a_list_of_hundreds_takes_the_same_queries_a_hundred(
    here, body, django_assert_max_num_queries
) -> None:
    rows = [f"{number};Demo {number};;;;{number}@x.example" for number in range(600)]
    row = read(here.access(), body, *rows, heads=HEADS)
    with django_assert_max_num_queries(25):
        apply_import(access=here.access(), target_import=row)
    changed = [f"{number};Demo {number};;;;new{number}@x.example" for number in range(300)]
    again = read(here.access(), body, *changed)
    with django_assert_max_num_queries(25):
        apply_import(access=here.access(), target_import=again)
    assert Target.objects.filter(gone_on=None).count() == 300
