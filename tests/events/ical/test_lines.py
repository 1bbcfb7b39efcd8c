"""What people type cannot begin a line of a calendar, whatever a reader takes for the end of one."""

import pytest

from events.ical.builder import event_component
from tests.events.ical.facts import facts, single

ENDS = ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_no_word_begins_a_line(end) -> None:
    words = f"Words{end}ATTENDEE:mailto:x@tests.example{end}END:VEVENT"
    made = event_component(facts(single(), title=words, text=words, place=words, access_notes=words))
    lines = made.splitlines()  # as careless readers do
    assert not [line for line in lines if line.startswith("ATTENDEE")]
    assert lines.count("END:VEVENT") == made.count("\r\nEND:VEVENT\r\n") == 1
