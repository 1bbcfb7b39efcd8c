"""Asking for membership on the public site."""

import pytest

from coalition.accounts.models import MembershipRequest, RequestState
from coalition.core.throttling import MOST_FROM_ONE_PLACE
from coalition.mail.models import OutboxMail

pytestmark = pytest.mark.django_db
WORDS = {
    "name": "A group",
    "region": "KZ-75",
    "why": "We answer a helpline.",
    "contact": "Somebody",
    "address": "somebody@group.example",
}


def test_a_request_is_sent_and_confirmed(site, client):
    assert "Send the request" in client.get("/en/membership/").content.decode()
    assert client.post("/en/membership/", {**WORDS, "address": "none"}).status_code == 422
    answer = client.post("/en/membership/", WORDS, follow=True)
    assert answer.redirect_chain == [("/en/membership/sent/", 302)]
    link = OutboxMail.objects.get(template="partners/membership_confirm").context["button_url"]
    path = link[link.index("/en/") :]
    page = client.get(path)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "strict-origin")
    assert MembershipRequest.objects.get().state == RequestState.UNCONFIRMED  # opening it does nothing
    assert "Confirmed." in client.post(path, {"act": "confirm"}).content.decode()
    assert MembershipRequest.objects.get().state == RequestState.OPEN
    assert client.post(path).status_code == 404
    assert client.get("/en/membership/confirm/wrong/").status_code == 404


def test_the_answer_is_the_same_whoever_asks_and_too_many_are_refused(site, client):
    answers = [client.post("/kk/membership/", WORDS) for _time in range(MOST_FROM_ONE_PLACE + 1)]
    assert {(one.status_code, one["Location"]) for one in answers[:-1]} == {(302, "/kk/membership/sent/")}
    assert OutboxMail.objects.filter(template="partners/membership_confirm").count() == 3
    assert answers[-1].status_code == 429
    assert WORDS["why"] in answers[-1].content.decode()  # nothing of theirs is lost
