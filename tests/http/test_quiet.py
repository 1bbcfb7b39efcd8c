"""What a quiet page says of itself, and to whom it says nothing."""

import re

import pytest
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from coalition.http.quiet import is_link_preview, quiet_page
from tests.markup import squeezed

MACOS = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko)"
PREVIEWS = [
    "WhatsApp/2.23.20.0 A",
    "WhatsApp/2",
    "TelegramBot (like TwitterBot)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    f"{MACOS} Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
    "Twitterbot/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "meta-externalfetcher/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    f"{MACOS} Chrome/109.0.5414.74 Safari/537.36 (compatible; Snap URL Preview Service; bot; snapchat)",
    "Snapchat/13.0.0.0 (iPhone15,2; iOS 18.1; gzip)",
    "Pinterest/0.2 (+https://www.pinterest.com/bot.html)",
    "Mozilla/5.0 (compatible; Pinterestbot/1.0; +https://www.pinterest.com/bot.html)",
]
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A155F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
READERS = [
    "",
    "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 WhatsApp/2.25.20.0",
    f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 Instagram 390.0.0.0 Android (34/14; 450dpi)",
    f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 Snapchat/13.10.0.40 (Android 14)",
    f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 [Pinterest/Android]",
    f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/520.0.0.0;]",
    f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 Telegram-Android/11.0 (Samsung SM-A155F; Android 14)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
]


def asked(path="/kk/help/", language="kk", **headers):
    request = RequestFactory().get(path, headers=headers)
    with translation.override(language):
        return _page(request)


@quiet_page
def _page(request):
    return render(request, "base_quiet.html")


@pytest.fixture
def words():
    return squeezed(asked("/kk/help/?region=KZ-75").content.decode())


def test_nothing_of_it_is_kept_and_no_site_learns_where_one_comes_from():
    answer = asked()
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert '<meta name="referrer" content="no-referrer">' in answer.content.decode()


def test_title_and_icon_are_neutral_and_no_picture_is_offered(words, settings):
    title = re.search(r"<title>(.*?)</title>", words)
    assert title
    assert settings.SITE_NAME not in words
    assert "og:" not in words
    assert "twitter:" not in words
    assert 'name="description"' not in words
    icon = re.search(r'<link rel="icon" href="([^"]+)"', words)
    assert icon
    assert icon[1].startswith("data:image/svg+xml,")
    assert "noindex" not in words


def test_a_page_cannot_give_itself_a_telling_title():
    with translation.override("en"):
        titled = asked(language="en").content.decode()
    assert "<title>Information</title>" in titled
    assert "{% block title" not in get_template("base_quiet.html").template.source


def test_it_loads_nothing_from_elsewhere_and_no_letters(words):
    loaded = re.findall(
        r'<(?:link rel="(?:stylesheet|preload|icon)"|script|img)[^>]*(?:href|src)="([^"]+)"', words
    )
    assert len(loaded) == 3
    assert [one for one in loaded if not one.startswith(("/static/", "data:"))] == []
    assert "fonts/" not in words


def test_the_exit_is_there_twice(words, settings):
    assert words.count(f'href="{settings.SAFE_EXIT_URL}" rel="nofollow noreferrer" data-safe-exit') == 2
    assert "data-replace-history" in words


def test_the_languages_lead_to_the_same_page_with_what_was_asked(words):
    for code in ("kk", "ru", "en"):
        assert f'<a href="/{code}/help/?region=KZ-75" lang="{code}" hreflang="{code}"' in words
    assert re.search(r'href="/kk/help/[^"]*" lang="kk" hreflang="kk" aria-current="true"', words)


def test_what_stands_in_the_address_is_escaped():
    words = asked('/kk/help/?region="><script>alert(1)</script>').content.decode()
    assert "<script>alert" not in words


@pytest.mark.parametrize("agent", PREVIEWS)
def test_programs_that_draw_previews_get_nothing_to_draw(agent):
    answer = asked(**{"user-agent": agent})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("agent", READERS)
def test_readers_and_searches_get_the_page(agent):
    request = RequestFactory().get("/kk/help/", headers={"user-agent": agent})
    assert not is_link_preview(request)


def test_a_file_is_answered_quietly_too():
    answer = quiet_page(lambda _request: HttpResponse(b"%PDF", content_type="application/pdf"))(
        RequestFactory().get("/kk/help/leaflet.pdf")
    )
    assert answer.content == b"%PDF"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/kk/help", {301, 302, 404}),
        ("/help/", {301, 302}),
        ("/kk/help/nothing-is-here/", {404}),
        ("/kk/help/?region=%00", {200}),
    ],
)
def test_every_answer_below_a_quiet_part_is_quiet(client, path, status):
    answer = client.get(path)
    assert answer.status_code in status
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.django_db
def test_what_is_refused_there_is_refused_quietly(client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    refused = [client.post("/kk/help/"), client.get("/kk/help/", headers={"host": "elsewhere.example"})]
    assert [answer.status_code for answer in refused] == [405, 400]
    for answer in refused:
        assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.django_db
def test_other_pages_keep_their_headers(client):
    assert client.get("/kk/helpful/").headers["Referrer-Policy"] != "no-referrer"
