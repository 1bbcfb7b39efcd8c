"""Nobody writes in another's name, however the update is written: what the document says of it decides."""

import pytest
from pycrdt import Doc, XmlElement, XmlText

from coalition.realtime.frames import BadFrame
from documents.drafts.live.guard import IDENTITY
from documents.drafts.live.suggestions import DEEPEST, doc_to_json, open_suggestions_in
from tests.documents.drafts.live.wire import (
    ANY,
    BINARY,
    DELETED,
    DOC,
    ELEMENT,
    EMBED,
    FORMAT,
    JSON,
    STRING,
    TEXT,
    TYPE,
    element,
    item,
    letters,
    marker,
    pairs,
    string,
    uint,
    value,
    values,
    written,
)
from tests.documents.drafts.live.writing import (
    ANNA,
    BOLAT,
    HERS,
    HIS,
    Room,
    editor,
    identity,
    mark,
    paragraph,
    suggester,
    text,
    words,
)

HIS_ID = identity(BOLAT, HIS)
OWN_ID = identity(ANNA, HERS)
PARAGRAPH, LINE, END = (1, 0), (1, 1), (1, 5)  # of what `room` holds
ME = 7  # the replica that the tests write as


def room() -> Room:
    """A paragraph with the letters "сөз."."""
    made = Room.of(
        written(
            (
                1,
                0,
                [
                    item(TYPE, element("paragraph")),
                    item(TYPE, uint(TEXT), parent=PARAGRAPH),
                    item(STRING, letters("сөз."), parent=LINE),
                ],
            )
        )
    )
    assert doc_to_json(made.doc)["content"][2] == paragraph(words("сөз."))
    return made


def escaped(words: str) -> str:
    """The first letter as an escape."""
    return f"\\u{ord(words[0]):04x}{words[1:]}"


def marked(json: str, name: str = "insertion") -> bytes:
    """Letters at the end of the line with a mark, as a browser writes them."""
    structs = [
        item(FORMAT, marker(name, json), left=END),
        item(STRING, letters("жоқ"), left=(ME, 0)),
        item(FORMAT, marker(name, "null"), left=(ME, 3)),
    ]
    return written((ME, 0, structs))


def attribute(content: bytes, kind: int = ANY, name: str = "__mark_insertion") -> bytes:
    """An attribute of the paragraph."""
    return written((ME, 0, [item(kind, content, parent=PARAGRAPH, key=name)]))


def refuses(update: bytes, made: Room | None = None, grant=None) -> str:
    """What becomes of the write of an editor: a word, or that it is not understood."""
    made = made or room()
    before = made.doc.get_update()
    try:
        reason = made.take(update, grant or editor())
    except BadFrame:
        reason = "not understood"
    assert (made.doc.get_update() == before) == bool(reason)
    return reason


WAYS = {
    "plain": f'{{"id":"{HIS_ID}"}}',
    "a letter of the value": f'{{"id":"{escaped(HIS_ID)}"}}',
    "every letter": '{"id":"' + "".join(map(escaped, HIS_ID)) + '"}',
    "the name": f'{{"\\u0069d":"{HIS_ID}"}}',
    "both": f'{{"\\u0069d":"{escaped(HIS_ID)}"}}',
    "with blanks": f'{{ "id"\\n:\\t"{escaped(HIS_ID)}" }}'.replace("\\n", "\n").replace("\\t", "\t"),
    "a list that reads as words": f'{{"id":["{escaped(HIS_ID)}"]}}',
    "beside something else": f'{{"type":"mark","id":"{escaped(HIS_ID)}","newValue":{{"id":"{OWN_ID}"}}}}',
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["insertion", "deletion", "modification--AAAAAAAA", "insertion--AAAAAAAA"])
def test_a_mark_on_letters_in_anothers_name_is_refused_however_it_is_written(way, name):
    assert refuses(marked(WAYS[way], name)) == IDENTITY


@pytest.mark.parametrize("way", ["plain", "every letter", "the name"])
def test_who_may_only_suggest_cannot_either(way):
    assert refuses(marked(WAYS[way]), grant=suggester()) == IDENTITY


@pytest.mark.parametrize("name", ["insertion", "deletion", "modification--AAAAAAAA"])
def test_a_mark_on_a_block_in_anothers_name_is_refused(name):
    attrs = {"id": HIS_ID}
    assert refuses(attribute(values(value(attrs)), name=f"__mark_{name}")) == IDENTITY


def test_own_marks_are_taken_escaped_or_not():
    for json in (f'{{"id":"{OWN_ID}"}}', f'{{"id":"{escaped(OWN_ID)}"}}'):
        assert refuses(marked(json)) == ""
        assert refuses(marked(json), grant=suggester()) == ""


