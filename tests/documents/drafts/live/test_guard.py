"""What may be written into a live text, by whom: each attack is refused, what honest browsers do is not."""

import random

import pytest
from pycrdt import XmlText

from coalition.realtime.backend import LACKING, SUGGEST_ONLY
from documents.drafts.live.guard import APPROVED, IDENTITY, _Copy
from documents.drafts.live.suggestions import doc_to_json, open_suggestions_in, reject_all
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
PLAIN = text(paragraph(words("Заң оларды көрмеді.")), paragraph(words("Екі.")))
THEIRS = text(
    paragraph(words("Заң "), words("енді ", mark("insertion", HIS_ID)), words("көрмеді.")),
    paragraph(words("Ескі ", mark("deletion", HIS_ID)), words("сөз.")),
    paragraph(words("Жаңа"), marks=(mark("insertion", HIS_ID),)),
)
BLOCK = {
    "type": "approvedBlock",
    "attrs": {"version": "0190a000-0000-7000-8000-000000000001", "hash": "a" * 64},
    "content": [paragraph(words("Бекітілген."))],
}


def wrote(room, grant, *changes):
    """What the server says of each write of one browser."""
    replica = room.replica()
    for change in changes:
        with replica.change():
            change(replica)
    return [room.take(update, grant) for update in replica.sent]


def one(room, grant, change):
    (reason,) = wrote(room, grant, change)
    return reason


def insertion(whose=None):
    return {"insertion": {"id": whose or identity()}}


def inserted(replica):
    replica.type_at(2, 0, "Біз: ", **insertion())


def of_another(person=BOLAT, organisation=HIS):
    return lambda replica: replica.type_at(2, 0, "Біз: ", **insertion(identity(person, organisation, 7)))


# --- who may only suggest ------------------------------------------------------------------------------


def test_a_suggestion_in_the_own_name_is_taken():
    room = Room(PLAIN)
    assert one(room, suggester(), inserted) == ""
    assert [found.person for found in open_suggestions_in(doc_to_json(room.doc))] == [ANNA]


def test_words_of_the_title_can_be_suggested_too():
    room = Room(PLAIN)
    assert one(room, suggester(), lambda replica: replica.type_at(0, 0, "Біз: ", **insertion())) == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.type_at(2, 0, "Біз: "),
        lambda r: r.type_at(0, 0, "Біз: "),
        lambda r: r.line(2).__delitem__(slice(0, 2)),
        lambda r: r.line(2).format(0, 6, {"bold": {}}),
        lambda r: r.root.children.__delitem__(3),
        lambda r: r.add(3, paragraph(words("Жаңа."))),
        lambda r: r.block(2).attributes.__setitem__("level", 2),
        lambda r: r.add(2, {"type": "heading", "attrs": {"level": 2}, "content": [words("Жаңа.")]}),
        lambda r: r.root.children.__delitem__(slice(0, 4)),
        lambda r: r.add(0, {"type": "title", "content": [words("Басқа")]}),
    ],
    ids=[
        "words",
        "title",
        "deletion",
        "bold",
        "a block goes",
        "a block comes",
        "attribute",
        "heading",
        "all goes",
        "title twice",
    ],
)
def test_direct_edits_are_refused(change):
    room = Room(PLAIN)
    assert one(room, suggester(), change) == SUGGEST_ONLY
    assert doc_to_json(room.doc) == PLAIN


