"""What readers get of a publication is compared with its record, and what follows from a difference."""

import datetime
import io
from collections import Counter

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from PIL import Image

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import Listing, OfficeKind, Organisation
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.jobs.models import DueWork
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Notification
from documents.canonical import html
from documents.models import Publication, PublicationCheck, TakenOff
from documents.publication.queries import sheet_address
from documents.publication.verification.findings import RUNS_FOR_ALL, due_for_check
from documents.publication.verification.record import findings_of, load_batch, record_findings
from documents.publication.verification.run import verify_due
from home.mirror import mirror_path, write_mirror
from home.models import NewsPage
from home.news_mail import SEND_NEWS_WORK
from home.share import card
from home.verification import pages as rendering
from tests.conftest import sign_in
from tests.documents.approval.builders import stage
from tests.factories import UserFactory
from tests.home.conftest import news_page
from tests.home.verified import approvers, corrected, taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

PAGES = "(SELECT page_ptr_id FROM home_newspage WHERE publication_id = {pk})"
PUBLIC_AGAIN = "state = 'public', withdrawn_at = NULL, withdrawal_note = ''"
# What the rows of the record say against each other.
RECORD = {
    "approved words": (
        "words",
        "UPDATE documents_version SET canonical = replace(canonical, 'at once', 'never')",
    ),
    "unreadable words": ("words", "UPDATE documents_version SET canonical = '['"),
    "correction note": (
        "words",
        "UPDATE documents_publication SET correction_note = 'Nothing.' WHERE id = {pk}",
    ),
    "no correction note": (
        "words",
        "UPDATE documents_publication SET correction_note = '' WHERE id = {pk}",
    ),
    "date of the record": (
        "state",
        "UPDATE documents_publication SET published_at = '2020-01-01' WHERE id = {pk}",
    ),
    "listing": (
        "names",
        "UPDATE documents_publicationname SET listing = 'public' WHERE publication_id = {pk}",
    ),
    "way": ("names", "UPDATE documents_publicationname SET way = 'link' WHERE publication_id = {pk}"),
    "approved at": (
        "names",
        "UPDATE documents_publicationname SET approved_at = '2020-01-01' WHERE publication_id = {pk}",
    ),
    "decisions of names": (
        "names",
        "UPDATE documents_publicationname SET decisions = '[]' WHERE publication_id = {pk}",
    ),
    "deleted name": (
        "names",
        "DELETE FROM documents_publicationname WHERE publication_id = {pk} AND listing = 'withheld'",
    ),
    "approvals": ("names", "DELETE FROM documents_approval WHERE round_id = {round}"),
    "other hash approved": (
        "names",
        "UPDATE documents_approval SET hash = 'ff' WHERE round_id = {round}",
    ),
    "objected": (
        "names",
        "UPDATE documents_approval SET objected_at = '2030-01-01' WHERE round_id = {round}",
    ),
}
# What readers get against the record.
READERS = {
    "title": ("words", f"UPDATE wagtailcore_page SET title = 'Other' WHERE id IN {PAGES}"),
    "lead": ("words", "UPDATE home_newspage SET lead = 'Other' WHERE publication_id = {pk}"),
    "publication": (
        "state",
        "UPDATE home_newspage SET publication_id = {former} WHERE publication_id = {pk}",
    ),
    "date of the page": (
        "state",
        "UPDATE home_newspage SET published_on = '2020-01-01' WHERE publication_id = {pk}",
    ),
    "address": (
        "state",
        f"UPDATE wagtailcore_page SET slug = 'x', url_path = '/kk/news/x/' WHERE id IN {PAGES}",
    ),
    "way to the page": ("state", f"UPDATE wagtailcore_page SET url_path = 'x' WHERE id IN {PAGES}"),
    "word above the title": (
        "words",
        "UPDATE home_newspage SET kind_label = 'We lie' WHERE publication_id = {pk}",
    ),
    "picture": ("picture", "UPDATE home_publicimage SET file = '{swapped}'"),
    "search": ("list", "UPDATE home_searchitem SET text = 'Other'"),
    "share image": (
        "share_image",
        "UPDATE home_newspage SET share_card = '{swapped}' WHERE publication_id = {pk}",
    ),
}
MORE_READERS = {
    "feed words": ("words", "UPDATE home_newspage SET words = 'Other' WHERE publication_id = {pk}"),
    "description": (
        "words",
        f"UPDATE wagtailcore_page SET search_description = 'Other' WHERE id IN {PAGES}",
    ),
    "no publication": ("state", "UPDATE home_newspage SET publication_id = NULL WHERE publication_id = {pk}"),
    "not live": ("state", f"UPDATE wagtailcore_page SET live = {{false}} WHERE id IN {PAGES}"),
    "hidden": ("state", "UPDATE documents_publication SET state = 'planned' WHERE id = {pk}"),
    "no picture": ("picture", "UPDATE home_publicimage SET sha256 = ''"),
    "not in search": ("list", "DELETE FROM home_searchitem"),
}
WITHDRAWN = {
    "state": ("state", "UPDATE documents_publication SET state = 'public' WHERE id = {pk}"),
    "state and note": ("state", f"UPDATE documents_publication SET {PUBLIC_AGAIN} WHERE id = {{pk}}"),
    "live again": ("state", f"UPDATE wagtailcore_page SET live = {{true}} WHERE id IN {PAGES}"),
    "address": ("state", f"UPDATE wagtailcore_page SET slug = 'x' WHERE id IN {PAGES}"),
    "no note": ("state", "UPDATE documents_publication SET withdrawal_note = '' WHERE id = {pk}"),
    "page": ("state", "UPDATE home_newspage SET publication_id = {former} WHERE publication_id = {pk}"),
}
HOUR = datetime.timedelta(hours=1)
# In one language: its page, its sheet, and what is asked for them. One of the sheet's is which items of media
# packages are under consent now: the request for the sheet asks anew, as every reader's does.
QUERIES_FOR_ONE = 13