@pytest.mark.parametrize(
    "json",
    [
        f'{{"id":"{OWN_ID}","id":"{HIS_ID}"}}',
        f'{{"id":"{HIS_ID}","id":"{OWN_ID}"}}',
        f'{{"id":"{HIS_ID}","\\u0069d":"{OWN_ID}"}}',
        f'{{"__proto__":{{"id":"{HIS_ID}"}}}}',
        f'{{"\\u005f_proto__":{{"id":"{HIS_ID}"}}}}',
        r'{"id":"\ud800"}',
        r'{"\udc00":1}',
        '{"id":NaN}',
        '{"id":-Infinity}',
        '{"id":1e999}',
        '{"id":' + "9" * 5000 + "}",
        '{"id":' + "[" * 40 + "]" * 40 + "}",
        "[" * 100_000,
        '{"id":',
        '{"id":"a"} b',
        "undefined",
        "",
    ],
    ids=lambda json: json[:24] or "nothing",
)
def test_json_that_readers_could_take_differently_is_not_understood(json):
    assert refuses(marked(json)) == "not understood"


@pytest.mark.parametrize(
    "name", ["Insertion", "INSERTION", "insertion\x00", " insertion", "\\u0069nsertion", ""]
)
def test_a_name_that_only_looks_like_a_mark_of_suggestions_is_none(name):
    """No editor reads it as one."""
    made = room()
    assert refuses(marked(f'{{"id":"{HIS_ID}"}}', name), made) == ""
    assert not open_suggestions_in(doc_to_json(made.doc))


