"""The public sheet, its JSON, and checking both from outside."""

import json
import pathlib
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.db.models import F, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.models import Listing, Organisation
from documents.management.commands import verify_publication
from documents.models import ChainHead, Publication, Version
from documents.publication.actions import publish_approved, withdraw_publication
from documents.publication.verification.record import verify
from tests.documents.approval.builders import stage, withheld
from tests.factories import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def url(name, *arguments, language="en"):
    with override(language):
        return reverse(f"documents_public:{name}", args=arguments)


def check(*arguments):
    out = StringIO()
    call_command("verify_publication", *arguments, stdout=out)
    return out.getvalue()


def test_anyone_reads_who_stands_under_a_text_in_three_languages(client):
    made = stage(3)
    publication = made.publish("kk", "ru")
    for language in ("kk", "ru", "en"):
        page = client.get(url("sheet", publication.uuid, language=language))
        assert page.status_code == 200
        for organisation in made.organisations:
            assert organisation.name_in(language) in page.content.decode()
    assert url("sheet", publication.uuid) in client.get(url("sheets")).content.decode()


def test_the_json_verifies_from_outside(client, tmp_path):
    made = stage()
    first = made.publish("kk", "ru", "en")
    second = stage().publish()
    for publication in (first, second):
        answer = client.get(url("sheet_json", publication.uuid))
        assert answer["Access-Control-Allow-Origin"] == "*"
        (tmp_path / f"{publication.number}.json").write_bytes(answer.content)
    assert "Everything that was checked holds" in check(str(tmp_path / "1.json"))
    said = check(str(tmp_path / "2.json"), "--previous", str(tmp_path / "1.json"))
    assert "It follows publication 1" in said
    assert "Everything that was checked holds" in check("--all")


def test_the_json_is_the_same_in_every_language_and_answers_304(client):
    publication = stage().publish()
    answers = [client.get(url("sheet_json", publication.uuid, language=code)) for code in ("kk", "en")]
    assert answers[0].content == answers[1].content
    again = client.get(url("sheet_json", publication.uuid), headers={"If-None-Match": answers[0]["ETag"]})
    assert again.status_code == 304
    Organisation.objects.update(listing=Listing.WITHHELD)
    again = client.get(url("sheet_json", publication.uuid), headers={"If-None-Match": answers[0]["ETag"]})
    assert again.status_code == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sheet: sheet["documents"][0]["document"].update(title="Another title"),
        lambda sheet: sheet["documents"].pop(),
        lambda sheet: sheet.update(number=7),
        lambda sheet: sheet.update(hash="0" * 64),
        lambda sheet: sheet.update(record=sheet["record"].replace('"canon":1', '"canon":2')),
        lambda sheet: sheet.update(published="2020-01-01T00:00:00.000000Z"),
        lambda sheet: sheet["approvals"].update(names_withheld=9),
        lambda sheet: sheet.pop("record"),
        lambda sheet: sheet.update(documents=None),
        lambda sheet: sheet.update(sheet=2),
    ],
)
def test_a_silent_change_shows(client, tmp_path, spoil):
    publication = stage().publish("kk", "ru")
    sheet = json.loads(client.get(url("sheet_json", publication.uuid)).content)
    assert all(one.ok for one in verify(sheet))
    spoil(sheet)
    assert not all(one.ok for one in verify(sheet))
    path = tmp_path / "sheet.json"
    path.write_text(json.dumps(sheet))
    with pytest.raises(CommandError):
        check(str(path))


@pytest.mark.parametrize(
    "source", [None, 7, "x", [], {}, {"sheet": 1}, {"sheet": 1, "record": "[]", "hash": ""}]
)
def test_what_is_no_sheet_is_refused_without_a_fault(source):
    assert not all(one.ok for one in verify(source))


def test_a_change_in_the_database_shows_in_the_chain():
    stage().publish()
    publication = stage().publish()
    Publication.objects.filter(pk=publication.pk).update(record=publication.record.replace("a", "b"))
    with pytest.raises(CommandError):
        check("--all")


@pytest.mark.parametrize(
    "change",
    [
        lambda one: Version.objects.filter(text__draft=one.draft).update(
            canonical=Replace("canonical", Value("law"), Value("bill"))
        ),
        lambda one: one.texts.update(hash="0" * 64),
        lambda one: one.names.first().delete(),
        lambda one: one.names.update(organisation=OrganisationFactory()),
        lambda one: Publication.objects.filter(pk=one.pk).update(published_at=F("scheduled_at")),
        lambda one: Publication.objects.filter(pk=one.pk).update(number=None),
        lambda _one: ChainHead.objects.update(hash="0" * 64),
    ],
    ids=["words", "hash", "name gone", "other name", "moment", "taken out", "end"],
)
def test_a_row_that_is_changed_silently_shows(change):
    stage().publish()
    publication = stage(1).publish()
    assert "Everything that was checked holds" in check("--all")
    try:
        change(publication)
    except IntegrityError:
        return  # the database itself refuses it
    with pytest.raises(CommandError):
        check("--all")


