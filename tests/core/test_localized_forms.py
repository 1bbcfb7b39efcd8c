"""The form field for a text in several languages, and how it is drawn."""

import re
from collections.abc import Mapping

import pytest
from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.test import override_settings
from django.utils.translation import override

from coalition.campaigns.helplines.models import HelplineEntry
from coalition.core.localized_text import (
    LocalizedText,
    LocalizedTextarea,
    LocalizedTextFormField,
    language_codes,
)

FOUR = [("kk", "Kazakh"), ("ru", "Russian"), ("en", "English"), ("de", "German")]


class NameForm(forms.Form):
    name = LocalizedTextFormField(label="Name", max_length=10)


class EntryForm(forms.ModelForm[HelplineEntry]):
    class Meta:
        model = HelplineEntry
        fields = ["name", "summary"]
        widgets = {"summary": LocalizedTextarea(attrs={"rows": 3})}


class AllForm(forms.Form):
    words = LocalizedTextFormField(languages_required=language_codes)


def errors(form: forms.Form, name: str = "name") -> list[str]:
    return list(form.errors.get(name, []))


def tag(html: str, id_: str) -> str:
    """The one tag with this id."""
    (found,) = re.findall(rf'<[^>]* id="{id_}"[^>]*>', html)
    return str(found)


def opened(html: str) -> list[str]:
    """The languages whose tab is selected."""
    return re.findall(r'id="id_name_(\w+)_tab"[^>]*data-open', html)


def states(html: str) -> dict[str, str]:
    return dict(re.findall(r'id="id_name_(\w+)_tab"[^>]*data-state="(\w*)"', html))


def test_what_was_typed_comes_back_as_a_localized_text() -> None:
    form = NameForm(QueryDict("name_kk=%20сенім%20&name_ru=&name_en=trust"))
    assert form.is_valid()
    assert isinstance(form.cleaned_data["name"], LocalizedText)
    assert form.cleaned_data["name"] == {"kk": "сенім", "en": "trust"}


def test_a_language_the_site_does_not_have_is_ignored() -> None:
    form = NameForm({"name_kk": "сенім", "name_fr": "confiance", "name": "x"})
    assert form.is_valid()
    assert form.cleaned_data["name"] == {"kk": "сенім"}


@pytest.mark.parametrize("sent", [{}, {"name_kk": ""}, {"name_kk": "  ", "name_ru": "\n"}])
def test_a_required_text_is_needed_in_one_language_at_least(sent: dict[str, str]) -> None:
    assert errors(NameForm(sent)) == ["Write it in one language at least."]


def test_a_text_that_is_not_required_may_be_empty() -> None:
    assert LocalizedTextFormField(required=False).clean({}) == LocalizedText()
    assert LocalizedTextFormField(required=False).clean(None) == LocalizedText()


def test_each_language_that_is_needed_is_named_when_it_is_missing() -> None:
    form = AllForm({"words_ru": "доверие"})
    assert errors(form, "words") == ["Қазақша: this text is needed.", "English: this text is needed."]
    assert AllForm({f"words_{code}": "x" for code in language_codes()}).is_valid()


def test_languages_are_needed_only_once_something_is_written_where_the_text_is_not() -> None:
    field = LocalizedTextFormField(required=False, languages_required=["kk"])
    assert field.clean({}) == {}
    with pytest.raises(forms.ValidationError):
        field.clean({"ru": "доверие"})


def test_five_thousand_characters_are_refused_and_stay_in_the_form() -> None:
    long = "ә" * 5000
    form = NameForm({"name_kk": "сенім", "name_ru": long})
    (error,) = errors(form)
    assert error.startswith("Русский: ")
    assert "5000" in error
    assert f'value="{long}"' in str(form["name"])
    assert 'value="сенім"' in str(form["name"])
    with pytest.raises(forms.ValidationError):
        LocalizedTextFormField().clean({"ru": long})  # also without a limit of its own


def test_validators_see_each_text_and_the_error_names_its_language() -> None:
    field = LocalizedTextFormField(validators=[RegexValidator(r"^\D*$", "No digits.")])
    with pytest.raises(forms.ValidationError) as refused:
        field.clean({"kk": "сенім 1", "ru": "доверие", "en": "1"})
    assert refused.value.messages == ["Қазақша: No digits.", "English: No digits."]
    assert field.clean({"ru": "доверие"})


def test_a_null_character_is_refused() -> None:
    assert "Қазақша" in errors(NameForm({"name_kk": "a\x00b"}))[0]


