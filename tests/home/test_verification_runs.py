"""How runs of the verification follow each other: taking off, bringing back, faults of one publication."""

import datetime
from collections import Counter

import pytest
from django.core.signals import request_finished, request_started

from coalition.accounts.models import Listing
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.jobs.models import DueWork
from coalition.mail.models import OutboxMail
from coalition.metrics import queue_metrics
from coalition.workspaces.models import Notification
from documents.drafts.models import TextKind
from documents.models import Draft, Publication, PublicationCheck, TakenOff
from documents.publication.actions import withdraw_publication
from documents.publication.queries import sheet_address
from documents.publication.verification import record, run
from documents.publication.verification.findings import Finding, FindingKind
from documents.publication.verification.record import findings_of
from home.models import NewsPage, SearchItem
from home.verification import pages as rendering
from home.verification.pages import SiteReader
from home.views import public
from tests.documents.approval.builders import stage
from tests.home.test_verification import HOUR, PAGES, RECORD, codes, run_at, run_twice, spoil, tamper
from tests.home.verified import approvers, corrected

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def published():
    """A text in Kazakh with two names."""
    made = stage(2)
    return made, made.publish("kk")


def page_of(publication):
    return NewsPage.objects.get(publication=publication)


def test_a_page_stays_off_as_long_as_it_would_show_a_name_that_is_not_to_be_told(
    published, client, monkeypatch, django_capture_on_commit_callbacks
):
    _made, publication = published
    page, first = page_of(publication), now()
    answers = []
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "public_names", lambda *_given: Counter())
        for hours in range(4):
            with django_capture_on_commit_callbacks(execute=True):
                run_at(first + hours * HOUR)
            answers.append(client.get(page.get_url()).status_code)
    assert answers == [200, 503, 503, 503]
    assert AuditEntry.objects.filter(action="publication.taken_off").count() == 1  # public at no moment since
    assert not SearchItem.objects.filter(key=page.pk).exists()
    assert not AuditEntry.objects.filter(action="publication.brought_back").exists()
    assert not Notification.objects.filter(kind="publication_brought_back").exists()
    assert not DueWork.objects.filter(due_at__gt=first, kind__startswith="home.", key=str(page.pk)).exists()
    assert {one["code"] for one in PublicationCheck.objects.get().findings} == {
        "rendered_names",
        "sheet_shows_names",
    }
    run_at(first + 4 * HOUR)
    assert client.get(page.get_url()).status_code == 200
    assert SearchItem.objects.filter(key=page.pk).exists()
    assert AuditEntry.objects.filter(action="publication.brought_back").exists()


def test_a_page_that_cannot_be_brought_back_stays_off(published, client):
    _made, publication = published
    page, first = page_of(publication), now()
    spoil(publication, "lead")
    run_at(first)
    run_at(first + HOUR)
    tamper(publication, f"UPDATE wagtailcore_page SET path = '9999' WHERE id IN {PAGES}")  # below no page
    run_at(first + 2 * HOUR)
    assert TakenOff.objects.exists()
    assert client.get(page.get_url()).status_code == 503
    assert stored(publication)


def stored(publication):
    """Kind and code of what the last run wrote down."""
    found = PublicationCheck.objects.get(publication=publication).findings
    return {(one["kind"], one["code"]) for one in found}


def test_a_text_that_is_withdrawn_while_it_is_off_answers_410_at_once(published, client):
    made, publication = published
    page = page_of(publication)
    spoil(publication, "lead")
    run_twice()
    withdraw_publication(access=made.access, publication=publication, note="A source was wrong.")
    assert client.get(page.get_url()).status_code == 410
    assert client.get(sheet_address(publication, "kk")).status_code == 410
    run_at(now() + 2 * HOUR)
    assert not Notification.objects.filter(kind="publication_brought_back").exists()
    assert not OutboxMail.objects.filter(template="documents/publications_brought_back").exists()
    assert not AuditEntry.objects.filter(action="publication.brought_back").exists()


def test_a_sheet_with_a_name_not_to_be_told_stays_off_when_its_text_is_withdrawn(client):
    made = approvers()
    publication = corrected(made)
    tamper(publication, RECORD["listing"][1])
    run_twice()
    withdraw_publication(access=made.access, publication=publication, note="A source was wrong.")
    assert client.get(sheet_address(publication, "kk")).status_code == 503
    publication.names.filter(organisation=made.organisations[2]).update(listing=Listing.WITHHELD)
    run_at(now() + 2 * HOUR)
    assert client.get(sheet_address(publication, "kk")).status_code == 410
    assert not Notification.objects.filter(kind="publication_brought_back").exists()


def test_a_page_at_another_address_comes_back_at_its_own(published, client):
    _made, publication = published
    page, first = page_of(publication), now()
    label = page.kind_label
    assert label
    tamper(
        publication, f"UPDATE wagtailcore_page SET slug = 'x', url_path = '/kk/news/x/' WHERE id IN {PAGES}"
    )
    tamper(publication, "UPDATE home_newspage SET kind_label = 'We lie' WHERE publication_id = {pk}")
    assert client.get(page.get_url()).status_code == 404
    run_at(first)
    run_at(first + HOUR)
    assert client.get(page.get_url()).status_code == 503
    run_at(first + 2 * HOUR)
    assert client.get(page.get_url()).status_code == 200
    row = page_of(publication)
    assert (row.slug, row.url_path, row.kind_label) == (page.slug, page.url_path, label)
    assert stored(publication) == set()


def test_a_corrected_text_has_the_address_of_the_one_before():
    publication = corrected(approvers())
    former = publication.replaces.texts.get()
    assert [text.slug for text in publication.texts.all()] == [former.slug] == [page_of(publication).slug]
    assert former.slug


