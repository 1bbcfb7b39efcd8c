"""Approving by phone: with a code read back, called back by others, or after a day without objection."""

import datetime
import re

import pytest
import time_machine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.actions.memberships import give_mandate
from coalition.accounts.models import Language, Membership, MembershipRole
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs.scheduler import run_due
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.actions.decide import object_to
from documents.approval.actions.offline import Answer, object_by_link
from documents.approval.actions.one_time_links import decide_by_link
from documents.approval.actions.open_round import renew_round
from documents.approval.actions.phone import confirm_call, note_call, record_call, send_code
from documents.approval.queries.boards import board_of
from documents.approval.queries.one_time_links import calls_to_confirm
from documents.canonical.form import short_hash
from documents.drafts.models import CellState, DecisionKind, Way
from documents.models import Approval, PhoneCall, PhoneCode
from documents.publication.actions import NotPublishable, publish_approved
from tests.documents.approval.builders import stage
from tests.documents.approval.offline_builders import link_for, objection_token
from tests.factories import MembershipFactory, seat

pytestmark = pytest.mark.django_db


def state(round_, organisation, language="kk"):
    return board_of(round_, PUBLIC).matrix.cells[organisation.pk, language].state


def of(made, round_, **given):
    organisation = made.organisations[1]
    person = made.representatives[organisation.pk]
    return {"round_": round_, "organisation": organisation, "person": person, "access": made.access, **given}


def digits_sent():
    context = OutboxMail.objects.filter(template="documents/phone_code").last().context
    return context["code"]


def other_seat(made, role=SeatRole.COORDINATOR):
    taken = seat(workspace=made.workspace, role=role)
    return access_to(taken.person, made.workspace.uuid)


def test_with_the_code_read_back_it_counts_at_once_and_the_way_is_on_record():
    made = stage()
    round_ = made.put()
    code = send_code(**of(made, round_))
    read = digits_sent()
    assert re.fullmatch(r"\d{3} \d{3}", read)
    assert read.replace(" ", "") not in f"{code.__dict__}", "kept hashed"
    call = record_call(**of(made, round_), languages=["kk"], code=read)
    approval = Approval.objects.get()
    assert (approval.way, approval.counts_from) == (Way.PHONE_CODE, None)
    assert (approval.person, approval.recorded_by) == (call.person, made.coordinator)
    assert state(round_, made.organisations[1]) == CellState.APPROVED
    person = made.representatives[made.organisations[1].pk]
    assert Notification.objects.filter(kind="decided_otherwise", person=person).exists()
    with pytest.raises(Refused, match="No code is open"):
        record_call(**of(made, round_), languages=["kk"], code=read)


def test_the_mail_says_for_which_words_its_code_is_and_the_caller_reads_out_the_same(client_of):
    made = stage()
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    person = made.representatives[organisation.pk]
    person.language = "ru"
    person.save()
    hashes = made.hashes(round_)
    begins = {code: f"{digest[:4]} {digest[4:8]}" for code, digest in hashes.items()}
    send_code(**of(made, round_))
    context = OutboxMail.objects.filter(template="documents/phone_code").last().context
    assert [one["begins"] for one in context["words"]] == [begins["kk"], begins["ru"]]
    assert "Canary" not in str(context)
    with override("ru"):
        labels = [str(Language(code).label) for code in ("kk", "ru")]
        text = render_to_string("mail/documents/phone_code.txt", context)
        page = render_to_string("mail/documents/phone_code.html", context)
    assert [one["language"] for one in context["words"]] == labels
    for code in ("kk", "ru"):
        assert text.index(begins[code]) < text.index(context["code"])
        assert page.index(begins[code]) < page.index(context["code"])
    call = (
        client_of(made.coordinator)
        .get(reverse("documents:call", args=[round_.uuid, organisation.uuid]))
        .content.decode()
    )
    decide = (
        client_of(person)
        .get(reverse("documents:decide_for", args=[round_.uuid, organisation.uuid]))
        .content.decode()
    )
    for shown in begins.values():
        assert shown in call
        assert shown in decide


