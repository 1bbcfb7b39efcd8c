"""One kind of application: rows, links, and the row of a mailbox. Press registration is the flow."""

import datetime
import importlib
from uuid import UUID

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.utils.translation import override

from coalition.applicants.flow import Flow, delete_unproved, request_proof
from coalition.applicants.forms import mailbox_print, owner_print
from coalition.core.errors import Refused
from coalition.core.throttling import LINKS_A_DAY, derive_token, fingerprint, hash_token
from coalition.mail.models import OutboxMail
from events.core.enums import PressState
from events.core.journalists import PRESS
from events.exhibitions.school_groups.notifications import SCHOOL_GROUPS
from events.models import PressGuest
from events.press.registration.actions import confirm_press_address, open_to_press, request_press_place
from tests.events.planning.builders import announced, stage

BEFORE = "2026-03-01 20:30Z"  # the second of March in Almaty


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def registration(db):
    here = stage()
    event = announced(here.access("coordinator"))
    return open_to_press(access=here.access(), event=event, places=5, per_outlet=5)


def asks(registration, name: str, address: str, language: str = "kk") -> PressGuest:
    said = {"name": name, "outlet": "Dala FM", "address": address, "language": language}
    request_press_place(registration=registration, **said)
    return PressGuest.objects.latest("pk")


def written_before(registration, address: str, **more: object) -> PressGuest:
    """A row as it was written before prints were of mailboxes."""
    row = PRESS.new(address=address, language="kk", registration=registration, name="Old", outlet="Old FM")
    row.address_print, row.code_hash = fingerprint(address), row.token_hash[::-1]
    row.written_at = datetime.datetime(2026, 2, 28, tzinfo=datetime.UTC)
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
    return row


def test_a_new_row_has_all_that_the_flow_needs_and_is_not_saved() -> None:
    row = PRESS.new(address=" Aru+x@ngo.example ", language="ru", name=" Aru ", equipment=["sound"])
    assert row.pk is None
    assert (row.address, row.address_print) == ("Aru+x@ngo.example", owner_print("aru+x@ngo.example"))
    assert (row.name, row.equipment) == ("Aru", ["sound"])
    assert row.day == datetime.date(2026, 3, 2)
    assert row.token_hash == hash_token(PRESS.token(row))
    assert "ru" not in str(row)
    assert str(row) == f"press guest {row.uuid}"


def test_a_row_without_an_address_keeps_the_print_that_it_has() -> None:
    with pytest.raises(ValueError, match="address"):
        PRESS.new(address="", language="kk")
    row = PRESS.new(address="", language="kk", address_print="known")
    assert (row.address, row.address_print) == ("", "known")


def test_a_field_that_the_model_does_not_have_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="nmae"):
        PRESS.new(address="aru@ngo.example", language="kk", nmae="Aru")


def test_asking_anew_keeps_the_link_and_replaces_the_rest() -> None:
    row = PRESS.new(address="aru@ngo.example", language="kk", name="Aru")
    link = PRESS.link(row)
    with time_machine.travel("2026-03-05 06:00Z"):
        PRESS.fill(row, address="aru+2@ngo.example", language="ru", name="Aruzhan")
    assert PRESS.link(row) == link
    assert (row.language, row.name, row.day) == ("ru", "Aruzhan", datetime.date(2026, 3, 5))


def test_links_that_were_mailed_before_go_on_working() -> None:
    uuid = UUID("0195a0e0-0000-7000-8000-000000000001")
    for flow, purpose, path in (
        (PRESS, "events.press_registration", "/press-registration/"),
        (SCHOOL_GROUPS, "events.school_group", "/school-visit/"),
    ):
        row = flow.new(address="aru@ngo.example", language="kk")
        row.uuid = uuid
        assert flow.token(row) == derive_token(purpose, uuid)
        with override("ru"):
            assert flow.path(row) == f"{path}{derive_token(purpose, str(uuid))}/"
        assert flow.link(row).endswith(flow.path(row))
        assert flow.link(row).startswith("http")


def test_a_token_of_one_flow_opens_nothing_of_another(registration) -> None:
    row = asks(registration, "Aru", "aru@ngo.example")
    assert PRESS.find(PRESS.token(row)) == row
    assert SCHOOL_GROUPS.find(PRESS.token(row)) is None
    for wrong in ("", "x" * 43, derive_token("events.school_group", row.uuid), row.token_hash):
        assert PRESS.find(wrong) is None


def test_a_link_costs_one_query_with_what_its_page_reads(registration, django_assert_num_queries) -> None:
    token = PRESS.token(asks(registration, "Aru", "aru@ngo.example"))
    with django_assert_num_queries(1):
        found = PRESS.find(token)
        assert found.registration.event.organisation.pk
        assert found.registration.event.workspace.pk


def test_another_spelling_of_a_mailbox_is_the_same_person(registration) -> None:
    asks(registration, "Aru", "aru.b@gmail.com")
    asks(registration, "Bota", "A.R.U.B+press@googlemail.com")
    row = PressGuest.objects.get()
    assert (row.name, row.address) == ("Bota", "A.R.U.B+press@googlemail.com")
    confirm_press_address(guest=row)
    asks(registration, "Mallory", "arub@gmail.com")
    assert PressGuest.objects.get().name == "Bota"
    last = OutboxMail.objects.filter(template=PRESS.mail_template).latest("pk")
    assert (last.address, last.context["known"]) == ("A.R.U.B+press@googlemail.com", True)