def test_another_kind_of_the_draft_changes_nothing_of_what_is_public(published):
    _made, publication = published
    label = page_of(publication).kind_label
    kind = next(one for one in TextKind if one != publication.draft.kind)
    Draft.objects.filter(pk=publication.draft_id).update(kind=kind)
    page_of(publication).save()
    assert page_of(publication).kind_label == label
    assert codes(publication) == set()


@pytest.mark.parametrize("state", ["public", "withdrawn"])
def test_a_site_that_answers_to_another_name_raises_the_alarm_alone(published, settings, state):
    made, publication = published
    if state == "withdrawn":
        withdraw_publication(access=made.access, publication=publication, note="A source was wrong.")
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://new.example.org", ["old.example.org"]
    assert (
        {"rendering"} <= {kind for kind, _code in codes(publication)} <= {"rendering", "list"}
    )  # all are 400


def test_an_address_that_is_not_found_is_grave(published, monkeypatch):
    _made, publication = published
    monkeypatch.setattr(public, "news_page", lambda *_given: None)
    assert ("state", "status") in codes(publication)


def test_a_publication_that_cannot_be_compared_hides_no_other(published, caplog):
    _made, publication = published
    other = stage(1).publish("kk")
    tamper(publication, "UPDATE documents_publicationname SET listing = 'other' WHERE publication_id = {pk}")
    spoil(other, "lead")
    found = findings_of([publication.pk, other.pk])
    assert Finding(FindingKind.RENDERING, publication.pk, "not_verified") in found[publication.pk]
    assert ("words", "page_lead") in {(one.kind, one.code) for one in found[other.pk]}
    assert f"publication {publication.pk} could not be verified" in caplog.text


def test_one_address_that_is_no_address_stops_no_run(published):
    _made, publication = published
    other = stage(1).publish("kk")
    tamper(publication, f"UPDATE wagtailcore_page SET url_path = 'x' WHERE id IN {PAGES}")
    spoil(other, "share image")
    run_twice()
    assert PublicationCheck.objects.count() == 2
    assert ("share_image", "share_image") in stored(other)


def test_what_was_verified_before_a_fault_is_written_down(published, monkeypatch):
    _made, publication = published
    stage(1).publish("kk")
    monkeypatch.setattr(run, "BATCH_SIZE", 1)
    load = record.load_batch

    def broken(keys):
        if publication.pk not in keys:
            raise OSError(28, "No space left on device")
        return load(keys)

    monkeypatch.setattr(record, "load_batch", broken)
    with pytest.raises(OSError, match="No space"):
        run.verify_due()
    assert PublicationCheck.objects.get().publication == publication


def test_runs_within_minutes_count_once(published):
    _made, publication = published
    spoil(publication, "lead")
    first = now()
    for minutes in (0, 2, 30, 45):
        run_at(first + datetime.timedelta(minutes=minutes))
    assert PublicationCheck.objects.get().grave_runs == 1
    assert not TakenOff.objects.exists()
    run_at(first + datetime.timedelta(minutes=55))  # though one was ten minutes ago
    assert TakenOff.objects.exists()


def test_a_text_that_is_withdrawn_while_it_is_verified_again_is_not_taken_off(published, monkeypatch):
    made, publication = published
    spoil(publication, "lead")
    first = now()
    run_at(first)
    get, asked = SiteReader.get, []

    def withdrawing(self, path, language):
        asked.append(path)
        if asked.count(page) == 2:  # once with the batch, once before it is taken off
            withdraw_publication(access=made.access, publication=publication, note="A source was wrong.")
        return get(self, path, language)

    page = page_of(publication).get_url()
    monkeypatch.setattr(SiteReader, "get", withdrawing)
    run_at(first + HOUR)
    publication.refresh_from_db()
    assert publication.state == "withdrawn"
    assert not TakenOff.objects.exists()
    assert codes(publication) == set()


def test_reading_the_site_closes_no_connection_of_this_process():
    heard = []

    def hear(signal, **_more):
        heard.append(signal)

    request_started.connect(hear)
    request_finished.connect(hear)
    try:
        answer = SiteReader().get("/kk/", "kk")
    finally:
        request_started.disconnect(hear)
        request_finished.disconnect(hear)
    assert answer.status_code == 200
    assert heard == []


def test_the_site_is_read_as_by_somebody_without_an_account(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://site.example.org", ["site.example.org"]
    site = SiteReader()
    answer = site.get("/kk/", "kk")
    assert answer.status_code == 200  # neither another host nor sent on to https
    assert site.get("/kk/", "kk") is answer
    assert site.get("/workspaces/", "kk").status_code == 302
    assert site.get("/kk/nothing/", "kk").status_code == 404


def test_a_page_that_raises_is_a_fault_of_the_software(published, monkeypatch):
    _made, publication = published
    monkeypatch.setattr(public, "news_page", lambda *_given: 1 / 0)
    assert ("rendering", "status") in codes(publication)
    assert not any(one.is_grave for one in findings_of([publication.pk])[publication.pk])


def test_the_metric_counts_a_publication_that_was_never_verified(published):
    _made, publication = published
    run.verify_due()
    assert unchecked_seconds() < 60
    Publication.objects.filter(pk=publication.pk).update(published_at=now() - 30 * HOUR)
    PublicationCheck.objects.all().delete()
    assert unchecked_seconds() >= 30 * 3600
    stage(1).publish("kk")
    run.verify_due()
    PublicationCheck.objects.filter(publication=publication).delete()
    assert unchecked_seconds() >= 30 * 3600


def unchecked_seconds():
    values = {name: value for name, _description, value in queue_metrics()}
    return values["publications_unchecked_seconds"]