@pytest.mark.parametrize("why", ["wrong", "old", "words", "other person", "five tries"])
def test_a_code_that_is_not_good_records_nothing(why):
    made = stage()
    round_ = made.put()
    send_code(**of(made, round_))
    read, moment, person = digits_sent(), now(), None
    wrong = f"{(int(read.replace(' ', '')) + 1) % 10**6:06d}"
    given = of(made, round_)
    if why == "wrong":
        read = wrong
    elif why == "old":
        moment += datetime.timedelta(minutes=11)
    elif why == "words":
        renew_round(
            access=made.access, round_=round_, versions=[made.version("Other words.")], acknowledged=True
        )
    elif why == "other person":
        person = MembershipFactory(organisation=made.organisations[1], role=MembershipRole.ALTERNATE).person
        given["person"] = person
    else:
        for _ in range(5):
            with pytest.raises(Refused):
                record_call(**given, languages=["kk"], code=wrong)
    with time_machine.travel(moment, tick=False), pytest.raises(Refused):
        record_call(**given, languages=["kk"], code=read)
    assert not Approval.objects.exists()
    if why == "wrong":
        assert PhoneCode.objects.get().tries == 1, "the try counts though it was refused"


def test_without_a_code_it_counts_after_a_day_without_objection():
    made = stage()
    round_ = made.put(deadline=now() + datetime.timedelta(days=5))
    made.approve(round_, made.organisations[0])
    record_call(**of(made, round_), languages=["kk"])
    organisation = made.organisations[1]
    assert state(round_, organisation) == CellState.LATER
    with pytest.raises(NotPublishable, match="counts after a day"):
        publish_approved(access=made.access, round_=round_)
    with time_machine.travel(now() + datetime.timedelta(hours=24, minutes=1), tick=False):
        run_due(worker="test")
        assert state(round_, organisation) == CellState.APPROVED
        assert Notification.objects.filter(kind="approvals_complete").exists()


def test_an_objection_within_the_day_ends_it():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    record_call(**of(made, round_), languages=["kk"])
    object_by_link(token=objection_token(made.representatives[organisation.pk]))
    with time_machine.travel(now() + datetime.timedelta(hours=25), tick=False):
        run_due(worker="test")
        assert state(round_, organisation) == CellState.OBJECTS
    assert not calls_to_confirm(round_).exists()


def test_somebody_of_another_organisation_calls_back():
    made = stage()
    round_ = made.put()
    call = record_call(**of(made, round_), languages=["kk"])
    own = seat(workspace=made.workspace, role=SeatRole.COORDINATOR, organisation=made.organisations[1])
    of_the_caller = seat(
        workspace=made.workspace, role=SeatRole.COORDINATOR, organisation=made.organisations[0]
    )
    for refused in (
        made.access,
        access_to(own.person, made.workspace.uuid),
        access_to(of_the_caller.person, made.workspace.uuid),
    ):
        with pytest.raises(NotAllowed):
            confirm_call(access=refused, call=call)
    confirm_call(access=other_seat(made, SeatRole.REVIEWER), call=call)
    assert state(round_, made.organisations[1]) == CellState.APPROVED
    assert Approval.objects.get(superseded_at=None).way == Way.PHONE_CALLBACK
    with pytest.raises(Refused, match="nothing to confirm"):
        confirm_call(access=other_seat(made), call=call)


def test_a_call_that_was_disowned_is_closed_and_only_a_code_goes_over_it():
    made = stage()
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    first = record_call(**of(made, round_), languages=["kk", "ru"])
    object_by_link(token=objection_token(made.representatives[organisation.pk]))
    with pytest.raises(Refused, match="had not agreed"):
        record_call(**of(made, round_), languages=["kk"])
    with pytest.raises(Refused, match="nothing to confirm"):
        confirm_call(access=other_seat(made), call=first)
    assert state(round_, organisation) == CellState.OBJECTS
    send_code(**of(made, round_))
    record_call(**of(made, round_), languages=["kk"], code=digits_sent())
    assert state(round_, organisation) == CellState.APPROVED
    assert state(round_, organisation, "ru") == CellState.OBJECTS
    assert not calls_to_confirm(round_).exists()


