"""What a guest sees and does by a link, and what nobody sees by one."""

import datetime
import io
import logging
import re

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from uuid_utils.compat import uuid7

from coalition.accounts.models import Listing
from coalition.core.clock import now
from coalition.core.log_redaction import MaskTokens
from documents.comments.actions import reply_in_thread, resolve_thread
from documents.drafts.actions.manage import change_draft, name_version
from documents.drafts.models import GuestAct, GuestPurpose, Handling
from documents.files.actions import upload_file
from documents.guests.actions import revoke_guest_link
from documents.models import Comment, GuestUse, Thread
from tests.documents.comments.builders import begin
from tests.documents.conftest import body
from tests.documents.files.test_files_pages import picture, read
from tests.documents.guests.builders import NAME, invite
from tests.factories import FreezeFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
WORDS = "Canarywords in Kazakh"


@pytest.fixture
def draft(room, text):
    room.workspace.title = "Canaryworkspace"
    room.workspace.save()
    draft = text.draft
    change_draft(
        access=room.access("editor"),
        draft=draft,
        title="Canaryworkingtitle",
        kind=draft.kind,
        handling=Handling.WORKSPACE,
    )
    room.write(text, "editor", WORDS, title="Canarytitle", lead="Canarylead")
    text.refresh_from_db()
    name_version(access=room.access("editor"), text=text, name="Canaryversionname")
    room.write(text, "editor", f"{WORDS}, changed", title="Canarytitle", lead="Canarylead")
    room.write(draft.texts.get(language="ru"), "editor", "Canaryrussian", title="Canaryrussiantitle")
    return draft


@pytest.fixture
def link(room, draft):
    return invite(room, draft, purpose=GuestPurpose.LEGAL)


@pytest.fixture
def token(link):
    return link[1]


def address(name, token, *more):
    return reverse(name, args=[token, *more])


def pressed(token):
    """A browser in which the button was pressed."""
    client = Client()
    assert client.post(address("guest", token)).status_code == 302
    return client


def shown(client, token, language="kk", name="guest_text"):
    answer = client.get(address(name, token, language))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_page_tells_nothing_of_the_text(token):
    """Messengers and scanners of mail fetch it."""
    client = Client()
    answer = client.get(address("guest", token))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Canary" not in page
    assert NAME not in page
    away = client.get(address("guest_text", token, "kk"))
    assert (away.status_code, away["Location"]) == (302, address("guest", token))
    assert client.get(address("guest_compare", token, "kk")).status_code == 302
    assert client.post(address("guest_comment", token, "kk"), {"body": "Hello"}).status_code == 302
    assert set(GuestUse.objects.values_list("act", flat=True)) == {GuestAct.FOLLOWED}
    assert not Comment.objects.exists()


def test_a_press_opens_the_words_with_mark_name_and_date(link, token):
    page = shown(pressed(token), token)
    for said in (
        WORDS,
        "Canarytitle",
        "Canarylead",
        f"For {NAME}, until",
        "TLP:AMBER",
        "This workspace only",
    ):
        assert said in page
    assert list(link[0].uses.values_list("act", "language")) == [("read", "kk"), ("opened", "")]


def test_nothing_of_the_desk_is_on_the_page(room, draft, token):
    """Neither names that must not be told, nor what members call things, nor what they say to each other."""
    hidden = OrganisationFactory(
        listing=Listing.WITHHELD, **dict.fromkeys(("name_kk", "name_ru", "name_en"), "Canarywithheld")
    )
    writer = room.take("editor", name="hidden", organisation=hidden).person
    writer.name = "Canaryperson"
    writer.save()
    text = draft.texts.select_related("draft").get(language="kk")
    begin(room, text, "hidden", "Canarycomment")
    room.write(text, "hidden", WORDS, title="Canarytitle", lead="Canarylead")
    client = pressed(token)
    pages = shown(client, token) + shown(client, token, name="guest_compare")
    found = set(re.findall(r"Canary\w+", pages.replace(NAME, "")))
    assert found == {"Canarytitle", "Canarylead", "Canarywords"}
    assert room.user("editor").name not in pages


@pytest.mark.parametrize("limited", ["text", "version"])
def test_a_link_to_one_language_opens_no_other(room, draft, limited):
    russian = draft.texts.select_related("draft").get(language="ru")
    version = name_version(access=room.access("editor"), text=russian, name="Kept")
    _made, token = invite(room, draft, **{limited: russian if limited == "text" else version})
    client = pressed(token)
    assert "Canaryrussian" in shown(client, token, "ru")
    for language in ("kk", "en", "xx"):
        answer = client.get(address("guest_text", token, language))
        assert answer.status_code == 404
        assert b"Canary" not in answer.content


