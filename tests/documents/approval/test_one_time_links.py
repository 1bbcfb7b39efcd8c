"""One-time links: who makes them, what they decide, when they are dead, and two hundred at once."""

import datetime
import re
import threading

import pytest
import time_machine
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection, connections
from django.urls import reverse

from coalition.accounts.models import Membership, MembershipRole
from coalition.accounts.naming import PUBLIC
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.live_push import topic_group
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Notification, Participation, Seat
from coalition.workspaces.permissions import NotAllowed
from documents.approval.actions.offline import Answer, object_by_link, object_to_decisions
from documents.approval.actions.one_time_links import (
    MOST_AN_HOUR,
    LinkCreator,
    decide_by_link,
    open_one_time_link,
    revoke_one_time_link,
)
from documents.approval.actions.open_round import close_round, renew_round
from documents.approval.audit import round_event_id
from documents.approval.queries.boards import board_of
from documents.drafts.access import GuestLinkOverused, NoSuchLink
from documents.drafts.models import ApprovalRule, CellState, DecisionKind, Way
from documents.models import Approval, PublicationName
from documents.publication import hooks
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import stage
from tests.documents.approval.offline_builders import NAME, link_for, objection_token
from tests.factories import FreezeFactory, MembershipFactory

APPROVED = DecisionKind.APPROVED


def _words(answer):
    """What is said on the page; its head has a form with a secret of its own."""
    return re.search(rb"<main.*</main>", answer.content, re.DOTALL)[0]


def cell(round_, organisation, language="kk"):
    return board_of(round_, PUBLIC).matrix.cells[organisation.pk, language]


def approving(made, round_, *languages):
    hashes = made.hashes(round_)
    return Answer(APPROVED, {code: hashes[code] for code in languages or hashes})


@pytest.mark.django_db
def test_whoever_looks_without_end_does_not_hold_up_the_answer():
    made = stage()
    round_ = made.put()
    _link, token = link_for(made, round_, made.organisations[1])
    for _time in range(MOST_AN_HOUR):
        open_one_time_link(token=token, language="kk")
    with pytest.raises(GuestLinkOverused):
        open_one_time_link(token=token, language="kk")
    assert decide_by_link(token=token, answer=approving(made, round_))


@pytest.mark.django_db
def test_a_named_person_without_an_account_decides_once_and_the_representative_is_told():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    link, token = link_for(made, round_, organisation)
    person = made.representatives[organisation.pk]
    told = Notification.objects.get(kind="link_made_for_you")
    assert told.person == person
    mail = OutboxMail.objects.get(template="documents/one_time_link")
    assert token in mail.context["button_url"]
    assert "working title" not in str(mail.context)
    assert token not in str(link.__dict__), "the database keeps the hash only"
    (approval,) = decide_by_link(token=token, answer=approving(made, round_))
    assert (approval.way, approval.person, approval.named) == (Way.LINK, None, NAME)
    found = cell(round_, organisation)
    assert (found.state, found.person) == (CellState.APPROVED, NAME)
    with pytest.raises(NoSuchLink):
        decide_by_link(token=token, answer=approving(made, round_))
    assert Notification.objects.get(kind="decided_otherwise").person == person
    entry = AuditEntry.objects.get(action="approval.given")
    assert (entry.actor, entry.detail["way"]) == (None, "link")
    assert NAME not in str(entry.detail)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "decision", [DecisionKind.CHANGES_ASKED, DecisionKind.ABSTAINS, DecisionKind.OBJECTS]
)
def test_it_may_also_say_no(decision):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    _link, token = link_for(made, round_, organisation)
    if decision == DecisionKind.CHANGES_ASKED:
        with pytest.raises(Refused, match="Say what should be changed"):
            decide_by_link(token=token, answer=Answer(decision, made.hashes(round_)))
    decide_by_link(token=token, answer=Answer(decision, made.hashes(round_), reason="Say when."))
    assert Approval.objects.get().decision == decision


