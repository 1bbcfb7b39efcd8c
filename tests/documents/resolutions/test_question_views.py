"""The pages of decisions: the register, putting a question, answering it, and who finds nothing."""

import datetime

import pytest
from django.utils import timezone

from documents.models import Answer, Question
from documents.resolutions.models import AnswerKind, QuestionState
from tests.documents.approval.builders import stage, withheld
from tests.documents.resolutions.asking import put, say
from tests.factories import MembershipFactory


def sent(made, **given):
    deadline = timezone.localtime() + datetime.timedelta(days=2)
    return {
        "title": "A fourth workshop",
        "words": "Do we hold it in May?",
        "organisations": [one.pk for one in made.organisations],
        "rule": "consent",
        "quorum": "50",
        "quorum_kind": "share",
        "deadline": deadline.strftime("%Y-%m-%dT%H:%M"),
        **given,
    }


@pytest.mark.django_db
def test_a_coordinator_puts_a_question_and_finds_it_in_the_register(client_of):
    made = stage()
    client = client_of(made.coordinator)
    register = f"/workspaces/{made.workspace.uuid}/decisions/"
    assert "Nothing is decided here yet" in client.get(register).content.decode()
    answer = client.post(f"{register}ask/", sent(made, quorum="101"))
    assert answer.status_code == 422
    assert "at most 100 per cent" in answer.content.decode()
    answer = client.post(f"{register}ask/", sent(made), follow=True)
    assert "Quorum: 50 per cent of those asked, that is 1 of 2." in answer.content.decode()
    page = client.get(register).content.decode()
    assert "A fourth workshop" in page
    assert "0 of 2" in page


@pytest.mark.django_db
def test_a_representative_without_a_seat_answers_from_the_desk(client_of):
    made = stage()
    question, organisation = put(made), made.organisations[1]
    person = made.representatives[organisation.pk]
    client = client_of(person)
    assert question.get_absolute_url() in client.get("/workspaces/").content.decode()
    address = f"{question.get_absolute_url()}answer/{organisation.uuid}/"
    refused = client.post(address, {"kind": "objects", "words": ""})
    assert (refused.status_code, Answer.objects.count()) == (422, 0)
    page = client.post(address, {"kind": "objects", "words": "Not in May."}, follow=True).content.decode()
    assert "Recorded." in page
    assert "“Not in May.”" in page
    assert question.get_absolute_url() not in client.get("/workspaces/").content.decode()
    assert client.get(f"/workspaces/{made.workspace.uuid}/decisions/").status_code == 404  # no seat


@pytest.mark.django_db
def test_answering_asks_who_it_is_once_more(client_of):
    made = stage()
    question, organisation = put(made), made.organisations[1]
    client = client_of(made.representatives[organisation.pk], ago=3600)
    answer = client.post(
        f"{question.get_absolute_url()}answer/{organisation.uuid}/", {"kind": "agrees", "words": ""}
    )
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_strangers_find_nothing_and_others_do_not_answer_or_take_back(client_of):
    made = stage()
    question, organisation = put(made), made.organisations[1]
    address = question.get_absolute_url()
    stranger = client_of(MembershipFactory().person)
    assert stranger.get(address).status_code == 404
    answers = f"{address}answer/{organisation.uuid}/"
    for client in (stranger, client_of(made.coordinator)):
        assert client.post(answers, {"kind": "agrees", "words": ""}).status_code == 404
    representative = client_of(made.representatives[organisation.pk])
    assert representative.post(f"{address}take-back/").status_code == 404
    client_of(made.coordinator).post(f"{address}take-back/")
    assert Question.objects.get().state == QuestionState.TAKEN_BACK


@pytest.mark.django_db
def test_the_page_tells_the_name_only_to_who_may_know_it(client_of):
    made = stage()
    secret = withheld(made)
    question = put(made)
    say(made, question, secret, AnswerKind.AGREES)
    other = made.representatives[made.organisations[1].pk]  # asked, without a seat
    page = client_of(other).get(question.get_absolute_url()).content.decode()
    assert "Canary" not in page
    assert made.representatives[secret.pk].name not in page
    assert "Canary withheld" in client_of(made.coordinator).get(question.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_the_register_and_a_question_take_as_many_queries_with_more(client_of, django_assert_max_num_queries):
    made = stage()
    client = client_of(made.coordinator)
    register = f"/workspaces/{made.workspace.uuid}/decisions/"
    question = put(made)
    client.get(register)
    counts = []
    for _more in range(2):
        with django_assert_max_num_queries(60) as first:
            client.get(register)
        with django_assert_max_num_queries(60) as second:
            client.get(question.get_absolute_url())
        counts.append((len(first), len(second)))
        made.organisation()
        made.organisation()
        question = put(made)
        say(made, question, made.organisations[2])
        put(made)
    assert counts[0] == counts[1]
