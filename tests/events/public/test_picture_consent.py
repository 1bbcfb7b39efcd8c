"""Pictures of public events that show somebody under consent."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.accounts.naming import PUBLIC
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.models import ConsentItem
from documents.models import StoredFile
from events.core.models import public_storage
from events.core.summary import facts_for
from events.feeds.cache import refresh_components
from events.models import Event, EventText
from tests.consent.builders import caseworker_of, consent_asked, put_under_consent, shown_under_consent
from tests.documents.files.test_files_pages import read
from tests.events.exhibitions.works.builders import picture_of
from tests.events.planning.builders import Stage, announced, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_march() -> Iterator[None]:
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


@pytest.fixture
def here() -> Stage:
    return stage()


def pictured(here: Stage) -> tuple[Event, StoredFile]:
    file = picture_of(here.access(), alt="Canaryalt")
    StoredFile.objects.filter(pk=file.pk).update(credit="Canarycredit")
    file.refresh_from_db()
    return announced(here.access("coordinator"), picture=file), file


def test_its_public_copy_is_deleted_when_it_comes_under_consent(
    client: Client, here: Stage, django_capture_on_commit_callbacks
) -> None:
    event, file = pictured(here)
    name = str(event.public_picture)
    assert public_storage().exists(name)
    assert name in client.get(f"/en/events/{event.slug}/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        put_under_consent(consent_asked(), "file", str(file.uuid))
    assert not public_storage().exists(name)
    found = client.get(f"/en/events/{event.slug}/").content.decode()
    found += client.get("/calendar.ics").content.decode()
    assert name not in found
    assert "Canary" not in found
    assert not EventText.objects.filter(component__contains=name).exists()
    assert client.get(f"/en/events/{event.slug}/picture/").status_code == 404


def test_it_is_shown_by_the_gate_while_she_agrees(client: Client, here: Stage) -> None:
    event, file = pictured(here)
    consent = consent_asked()
    shown_under_consent(consent, "file", str(file.uuid), languages=["kk"])
    page = client.get(f"/kk/events/{event.slug}/").content.decode()
    address = f"/kk/events/{event.slug}/picture/"
    assert page.count(address) == 1  # not where it is shared: previews cannot be called back
    assert "Canarycredit" in page
    answer = client.get(address)
    assert read(answer).startswith(b"\x89PNG")
    assert "no-store" in answer["Cache-Control"]
    assert "Canary" not in client.get(f"/ru/events/{event.slug}/").content.decode()
    assert client.get(f"/ru/events/{event.slug}/picture/").status_code == 404
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    page = client.get(f"/kk/events/{event.slug}/").content.decode()
    assert "Canary" not in page
    assert address not in page
    assert client.get(address).status_code == 404


def test_a_picture_under_consent_gets_no_public_copy(here: Stage) -> None:
    file = picture_of(here.access())
    shown_under_consent(consent_asked(), "file", str(file.uuid))
    assert not announced(here.access("coordinator"), picture=file).public_picture


def had_bytes(item: ConsentItem, file: StoredFile) -> None:
    """Bytes of this file were those of the item before it changed."""
    item.set_bytes(file.sha256)
    item.set_bytes("f" * 64)
    item.save()


def test_a_copy_of_earlier_bytes_is_deleted_and_gets_no_public_copy(
    here: Stage, django_capture_on_commit_callbacks
) -> None:
    event, file = pictured(here)
    name = str(event.public_picture)
    other = picture_of(here.access(), colour="blue")
    assert other.sha256 != file.sha256
    with django_capture_on_commit_callbacks(execute=True):
        had_bytes(put_under_consent(consent_asked(), "file", str(other.uuid)), file)
    assert not public_storage().exists(name)
    assert not Event.objects.get(pk=event.pk).public_picture
    assert not announced(here.access("coordinator"), picture=file).public_picture


@pytest.mark.parametrize("earlier", [False, True])
def test_no_calendar_and_no_search_engine_gets_the_address_of_a_copy_that_was_left(
    client: Client, here: Stage, earlier: bool
) -> None:
    event, file = pictured(here)
    name = str(event.public_picture)
    item = shown_under_consent(consent_asked(), "file", str(file.uuid))
    if earlier:
        had_bytes(item, file)
    Event.objects.filter(pk=event.pk).update(public_picture=name)
    event.refresh_from_db()
    assert facts_for(event, language="en", viewer=PUBLIC).picture == ""
    refresh_components(event)
    found = client.get("/calendar.ics").content + client.get(f"/en/events/{event.slug}/").content
    assert name.encode() not in found


def test_the_gate_costs_one_query_a_page(client: Client, here: Stage) -> None:
    event, file = pictured(here)
    for _number in range(3):
        shown_under_consent(consent_asked(), "file", str(file.uuid))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/en/events/{event.slug}/").status_code == 200
    assert sum("consent_consentitem" in one["sql"] for one in queries) == 1