def test_what_may_be_a_tag_or_another_person_gets_a_link_of_its_own(registration) -> None:
    first = asks(registration, "Aru", "aru@corp.example")
    link = PRESS.link(first)
    second = asks(registration, "Mallory", "aru+x@corp.example")
    assert PRESS.link(second) != link
    first.refresh_from_db()
    assert (first.name, first.address) == ("Aru", "aru@corp.example")
    mails = OutboxMail.objects.filter(template=PRESS.mail_template)
    assert [one.address for one in mails if link in str(one.context)] == ["aru@corp.example"]


def test_rows_from_before_prints_of_mailboxes_are_found_and_get_the_new_print(registration) -> None:
    old = written_before(registration, "Aru.B@gmail.com")
    asks(registration, "Aru", "aru.b@gmail.com")
    row = PressGuest.objects.get()
    assert (row.pk, row.name, row.address_print) == (old.pk, "Aru", mailbox_print("arub@gmail.com"))


def test_links_to_rows_from_before_count_for_the_mailbox(registration) -> None:
    old = written_before(registration, "aru@corp.example")
    migration = importlib.import_module("events.migrations.0005_press_guest_mailbox_print")
    migration.copy_prints(apps, connection.SchemaEditorClass(connection))
    old.refresh_from_db()
    assert old.mailbox_print == fingerprint("aru@corp.example")
    for _time in range(LINKS_A_DAY):
        request_proof(PRESS, old)
    asks(registration, "Mallory", "Aru@corp.example")
    assert PressGuest.objects.get().name == "Old"
    with time_machine.travel("2026-03-02 19:30Z"):  # the third of March in Almaty
        asks(registration, "Aru", "aru@corp.example")
    row = PressGuest.objects.get()
    assert (row.pk, row.name) == (old.pk, "Aru")
    assert (row.address_print, row.mailbox_print) == (owner_print(row.address), mailbox_print(row.address))


def test_links_to_rows_of_a_former_key_count_for_the_mailbox(registration, settings) -> None:
    first = asks(registration, "Aru", "aru@corp.example")
    settings.FORMER_SECRET_KEYS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the same length or more, for this test only"
    for number in range(LINKS_A_DAY):
        asks(registration, "Mallory", f"aru+{number}@corp.example")
    assert PressGuest.objects.count() == LINKS_A_DAY
    assert mailbox_print("aru@corp.example") != first.mailbox_print


def test_who_was_answered_before_is_known_still_and_nothing_is_changed(registration) -> None:
    old = written_before(registration, "aru.b@gmail.com", state=PressState.CONFIRMED)
    asks(registration, "Mallory", "aru.b@gmail.com")
    row = PressGuest.objects.get()
    assert (row.pk, row.name, row.state) == (old.pk, "Old", PressState.CONFIRMED)


def test_two_rows_from_before_of_one_mailbox_never_collide(registration) -> None:
    first = written_before(registration, "aru.b@gmail.com")
    second = written_before(registration, "arub@gmail.com")
    for address in ("aru.b@gmail.com", "arub@gmail.com"):
        asks(registration, "Aru", address)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.name, second.name) == ("Aru", "Old")
    assert second.address_print == fingerprint("arub@gmail.com")


def test_a_row_that_is_gone_is_refused_in_words(registration) -> None:
    row = asks(registration, "Aru", "aru@ngo.example")
    assert PRESS.locked(row) == row
    PressGuest.objects.all().delete()
    with pytest.raises(Refused):
        PRESS.locked(row)


def test_every_mail_of_a_flow_has_the_same_shape(registration) -> None:
    row = asks(registration, "Aru", "aru@ngo.example", "ru")
    confirm_press_address(guest=row)
    mails = OutboxMail.objects.filter(template__startswith="events/press_guest").order_by("pk")
    assert [one.template for one in mails] == ["events/press_guest_link", "events/press_guest_answer"]
    for one in mails:
        assert (one.address, one.language) == ("aru@ngo.example", "ru")
        assert {"name", "outlet", "event", "button_url"} <= set(one.context)
        assert one.context["button_url"] == PRESS.link(row)
        assert str(row.uuid) in one.key


@pytest.mark.parametrize(("moment", "left"), [("2026-03-09 18:59Z", 1), ("2026-03-09 19:00Z", 0)])
def test_who_proves_nothing_is_forgotten_after_seven_whole_days(registration, moment, left) -> None:
    asks(registration, "Aru", "aru@ngo.example")
    with time_machine.travel(moment):  # nineteen o'clock UTC is midnight in Almaty
        assert delete_unproved(PressGuest, state=PressState.UNCONFIRMED) == 1 - left
    assert PressGuest.objects.count() == left


def test_who_proved_is_not_forgotten_with_them(registration) -> None:
    confirm_press_address(guest=asks(registration, "Aru", "aru@ngo.example"))
    with time_machine.travel("2026-04-01 06:00Z"):
        assert delete_unproved(PressGuest, state=PressState.UNCONFIRMED) == 0


def test_the_migration_takes_the_day_from_the_moment_as_the_place_reads_it(registration) -> None:
    row = asks(registration, "Aru", "aru@ngo.example")
    PressGuest.objects.update(day=datetime.date(2000, 1, 1))
    migration = importlib.import_module("events.migrations.0004_applicants")
    migration.days_from_moments(apps, connection.SchemaEditorClass(connection))
    row.refresh_from_db()
    assert row.day == datetime.date(2026, 3, 2)


def test_a_flow_says_no_more_of_people_than_it_is_told() -> None:
    bare = Flow(purpose="x", model=PressGuest, own_page="press_registration_link", mail_template="x")
    assert bare.mail_context(PressGuest()) == {}


def test_no_moment_can_be_read_from_the_identifier_of_a_row() -> None:
    made = [PRESS.new(address="aru@ngo.example", language="kk").uuid for _time in range(20)]
    assert {one.version for one in made} == {4}
    assert sorted(made) != made
