"""A name leaves a public text: at once, everywhere, without a reason; what follows from the rule."""

import json
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.models import MembershipRole
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.actions.manage import create_draft
from documents.drafts.models import ApprovalRule, Way
from documents.models import ApprovalRound, Publication, PublicationName
from documents.publication.actions import (
    publish_approved,
    reaffirm_publication,
    remove_name,
    withdraw_publication,
)
from documents.publication.certificate import build_sheet, rule_violations
from documents.publication.queries import publications_for_sheets
from documents.publication.verification.record import proves, verify
from home.models import NewsPage
from tests.documents.approval.builders import Stage, stage
from tests.factories import FreezeFactory, MembershipFactory
from tests.markup import squeezed

pytestmark = pytest.mark.django_db


def whole(publication: Publication) -> dict:
    return build_sheet(publications_for_sheets().get(pk=publication.pk))


def off(made: Stage, publication: Publication, number: int = 1) -> Publication:
    organisation = made.organisations[number]
    person = made.representatives[organisation.pk]
    return remove_name(publication=publication, organisation=organisation, person=person)


@pytest.fixture
def published(site) -> tuple[Stage, Publication]:
    made = stage(2)
    made.organisation(name_kk="Canary kk", name_ru="Canary ru", name_en="Canary en", initials="CNR")
    return made, made.publish("kk", "ru")


def surfaces(publication: Publication) -> list[str]:
    """Every address at which an outsider could look for a name."""
    page = NewsPage.objects.get(publication=publication, locale__language_code="ru")
    found = [
        page.get_url(),
        "/ru/news/",
        "/ru/",
        "/ru/news/rss.xml",
        "/ru/news/atom.xml",
        "/ru/news/feed.json",
    ]
    for code in ("kk", "ru", "en"):
        with override(code):
            found += [
                reverse(f"documents_public:{name}", args=[publication.uuid])
                for name in ("sheet", "sheet_json")
            ]
            found.append(reverse("documents_public:sheets"))
    return found


def test_the_name_is_nowhere_after(published, client):
    made, publication = published
    before = [client.get(url) for url in surfaces(publication)]
    assert sum("Canary" in answer.content.decode() for answer in before) >= 7
    etag = client.get(surfaces(publication)[7])["ETag"]
    written = OutboxMail.objects.count()
    off(made, publication, 2)
    for url in surfaces(publication):
        answer = client.get(url)
        assert "Canary en" not in answer.content.decode(), url
        if "/news/" in url or "/publications/" in url:
            assert "Canary" not in answer.content.decode(), url
    assert client.get(surfaces(publication)[7], headers={"If-None-Match": etag}).status_code == 200
    for mail in OutboxMail.objects.order_by("pk")[written:]:
        assert "Canary" not in json.dumps(mail.context, ensure_ascii=False)
    name = publication.names.get(organisation=made.organisations[2])
    assert name.salt == ""
    assert name.taken_off_at is not None
    assert AuditEntry.objects.filter(action="publication.name_taken_off").count() == 1


def test_the_chain_stays_whole_and_the_organisation_keeps_its_proof(published):
    made, publication = published
    organisation = made.organisations[2]
    kept = publication.names.get(organisation=organisation).salt
    off(made, publication, 2)
    sheet = whole(publication)
    assert all(check.ok for check in verify(sheet))
    assert (len(sheet["approvals"]["named"]), sheet["approvals"]["names_taken_off"]) == (2, 1)
    assert proves(sheet, organisation=organisation.uuid, salt=kept)


def test_a_name_that_vanishes_without_having_been_taken_off_shows(published):
    _made, publication = published
    publication.names.first().delete()
    assert not all(check.ok for check in verify(whole(publication)))


def test_where_the_rule_asks_for_all_the_text_awaits_a_decision(published, client):
    made, publication = published
    off(made, publication)
    publication.refresh_from_db()
    assert publication.awaiting_since is not None
    told = Notification.objects.get(kind="awaiting_decision")
    assert told.person == made.coordinator
    page = NewsPage.objects.get(publication=publication, locale__language_code="kk")
    with override("kk"):
        words = client.get(page.get_url()).content.decode()
    assert "notice--wait" in words
    assert whole(publication)["awaiting_decision"]
    with pytest.raises(Refused, match="taken its name off"):
        reaffirm_publication(access=made.access, publication=publication)