def test_a_link_to_a_version_shows_it_whatever_the_text_says_now(room, draft):
    version = draft.texts.get(language="kk").versions.get()
    _made, token = invite(room, draft, version=version)
    page = shown(pressed(token), token)
    assert WORDS in page
    assert ", changed" not in page
    assert "Version 1" in page


def plain(answer):
    return re.sub(rb'csrfmiddlewaretoken" value="[^"]*|name="next" value="[^"]*', b"", answer.content)


def revoke(room, link):
    revoke_guest_link(access=room.access("coordinator"), link=link)


def expire(room, link):
    link.expires_at = now()
    link.save()


def freeze(room, link):
    FreezeFactory(organisation=link.organisation, frozen_at=now())


@pytest.mark.parametrize("end", [revoke, expire, freeze])
def test_what_does_not_count_is_like_what_never_was(room, draft, link, token, end):
    client = pressed(token)
    file = uuid7()
    end(room, link[0])
    for name, more, method in (
        ("guest", [], "get"),
        ("guest", [], "post"),
        ("guest", [], "head"),
        ("guest_text", ["kk"], "get"),
        ("guest_compare", ["kk"], "get"),
        ("guest_comment", ["kk"], "post"),
        ("guest_picture", ["kk", file], "get"),
    ):
        gone = getattr(client, method)(address(name, token, *more))
        never = getattr(client, method)(address(name, "x" * 43, *more))
        assert gone.status_code == never.status_code == 404, (name, method)
        assert plain(gone) == plain(never)
        assert dict(gone.headers) | {"Content-Length": ""} == dict(never.headers) | {"Content-Length": ""}
        assert b"Canary" not in gone.content
    assert GuestUse.objects.count() == 1  # the press before


def test_pages_are_kept_by_nobody_and_told_to_nobody(token):
    client = pressed(token)
    for answer in (Client().get(address("guest", token)), client.get(address("guest_text", token, "kk"))):
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "noindex" in answer["X-Robots-Tag"]
        page = answer.content.decode()
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)


def test_somebody_to_whom_the_link_was_passed_on_is_seen(link, token):
    pressed(token)
    other = Client()
    assert other.get(address("guest_text", token, "kk")).status_code == 302
    other.post(address("guest", token))
    assert link[0].uses.filter(act=GuestAct.OPENED).count() == 2


def test_a_press_is_forgotten_after_some_hours_and_with_a_new_link(room, link, token):
    client = pressed(token)
    with time_machine.travel(now() + datetime.timedelta(hours=11)):
        assert client.get(address("guest_text", token, "kk")).status_code == 200
    with time_machine.travel(now() + datetime.timedelta(hours=13)):
        assert client.get(address("guest_text", token, "kk")).status_code == 302


def test_the_page_speaks_the_language_of_the_link_until_another_is_chosen(room, draft):
    _made, token = invite(room, draft, language="ru")
    client = Client()
    assert client.get(address("guest", token))["Content-Language"] == "ru"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "kk"
    assert client.get(address("guest", token))["Content-Language"] == "kk"
    # The text comes first in the guest's own language.
    assert client.post(address("guest", token))["Location"] == address("guest_text", token, "ru")


def test_a_link_that_is_used_too_often_says_so(link, token):
    client = pressed(token)
    GuestUse.objects.bulk_create(
        GuestUse(link=link[0], act=GuestAct.READ, at=now()) for _number in range(120)
    )
    answer = client.get(address("guest_text", token, "kk"))
    assert answer.status_code == 429
    assert b"Canary" not in answer.content


def test_a_legal_reader_writes_and_is_answered(room, draft, link, token):
    client = pressed(token)
    sent = {"body": "Article 123 says otherwise.", "quote": "Canarywords"}
    assert client.post(address("guest_comment", token, "kk"), sent).status_code == 302
    thread = Thread.objects.get()
    assert (thread.guest, thread.comments.get().guest_name) == (link[0].uuid, NAME)
    reply_in_thread(access=room.access("coordinator"), thread=thread, body="Which part?")
    page = shown(client, token)
    for said in ("Article 123 says otherwise.", "Which part?", room.user("coordinator").name):
        assert said in page
    sent = {"body": "The second.", "thread": str(thread.uuid)}
    assert client.post(address("guest_comment", token, "kk"), sent).status_code == 302
    resolve_thread(access=room.access("coordinator"), thread=thread)
    assert "count this as done" in shown(client, token)
    assert link[0].uses.filter(act=GuestAct.COMMENTED).count() == 2


def test_an_answer_of_a_hidden_organisation_names_nobody(room, draft, link, token):
    hidden = OrganisationFactory(
        listing=Listing.CONFIDENTIAL, **dict.fromkeys(("name_kk", "name_ru", "name_en"), "Canaryhidden")
    )
    room.take("coordinator", name="hidden", organisation=hidden)
    client = pressed(token)
    client.post(address("guest_comment", token, "kk"), {"body": "Why?"})
    reply_in_thread(access=room.access("hidden"), thread=Thread.objects.get(), body="Because.")
    page = shown(client, token)
    assert "Because." in page
    assert "Canaryhidden" not in page
    assert room.user("hidden").name not in page
    assert hidden.code not in page


