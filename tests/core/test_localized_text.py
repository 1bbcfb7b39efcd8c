"""Texts in several languages: the fallback rule, the value, the column."""

import json
import pickle
from collections.abc import Iterator, Mapping

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import F
from django.test import override_settings
from django.utils.translation import override

from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.core.clock import now
from coalition.core.localized_text import (
    LocalizedText,
    LocalizedTextField,
    content_languages,
    fallback_order,
    language_codes,
)
from tests.factories import OrganisationFactory

FOUR = [("kk", "Kazakh"), ("ru", "Russian"), ("en", "English"), ("de", "German")]
TEXTS = {"kk": "сенім", "ru": "доверие", "en": "trust"}


@pytest.fixture
def fourth_language() -> Iterator[None]:
    with override_settings(LANGUAGES=FOUR):
        yield


def entry(name: Mapping[str, str], **more: object) -> HelplineEntry:
    organisation = OrganisationFactory()
    return HelplineEntry.objects.create(
        helpline=Helpline.objects.create(organisation=organisation),
        written_for=organisation,
        written_at=now(),
        name=name,
        passed_to_police={"en": "nothing"},
        **more,
    )


# --- the rule ---------------------------------------------------------------------------------


def test_languages_carry_their_own_names_whatever_the_reader_speaks() -> None:
    with override("ru"):
        assert content_languages() == [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        ("kk", ["kk", "ru", "en"]),
        ("en", ["en", "kk", "ru"]),
        ("en-gb", ["en", "kk", "ru"]),
        ("fr", ["kk", "ru", "en"]),
    ],
)
def test_the_wanted_language_comes_first_then_the_order_of_the_settings(
    wanted: str, order: list[str]
) -> None:
    assert fallback_order(wanted) == order


def test_the_active_language_is_wanted_where_none_is_named() -> None:
    with override("ru"):
        assert fallback_order()[0] == "ru"
    with override(None):
        assert fallback_order()[0] == "kk"


@override_settings(LANGUAGES=[("zh-hans", "Simplified Chinese"), ("zh-hant", "Traditional Chinese")])
def test_a_code_with_a_region_is_found_whole() -> None:
    assert fallback_order("zh-hant") == ["zh-hant", "zh-hans"]


# --- the value --------------------------------------------------------------------------------


def test_it_reads_as_the_text_in_the_active_language() -> None:
    text = LocalizedText(TEXTS)
    with override("ru"):
        assert str(text) == "доверие"
        assert f"{text}" == "доверие"
        assert text.in_language("en") == "trust"


def test_a_missing_language_falls_back_and_says_which_it_is() -> None:
    text = LocalizedText({"ru": "доверие", "en": "trust"})
    assert text.in_language("kk") == "доверие"
    assert text.language_shown("kk") == "ru"
    assert text.missing() == ["kk"]


def test_an_empty_text_is_false_and_reads_as_nothing() -> None:
    for text in (LocalizedText(), LocalizedText({}), LocalizedText({"kk": "  \n", "ru": ""})):
        assert not text
        assert str(text) == text.language_shown() == ""
        assert text.missing() == language_codes()


def test_white_space_around_and_languages_the_site_does_not_have_are_left_out() -> None:
    assert dict(LocalizedText({"fr": "confiance", "en": "  trust\n"})) == {"en": "trust"}


def test_equal_texts_have_equal_hashes_whatever_order_they_were_given_in() -> None:
    one, other = LocalizedText(TEXTS), LocalizedText(dict(reversed(TEXTS.items())))
    assert one == other == TEXTS
    assert hash(one) == hash(other)
    assert one != LocalizedText({"kk": "сенім"})
    assert len({one, other, LocalizedText()}) == 2


def test_it_can_be_pickled_for_the_cache() -> None:
    assert pickle.loads(pickle.dumps(LocalizedText(TEXTS))) == TEXTS


def test_its_representation_shows_no_words() -> None:
    assert repr(LocalizedText(TEXTS)) == "LocalizedText(['en', 'kk', 'ru'])"


@pytest.mark.usefixtures("fourth_language")
def test_a_fourth_language_is_part_of_every_text_at_once() -> None:
    text = LocalizedText({**TEXTS, "de": "Vertrauen"})
    assert text.in_language("de") == "Vertrauen"
    assert LocalizedText(TEXTS).missing() == ["de"]
    assert content_languages()[3] == ("de", "German")


