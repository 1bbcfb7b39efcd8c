"""On which translations one may rely: either way, from language to language, never on stale words."""

import datetime

import pytest

from documents.approval.attestations import attestation_links, reachable_languages, reliable_languages
from documents.approval.round_data import Attested, RoundData, SubmittedText

MOMENT = datetime.datetime(2026, 2, 27, 13, tzinfo=datetime.UTC)
PUT = tuple(SubmittedText(code, 1, f"{code}1", f"{code}1", MOMENT) for code in ("kk", "ru", "en"))


def data(*pairs):
    """Pairs such as `ru1 kk1`: somebody answers that these Russian words say those in Kazakh."""
    split = [pair.split() for pair in pairs]
    return RoundData(
        PUT, (), attested=tuple(Attested(one[:2], one, other[:2], other) for one, other in split)
    )


@pytest.mark.parametrize(
    ("pairs", "own", "found"),
    [
        ((), ["kk"], []),
        (("ru1 kk1",), ["kk"], ["ru"]),
        (("kk1 ru1",), ["kk"], ["ru"]),
        (("ru1 kk1",), ["en"], []),
        (("ru1 kk1", "en1 ru1"), ["kk"], ["ru", "en"]),
        (("ru1 kk1", "en1 ru1"), ["kk", "ru"], ["en"]),
        (("ru0 kk1", "en1 ru1"), ["kk"], []),
        (("ru1 kk0",), ["kk"], []),
        (("ru1 kk1",), [], []),
        (("ru1 kk1",), None, ["kk", "ru"]),
        (("ru0 kk1",), None, []),
    ],
)
def test_what_is_reached(pairs, own, found):
    assert reliable_languages(data(*pairs), own) == found


def test_a_ring_of_answers_ends():
    links = attestation_links(data("ru1 kk1", "en1 ru1", "kk1 en1"))
    assert reachable_languages(["kk"], links) == {"kk", "ru", "en"}