def another_picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(content, "PNG")
    return content.getvalue()


def tamper(publication: Publication, statement: str) -> None:
    """Change the database by one statement."""
    swapped = storages["public"].save("share/1-0123456789ab.png", ContentFile(another_picture()))
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                pk=publication.pk,
                former=publication.replaces_id,
                round=publication.round_id,
                swapped=swapped,
                true="true" if postgresql else "1",
                false="false" if postgresql else "0",
            )
        )


def spoil(publication: Publication, name: str) -> None:
    tamper(publication, {**RECORD, **READERS}[name][1])


def kinds(publication: Publication) -> set[str]:
    return {str(one.kind) for one in findings_of([publication.pk])[publication.pk]}


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify_publication", *arguments, stdout=out)
    return out.getvalue()


def run_at(moment: datetime.datetime, *more: str) -> None:
    """One hourly run, at a moment."""
    with time_machine.travel(moment):
        verify_due()


def run_twice() -> None:
    first = now()
    run_at(first)
    run_at(first + HOUR)


def test_a_publication_that_was_not_changed_is_found_whole():
    made = approvers()
    publication = corrected(made)
    card.draw_card_due(str(NewsPage.objects.get(publication=publication).pk), {})
    assert findings_of([publication.pk, publication.replaces_id]) == {
        publication.pk: [],
        publication.replaces_id: [],
    }
    assert findings_of([taken_back(made, publication).pk]) == {publication.pk: []}


@pytest.mark.parametrize(("kind", "statement"), RECORD.values(), ids=RECORD)
def test_a_change_of_the_record_by_one_statement_is_found(kind, statement):
    publication = corrected(approvers())
    tamper(publication, statement)
    assert kind in {str(one.kind) for one in record_findings(load_batch([publication.pk]))}


@pytest.mark.parametrize(("kind", "statement"), READERS.values(), ids=READERS)
def test_a_change_of_what_readers_get_by_one_statement_is_found(kind, statement):
    publication = corrected(approvers())
    tamper(publication, statement)
    assert kind in kinds(publication)


@pytest.mark.parametrize(("kind", "statement"), WITHDRAWN.values(), ids=WITHDRAWN)
def test_a_change_of_a_withdrawn_text_is_found(kind, statement):
    made = approvers()
    publication = taken_back(made, corrected(made))
    tamper(publication, statement)
    assert kind in kinds(publication)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "statement"), MORE_READERS.values(), ids=MORE_READERS)
def test_another_change_of_what_readers_get_is_found(kind, statement):
    publication = corrected(approvers())
    tamper(publication, statement)
    assert kind in kinds(publication)


def test_another_page_at_the_address_of_an_approved_text_is_found():
    former = news_page("Another", language="kk")
    publication = corrected(approvers())
    slug = NewsPage.objects.get(publication=publication).slug
    tamper(publication, f"UPDATE wagtailcore_page SET slug = '{slug}' WHERE id = {former.pk}")
    assert "words" in kinds(publication)


def test_a_name_that_its_organisation_withholds_since_is_no_difference():
    made = approvers()
    publication = corrected(made)
    Organisation.objects.filter(pk=made.organisations[1].pk).update(listing=Listing.WITHHELD)
    assert kinds(publication) == set()


