"""Ready messages for messengers: nothing confidential, and a link that signs nobody in."""

import datetime

import pytest
from django.utils.translation import override

from coalition.workspaces.share_text import ShareSubject, share_messages
from tests.documents.approval.builders import stage
from tests.events.planning.builders import announced, stage as event_stage

DEADLINE = datetime.datetime(2026, 3, 3, 6, tzinfo=datetime.UTC)


def test_it_is_in_three_languages_and_the_readers_comes_checked(settings) -> None:
    settings.SITE_URL = "https://coalition.example"
    with override("ru"):
        found = share_messages(ShareSubject.DECISION, "/workspaces/rounds/x/decide/", deadline=DEADLINE)
    assert [(one.code, one.current) for one in found] == [("kk", False), ("ru", True), ("en", False)]
    assert found[2].text == (
        "The coalition waits for your decision on a text until Tuesday 3 March 2026, 11:00, Almaty (UTC+5). "
        "Sign in to read it: https://coalition.example/workspaces/rounds/x/decide/"
    )


@pytest.mark.parametrize("about", ShareSubject)
def test_every_message_holds_its_link(about) -> None:
    assert all("/x/" in one.text for one in share_messages(about, "/x/", deadline=DEADLINE))


def texts(page: str) -> list[str]:
    return [part.split("</textarea>")[0] for part in page.split("readonly>")[1:]]


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["text", "version", "round", "event"])
def test_the_pages_offer_it_and_it_tells_nothing(place, client_of, client) -> None:
    if place == "event":
        scene = event_stage()
        event = announced(scene.access())
        person, address = scene.user("editor"), event.get_absolute_url()
    else:
        made = stage()
        round_ = made.put()
        version = made.text().versions.get()
        things = {"text": made.text(), "version": version, "round": round_}
        person, address = made.coordinator, things[place].get_absolute_url()
    found = texts(client_of(person).get(address).content.decode())
    assert len(found) == 3
    link = found[2].rpartition(" ")[2]
    assert link.endswith("/decide/" if place == "round" else address)
    for words in found:
        for secret in ("Canary", "harassment", "Event", person.name):
            assert secret not in words.replace(address, "")
    preview = client.get(link.partition("/workspaces")[1] + link.partition("/workspaces")[2], follow=True)
    shown = preview.content.decode()
    assert preview.redirect_chain[0][0].startswith("/accounts/login/")
    assert not preview.wsgi_request.user.is_authenticated
    for secret in ("Canary", "harassment", "og:", "twitter:", "application/ld+json"):
        assert secret not in shown
