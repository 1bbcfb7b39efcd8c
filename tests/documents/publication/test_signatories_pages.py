"""Putting with a voice and a rule, relying, answering for a translation, standing aside: in the browser."""

import pytest

from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.roles import SeatRole
from documents.approval.actions.open_round import renew_round
from documents.approval.queries.boards import board_of
from documents.drafts.models import ApprovalRule, CellState, Voice
from documents.models import ApprovalRound, Attestation
from tests.documents.approval.builders import stage
from tests.documents.approval.test_approvals_pages import url, words
from tests.factories import seat
from tests.markup import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def sent(made, **given):
    return {
        "put_kk": "on",
        "organisations": [organisation.pk for organisation in made.organisations],
        "voice": Voice.ONE,
        "speaker": made.organisations[1].pk,
        "rule": ApprovalRule.JOINED,
        "hours": "5",
        "acknowledged": "on",
        **given,
    }


def test_a_text_in_one_voice_is_put_for_hours(client_of):
    made = stage(2)
    made.write("Kazakh words.")
    client = client_of(made.coordinator)
    client.post(url("put", made.draft.uuid), sent(made))
    round_ = ApprovalRound.objects.get()
    assert (round_.voice, round_.speaker, round_.rule) == (
        Voice.ONE,
        made.organisations[1],
        ApprovalRule.JOINED,
    )
    assert 4.9 < (round_.deadline - now()).total_seconds() / 3600 <= 5
    page = words(client.get(url("round", round_.uuid)))
    assert f"By one organisation, joined by others: {made.organisations[1].name_en}" in page
    assert "names of those who joined by the deadline" in page


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"hours": ""}, "Say until when they decide"),
        ({"deadline": "2099-01-01T10:00"}, "not both"),
        ({"speaker": ""}, "Choose the organisation in whose voice"),
        ({"voice": Voice.LISTED}, "has a speaker"),
        ({"rule": ApprovalRule.NO_OBJECTION}, "Select a valid choice"),
    ],
)
def test_what_does_not_fit_is_said(client_of, given, why):
    made = stage(2)
    made.write("Kazakh words.")
    answer = client_of(made.coordinator).post(url("put", made.draft.uuid), sent(made, **given))
    assert answer.status_code == 422
    assert why in words(answer)
    assert not ApprovalRound.objects.exists()


def test_answering_shows_both_texts_and_makes_relying_possible(client_of):
    made = stage(2)
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    client = client_of(
        seat(workspace=made.workspace, role=SeatRole.REVIEWER, organisation=organisation).person
    )
    address = url("attest", round_.uuid, "ru")
    assert address in words(client.get(url("round", round_.uuid)))
    page = words(client.get(address))
    assert "in kk." in page
    assert "in ru." in page
    hashes = made.hashes(round_)
    client.post(address, {"translation": hashes["ru"], "source": hashes["kk"]})
    assert Attestation.objects.get().organisation == organisation
    assert "says the same as" in words(client.get(url("round", round_.uuid)))
    deciding = client_of(made.coordinator)
    lead = made.organisations[0]
    decide = words(deciding.get(url("decide_for", round_.uuid, lead.uuid)))
    relying = f'name="relies" value="ru:{hashes["ru"]}" aria-describedby="relies-hint" checked'
    assert relying in squeezed(decide)
    deciding.post(
        url("approve", round_.uuid, lead.uuid),
        {"words": f"kk:{hashes['kk']}", "relies": f"ru:{hashes['ru']}"},
    )
    assert board_of(round_, PUBLIC).matrix.cells[lead.pk, "ru"].state == CellState.RELIES
    given = Attestation.objects.get()
    client.post(url("withdraw_attestation", round_.uuid, given.uuid))
    assert "Nobody answers for the translation as it is now" in words(client.get(url("round", round_.uuid)))


def test_answering_asks_who_it_is_and_is_for_those_who_comment(client_of):
    made = stage(2)
    round_ = made.put("kk", "ru")
    hashes = made.hashes(round_)
    sent = {"translation": hashes["ru"], "source": hashes["kk"]}
    address = url("attest", round_.uuid, "ru")
    late = client_of(seat(workspace=made.workspace, role=SeatRole.REVIEWER).person, ago=3600)
    assert "reauthenticate" in late.post(address, sent).url
    observer = client_of(seat(workspace=made.workspace, role=SeatRole.OBSERVER).person)
    assert observer.post(address, sent).status_code == 404
    assert client_of(made.coordinator).get(url("attest", round_.uuid, "xx")).status_code == 404
    assert not Attestation.objects.exists()


def test_who_approved_before_sees_what_changed_since(client_of):
    made = stage(2)
    round_, organisation = made.put(), made.organisations[1]
    made.approve(round_, organisation)
    renew_round(access=made.access, round_=round_, versions=[made.version("We ask for a law, in Kazakh.")])
    page = words(client_of(made.representatives[organisation.pk]).get(url("decide", round_.uuid)))
    assert "What changed since your organisation decided on version 1" in page
    assert "<ins" in page


@pytest.mark.parametrize(
    ("kind", "state"), [("abstains", CellState.ABSTAINS), ("objects", CellState.OBJECTS)]
)
def test_standing_aside_is_one_press(client_of, kind, state):
    made = stage(2)
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    client = client_of(made.representatives[organisation.pk])
    shown = [f"{code}:{digest}" for code, digest in made.hashes(round_).items()]
    client.post(url("stand_aside", round_.uuid, organisation.uuid), {"words": shown, "kind": state.value})
    row = board_of(round_, PUBLIC).matrix
    assert {row.cells[organisation.pk, code].state for code in ("kk", "ru")} == {state}
    other = made.organisations[0]
    refused = client.post(url("stand_aside", round_.uuid, other.uuid), {"words": shown, "kind": state.value})
    assert refused.status_code == 404
