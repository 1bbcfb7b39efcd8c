"""The caseworker's pages, the item's page, the lawyer's, the representative's, the taker's."""

import datetime

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override
from lxml import html

from coalition.consent import items
from coalition.consent.actions.roles import give_consent_role
from coalition.consent.actions.uses import request_uses
from coalition.consent.actions.withdraw import send_removal_requests, withdraw_consent
from coalition.consent.enums import ConsentRoleKind, DetailKind, Form, Place
from coalition.consent.gate import may_show
from coalition.consent.items import Taker
from coalition.consent.models import (
    ConsentItem,
    ConsentRecord,
    ConsentRole,
    ConsentWithdrawal,
    RemovalRequest,
)
from coalition.consent.presenters import reading_url
from coalition.consent.queries import records_without_caseworker
from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from tests.conftest import new_client
from tests.consent.builders import (
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


def text_of(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_caseworker_goes_from_the_question_to_the_withdrawal() -> None:
    centre = crisis_centre()
    client = new_client(caseworker_of(centre))
    assert "You keep no record yet" in text_of(client, "consent:records")
    fields = {
        "is_adult": "on",
        "allowed": ["site:face", "package:face"],
        "languages": ["kk", "ru"],
        "until": f"{localdate(now()) + datetime.timedelta(days=300):%Y-%m-%d}",
        "apart": ["place", "workplace"],
        "contact": "+7 727 000 00 00",
    }
    assert client.post(reverse("consent:record_new", args=[centre.uuid]), fields).status_code == 302
    consent = ConsentRecord.objects.get()
    assert consent.scopes.count() == 4
    item = put_under_consent(consent, "thing", "1", places=[Place.SITE], languages=["kk"])
    page = text_of(client, "consent:record", consent.uuid)
    assert "She was not asked yet" in page
    assert "Thing 1" in page
    uses = {"use": [str(one.uuid) for one in item.uses.all()]}
    for act in ("asked", "agrees"):
        client.post(reverse("consent:uses", args=[consent.uuid]), uses | {"act": act})
    assert "48 hours to think it over" in text_of(client, "consent:record", consent.uuid)
    assert "Thing 1" in text_of(client, "consent:where", consent.uuid)
    assert "What we cannot take back" in text_of(client, "consent:withdraw", consent.uuid)
    answer = client.post(reverse("consent:withdraw", args=[consent.uuid]), {"whole": "no"})
    assert answer.status_code == 422
    both = {"whole": "yes", "scopes": [consent.scopes.first().pk]}
    answer = client.post(reverse("consent:withdraw", args=[consent.uuid]), both)
    assert "You ticked a part below" in answer.content.decode()
    answer = client.post(reverse("consent:withdraw", args=[consent.uuid]), {})
    assert answer.status_code == 422, "nothing is chosen beforehand"
    answer = client.post(reverse("consent:withdraw", args=[consent.uuid]), {"whole": "yes"}, follow=True)
    assert "We know of nobody who took it" in answer.content.decode()
    assert ConsentWithdrawal.objects.get().whole


def test_child_and_missing_scope_are_refused_at_their_fields() -> None:
    centre = crisis_centre()
    client = new_client(caseworker_of(centre))
    answer = client.post(reverse("consent:record_new", args=[centre.uuid]), {"contact": "kept words"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Never a child" in page
    assert "kept words" in page
    assert not ConsentRecord.objects.exists()


@pytest.mark.parametrize(
    "name", ["record", "where", "widen", "apart", "until", "contact", "review", "withdraw", "hand_over"]
)
def test_record_does_not_exist_for_anybody_else(name: str) -> None:
    consent = consent_asked(days_ago=310)
    colleague = MembershipFactory(organisation=consent.organisation).person
    assert new_client(colleague).get(reverse(f"consent:{name}", args=[consent.uuid])).status_code == 404
    own = new_client(caseworker_of(consent.organisation))
    assert own.get(reverse(f"consent:{name}", args=[consent.uuid])).status_code == 200


@pytest.mark.parametrize("name", ["uses", "review", "withdraw"])
def test_nobody_else_changes_a_record(name: str) -> None:
    consent = consent_asked()
    item = shown_under_consent(consent, "thing", "1")
    other = new_client(caseworker_of(crisis_centre()))
    fields = {"whole": "yes", "act": "declines", "use": [str(one.uuid) for one in item.uses.all()]}
    assert other.post(reverse(f"consent:{name}", args=[consent.uuid]), fields).status_code == 404
    assert may_show(thing("1"), Place.SITE, "kk")


def test_member_asks_for_uses_by_code() -> None:
    consent, member = consent_asked(), MembershipFactory()
    client = new_client(member.person)
    address = reverse("consent:item", args=["thing", "1"])
    fields = {"code": "WRONG", "forms_of_her": ["face"], "places": ["site"], "languages": ["kk"]}
    answer = client.post(address, fields)
    assert answer.status_code == 422
    assert "There is no consent with this code" in answer.content.decode()
    assert client.post(address, fields | {"code": consent.code}).status_code == 302
    page = text_of(client, "consent:item", "thing", "1")
    assert consent.code in page
    assert "She was not asked yet" in page
    assert consent.code not in text_of(new_client(MembershipFactory().person), "consent:item", "thing", "1")
    assert client.get(reverse("consent:item", args=["nothing", "1"])).status_code == 404


def test_lawyer_reads_every_word_and_nobody_else() -> None:
    WORDS["1"] = "interview_TOO_Romashka.mp4"
    item = shown_under_consent(consent_asked(), "thing", "1")
    lawyer = MembershipFactory(role="representative")
    client, address = new_client(lawyer.person), reading_url("thing", "1")
    assert client.get(address).status_code == 404
    give_consent_role(
        by=lawyer.person,
        organisation=lawyer.organisation,
        person=lawyer.person,
        kind=ConsentRoleKind.LAWYER,
    )
    ConsentItem.objects.filter(pk=item.pk).update(needs_lawyer=False)
    assert client.get(address).status_code == 404, "nobody said that a lawyer is needed"
    ConsentItem.objects.filter(pk=item.pk).update(needs_lawyer=True)
    assert "interview_TOO_Romashka.mp4" in client.get(address).content.decode()
    assert client.get(address.partition("?")[0]).status_code == 404, "the link was not sent"
    fields = {"digest": thing("1").digest, "cleared": "no", "note": ""}
    assert "Say what has to change" in client.post(address, fields).content.decode()
    assert client.post(address, fields | {"cleared": "yes"}).status_code == 302
    assert client.get(reverse("consent:reading", args=["thing", "2"])).status_code == 404


def test_representative_gives_and_ends_roles_and_hands_over() -> None:
    centre = crisis_centre()
    consent = consent_asked(centre)
    head = MembershipFactory(organisation=centre, role="representative").person
    member = MembershipFactory(organisation=centre).person
    client = new_client(head)
    address = reverse("consent:roles", args=[centre.uuid])
    assert client.post(address, {"person": member.pk, "kind": "caseworker"}).status_code == 302
    page = client.get(address).content.decode()
    assert consent.code in page
    assert member.name in page
    hand_over = reverse("consent:hand_over", args=[consent.uuid])
    assert client.get(hand_over).status_code == 404, "somebody keeps it"
    role = ConsentRole.objects.get(person=consent.caseworker)
    assert client.post(reverse("consent:role_end", args=[centre.uuid, role.uuid])).status_code == 302
    assert client.post(hand_over, {"to": member.pk}).status_code == 422, "how to reach them is missing"
    assert client.post(hand_over, {"to": member.pk, "contact": "+7 700"}).status_code == 302
    assert ConsentRecord.objects.get().caseworker == member
    outsider = MembershipFactory().person
    assert client.post(address, {"person": outsider.pk, "kind": "caseworker"}).status_code == 422
    assert new_client(outsider).get(address).status_code == 404


def test_taker_answers_by_link_without_a_reason() -> None:
    items.register_takers("thing", lambda _key: [Taker("TV", Place.PACKAGE, "tv@tests.example", "en")])
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    made = withdraw_consent(by=by, consent=consent)
    send_removal_requests(str(made.uuid), {})
    address = OutboxMail.objects.get(template="consent/material_ended").context["button_url"]
    path = "/" + address.split("/", 3)[3]
    client = Client()
    page = client.get(path)
    words = page.content.decode()
    assert "Thing 1" in words
    assert consent.code not in words
    assert "withdr" not in words
    assert "survivor" not in words
    assert page["Cache-Control"] == "no-store, private"
    row = RemovalRequest.objects.get()
    client.post(path, {f"answer-{row.uuid}": "removed", "answer-nonsense": "x"})
    row.refresh_from_db()
    assert row.answer == "removed"
    assert client.get(path.replace(path.split("/")[3], "wrong")).status_code == 404
    assert "Removed" in text_of(new_client(by), "consent:withdrawal", made.uuid)


def test_taker_who_forgets_an_answer_is_told_and_loses_none() -> None:
    items.register_takers("thing", lambda _key: [Taker("TV", Place.PACKAGE, "tv@tests.example", "en")])
    consent = consent_asked()
    for key in "12":
        shown_under_consent(consent, "thing", key)
    made = withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    send_removal_requests(str(made.uuid), {})
    path = "/" + OutboxMail.objects.get().context["button_url"].split("/", 3)[3]
    first, second = RemovalRequest.objects.order_by("pk")
    client = Client()
    for sent in ({}, {f"answer-{first.uuid}": "nonsense"}):
        answer = client.post(path, sent)
        assert answer.status_code == 422
        assert answer.content.decode().count("Choose what became of it.") == 2
    answer = client.post(path, {f"answer-{first.uuid}": "replaced"})
    assert answer.status_code == 422
    assert not RemovalRequest.objects.exclude(answer="").exists()
    tree = html.document_fromstring(answer.content)
    [chosen] = tree.xpath("//input[@checked]")
    assert (chosen.get("name"), chosen.get("value")) == (f"answer-{first.uuid}", "replaced")
    [wrong] = tree.xpath("//fieldset[contains(@class, 'field--error')]")
    assert f"answer-{second.uuid}" in wrong.xpath(".//input/@name")
    assert "Choose what became of it." in wrong.text_content()


def test_taker_is_asked_to_show_it_no_more() -> None:
    items.register_takers("thing", lambda _key: [Taker("TV", Place.SCREENING, "tv@tests.example", "en")])
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    made = withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    send_removal_requests(str(made.uuid), {})
    mail = OutboxMail.objects.get()
    words = "Please do not show or publish it any more, and remove it from your site, programmes and archives"
    assert words in " ".join(Client().get(mail.context["button_url"]).content.decode().split())
    with override("en"):
        for kind in ("txt", "html"):
            text = render_to_string(f"mail/consent/material_ended.{kind}", mail.context)
            assert words in " ".join(text.split())
            assert "The licence of 1 item" in " ".join(text.split())


def test_caseworker_notes_an_answer_from_the_phone() -> None:
    items.register_takers("thing", lambda _key: [Taker("A printed paper", Place.PACKAGE)])
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    made = withdraw_consent(by=by, consent=consent)
    row = made.requests.get()
    address = reverse("consent:removal_answer", args=[made.uuid, row.uuid])
    new_client(by).post(address, {"answer": "cannot"})
    row.refresh_from_db()
    assert (row.answer, row.recorded_by) == ("cannot", by)


@pytest.mark.parametrize("name", ["records", "record", "where", "withdraw"])
def test_pages_cost_the_same_for_one_and_three_items(name: str) -> None:
    counts = []
    for number in (1, 3):
        centre = crisis_centre()
        consent = consent_asked(centre)
        for key in range(number):
            shown_under_consent(consent, "thing", f"{number}-{key}")
        client = new_client(caseworker_of(centre))
        address = reverse(f"consent:{name}", args=[] if name == "records" else [consent.uuid])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_caseworker_corrects_details_and_ends_earlier() -> None:
    consent = consent_asked()
    item = shown_under_consent(consent, "thing", "1", details=[DetailKind.PLACE])
    client = new_client(caseworker_of(consent.organisation))
    details = reverse("consent:details", args=[consent.uuid, item.uuid])
    assert client.get(details).status_code == 200
    client.post(details, {"details": []})
    item.refresh_from_db()
    assert item.details == ["face"]
    until = reverse("consent:until", args=[consent.uuid])
    later = {"until": f"{consent.until + datetime.timedelta(days=1):%Y-%m-%d}"}
    assert client.post(until, later).status_code == 422
    earlier = localdate(now()) + datetime.timedelta(days=2)
    client.post(until, {"until": f"{earlier:%Y-%m-%d}"})
    consent.refresh_from_db()
    assert consent.until == earlier
    strange = new_client(caseworker_of(crisis_centre()))
    assert strange.post(details, {"details": []}).status_code == 404


def test_yearly_question_needs_an_answer_for_each_use() -> None:
    consent = consent_asked(days_ago=370, until=localdate(now()) + datetime.timedelta(days=300))
    first, second = (put_under_consent(consent, "thing", key, places=[Place.SITE]) for key in ("1", "2"))
    for item in (first, second):
        agree_to(item, days_ago=367)
    client = new_client(caseworker_of(consent.organisation))
    address = reverse("consent:review", args=[consent.uuid])
    assert "checked" not in client.get(address).content.decode()
    answers = {str(use.uuid): "yes" for use in first.uses.all()}
    answer = client.post(address, answers)
    assert answer.status_code == 422
    assert answer.content.decode().count("checked") == len(answers), "what was answered stays"
    assert not may_show(thing("1"), Place.SITE, "kk")
    answers |= {str(use.uuid): "no" for use in second.uses.all()}
    assert client.post(address, answers).status_code == 302
    assert may_show(thing("1"), Place.SITE, "kk")
    assert not may_show(thing("2"), Place.SITE, "kk")


def test_caseworker_changes_how_to_be_reached() -> None:
    consent = consent_asked()
    client = new_client(caseworker_of(consent.organisation))
    address = reverse("consent:contact", args=[consent.uuid])
    assert "+7 727 000 00 00" in client.get(address).content.decode()
    assert client.post(address, {"contact": ""}).status_code == 422
    assert client.post(address, {"contact": "+7 700 111 11 11"}).status_code == 302
    assert ConsentRecord.objects.get(pk=consent.pk).contact == "+7 700 111 11 11"


def test_page_to_read_together_names_takers_and_what_stays() -> None:
    items.register_takers("thing", lambda _key: [Taker("Silver TV", Place.PACKAGE, "tv@tests.example", "en")])
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    client = new_client(by)
    assert "Silver TV" in text_of(client, "consent:where", consent.uuid)
    assert "Cannot be removed, they answered" not in text_of(client, "consent:where", consent.uuid)
    made = withdraw_consent(by=by, consent=consent)
    made.requests.update(answer="cannot")
    assert "Cannot be removed, they answered" in text_of(client, "consent:where", consent.uuid)


def test_ended_record_takes_no_more_forms() -> None:
    consent = consent_asked()
    by = caseworker_of(consent.organisation)
    withdraw_consent(by=by, consent=consent)
    client = new_client(by)
    for name in ("widen", "apart", "until", "contact", "review"):
        assert client.get(reverse(f"consent:{name}", args=[consent.uuid])).status_code == 404, name
    withdraw = reverse("consent:withdraw", args=[consent.uuid])
    assert client.get(withdraw).status_code == 302
    assert "taken back already" in client.post(withdraw, {"whole": "yes"}).content.decode()
    page = text_of(client, "consent:record", consent.uuid)
    assert "Nothing is shown any more" in page
    assert "Ask her again before" not in page
    assert "Nothing of it is shown now" in text_of(client, "consent:where", consent.uuid)


def test_part_that_was_taken_back_is_named() -> None:
    consent = consent_asked()
    item = shown_under_consent(consent, "thing", "1", places=[Place.SITE], languages=["kk", "ru"])
    client = new_client(caseworker_of(consent.organisation))
    (use,) = item.uses.filter(language="ru")
    answer = client.post(
        reverse("consent:withdraw", args=[consent.uuid]),
        {"whole": "no", "uses": [str(use.uuid)]},
        follow=True,
    )
    assert "Thing 1 · On this site · Русский" in answer.content.decode()


def test_answer_of_a_taker_is_chosen_and_corrected() -> None:
    items.register_takers("thing", lambda _key: [Taker("A printed paper", Place.PACKAGE)])
    consent = consent_asked()
    shown_under_consent(consent, "thing", "1")
    by = caseworker_of(consent.organisation)
    made = withdraw_consent(by=by, consent=consent)
    client, row = new_client(by), made.requests.get()
    address = reverse("consent:removal_answer", args=[made.uuid, row.uuid])
    client.post(address, {"answer": ""})
    row.refresh_from_db()
    assert row.answer == ""
    for answer in ("removed", "cannot"):
        client.post(address, {"answer": answer})
        row.refresh_from_db()
        assert row.answer == answer


def test_lawyers_no_reaches_caseworker_and_maker() -> None:
    consent, member = consent_asked(), MembershipFactory()
    item = request_uses(
        by=member.person,
        organisation=member.organisation,
        code=consent.code,
        kind="thing",
        key="1",
        forms=[Form.FACE],
        places=[Place.SITE],
        languages=["kk"],
        needs_lawyer=True,
    )
    lawyer = MembershipFactory(role="representative")
    give_consent_role(
        by=lawyer.person,
        organisation=lawyer.organisation,
        person=lawyer.person,
        kind=ConsentRoleKind.LAWYER,
    )
    client = new_client(lawyer.person)
    by = caseworker_of(consent.organisation)
    own = new_client(by)
    path = reading_url("thing", "1")
    assert path in text_of(own, "consent:record", consent.uuid)
    fields = {"digest": thing("1").digest, "cleared": "no", "organisation": lawyer.organisation.pk}
    answer = client.post(path, fields)
    assert "Say what has to change" in answer.content.decode()
    assert client.post(path, fields | {"note": "Leave out the town"}).status_code == 302
    assert "Leave out the town" in text_of(own, "consent:record", consent.uuid)
    assert "Leave out the town" in text_of(new_client(member.person), "consent:item", "thing", item.key)
    assert OutboxMail.objects.filter(key__startswith="consent:reading:").get().person == by.uuid


def test_record_is_not_handed_to_its_own_caseworker() -> None:
    consent = consent_asked()
    by = caseworker_of(consent.organisation)
    client = new_client(by)
    address = reverse("consent:hand_over", args=[consent.uuid])
    assert "no other caseworker" in client.get(address).content.decode()
    assert client.post(address, {"to": by.pk, "contact": "+7"}).status_code == 422
    assert not OutboxMail.objects.filter(key__contains="handed").exists()


def test_representative_is_told_of_records_without_a_caseworker() -> None:
    consent = consent_asked()
    head = MembershipFactory(organisation=consent.organisation, role="representative").person
    assert not records_without_caseworker(head).exists()
    role = ConsentRole.objects.get(person=consent.caseworker)
    client = new_client(head)
    address = reverse("consent:role_end", args=[consent.organisation.uuid, role.uuid])
    assert "1 record is theirs" in client.get(address).content.decode()
    assert ConsentRole.objects.get(pk=role.pk).ended_at is None
    client.post(address)
    assert list(records_without_caseworker(head)) == [consent]
    assert "1 record of consent has no caseworker" in client.get("/workspaces/").content.decode()
    other = MembershipFactory(role="representative").person
    assert not records_without_caseworker(other).exists()


def test_end_of_a_new_consent_is_refused_at_its_field() -> None:
    centre = crisis_centre()
    client = new_client(caseworker_of(centre))
    fields = {"is_adult": "on", "allowed": ["site:face"], "languages": ["kk"], "contact": "+7"}
    for days, words in ((-1, "This day is past"), (1, "Choose a later day"), (2000, "within five years")):
        until = f"{localdate(now()) + datetime.timedelta(days=days):%Y-%m-%d}"
        answer = client.post(reverse("consent:record_new", args=[centre.uuid]), fields | {"until": until})
        assert any(words in error for error in answer.context["form"].errors["until"])