# --- the field --------------------------------------------------------------------------------


def test_what_is_assigned_is_a_localized_text_at_once() -> None:
    row = HelplineEntry(name={"kk": " сенім "})
    assert isinstance(row.name, LocalizedText)
    assert row.name == {"kk": "сенім"}
    assert row.summary == LocalizedText()


def test_an_expression_can_be_assigned() -> None:
    row = HelplineEntry(name=F("summary"))
    assert isinstance(row.__dict__["name"], F)


@pytest.mark.parametrize("value", ["сенім", 5, ["kk"], {"kk": 5}, {"kk": {"ru": "x"}}])
def test_anything_but_texts_by_language_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        HelplineEntry(name=value)


def test_a_field_that_is_not_blank_needs_a_text() -> None:
    field = HelplineEntry._meta.get_field("name")
    for value in (LocalizedText(), {}, {"kk": " "}, None):
        with pytest.raises(ValidationError):
            field.clean(value, None)
    assert field.clean({"ru": "доверие"}, None) == {"ru": "доверие"}
    assert HelplineEntry._meta.get_field("summary").clean(None, None) == {}


def test_the_length_holds_for_each_language_and_the_error_names_it() -> None:
    field = LocalizedTextField(max_length=5)
    assert field.clean({"kk": "сенім", "en": "trust"}, None)
    with pytest.raises(ValidationError) as refused:
        field.clean({"kk": "сенім", "ru": "доверие"}, None)
    assert refused.value.messages == ["Русский: At most 5 characters."]


def test_a_migration_names_no_language_and_no_default() -> None:
    _name, path, args, kwargs = LocalizedTextField(max_length=80, blank=True).deconstruct()
    assert path == "coalition.core.localized_text.LocalizedTextField"
    assert (args, kwargs) == ([], {"max_length": 80, "blank": True})


@pytest.mark.django_db
@pytest.mark.usefixtures("fourth_language")
def test_a_fourth_language_needs_no_migration() -> None:
    call_command("makemigrations", "campaigns", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_database_gives_back_what_was_saved() -> None:
    saved = entry(TEXTS)
    found = HelplineEntry.objects.get(pk=saved.pk)
    assert isinstance(found.name, LocalizedText)
    assert found.name == TEXTS
    assert isinstance(found.summary, LocalizedText)
    assert found.summary == {}
    found.refresh_from_db(fields=["name"])
    assert found.name == TEXTS


@pytest.mark.django_db
def test_a_text_that_is_none_is_saved_as_an_empty_one() -> None:
    saved = entry(TEXTS)
    HelplineEntry.objects.filter(pk=saved.pk).update(name=None)
    assert HelplineEntry.objects.get(name={}).name == LocalizedText()


@pytest.mark.django_db
def test_rows_are_found_by_language_and_by_words() -> None:
    both, one = entry(TEXTS), entry({"ru": "Надежда"})
    rows = HelplineEntry.objects.order_by("pk")
    assert list(rows.filter(name__has_key="kk")) == [both]
    assert list(rows.exclude(name__has_key="kk")) == [one]
    assert list(rows.filter(name__ru__icontains="Надеж")) == [one]
    assert list(rows.filter(name__kk="сенім")) == [both]
    assert list(rows.filter(name=LocalizedText({"ru": "Надежда"}))) == [one]
    assert list(rows.filter(summary={})) == [both, one]
    assert list(rows.values_list("name__kk", flat=True)) == ["сенім", None]
    assert list(rows.values_list("name", flat=True)) == [TEXTS, {"ru": "Надежда"}]


@pytest.mark.django_db
def test_rows_can_be_written_out_and_read_in() -> None:
    saved = entry(TEXTS)
    written = serializers.serialize("json", [saved])
    assert json.loads(written)[0]["fields"]["name"] == TEXTS
    (again,) = serializers.deserialize("json", written)
    assert again.object.name == TEXTS


@pytest.mark.django_db
def test_a_deferred_text_is_loaded_when_it_is_read() -> None:
    saved = entry(TEXTS)
    assert HelplineEntry.objects.defer("name").get(pk=saved.pk).name == TEXTS
