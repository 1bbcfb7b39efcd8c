"""File names: the mark first, letters that every system takes, and a code that survives copies."""

import datetime
import string

import pytest

from documents.interchange.formats import code_in, file_name, latin_slug

GIVEN = {
    "mark": "TLP:AMBER+STRICT",
    "kind": "statement",
    "title": "123-бап: «Ұрып-соғу» туралы/../\\ёЁ\u202eCON",
    "language": "kk",
    "day": datetime.date(2026, 11, 24),
    "code": "1f3a9c02",
    "ending": "docx",
}


def test_the_mark_kind_title_language_day_and_code():
    name = "tlp-amber-strict_statement-123-bap-uryp-sogu-turaly-yoyocon_kk_2026-11-24_1f3a9c02.docx"
    assert file_name(**GIVEN) == name


def test_only_letters_that_every_system_takes():
    assert set(file_name(**GIVEN)) <= set(string.ascii_lowercase + string.digits + "-_.")


def test_every_kazakh_and_russian_letter_is_spelled():
    for letter in "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщыіэюя":
        assert latin_slug(letter), letter


def test_a_long_title_is_cut():
    assert len(file_name(**{**GIVEN, "title": "ұзақ " * 90})) < 120


@pytest.mark.parametrize(
    "name",
    [
        "tlp-amber_statement-x_kk_2026-11-24_1f3a9c02.docx",
        "tlp-amber_statement-x_kk_2026-11-24_1f3a9c02 (1).docx",
        "tlp-amber_statement-x_kk_2026-11-24_1F3A9C02_final.DOCX",
        "Копия tlp-amber_statement-x_kk_2026-11-24_1f3a9c02-2.odt",
    ],
)
def test_a_copy_is_known_by_its_code(name):
    assert code_in(name) == "1f3a9c02"


@pytest.mark.parametrize("name", ["letter.docx", "1f3a9c02.docx", "a_1f3a9c02", "a_20261124x.docx", ""])
def test_another_file_has_no_code(name):
    assert code_in(name) == ""