def test_another_guests_thread_is_neither_seen_nor_answered(room, draft, link, token):
    _made, other = invite(room, draft, purpose=GuestPurpose.LEGAL)
    pressed(other).post(address("guest_comment", other, "kk"), {"body": "Canarytheirs"})
    client = pressed(token)
    assert "Canarytheirs" not in shown(client, token)
    sent = {"body": "Mine", "thread": str(Thread.objects.get().uuid)}
    assert client.post(address("guest_comment", token, "kk"), sent).status_code == 404
    assert Comment.objects.count() == 1
    assert not link[0].uses.filter(act=GuestAct.COMMENTED).exists()


@pytest.mark.parametrize("sent", [{"body": ""}, {"body": "x" * 4001}, {"body": "\u200b \n"}])
def test_what_is_no_comment_is_refused_and_no_use(link, token, sent):
    client = pressed(token)
    answer = client.post(address("guest_comment", token, "kk"), sent)
    assert answer.status_code == 422
    assert not Thread.objects.exists()
    assert not link[0].uses.filter(act=GuestAct.COMMENTED).exists()


@pytest.mark.parametrize("purpose", [GuestPurpose.READ, GuestPurpose.WORD])
def test_who_only_reads_neither_comments_nor_compares(room, draft, purpose):
    _made, token = invite(room, draft, purpose=purpose)
    client = pressed(token)
    assert "Your comment" not in shown(client, token)
    assert client.post(address("guest_comment", token, "kk"), {"body": "Hello"}).status_code == 404
    assert client.get(address("guest_compare", token, "kk")).status_code == 404


def test_a_legal_reader_compares_by_number_and_day(draft, token):
    client = pressed(token)
    page = shown(client, token, name="guest_compare")
    assert "Version 1" in page
    assert "changed" in page
    stranger = client.get(address("guest_compare", token, "kk"), {"before": str(uuid7())})
    assert stranger.status_code == 404


def test_pictures_come_with_the_text_and_no_others(room, draft, link, token):
    content = picture()
    file, other, narrow = (
        upload_file(
            access=room.access("editor"),
            content=io.BytesIO(content),
            size=len(content),
            name="one.jpg",
            alt="A march",
            handling=handling,
        )
        for handling in (Handling.WORKSPACE, Handling.WORKSPACE, Handling.ORGANISATION)
    )
    text = draft.texts.select_related("draft").get(language="kk")
    told = body("Look")
    told["content"].append({"type": "picture", "attrs": {"id": str(file.uuid)}})
    room.write(text, "editor", body=told)
    where = address("guest_picture", token, "kk", file.uuid)
    assert Client().get(where).status_code == 404
    client = pressed(token)
    assert read(client.get(where))
    assert where in shown(client, token)
    assert read(client.get(where))
    # A picture that is fetched alone is a reading; one of a page belongs to the page's.
    assert list(link[0].uses.values_list("act", flat=True)) == ["read", "read", "opened"]
    for stranger in (other, narrow):
        assert client.get(address("guest_picture", token, "kk", stranger.uuid)).status_code == 404
    file.handling = Handling.ORGANISATION
    file.save()
    assert client.get(where).status_code == 404


def test_a_text_that_nobody_has_written_is_said_so(room):
    _made, token = invite(room, room.draft())
    client = Client()
    answer = client.post(address("guest", token), follow=True)
    assert "Nobody has written this text yet" in answer.content.decode()


def test_no_log_holds_the_token(token, caplog):
    masks = MaskTokens()
    with caplog.at_level(logging.DEBUG):
        caplog.handler.addFilter(masks)
        client = pressed(token)
        client.get(address("guest_text", token, "xx"))
        client.get(f"/guest/{token}/no-such/page/at/all/")
    caplog.handler.removeFilter(masks)
    assert "Not Found" in caplog.text
    assert token not in caplog.text


def test_a_session_holds_no_token(token):
    client = pressed(token)
    assert token not in str(dict(client.session))


def test_a_page_takes_as_many_queries_for_three_comments_as_for_one(token, django_assert_max_num_queries):
    client = pressed(token)
    counts = []
    for expected in (1, 3):
        while Thread.objects.count() < expected:
            client.post(address("guest_comment", token, "kk"), {"body": f"Comment {Thread.objects.count()}"})
        shown(client, token)
        with django_assert_max_num_queries(60) as captured:
            shown(client, token)
        counts.append(len(captured))
    assert counts[0] == counts[1]
