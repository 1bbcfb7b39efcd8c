"""What the demo coalition does in common beside its texts: it decides, and others ask to join it."""

import pytest

from demo.load import load
from documents.resolutions.models import AnswerKind
from tests.demo.test_data import MAIN, workspace

demo = load()


def organisation_of(name: str) -> str:
    identifier: str = demo.person(f"{name}@demo.example")["memberships"][0]["organisation"]
    return identifier


@pytest.mark.parametrize("decision", demo.decisions, ids=lambda decision: decision["id"])
def test_a_decision_is_asked_of_who_takes_part_and_answered_once_before_its_deadline(decision):
    assert set(decision["organisations"]) <= set(workspace(MAIN)["organisations"])
    answered = [answer["organisation"] for answer in decision["answers"]]
    assert len(answered) == len(set(answered))
    assert set(answered) <= set(decision["organisations"])
    for answer in decision["answers"]:
        assert decision["asked_days_ago"] >= answer["days_ago"] >= decision.get("deadline_days_ago", 0)
        assert bool(answer.get("words")) is AnswerKind(answer["kind"]).needs_words


def test_somebody_whom_the_demo_shows_has_still_to_answer_the_open_decision():
    (decision,) = (one for one in demo.decisions if "deadline_in_days" in one)
    answered = {answer["organisation"] for answer in decision["answers"]}
    waits = {
        demo.person(f"{name}@demo.example")["memberships"][0]["organisation"]
        for name in ("reviewer", "withheld")
    }
    assert waits <= set(decision["organisations"]) - answered


def test_a_request_lacks_a_vouch_that_people_of_the_demo_can_give():
    (request,) = demo.requests
    vouching = [one["organisation"] for one in request["vouches"]]
    assert len(vouching) == 1
    assert demo.organisation(vouching[0])["kind"] != "media_partner"
    assert vouching[0] not in {organisation_of(name) for name in ("coordinator", "reviewer", "outsider")}


def test_nobody_whom_the_demo_shows_is_kept_out_by_the_agreement():
    personas = [one for one in demo.people if one.get("persona") and one.get("memberships")]
    known = {one["memberships"][0]["organisation"] for one in personas}
    *before, newest = demo.agreement["editions"]
    assert not any(edition.get("not_by") for edition in before)
    (kept_out,) = newest["not_by"]
    assert kept_out not in known
    assert kept_out in workspace(MAIN)["organisations"]
    assert demo.representative_of(kept_out)


def test_what_its_people_did_they_did_before_the_door_was_shut():
    (newest,) = demo.agreement["editions"][-1:]
    (kept_out,) = newest["not_by"]
    people = {
        one["email"]
        for one in demo.people
        for membership in one.get("memberships", ())
        if membership["organisation"] == kept_out
    }
    for draft in demo.drafts:
        for text in draft["texts"].values():
            for version in text.get("versions", ()):
                assert version["by"] not in people or version["days_ago"] > newest["asks_days_ago"]
        for said in (*draft.get("comments", ()), *draft.get("suggestions", ())):
            assert said["by"] not in people or said["days_ago"] > newest["asks_days_ago"]


def test_a_correction_puts_the_last_versions_and_comes_after_what_it_corrects():
    (draft,) = (one for one in demo.drafts if "correction" in one)
    correction = draft["correction"]
    asked = correction["round"]
    assert asked["put"] == {code: len(text["versions"]) for code, text in draft["texts"].items()}
    assert draft["publication"]["days_ago"] > asked["opened_days_ago"] >= correction["published_days_ago"]


def test_an_open_letter_was_joined_by_three_and_one_waits_for_a_look():
    (draft,) = (one for one in demo.drafts if "letter" in one)
    letter = draft["letter"]
    assert draft["publication"]["days_ago"] >= letter["days_ago"]
    looked_at = [one for one in letter["joined"] if "admitted_days_ago" in one]
    assert len(letter["joined"]) - len(looked_at) == 1
    assert {bool(one.get("listed")) for one in looked_at} == {True, False}, "one is counted, not named"


def test_of_two_outlets_one_has_agreed():
    (draft,) = (one for one in demo.drafts if "embargo" in one)
    people = draft["embargo"]["people"]
    assert len({one["outlet"] for one in people}) == len(people) == 2
    assert ["agreed_days_ago" in one for one in people] == [True, False]
    assert draft["embargo"]["in_days"] >= 7, "a demo that is left for some days still shows it"


def test_a_lawyer_read_words_that_are_others_now():
    (draft,) = (one for one in demo.drafts if "legal" in one)
    (verdict,) = draft["legal"]["verdicts"]
    text = draft["texts"][verdict["language"]]
    (version,) = text["versions"]
    assert version["days_ago"] >= verdict["days_ago"]
    assert version["differs"]
    assert draft["state"] == "written"


def test_an_organisation_approves_in_each_way_and_a_call_is_confirmed_by_somebody_else():
    (draft,) = (one for one in demo.drafts if "embargo" in one)
    decisions = draft["round"]["decisions"]
    assert {"by_phone", "by_link"} <= {way for one in decisions for way in one}
    (called,) = (one for one in decisions if "by_phone" in one)
    way = called["by_phone"]
    belongs = {
        email: demo.person(email)["memberships"][0]["organisation"]
        for email in (way["called_by"], way["confirmed_by"])
    }
    assert len({*belongs.values(), called["organisation"]}) == 3
    assert demo.person(way["called_by"])["seat"] == "coordinator"
    assert demo.person(called["by"])["phone"]