@pytest.mark.parametrize(
    ("what", "update"),
    [
        (
            "a value of which the prototype has the id",
            attribute(values(pairs(("__proto__", value({"id": HIS_ID}))))),
        ),
        ("a name twice", attribute(values(pairs(("id", value(HIS_ID)), ("id", value(OWN_ID)))))),
        ("several values", attribute(values(value({"id": OWN_ID}), value({"id": HIS_ID})))),
        ("no value", attribute(values())),
        (
            "marks of the prototype",
            attribute(values(value({"__mark_insertion": {"id": HIS_ID}})), name="__proto__"),
        ),
        ("an embedded thing", attribute(string(f'{{"id":"{HIS_ID}"}}'), EMBED)),
        ("JSON of old libraries", attribute(uint(1) + string(f'{{"id":"{HIS_ID}"}}'), JSON)),
        ("letters", attribute(letters("аб"), STRING)),
        ("a text", attribute(uint(TEXT), TYPE)),
        ("an element", attribute(element("x"), TYPE)),
        ("bytes", attribute(uint(1) + b"a", BINARY)),
        ("a document", attribute(string("a") + value({}), DOC)),
        ("a format of the prototype", marked(f'{{"insertion":{{"id":"{HIS_ID}"}}}}', "__proto__")),
        ("embedded in a line", written((ME, 0, [item(EMBED, string('{"a":1}'), left=END)]))),
        ("a map", written((ME, 0, [item(TYPE, uint(1), left=PARAGRAPH)]))),
        ("no letters", written((ME, 0, [item(STRING, letters(""), left=END)]))),
        ("nothing that was deleted", written((ME, 0, [item(DELETED, uint(0), left=END)]))),
        ("another kind of parent", written((ME, 0, [b"\x07\x02\x04text" + uint(TEXT)]))),
        ("longer numbers than need be", b"\x81\x00" + marked("null")[1:]),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip  a table
def test_what_browsers_could_read_otherwise_is_not_understood(what, update):
    assert refuses(update) == "not understood"


def test_updates_of_version_2_are_not_understood():
    """The feature flag, then an empty stream for each part; and one with structs as Yjs writes it."""
    for update in (
        "000000000000000000000000000000000000",
        "000001070000000000010001050463746578740103000001010000",
    ):
        assert refuses(bytes.fromhex(update)) == "not understood"


def test_an_identity_may_not_come_in_pieces():
    """A mark of one's own is set, and then its value, without the attribute's name, another's."""
    made = room()
    assert refuses(attribute(values(value({"id": OWN_ID}))), made) == ""
    overwritten = item(ANY, values(value({"id": HIS_ID})), left=(ME, 0))
    assert refuses(written((ME, 1, [overwritten])), made) == IDENTITY
    for kind, content in ((TYPE, uint(TEXT)), (TYPE, uint(ELEMENT) + string("x"))):
        assert refuses(written((ME, 1, [item(kind, content, left=(ME, 0))])), made) == "not understood"


def test_letters_come_under_anothers_mark_only_by_their_author():
    """The mark is in the text; the update holds letters alone, or takes away where the mark ends."""
    letter = written((ME, 0, [item(STRING, letters("х"), left=(9, 1))]))
    made = room()
    assert made.take(by_him(), suggester(BOLAT, HIS)) == ""
    assert refuses(letter, made) == IDENTITY
    assert refuses(letter, made, suggester()) == IDENTITY
    made = room()
    assert refuses(written((8, 0, [item(STRING, letters("х"), left=END)])), made) == ""
    made.told(by_him())  # another process
    assert refuses(written((8, 1, [item(STRING, letters("х"), left=(9, 1))])), made) == IDENTITY
    assert refuses(written((8, 1, [item(STRING, letters(" бар"), left=(9, 5))])), made) == ""
    assert refuses(written(deletes=[(9, 5, 1)]), made) == IDENTITY


def test_a_mark_may_not_wait_for_letters():
    """At the end of a line it marks nothing yet."""
    waiting = item(FORMAT, marker("insertion", f'{{"id":"{HIS_ID}"}}'), left=END)
    for grant in (editor(), suggester()):
        assert refuses(written((ME, 0, [waiting])), grant=grant) == IDENTITY
    made = Room.of(room().doc.get_update())
    made.told(written((9, 0, [waiting])))
    after = item(STRING, letters("х"), left=(9, 0))
    assert refuses(written((ME, 0, [after])), made) == IDENTITY
    assert refuses(written((ME, 0, [item(STRING, letters("х"), left=(1, 4), right=END)])), made) == ""
    assert refuses(written((ME, 1, [after])), made) == IDENTITY


def test_what_ends_a_mark_of_which_nothing_is_left_is_not_taken_away():
    """Letters that follow would come under it."""
    empty = [
        item(FORMAT, marker("insertion", f'{{"id":"{HIS_ID}"}}'), left=(1, 3), right=(1, 4)),
        item(FORMAT, marker("insertion", "null"), left=(9, 0), right=(1, 4)),
    ]
    made = room()
    made.told(written((9, 0, empty)))
    assert refuses(written((ME, 0, [item(STRING, letters("х"), left=END)])), made) == ""
    assert refuses(written(deletes=[(9, 1, 1)]), made) == IDENTITY
    assert refuses(written(deletes=[(1, 2, 1)]), made) == ""


def test_a_border_alone_is_not_marked_in_anothers_name_but_by_undo():
    """Where only a border of paragraphs is suggested to go, the mark is on an anchor, which is no letter."""
    made = Room(text(paragraph(words("Заң\u200b")), paragraph(words("\u200bбар"))))
    anchor = {"insertion": {"id": HIS_ID}}
    replica = made.replica()
    with replica.change():
        replica.line(2).format(6, 9, anchor)
    assert refuses(replica.sent[0], made) == IDENTITY
    assert made.take(replica.sent[0], suggester(BOLAT, HIS)) == ""
    replica = made.replica()
    with replica.change():
        replica.line(2).format(6, 9, {"insertion": None})
    with replica.change():
        replica.line(2).format(6, 9, anchor)
    assert [refuses(update, made) for update in replica.sent] == ["", ""]


@pytest.mark.parametrize("grant", [editor(), suggester()], ids=["editor", "suggester"])
def test_no_more_borders_are_marked_in_anothers_name(grant):
    made = room()
    assert made.take(by_him(), suggester(BOLAT, HIS)) == ""
    structs = [
        item(FORMAT, marker("insertion", f'{{"id":"{HIS_ID}"}}'), left=(1, 3), right=(1, 4)),
        item(STRING, letters("\u200b"), left=(ME, 0), right=(1, 4)),
        item(FORMAT, marker("insertion", "null"), left=(ME, 1), right=(1, 4)),
    ]
    assert refuses(written((ME, 0, structs)), made, grant) == IDENTITY


def test_no_border_is_typed_into_what_another_suggests_to_put_in():
    made = room()
    assert made.take(by_him(), suggester(BOLAT, HIS)) == ""
    assert refuses(written((ME, 0, [item(STRING, letters("\u200b"), left=(9, 2))])), made) == IDENTITY
    assert refuses(written(deletes=[(9, 3, 1)]), made) == ""  # part of it is taken out
    assert refuses(written((ME, 0, [item(STRING, letters("\u200b"), left=(9, 2))])), made) == IDENTITY


def by_him() -> bytes:
    """Letters that Bolat suggests to put in after those that stand there."""
    json = f'{{"id":"{HIS_ID}"}}'
    structs = [
        item(FORMAT, marker("insertion", json), left=END),
        item(STRING, letters("енді"), left=(9, 0)),
        item(FORMAT, marker("insertion", "null"), left=(9, 4)),
    ]
    return written((9, 0, structs))


def test_what_another_suggests_to_change_in_a_line_stays_what_it_is():
    change = {"type": "mark", "previousValue": None, "newValue": {"type": "bold"}}
    theirs = {"id": HIS_ID, **change}
    made = Room(text(paragraph(words("Заң", {"type": "modification", "attrs": theirs}))))
    (name,) = made.replica().line(2).diff()[0][1]
    other = {**theirs, "newValue": {"type": "link", "attrs": {"href": "https://example.org/"}}}
    for grant in (editor(), suggester()):
        replica = made.replica()
        with replica.change():
            replica.line(2).format(0, 6, {name: other})
        assert refuses(replica.sent[0], made, grant) != ""


def test_what_is_nested_too_deeply_to_be_read_is_not_understood():
    """A mark below the deepest level that is read would be shown to readers and seen by no check."""
    node = paragraph(words("жоқ", mark("insertion", HIS_ID)))
    for _ in range(DEEPEST + 2):
        node = {"type": "blockquote", "content": [node]}
    made = room()
    replica = made.replica()
    with replica.change():
        replica.add(1, node)
    assert refuses(replica.sent[0], made) == "not understood"


@pytest.mark.parametrize("inside", [XmlElement("paragraph"), XmlText("ішінде")], ids=["element", "text"])
def test_a_node_within_a_line_is_not_understood(inside):
    made = room()
    replica = made.replica()
    with replica.change():
        replica.line(0).insert_embed(0, inside, {"insertion": {"id": HIS_ID}})
    assert refuses(replica.sent[0], made) == "not understood"


@pytest.mark.parametrize(
    "struct",
    [
        item(STRING, letters("аб"), left=PARAGRAPH),
        item(STRING, letters("аб"), right=PARAGRAPH),
        item(STRING, letters("аб")),
        item(STRING, letters("аб"), left=LINE),
        item(STRING, letters("аб"), parent=PARAGRAPH),
        item(ANY, values(value("аб")), left=PARAGRAPH),
    ],
)
def test_letters_among_nodes_are_not_understood(struct):
    """Whatever follows on them there would be read by browsers and not by the server."""
    assert refuses(written((ME, 0, [struct]))) == "not understood"
    made = room()
    assert refuses(written((ME, 0, [item(STRING, letters("х"), left=END)])), made) == ""
    assert refuses(written((8, 0, [struct])), made) == "not understood"


def test_letters_do_not_come_among_nodes_after_what_is_only_taken_for_letters():
    """Who typed a letter claims, as letters that follow it, the places in the history where nodes stand."""
    typed = written((ME, 0, [item(STRING, letters("аб"), left=END)]))
    nodes = written((ME, 2, [item(TYPE, element("heading"), left=PARAGRAPH)]))
    made = room()
    assert [refuses(update, made) for update in (typed, nodes)] == ["", ""]
    again = written((ME, 2, [item(STRING, letters("вгд"), left=(ME, 1))]))
    assert refuses(again, made) == "not understood"
    made = room()
    gone = written((ME, 0, [item(STRING, letters("а"), left=END), item(1, uint(3), left=PARAGRAPH)]))
    assert refuses(gone, made) == ""
    assert refuses(written((ME, 4, [item(STRING, letters("б"), left=(ME, 2))])), made) == "not understood"


def test_who_types_on_is_not_looked_at():
    """Plain typing costs no reading of the document."""
    made = room()
    assert refuses(written((ME, 0, [item(STRING, letters("а"), left=END)])), made) == ""
    made.watch._caught_up = None
    for clock in range(1, 5):
        typed = written((ME, clock, [item(STRING, letters("б"), left=(ME, clock - 1))]))
        assert refuses(typed, made) == ""
    assert refuses(written(deletes=[(ME, 1, 2)]), made) == ""


@pytest.mark.parametrize("value_sent", [None, "x", 7, [HIS_ID], True], ids=str)
def test_a_mark_on_a_block_without_an_identity_is_nobodys(value_sent):
    """A browser shows the block as suggested, by nobody."""
    assert refuses(attribute(values(value(value_sent)))) == IDENTITY


def test_changes_that_build_on_each_other_in_a_circle_wait_in_no_document():
    """A later write could set them free."""
    first = (5, 0, [item(STRING, letters("а"), left=(6, 0))])
    second = (6, 0, [item(STRING, letters("б"), left=(5, 0))])
    made = room()
    assert refuses(written(first, second), made) != ""


def test_an_empty_document_and_an_empty_update():
    made = Room.of(Doc().get_update())
    assert made.take(b"\x00\x00", editor()) == ""
