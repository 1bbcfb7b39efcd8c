"""After a correction: who stands under which words, on pages, sheets and in the matrix."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Listing
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from documents.drafts.models import ApprovalRule
from documents.publication.actions import publish_approved, remove_name
from tests.documents.approval.builders import stage
from tests.factories import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def url(name, *arguments):
    return reverse(f"documents:{name}", args=arguments)


def words(response):
    return response.content.decode()


def sheet(client, publication):
    return words(client.get(reverse("documents_public:sheet", args=[publication.uuid])))


def data(client, publication):
    return client.get(reverse("documents_public:sheet_json", args=[publication.uuid])).json()


def correct(made, approving, said="Corrected words.", **given):
    """Corrected words, with the names of these (by number) alone."""
    round_ = made.put(
        versions=[made.version(said)],
        organisations=[made.organisations[number] for number in approving],
        **given,
    )
    for number in approving:
        made.approve(round_, made.organisations[number])
    return publish_approved(access=made.access, round_=round_)


@pytest.fixture
def corrected():
    """Three stood under the first text, two of them under the corrected one."""
    made = stage(3)
    first = made.publish("kk")
    return made, first, correct(made, (0, 1))


def test_names_that_did_not_approve_the_corrected_words_are_not_under_them(corrected, client):
    made, first, second = corrected
    gone = made.organisations[2].name_en
    page = sheet(client, second)
    assert gone not in page
    assert "1 organisation stands under the earlier text only" in page
    assert data(client, second)["earlier_only"] == 1
    before = sheet(client, first)
    assert before.count("Stands under these earlier words only") == 1
    assert before.count("Stands under the corrected text too") == 2
    assert data(client, first)["earlier_only"] == 0


def test_a_text_that_all_approved_anew_says_nothing_of_it(client):
    made = stage(2)
    first = made.publish("kk")
    second = correct(made, (0, 1))
    assert "stands under the earlier text only" not in sheet(client, second)
    assert "earlier words only" not in sheet(client, first)
    assert data(client, second)["earlier_only"] == 0


def test_who_takes_its_name_off_stands_under_neither(corrected, client):
    made, first, second = corrected
    organisation = made.organisations[2]
    remove_name(publication=first, organisation=organisation, person=made.representatives[organisation.pk])
    assert organisation.name_en not in sheet(client, first)
    assert data(client, second)["earlier_only"] == 0


def test_of_several_corrections_the_last_one_counts_everyone_once(corrected, client):
    made, _first, second = corrected
    third = correct(made, (0,), "Corrected once more.")
    assert data(client, third)["earlier_only"] == 2
    assert "2 organisations stand under the earlier text only" in sheet(client, third)
    assert data(client, second)["earlier_only"] == 1


def test_a_withheld_name_is_counted_and_told_nowhere(client):
    made = stage(2)
    made.organisation(listing=Listing.WITHHELD, name_en="Canary hidden", name_kk="Canary kk")
    first = made.publish("kk")
    second = correct(made, (0, 1))
    for publication in (first, second):
        assert "Canary" not in sheet(client, publication)
        assert "Canary" not in json.dumps(data(client, publication))
    assert data(client, second)["earlier_only"] == 1
    assert "Stands under these earlier words only" not in sheet(client, first)


def test_who_stands_under_the_earlier_words_alone_is_told_and_finds_it(corrected, client_of):
    made, first, second = corrected
    organisation = made.organisations[2]
    person = made.representatives[organisation.pk]
    (row,) = Notification.objects.filter(kind="corrected_without", person=person)
    assert row.subject == second.uuid
    assert not Notification.objects.filter(
        kind="corrected_without", person=made.representatives[made.organisations[1].pk]
    ).exists()
    page = words(client_of(person).get(url("names", organisation.uuid)))
    assert str(first.uuid) in page
    assert "corrected since; your organisation stands under the earlier words only" in page
    other = made.organisations[1]
    page = words(client_of(made.representatives[other.pk]).get(url("names", other.uuid)))
    assert "earlier words only" not in page


def test_the_round_of_a_correction_says_who_stands_under_the_public_text(client_of):
    made = stage(3)
    made.publish("kk")
    round_ = made.put(
        versions=[made.version("Corrected words.")],
        organisations=made.organisations[:2],
        rule=ApprovalRule.JOINED,
    )
    page = words(client_of(made.coordinator).get(round_.get_absolute_url()))
    assert page.count("Stands under the text that is public now") == 2
    assert "not asked here" in page
    assert made.organisations[2].name_en in page
    made.approve(round_, made.organisations[0])
    made.approve(round_, made.organisations[1])
    publish_approved(access=made.access, round_=round_)
    page = words(client_of(made.coordinator).get(round_.get_absolute_url()))
    assert "Stands under the text that is public now" not in page
    assert "not asked here" not in page


def test_of_a_first_text_the_round_says_nothing_of_it(client_of):
    made = stage(2)
    page = words(client_of(made.coordinator).get(made.put("kk").get_absolute_url()))
    assert "public now" not in page


def test_who_corrects_finds_who_stood_under_it_chosen_and_withheld_as_there(client_of):
    made = stage(3)
    hidden = made.organisations[2]
    round_ = made.put("kk", listings={hidden.uuid: Listing.WITHHELD})
    made.approve_all(round_)
    publish_approved(access=made.access, round_=round_)
    made.write("Corrected words.")
    page = words(client_of(made.coordinator).get(url("put", made.draft.uuid)))
    withheld = [line for line in page.splitlines() if 'name="withheld"' in line]
    assert f'value="{hidden.pk}"' in " ".join(withheld)
    found = [
        part
        for part in page.replace("<input", "\n<input").splitlines()
        if 'name="withheld"' in part and "checked" in part
    ]
    assert len(found) == 1
    assert f'value="{hidden.pk}"' in found[0]


def test_sheets_cost_the_same_for_one_and_for_three(client):
    counts = []
    for asked in (2, 4):
        made = stage(asked)
        first = made.publish("kk")
        second = correct(made, (0,))
        found = []
        for publication in (first, second):
            sheet(client, publication)
            with CaptureQueriesContext(connection) as queries:
                sheet(client, publication)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_the_names_of_a_public_text_are_told_in_a_round_as_they_may_be(client_of):
    """An editor of the workspace is told a pseudonym of whom may not be named."""
    made = stage(2)
    made.organisation(listing=Listing.CONFIDENTIAL, name_en="Canary hidden", name_kk="Canary kk")
    made.publish("kk")
    round_ = made.put(versions=[made.version("Corrected words.")], organisations=made.organisations[:2])
    editor = seat(workspace=made.workspace, role=SeatRole.EDITOR).person
    page = words(client_of(editor).get(round_.get_absolute_url()))
    assert "not asked here" in page
    assert "Canary hidden" not in page
