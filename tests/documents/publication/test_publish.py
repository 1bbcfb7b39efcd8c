"""Publishing: what all approved, in one transaction; what is missing, in words; races."""

import itertools
import json
import threading

import pytest
from django.db import connection, transaction

from coalition.accounts.actions.organisations import change_listing
from coalition.accounts.models import Listing, Organisation
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.actions.workspaces import request_freeze
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.actions.open_round import close_round
from documents.drafts.actions.manage import save_text
from documents.drafts.models import PublicationState, RoundState
from documents.models import ChainHead, Publication
from documents.publication import hooks
from documents.publication.actions import NotPublishable, publish_approved, withdraw_publication
from documents.publication.verification.record import proves, verify
from tests.documents.approval.builders import stage, withheld
from tests.documents.conftest import body
from tests.documents.publication.certificates import whole
from tests.documents.races import at_once
from tests.factories import FreezeFactory, OfficeFactory, seat


@pytest.fixture(autouse=True)
def pages(monkeypatch):
    """A presenter that remembers what it was told, in place of pages."""
    monkeypatch.setattr(hooks, "_presenters", [])
    told = []

    def present(publication, prepared):
        told.append(("present", publication.uuid, connection.in_atomic_block, prepared))

    presenter = hooks.register_presenter(
        present,
        lambda publication: told.append(("withdraw", publication.uuid)),
        prepare=lambda pictures: told.append(("prepare",)) or f"{len(pictures)} files",
        discard=lambda prepared: told.append(("discard", prepared)),
    )
    yield told
    hooks.unregister_presenter(presenter)


@pytest.mark.django_db
def test_it_becomes_public_in_all_languages_with_one_record(pages):
    made = stage(3)
    publication = made.publish("kk", "ru", "en")
    assert publication.state == PublicationState.PUBLIC
    assert [text.language for text in publication.texts.order_by("language")] == ["en", "kk", "ru"]
    assert publication.round.state == RoundState.PUBLISHED
    assert [told[0] for told in pages] == ["prepare", "present"]
    assert pages[1][1:] == (publication.uuid, True, "0 files")
    assert all(check.ok for check in verify(whole(publication)))
    assert Activity.objects.filter(kind="published", needs_drafts=False).exists()


@pytest.mark.django_db
def test_what_is_missing_is_said_organisation_and_language():
    made = stage(3)
    round_ = made.put("kk", "ru")
    made.approve(round_, made.organisations[0])
    made.approve(round_, made.organisations[1], "kk")
    with pytest.raises(NotPublishable) as refused:
        publish_approved(access=made.access, round_=round_)
    kazakh, russian = refused.value.reasons
    assert "Kazakh" in kazakh
    assert made.organisations[2].name_en in kazakh
    assert made.organisations[1].name_en not in kazakh
    assert "Russian" in russian
    assert made.organisations[1].name_en in russian


@pytest.mark.django_db
def test_the_silence_of_a_frozen_organisation_is_no_consent():
    made = stage(3)
    round_ = made.put()
    made.approve(round_, made.organisations[0])
    made.approve(round_, made.organisations[1])
    FreezeFactory(organisation=made.organisations[2], frozen_at=now())
    with pytest.raises(NotPublishable, match="silence never counts"):
        publish_approved(access=made.access, round_=round_)


@pytest.mark.django_db
def test_what_a_frozen_organisation_approved_stays():
    made = stage(2)
    round_ = made.put()
    made.approve_all(round_)
    FreezeFactory(organisation=made.organisations[1], frozen_at=now())
    assert publish_approved(access=made.access, round_=round_).names.count() == 2


@pytest.mark.django_db
def test_an_edit_after_the_approvals_refuses(pages):
    made = stage()
    round_ = made.put()
    made.approve_all(round_)
    made.write("One word more.")
    with pytest.raises(NotPublishable, match="words have changed"):
        publish_approved(access=made.access, round_=round_)
    assert not Publication.objects.exists()
    assert pages == []