def test_a_new_block_and_another_kind_of_block_can_be_suggested():
    room = Room(PLAIN)
    level = {"id": identity(), "type": "attr", "attrName": "level", "previousValue": None, "newValue": 2}

    def suggest(replica):
        replica.add(3, paragraph(words("Жаңа."), marks=(mark("insertion"),)))
        replica.block(2).attributes["level"] = 2
        replica.block(2).attributes["__mark_modification--AAAAAAAA"] = level

    # A paragraph has no level: nothing is said of it, the attribute is not taken back by rejecting.
    assert one(room, suggester(), suggest) == SUGGEST_ONLY
    quotation = {"type": "quotation", "attrs": {"speaker": "А", "role": "төраға"}, "content": [paragraph()]}
    room = Room(text(quotation))
    change = {"id": identity(), "type": "attr", "attrName": "role", "newValue": "мүше"}

    def forged(replica, before):
        replica.block(2).attributes["role"] = "мүше"
        replica.block(2).attributes["__mark_modification--AAAAAAAA"] = {**change, "previousValue": before}

    assert one(room, suggester(), lambda replica: forged(replica, "дос")) == SUGGEST_ONLY
    assert one(room, suggester(), lambda replica: forged(replica, "төраға")) == ""


@pytest.mark.parametrize(
    ("person", "organisation"), [(BOLAT, HIS), (ANNA, HIS), (BOLAT, HERS)], ids=["both", "for", "person"]
)
@pytest.mark.parametrize("grant", [suggester(), editor()], ids=["suggester", "editor"])
def test_nobody_suggests_in_anothers_name(grant, person, organisation):
    room = Room(PLAIN)
    assert one(room, grant, of_another(person, organisation)) == IDENTITY
    assert doc_to_json(room.doc) == PLAIN


@pytest.mark.parametrize("identity_sent", ["", "x", f"{ANNA}.{HERS}", 7, None], ids=str)
def test_a_suggestion_names_who_makes_it(identity_sent):
    room = Room(PLAIN)
    made = {"insertion": {"id": identity_sent}}
    assert one(room, suggester(), lambda replica: replica.type_at(2, 0, "Біз: ", **made)) == IDENTITY


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.line(2).format(7, 16, {"insertion": None}),
        lambda r: r.line(2).__delitem__(slice(7, 16)),
        lambda r: r.line(3).format(0, 9, {"deletion": None}),
        lambda r: r.root.children.__delitem__(4),
        lambda r: r.block(4).attributes.__delitem__("__mark_insertion"),
    ],
    ids=["taken in", "taken out", "kept", "block out", "block in"],
)
def test_others_suggestions_are_decided_on_by_who_may_write(change):
    assert one(Room(THEIRS), suggester(), change) in {SUGGEST_ONLY, IDENTITY}
    assert one(Room(THEIRS), editor(), change) == ""
    assert one(Room(THEIRS), suggester(BOLAT, HIS), change) in {"", SUGGEST_ONLY}


def test_an_own_suggestion_is_taken_back():
    room = Room(THEIRS)
    assert one(room, suggester(BOLAT, HIS), lambda replica: replica.line(2).__delitem__(slice(7, 16))) == ""


@pytest.mark.parametrize("grant", [suggester(), editor()], ids=["suggester", "editor"])
@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.type_at(2, 9, "жаман ", **insertion(HIS_ID)),  # within: no id is in this update
        lambda r: r.line(2).format(16, 20, {"insertion": {"id": HIS_ID}}),
        lambda r: r.line(3).format(9, 15, {"deletion": {"id": HIS_ID}}),
        lambda r: r.block(2).attributes.__setitem__("__mark_deletion", {"id": HIS_ID}),
        # The name of the attribute is not in this update: it takes the place of another value.
        lambda r: r.block(4).attributes.__setitem__("__mark_insertion", {"id": identity(BOLAT, HIS, 9)}),
    ],
    ids=["within", "lengthened", "more deleted", "a block", "renamed"],
)
def test_nothing_is_added_to_what_another_suggests(grant, change):
    room = Room(THEIRS)
    assert one(room, grant, change) in {IDENTITY, SUGGEST_ONLY}
    assert doc_to_json(room.doc) == THEIRS


