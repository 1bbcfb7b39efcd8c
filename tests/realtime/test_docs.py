"""Rows of the log in any order: together they are the document, whichever needs which."""

from hypothesis import given, settings, strategies as st
from pycrdt import Doc, Text, merge_updates

from coalition.realtime import frames, updates
from coalition.realtime.store import applicable_pieces, assemble_document

PEOPLE = 3


def typed(steps: list[tuple[int, int, bool]]) -> tuple[str, list[tuple[int, bytes]]]:
    """People type and delete in turn, each seeing all that was before → (the text, who wrote what)."""
    docs = [Doc(client_id=number + 1) for number in range(PEOPLE)]
    made: list[tuple[int, bytes]] = []
    for who, at, deletes in steps:
        text = docs[who].get("text", type=Text)
        written: list[bytes] = []
        seen = docs[who].observe(lambda event, written=written: written.append(event.update))
        place = at % (len(str(text).encode()) // 2 + 1) * 2  # every letter has two bytes
        if deletes and place:
            del text[place - 2 : place]
        else:
            text.insert(place, "әұіқңғ"[len(made) % 6])
        docs[who].unobserve(seen)
        for update in written:
            made.append((who, update))
            for number, doc in enumerate(docs):
                if number != who:
                    doc.apply_update(update)
    return str(docs[0].get("text", type=Text)), made


steps = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 40), st.booleans()), min_size=1, max_size=30
)


@given(steps)
@settings(max_examples=60)
def test_rows_by_person_build_on_each_other(some):
    """What people wrote within a batch is one row a person: none of them stands alone."""
    words, made = typed(some)
    rows = [merge_updates(*own) for who in range(PEOPLE) if (own := [one for by, one in made if by == who])]
    assert str(assemble_document(b"", rows).get("text", type=Text)) == words


@given(steps, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_rows_in_any_order(some, chance):
    words, made = typed(some)
    rows = [update for _who, update in made]
    chance.shuffle(rows)
    assert str(assemble_document(b"", rows).get("text", type=Text)) == words


@given(steps, st.data())
@settings(max_examples=60)
def test_what_lacks_its_predecessors_is_left_out_and_found_again(some, data):
    words, made = typed(some)
    rows = [update for _who, update in made]
    missing = rows.pop(data.draw(st.integers(0, len(rows) - 1)))
    doc = assemble_document(b"", rows)
    for piece in applicable_pieces([missing, *rows], frames.read_state_vector(doc.get_state())):
        doc.apply_update(piece)
    assert str(doc.get("text", type=Text)) == words


def test_what_one_person_lacks_hides_nothing_of_the_others():
    """A process died before it wrote: what builds on that waits for its author, and only that."""
    docs = {name: Doc(client_id=number) for number, name in enumerate("abc", 1)}
    rows = []
    for doc in docs.values():
        doc.observe(lambda event: rows.append(event.update))
    docs["a"].get("text", type=Text).insert(0, "lost")
    docs["a"].get("text", type=Text).insert(4, "waits")
    docs["b"].get("text", type=Text).insert(0, "bravo ")
    docs["c"].apply_update(rows[2])
    docs["c"].get("text", type=Text).insert(6, "charlie ")
    found = assemble_document(b"", rows[1:])
    assert str(found.get("text", type=Text)) == "bravo charlie "
    assert not list(applicable_pieces(rows[1:2], {}))
    for piece in applicable_pieces(rows[:2], frames.read_state_vector(found.get_state())):
        found.apply_update(piece)
    assert "lostwaits" in str(found.get("text", type=Text))


def test_an_update_without_predecessors_is_not_whole():
    _words, made = typed([(0, 0, False), (0, 1, False), (1, 1, True)])
    first, second, deletion = (updates.read_update(update) for _who, update in made)
    assert updates.is_complete(first, {})
    assert not updates.is_complete(second, {})
    assert updates.is_complete(second, {1: 1})
    assert not updates.is_complete(deletion, {})
    assert updates.is_complete(deletion, {1: 2})