def test_from_an_address_the_link_of_the_chain_is_followed(client, monkeypatch):
    stage().publish()
    publication = stage().publish()

    def fetched(address, policy):
        return client.get(address.removeprefix("https://coalition.example")).content

    monkeypatch.setattr(verify_publication, "fetch", fetched)
    address = f"https://coalition.example{url('sheet_json', publication.uuid)}"
    assert "It follows publication 1" in check(address)


UUID_A, UUID_B = str(uuid4()), str(uuid4())


@pytest.mark.parametrize(
    "sheet",
    [
        {"publication": "https://far.example", "previous_publication": "http://127.0.0.1:1"},
        {"publication": "https://far.example/", "previous_publication": "/etc/"},
        {"publication": UUID_A, "previous_publication": "../../elsewhere"},
        {"publication": UUID_A, "previous_publication": "@127.0.0.1/"},
        {"publication": "far", "previous_publication": UUID_B},
        {"publication": UUID_A, "blocks": [{"publication": "?x="}]},
        {"publication": "https://far.example", "blocks": [{"publication": "http://127.0.0.1:1"}]},
    ],
)
def test_a_sheet_from_elsewhere_leads_nowhere_but_beside_itself(sheet, monkeypatch, tmp_path):
    asked = []
    opened = []

    def fetched(address, policy):
        asked.append((address, policy.loopback_http))
        return json.dumps(sheet).encode()

    monkeypatch.setattr(verify_publication, "fetch", fetched)
    monkeypatch.setattr(pathlib.Path, "read_bytes", lambda path: opened.append(path) or b"{}")
    with pytest.raises(CommandError):
        check(f"https://far.example/publications/{UUID_A}.json")
    assert asked == [(f"https://far.example/publications/{UUID_A}.json", False)]
    assert opened == []


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://[::1]", True),
        ("http://a.example", False),
    ],
)
def test_this_machine_is_asked_if_its_address_was_typed(host, own, monkeypatch):
    asked = []
    sheet = {"publication": UUID_A, "previous_publication": UUID_B}

    def fetched(address, policy):
        asked.append((address, policy.loopback_http))
        return json.dumps(sheet).encode()

    monkeypatch.setattr(verify_publication, "fetch", fetched)
    with pytest.raises(CommandError):
        check(f"{host}/{UUID_A}.json")
    assert asked == [(f"{host}/{UUID_A}.json", own), (f"{host}/{UUID_B}.json", own)]


def test_what_is_not_published_in_a_language_is_said(client):
    publication = stage().publish("kk", "ru")
    assert "no approved text exists: English" in client.get(url("sheet", publication.uuid)).content.decode()
    sheet = json.loads(client.get(url("sheet_json", publication.uuid)).content)
    assert sheet["languages_missing"] == ["en"]


def test_names_that_must_not_be_told_are_nowhere(client):
    made = stage()
    hidden = withheld(made)
    publication = made.publish()
    for name in ("sheet", "sheet_json"):
        told = client.get(url(name, publication.uuid)).content.decode()
        assert hidden.code not in told
        assert str(hidden.uuid) not in told
        assert "Canary" not in told, "neither the name nor the working title"
    assert (
        "and 1 organisation whose name is withheld"
        in client.get(url("sheet", publication.uuid)).content.decode()
    )


def test_a_withdrawn_text_is_gone_and_its_note_stays(client):
    made = stage()
    publication = made.publish()
    withdraw_publication(access=made.access, publication=publication, note="A wrong figure.")
    page, data = client.get(url("sheet", publication.uuid)), client.get(url("sheet_json", publication.uuid))
    assert (page.status_code, data.status_code) == (410, 410)
    assert "A wrong figure." in page.content.decode()
    for answer in (page, data):
        assert "We ask for a law" not in answer.content.decode()
    assert "We ask" not in client.get(url("sheets")).content.decode()


def test_a_correction_leads_from_the_old_sheet_to_the_new_one(client):
    made = stage()
    first = made.publish()
    round_ = made.put(versions=[made.version("Corrected words.")])
    made.approve_all(round_)
    second = publish_approved(access=made.access, round_=round_)
    assert url("sheet", second.uuid) in client.get(url("sheet", first.uuid)).content.decode()
    assert url("sheet", first.uuid) in client.get(url("sheet", second.uuid)).content.decode()


def test_what_does_not_exist_is_not_found(client):
    assert client.get(url("sheet", "01890000-0000-7000-8000-000000000000")).status_code == 404
    assert client.get(url("sheet_json", "01890000-0000-7000-8000-000000000000")).status_code == 404


def test_a_sheet_costs_the_same_whoever_stands_under_it(client, django_assert_max_num_queries):
    for asked in (2, 8):
        publication = stage(asked).publish("kk", "ru")
        with django_assert_max_num_queries(10):
            assert client.get(url("sheet", publication.uuid)).status_code == 200
