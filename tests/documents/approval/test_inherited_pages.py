"""What was carried over from approved words, in the browser."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.roles import SeatRole
from documents.models import Approval, Draft
from tests.documents.approval.builders import stage
from tests.documents.approval.inherited_builders import another, framed, put_framed, versions_put
from tests.factories import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def url(name, *arguments):
    return reverse(f"documents:{name}", args=arguments)


def words(response):
    return response.content.decode()


@pytest.fixture
def carried():
    """A letter that says what another text said, and its round."""
    made = stage()
    round_ = made.put("kk")
    made.approve_all(round_)
    letter, again = put_framed(made, round_)
    return made, round_, letter, again


def test_the_organisation_sees_what_it_approved_and_decides_anew_with_one_press(carried, client_of):
    made, _round, _letter, again = carried
    organisation = made.organisations[1]
    client = client_of(made.representatives[organisation.pk])
    page = words(client.get(url("decide_for", again.uuid, organisation.uuid)))
    assert "approved these words already" in page
    assert "In the members&#x27; area" in page
    address = url("reopen_carried", again.uuid, organisation.uuid)
    assert client.get(address).status_code == 405
    answer = client.post(address, follow=True)
    assert "Open again" in words(answer)
    assert not Approval.objects.filter(round=again, organisation=organisation, superseded_at=None).exists()
    assert "approved these words already" not in words(answer)


def test_what_stands_beside_the_words_is_shown(client_of):
    made = stage()
    first = made.put("kk")
    made.approve_all(first)
    other = another(made)
    second = other.put(versions=[other.version("We also ask for shelters.")])
    other.approve_all(second)
    letter = another(made)
    both = [versions_put(first)["kk"], versions_put(second)["kk"]]
    again = letter.put(versions=[framed(letter, both)])
    organisation = made.organisations[1]
    client = client_of(made.representatives[organisation.pk])
    page = words(client.get(url("decide_for", again.uuid, organisation.uuid)))
    assert page.count("What is different here") == 2
    assert re.search(r"<ins[^>]*>(?:<span[^>]*>[^<]*</span>)?We also ask for shelters\.", page)


def test_who_is_not_asked_does_not_press(carried, client_of):
    made, _round, _letter, again = carried
    address = url("reopen_carried", again.uuid, made.organisations[1].uuid)
    assert client_of(made.coordinator).post(address).status_code == 404
    assert (
        client_of(seat(workspace=made.workspace, role=SeatRole.EDITOR).person).post(address).status_code
        == 404
    )


def test_the_round_says_of_which_words_and_no_title_of_what_one_may_not_read(carried, client_of):
    made, round_, _letter, again = carried
    reader = seat(workspace=made.workspace, role=SeatRole.EDITOR).person
    version = versions_put(round_)["kk"]
    page = words(client_of(reader).get(url("round", again.uuid)))
    assert "Made of approved words" in page
    assert version.get_absolute_url() in page
    Draft.objects.filter(pk=made.draft.pk).update(restricted=True)
    page = words(client_of(reader).get(url("round", again.uuid)))
    assert "Made of approved words" in page
    assert version.get_absolute_url() not in page


def test_the_pages_cost_the_same_for_one_and_for_three(client_of):
    counts = []
    for number in (1, 3):
        made = stage()
        sources = []
        for one in range(number):
            other = another(made)
            round_ = other.put(versions=[other.version(f"We ask for {one}.")])
            other.approve_all(round_)
            sources.append(versions_put(round_)["kk"])
        letter = another(made)
        again = letter.put(versions=[framed(letter, sources)])
        client = client_of(made.coordinator)
        pages = [url("round", again.uuid), url("decide_for", again.uuid, made.organisations[0].uuid)]
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_who_puts_is_told_before_and_after(client_of):
    made = stage()
    round_ = made.put("kk")
    made.approve_all(round_)
    letter = another(made)
    client = client_of(made.coordinator)
    address = url("put", letter.draft.uuid)
    letter.write("Words of its own.")
    assert "say only approved words" not in words(client.get(address))
    framed(letter, [versions_put(round_)["kk"]])
    assert "say only approved words" in words(client.get(address))
    sent = {
        "put_kk": "on",
        "voice": "coalition",
        "rule": "joined",
        "organisations": [organisation.pk for organisation in made.organisations],
        "hours": 48,
        "acknowledged": "on",
    }
    page = words(client.post(address, sent, follow=True))
    assert "is not asked again" in page
    assert "Carried over from approved words" in page
