"""A Word file brought back into its text: every change once, under its author's name, at its place."""

import pytest

from documents.drafts.live.suggestions import accept_all, reject_all
from documents.files.types import w
from documents.interchange.formats import SuggestionDisplay
from tests.documents.interchange.bringing import NOBODY, VIEWS, bring, docx, odt, words
from tests.documents.interchange.made import (
    ASEL,
    DANA,
    comment,
    doc,
    fact,
    footnote,
    gap,
    gone,
    identity,
    ins,
    node,
    para,
    text,
    thread,
)
from tests.documents.interchange.word import WordFile

LAWYER = "Лаура Заңгер"


def edited(base, *edits, view=SuggestionDisplay.SUGGESTIONS, now=None):
    """The text after a file of it was edited and brought back."""
    file = WordFile(docx(VIEWS[view](base)))
    for name, *given in edits:
        named = given.pop() if isinstance(given[-1], dict) else {}
        getattr(file, name)(*given, **named)
    return bring(file.saved(), base, now, view=view)


BASE = doc(
    para("Біз бәріміз осыны ", text("анық ", {"type": "bold"}), "айтамыз."),
    para("Екінші абзацта тағы бір сөйлем бар."),
    para("Соңғы абзац осы."),
)


def test_an_untouched_file_gives_nothing():
    for make in (docx, odt):
        made = bring(make(BASE), BASE)
        assert (made.asked.edits, made.marked) == ([], BASE)


def test_an_insertion_stands_where_it_was_typed():
    made = edited(BASE, ("insert", " міндетті түрде", LAWYER, {"after": "бәріміз"}))
    assert made.new == [("insert", "", " міндетті түрде", LAWYER)]
    assert words(accept_all(made.marked))[1] == "Біз бәріміз міндетті түрде осыны анық айтамыз."
    assert reject_all(made.marked) == BASE


def test_a_deletion_keeps_the_spaces_at_its_edges():
    made = edited(BASE, ("delete", "бәріміз ", LAWYER))
    assert made.new == [("delete", "бәріміз ", "", LAWYER)]
    assert words(accept_all(made.marked))[1] == "Біз осыны анық айтамыз."


def test_a_replacement_is_one_suggestion():
    made = edited(BASE, ("replace", "бәріміз", "барлығымыз", LAWYER))
    assert made.new == [("replace", "бәріміз", "барлығымыз", LAWYER)]


def test_a_change_inside_a_word_is_one():
    made = edited(BASE, ("replace", "мыз.", "сыз.", LAWYER))
    assert made.new == [("replace", "мыз.", "сыз.", LAWYER)]
    assert words(accept_all(made.marked))[1].endswith("айтасыз.")


def test_what_was_changed_without_a_trace_is_found():
    made = edited(BASE, ("write_over", "тағы бір", "екі"))
    assert made.new == [("replace", "тағы бір", "екі", NOBODY)]
    assert words(accept_all(made.marked))[2] == "Екінші абзацта екі сөйлем бар."


def test_a_row_that_was_written_anew_is_one_suggestion():
    base = doc(node("heading", "Кіреберіс", level=2), para("Біз айтамыз."), title="Ескі атау")
    made = edited(base, ("write_over", "Кіреберіс", "Бірінші зал"))
    assert made.new == [("replace", "Кіреберіс", "Бірінші зал", NOBODY)]


def test_each_author_keeps_the_own_changes():
    made = edited(
        BASE,
        ("delete", "бәріміз ", LAWYER),
        ("replace", "сөйлем", "тармақ", "Редактор"),
        ("write_over", "осы.", "мынау."),
    )
    assert [(kind, who) for kind, _before, _after, who in made.new] == [
        ("delete", LAWYER),
        ("replace", "Редактор"),
        ("replace", NOBODY),
    ]


def test_words_under_marks_stay_under_them():
    made = edited(BASE, ("replace", "анық", "ашық", LAWYER))
    first = accept_all(made.marked)["content"][2]["content"]
    assert [(one["text"], bool(one.get("marks"))) for one in first] == [
        ("Біз бәріміз осыны ашық", False),  # typed without the mark
        (" ", True),
        ("айтамыз.", False),
    ]


def test_the_title_and_the_lead_take_words():
    base = doc(para("Сөз"), title="Ескі атау", lead="Ескі кіріспе сөз")
    made = edited(base, ("replace", "Ескі атау", "Жаңа атау", LAWYER), ("delete", " сөз", LAWYER))
    assert [one[1:3] for one in made.new] == [("Ескі атау", "Жаңа атау"), (" сөз", "")]
    assert words(accept_all(made.marked))[:2] == ["Жаңа атау", "Ескі кіріспе"]


