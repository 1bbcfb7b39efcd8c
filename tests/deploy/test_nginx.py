"""What deploy/nginx.conf promises, asked of the real nginx with the application behind it."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import OfficeKind
from documents.publication.actions import publish_approved, withdraw_publication
from home.frontend_cache import wait_for_bumps
from home.models import NewsPage, PagesVersion
from tests.conftest import sign_in
from tests.documents.approval.builders import stage
from tests.documents.publication.embargo.builders import let_the_moment_come, scheduled
from tests.factories import UserFactory, seat

MB = 1024**2
VIDEO = "/cms/snippets/home/publicvideo/add/"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def session_of(person) -> str:
    return f"sessionid={sign_in(Client(), person).session.session_key}"


def test_a_public_page_is_asked_of_the_application_once(site, news, front):
    path = news("A law", language="en").get_url()
    wait_for_bumps()
    first, words = front.ask(path)
    again, same = front.ask(path)
    assert (first.status, again.status) == (200, 200)
    assert words == same
    assert front.application.asked[path] == 1
    # What is for nginx alone does not leave; what the application says once is said once.
    assert again.headers["X-Accel-Expires"] is None
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control"):
        assert len(again.headers.get_all(name)) == 1, name
    assert front.ask(path, If_None_Match=again.headers["ETag"])[0].status == 304
    assert front.application.asked[path] == 1


def test_a_withdrawn_text_is_gone_at_once(site, front):
    """From its page, the list and the feeds; and no list of addresses had to know them."""
    made = stage(2)
    publication = made.publish("kk", "en")
    wait_for_bumps()
    page = NewsPage.objects.get(publication=publication, locale__language_code="en").get_url()
    lists = ["/en/news/", "/en/news/rss.xml", "/en/news/atom.xml", "/en/news/feed.json", "/en/"]
    for path in [page, *lists]:
        assert "A law on harassment" in front.words(path), path
        assert "A law on harassment" in front.words(path), path
    before = front.application.asked.copy()
    withdraw_publication(access=made.access, publication=publication, note="It was wrong.")
    gone, words = front.ask(page)
    assert gone.status == 410
    assert "We ask for a law" not in words.decode()
    for path in lists:
        assert "A law on harassment" not in front.words(path), path
        assert front.application.asked[path] == before[path] + 1, path


def test_what_is_published_stands_there_at_once(site, front):
    """A page that was not there, and a list that was kept without it; nothing of an undone transaction."""
    made = stage(2)
    round_ = made.put("kk")
    made.approve_all(round_)
    wait_for_bumps()
    assert "A law on harassment" not in front.words("/kk/news/")
    number = PagesVersion.objects.get().number
    with transaction.atomic():
        NewsPage.objects.update(lead="Undone")
        transaction.set_rollback(True)
    assert PagesVersion.objects.get().number == number
    publish_approved(access=made.access, round_=round_)
    assert "A law on harassment" in front.words("/kk/news/")
    for language in ("kk", "ru"):  # each is kept by itself
        assert f'<html lang="{language}"' in front.words(f"/{language}/news/")
    assert "A law on harassment" not in front.words("/ru/news/")


def test_somebody_signed_in_neither_gets_nor_leaves_a_kept_page(site, news, front):
    path = news("A law", language="en").get_url()
    wait_for_bumps()
    cookie = session_of(seat().person)
    for _turn in range(2):
        answer, _words = front.ask(path, Cookie=cookie)
        assert answer.headers["Cache-Control"] == "no-store, private"
    assert front.application.asked[path] == 2
    assert front.ask(path)[0].headers["Cache-Control"] != "no-store, private"
    assert front.application.asked[path] == 3  # theirs was not kept
    front.ask(path, Cookie=cookie)
    assert front.application.asked[path] == 4  # and the stranger's is not given to them
    front.ask(path, Cookie=f"a=b; __Host-{cookie}")
    assert front.application.asked[path] == 5


@pytest.mark.parametrize("path", ["/en/search/?q=law", "/en/membership/", "/accounts/login/", "/healthz"])
def test_what_is_not_marked_is_not_kept(site, front, path):
    asked = path.partition("?")[0]
    for turn in (1, 2):
        assert front.ask(path)[0].status == 200
        assert front.application.asked[asked] == turn


def test_an_embargo_holds_until_its_moment_and_not_longer(site, front):
    made = stage()
    publication = scheduled(made, "kk")
    paths = ["/kk/news/", "/kk/news/rss.xml", "/kk/"]
    wait_for_bumps()
    for path in [*paths, *paths]:
        assert "A law on harassment" not in front.words(path), path
    assert front.application.asked["/kk/news/"] == 1
    let_the_moment_come(publication)
    for path in paths:
        assert "A law on harassment" in front.words(path), path


def test_a_feed_is_read_again_for_304(site, news, front):
    news("A law", language="en")
    wait_for_bumps()
    for path in ("/en/news/rss.xml", "/en/news/feed.json", "/calendar.ics"):
        etag = front.ask(path)[0].headers["ETag"]
        again, body = front.ask(path, If_None_Match=etag)
        assert (again.status, body) == (304, b"")
        zipped = front.ask(path, Accept_Encoding="gzip")[0]
        assert front.ask(path, If_None_Match=zipped.headers["ETag"])[0].status == 304
        assert front.application.asked[path] == 1


def test_strangers_go_on_reading_while_the_application_is_away(site, news, front, application_ends):
    path = news("A law", language="en").get_url()
    wait_for_bumps()
    front.words(path)
    application_ends()
    assert "A law" in front.words(path)
    away, words = front.ask("/en/news/")
    assert away.status == 502
    assert "The site does not answer" in words.decode()
    assert away.headers["Strict-Transport-Security"]


def test_a_write_of_one_process_does_not_wait_for_itself(site, front, caplog):
    """The person who changes something waits until nginx has asked the very process that serves them."""
    person = seat().person
    sent = b"language=ru&csrfmiddlewaretoken=" + b"a" * 32
    cookie = f"{session_of(person)}; csrftoken={'a' * 32}"
    wait_for_bumps()
    front.words("/healthz")
    caplog.clear()
    number = PagesVersion.objects.get().number
    answer, _body = front.ask(
        reverse("partners:language"),
        method="POST",
        body=sent,
        Cookie=cookie,
        Origin="https://localhost",
        Content_Type="application/x-www-form-urlencoded",
    )
    assert answer.status == 302
    wait_for_bumps()
    assert PagesVersion.objects.get().number > number
    assert "was not told" not in caplog.text


def test_a_strangers_large_body_is_refused_before_it_is_sent(site, front):
    """By nginx, or by the application where nginx lets videos through: in words, with nothing read."""
    for path, words in (("/accounts/login/", "The file is too large"), (VIDEO, "What you sent is too large")):
        with front.unfinished(path, Content_Length=str(200 * MB), Accept_Language="en") as connection:
            answer = connection.getresponse()
            assert (answer.status, words in answer.read().decode()) == (413, True), path
    with front.unfinished(VIDEO, Content_Length=str(311 * MB)) as connection:
        assert connection.getresponse().status == 413
    assert front.application.asked["/accounts/login/"] == 0


def test_a_strangers_body_without_a_length_is_read_up_to_the_limit(site, front):
    chunk = b"%x\r\n%s\r\n" % (MB, b"x" * MB)
    with front.unfinished(VIDEO, Transfer_Encoding="chunked") as connection:
        for _megabyte in range(27):
            connection.send(chunk)
        assert connection.getresponse().status == 413


def test_help_is_away_in_quiet_words(site, front, application_ends):
    """Who looks over a shoulder, or at the history, reads nothing of help or of the coalition."""
    application_ends()
    answer, words = front.ask("/kk/help/")
    text = words.decode()
    assert answer.status == 502
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "<title>Ақпарат · Информация</title>" in text
    assert 'href="tel:112"' in text
    assert "help" not in text.lower()


def test_of_quiet_pages_the_log_says_nothing_however_the_path_is_written(site, front):
    """Also where nginx answers itself, at once or because there were too many."""
    paths = ["/kk/help/?region=KZ-75", "/kk/%68elp/", "//kk//help/", "/kk/x/../help/", "/help/", "/en/help"]
    paths += ["/kk/help;x/", "/kk/help%3Bx/"]
    for path in paths:
        answer = front.ask(path)[0]
        assert answer.status in {200, 301, 302, 404}, path
        assert answer.headers["X-Accel-Expires"] is None
    assert front.ask("/kk/help/x/")[0].headers["Referrer-Policy"] == "no-referrer"
    refused = [front.ask("/en/help/", method="POST", body=b"a=b")[0].status for _ in range(40)]
    assert 429 in refused
    front.ask("/kk/helpful/")
    told = front.log("/kk/helpful/")
    lines = told.splitlines()
    assert len(lines) == 1, lines
    beside = front.folder / "error.log"
    assert "help" not in (beside.read_text(encoding="utf-8") if beside.exists() else "")


def test_the_newsroom_sends_a_large_video_and_two_at_a_time(site, front):
    person = UserFactory()
    give_office(by=None, person=person, kind=OfficeKind.NEWSROOM)
    headers = {"Cookie": session_of(person), "Content_Length": str(30 * MB)}
    with front.unfinished(VIDEO, **headers) as first, front.unfinished(VIDEO, **headers) as second:
        for connection in (first, second):
            connection.send(b"x" * MB)
        with front.unfinished(VIDEO, **headers) as third:
            assert third.getresponse().status == 429
        for _megabyte in range(29):
            first.send(b"x" * MB)
        # Read to its end: what is missing is the token of the form.
        assert first.getresponse().status == 403