@pytest.mark.django_db
def test_files_made_for_it_are_deleted_if_it_fails(pages):
    made = stage()
    round_ = made.put()
    made.approve_all(round_)

    def fail(publication, prepared):
        raise RuntimeError("no room on the disk")

    broken = hooks.register_presenter(fail, lambda _publication: None)
    try:
        with pytest.raises(RuntimeError):
            publish_approved(access=made.access, round_=round_)
    finally:
        hooks.unregister_presenter(broken)
    assert [told[0] for told in pages] == ["prepare", "present", "discard"]
    assert not Publication.objects.exists()
    assert not ChainHead.objects.filter(number__gt=0).exists()
    round_.refresh_from_db()
    assert round_.state == RoundState.OPEN


@pytest.mark.django_db
def test_editors_do_not_publish():
    made = stage()
    round_ = made.put()
    made.approve_all(round_)
    editor = seat(workspace=made.workspace, role=SeatRole.EDITOR)
    with pytest.raises(NotAllowed):
        publish_approved(access=access_to(editor.person, made.workspace.uuid), round_=round_)


@pytest.mark.django_db
def test_a_closed_round_cannot_be_published():
    made = stage()
    round_ = made.put()
    made.approve_all(round_)
    close_round(access=made.access, round_=round_)
    with pytest.raises(NotPublishable, match="closed or published"):
        publish_approved(access=made.access, round_=round_)


@pytest.mark.django_db
def test_names_stand_beside_the_record_never_in_it():
    made = stage()
    hidden = withheld(made)
    publication = made.publish()
    sheet = whole(publication)
    assert sheet["approvals"]["names_withheld"] == 1
    assert len(sheet["approvals"]["named"]) == 2
    told = json.dumps(sheet, ensure_ascii=False)
    for secret in ("Canary", str(hidden.uuid), hidden.code):
        assert secret not in told
    name = publication.names.get(organisation=hidden)
    assert proves(sheet, organisation=hidden.uuid, salt=name.salt)
    assert not proves(sheet, organisation=hidden.uuid, salt="0" * 64)


@pytest.mark.django_db
def test_an_organisation_that_withdraws_its_name_later_is_named_no_more():
    made = stage()
    publication = made.publish()
    Organisation.objects.filter(pk=made.organisations[1].pk).update(listing=Listing.WITHHELD)
    sheet = whole(publication)
    assert sheet["approvals"]["names_withheld"] == 1
    assert all(check.ok for check in verify(sheet))


@pytest.mark.django_db
def test_publications_are_chained_across_workspaces():
    first, second = stage().publish(), stage().publish()
    assert (first.number, second.number) == (1, 2)
    assert second.previous_hash == first.hash
    assert all(check.ok for check in verify(whole(second), whole(first)))
    assert not all(check.ok for check in verify(whole(first), whole(second)))


@pytest.mark.django_db
def test_a_correction_replaces_the_publication_before_it():
    made = stage()
    first = made.publish()
    second_round = made.put(versions=[made.version("Corrected words.")])
    made.approve_all(second_round)
    second = publish_approved(access=made.access, round_=second_round)
    assert second.replaces == first
    assert json.loads(second.record)["replaces"] == str(first.uuid)
    assert whole(first)["replaced_by"] == str(second.uuid)


