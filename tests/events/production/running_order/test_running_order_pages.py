"""The pages of a running order: the plan, an item, the day, the PDF."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import RunningItem
from events.production.running_order import actions as running_order_actions
from events.production.running_order.queries import running_items_of
from tests.events.planning.builders import planned, press_conference, stage
from tests.poppler import pdf_fonts, pdf_text, reads_pdf

pytestmark = pytest.mark.django_db
LETTERS = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі"


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel("2026-03-03 05:30Z", tick=False):  # 10:30 in Almaty, half an hour before
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return planned(here.access(), title="Conference")


def add(here, event, title: str, minutes: int = 10, **given: object) -> RunningItem:
    given |= {"title": {"kk": title}, "minutes": minutes}
    return running_order_actions.add_running_item(access=here.access(), event=event, **given)


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def test_an_empty_plan_says_how_to_begin(here, event, client_of) -> None:
    page = client_of(here.user()).get(at("running_order", event)).content.decode()
    assert "Nothing planned minute by minute yet" in page
    reader = client_of(here.user("contributor")).get(at("running_order", event)).content.decode()
    assert at("running_add", event) not in reader


def test_items_are_added_changed_moved_taken_out_and_brought_back(here, event, client_of) -> None:
    client = client_of(here.user())
    sent = {"title_kk": "Есік ашылады", "minutes": "15", "pinned": "", "who": "Кезекші", "note": ""}
    client.post(at("running_add", event), sent)
    client.post(at("running_add", event), sent | {"title_kk": "Сөз", "minutes": "5"})
    first, second = running_items_of(event.running_order)
    page = client.get(at("running_order", event)).content.decode()
    assert page.index("Есік ашылады") < page.index("Сөз")
    assert "<b>11:15</b>" in page
    client.post(at("running_move", event), {"down": str(first.uuid)})
    assert [row.uuid for row in running_items_of(event.running_order)] == [second.uuid, first.uuid]
    client.post(at("running_move", event), {"item": str(first.uuid), "before": str(second.uuid)})
    assert [row.uuid for row in running_items_of(event.running_order)] == [first.uuid, second.uuid]
    client.post(at("running_item", event, first.uuid), sent | {"minutes": "30", "revision": "0"})
    assert "<b>11:30</b>" in client.get(at("running_order", event)).content.decode()
    client.post(at("running_item_remove", event, first.uuid))
    page = client.get(at("running_order", event)).content.decode()
    assert "Есік ашылады" not in page
    assert at("running_item_restore", event, first.uuid) in page  # undo
    client.post(at("running_item_restore", event, first.uuid))
    assert "Есік ашылады" in client.get(at("running_order", event)).content.decode()


def test_what_somebody_else_wrote_meanwhile_stands_beside_what_was_typed(here, event, client_of) -> None:
    row = add(here, event, "Бұрынғы")
    theirs = {"title": {"kk": "Олардікі"}, "minutes": 7}
    running_order_actions.change_running_item(
        access=here.access("coordinator"), event=event, uuid=row.uuid, **theirs, seen=0
    )
    sent = {"title_kk": "Менікі", "minutes": "9", "revision": "0"}
    answer = client_of(here.user()).post(at("running_item", event, row.uuid), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Олардікі" in page
    assert 'value="Менікі"' in page
    assert 'name="revision" value="1"' in page


@pytest.mark.parametrize("minutes", ["", "-1", "601", "ten"])
def test_minutes_that_are_none_are_said_at_the_field_and_nothing_is_lost(
    here, event, client_of, minutes
) -> None:
    sent = {"title_kk": "Есік", "minutes": minutes, "who": "Кезекші"}
    answer = client_of(here.user()).post(at("running_add", event), sent)
    assert answer.status_code == 422
    assert 'value="Кезекші"' in answer.content.decode()
    assert not RunningItem.objects.exists()


def test_the_day_says_what_is_now_and_next_and_how_far_behind(here, event, client_of) -> None:
    rows = [add(here, event, title) for title in ("Бірінші", "Екінші", "Үшінші")]
    client = client_of(here.user())
    page = client.get(at("running_today", event)).content.decode()
    assert "Nothing yet" in page
    client.post(at("running_say", event), {"begin": str(rows[0].uuid)})
    with time_machine.travel("2026-03-03 05:55Z", tick=False):
        page = client.get(at("running_today", event)).content.decode()
    assert page.index("Бірінші") < page.index("Екінші")
    with time_machine.travel("2026-03-03 06:25Z", tick=False):  # 11:25: the first item began at 10:30
        page = client.get(at("running_today", event)).content.decode()
    assert "15 minutes behind the plan" in page
    client.post(at("running_say", event), {"begin": str(rows[2].uuid)})
    assert "It is over" in client.get(at("running_today", event)).content.decode()
    client.post(at("running_say", event), {"end": "1"})
    assert "It is over." in client.get(at("running_today", event)).content.decode()
    client.post(at("running_say", event), {"start_over": "1"})
    assert "Nothing yet" in client.get(at("running_today", event)).content.decode()


def test_on_another_day_it_says_when_one_can_press(here, event, client_of) -> None:
    row = add(here, event, "Бірінші")
    with time_machine.travel("2026-02-20 05:30Z", tick=False):
        client = client_of(here.user())
        page = client.get(at("running_today", event)).content.decode()
        assert "On the day, one press here says" in page
        assert f'name="begin" value="{row.uuid}"' not in page
        client.post(at("running_say", event), {"begin": str(row.uuid)})
    assert RunningItem.objects.get().began_at is None


@reads_pdf
def test_the_pdf_tells_the_plan_not_the_day(here, event, client_of, tmp_path) -> None:
    row = add(here, event, "Бірінші")
    running_order_actions.begin_item(access=here.access(), event=event, uuid=row.uuid)
    path = tmp_path / "order.pdf"
    path.write_bytes(client_of(here.user()).get(at("running_pdf", event)).content)
    words = pdf_text(path)
    assert "11:00" in words
    assert "10:30" not in words


def test_people_who_do_not_prepare_it_do_not_read_it(here, client_of) -> None:
    event = press_conference(here.access("coordinator"))
    add(here, event, "Canary words")
    pages = [at(name, event) for name in ("running_order", "running_today", "running_pdf")]
    for page in pages:
        assert client_of(here.user("contributor")).get(page).status_code == 200
        assert client_of(here.user("observer")).get(page).status_code == 403
        told_only = client_of(stage().user("coordinator")).get(page)
        assert told_only.status_code in {403, 404}
        assert b"Canary" not in told_only.content
    for name in ("observer", "contributor"):
        shown = client_of(here.user(name)).get(event.get_absolute_url()).content.decode()
        assert (pages[0] in shown) == (name == "contributor")


def test_only_who_plans_may_press_anything(here, event, client_of) -> None:
    row = add(here, event, "Есік")
    client = client_of(here.user("contributor"))
    for name, more in (
        ("running_order", ()),
        ("running_move", ()),
        ("running_say", ()),
        ("running_add", ()),
        ("running_item", (row.uuid,)),
        ("running_item_remove", (row.uuid,)),
        ("running_item_restore", (row.uuid,)),
    ):
        sent = {
            "begins": "09:00",
            "up": str(row.uuid),
            "begin": str(row.uuid),
            "title_kk": "x",
            "minutes": "1",
        }
        assert client.post(at(name, event, *more), sent).status_code == 403


def test_it_takes_the_same_queries_for_one_and_for_three(here, event, client_of) -> None:
    client = client_of(here.user())
    add(here, event, "Бірінші")
    for name in ("running_order", "running_today"):
        client.get(at(name, event))
        with CaptureQueriesContext(connection) as one:
            client.get(at(name, event))
        more = [add(here, event, "Тағы"), add(here, event, "Тағы")]
        with CaptureQueriesContext(connection) as three:
            client.get(at(name, event))
        assert len(three) == len(one)
        for row in more:
            running_order_actions.remove_running_item(access=here.access(), event=event, uuid=row.uuid)


@reads_pdf
def test_the_pdf_has_every_kazakh_letter(here, event, client_of, tmp_path) -> None:
    add(here, event, LETTERS, note="#set text(red) $x$ *words* are words")
    answer = client_of(here.user()).get(at("running_pdf", event))
    assert answer["Content-Type"] == "application/pdf"
    path = tmp_path / "order.pdf"
    path.write_bytes(answer.content)
    words = pdf_text(path, "-layout")
    for letter in LETTERS.replace(" ", ""):
        assert letter in words
    assert "#set text(red)" in words
    assert {font.partition("-")[0] for font in pdf_fonts(path)} == {"Onest"}