def test_who_coordinates_sees_what_to_decide(published, client_of):
    made, publication = published
    off(made, publication)
    browser = client_of(made.coordinator)
    words = browser.get(reverse("documents:publication", args=[publication.uuid])).content.decode()
    assert "Awaiting decision" in words
    assert reverse("documents:withdraw", args=[publication.uuid]) in words
    assert "Let it stand" not in words
    assert made.organisations[1].name_en not in words
    assert "its rule does not hold any more" in browser.get("/workspaces/").content.decode()
    withdraw_publication(access=made.access, publication=publication, note="Not ours any more.")
    assert "its rule does not hold any more" not in browser.get("/workspaces/").content.decode()


def test_a_correction_decides(published):
    made, publication = published
    off(made, publication)
    round_ = made.put(
        versions=[made.version("Corrected words.")],
        organisations=[made.organisations[0], made.organisations[2]],
    )
    for organisation in (made.organisations[0], made.organisations[2]):
        made.approve(round_, organisation)
    publish_approved(access=made.access, round_=round_)
    publication.refresh_from_db()
    assert publication.awaiting_since is None


def test_a_text_that_stands_again_may_stand(published):
    made, publication = published
    Publication.objects.filter(pk=publication.pk).update(awaiting_since=publication.published_at)
    assert reaffirm_publication(access=made.access, publication=publication).awaiting_since is None
    with pytest.raises(Refused, match="Nothing is to be decided"):
        reaffirm_publication(access=made.access, publication=publication)


def test_it_goes_from_the_text_before_its_correction_too(site):
    made = stage(3)
    first = made.publish()
    round_ = made.put(versions=[made.version("Corrected words.")])
    made.approve_all(round_)
    second = publish_approved(access=made.access, round_=round_)
    off(made, second)
    for one in (first, second):
        assert len(whole(one)["approvals"]["named"]) == 2
    first.refresh_from_db()
    assert first.awaiting_since is None


def test_only_representatives_and_only_once(published):
    made, publication = published
    organisation = made.organisations[1]
    member = MembershipFactory(organisation=organisation).person
    alternate = MembershipFactory(organisation=organisation, role=MembershipRole.ALTERNATE).person
    for person in (member, alternate, made.coordinator):
        with pytest.raises(NotAllowed):
            remove_name(publication=publication, organisation=organisation, person=person)
    off(made, publication)
    with pytest.raises(Refused, match="any more"):
        off(made, publication)


def test_a_frozen_organisation_cannot_be_made_to(published):
    made, publication = published
    FreezeFactory(organisation=made.organisations[1], frozen_at=publication.published_at)
    with pytest.raises(NotAllowed):
        off(made, publication)


def test_one_press_and_a_second_factor(published, client_of):
    made, publication = published
    organisation = made.organisations[1]
    person = made.representatives[organisation.pk]
    act = reverse("documents:remove_name", args=[organisation.uuid, publication.uuid])
    listed = reverse("documents:names", args=[organisation.uuid])
    late = client_of(person, ago=3600)
    assert act in late.get(listed).content.decode()
    assert "/reauthenticate/" in late.post(act)["Location"]
    assert publication.names.get(organisation=organisation).taken_off_at is None
    browser = client_of(person)
    assert browser.get(act).status_code == 405
    assert browser.post(act)["Location"] == listed
    words = browser.get(listed).content.decode()
    assert act not in words
    assert "no public text" in words