@pytest.mark.django_db
@pytest.mark.parametrize(
    "why",
    [
        "expired",
        "taken back",
        "words",
        "newer words",
        "frozen",
        "frozen and thawed",
        "left",
        "closed",
        "maker",
    ],
)
def test_what_ended_answers_like_what_never_was(why):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    link, token = link_for(made, round_, organisation)
    answer = approving(made, round_)
    moment = now()
    if why == "expired":
        moment += datetime.timedelta(days=4)
    elif why == "taken back":
        maker = LinkCreator(made.coordinator, made.access.organisation, made.access)
        revoke_one_time_link(maker=maker, link=link)
        assert not OutboxMail.objects.filter(template="documents/one_time_link").exists()
    elif why == "words":
        made.write("Other words.")
    elif why == "newer words":
        renew_round(
            access=made.access, round_=round_, versions=[made.version("Other words.")], acknowledged=True
        )
        answer = approving(made, round_)
    elif why.startswith("frozen"):
        thawed = now() if "thawed" in why else None
        FreezeFactory(organisation=organisation, frozen_at=now(), thawed_at=thawed)
    elif why == "left":
        Participation.objects.filter(organisation=organisation).update(ended_at=now())
    elif why == "closed":
        close_round(access=made.access, round_=round_)
    else:
        Seat.objects.filter(person=made.coordinator).update(ended_at=now())
    with time_machine.travel(moment, tick=False):
        for forged in (token, token[:-1] + ("a" if token[-1] != "a" else "b"), "x" * 43):
            with pytest.raises(NoSuchLink):
                decide_by_link(token=forged, answer=answer)
    assert not Approval.objects.exists()


@pytest.mark.django_db
def test_coordinators_and_the_organisations_own_representatives_make_links_and_nobody_else():
    made = stage(3)
    round_, organisation = made.put(), made.organisations[1]
    own = made.representatives[organisation.pk]
    _link, token = link_for(made, round_, organisation, by=own)
    alternate = MembershipFactory(organisation=organisation, role=MembershipRole.ALTERNATE).person
    for other in (made.representatives[made.organisations[2].pk], alternate):
        with pytest.raises(NotAllowed):
            link_for(made, round_, organisation, by=other)
    Membership.objects.filter(person=own).update(role=MembershipRole.MEMBER)
    with pytest.raises(NoSuchLink):  # who made it could not make it any more
        decide_by_link(token=token, answer=approving(made, round_))


@pytest.mark.django_db
def test_the_page_shows_words_and_hash_on_get_and_decides_on_post(client):
    made = stage()
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    _link, token = link_for(made, round_, organisation, "ru")
    address = reverse("one_time", args=[token])
    page = client.get(address)
    assert b"We ask for a law, in ru." in page.content
    digest = made.hashes(round_)["ru"]
    assert digest.encode() in page.content
    assert page["Cache-Control"] == "no-store, private"
    assert b"We ask for a law, in kk." in client.get(f"{address}?language=kk").content
    assert not Approval.objects.exists(), "looking decides nothing"
    assert client.post(address, {"decision": "approved"}).status_code == 422
    answer = client.post(address, {"decision": "approved", "languages": ["ru"]})
    assert answer.status_code == 302
    assert Approval.objects.get().language == "ru"
    used = client.get(address)
    forged = client.get(reverse("one_time", args=["x" * 43]))
    assert used.status_code == forged.status_code == 404
    assert _words(used) == _words(forged)


@pytest.mark.django_db
def test_the_desk_pages_make_and_end_links(client_of):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    sent = {
        "organisation": str(organisation.uuid),
        "name": NAME,
        "email": "one@tests.example",
        "language": "en",
        "languages": ["kk"],
    }
    own = made.representatives[organisation.pk]
    places = [
        (made.coordinator, reverse("documents:one_time_links", args=[round_.uuid])),
        (own, reverse("documents:one_time_links_for", args=[round_.uuid, organisation.uuid])),
    ]
    for person, address in places:
        client = client_of(person)
        page = client.post(address, sent)
        assert NAME.encode() in page.content
        assert (b"/once/" in page.content) is (person == own), "by mail only, if a coordinator made it"
        assert b"/once/" not in client.get(address).content, "shown once"
    link = round_.one_time_links.first()
    decide = client.get(reverse("documents:decide_for", args=[round_.uuid, organisation.uuid]))
    assert places[1][1].encode() in decide.content
    client.post(f"{places[1][1]}{link.uuid}/take-back/")
    link.refresh_from_db()
    assert link.ended_why == "revoked"
    stranger = client_of(MembershipFactory().person)
    assert all(stranger.get(address).status_code == 404 for _person, address in places)


@pytest.mark.django_db
def test_an_objection_takes_the_decision_off_and_the_name_off_the_public_text(client, monkeypatch):
    monkeypatch.setattr(hooks, "_presenters", [])
    made = stage(3)
    round_, organisation = made.put(rule=ApprovalRule.JOINED), made.organisations[1]
    _link, token = link_for(made, round_, organisation)
    decide_by_link(token=token, answer=approving(made, round_))
    for other in (made.organisations[0], made.organisations[2]):
        made.approve(round_, other)
    publication = publish_approved(access=made.access, round_=round_)
    objection = objection_token(made.representatives[organisation.pk])
    address = reverse("objection", args=[objection])
    assert client.get(address).status_code == 200
    assert b"working title" not in client.get(address).content
    assert not PublicationName.objects.exclude(taken_off_at=None).exists(), "looking takes nothing off"
    assert client.post(address).status_code == 302
    name = PublicationName.objects.get(publication=publication, organisation=organisation)
    assert name.taken_off_at is not None
    assert client.post(address).status_code == 404