# --- paragraphs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("author", [LAWYER, None])
def test_a_new_paragraph_is_a_suggested_block(author):
    made = edited(BASE, ("new_paragraph", "Жаңа абзац.", author, {"after": "Екінші"}))
    assert made.new == [("insert", "", "Жаңа абзац.", author or NOBODY)]
    assert words(accept_all(made.marked))[3] == "Жаңа абзац."
    assert reject_all(made.marked) == BASE


def test_new_paragraphs_stand_in_their_order():
    made = edited(
        BASE,
        ("new_paragraph", "Жаңа екінші.", LAWYER, {"after": "Екінші"}),
        ("new_paragraph", "Жаңа бірінші.", LAWYER, {"after": "Екінші"}),
        ("new_paragraph", "Ізсіз.", None, {"after": "Соңғы"}),
    )
    assert [row for row in words(accept_all(made.marked)) if row.startswith(("Жаңа", "Ізсіз"))] == [
        "Жаңа бірінші.",
        "Жаңа екінші.",
        "Ізсіз.",
    ]


def test_a_deleted_paragraph_goes_as_a_whole():
    made = edited(BASE, ("delete_paragraph", "Екінші абзацта тағы бір сөйлем бар.", LAWYER))
    assert made.new == [("delete", "Екінші абзацта тағы бір сөйлем бар.", "", LAWYER)]
    assert accept_all(made.marked)["content"][2:] == [BASE["content"][2], BASE["content"][4]]


def test_a_split_paragraph_and_two_that_were_joined():
    made = edited(BASE, ("split", "тағы ", LAWYER))
    assert made.new == [("paragraph", "", "", LAWYER)]
    assert words(accept_all(made.marked))[2:4] == ["Екінші абзацта тағы ", "бір сөйлем бар."]
    assert words(reject_all(made.marked)) == words(BASE)
    made = edited(BASE, ("mark_end", "Екінші", "del", LAWYER))
    assert made.new == [("paragraph", "", "", LAWYER)]
    assert words(accept_all(made.marked))[2] == "Екінші абзацта тағы бір сөйлем бар.Соңғы абзац осы."


def test_items_and_cells_keep_their_place():
    cells = node("tableRow", node("tableCell", para("Ұяшық")), node("tableCell", para("Екінші ұяшық")))
    base = doc(
        node("bulletList", node("listItem", para("бір")), node("listItem", para("екі"))),
        node("quotation", para("Дәйексөз"), speaker="Айгүл", role=""),
        node("table", cells),
    )
    made = edited(
        base,
        ("new_paragraph", "бір жарым", LAWYER, {"after": "бір"}),
        ("replace", "Дәйексөз", "Сөз", LAWYER),
        ("new_paragraph", "тағы жол", LAWYER, {"after": "Ұяшық"}),
        ("write_over", "Екінші ұяшық", "Басқа ұяшық"),
    )
    after = accept_all(made.marked)["content"]
    assert [words(item) for item in after[2]["content"]] == [["бір"], ["бір жарым"], ["екі"]]
    assert words(after[3]) == ["Сөз"]
    assert [words(cell) for cell in after[4]["content"][0]["content"]] == [
        ["Ұяшық", "тағы жол"],
        ["Басқа ұяшық"],
    ]


# --- what is no plain word --------------------------------------------------------------------------


def test_a_fact_that_was_changed_becomes_words_with_its_source():
    base = doc(para("Бізде ", fact("85 процент", "ІІМ"), " осындай."))
    made = edited(base, ("write_over", "процент", "пайыз"))
    (suggestion,) = made.new
    assert suggestion[0] == "replace"
    assert words(accept_all(made.marked))[1] == "Бізде 85 пайыз[ІІМ] осындай."
    assert reject_all(made.marked) == base


def test_a_gap_that_was_filled_becomes_words():
    base = doc(para("Кеше ", gap("қала"), " қаласында"))
    file = WordFile(docx(base))
    shown = "".join(file.paragraph("Кеше").itertext()).strip().removeprefix("Кеше ").partition("]")[0] + "]"
    file.replace(shown, "Шымкент", LAWYER)
    made = bring(file.saved(), base)
    assert words(accept_all(made.marked))[1] == "Кеше Шымкент қаласында"


