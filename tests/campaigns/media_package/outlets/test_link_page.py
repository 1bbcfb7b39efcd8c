"""The page behind an outlet's link: the embargo, files that are taken, airings that are logged."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.actions.packages import set_access, unpublish_package
from coalition.campaigns.media_package.enums import PackageAudience
from coalition.campaigns.media_package.models import ItemCoverage, PackageLink, Rendition, TakenFile
from coalition.campaigns.media_package.outlets.actions import end_link, link_path
from coalition.core.clock import freeze_clock_at, now
from coalition.core.log_redaction import mask_tokens
from events.models import Coverage
from events.press.coverage.models import CoverageState
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.outlets.builders import (
    agreed,
    embargoed,
    given,
    page_of,
    path_of,
    scheduled,
)
from tests.documents.files.metadata.document_samples import png

pytestmark = pytest.mark.django_db
ENDED = {"en": "This link has ended", "kk": "Сілтеме тоқтатылған"}
WORDS = "Every third woman."
AIRED = {"act": "aired", "item": "film", "kind": "tv", "aired_at": "20:00", "programme": "Evening"}


@pytest.fixture
def film(open_package: Press) -> Rendition:
    return Rendition.objects.get()


def today() -> datetime.date:
    return localdate(now())


def airing(**fields: object) -> dict[str, str]:
    return {name: str(value) for name, value in (AIRED | {"on": today().isoformat()} | fields).items()}


def test_it_shows_the_package_in_the_language_of_the_link_and_is_never_cached(
    open_package: Press, film: Rendition
) -> None:
    link = given(open_package, language="ru")
    answer = Client().get(link_path(link), headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert answer["Content-Language"] == "ru"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    words = answer.content.decode()
    assert f"{WORDS} (ru)" in words
    assert path_of(link, film) in words


def test_under_embargo_no_word_of_an_item_is_shown_before_the_outlet_agreed(
    open_package: Press, film: Rendition
) -> None:
    later = open_package.item("canary-poster")
    scheduled(open_package, later, "Canary scheduled")
    embargoed(open_package)
    link = given(open_package)
    shown = page_of(link, "?aired=canary-poster")
    for word in (
        WORDS,
        "Canary",
        'canary-poster"',
        film.file_name,
        film.sha256,
        str(open_package.package.title),
    ):
        assert word not in shown
    assert "We agree: nothing before" in shown
    client = Client()
    assert client.get(path_of(link, film), follow=True).status_code == 404
    assert client.get(f"{link_path(link)}all.zip", follow=True).status_code == 404
    posted = client.post(link_path(link), airing())
    assert posted.status_code == 422
    for word in (WORDS, "Canary"):
        assert word not in posted.content.decode()
    assert not TakenFile.objects.exists()

    client = Client(enforce_csrf_checks=True)  # the browser of a messenger has no cookie
    (until,) = re.findall(r'name="until" value="([^"]+)"', page_of(link))
    assert client.post(link_path(link), {"act": "agree", "until": until}).status_code == 302
    link.refresh_from_db()
    assert link.agreed_at is not None
    entry = AuditEntry.objects.get(action="media_package.embargo_agreed")
    assert (entry.target, entry.actor) == (link.uuid, None)
    shown = page_of(link)
    assert "Nothing of it may be published before" in shown
    for word in (WORDS, "Canary scheduled"):
        assert word in shown
    assert client.get(path_of(link, film)).status_code == 200


def test_a_second_press_keeps_the_first_moment(open_package: Press) -> None:
    embargoed(open_package)
    link = agreed(given(open_package))
    first = link.agreed_at
    with freeze_clock_at(now() + datetime.timedelta(hours=3)):
        assert Client().post(link_path(link), {"act": "agree"}).status_code == 302
    link.refresh_from_db()
    assert link.agreed_at == first
    assert AuditEntry.objects.filter(action="media_package.embargo_agreed").count() == 1


def test_one_scheduled_item_is_enough_for_an_embargo(open_package: Press) -> None:
    link = given(open_package)
    assert WORDS in page_of(link)
    scheduled(open_package, open_package.item("poster"), "Canary scheduled")
    shown = page_of(link)
    assert "We agree: nothing before" in shown
    assert WORDS in shown  # what is public is taken without agreement
    assert "Canary scheduled" not in shown
    with freeze_clock_at(now() + datetime.timedelta(hours=1)):
        agreed(link)
    assert "Canary scheduled" in page_of(link)


def test_a_later_end_of_the_embargo_is_agreed_to_anew(open_package: Press, film: Rendition) -> None:
    embargoed(open_package, days=1)
    link = agreed(given(open_package))
    assert WORDS in page_of(link)
    embargoed(open_package, days=3)
    shown = page_of(link)
    assert "We agree: nothing before" in shown
    assert WORDS not in shown
    assert Client().get(path_of(link, film), follow=True).status_code == 404
    agreed(link)
    assert WORDS in page_of(link)
    embargoed(open_package, days=2)
    assert WORDS in page_of(link)  # an earlier end is agreed to already


def test_nobody_agrees_to_an_embargo_that_they_did_not_read(open_package: Press) -> None:
    embargoed(open_package, days=1)
    link = given(open_package)
    (until,) = re.findall(r'name="until" value="([^"]+)"', page_of(link))
    embargoed(open_package, days=3)
    answer = Client().post(link_path(link), {"act": "agree", "until": until})
    assert answer.status_code == 409
    assert "The embargo was changed meanwhile" in answer.content.decode()
    link.refresh_from_db()
    assert link.agreed_at is None


def test_after_the_embargo_everything_is_shown_without_agreement(open_package: Press) -> None:
    embargoed(open_package, days=1)
    link = given(open_package)
    with freeze_clock_at(now() + datetime.timedelta(days=2)):
        shown = page_of(link)
    assert WORDS in shown
    assert "We agree" not in shown


def test_an_agreement_from_another_site_does_not_count(open_package: Press) -> None:
    embargoed(open_package)
    link = given(open_package)
    answer = Client().post(link_path(link), {"act": "agree"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    link.refresh_from_db()
    assert link.agreed_at is None


def test_a_closed_package_and_an_ended_link_are_gone_in_words(open_package: Press, film: Rendition) -> None:
    link = given(open_package)
    other = given(open_package, "Qala FM")
    end_link(access=open_package.access, link=other)
    for path in (link_path(other), path_of(other, film), reverse("media_package_link", args=["x" * 43])):
        answer = Client().get(path)
        assert answer.status_code == 410
        assert ENDED[answer["Content-Language"]] in answer.content.decode()
        assert WORDS not in answer.content.decode()
    unpublish_package(access=open_package.access, package=open_package.package)
    answer = Client().get(link_path(link))
    assert answer.status_code == 410
    assert "closed at the moment" in answer.content.decode()
    assert Client().post(link_path(link), airing()).status_code == 410
    with freeze_clock_at(now() + datetime.timedelta(days=181)):
        assert ENDED["en"] in Client().get(link_path(other)).content.decode()
    assert not Coverage.objects.exists()


def test_a_file_is_noted_once_when_any_of_its_bytes_are_taken(open_package: Press, film: Rendition) -> None:
    link = given(open_package)
    client, path = Client(), path_of(link, film)
    assert client.head(path).status_code == 200
    assert client.get(path, headers={"Range": "bytes=900-"}).status_code == 416
    assert not TakenFile.objects.exists()
    answer = client.get(path, headers={"Range": "bytes=3-7"})
    assert answer.status_code == 206
    assert answer["Content-Length"] == "5"
    row = TakenFile.objects.get()
    assert (row.link, row.rendition, row.day) == (link, film, today())
    with freeze_clock_at(now() + datetime.timedelta(days=3)):
        assert client.get(path)["ETag"] == f'"{film.sha256}"'
    row = TakenFile.objects.get()
    assert row.day == today()


def test_nginx_sends_and_it_is_still_noted(open_package: Press, film: Rendition, settings) -> None:
    settings.X_ACCEL = True
    link = given(open_package)
    client, path = Client(), path_of(link, film)
    assert client.head(path).status_code == 200
    assert not TakenFile.objects.exists()
    assert "X-Accel-Redirect" in client.get(path, headers={"Range": "bytes=-5"})
    assert TakenFile.objects.count() == 1


def test_another_name_or_another_packages_file_is_not_there(open_package: Press, film: Rendition) -> None:
    link = given(open_package)
    wrong = path_of(link, film).replace(film.file_name, "other.txt")
    assert Client().get(wrong, follow=True).status_code == 404
    strange = path_of(link, film).replace(str(film.uuid), str(link.uuid))
    assert Client().get(strange, follow=True).status_code == 404
    assert not TakenFile.objects.exists()


def test_the_archive_takes_every_file(open_package: Press, film: Rendition) -> None:
    item = open_package.item("poster")
    open_package.file(item, b"Other words.")
    open_package.approve(item)
    link = given(open_package)
    path = f"{link_path(link)}all.zip"
    assert path in page_of(link)
    assert Client().head(path).status_code == 200
    assert not TakenFile.objects.exists()
    answer = Client().get(path)
    assert answer["Content-Type"] == "application/zip"
    assert TakenFile.objects.filter(link=link).count() == 2


def test_what_was_taken_is_listed_with_its_newer_version(open_package: Press, film: Rendition) -> None:
    link = given(open_package)
    Client().get(path_of(link, film))
    assert "Current" in page_of(link)
    newer = open_package.file(open_package.items[0], b"New words for the announcer.")
    open_package.approve(open_package.items[0], "Every fourth woman.")
    shown = page_of(link)
    assert "There is a newer version:" in shown
    assert path_of(link, newer) in shown
    assert film.file_name in shown  # it is what they have


def test_looking_at_a_picture_is_not_taking_it(open_package: Press) -> None:
    item = open_package.item("poster")
    picture = open_package.file(item, png(), name="poster.png")
    open_package.approve(item)
    link = given(open_package)
    preview = f"{path_of(link, picture)}?preview"
    assert preview in page_of(link)
    answer = Client().get(preview, headers={"Sec-Fetch-Dest": "image"})
    assert answer["Content-Disposition"].startswith("inline")
    assert not TakenFile.objects.exists()
    Client().get(preview, headers={"Sec-Fetch-Dest": "document"})
    assert TakenFile.objects.get().rendition == picture


def test_an_airing_is_logged_with_its_item_and_waits(open_package: Press) -> None:
    link = given(open_package)
    page = page_of(link, "?aired=film")
    assert '<option value="film" selected>' in page
    client = Client(enforce_csrf_checks=True)
    answer = client.post(link_path(link), airing())
    assert answer.status_code == 302
    assert "Thank you" in client.get(answer["Location"]).content.decode()
    row = ItemCoverage.objects.get()
    assert (row.item.name, row.link) == ("film", link)
    coverage = row.coverage
    assert (coverage.outlet, coverage.state, coverage.programme) == (
        "Oral TV",
        CoverageState.WAITING,
        "Evening",
    )
    link.refresh_from_db()
    assert coverage.came_by == link.coverage_link
    assert link.coverage_link is not None
    assert "Oral TV" not in link.coverage_link.label
    client.post(link_path(link), airing())  # pressed twice
    assert Coverage.objects.count() == 1
    client.post(link_path(link), airing(aired_at="21:00"))
    assert Coverage.objects.count() == 2
    assert PackageLink.objects.get().coverage_link == link.coverage_link  # one for all of them


@pytest.mark.parametrize(
    "wrong",
    [
        {"item": "another"},
        {"on": "2999-01-01"},
        {"on": "yesterday"},
        {"aired_at": "", "programme": ""},
        {"link": "javascript:alert(1)"},
        {"programme": "Kept\u202eprogramme"},
    ],
)
def test_a_wrong_airing_is_said_and_nothing_is_lost(open_package: Press, wrong: dict[str, str]) -> None:
    link = given(open_package)
    said = airing(link="https://kept.example/1") | wrong if "aired_at" not in wrong else airing(**wrong)
    answer = Client().post(link_path(link), said)
    assert answer.status_code == 422
    kept = {"aired_at": "20:00", **wrong}["aired_at"] or "film"
    assert kept in answer.content.decode()
    assert not Coverage.objects.exists()


def test_the_address_of_a_link_is_masked_in_logs(open_package: Press) -> None:
    link = given(open_package)
    for path in (link_path(link), f"/kk{link_path(link)}files/x/y.mp4"):
        assert link_path(link).split("/")[2] not in mask_tokens(f"GET {path} 200")


def test_one_and_three_items_take_the_same_queries(open_package: Press) -> None:
    link = given(open_package)

    def count() -> int:
        page_of(link)
        with CaptureQueriesContext(connection) as queries:
            shown = page_of(link)
        assert shown.count("media-item") == open_package.package.items.count()
        return len(queries)

    one = count()
    for name in ("poster", "audio"):
        item = open_package.item(name)
        open_package.file(item, name.encode())
        open_package.approve(item)
    for row in Rendition.objects.all():
        Client().get(path_of(link, row))
    assert count() == one


def test_a_public_package_with_a_link_needs_no_agreement(open_package: Press) -> None:
    link = given(open_package)
    set_access(
        access=open_package.access,
        package=open_package.package,
        audience=PackageAudience.PUBLIC,
        opens_at=now() - datetime.timedelta(days=1),
    )
    assert Client().post(link_path(link), {"act": "agree"}).status_code == 302
    link.refresh_from_db()
    assert link.agreed_at is None  # there is nothing to agree to


def test_an_outlet_sees_what_it_logged_and_how_far_it_is(open_package: Press, film: Rendition) -> None:
    link, other = given(open_package), given(open_package, "Other TV")
    assert Client().post(link_path(link), airing()).status_code == 302
    shown = page_of(link)
    assert "What you logged" in shown
    assert "Waits for a look" in shown
    Coverage.objects.update(state=CoverageState.COUNTED)
    assert "Counted" in page_of(link)
    assert "What you logged" not in page_of(other)
    Coverage.objects.update(removed_at=now())
    assert "What you logged" not in page_of(link)


def test_a_slip_of_the_year_is_said_beside_the_day(open_package: Press, film: Rendition) -> None:
    answer = Client().post(link_path(given(open_package)), airing(on="0001-01-01"))
    assert answer.status_code == 422
    assert "check the year" in answer.content.decode()
