"""Parts of public pages are drawn once for what goes into them, and for nothing else."""

import datetime
import re
from dataclasses import dataclass

import pytest
from django.conf import settings as now_set
from django.db import transaction
from django.template import Context, TemplateSyntaxError, engines
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from coalition.accounts.domain.profile import change_listing
from coalition.accounts.enums import Listing
from documents.publication.actions.withdraw import take_name_off, withdraw
from home.fragment_cache import Parts, key_of, parts
from home.models import NewsPage, Topic
from tests.documents.approval.builders import stage

TEMPLATES = now_set.BASE_DIR / "templates"
DRAWN = re.compile(r"\{% drawn \"([^\"]+)\"")
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


@pytest.fixture(autouse=True)
def nothing_drawn():
    parts.clear()
    yield
    parts.clear()


def drawn(source: str, **given: object) -> str:
    engine = engines["django"].engine
    template = engine.from_string("{% load drawn %}" + source)
    return template.render(Context(given)).strip()


def badge(**given: object) -> str:
    return drawn('{% drawn "components/button.html" with label=label href="/" %}', **given)


class TestParts:
    def test_the_same_values_are_drawn_once(self):
        before = parts.drawn
        assert badge(label="One") == badge(label="One")
        assert parts.drawn == before + 1
        assert "Two" in badge(label="Two")
        assert "One" not in badge(label="Two")

    def test_words_that_are_safe_are_other_words(self):
        assert "<b>" in badge(label=mark_safe("<b>"))
        assert "&lt;b&gt;" in badge(label="<b>")
        assert "<b>" in badge(label=mark_safe("<b>"))

    def test_a_part_sees_nothing_but_what_it_is_given(self):
        secret = drawn('{% drawn "components/button.html" with href="/" %}', label="Canary", request="Canary")
        assert "Canary" not in secret

    def test_each_language_has_its_own(self):
        seek = '{% drawn "home/_pass_on_link.html" with page_url="/" %}'
        said = set()
        for language in ("en", "ru", "kk", "en"):
            with translation.override(language):
                said.add(drawn(seek))
        assert len(said) == 3

    def test_each_time_zone_has_its_own(self):
        moment = datetime.datetime(2026, 3, 1, 22, tzinfo=datetime.UTC)
        head = '{% drawn "home/_headline.html" with moment=moment title="T" %}'
        with timezone.override("UTC"):
            early = drawn(head, moment=moment)
        assert "2026-03-01T22:00" in early
        assert "2026-03-02T03:00" in drawn(head, moment=moment)

    def test_rows_of_the_database_are_refused(self):
        with pytest.raises(TypeError, match="Topic"):
            badge(label=Topic(name="Court"))

    def test_the_template_is_named(self):
        with pytest.raises(TemplateSyntaxError, match="quotes"):
            drawn("{% drawn name %}", name="components/button.html")

    def test_changed_templates_are_seen_while_one_develops(self, settings):
        settings.DEBUG = True
        before = parts.drawn
        assert "One" in badge(label="One")
        assert parts.drawn == before

    def test_the_longest_unused_goes_first(self):
        few = Parts(most=2)
        for key in ("a", "b", "a", "c", "a", "b"):
            few.get(key, lambda key=key: mark_safe(key))
        assert few.drawn == 4  # b was gone

    def test_what_is_too_large_is_not_kept(self, monkeypatch):
        monkeypatch.setattr("home.fragment_cache.LARGEST", 3)
        few = Parts()
        for _time in range(2):
            assert few.get("a", lambda: mark_safe("long")) == "long"
        assert few.drawn == 2


@dataclass(frozen=True)
class One:
    size: int


@dataclass(frozen=True)
class Other:
    size: int


def test_keys_tell_apart_what_is_drawn_otherwise():
    values = [
        1,
        True,
        1.0,
        "1",
        mark_safe("1"),
        None,
        "",
        [],
        {},
        [1],
        [[1]],
        {"a": 1},
        {"b": 1},
        One(1),
        Other(1),
        One(2),
        [1, "1"],
        ["1", 1],
        datetime.date(2026, 1, 1),
        "2026-01-01",
    ]  # fmt: skip  a list
    keys = [key_of(value) for value in values]
    assert len(set(keys)) == len(values)
    assert keys == [key_of(value) for value in values]
    with translation.override("ru"):
        russian = key_of(gettext_lazy("News"))
    assert russian != key_of(gettext_lazy("News")) or translation.get_language() == "ru"


def test_templates_of_parts_show_nothing_but_what_they_are_given():
    pages = {path: path.read_text() for path in TEMPLATES.rglob("*.html")}
    waiting = {name for source in pages.values() for name in DRAWN.findall(source)}
    assert len(waiting) > 8
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        source = (TEMPLATES / name).read_text()
        assert set(TAG.findall(source)) <= PLAIN, name
        for included, _how in INCLUDED.findall(source):
            waiting |= {included.strip("\"'")} - seen


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
        take_name_off(publication=publication, organisation=off, person=person)
        assert "CNR" not in client.get(address).content.decode()

    def test_words_that_are_withdrawn_are_gone_at_once(self, site, client):
        made = stage(2)
        publication = made.publish("kk")
        address = NewsPage.objects.get(publication=publication).get_url()
        assert "We ask for a law, in kk." in client.get(address).content.decode()
        withdraw(access=made.access, publication=publication, note="A mistake.")
        gone = client.get(address)
        assert gone.status_code == 410
        assert "We ask for a law, in kk." not in gone.content.decode()

    def test_two_languages_do_not_show_each_others_parts(self, site, client):
        publication = stage(2).publish("kk", "ru")
        for language in ("kk", "ru", "kk"):
            page = NewsPage.objects.get(publication=publication, locale__language_code=language)
            shown = client.get(page.get_url()).content.decode()
            assert f"We ask for a law, in {language}." in shown
            assert f'<a href="/{language}/' in shown
            assert f'<html lang="{language}">' in shown

    def test_a_member_draws_no_part_that_a_stranger_does_not(self, site, newsroom, client, news):
        page = news("Own news")
        as_member = newsroom.get(page.get_url()).content
        before = parts.drawn
        assert client.get(page.get_url()).content == as_member
        assert parts.drawn == before
