"""What strangers may write into names and addresses."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given, settings, strategies as st

from coalition.applicants.forms import (
    MailAddressField,
    PersonNameField,
    validate_mail_address,
    validate_person_name,
    validate_single_line,
    validate_visible_characters,
)

INVISIBLE = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\u200f", "\u2028", "\x00"]
NAMES = [
    "Әсел Нұрқызы",
    "Гүлнар Ізбасар-Қызы",
    "А.Б.Сейтова",
    "Ғалiя Ыбырай",  # with a Latin i, as on keyboards without Kazakh letters
    "O’Brien Dr. Maria",
    "Айгүл Серікова",
    "дж.Смит",
    "а.б.сейтова",
    "Мұхаметжан-Ұлы Бауыржан Серікұлы",
    "Н. Тə‘лiм",
    "Ж. Аймауытов",
    "Нгуен Тхи Ань",
    "Nguyễn Thị Ánh",
    "D'Angelo José",
    "李小龍",
    "عائشة",
    "Х",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_pass(name: str) -> None:
    validate_person_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Aru\r\nBcc: all@other.example",
        "Aru\nBota",
        "Aru\tBota",
        *(f"Ar{one}u" for one in INVISIBLE),
        "=HYPERLINK(1)",
        "+77010000000 Aru",
        "-1+1",
        "@SUM(A1)",
        " =1+1",
        "＝1+1",  # full width
        "|cmd Aru",
        "see https://spam.example",
        "www.spam.example",
        "Casino spam.com",
        "spam.kz/x Aru",
        "WIN ＳＰＡＭ.ru",
        "аптека.рф",
        "aru@ngo.example",
        "t.me слово",
        "T.ME слово",
        "t.me/slovo",
        "evil.app/win",
        "evil.app",
        "Evil.Games",
        "vk.com/x",
        "Президент вор и убийца в отставку",
        "Позвоните мне 87011234567",
        "Әсел ٨٧٠١",
        "Aru <b>",
        "Aru (ad)",
        "Aru; Bota",
        "Aru 🙂",
        ".Aru",
        "'Aru",
        "12345",
        "!!!",
        "",
        "Z" + "\u0336" * 4 + "algo",
    ],
)
def test_what_is_no_name_of_a_person_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_person_name(name)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_name_that_passes_stays_one_line_and_no_formula(name: str) -> None:
    try:
        validate_person_name(name)
    except ValidationError:
        return
    assert len(name.splitlines()) == 1
    assert name.isprintable()
    assert name.strip()[0] not in "=+-@|%"
    assert "@" not in name
    assert "://" not in name


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from([*INVISIBLE, "\r", "\n", "\t", "\x1b"]), st.integers(0, 12))
def test_no_invisible_character_passes_wherever_it_stands(name: str, hidden: str, at: int) -> None:
    words = name[:at] + hidden + name[at:]
    for validate in (validate_visible_characters, validate_person_name):
        with pytest.raises(ValidationError):
            validate(words)


@pytest.mark.parametrize("name", ["Vlast.kz", "№ 7 мектеп", "«Дала FM»", "Press-Club 24/7"])
def test_outlets_and_schools_may_have_dots_and_digits(name: str) -> None:
    validate_single_line(name)
    validate_visible_characters(name)


@pytest.mark.parametrize(
    "address",
    [
        "aru@ngo.example",
        "aru.b+press@mail.ru",
        "ARU_1-2@ngo.example.kz",
        "aru@қорғау.қаз",
        "aru@xn--80ao1a4e.kz",
        "aru@пошта.com",
        "a@b.kz",
    ],
)
def test_addresses_pass(address: str) -> None:
    validate_mail_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "aru",
        "aru@",
        "@ngo.example",
        "aru@ngo.example\nBcc: all@other.example",
        "aru@ngo.example\r\n",
        "aru@ngo..example",
        "aru@-ngo.example",
        *(f"aru@ng{one}o.example" for one in INVISIBLE),
        *(f"ar{one}u@ngo.example" for one in INVISIBLE),
        "aru@gmаil.com",  # a Cyrillic а
        "aru@gооgle.com",  # Cyrillic о
        "аru@ngo.example",  # Cyrillic а before the @
        "aru@ngο.example",  # a Greek omicron
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.kz",
        "a" * 5000 + "@ngo.example",
    ],
)
def test_what_is_no_address_or_not_what_it_looks_like_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        validate_mail_address(address)


def test_an_address_of_two_alphabets_is_told_what_is_wrong_with_it() -> None:
    with pytest.raises(ValidationError) as refused:
        validate_mail_address("aru@gmаil.com")
    assert refused.value.code == "scripts"


def test_the_fields_say_each_mistake_once_and_let_the_browser_fill_in() -> None:
    class Form(forms.Form):
        name = PersonNameField()
        address = MailAddressField()

    form = Form({"name": "x" * 5000, "address": "nobody"})
    assert [len(form.errors[name]) for name in ("name", "address")] == [1, 1]
    assert 'autocomplete="name"' in str(form["name"])
    assert 'autocomplete="email"' in str(form["address"])
    assert Form({"name": " Әсел ", "address": " aru@ngo.example "}).is_valid()
