"""Words of items under consent: details and pointers, in any language and in file names."""

import pytest

from coalition.consent.enums import DetailKind
from coalition.consent.items import ShownItem, details_in, may_point_to_somebody
from documents.drafts.identifying import CreditLine


@pytest.mark.parametrize(
    "words",
    [
        "interview_TOO_Romashka.mp4",
        "interview-too-romashka.mp4",
        "ТОО „Ромашка“",
        "Она работала в ТОО «Ромашка».",
        "«Ромашка» ЖШС қызметкері",
        "She worked for Romashka LLP.",
        "Дело Бишимбаева",
        "Case No. 17-25",
        "aigerim_sadykova_interview.mp4",
        "Aigerim Sadykova at home",
        "Айгерим Садыкова у себя дома",
    ],
)
def test_words_that_may_point_to_somebody(words: str) -> None:
    assert may_point_to_somebody(ShownItem("file", "1", words=(words,)))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "IMG_2041.jpg",
        "A woman by a window",
        "Женщина у окна",
        "Терезе жанындағы әйел",
        "too dark, please",
    ],
)
def test_words_that_point_to_nobody(words: str) -> None:
    assert not may_point_to_somebody(ShownItem("file", "1", words=(words,)))


def test_photographer_in_a_credit_points_to_nobody() -> None:
    credit = CreditLine("Photo: Aigerim Sadykova")
    assert not may_point_to_somebody(ShownItem("file", "1", words=("portrait.jpg", credit)))
    assert may_point_to_somebody(ShownItem("file", "1", words=("Photo: Aigerim Sadykova",)))
    assert details_in(ShownItem("file", "1", words=(credit,))) == set()
    assert may_point_to_somebody(ShownItem("file", "1", words=(CreditLine("Photo: TOO Romashka"),)))


def test_details_are_found_in_every_language_and_in_file_names() -> None:
    item = ShownItem("file", "1", words=("aigerim_2.jpg", "Она живёт в селе Береке", "12.03.2024"))
    assert {DetailKind.NAME, DetailKind.PLACE, DetailKind.DATE} <= details_in(item)
