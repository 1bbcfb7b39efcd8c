"""Which texts need a lawyer's look, in three languages."""

import pytest

from documents.checklist.lines import TextLine, TextReading
from documents.drafts.models import TextKind
from documents.legal_review.queries import LegalNeed, legal_reasons_in


def needs(words: str, language: str, kind: str = "paragraph") -> list[LegalNeed]:
    return [
        one.need
        for one in legal_reasons_in(
            TextReading(lines=[TextLine(1, kind, words)]), language, TextKind.STATEMENT
        )
    ]


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("en", "Aigul Nazarova left her work after what happened.", [LegalNeed.PERSON]),
        ("en", "The firm Rassvet LLP has not answered.", [LegalNeed.EMPLOYER]),
        ("en", "We follow the case of Nazarova in the city court.", [LegalNeed.CASE]),
        ("en", "Case No. 7519-24-00-2 was heard behind closed doors.", [LegalNeed.CASE]),
        ("ru", "Айгуль Назарова уволилась после случившегося.", [LegalNeed.PERSON]),
        ("ru", "Администрация ТОО «Рассвет» не ответила.", [LegalNeed.EMPLOYER]),
        ("ru", "Мы следим за делом Назаровой.", [LegalNeed.CASE]),
        ("ru", "Дело № 7519-24-00 рассмотрено в закрытом заседании.", [LegalNeed.CASE]),
        ("kk", "Айгүл Назарова осыдан кейін жұмыстан кетті.", [LegalNeed.PERSON]),
        ("kk", "«Рассвет» ЖШС жауап берген жоқ.", [LegalNeed.EMPLOYER]),
        ("kk", "Сот Назарованың ісін қарап жатыр.", [LegalNeed.PERSON, LegalNeed.CASE]),
    ],
)
def test_a_person_an_employer_or_a_case_needs_a_lawyer(language, words, found):
    assert needs(words, language) == found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "We ask for a law, and for help in every region. In any case we go on."),
        ("en", "Article 123 of the Criminal Code does not name harassment."),
        ("en", "Asel Zhumadil, Tobyl Tolqyny, editor in chief, moderator"),
        ("ru", "Мы просим принять закон. Уголовные дела закрывают за примирением сторон."),
        ("ru", "Министр внутренних дел ответил на запрос."),
        ("kk", "Біз заң қабылдауды сұраймыз. Қылмыстық істер тоқтатылады."),
    ],
)
def test_what_names_nobody_needs_none(language, words):
    assert needs(words, language) == []


def test_the_speaker_of_a_quotation_speaks_in_their_own_name():
    assert needs("Aigul Nazarova", "en", kind="speaker") == []


def test_the_reason_tells_the_words_in_which_it_was_found():
    (reason,) = legal_reasons_in(
        TextReading(lines=[TextLine(1, "list", "Rassvet LLP is silent.")]), "en", TextKind.STATEMENT
    )
    assert reason.quote == "Rassvet LLP is silent."


def test_an_advisory_lists_who_speaks():
    lines = [TextLine(1, "list", "Gulnar Abilova, Union of Crisis Centres, director")]
    assert legal_reasons_in(TextReading(lines=lines), "en", TextKind.ADVISORY) == ()
    assert legal_reasons_in(TextReading(lines=lines), "en", TextKind.STATEMENT)