def test_words_within_anothers_new_block_carry_the_own_mark():
    room = Room(THEIRS)
    assert one(room, suggester(), lambda replica: replica.type_at(4, 0, "Менің ")) == IDENTITY
    assert one(room, suggester(), lambda replica: replica.type_at(4, 0, "Менің ", **insertion())) == ""
    assert one(room, editor(), lambda replica: replica.type_at(4, 0, "Редактор ")) == ""


def test_accepting_is_undone():
    room = Room(THEIRS)
    accept, undo = (
        lambda replica: replica.line(2).format(7, 16, {"insertion": None}),
        lambda replica: replica.line(2).format(7, 16, {"insertion": {"id": HIS_ID}}),
    )
    assert wrote(room, editor(), accept, undo) == ["", ""]
    # With more words than he had suggested it is no undo.
    assert wrote(
        room, editor(), accept, lambda r: r.line(2).format(0, 16, {"insertion": {"id": HIS_ID}})
    ) == [
        "",
        IDENTITY,
    ]


# --- who writes at once ------------------------------------------------------------------------------------


@pytest.mark.parametrize("grant", [suggester(), editor()], ids=["suggester", "editor"])
def test_who_wrote_where_another_deleted_at_the_same_time_loses_nothing(grant):
    room = Room(PLAIN)
    late = room.replica()
    deletes = room.replica()
    with deletes.change():
        deletes.line(2).format(0, 20, {"deletion": {"id": HIS_ID}})
    assert room.take(deletes.sent[0], suggester(BOLAT, HIS)) == ""
    with late.change():
        late.type_at(2, 7, "енді ", **(insertion() if grant.suggests_only else {}))
    assert room.take(late.sent[0], grant) == ""
    assert len(open_suggestions_in(doc_to_json(room.doc))) == (2 if grant.suggests_only else 1)


def test_what_other_processes_tell_is_known():
    room = Room(PLAIN)
    elsewhere = room.replica()
    assert one(room, suggester(), inserted) == ""
    with elsewhere.change():
        elsewhere.add(3, BLOCK)
        elsewhere.type_at(2, 0, "Ол: ", **insertion(HIS_ID))
    room.told(elsewhere.sent[0])
    assert one(room, editor(), lambda r: r.type_at(2, 2, "х")) in {IDENTITY, ""}
    assert one(room, editor(), lambda r: r.block(3).children[0].children[0].insert(0, "х")) == APPROVED


@pytest.mark.parametrize("grant", [suggester(), editor()], ids=["suggester", "editor"])
def test_nobody_changes_approved_words(grant):
    room = Room(text(BLOCK, paragraph(words("Сөз."))))
    inside = lambda replica: replica.block(2).children[0].children[0]  # noqa: E731  one line of a test
    assert one(room, grant, lambda r: inside(r).insert(0, "Не ")) == APPROVED
    assert one(room, grant, lambda r: inside(r).insert(0, "Не ", insertion())) == APPROVED
    assert one(room, grant, lambda r: inside(r).format(0, 4, {"deletion": {"id": identity()}})) == APPROVED
    comment = {"comment--AAAAAAAA": {"id": "0190a000-0000-7000-8000-000000000009"}}
    assert one(room, grant, lambda r: inside(r).format(0, 4, comment)) == ""


def test_who_may_write_takes_an_approved_block_out_and_who_suggests_suggests_it():
    room = Room(text(BLOCK, paragraph(words("Сөз."))))
    deletion = {"id": identity()}
    assert (
        one(room, suggester(), lambda r: r.block(2).attributes.__setitem__("__mark_deletion", deletion)) == ""
    )
    assert one(room, editor(BOLAT, HIS), lambda r: r.root.children.__delitem__(2)) == ""