def test_a_name_shown_on_the_page_that_is_not_to_be_told_is_found(monkeypatch):
    publication = corrected(approvers())
    tamper(publication, RECORD["listing"][1])  # it is shown from now on
    monkeypatch.setattr(rendering, "public_names", lambda *_given: Counter())
    codes = {one.code for one in findings_of([publication.pk])[publication.pk]}
    assert {"rendered_names", "sheet_shows_names", "listing"} <= codes


def test_a_page_that_differs_is_taken_off_at_the_second_run_and_comes_back(client):
    made = approvers()
    publication = corrected(made)
    page = NewsPage.objects.get(publication=publication)
    first = now()
    spoil(publication, "lead")
    run_at(first)
    assert client.get(page.get_url()).status_code == 200
    assert not TakenOff.objects.exists()
    run_at(first + HOUR)
    answer = client.get(page.get_url())
    assert answer.status_code == 503
    assert "What we ask for." not in answer.content.decode()
    for path in (sheet_address(publication, "kk"), f"{sheet_address(publication, 'kk').rstrip('/')}.json"):
        assert client.get(path).status_code == 503
    for path in ("/kk/news/", "/kk/news/rss.xml", "/kk/news/feed.json", "/kk/publications/"):
        assert ">A law<" not in client.get(path).content.decode(), path
    publication.refresh_from_db()
    assert publication.state == "public"
    held = TakenOff.objects.get()
    assert [one["code"] for one in held.findings] == ["page_lead"]
    assert AuditEntry.objects.get(action="publication.taken_off").target == publication.uuid
    assert NewsPage.objects.get(pk=page.pk).lead == "What we ask for."  # as the record says
    run_at(first + 2 * HOUR)
    assert not TakenOff.objects.exists()
    assert client.get(page.get_url()).status_code == 200
    assert AuditEntry.objects.filter(action="publication.brought_back").exists()
    assert (
        not DueWork.objects.filter(kind=SEND_NEWS_WORK, done_at=None)
        .exclude(key="")
        .filter(due_at__gte=first)
        .exists()
    )
    run_at(first + 4 * HOUR)
    assert findings_of([publication.pk]) == {publication.pk: []}


def test_a_withdrawn_text_that_is_live_again_answers_410_after_the_second_run(client):
    made = approvers()
    publication = taken_back(made, corrected(made))
    page = NewsPage.objects.get(publication=publication)
    tamper(publication, WITHDRAWN["live again"][1])
    run_twice()
    assert client.get(page.get_url()).status_code == 410
    verify_due()
    assert not TakenOff.objects.exists()
    assert not NewsPage.objects.get(pk=page.pk).live


def test_a_publication_whose_words_were_restored_comes_back_with_them(client):
    publication = corrected(approvers())
    page = NewsPage.objects.get(publication=publication)
    first = now()
    tamper(publication, RECORD["approved words"][1])
    run_at(first)
    run_at(first + HOUR)
    assert client.get(page.get_url()).status_code == 503
    tamper(publication, "UPDATE documents_version SET canonical = replace(canonical, 'never', 'at once')")
    run_at(first + 2 * HOUR)
    assert not TakenOff.objects.exists()
    answer = client.get(page.get_url())
    assert (answer.status_code, "at once" in answer.content.decode()) == (200, True)


def test_a_mirror_that_differs_from_the_record_is_found(settings, tmp_path):
    made = approvers()
    publication = corrected(made)
    settings.MIRROR_FOLDER = str(tmp_path / "mirror")
    assert findings_of([publication.pk]) == {publication.pk: []}  # none is written yet
    write_mirror(tmp_path / "mirror")
    assert findings_of([publication.pk]) == {publication.pk: []}
    page = NewsPage.objects.get(publication=publication)
    file = tmp_path / "mirror" / mirror_path(page.get_url())
    true = file.read_text(encoding="utf-8")
    assert "What we ask for." in true
    for spoiled in (true.replace("What we ask for.", "What nobody asked for."), "<p>Nothing</p>"):
        file.write_text(spoiled, encoding="utf-8")
        assert codes(publication) == {("list", "mirror")}
    file.write_text(true, encoding="utf-8")
    taken_back(made, publication)
    assert ("list", "mirror") in codes(publication)
    file.unlink()
    assert codes(publication) == set()


def codes(publication):
    """Kind and code of what a verification finds."""
    return {(one.kind, one.code) for one in findings_of([publication.pk])[publication.pk]}


