"""Cached fragments of public pages: their keys name every value that they show, so none is stale."""

import re

import pytest
from django.conf import settings as now_set
from django.core.cache import caches
from django.db import transaction

from coalition.accounts.actions.organisations import change_listing
from coalition.accounts.models import Listing
from documents.publication.actions import remove_name, withdraw_publication
from home.models import NewsPage
from tests.documents.approval.builders import stage

TEMPLATES = now_set.BASE_DIR / "templates"
CACHED = re.compile(r"\{% cache \d+ \w+ ([^%]*) %\}\s*(.*?)\s*\{% endcache %\}", re.DOTALL)
ONE_INCLUDE = re.compile(r"\{% include \"([^\"]+)\" with (.*) only %\}")
INCLUDED = re.compile(r"\{% include (\S+)([^%]*)%\}")
TAG = re.compile(r"\{% (\w+)")
# Tags that show nothing but what they are given, the language and the time zone.
PLAIN = {
    "load",
    "if",
    "else",
    "elif",
    "endif",
    "for",
    "endfor",
    "with",
    "endwith",
    "firstof",
    "include",
    "translate",
    "blocktranslate",
    "endblocktranslate",
    "plural",
    "static",
    "timezone",
    "endtimezone",
    "comment",
    "endcomment",
}  # fmt: skip  a list


def _fragments() -> list[tuple[str, str]]:
    """The key and the content of each cached fragment."""
    return [found for path in TEMPLATES.rglob("*.html") for found in CACHED.findall(path.read_text())]


def test_the_key_of_a_fragment_names_the_language_and_every_value():
    fragments = _fragments()
    assert len(fragments) > 5
    for key, content in fragments:
        include = ONE_INCLUDE.fullmatch(content)
        assert include, content
        given = re.sub(r'_\("[^"]*"\)|"[^"]*"', "0", include[2])  # constants need not be in the key
        values = {value for _name, value in (pair.split("=") for pair in given.split())} - {"0"}
        assert values | {"LANGUAGE_CODE"} <= set(key.split()), content


def test_templates_of_fragments_show_nothing_but_what_they_are_given():
    waiting = {include[1] for _key, content in _fragments() if (include := ONE_INCLUDE.fullmatch(content))}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        source = (TEMPLATES / name).read_text()
        assert set(TAG.findall(source)) <= PLAIN, name
        for included, _how in INCLUDED.findall(source):
            waiting |= {included.strip("\"'")} - seen


def _refuse(*_args: object, **_kwargs: object) -> None:
    raise AssertionError("a fragment was rendered again")


def _told(client, others):
    """A page under which an organisation of the name Canary stands beside others, read once: the stage, the
    organisation, its publication, the address."""
    made = stage(others)
    named = made.organisation(name_kk="Canary", name_ru="Canary", name_en="Canary", initials="CNR")
    publication = made.publish("kk")
    address = NewsPage.objects.get(publication=publication).get_url()
    assert "CNR" in client.get(address).content.decode()
    return made, named, publication, address


@pytest.mark.django_db
class TestPages:
    def test_a_title_in_the_menu_changes_at_once(self, site, client, news):
        news("First")
        index = NewsPage.objects.get(title="First").get_parent()
        before = client.get("/en/").content.decode()
        index.title = "Changed title"
        index.save()
        after = client.get("/en/").content.decode()
        assert "Changed title" not in before
        assert "Changed title" in after
        assert "Changed title" not in client.get("/ru/").content.decode()

    def test_a_name_that_may_not_be_told_any_more_is_gone_at_once(self, site, client):
        made, hidden, _publication, address = _told(client, 1)
        person = made.representatives[hidden.pk]
        with transaction.atomic():
            change_listing(by=person, organisation=hidden, listing=Listing.CONFIDENTIAL)
        after = client.get(address).content.decode()
        assert "CNR" not in after
        assert "Canary" not in after

    def test_a_name_that_is_taken_off_is_gone_at_once(self, site, client):
        made, off, publication, address = _told(client, 2)
        person = made.representatives[off.pk]
        remove_name(publication=publication, organisation=off, person=person)
        assert "CNR" not in client.get(address).content.decode()

    def test_words_that_are_withdrawn_are_gone_at_once(self, site, client):
        made = stage(2)
        publication = made.publish("kk")
        address = NewsPage.objects.get(publication=publication).get_url()
        assert "We ask for a law, in kk." in client.get(address).content.decode()
        withdraw_publication(access=made.access, publication=publication, note="A mistake.")
        gone = client.get(address)
        assert gone.status_code == 410
        assert "We ask for a law, in kk." not in gone.content.decode()

    def test_two_languages_do_not_show_each_others_fragments(self, site, client):
        publication = stage(2).publish("kk", "ru")
        for language in ("kk", "ru", "kk"):
            page = NewsPage.objects.get(publication=publication, locale__language_code=language)
            shown = client.get(page.get_url()).content.decode()
            assert f"We ask for a law, in {language}." in shown
            assert f'<a href="/{language}/' in shown
            assert f'<html lang="{language}">' in shown

    def test_a_member_and_a_stranger_get_the_same_page(self, site, newsroom, client, news):
        page = news("Own news")
        as_member = newsroom.get(page.get_url()).content
        assert client.get(page.get_url()).content == as_member

    def test_the_second_reader_gets_the_fragments_of_the_first(self, site, client, monkeypatch):
        page = NewsPage.objects.get(publication=stage(2).publish("kk"))
        first = client.get(page.get_url()).content
        monkeypatch.setattr(caches["template_fragments"], "set", _refuse)
        assert client.get(page.get_url()).content == first