@pytest.mark.django_db
def test_withdrawing_leaves_the_note_and_the_chain(pages):
    made = stage()
    publication = made.publish()
    with pytest.raises(Refused, match="Say publicly why"):
        withdraw_publication(access=made.access, publication=publication, note=" ")
    withdraw_publication(access=made.access, publication=publication, note="A figure was wrong.")
    sheet = whole(publication)
    assert sheet["withdrawal_note"] == "A figure was wrong."
    assert sheet["documents"][0]["document"] is None
    assert all(check.ok for check in verify(sheet))
    assert pages[-1] == ("withdraw", publication.uuid)
    withdraw_publication(access=made.access, publication=publication, note="Again.")
    assert whole(publication)["withdrawal_note"] == "A figure was wrong."


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_comes_in_is_before_or_after(pages):
    """Whichever is first: what is public is what was approved, and the edit is never lost or in it."""
    for _attempt in range(5):
        made = stage()
        round_ = made.put()
        made.approve_all(round_)
        access, text, results = made.access, made.text(), {}
        approved = made.hashes(round_)["kk"]

        def do_publish(access=access, round_=round_, results=results):
            try:
                results["publication"] = publish_approved(access=access, round_=round_)
            except NotPublishable as refusal:
                results["refused"] = refusal.reasons

        def do_edit(access=access, text=text):
            save_text(
                access=access,
                text=text,
                title="Other",
                lead="",
                body=body("Other words."),
            )

        at_once(do_publish, do_edit)
        assert made.text().title == "Other"
        if "publication" in results:
            assert results["publication"].texts.get().hash == approved
            assert all(check.ok for check in verify(whole(results["publication"])))
        else:
            assert "words have changed" in results["refused"][0]


@pytest.mark.django_db(transaction=True)
def test_one_round_published_twice_at_once_is_published_once():
    made = stage()
    round_ = made.put()
    made.approve_all(round_)
    access, refused = made.access, []

    def press():
        try:
            publish_approved(access=access, round_=round_)
        except NotPublishable as refusal:
            refused.append(refusal.message)

    at_once(press, press)
    assert Publication.objects.count() == 1
    assert len(refused) == 1
    assert "published already" in refused[0]


@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_take_their_places_in_the_chain():
    stages = [stage() for _number in range(4)]
    rounds = [made.put() for made in stages]
    for made, round_ in zip(stages, rounds, strict=True):
        made.approve_all(round_)
    accesses = [made.access for made in stages]
    at_once(
        *[
            (lambda access=access, round_=round_: publish_approved(access=access, round_=round_))
            for access, round_ in zip(accesses, rounds, strict=True)
        ]
    )
    found = list(Publication.objects.order_by("number"))
    assert [one.number for one in found] == [1, 2, 3, 4]
    for before, after in itertools.pairwise(found):
        assert after.previous_hash == before.hash
    assert ChainHead.objects.get().hash == found[-1].hash


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["freeze", "listing"])
def test_what_an_organisation_asked_does_in_the_same_instant_is_waited_for(what):
    """Nobody publishes past a freeze that is being put in force, or a name that is being taken back."""
    made = stage(3)
    round_ = made.put()
    made.approve_all(round_)
    access, last, secretariat = made.access, made.organisations[2], OfficeFactory().person
    under_way, finished = threading.Event(), threading.Event()
    results = {}

    def change():
        with transaction.atomic():
            if what == "freeze":
                request_freeze(by=secretariat, organisation=last, reason="A phone was lost")
            else:
                change_listing(by=secretariat, organisation=last, listing=Listing.CONFIDENTIAL)
            under_way.set()
            results["waited"] = not finished.wait(timeout=1)
            results["until"] = now()

    def press():
        under_way.wait(timeout=5)
        results["publication"] = publish_approved(access=access, round_=round_)
        finished.set()

    at_once(change, press)
    assert results["waited"]
    assert results["publication"].published_at > results["until"]
    name = results["publication"].names.get(organisation=last)
    assert name.listing == (Listing.CONFIDENTIAL if what == "listing" else Listing.PUBLIC)


@pytest.mark.django_db
def test_what_is_corrected_is_what_is_public_at_that_moment():
    """It is withdrawn after the publication was planned and before its locks are taken."""
    made = stage()
    first = made.publish()
    round_ = made.put(versions=[made.version("Corrected words.")])
    made.approve_all(round_)

    def meanwhile(_pictures):
        withdraw_publication(access=made.access, publication=first, note="Not ours")

    presenter = hooks.register_presenter(
        lambda _publication, _made: None, lambda _publication: None, prepare=meanwhile
    )
    try:
        publication = publish_approved(access=made.access, round_=round_, correction_note="A word")
    finally:
        hooks.unregister_presenter(presenter)
    assert publication.replaces is None
    assert publication.correction_note == ""
