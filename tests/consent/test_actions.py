"""Asking, answering, widening, narrowing, reviewing and taking back."""

import datetime

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from coalition.accounts.actions.memberships import end_membership
from coalition.accounts.models import Language, Membership
from coalition.audit.models import AuditEntry
from coalition.consent import items
from coalition.consent.actions.records import Scope, ask_consent, keep_apart, widen_consent
from coalition.consent.actions.roles import end_consent_role, give_consent_role, hand_over_record
from coalition.consent.actions.uses import (
    detach_item,
    normal_code,
    record_answer,
    record_legal_reading,
    record_question,
    request_uses,
)
from coalition.consent.actions.withdraw import (
    answer_removal,
    narrow_consent,
    pass_boundary,
    review_consent,
    send_removal_requests,
    withdraw_consent,
)
from coalition.consent.enums import ConsentRoleKind, DetailKind, Form, Place, RecordState, RemovalAnswer
from coalition.consent.gate import ConsentGate, may_show, may_work_with
from coalition.consent.items import Taker
from coalition.consent.models import ConsentItem, ConsentRecord, LegalReading, RemovalRequest
from coalition.consent.queries import caseworkers_of, records_of, records_to_hand_over
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from tests.consent.builders import (
    EVERYTHING,
    agree_to,
    caseworker_of,
    consent_asked,
    crisis_centre,
    put_under_consent,
    shown_under_consent,
)
from tests.consent.conftest import WORDS, thing
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FACE_ON_SITE = Scope(Form.FACE, Place.SITE, Language.KK)


