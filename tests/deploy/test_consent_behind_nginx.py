"""A withdrawal is seen through the real nginx within two seconds, whatever it kept."""

import time

import pytest

from coalition.consent.actions.withdraw import withdraw_consent
from home.frontend_cache import wait_for_bumps
from home.models import PublicImage, PublicVideo
from tests.consent.builders import caseworker_of, consent_asked
from tests.home.consent.canaries import PAGE_WORDS, VIDEO_WORDS, agreed, key_of, story

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_kept_pages_and_files_show_nothing_two_seconds_after(site, front):
    made, consent = story(), consent_asked()
    old = f"/media/{made.video.file.name}"
    assert front.ask(old)[0].status == 200
    for kind, key in (
        ("image", str(made.image.pk)),
        ("video", str(made.video.pk)),
        ("page", key_of(made.page)),
    ):
        agreed(consent, kind, key)
    page, lists = made.page.get_url(), ("/en/", "/en/news/", "/en/news/rss.xml", "/en/news/feed.json")
    for address in (page, *lists):  # pictures are drawn
        front.words(address)
    wait_for_bumps()
    before = front.application.asked[page]
    for address in (page, *lists):
        assert "Marigoldpage" in front.words(address), address
        assert "Marigoldpage" in front.words(address), address
    assert front.application.asked[page] == before + 1  # nginx has kept it
    assert "Foxglovetranscript" in front.words(page)
    video = PublicVideo.objects.get(pk=made.video.pk)
    files = [video.file.name, video.captions_en.name, PublicImage.objects.get(pk=made.image.pk).file.name]
    for name in files:
        answer, content = front.ask(f"/media/{name}")
        assert (answer.status, bool(content)) == (200, True), name
        assert answer.headers.get_all("Cache-Control") == ["private, no-store"]
        assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert front.ask(old)[0].status == 404
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    done = time.monotonic()
    answers = {address: front.ask(address) for address in (page, *lists)}
    assert time.monotonic() - done < 2
    assert answers[page][0].status == 404
    for address, (_answer, content) in answers.items():
        found = [word for word in (*PAGE_WORDS, *VIDEO_WORDS) if word in content.decode()]
        assert not found or (address == page and found == ["marigoldslug"]), address
    for name in files:
        assert front.ask(f"/media/{name}")[0].status == 404, name