def test_a_note_that_stays_is_no_change_and_one_that_goes_is():
    base = doc(para("Сөз", footnote("Түсіндірме"), " және соңы."))
    assert edited(base, ("insert", " жаңа", LAWYER, {"after": "және"})).new == [
        ("insert", "", " жаңа", LAWYER)
    ]
    file = WordFile(docx(base))
    for reference in list(file.root.iter(w("footnoteReference"))):
        run = reference.getparent()
        run.getparent().remove(run)
    made = bring(file.saved(), base)
    assert made.new == [("delete", "[Түсіндірме]", "", NOBODY)]


@pytest.mark.parametrize(
    ("base", "words_there", "code"),
    [
        (doc(node("quotation", para("Сөз"), speaker="Айгүл", role="заңгер")), "Айгүл", "attached"),
        (doc(node("approvedBlock", para("Бекіген сөз"), version="v", hash="h")), "Бекіген", "approved"),
    ],
)
def test_what_cannot_be_suggested_is_told(base, words_there, code):
    made = edited(base, ("write_over", words_there, "Басқа"))
    assert made.new == []
    assert made.marked == base
    assert {one[0] for one in made.done.not_taken} == {code}


# --- suggestions that were there --------------------------------------------------------------------

OPEN = doc(
    para(
        "Біз ",
        text("бәріміз ", ins(identity(DANA, 7))),
        text("ескі ", gone(identity(ASEL, 8))),
        "сөзді айтамыз.",
    ),
    para("Бүтін жаңа абзац.", marks=[ins(identity(DANA, 9))]),
    para("Соңы."),
)


def test_suggestions_that_were_there_stay_themselves():
    made = edited(OPEN, ("insert", " міне", LAWYER, {"after": "сөзді"}))
    assert made.new == [("insert", "", " міне", LAWYER)]
    assert made.kept == [identity(DANA, 7), identity(ASEL, 8), identity(DANA, 9)]


def test_a_suggestion_beside_another_one_is_a_new_one():
    made = edited(OPEN, ("insert", "бірге ", LAWYER, {"after": "бәріміз "}))
    assert made.new == [("insert", "", "бірге ", LAWYER)]
    assert words(accept_all(made.marked))[1] == "Біз бәріміз бірге сөзді айтамыз."
    assert made.kept[0] == identity(DANA, 7)


def test_words_inside_of_somebodys_insertion_that_were_struck_are_told():
    made = edited(OPEN, ("delete", "бәріміз", LAWYER))
    assert made.new == []
    assert made.done.not_taken == [("inside_suggestion", "бәріміз")]


def test_what_was_accepted_or_rejected_in_the_file_stays_open_here():
    file = WordFile(docx(OPEN))
    file.accept("бәріміз ")
    file.reject("ескі ")
    made = bring(file.saved(), OPEN)
    assert made.marked == OPEN
    assert made.asked.taken == {identity(DANA, 7)}
    assert made.asked.refused == {identity(ASEL, 8)}


SHARED = doc(
    para(
        "Біз айтамыз: ",
        text("заң әлі де жоқ", gone(identity(ASEL, 8))),
        text("қорғайтын ереже жоқ", ins(identity(ASEL, 8))),
        ", сондықтан керек.",
    )
)


def settled_in_word(marked, *, accepted_words=(), rejected_words=()):
    """The file after Word's own Accept or Reject of a whole replacement."""
    file = WordFile(docx(marked))
    for new, old in accepted_words:
        file.accept(new)
        file.drop("del", old)
    for new, old in rejected_words:
        file.reject(old)
        file.drop("ins", new)
    return file


PAIR = ("қорғайтын ереже жоқ", "заң әлі де жоқ")


def test_an_accepted_replacement_whose_old_and_new_words_share_some_brings_nothing():
    made = bring(settled_in_word(SHARED, accepted_words=[PAIR]).saved(), SHARED)
    assert (made.new, made.marked) == ([], SHARED)
    assert (made.asked.taken, made.asked.refused) == ({identity(ASEL, 8)}, set())


def test_a_rejected_replacement_whose_old_and_new_words_share_some_brings_nothing():
    made = bring(settled_in_word(SHARED, rejected_words=[PAIR]).saved(), SHARED)
    assert (made.new, made.marked) == ([], SHARED)
    assert (made.asked.taken, made.asked.refused) == (set(), {identity(ASEL, 8)})


def test_words_that_are_added_beside_and_inside_of_an_accepted_replacement_come_in_alone():
    file = settled_in_word(SHARED, accepted_words=[PAIR])
    file.insert(" анық", LAWYER, after="Біз")
    file.insert(" нақты", LAWYER, after="қорғайтын")
    made = bring(file.saved(), SHARED)
    assert made.new == [("insert", "", " анық", LAWYER), ("insert", "", " нақты", LAWYER)]
    assert words(accept_all(made.marked))[1] == (
        "Біз анық айтамыз: қорғайтын нақты ереже жоқ, сондықтан керек."
    )
    assert reject_all(made.marked) == reject_all(SHARED)


