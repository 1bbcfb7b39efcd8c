"""Columns in three languages, and what each row becomes."""

from uuid import uuid4

import pytest

from coalition.accounts.models import Language
from documents.contacts.actions import ContactBook
from events.press.contact_import import VerdictKind, judge_contact_rows
from events.spreadsheets.columns import (
    beat_codes,
    channel_codes,
    language_codes,
    recognise_columns,
    region_codes,
)
from events.spreadsheets.messages import REJECTION_MESSAGES, ROW_FAULT_MESSAGES
from events.spreadsheets.reader import FORMULA, SpreadsheetRejected

pytestmark = pytest.mark.django_db  # the list of contacts is read
HEADS = ["Outlet", "Name", "E-mail", "Phone", "Language"]


def judged(*rows: list[str]):
    return judge_contact_rows([HEADS, *rows], ContactBook(uuid4()), Language.RU)


@pytest.mark.parametrize(
    "heads",
    [
        ["Outlet", "Full name", "E-mail", "Phone number", "Language", "Topics", "Region", "Type"],
        ["Название СМИ", "Ф.И.О.", "Эл. почта", "Тел.", "Язык", "Тематика", "Область", "Тип СМИ"],
        ["Басылым", "Аты-жөні", "Электрондық пошта", "Ұялы телефон", "Тілі", "Тақырып", "Өңір", "Түрі"],
    ],
)
def test_columns_are_recognised_in_three_languages(heads) -> None:
    names = ["outlet", "name", "address", "phone", "language", "beats", "regions", "channels"]
    assert recognise_columns(heads) == {name: at for at, name in enumerate(names)}


def test_order_and_other_columns_do_not_matter() -> None:
    assert recognise_columns(["№", "Телефон (рабочий)", "Заметки", "СМИ"]) == {"phone": 1, "outlet": 3}


@pytest.mark.parametrize(
    "rows, code",
    [
        ([["a", "b"], ["x", "y"]], "no_columns"),
        ([["name", "phone"], ["x", "1"]], "no_outlet"),
        ([["outlet", "name"], ["x", "y"]], "no_way"),
        ([HEADS], "only_heads"),
    ],
)
def test_wrong_columns_get_clear_words(rows, code) -> None:
    with pytest.raises(SpreadsheetRejected) as refusal:
        judge_contact_rows(rows, ContactBook(uuid4()), Language.RU)
    assert refusal.value.code == code
    assert str(REJECTION_MESSAGES[code])


def test_codes_are_found_for_words_of_three_languages() -> None:
    assert language_codes("қазақша, русский/EN") == (["kk", "ru", "en"], [])
    assert region_codes("Алматы; Абайская область, Nowhere")[0][0] == "KZ-75"
    assert region_codes("Nowhere") == ([], ["Nowhere"])
    assert beat_codes("право, Әйелдер; space") == (["law", "women"], ["space"])
    assert channel_codes("ТВ, Газета") == (["tv", "print"], [])


FAULTY = {
    "formula": [FORMULA, "A", "a@x.example"],
    "no_outlet": ["", "A", "a@x.example"],
    "no_way": ["Qala", "A"],
    "address": ["Qala", "A", "not an address"],
    "phone": ["Qala", "A", "", "call me"],
    "language": ["Qala", "A", "a@x.example", "", "Klingon"],
    "too_long": ["Q" * 121, "A", "a@x.example"],
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_row_has_its_reason(fault) -> None:
    [row] = judged(FAULTY[fault])
    assert (row.kind, row.fault, row.entry) == (VerdictKind.FAULTY, fault, None)
    assert str(ROW_FAULT_MESSAGES[fault])


def test_a_good_row_is_somebody() -> None:
    first, again = judged(
        ["Qala", "Aigerim", "a@x.example", "+7 (701) 1", "kk, ru"], ["Qala", "A", "A@X.example"]
    )
    assert first.kind == VerdictKind.NEW
    assert first.entry is not None
    assert (first.entry.language, first.entry.also_reads) == ("kk", ["ru"])
    assert (again.number, again.fault) == (3, "twice")


def test_a_row_without_a_language_takes_the_one_that_was_chosen() -> None:
    [row] = judged(["Qala", "", "a@x.example"])
    assert row.entry is not None
    assert (row.entry.language, row.entry.name) == ("ru", "Qala")
