"""What Django and allauth say by themselves is Kazakh too: no English shows through."""

import datetime
import re

import pytest
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timesince import timesince

from tests.factories import MembershipFactory

LATIN = re.compile(r"[A-Za-z]{2,}")
A_DAY = datetime.date(2026, 3, 24)


@pytest.fixture(autouse=True)
def kazakh():
    with translation.override("kk"):
        yield


class FormOfThings(forms.Form):
    name = forms.CharField(max_length=3)
    address = forms.EmailField()
    day = forms.DateField()
    moment = forms.DateTimeField()
    count = forms.IntegerField(min_value=5)
    choice = forms.ChoiceField(choices=[("1", "1")])
    several = forms.MultipleChoiceField(choices=[("1", "1")])
    page = forms.URLField(assume_scheme="https")
    upload = forms.FileField()


def errors_of(typed: dict[str, str]) -> list[str]:
    return [error for errors in FormOfThings(typed, {}).errors.values() for error in errors]


def test_a_field_left_empty_is_asked_for_in_kazakh():
    assert set(errors_of({})) == {"Бұл өрісті толтыру міндетті."}


def test_what_is_wrong_in_a_form_is_said_in_kazakh():
    typed = dict.fromkeys(FormOfThings.base_fields, "????") | {"count": "1"}
    errors = errors_of(typed)
    assert len(errors) == len(FormOfThings.base_fields)
    assert [error for error in errors if LATIN.search(error)] == []
    assert "Мұнда 3 таңбадан артық болмауы керек (қазір: 4)." in errors


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_wrong_password_is_answered_in_the_visitors_language(client, language):
    person = MembershipFactory().person
    answer = client.post(
        "/accounts/login/", {"login": person.email, "password": "wrong"}, HTTP_ACCEPT_LANGUAGE=language
    )
    errors = answer.context["form"].non_field_errors()
    assert len(errors) == 1
    assert not LATIN.search(errors[0])
    assert bool(re.search("[әғқңөұүһі]", errors[0])) == (language == "kk")
    assert errors[0] in answer.content.decode()


def test_a_weak_password_is_refused_in_kazakh():
    with pytest.raises(ValidationError) as fault:
        validate_password("12345")
    said = [*fault.value.messages, *password_validators_help_texts()]
    assert [text for text in said if LATIN.search(text)] == []


def test_months_and_weekdays_are_kazakh_and_in_lower_case():
    assert date_format(A_DAY) == "24 наурыз 2026"
    assert date_format(A_DAY, "SHORT_DATE_FORMAT") == "24 нау 2026"
    assert date_format(A_DAY, "l") == "сейсенбі"
    assert date_format(A_DAY, "D") == "сс"
    for month in range(1, 13):
        said = date_format(A_DAY.replace(month=month), "F E N b")
        assert said == said.lower()
        assert not LATIN.search(said)


def test_time_gone_by_is_kazakh():
    now = timezone.now()
    assert timesince(now - datetime.timedelta(days=15), now).split() == ["2", "апта,", "1", "күн"]


@pytest.mark.parametrize("text", ["- Select an option -", "No %s matches the given query."])
def test_what_djangos_russian_lacks_does_not_come_in_kazakh(text):
    kazakh = translation.gettext(text)
    with translation.override("ru"):
        assert translation.gettext(text) not in {text, kazakh}
