"""The pages of an open letter: public, by link, and the coordinators'."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from coalition.core.throttling import MOST_FROM_ONE_PLACE
from coalition.mail.models import OutboxMail
from documents.models import Joining, JoiningLogo
from documents.open_letters.models import JoiningState
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import stage, withheld
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
WORDS = {
    "name": "Canary Union",
    "contact": "Somebody",
    "position": "Chair",
    "address": "somebody@union.example",
    "authorised": "on",
    "is_listed": "on",
}


def test_from_opening_to_withdrawing(client_of, client):
    made = stage()
    withheld(made)
    publication = made.publish("kk", "en")
    desk = f"/workspaces/publications/{publication.uuid}/letter/"
    coordinator = client_of(made.coordinator)
    assert client.get("/en/open-letter/for-a-law/").status_code == 404
    assert coordinator.post(desk, {"slug": "for a law"}).status_code == 422
    assert coordinator.post(desk, {"slug": "for-a-law", "looks_first": "on"}).status_code == 302
    page = client.get("/en/open-letter/for-a-law/").content.decode()
    assert "We ask for a law, in en." in page
    assert "Canary" not in page
    form = {**WORDS, "publication": str(publication.uuid)}
    assert client.post("/en/open-letter/for-a-law/", {**form, "authorised": ""}).status_code == 422
    assert client.post("/en/open-letter/for-a-law/", {**form, "publication": "x"}).status_code == 409
    assert (
        "/en/open-letter/for-a-law/" in client.get(f"/en/publications/{publication.uuid}/").content.decode()
    )
    answers = [client.post("/en/open-letter/for-a-law/", form) for _time in range(2)]
    assert {(one.status_code, one["Location"]) for one in answers} == {
        (302, "/en/open-letter/for-a-law/sent/")
    }
    assert client.get("/en/open-letter/for-a-law/sent/").status_code == 200
    address = OutboxMail.objects.filter(template="documents/joining_confirm").first().context["button_url"]
    link = address[address.index("/en/") :]
    page = client.get(link)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "strict-origin")
    assert not Joining.objects.filter(state=JoiningState.JOINED).exists()  # opening it does nothing
    assert "Confirmed." in client.post(link, {"act": "confirm"}).content.decode()
    assert "Canary Union" not in client.get("/en/open-letter/for-a-law/").content.decode()
    row = Joining.objects.get(state=JoiningState.JOINED)
    assert "somebody@union.example" in coordinator.get(desk).content.decode()
    coordinator.post(f"{desk}{row.uuid}/admit/")
    assert "Canary Union" in client.get("/en/open-letter/for-a-law/").content.decode()
    assert "Withdrawn." in client.post(link, {"act": "withdraw"}).content.decode()
    assert "Canary Union" not in client.get("/en/open-letter/for-a-law/").content.decode()
    assert "any more" in client.post(link, {"act": "confirm"}).content.decode()
    assert client.get("/en/open-letter/link/wrong/").status_code == 404


def test_the_desk_is_for_coordinators_and_closing_and_refusing_work(client_of, client):
    made = stage()
    publication = made.publish()
    desk = f"/workspaces/publications/{publication.uuid}/letter/"
    coordinator = client_of(made.coordinator)
    coordinator.post(desk, {"slug": "for-a-law"})
    client.post("/kk/open-letter/for-a-law/", {**WORDS, "publication": str(publication.uuid)})
    address = OutboxMail.objects.get(template="documents/joining_confirm").context["button_url"]
    client.post(address[address.index("/kk/") :], {"act": "confirm"})
    assert "Canary Union" in client.get("/kk/open-letter/for-a-law/").content.decode()
    row = Joining.objects.get()
    stranger = client_of(MembershipFactory().person)
    for path in (desk, f"{desk}close/", f"{desk}{row.uuid}/admit/", f"{desk}{row.uuid}/refuse/"):
        assert stranger.post(path).status_code == 404
    late = client_of(made.coordinator, ago=3600)
    assert "reauthenticate" in late.post(f"{desk}{row.uuid}/refuse/")["Location"]
    assert Joining.objects.get().state == JoiningState.JOINED
    coordinator.post(f"{desk}{row.uuid}/refuse/")
    coordinator.post(f"{desk}close/")
    page = client.get("/en/open-letter/for-a-law/").content.decode()
    assert "Canary Union" not in page
    assert "takes no more names" in page


def test_after_a_correction_the_same_link_joins_the_corrected_words(client_of, client):
    made = stage()
    publication = made.publish("kk", "en")
    coordinator = client_of(made.coordinator)
    coordinator.post(f"/workspaces/publications/{publication.uuid}/letter/", {"slug": "for-a-law"})
    client.post("/en/open-letter/for-a-law/", {**WORDS, "publication": str(publication.uuid)})
    address = OutboxMail.objects.get(template="documents/joining_confirm").context["button_url"]
    link = address[address.index("/en/") :]
    client.post(link, {"act": "confirm"})
    round_ = made.put(versions=[made.version("Corrected words.", "en")])
    made.approve_all(round_)
    second = publish_approved(access=made.access, round_=round_)
    page = client.get("/en/open-letter/for-a-law/").content.decode()
    assert "Canary Union" not in page
    assert "Joined the earlier words, before the correction, and not these: 1" in page
    desk = coordinator.get(f"/workspaces/publications/{second.uuid}/letter/").content.decode()
    assert "Joined earlier words, and not these: 1" in desk
    assert "Canary Union" in desk
    page = client.get(link).content.decode()
    assert "stands under the earlier words" in page
    assert f"/en/publications/{second.uuid}/" in page
    for wrong in ("", "x", str(publication.uuid)):
        answer = client.post(link, {"act": "again", "publication": wrong}).content.decode()
        assert "was changed or closed meanwhile" in answer
    answer = client.post(link, {"act": "again", "publication": str(second.uuid)}).content.decode()
    assert "stands under the corrected words now" in answer
    page = client.get("/en/open-letter/for-a-law/").content.decode()
    assert "Canary Union" in page
    assert "before the correction" not in page
    assert "Withdraw our name" in client.get(link).content.decode()
    assert "Withdrawn." in client.post(link, {"act": "withdraw"}).content.decode()


def logo(form: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 30), "teal").save(out, form)
    return SimpleUploadedFile(f"logo.{form.lower()}", out.getvalue(), f"image/{form.lower()}")


def test_a_logo_is_sent_by_the_link_looked_at_and_taken_away(client_of, client):
    made = stage()
    publication = made.publish("kk", "en")
    desk = f"/workspaces/publications/{publication.uuid}/letter/"
    coordinator = client_of(made.coordinator)
    coordinator.post(desk, {"slug": "for-a-law", "looks_first": "on"})
    letter = "/en/open-letter/for-a-law/"
    client.post(letter, {**WORDS, "publication": str(publication.uuid)})
    address = OutboxMail.objects.get(template="documents/joining_confirm").context["button_url"]
    link = address[address.index("/en/") :]
    assert client.post(f"{link}logo/", {"file": logo(), "permitted": "on"}).status_code == 422
    assert not JoiningLogo.objects.exists(), "nobody has joined yet"
    client.post(link, {"act": "confirm"})
    row = Joining.objects.get()
    coordinator.post(f"{desk}{row.uuid}/admit/")
    assert client.get(f"{link}logo/").status_code == 404
    without = client.post(f"{link}logo/", {"file": logo()})
    assert (without.status_code, JoiningLogo.objects.count()) == (422, 0)
    wrong = client.post(f"{link}logo/", {"file": logo("GIF"), "permitted": "on"})
    assert wrong.status_code == 422
    assert "PNG, JPEG or WebP" in wrong.content.decode()
    assert client.post(f"{link}logo/", {"file": logo(), "permitted": "on"})["Location"] == link
    assert "Take the logo away" in client.get(link).content.decode()
    one = JoiningLogo.objects.get()
    own = client.get(f"{link}logo/")
    assert (own.status_code, own["Referrer-Policy"]) == (200, "strict-origin")
    public = f"{letter}logos/{one.uuid}.png"
    assert public not in client.get(letter).content.decode()
    assert client.get(public).status_code == 404
    assert "The logo waits for a look" in coordinator.get(desk).content.decode()
    assert coordinator.get(f"{desk}{row.uuid}/logo/").status_code == 200
    coordinator.post(f"{desk}{row.uuid}/logo/{one.uuid}/admit/")
    assert public in client.get(letter).content.decode()
    answer = client.get(public)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert client.get(public, headers={"if-none-match": answer["ETag"]}).status_code == 304
    late = client_of(made.coordinator, ago=3600)
    assert "reauthenticate" in late.post(f"{desk}{row.uuid}/logo/{one.uuid}/refuse/")["Location"]
    client.post(f"{link}logo/", {"act": "away"})
    assert client.get(public).status_code == 404
    assert public not in client.get(letter).content.decode()
    assert "Canary Union" in client.get(letter).content.decode()
    wrong = client.post("/en/open-letter/link/wrong/logo/", {"file": logo(), "permitted": "on"})
    assert wrong.status_code == 404


def test_logos_on_the_desk_are_for_coordinators(client_of, client):
    made = stage()
    publication = made.publish()
    desk = f"/workspaces/publications/{publication.uuid}/letter/"
    coordinator = client_of(made.coordinator)
    coordinator.post(desk, {"slug": "for-a-law"})
    client.post("/kk/open-letter/for-a-law/", {**WORDS, "publication": str(publication.uuid)})
    address = OutboxMail.objects.get(template="documents/joining_confirm").context["button_url"]
    link = address[address.index("/kk/") :]
    client.post(link, {"act": "confirm"})
    client.post(f"{link}logo/", {"file": logo(), "permitted": "on"})
    one, row = JoiningLogo.objects.get(), Joining.objects.get()
    stranger = client_of(MembershipFactory().person)
    assert stranger.get(f"{desk}{row.uuid}/logo/").status_code == 404
    for act in ("admit", "refuse"):
        assert stranger.post(f"{desk}{row.uuid}/logo/{one.uuid}/{act}/").status_code == 404
    assert JoiningLogo.objects.exists()
    coordinator.post(f"{desk}{row.uuid}/logo/{one.uuid}/refuse/")
    assert not JoiningLogo.objects.exists()
    assert Joining.objects.get().state == JoiningState.JOINED


def test_the_letter_costs_the_same_however_many_logos_it_shows(client_of, client):
    made = stage()
    publication = made.publish()
    client_of(made.coordinator).post(
        f"/workspaces/publications/{publication.uuid}/letter/", {"slug": "for-a-law"}
    )
    costs = []
    for number in range(3):
        who = {**WORDS, "address": f"{number}@union.example", "publication": str(publication.uuid)}
        client.post("/kk/open-letter/for-a-law/", who)
        address = OutboxMail.objects.filter(template="documents/joining_confirm").last().context["button_url"]
        link = address[address.index("/kk/") :]
        client.post(link, {"act": "confirm"})
        client.post(f"{link}logo/", {"file": logo(), "permitted": "on"})
        if number != 1:
            with CaptureQueriesContext(connection) as queries:
                page = client.get("/kk/open-letter/for-a-law/").content.decode()
            assert page.count("/logos/") == number + 1
            costs.append(len(queries))
    assert costs[0] == costs[1]


def test_what_was_typed_is_still_there_when_it_was_not_taken(client_of, client):
    made = stage()
    publication = made.publish("en")
    client_of(made.coordinator).post(
        f"/workspaces/publications/{publication.uuid}/letter/", {"slug": "for-a-law"}
    )
    address = "/en/open-letter/for-a-law/"
    changed = client.post(address, {**WORDS, "publication": "x"})
    assert changed.status_code == 409
    page = changed.content.decode()
    assert 'value="Canary Union"' in page
    assert "The letter was changed meanwhile" in page
    assert f'value="{publication.uuid}"' in page, "as it is now"
    form = {**WORDS, "publication": str(publication.uuid)}
    answers = [client.post(address, {**form, "authorised": ""}) for _time in range(MOST_FROM_ONE_PLACE)]
    assert answers[-1].status_code == 429
    page = answers[-1].content.decode()
    assert 'value="Canary Union"' in page
    assert "too often for one hour" in page
    assert not Joining.objects.exists()