@pytest.mark.django_db
def test_an_objection_before_publication_and_one_that_is_too_late():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    person = made.representatives[organisation.pk]
    with pytest.raises(Refused, match="Nothing stands"):
        object_to_decisions(round_=round_, organisation=organisation, person=person)
    _link, token = link_for(made, round_, organisation)
    decide_by_link(token=token, answer=approving(made, round_))
    object_by_link(token=objection_token(person))
    assert cell(round_, organisation).state == CellState.OBJECTS
    assert Notification.objects.get(kind="decision_disowned").person == made.coordinator
    made.approve(round_, organisation)  # they may still approve themselves
    assert cell(round_, organisation).state == CellState.APPROVED
    with pytest.raises(Refused, match="Nothing stands"):
        object_to_decisions(round_=round_, organisation=organisation, person=person)
    Membership.objects.filter(person=person).update(ended_at=now())
    with pytest.raises(NoSuchLink):
        object_by_link(token=objection_token(person))


@pytest.mark.django_db(transaction=True)
@pytest.mark.services
def test_two_hundred_presses_on_one_link_count_once():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    _link, token = link_for(made, round_, organisation)
    answer, outcomes = approving(made, round_), []
    start = threading.Barrier(20)

    def press():
        start.wait()
        for _ in range(10):
            try:
                decide_by_link(token=token, answer=answer)
                outcomes.append("recorded")
            except NoSuchLink:
                outcomes.append("dead")
        connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert connection.vendor in {"sqlite", "postgresql"}
    assert sorted(outcomes) == ["dead"] * 199 + ["recorded"]
    assert Approval.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["stranger@tests.example", None])
def test_an_address_that_a_coordinator_chose_counts_after_a_day(email):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    _link, token = link_for(made, round_, organisation, email=email)
    decide_by_link(token=token, answer=approving(made, round_))
    made.approve(round_, made.organisations[0])
    mail = OutboxMail.objects.get(template="documents/decided_otherwise")
    assert mail.context["later"] is (email is not None)
    expected = CellState.LATER if email else CellState.APPROVED
    assert cell(round_, organisation).state == expected
    Approval.objects.filter(counts_from__isnull=False).update(counts_from=now() - datetime.timedelta(hours=1))
    assert cell(round_, organisation).state == CellState.APPROVED


@pytest.mark.django_db
def test_an_address_that_the_organisation_chose_counts_at_once():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    own = made.representatives[organisation.pk]
    _link, token = link_for(made, round_, organisation, by=own, email="stranger@tests.example")
    decide_by_link(token=token, answer=approving(made, round_))
    assert cell(round_, organisation).state == CellState.APPROVED


@pytest.mark.django_db
def test_a_link_does_not_override_what_was_disowned():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    first, second = (link_for(made, round_, organisation)[1] for _number in range(2))
    decide_by_link(token=first, answer=approving(made, round_))
    person = made.representatives[organisation.pk]
    object_to_decisions(round_=round_, organisation=organisation, person=person)
    with pytest.raises(Refused, match="had not agreed"):
        decide_by_link(token=second, answer=approving(made, round_))
    assert cell(round_, organisation).state == CellState.OBJECTS


@pytest.mark.django_db
def test_open_matrices_look_again_at_a_decision_by_link_and_at_an_objection(
    django_capture_on_commit_callbacks,
):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    _link, token = link_for(made, round_, organisation)
    person = made.representatives[organisation.pk]
    layer = get_channel_layer()
    channel = async_to_sync(layer.new_channel)()
    async_to_sync(layer.group_add)(topic_group(f"round:{round_.uuid}"), channel)
    numbers = [round_event_id(made.coordinator.pk, str(round_.uuid))]
    for act in (
        lambda: decide_by_link(token=token, answer=approving(made, round_)),
        lambda: object_to_decisions(round_=round_, organisation=organisation, person=person),
    ):
        with django_capture_on_commit_callbacks(execute=True):
            act()
        numbers.append(async_to_sync(layer.receive)(channel)["last"])
    assert len(set(numbers)) == 3, "each has a number of its own"