@pytest.mark.parametrize(
    ("before", "sent", "changed"),
    [
        ({"kk": "сенім"}, {"name_kk": "сенім"}, False),
        ({"kk": "сенім"}, {"name_kk": " сенім ", "name_ru": " "}, False),
        ({"kk": "сенім"}, {"name_kk": "үміт"}, True),
        ({"kk": "сенім"}, {"name_kk": "сенім", "name_ru": "доверие"}, True),
        (None, {}, False),
    ],
)
def test_only_other_words_are_a_change(before: object, sent: Mapping[str, str], changed: bool) -> None:
    assert NameForm(sent, initial={"name": before}).has_changed() is changed


# --- ModelForms -------------------------------------------------------------------------------


def test_a_model_form_gets_the_field_by_itself() -> None:
    form = EntryForm()
    assert isinstance(form.fields["name"], LocalizedTextFormField)
    assert form.fields["name"].required
    assert not form.fields["summary"].required
    assert "initial-" not in str(form)


def test_a_model_form_saves_and_shows_what_was_saved() -> None:
    form = EntryForm({"name_kk": "сенім", "summary_ru": "для всех"}, instance=HelplineEntry())
    assert form.is_valid()
    row = form.save(commit=False)
    assert (row.name, row.summary) == ({"kk": "сенім"}, {"ru": "для всех"})
    again = EntryForm(instance=row)
    assert 'value="сенім"' in str(again["name"])
    assert ">\nдля всех</textarea>" in str(again["summary"])
    assert 'rows="3"' in str(again["summary"])


def test_emptying_a_text_empties_the_row() -> None:
    row = HelplineEntry(name={"kk": "сенім"}, summary={"kk": "барлығына"})
    form = EntryForm({"name_kk": "сенім", "summary_kk": ""}, instance=row)
    assert form.is_valid()
    assert form.save(commit=False).summary == {}


# --- how it is drawn --------------------------------------------------------------------------


def test_every_control_says_its_language_and_has_its_label() -> None:
    html = str(NameForm()["name"])
    for code, name in (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")):
        control = tag(html, f"id_name_{code}")
        assert f'name="name_{code}"' in control
        assert f'lang="{code}"' in control
        assert 'maxlength="10"' in control
        assert f'<label for="id_name_{code}" lang="{code}">{name}</label>' in html


def test_without_script_no_dead_tabs_are_seen_and_no_language_is_hidden() -> None:
    html = str(NameForm()["name"])
    assert re.search(r"data-tabs hidden>", html)
    assert html.count(" hidden") == 1


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_opens_at_the_readers_language(language: str) -> None:
    with override(language):
        assert opened(str(NameForm()["name"])) == [language]


def test_it_opens_at_the_first_language_with_an_error_and_marks_only_those() -> None:
    with override("kk"):
        form = NameForm({"name_kk": "сенім", "name_en": "x" * 11})
        html = str(form["name"])
    assert opened(html) == ["en"]
    assert states(html) == {"kk": "", "ru": "empty", "en": "wrong"}
    assert 'aria-invalid="true"' in tag(html, "id_name_en")
    assert 'aria-describedby="id_name_error"' in tag(html, "id_name_en")
    assert "aria-invalid" not in tag(html, "id_name_kk")
    assert form["name"].id_for_label == "id_name_en"


def test_an_error_of_all_languages_marks_all_and_opens_at_the_readers() -> None:
    with override("ru"):
        html = str(NameForm({})["name"])
    assert opened(html) == ["ru"]
    assert set(states(html).values()) == {"wrong"}


def test_the_errors_of_one_form_do_not_show_in_the_next() -> None:
    assert "aria-invalid" in str(NameForm({})["name"])
    assert "aria-invalid" not in str(NameForm()["name"])


def test_what_is_written_is_escaped() -> None:
    html = str(NameForm({"name_kk": '"><script>'})["name"])
    assert "<script>" not in html


def test_two_forms_on_one_page_keep_their_controls_apart() -> None:
    form = NameForm({"second-name_kk": "сенім"}, prefix="second")
    assert form.is_valid()
    assert 'id="id_second-name_kk"' in str(form["name"])


def test_it_can_be_drawn_disabled() -> None:
    form = NameForm(initial={"name": LocalizedText({"kk": "сенім"})})
    form.fields["name"].disabled = True
    assert "disabled" in tag(str(form["name"]), "id_name_kk")


@override_settings(LANGUAGES=FOUR)
def test_a_fourth_language_is_in_a_form_that_was_declared_before() -> None:
    form = NameForm({"name_de": "Vertrauen"})
    assert form.is_valid()
    assert form.cleaned_data["name"] == {"de": "Vertrauen"}
    assert 'lang="de"' in str(form["name"])
    assert 'lang="de"' in str(EntryForm()["name"])