def ask(**given: object) -> ConsentRecord:
    centre = crisis_centre()
    fields = {
        "by": caseworker_of(centre),
        "organisation": centre,
        "contact": "+7 727 000 00 00",
        "is_adult": True,
        "until": localdate(now()) + 300 * DAY,
        "scopes": EVERYTHING,
    }
    return ask_consent(**(fields | given))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"is_adult": False}, "Never a child"),
        ({"scopes": []}, "Choose what may be shown"),
        ({"until": datetime.date(2020, 1, 1)}, "This day is past"),
        ({"until": datetime.date(2200, 1, 1)}, "within five years"),
        ({"until": (now() + 5 * 365.25 * DAY + 2 * DAY).date()}, "within five years"),
        ({"apart": [[DetailKind.AGE]]}, "at least two details"),
    ],
)
def test_record_is_refused_with_the_reason(given: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        ask(**given)
    assert not ConsentRecord.objects.exists()


def test_only_a_caseworker_of_the_centre_asks_and_reads() -> None:
    centre = crisis_centre()
    other = MembershipFactory(organisation=centre).person
    with pytest.raises(Http404):
        ask(by=other, organisation=centre)
    consent = consent_asked(centre)
    assert not records_of(other)
    give_consent_role(
        by=caseworker_of(centre), organisation=centre, person=other, kind=ConsentRoleKind.CASEWORKER
    )
    assert not records_of(other)
    with pytest.raises(Http404):
        withdraw_consent(by=other, consent=consent)


def test_representative_without_the_role_reads_no_record() -> None:
    consent = consent_asked()
    representative = MembershipFactory(organisation=consent.organisation, role="representative").person
    assert not records_of(representative)


def test_code_is_found_however_it_is_typed() -> None:
    assert normal_code(" 7kq4 m2xh") == "7KQ4-M2XH"


def test_unknown_and_ended_codes_get_the_same_answer() -> None:
    member, consent = MembershipFactory(), consent_asked()
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    said = []
    for code in ("2222-2222", consent.code):
        with pytest.raises(Refused) as refusal:
            _request(member, code)
        said.append(refusal.value.message)
    assert said[0] == said[1]


def test_request_hides_an_item_that_was_public() -> None:
    member, consent = MembershipFactory(), consent_asked()
    assert may_show(thing("1"), Place.SITE, "kk")
    _request(member, consent.code.lower())
    assert not may_show(thing("1"), Place.SITE, "kk")
    mail = OutboxMail.objects.get(template="consent/waits")
    assert consent.code not in str(mail.context)


def test_answer_needs_the_question_and_the_scope() -> None:
    consent = consent_asked(scopes=[FACE_ON_SITE])
    item = put_under_consent(consent, "thing", "1", places=[Place.SITE], languages=["kk", "ru"])
    by = caseworker_of(consent.organisation)
    with pytest.raises(Refused, match="Ask her first"):
        record_answer(by=by, consent=consent, uses=item.uses.all(), agrees=True)
    record_question(by=by, consent=consent, uses=item.uses.all())
    with pytest.raises(Refused, match="She has not allowed this"):
        record_answer(by=by, consent=consent, uses=item.uses.all(), agrees=True)
    assert set(item.uses.values_list("answer", flat=True)) == {"waiting"}
    record_answer(by=by, consent=consent, uses=item.uses.filter(language="kk"), agrees=True)


def test_new_scope_waits_48_hours_again() -> None:
    consent = consent_asked(scopes=[FACE_ON_SITE])
    by = caseworker_of(consent.organisation)
    in_russian = Scope(Form.FACE, Place.SITE, Language.RU)
    widen_consent(by=by, consent=consent, scopes=[FACE_ON_SITE, in_russian])
    item = put_under_consent(consent, "thing", "1", places=[Place.SITE], languages=["kk", "ru"])
    agree_to(item)
    assert may_show(thing("1"), Place.SITE, "kk")
    assert not may_show(thing("1"), Place.SITE, "ru")
    assert may_show(thing("1"), Place.SITE, "ru", now() + 2 * DAY)
    with pytest.raises(Refused, match="already"):
        widen_consent(by=by, consent=consent, scopes=[in_russian])


def test_details_that_must_not_stand_together_are_refused_across_items() -> None:
    consent = consent_asked(apart=[[DetailKind.PLACE, DetailKind.WORKPLACE]])
    shown_under_consent(consent, "thing", "1", details=[DetailKind.PLACE])
    second = put_under_consent(consent, "thing", "2", details=[DetailKind.WORKPLACE])
    by = caseworker_of(consent.organisation)
    record_question(by=by, consent=consent, uses=second.uses.all())
    with pytest.raises(Refused, match="a place, a workplace"):
        record_answer(by=by, consent=consent, uses=second.uses.all(), agrees=True)


def test_rule_added_later_hides_everything_until_one_use_ends() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1", details=[DetailKind.PLACE])
    second = shown_under_consent(consent, "thing", "2", details=[DetailKind.POST])
    by = caseworker_of(consent.organisation)
    keep_apart(by=by, consent=consent, kinds=[DetailKind.PLACE, DetailKind.POST])
    assert not may_show(thing("1"), Place.SITE, "kk")
    assert not may_show(thing("2"), Place.SITE, "kk")
    narrow_consent(by=by, consent=consent, uses=second.uses.all())
    assert may_show(thing("1"), Place.SITE, "kk")
    assert not may_show(thing("2"), Place.SITE, "kk")


def test_narrowing_ends_a_scope_at_once_and_leaves_the_rest() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    scopes = consent.scopes.filter(form=Form.FACE, place=Place.SITE, language="ru")
    narrow_consent(by=by, consent=consent, scopes=scopes)
    assert not may_show(thing("1"), Place.SITE, "ru")
    assert may_show(thing("1"), Place.SITE, "kk")
    with pytest.raises(Refused, match="Choose what she takes back"):
        narrow_consent(by=by, consent=consent, scopes=scopes)


def test_withdrawal_is_final_and_members_lose_the_item() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    assert may_work_with(thing("1"))
    withdraw_consent(by=by, consent=consent)
    assert not may_work_with(thing("1"))
    with pytest.raises(Refused):
        withdraw_consent(by=by, consent=consent)
    with pytest.raises(Refused):
        widen_consent(by=by, consent=consent, scopes=[FACE_ON_SITE])


def test_takers_of_the_place_are_written_to_once_and_answer() -> None:
    items.register_takers("thing", lambda _key: [Taker("TV", Place.PACKAGE, "tv@tests.example", "ru")])
    items.register_takers("thing", lambda _key: [Taker("A printed paper", Place.PACKAGE)])
    consent = consent_asked()
    for key in ("1", "2"):
        shown_under_consent(consent, "thing", key)
    by = caseworker_of(consent.organisation)
    site = narrow_consent(by=by, consent=consent, scopes=consent.scopes.filter(place=Place.SITE))
    assert not site.requests.exists()
    made = withdraw_consent(by=by, consent=consent)
    assert made.requests.count() == 4
    send_removal_requests(str(made.uuid), {})
    send_removal_requests(str(made.uuid), {})
    mail = OutboxMail.objects.get(template="consent/material_ended")
    assert mail.language == "ru"
    assert "/ru/material/" in mail.context["button_url"]
    assert consent.code not in str(mail.context)
    token = mail.context["button_url"].rstrip("/").rpartition("/")[2]
    mailed = made.requests.exclude(sent_at=None)
    answer_removal(token=token, answers={one.uuid: RemovalAnswer.REMOVED for one in made.requests.all()})
    assert mailed.filter(answer="removed").count() == 2
    assert RemovalRequest.objects.filter(answer="").count() == 2
    made.refresh_from_db()
    assert made.closed_at is None


def test_missed_review_closes_and_the_question_opens_again() -> None:
    consent = consent_asked(days_ago=370, until=localdate(now()) + 300 * DAY)
    first = put_under_consent(consent, "thing", "1", places=[Place.SITE])
    second = put_under_consent(consent, "thing", "2", places=[Place.SITE])
    for item in (first, second):
        agree_to(item, days_ago=367)
    assert not may_show(thing("1"), Place.SITE, "kk")
    review_consent(
        by=caseworker_of(consent.organisation),
        consent=consent,
        goes_on=list(first.uses.values_list("uuid", flat=True)),
    )
    assert may_show(thing("1"), Place.SITE, "kk")
    assert not may_show(thing("2"), Place.SITE, "kk")


def test_review_is_refused_too_early() -> None:
    consent = consent_asked()
    with pytest.raises(Refused, match="too early"):
        review_consent(by=caseworker_of(consent.organisation), consent=consent, goes_on=[])


def test_caseworker_who_leaves_closes_the_gate_until_the_record_is_handed_over() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    centre, gone = consent.organisation, caseworker_of(consent.organisation)
    head = MembershipFactory(organisation=centre, role="representative").person
    membership = Membership.objects.get(person=gone, organisation=centre)
    end_membership(by=head, membership=membership)
    assert not may_show(thing("1"), Place.SITE, "kk")
    record = ConsentRecord.objects.with_caseworker().get(pk=consent.pk)
    assert record.state_on(localdate(now()), now()) == RecordState.NO_CASEWORKER
    with pytest.raises(Http404):
        withdraw_consent(by=gone, consent=consent)
    give_consent_role(by=head, organisation=centre, person=head, kind=ConsentRoleKind.CASEWORKER)
    hand_over_record(by=head, consent=consent, to=head, contact="+7 700 111 11 11")
    assert OutboxMail.objects.filter(key__contains=":handed:").count() == 1
    assert ConsentRecord.objects.get(pk=consent.pk).contact == "+7 700 111 11 11"
    assert may_show(thing("1"), Place.SITE, "kk")
    with pytest.raises(Refused, match="caseworker of the same centre"):
        hand_over_record(by=head, consent=consent, to=gone, contact="+7")


def test_item_that_points_to_a_workplace_waits_for_a_lawyer() -> None:
    consent, member = consent_asked(), MembershipFactory()
    item = _request(member, consent.code, needs_lawyer=True)
    agree_to(item)
    assert not may_show(thing("1"), Place.SITE, "kk")
    lawyer = MembershipFactory(role="representative")
    reading = {"by": lawyer.person, "organisation": lawyer.organisation, "kind": "thing", "key": "1"}
    with pytest.raises(Http404):
        record_legal_reading(**reading, digest=thing("1").digest, cleared=True)
    give_consent_role(
        by=lawyer.person,
        organisation=lawyer.organisation,
        person=lawyer.person,
        kind=ConsentRoleKind.LAWYER,
    )
    with pytest.raises(Refused, match="has changed"):
        record_legal_reading(**reading, digest="0" * 64, cleared=True)
    record_legal_reading(**reading, digest=thing("1").digest, cleared=True)
    assert may_show(thing("1"), Place.SITE, "kk")
    record_legal_reading(**reading, digest=thing("1").digest, cleared=False, note="names the director")
    assert not may_show(thing("1"), Place.SITE, "kk")


def test_only_the_caseworker_says_that_an_item_shows_somebody_else() -> None:
    consent = consent_asked()
    item = put_under_consent(consent, "thing", "1")
    assert not may_show(thing("1"), Place.SITE, "kk")
    with pytest.raises(Http404):
        detach_item(by=MembershipFactory().person, consent=consent, item=item)
    detach_item(by=caseworker_of(consent.organisation), consent=consent, item=item)
    assert may_show(thing("1"), Place.SITE, "kk")


def test_changed_item_is_asked_about_again() -> None:
    consent = consent_asked()
    item = shown_under_consent(consent, "thing", "1")
    WORDS["1"] = "her street"
    assert not may_show(thing("1"), Place.SITE, "kk")
    agree_to(item, days_ago=0)
    assert not may_show(thing("1"), Place.SITE, "kk")
    assert may_show(thing("1"), Place.SITE, "kk", now() + 2 * DAY)


def test_log_tells_codes_and_never_what_was_taken() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    entries = AuditEntry.objects.filter(target=consent.uuid)
    assert {one.action for one in entries} >= {"consent.asked", "consent.use_answered", "consent.withdrawn"}
    assert all(one.detail["code"] == consent.code for one in entries)
    assert "a caption" not in str([one.detail for one in entries])


@pytest.mark.parametrize("count", [1, 4])
def test_withdrawal_costs_few_queries_an_item(count: int) -> None:
    consent = consent_asked()
    for number in range(count):
        shown_under_consent(consent, "thing", str(number))
    by = caseworker_of(consent.organisation)
    with freeze_clock_at(now()), CaptureQueriesContext(connection) as queries:
        withdraw_consent(by=by, consent=consent)
    assert len(queries) <= 18 + 2 * count


def _request(member: Membership, code: str, **given: object) -> ConsentItem:
    return request_uses(
        by=member.person,
        organisation=member.organisation,
        code=code,
        kind="thing",
        key="1",
        forms=[Form.FACE],
        places=list(Place),
        languages=list(Language),
        **given,
    )


def test_item_that_changed_between_question_and_answer_is_asked_about_again() -> None:
    consent = consent_asked()
    item = put_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    record_question(by=by, consent=consent, uses=item.uses.all())
    WORDS["1"] = "her street"
    with pytest.raises(Refused, match="changed since she was asked"):
        record_answer(by=by, consent=consent, uses=item.uses.all(), agrees=True)


def test_answer_is_recorded_once_and_an_unchanged_use_is_not_asked_again() -> None:
    consent = consent_asked()
    item = shown_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    for agrees in (True, False):
        with pytest.raises(Refused, match="Ask her first"):
            record_answer(by=by, consent=consent, uses=item.uses.all(), agrees=agrees)
    with pytest.raises(Refused, match="agreed to this already"):
        record_question(by=by, consent=consent, uses=item.uses.all())


def test_no_after_a_yes_tells_the_takers() -> None:
    items.register_takers("thing", lambda _key: [Taker("TV", Place.PACKAGE, "tv@tests.example")])
    consent = consent_asked()
    item = shown_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    WORDS["1"] = "a new caption"
    record_question(by=by, consent=consent, uses=item.uses.all())
    record_answer(by=by, consent=consent, uses=item.uses.all(), agrees=False)
    assert RemovalRequest.objects.get().taker == "TV"


def test_everything_taken_back_tells_takers_of_any_time_by_the_outside_title() -> None:
    items.register_takers("thing", lambda _key: [Taker("TV", Place.PACKAGE, "tv@tests.example")])
    consent = consent_asked()
    put_under_consent(consent, "thing", "1", places=[Place.SITE])
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    WORDS["1"] = "renamed afterwards"
    row = RemovalRequest.objects.get()
    assert (row.taker, row.title) == ("TV", "Thing 1")


def test_end_by_date_tells_the_takers_once() -> None:
    items.register_takers("thing", lambda _key: [Taker("TV", Place.PACKAGE, "tv@tests.example")])
    consent = consent_asked(until=localdate(now()) + 5 * DAY)
    shown_under_consent(consent, "thing", "1")
    pass_boundary(f"{consent.uuid}:x", {})
    assert not RemovalRequest.objects.exists()
    with freeze_clock_at(now() + 7 * DAY):
        pass_boundary(f"{consent.uuid}:x", {})
        pass_boundary(f"{consent.uuid}:x", {})
    assert RemovalRequest.objects.count() == 1


def test_what_was_taken_back_is_not_detached() -> None:
    consent = consent_asked()
    item = shown_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    withdraw_consent(by=by, consent=consent)
    with pytest.raises(Refused, match="has ended"):
        detach_item(by=by, consent=consent, item=item)
    assert not may_show(thing("1"), Place.SITE, "kk")


def test_no_is_not_asked_about_again() -> None:
    consent, member = consent_asked(), MembershipFactory()
    item = _request(member, consent.code)
    by = caseworker_of(consent.organisation)
    record_question(by=by, consent=consent, uses=item.uses.all())
    record_answer(by=by, consent=consent, uses=item.uses.all(), agrees=False)
    assert not may_work_with(thing("1"))
    with pytest.raises(Refused, match="She has said no"):
        _request(member, consent.code)


def test_copies_of_bytes_wait_for_the_lawyer_too() -> None:
    consent, member = consent_asked(), MembershipFactory()
    item = _request(member, consent.code, needs_lawyer=True)
    agree_to(item)
    assert not ConsentGate(Place.SITE, "kk").may_show_bytes("hash-1")
    assert ConsentGate(Place.SITE, "kk").blocked_keys("thing") == {"1"}


def test_some_details_never_stand_together_whatever_the_record_says() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1", details=[DetailKind.WORKPLACE])
    second = put_under_consent(consent, "thing", "2", details=[DetailKind.PLACE])
    by = caseworker_of(consent.organisation)
    record_question(by=by, consent=consent, uses=second.uses.all())
    with pytest.raises(Refused, match="put together"):
        record_answer(by=by, consent=consent, uses=second.uses.all(), agrees=True)


def test_representative_takes_no_record_from_a_caseworker_in_office() -> None:
    consent = consent_asked()
    head = MembershipFactory(organisation=consent.organisation, role="representative").person
    give_consent_role(
        by=head, organisation=consent.organisation, person=head, kind=ConsentRoleKind.CASEWORKER
    )
    with pytest.raises(Http404):
        hand_over_record(by=head, consent=consent, to=head, contact="+7")


def test_caseworker_who_comes_back_is_not_one_until_appointed_again() -> None:
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    centre, person = consent.organisation, caseworker_of(consent.organisation)
    head = MembershipFactory(organisation=centre, role="representative").person
    end_membership(by=head, membership=Membership.objects.get(person=person, organisation=centre))
    MembershipFactory(organisation=centre, person=person)
    assert not records_of(person).exists()
    assert not may_show(thing("1"), Place.SITE, "kk")


def test_caseworker_whose_role_ends_gets_a_mail() -> None:
    consent = consent_asked()
    role = caseworkers_of(consent.organisation).get()
    head = MembershipFactory(organisation=consent.organisation, role="representative").person
    end_consent_role(by=head, role=role)
    assert OutboxMail.objects.get(key__startswith="consent:role:").person == role.person.uuid


def test_withdrawn_record_is_handed_over_while_takers_have_not_answered() -> None:
    items.register_takers("thing", lambda _key: [Taker("TV", Place.SITE, "tv@example.org")])
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    assert list(records_to_hand_over(consent.organisation)) == [consent]
    RemovalRequest.objects.update(answer=RemovalAnswer.REMOVED)
    assert not records_to_hand_over(consent.organisation).exists()


def test_use_that_waits_is_taken_back_alone() -> None:
    consent = consent_asked()
    item = put_under_consent(consent, "thing", "1", places=[Place.SITE], languages=[Language.KK])
    narrow_consent(by=caseworker_of(consent.organisation), consent=consent, uses=item.uses.all())
    assert item.uses.get().ended_at is not None


def test_lawyer_who_read_other_bytes_has_not_read_these() -> None:
    consent, member = consent_asked(), MembershipFactory()
    item = _request(member, consent.code, needs_lawyer=True)
    agree_to(item)
    _cleared(item, thing("1").digest)
    assert ConsentGate(Place.SITE, "kk").may_show_bytes("hash-1")
    WORDS["1"] = "other words"
    agree_to(item)
    assert not ConsentGate(Place.SITE, "kk").may_show_bytes("hash-1")
    assert ConsentGate(Place.SITE, "kk").blocked_hashes() == {"hash-1"}


def _cleared(item: ConsentItem, digest: str) -> None:
    LegalReading.objects.create(
        kind=item.kind,
        key=item.key,
        digest=digest,
        cleared=True,
        organisation=item.consent.organisation,
        at=now(),
    )