def test_two_publications_that_differ_at_once_stay_where_they_are():
    made = approvers()
    publication, other = corrected(made), stage(1).publish("kk")
    spoil(publication, "lead")
    spoil(other, "lead")
    run_twice()
    assert not TakenOff.objects.exists()
    assert NewsPage.objects.live().count() == 2
    assert Notification.objects.filter(person=made.coordinator, kind="publication_differs").exists()


@pytest.mark.parametrize("name", ["search", "share image"])
def test_a_difference_in_lists_or_the_share_image_raises_the_alarm_alone(name):
    made = approvers()
    publication = corrected(made)
    spoil(publication, name)
    run_twice()
    assert not TakenOff.objects.exists()
    assert Notification.objects.get(kind="publication_differs").person == made.coordinator


def test_a_rendering_that_differs_raises_the_alarm_alone(monkeypatch):
    publication = corrected(approvers())
    render = html.render_html
    monkeypatch.setattr(rendering, "render_html", lambda *given, **more: render(*given, **more) + "more")
    run_twice()
    assert [one["kind"] for one in PublicationCheck.objects.get(publication=publication).findings] == [
        "rendering"
    ]
    assert not TakenOff.objects.exists()


def test_the_same_difference_is_told_once_and_again_after_a_day(caplog):
    made = approvers()
    office = UserFactory()
    give_office(by=None, person=office, kind=OfficeKind.SECRETARIAT)
    publication = corrected(made)
    spoil(publication, "search")
    first = now()

    def told() -> tuple[int, int]:
        mails = OutboxMail.objects.filter(person=office.uuid, template="documents/publications_differ")
        return Notification.objects.filter(kind="publication_differs").count(), mails.count()

    for hours in range(3):
        run_at(first + hours * HOUR)
        assert told() == (1, 1)
    assert f"publication {publication.pk} differs from its record: list:search:kk" in caplog.text
    run_at(first + 24 * HOUR)
    assert told() == (2, 2)


def test_who_coordinates_reads_what_was_found_and_that_it_is_off_the_site(client):
    made = approvers()
    publication = corrected(made)
    spoil(publication, "lead")
    run_twice()
    browser = sign_in(client, made.coordinator)
    words = browser.get(f"/workspaces/publications/{publication.uuid}/").content.decode()
    assert "The text is off the site while it is checked" in words
    assert "the lead of the page is not the approved one." in words


def test_a_worker_verifies_every_hour():
    scheduler.schedule_recurring()
    work = DueWork.objects.get(kind="documents.verify_publications", done_at=None)
    assert work.due_at <= now()


def test_every_publication_has_its_turn_within_a_day():
    for _number in range(3):
        stage(1).publish("kk")
    pks = list(Publication.objects.order_by("pk").values_list("pk", flat=True))
    long_ago = now() - datetime.timedelta(days=90)
    Publication.objects.update(published_at=long_ago)
    for hours, pk in enumerate(pks):
        PublicationCheck.objects.create(publication_id=pk, checked_at=now() - hours * HOUR)
    assert due_for_check(now()) == pks[::-1]  # the one that was verified longest ago first
    PublicationCheck.objects.filter(publication=pks[0]).update(finding_count=1)
    assert due_for_check(now()) == [pks[0], *pks[:0:-1]]
    assert RUNS_FOR_ALL < 24


def test_more_publications_cost_no_more_queries_each():
    def asked() -> int:
        verify_due()  # templates, renditions and the like are there
        with CaptureQueriesContext(
            connection,
        ) as queries:
            verify_due()
        return len(queries)

    one = stage(1).publish("kk")
    alone = asked()
    for _number in range(2):
        stage(1).publish("kk")
    assert asked() - alone <= 2 * QUERIES_FOR_ONE
    assert PublicationCheck.objects.filter(finding_count=0).count() == 3
    assert one.pk in due_for_check(now())


def test_the_command_speaks_english_and_fails_with_a_difference():
    publication = corrected(approvers())
    with override("kk"):
        words = command("--all")
        spoil(publication, "lead")
        with pytest.raises(CommandError, match="does not verify"):
            command("--all")
    assert "Readers get what the record says." in words
    assert words.isascii()


def test_the_command_goes_on_where_words_cannot_be_read():
    publication = corrected(approvers())
    spoil(publication, "unreadable words")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_publication", "--all", stdout=out)
    assert f"Publication {publication.number}. [words] the record cannot be read." in out.getvalue()


def test_the_command_does_what_is_due_now():
    publication = corrected(approvers())
    assert "Everything that was checked holds." in command("--due")
    spoil(publication, "lead")
    first = now()
    for moment in (first, first + HOUR):
        with time_machine.travel(moment), pytest.raises(CommandError):
            command("--due")
    assert TakenOff.objects.filter(publication=publication).exists()
