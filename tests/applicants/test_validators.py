"""Names and addresses that could be read as something else elsewhere are refused in words."""

import pytest
from django.core.exceptions import ValidationError

from coalition.applicants.validators import validate_mail_address, validate_person_name


@pytest.mark.parametrize(
    "name",
    ["Айгүл Әбенова", "Иванова-Петрова Мария", "O'Neill Sean", "Gül Tan", "Ә. Қ.", "Jean-Luc", "Нұр Sean"],
)
def test_names_of_people_are_taken(name: str) -> None:
    validate_person_name(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Aru\r\nBcc: x@y.example", "one line"),
        ("Aru\x0bAru", "one line"),
        ("Aru\u2028Aru", "one line"),
        ("Aru\u200bAru", "nobody sees"),
        ("\u202eAru", "nobody sees"),
        ("Aru\x00", "nobody sees"),
        ("=1+1", "begin"),
        ("+7 701", "begin"),
        ("-Aru", "begin"),
        ("@aru", "begin"),
        (" =Aru", "begin"),
        ("Aru https://x.example", "website"),
        ("WWW.x.example", "website"),
        ("12345", "letters"),
        ("Аru", "two alphabets"),
    ],
)
def test_what_is_no_name_is_refused_with_the_reason(name: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        validate_person_name(name)


@pytest.mark.parametrize("address", ["aru@mail.example", "a.b+c@пошта.example", "aru@xn--80ak6aa92e.example"])
def test_addresses_are_taken(address: str) -> None:
    validate_mail_address(address)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("aru@gm\u0430il.example", "two alphabets"),
        ("ar\u200bu@mail.example", "nobody sees"),
        ("aru@mail.example\u200e", "nobody sees"),
        ("aru@mail.example\r\nBcc: x@y.example", "nobody sees"),
        ("aru", "valid email"),
        ("a" * 5000 + "@mail.example", "valid email"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(address: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        validate_mail_address(address)