def test_an_accepted_replacement_beside_an_untracked_edit_does_not_come_in_again():
    file = settled_in_word(SHARED, accepted_words=[PAIR])
    file.write_over("керек", "қажет")
    made = bring(file.saved(), SHARED)
    assert made.new == [("replace", "керек", "қажет", NOBODY)]
    assert made.asked.taken == {identity(ASEL, 8)}


@pytest.mark.parametrize("act", ["accept", "reject"])
def test_letters_inside_of_a_word_that_the_file_settled_bring_nothing(act):
    base = doc(
        para("Біз бар", text("мыз", gone(identity(ASEL, 8))), text("дық", ins(identity(DANA, 9))), ".")
    )
    given = {f"{act}ed_words": [("дық", "мыз")]}
    made = bring(settled_in_word(base, **given).saved(), base)
    assert (made.new, made.marked) == ([], base)


def test_of_two_replacements_in_a_row_one_may_be_accepted_and_one_rejected():
    base = doc(
        para(
            "Біз ",
            text("бір сөз", gone(identity(ASEL, 1))),
            text("екі сөз", ins(identity(ASEL, 1))),
            " және ",
            text("үш сөз", gone(identity(DANA, 2))),
            text("төрт сөз", ins(identity(DANA, 2))),
            ".",
        )
    )
    file = settled_in_word(
        base, accepted_words=[("екі сөз", "бір сөз")], rejected_words=[("төрт сөз", "үш сөз")]
    )
    made = bring(file.saved(), base)
    assert (made.new, made.marked) == ([], base)
    assert (made.asked.taken, made.asked.refused) == ({identity(ASEL, 1)}, {identity(DANA, 2)})


@pytest.mark.parametrize("view", [SuggestionDisplay.STANDING, SuggestionDisplay.ACCEPTED])
def test_a_file_without_suggestions_comes_back_too(view):
    made = edited(OPEN, view=view)
    assert (made.new, made.marked) == ([], OPEN)
    made = edited(OPEN, ("replace", "сөзді", "шындықты", LAWYER), view=view)
    assert made.new == [("replace", "сөзді", "шындықты", LAWYER)]
    assert len(made.kept) == 3


# --- a text that went on ----------------------------------------------------------------------------


def test_a_text_that_went_on_keeps_what_was_written_since():
    now = doc(
        para("Кіріспе абзац кейін жазылды."),
        para("Біз бүгін бәріміз осыны ", text("анық ", {"type": "bold"}), "айтамыз."),
        para("Соңғы абзац осы, тағы сөз."),
    )
    made = edited(
        BASE,
        ("replace", "осыны", "мұны", LAWYER),
        ("delete", "тағы бір ", LAWYER),
        ("insert", " дәл", LAWYER, {"after": "Соңғы абзац"}),
        now=now,
    )
    assert [one[1:3] for one in made.new] == [("осыны", "мұны"), ("", " дәл")]
    assert reject_all(made.marked) == now
    assert words(accept_all(made.marked))[2:] == [
        "Біз бүгін бәріміз мұны анық айтамыз.",
        "Соңғы абзац дәл осы, тағы сөз.",
    ]


def test_a_file_that_comes_in_twice_gives_nothing_the_second_time():
    edits = [
        ("replace", "бәріміз", "барлығымыз", LAWYER),
        ("insert", " дәл", LAWYER, {"after": "Соңғы абзац"}),
        ("new_paragraph", "Жаңа абзац.", LAWYER, {"after": "Екінші"}),
        ("delete", "тағы ", LAWYER),
        ("split", "сөйлем ", LAWYER),
    ]
    file = WordFile(docx(BASE))
    for name, *given in edits:
        named = given.pop() if isinstance(given[-1], dict) else {}
        getattr(file, name)(*given, **named)
    first = bring(file.saved(), BASE)
    assert len(first.new) == 5
    # What came in is part of what the file is compared with from then on.
    again = bring(file.saved(), first.marked, name=first.name)
    assert (again.new, again.marked) == ([], first.marked)


# --- comments ---------------------------------------------------------------------------------------


def test_comments_come_with_the_words_that_they_are_about():
    base = doc(para("Біз ", text("бәріміз", comment("t1")), " айтамыз."))
    for make in (docx, odt):
        found = bring(make(base, thread("t1")), base).file.found
        assert [(one.author, one.words) for one in found.comments] == [("Дана О. (Центр)", "Неге?")]