@pytest.mark.parametrize("kind", [DecisionKind.APPROVED, DecisionKind.OBJECTS])
def test_a_call_that_nothing_proves_does_not_override_a_decision_by_link(kind):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    _link, token = link_for(made, round_, organisation)
    decide_by_link(token=token, answer=Answer(kind, made.hashes(round_)))
    before = state(round_, organisation)
    with pytest.raises(Refused, match="one-time link"):
        record_call(**of(made, round_), languages=["kk"])
    assert state(round_, organisation) == before
    send_code(**of(made, round_))
    record_call(**of(made, round_), languages=["kk"], code=digits_sent())
    assert state(round_, organisation) == CellState.APPROVED


def test_a_call_that_nothing_proves_does_not_put_off_what_was_proved():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    send_code(**of(made, round_))
    record_call(**of(made, round_), languages=["kk"], code=digits_sent())
    with pytest.raises(Refused, match="by phone already"):
        record_call(**of(made, round_), languages=["kk"])
    assert state(round_, organisation) == CellState.APPROVED


def test_of_a_call_is_confirmed_what_a_later_one_did_not_replace(client_of):
    made = stage()
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    first = record_call(**of(made, round_), languages=["kk", "ru"])
    second = record_call(**of(made, round_), languages=["kk"])
    assert set(calls_to_confirm(round_)) == {first, second}
    helper = client_of(seat(workspace=made.workspace, role=SeatRole.REVIEWER).person)
    page = helper.get(reverse("documents:confirm_call", args=[round_.uuid, first.uuid])).content.decode()
    hashes = made.hashes(round_)
    assert short_hash(hashes["ru"]) in page
    assert short_hash(hashes["kk"]) not in page, "the later call is asked about by itself"
    confirm_call(access=other_seat(made), call=first)
    assert state(round_, organisation, "ru") == CellState.APPROVED
    assert state(round_, organisation) == CellState.LATER
    assert list(calls_to_confirm(round_)) == [second]
    now_standing = Approval.objects.filter(superseded_at=None).order_by("language")
    assert [one.call for one in now_standing] == [second, first]


def test_a_call_that_was_replaced_altogether_is_not_listed_any_more():
    made = stage()
    round_ = made.put()
    first = record_call(**of(made, round_), languages=["kk"])
    second = record_call(**of(made, round_), languages=["kk"])
    assert list(calls_to_confirm(round_)) == [second]
    with pytest.raises(Refused, match="nothing to confirm"):
        confirm_call(access=other_seat(made), call=first)


def test_who_may_be_called_and_who_calls():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    representative = made.representatives[organisation.pk]
    member = MembershipFactory(organisation=organisation)
    give_mandate(
        by=representative,
        membership=member,
        subject="",
        valid_from=now(),
        valid_until=now() + datetime.timedelta(days=1),
    )
    with pytest.raises(Refused, match="Only representatives and alternates"):
        record_call(**of(made, round_, person=member.person), languages=["kk"])
    with pytest.raises(NotAllowed):
        record_call(**of(made, round_, access=other_seat(made, SeatRole.EDITOR)), languages=["kk"])
    own = of(made, round_, organisation=made.organisations[0], person=made.coordinator)
    with pytest.raises(Refused, match="in the members' area"):
        record_call(**own, languages=["kk"])
    Membership.objects.filter(person=representative).update(ended_at=now())
    with pytest.raises(NotAllowed):
        send_code(**of(made, round_))


def test_what_an_organisation_decided_itself_is_not_overwritten_by_others():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    person = made.representatives[organisation.pk]
    _link, _token = link_for(made, round_, organisation)
    object_to(round_=round_, organisation=organisation, hashes=made.hashes(round_), person=person)
    with pytest.raises(Refused, match="in the members' area already"):
        record_call(**of(made, round_), languages=["kk"])
    send_code(**of(made, round_))
    record_call(**of(made, round_), languages=["kk"], code=digits_sent())
    assert state(round_, organisation) == CellState.APPROVED