@pytest.mark.parametrize("grant", [suggester(), editor()], ids=["suggester", "editor"])
def test_no_browser_makes_a_block_of_approved_words(grant):
    """Whatever it says of whose words they are: the server alone puts them in."""
    suggested = {**BLOCK, "marks": [mark("insertion", identity())]}
    for block in (BLOCK, suggested, {**paragraph(), "type": "blockquote", "content": [BLOCK]}):
        assert one(Room(PLAIN), grant, lambda r, block=block: r.add(3, block)) == APPROVED
    other = {**BLOCK, "attrs": {**BLOCK["attrs"], "hash": "b" * 64}}
    room = Room(text(BLOCK, paragraph(words("Сөз."))))
    assert one(room, grant, lambda r: r.add(3, other)) == APPROVED
    assert one(room, editor(), lambda r: r.block(2).attributes.__setitem__("hash", "b" * 64)) == APPROVED


def test_approved_words_move_and_come_back():
    room = Room(text(paragraph(words("Сөз.")), BLOCK, paragraph(words("Соңы."))))

    def move(replica):
        del replica.root.children[3]
        replica.add(2, BLOCK)

    assert one(room, editor(), move) == ""
    assert one(room, editor(), lambda r: r.root.children.__delitem__(2)) == ""
    assert one(room, editor(), lambda r: r.type_at(2, 0, "Енді ")) == ""
    assert one(room, editor(BOLAT, HIS), lambda r: r.add(4, BLOCK)) == ""
    again = {**BLOCK, "marks": [mark("insertion", identity())]}
    assert one(room, suggester(), lambda r: r.add(2, again)) == ""


def test_what_builds_on_what_is_not_here_is_not_taken():
    room = Room(PLAIN)
    ahead = room.replica()
    with ahead.change():
        ahead.type_at(2, 0, "Біз: ", **insertion())
    with ahead.change():
        ahead.type_at(2, 0, "Анна: ", **insertion())
    assert room.take(ahead.sent[1], suggester()) == LACKING
    assert room.take(ahead.sent[0], suggester()) == ""
    assert room.take(ahead.sent[1], suggester()) == ""


def test_others_go_on_after_a_refusal():
    room = Room(THEIRS)
    assert one(room, suggester(), lambda replica: replica.type_at(2, 0, "х")) == SUGGEST_ONLY
    assert one(room, suggester(), inserted) == ""
    assert one(room, editor(BOLAT, HIS), lambda replica: replica.type_at(2, 0, "у")) == ""
    stands = reject_all(doc_to_json(room.doc))["content"][2]["content"][0]["text"]
    assert stands.startswith("у")
    assert "х" not in stands


def something(replica, pick):
    """One change at random."""
    blocks = len(replica.root.children)
    at, kind = pick.randrange(blocks), pick.randrange(5)
    if kind == 0 and blocks > 3:
        del replica.root.children[at : min(at + pick.randrange(1, 3), blocks)]
    elif kind == 1:
        replica.add(at, paragraph(words(f"Жаңа {at}"), words("!", mark("insertion"))))
    elif kind == 2:
        replica.block(at).attributes["level"] = pick.randrange(4)
    elif kind == 3 and len(replica.block(at).children):
        replica.block(at).children[0].insert(0, "ә🌷")
    else:
        replica.block(at).children.append(XmlText("соңы"))


@pytest.mark.parametrize("seed", range(6))
def test_the_copy_that_judges_is_the_document_whatever_changes(seed):
    pick = random.Random(seed)
    server = Room(THEIRS)
    copy = _Copy(server.doc.get_update())
    browsers = [server.replica() for _ in range(2)]
    for _ in range(25):
        for replica in browsers:
            with replica.change():
                something(replica, pick)
                something(replica, pick)
        written = [list(replica.sent) for replica in browsers]
        for update in [*written[0], *written[1]]:
            copy.apply(update)
            for replica in browsers:
                replica.doc.apply_update(update)
        for replica in browsers:
            replica.sent.clear()
        assert copy.marked == doc_to_json(browsers[0].doc) == doc_to_json(browsers[1].doc)
    assert copy.owners == _Copy(browsers[0].doc.get_update()).owners
