"""Whatever a text holds: its file, brought back as it is, gives no suggestion, and names everybody."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.documents.interchange.bringing import bring, docx, odt, reject_all, words
from tests.documents.interchange.strategies import marked_texts

# Some texts are large; a failing one is printed all the same.
pytestmark = [pytest.mark.filterwarnings("ignore:Generating overly large repr"), pytest.mark.slow]
wild = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[
        Phase.explicit,
        Phase.generate,
    ],  # every example writes and reads two files: shrinking takes minutes
)


@wild
@given(marked_texts())
def test_an_untouched_word_file_gives_no_suggestion(marked):
    made = bring(docx(marked), marked)
    assert (made.asked.edits, made.asked.taken, made.asked.refused) == ([], set(), set())
    assert made.marked == marked


@wild
@given(marked_texts())
def test_an_untouched_libreoffice_file_gives_no_suggestion(marked):
    made = bring(odt(marked), marked)
    assert (made.asked.edits, made.asked.taken, made.asked.refused) == ([], set(), set())
    assert made.marked == marked


@wild
@given(marked_texts())
def test_a_file_of_another_text_never_fails(marked):
    """Somebody brings the wrong file: everything differs, and the text as it stands is still untouched."""
    other = {"type": "doc", "content": [*marked["content"][:2], *reversed(marked["content"][2:])]}
    made = bring(docx(marked), other)
    assert words(reject_all(made.marked)) == words(reject_all(other))
    assert len({identity for identity, _change in made.done.ids}) == len(made.done.ids)
