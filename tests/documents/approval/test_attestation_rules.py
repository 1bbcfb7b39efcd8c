"""On which translations one may rely: either way, and from language to language."""

import datetime

import pytest

from documents.approval.matrix import attestation_links, reachable_languages, reliable_languages
from documents.approval.round_data import RoundData, SubmittedText

MOMENT = datetime.datetime(2026, 2, 27, 13, tzinfo=datetime.UTC)
PUT = tuple(SubmittedText(code, 1, f"{code}1", f"{code}1", MOMENT) for code in ("kk", "ru", "en"))


def data(*pairs):
    """Pairs such as `ru kk`: the Russian text is attested to say the same as the Kazakh one."""
    return RoundData(PUT, (), attested=[tuple(pair.split()) for pair in pairs])


@pytest.mark.parametrize(
    ("pairs", "own", "found"),
    [
        ((), ["kk"], []),
        (("ru kk",), ["kk"], ["ru"]),
        (("kk ru",), ["kk"], ["ru"]),
        (("ru kk",), ["en"], []),
        (("ru kk", "en ru"), ["kk"], ["ru", "en"]),
        (("ru kk", "en ru"), ["kk", "ru"], ["en"]),
        (("en ru",), ["kk"], []),
        (("ru kk",), [], []),
        (("ru kk",), None, ["kk", "ru"]),
    ],
)
def test_what_is_reached(pairs, own, found):
    assert reliable_languages(data(*pairs), own) == found


def test_a_ring_of_answers_ends():
    links = attestation_links(data("ru kk", "en ru", "kk en"))
    assert reachable_languages(["kk"], links) == {"kk", "ru", "en"}
