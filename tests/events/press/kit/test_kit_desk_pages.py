"""The kit at the desk: begun, filled, ordered; who sees it; readiness."""

import pytest
import time_machine
from django.urls import reverse

from documents.files.actions import delete_file
from events.models import KitItem
from events.press.kit.models import KitKind, KitPhase, KitWay
from tests.conftest import sign_in
from tests.events.planning.builders import press_conference, stage
from tests.events.press.kit.builders import file_of, journalist, kit, put

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return press_conference(here.access("coordinator"))


def desk(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def test_the_desk_begins_and_fills_it(client, here, event) -> None:
    file = file_of(here.access())
    member = sign_in(client, here.user())
    assert b"There is no kit yet" in member.get(desk("kit", event)).content
    terms = {"way": "moment", "opens_on": "2026-03-03", "opens_at": "", "afterwards_on": "2026-03-01"}
    refused = member.post(desk("kit_terms", event), terms)
    assert refused.status_code == 422
    assert 'value="2026-03-03"' in refused.content.decode(), "what was typed stays"
    terms |= {"opens_at": "10:30", "afterwards_on": "", "on_page": "on"}
    assert member.post(desk("kit_terms", event), terms).status_code == 302
    add = desk("kit_add", event, "at_event", "file")
    assert file.name in member.get(add).content.decode()
    assert member.post(add, {"file": file.pk}).status_code == 422
    assert member.post(add, {"file": file.pk, "title_en": "Law in short"}).status_code == 302
    assert (
        member.post(
            desk("kit_add", event, "afterwards", "recording"),
            {
                "title_kk": "Жазба",
                "link": "https://video.example/1",
                "language": "kk",
                "minutes": "52",
                "others_agree": "on",
            },
        ).status_code
        == 302
    )
    text = member.get(desk("kit", event)).content.decode()
    for words in ("Law in short", "Жазба", "Opens on", "/event-kit/", "The kit on the public page"):
        assert words in text
    assert "Kit" in member.get(event.get_absolute_url()).content.decode()
    first = KitItem.objects.order_by("pk")[0]
    member.post(desk("kit_order", event), {"down": str(first.uuid)})
    assert member.post(desk("kit_item_remove", event, first.uuid)).status_code == 302
    assert "Law in short" not in member.get(desk("kit", event)).content.decode()
    member.post(desk("kit_item_restore", event, first.uuid))
    assert "Law in short" in member.get(desk("kit", event)).content.decode()


@pytest.mark.parametrize("kind", KitKind.values)
def test_every_kind_has_its_form(client, here, event, kind) -> None:
    kit(here.access(), event)
    member = sign_in(client, here.user())
    assert member.get(desk("kit_add", event, "afterwards", kind)).status_code == 200
    early = member.get(desk("kit_add", event, "at_event", kind)).status_code
    assert early == (200 if KitPhase.AT_EVENT in KitKind(kind).phases else 404)
    assert member.post(desk("kit_add", event, "afterwards", kind), {}).status_code == 422


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_the_desk_is_for_those_who_prepare(client, here, event, role) -> None:
    kit(here.access(), event, way=KitWay.MOMENT, opens_at=event.starts_at)
    item = put(here.access(), event, KitKind.LINK, link="https://a.example/", title={"en": "Canary"})
    member = sign_in(client, here.user(role))
    answer = member.get(desk("kit", event))
    assert (answer.status_code == 200) == (role != "observer")
    assert "/event-kit/" not in answer.content.decode()
    if role == "observer":
        assert "Canary" not in answer.content.decode()
    for name, more in (("kit_link", []), ("kit_afterwards", []), ("kit_item_remove", [item.uuid])):
        assert member.post(desk(name, event, *more)).status_code == 403
    assert sign_in(client, stage().user()).get(desk("kit", event)).status_code == 403, "of others: no kit"


def test_a_kit_that_is_not_ready_is_said_before_the_event(client, here, event) -> None:
    access = here.access()
    words = "the kit has nothing yet that can be given out"
    member = sign_in(client, here.user())
    assert words not in member.get(event.get_absolute_url()).content.decode()
    journalist(access, event)
    assert words in member.get(event.get_absolute_url()).content.decode()
    kit(access, event)
    file = file_of(access)
    put(access, event, file=file)
    assert words not in member.get(event.get_absolute_url()).content.decode()
    delete_file(access=access, file=file)
    assert words in member.get(event.get_absolute_url()).content.decode()