def test_the_pages_of_the_calls(client_of):
    made = stage(3)
    round_, organisation = made.put(), made.organisations[1]
    person = made.representatives[organisation.pk]
    person.phone = "+7 701 000 11 22"
    person.save()
    lead, address = client_of(made.coordinator), reverse("documents:call_sheet", args=[round_.uuid])
    call = reverse("documents:call", args=[round_.uuid, organisation.uuid])
    assert b"+7 701 000 11 22" in lead.get(address).content
    note_call(**of(made, round_), reached=False, note="Engaged")
    assert b"Engaged" in lead.get(address).content
    sent = {"person": str(person.uuid), "languages": ["kk"]}
    answer = lead.post(call, {**sent, "act": "code"}, follow=True)
    read = digits_sent().replace(" ", "")
    assert read.encode() not in answer.content, "never shown to the caller"
    assert lead.post(call, {**sent, "act": "approved", "code": "abc"}).status_code == 422
    assert lead.post(call, {**sent, "act": "approved", "code": read}).status_code == 302
    assert state(round_, organisation) == CellState.APPROVED
    third = made.organisations[2]
    other = {"person": str(made.representatives[third.pk].uuid), "languages": ["kk"]}
    lead.post(reverse("documents:call", args=[round_.uuid, third.uuid]), {**other, "act": "approved"})
    waiting = PhoneCall.objects.get(organisation=third)
    back = reverse("documents:confirm_call", args=[round_.uuid, waiting.uuid])
    assert lead.post(back).status_code == 403
    helper = client_of(seat(workspace=made.workspace, role=SeatRole.REVIEWER).person)
    assert back.encode() in helper.get(round_.get_absolute_url()).content
    assert b"+7 701 000 11 22" not in helper.get(back).content
    assert helper.get(address).status_code == 403
    helper.post(back)
    assert state(round_, third) == CellState.APPROVED


def test_recording_and_confirming_ask_who_it_is_first_and_lose_nothing(client_of):
    made = stage(3)
    round_, organisation = made.put(), made.organisations[1]
    lead = client_of(made.coordinator, ago=3600)
    call = reverse("documents:call", args=[round_.uuid, organisation.uuid])
    sent = {"person": str(made.representatives[organisation.pk].uuid), "languages": ["kk"]}
    assert lead.get(call).status_code == 200
    assert "reauthenticate" not in lead.post(call, {**sent, "act": "not_reached", "note": "Engaged"}).url
    assert "reauthenticate" not in lead.post(call, {**sent, "act": "code"}).url
    answer = lead.post(call, {**sent, "act": "approved", "code": digits_sent()})
    assert "reauthenticate" in answer.url
    assert not Approval.objects.exists()
    lead.post(answer.url, {"password": "a-password-of-tests"})
    assert Approval.objects.get().way == Way.PHONE_CODE
    other = made.organisations[2]
    person = made.representatives[other.pk]
    waiting = record_call(**of(made, round_, organisation=other, person=person), languages=["kk"])
    back = reverse("documents:confirm_call", args=[round_.uuid, waiting.uuid])
    helper = client_of(seat(workspace=made.workspace, role=SeatRole.REVIEWER).person, ago=3600)
    assert helper.get(back).status_code == 200
    answer = helper.post(back)
    assert "reauthenticate" in answer.url
    assert calls_to_confirm(round_).exists()
    helper.post(answer.url, {"password": "a-password-of-tests"})
    assert Approval.objects.get(organisation=other, superseded_at=None).way == Way.PHONE_CALLBACK


@pytest.mark.parametrize("count", [1, 3])
def test_the_call_sheet_costs_the_same(client_of, django_assert_max_num_queries, count):
    made = stage(1 + count)
    round_ = made.put()
    for organisation in made.organisations[1:]:
        person = made.representatives[organisation.pk]
        note_call(**of(made, round_, organisation=organisation, person=person), reached=True)
    client, address = client_of(made.coordinator), reverse("documents:call_sheet", args=[round_.uuid])
    client.get(address)
    with django_assert_max_num_queries(34):
        client.get(address)


def test_what_is_said_of_a_call_is_whether_it_counts(client_of):
    """An approval of earlier words is none of what was said in this call."""
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    made.approve(round_, organisation)
    renew_round(access=made.access, round_=round_, versions=[made.version("Other words.")], acknowledged=True)
    client = client_of(made.coordinator)
    call = reverse("documents:call", args=[round_.uuid, organisation.uuid])
    sent = {"person": str(made.representatives[organisation.pk].uuid), "languages": ["kk"]}
    page = client.post(call, {**sent, "act": "approved"}, follow=True).content.decode()
    assert "It counts in 24 hours" in page
    assert "Recorded: it counts" not in page
    send_code(**of(made, round_))
    page = client.post(call, {**sent, "act": "approved", "code": digits_sent()}, follow=True).content.decode()
    assert "Recorded: it counts" in page