def test_the_organisation_keeps_a_proof_of_its_own(published, client_of, tmp_path):
    made, publication = published
    organisation = made.organisations[2]
    browser = client_of(made.representatives[organisation.pk])
    act = reverse("documents:proof", args=[organisation.uuid, publication.uuid])
    assert (
        "/reauthenticate/" in client_of(made.representatives[organisation.pk], ago=3600).post(act)["Location"]
    )
    assert client_of(made.coordinator).post(act).status_code == 404
    answer = browser.post(act)
    assert answer["Cache-Control"] == "no-store, private"
    (tmp_path / "proof.json").write_bytes(answer.content)
    (tmp_path / "sheet.json").write_text(json.dumps(whole(publication)))
    out = StringIO()
    call_command(
        "verify_publication", str(tmp_path / "sheet.json"), proof=str(tmp_path / "proof.json"), stdout=out
    )
    assert "The organisation stands in the record" in out.getvalue()
    off(made, publication, 2)
    assert browser.post(act).status_code == 404


def test_others_do_not_find_the_page(published, client_of):
    made, publication = published
    organisation = made.organisations[1]
    pages = [
        reverse("documents:names", args=[organisation.uuid]),
        reverse("documents:remove_name", args=[organisation.uuid, publication.uuid]),
    ]
    browser = client_of(made.coordinator)
    assert browser.get(pages[0]).status_code == 404
    assert browser.post(pages[1]).status_code == 404
    assert Client().get(pages[0]).status_code == 302


def test_the_list_costs_the_same_however_long(published, client_of):
    made, _publication = published
    organisation = made.organisations[1]
    browser = client_of(made.representatives[organisation.pk])
    url = reverse("documents:names", args=[organisation.uuid])
    costs = []
    for many in (1, 3):
        while PublicationName.objects.filter(organisation=organisation).count() < many:
            made.draft = create_draft(access=made.access, title="Another")
            made.publish("kk")
        browser.get(url)  # counts what is unread since
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).content.decode().count("take-off") == many
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("rule", "speaker", "left", "words"),
    [
        (ApprovalRule.ALL, None, {1, 2, 3}, None),
        (ApprovalRule.ALL, None, {1, 2}, "asks for every organisation"),
        (ApprovalRule.JOINED, None, {2}, None),
        (ApprovalRule.JOINED, None, set(), "No organisation"),
        (ApprovalRule.JOINED, 1, {1, 3}, None),
        (ApprovalRule.JOINED, 1, {2, 3}, "in whose voice"),
        (ApprovalRule.NO_OBJECTION, None, {2, 3}, None),
        (ApprovalRule.NO_OBJECTION, None, {3}, "said nothing"),
    ],
)
def test_what_each_rule_asks_of_those_who_are_left(rule, speaker, left, words):
    names = [
        PublicationName(
            organisation_id=pk,
            taken_off_at=None if pk in left else now(),
            way=Way.NO_OBJECTION if pk == 3 else Way.MEMBERS_AREA,
        )
        for pk in (1, 2, 3)
    ]
    publication = SimpleNamespace(
        round=ApprovalRound(rule=rule, speaker_id=speaker), names=SimpleNamespace(all=lambda: names)
    )
    reasons = rule_violations(publication)
    assert bool(reasons) == bool(words)
    assert not words or words in reasons[0]


def test_where_the_names_are_those_who_joined_the_text_stands(site):
    made = stage(3)
    round_ = made.put(rule=ApprovalRule.JOINED)
    made.approve_all(round_)
    publication = off(made, publish_approved(access=made.access, round_=round_))
    assert publication.awaiting_since is None
    assert Notification.objects.get(kind="name_taken_off").person == made.coordinator


def test_silence_is_never_shown_as_an_approval(site, client):
    made = stage(2)
    publication = made.publish()
    publication.names.filter(organisation=made.organisations[1]).update(way=Way.NO_OBJECTION, decisions=[])
    page = client.get(NewsPage.objects.get(publication=publication).get_url()).content.decode()
    with override("en"):
        sheet = client.get(reverse("documents_public:sheet", args=[publication.uuid])).content.decode()
    assert "Approved word for word by 1 organisation<" in squeezed(sheet)
    assert "1 organisation did not object" in sheet
    assert whole(publication)["approvals"]["no_objection"] == 1
    assert "2 ұйым" not in page
