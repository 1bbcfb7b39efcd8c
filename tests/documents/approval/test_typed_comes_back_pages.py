"""What was typed is not lost when it is refused."""

import pytest

from documents.approval.actions.open_round import renew_round
from documents.models import Approval, Publication
from tests.documents.approval.builders import stage
from tests.documents.approval.test_approvals_pages import url, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def test_a_reason_for_standing_aside_comes_back_when_it_is_not_recorded(client_of):
    made = stage()
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    client = client_of(made.representatives[organisation.pk])
    old = [f"{code}:{digest}" for code, digest in made.hashes(round_).items()]
    renew_round(access=made.access, round_=round_, versions=[made.version("Other words.")], acknowledged=True)
    address = url("stand_aside", round_.uuid, organisation.uuid)
    sent = {"kind": "objects", "reason": "Typed with care", "words": old}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Typed with care</textarea>" in words(answer)
    assert "A newer version was put" in words(answer)
    too_long = client.post(address, {**sent, "reason": "Typed " * 400})
    assert too_long.status_code == 422
    assert "Typed Typed" in words(too_long)
    unknown = client.post(address, {**sent, "kind": "dances"})
    assert (unknown.status_code, "Typed with care</textarea>" in words(unknown)) == (422, True)
    assert not Approval.objects.exists()
    new = [f"{code}:{digest}" for code, digest in made.hashes(round_).items()]
    assert client.post(address, {**sent, "words": new}).status_code == 302
    assert Approval.objects.filter(reason="Typed with care").count() == 2


def test_a_moment_that_is_refused_comes_back(client_of):
    made = stage()
    round_ = made.put()
    made.approve_all(round_)
    client, address = client_of(made.coordinator), url("schedule", round_.uuid)
    for typed in ("2020-01-01T10:00", "nonsense"):
        answer = client.post(address, {"at": typed})
        assert answer.status_code == 422
        assert f'value="{typed}' in words(answer)
    assert not Publication.objects.exists()
    made.write("Other words.")
    answer = client.post(address, {"at": "2099-01-01T10:00"})
    assert answer.status_code == 409
    assert "have changed since version" in words(answer)
