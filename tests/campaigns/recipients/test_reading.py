"""What is understood of a list, and which mistakes are named."""

import pytest
from django.utils.translation import override

from coalition.campaigns.recipients.columns import recognise, template_headings
from coalition.campaigns.recipients.reading import PeopleList, read_people
from coalition.campaigns.recipients.template_file import template_file
from events.spreadsheets.reader import NumberedRows, read_numbered_rows


def read(*rows: str, heads: str = "id;name;region;languages;e-mail", language: str = "en") -> PeopleList:
    return read_people(read_numbered_rows("\n".join([heads, *rows]).encode()), language)


def faults(*rows: str, **given: str) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.message) for one in read(*rows, **given).faults]


def test_a_row_becomes_a_record_of_the_columns_that_are_there() -> None:
    assert read("7;Demo One;Алматы қаласы;kk, русский;a@x.example").records == [
        {
            "id": "7",
            "name": {"en": "Demo One"},
            "region": "KZ-75",
            "languages": ["kk", "ru"],
            "email": "a@x.example",
        }
    ]


@pytest.mark.parametrize(
    ("heading", "field", "language"),
    [
        ("ID", "id", ""),
        ("№", "id", ""),
        ("Нөмірі", "id", ""),
        ("ФИО", "name", "en"),
        ("Аты-жөні", "name", "en"),
        ("name (kk)", "name", "kk"),
        ("Имя на казахском", "name", "kk"),
        ("қазақша аты", "name", "kk"),
        ("Комитет", "committee", "en"),
        ("Комитеті (ru)", "committee", "ru"),
        ("Фракция", "electoral_list", "en"),
        ("Область", "region", ""),
        ("Языки", "languages", ""),
        ("Эл. почта", "email", ""),
        ("Почтовый адрес", "address", "en"),
        ("Пошталық мекенжайы (kk)", "address", "kk"),
        ("Должность", "position", "en"),
    ],
)
def test_headings_in_three_languages_are_recognised(heading, field, language) -> None:
    [column] = recognise([heading], "en").used
    assert (column.field, column.language) == (field, language)


def test_columns_that_mean_nothing_here_are_named_and_left_alone() -> None:
    found = read("1;Demo One;x;y", heads="id;name;Telephone;name")
    assert found.is_valid
    assert found.unused == ["Telephone", "name"]
    assert found.records == [{"id": "1", "name": {"en": "Demo One"}}]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_heading_of_the_template_is_recognised(language) -> None:
    headings = template_headings(language)
    found = recognise(headings, "en")
    assert found.unused == []
    assert len(found.used) == len(headings) == 4 + 5 * 3


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_template_file_is_a_list_without_people(language) -> None:
    with override(language):
        sheet = read_numbered_rows(template_file(language))
    found = read_people(sheet, "en")
    assert (len(sheet.rows), found.unused) == (1, [])
    assert len(found.general) == 1


@pytest.mark.parametrize(
    ("heads", "words"),
    [("name;e-mail", "column for the identifier"), ("id;e-mail", "column for the name")],
)
def test_identifier_and_name_need_a_column(heads, words) -> None:
    found = read("1;x", heads=heads)
    assert words in found.general[0]
    assert not found.is_valid


def test_two_rows_with_one_identifier() -> None:
    assert faults("7;Demo One;;;", "8;Demo Two;;;", "7;Demo Three;;;") == [
        (4, "id", "The same identifier stands in row 2: 7.")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Й7", "И\u03067"), ("é7", "e\u03017"), ("A 7", "A\u00a07"), ("A 7", "A\u202f\u00a07"), ("A 7", "A  7")],
)
def test_one_identifier_written_in_two_ways_is_one(one, other) -> None:
    sheet = NumberedRows([["id", "name"], [one, "Demo One"], [other, "Demo Two"]], [1, 2, 3])
    found = read_people(sheet, "en")
    assert [record["id"] for record in found.records] == [one, one]
    [fault] = found.faults
    assert (fault.row, fault.message) == (3, f"The same identifier stands in row 2: {one}.")


def test_texts_are_written_in_one_way() -> None:
    assert read("7;Андре\u0438\u0306;;;").records[0]["name"] == {"en": "Андрей"}


def test_empty_rows_are_counted_in_the_number_of_a_row() -> None:
    assert faults("7;Demo One;;;", "", ";;;;", "8;;;;") == [(5, "name", "The name is missing.")]


def test_a_space_around_an_address_is_told_and_the_trimmed_one_is_offered() -> None:
    found = read("7;Demo One;;; a@x.example", "8;Demo Two;;;b@x.example\u00a0", "9;Demo Three;;;c@x.example")
    assert found.is_valid
    assert [(one.row, one.email) for one in found.trimmed] == [(2, "a@x.example"), (3, "b@x.example")]
    assert [one["email"] for one in found.records] == ["a@x.example", "b@x.example", "c@x.example"]


@pytest.mark.parametrize("address", ["a @x.example", "a@ x.example", " a @x.example "])
def test_a_space_inside_an_address_is_a_mistake(address) -> None:
    [(row, column, words)] = faults(f"7;Demo One;;;{address}")
    assert (row, column) == (2, "e-mail")
    assert words == f"There is a space inside this e-mail address: “{address.strip()}”."


def test_a_trimmed_address_that_is_none_is_a_mistake_and_not_offered() -> None:
    found = read("7;Demo One;;; a@@x ")
    assert [one.message for one in found.faults] == ["This is no e-mail address: “a@@x”."]
    assert found.trimmed == []


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (";Demo One;;;", "id", "The identifier is missing."),
        ("7;;;;", "name", "The name is missing."),
        ("7;=A1;;;", "name", "This cell holds a formula."),
        ("7;Demo One;Atlantis;;", "region", "This region is not known: “Atlantis”."),
        ("7;Demo One;Astana, Almaty;;", "region", "Write one region, or none."),
        ("7;Demo One;;kk, Klingon;", "languages", "This language is not known: “Klingon”."),
        (f"{'7' * 81};Demo One;;;", "id", "This is too long: at most 80 characters."),
        (f"7;{'x' * 600};;;", "name", "This is too long: at most 499 characters."),
    ],
)
def test_each_mistake_names_its_row_and_its_column(row, column, words) -> None:
    [found] = faults(row)
    assert found[:2] == (2, column)
    assert found[2].startswith(words)


def test_all_mistakes_are_named_at_once() -> None:
    assert [one[:2] for one in faults(";;Atlantis;;a @b", "7;Demo;;;x")] == [
        (2, "id"),
        (2, "region"),
        (2, "e-mail"),
        (2, "name"),
        (3, "e-mail"),
    ]


def test_a_name_in_one_language_is_enough() -> None:
    heads = "id;name (kk);name (ru)"
    found = read("7;;Демо", heads=heads)
    assert found.records == [{"id": "7", "name": {"kk": "", "ru": "Демо"}}]
    assert faults("7;;", "8;;", heads=heads) == [
        (2, "name (kk)", "The name is missing."),
        (3, "name (kk)", "The name is missing."),
    ]


def test_a_file_with_headings_only() -> None:
    assert read_people(NumberedRows([["id", "name"]], [1]), "en").general == [
        "There is nothing below the first row, which names the columns."
    ]
