"""Edits that the server makes, while people write in the same text."""

from coalition.realtime.models import LiveUpdate
from coalition.realtime.store import stored_document
from documents.drafts.actions.manage import save_text
from documents.drafts.live.backend import edit_text, marked_of, replace_content
from documents.drafts.live.suggestions import doc_to_json
from tests.documents.conftest import body, suggest
from tests.documents.drafts.live.writing import Replica, mark, paragraph, text as text_of, words


def replica_of(text):
    return Replica(stored_document(text.uuid).get_update())


def say(*lines):
    return {"title": "T", "lead": "", "body": body(*lines)}


def test_who_types_in_a_block_that_stays_loses_nothing(room, text):
    room.write(text, "editor", "Бір.", "Екі.", "Үш.")
    browser = replica_of(text)
    with browser.change():
        browser.type_at(2, 7, " Тағы 🌷")
    access = room.access("coordinator")
    save_text(
        access=access, text=text, title="Жаңа атау", lead="", body=body("Бір.", "Басқа.", "Үш.", "Төрт.")
    )
    server = stored_document(text.uuid)
    server.apply_update(browser.sent[0])
    browser.doc.apply_update(server.get_update())
    said = [block["content"][0]["text"] for block in doc_to_json(server)["content"] if block.get("content")]
    assert said == ["Жаңа атау", "Бір. Тағы 🌷", "Басқа.", "Үш.", "Төрт."]
    assert doc_to_json(browser.doc) == doc_to_json(server)


def test_an_edit_is_one_row_in_the_persons_name(room, text):
    room.write(text, "editor", "One.")
    by = room.access("coordinator")
    count = LiveUpdate.objects.count()
    edit_text(
        text=text,
        author=by.user,
        organisation=by.organisation,
        change=lambda marked: replace_content(marked, say("Two.", "Three.")),
    )
    row = LiveUpdate.objects.order_by("pk").last()
    assert LiveUpdate.objects.count() == count + 1
    assert (row.author, row.organisation) == (by.user.uuid, by.organisation.uuid)
    edit_text(text=text, author=None, organisation=None, change=lambda marked: marked)
    assert LiveUpdate.objects.count() == count + 1


def test_the_server_in_nobodys_name_takes_nobodys_place(room, text):
    room.write(text, "editor", "One.")
    edited = edit_text(
        text=text, author=None, organisation=None, change=lambda marked: replace_content(marked, say("Two."))
    )
    assert (edited.revision, edited.changed_by) == (2, room.user("editor"))


def test_a_text_that_nobody_opened_is_read_as_it_will_be_opened(room, text):
    assert marked_of(text) == text_of(title="")
    room.write(text, "editor", "One.")
    assert marked_of(text)["content"][2] == paragraph(words("One."))
    suggest(room, text, "reviewer", " More.")
    assert marked_of(text) == doc_to_json(stored_document(text.uuid))


def test_blocks_that_say_the_same_keep_what_is_marked_in_them():
    comment = {"type": "comment", "attrs": {"id": "0190a000-0000-7000-8000-000000000009"}}
    kept = paragraph(words("Бір "), words("екі", comment), words("!", mark("insertion")))
    marked = text_of(kept, paragraph(words("Үш", comment)), title="T")
    made = replace_content(marked, say("Бір екі", "Төрт"))["content"]
    assert made[2:] == [kept, paragraph(words("Төрт"))]


def test_a_border_that_was_only_suggested_is_no_border_any_more():
    first = paragraph(words("Бір "), words("\u200b", mark("insertion")))
    second = paragraph(words("\u200b", mark("insertion")), words("екі"))
    made = replace_content(text_of(first, second, title="T"), say("Бір екі", "Үш"))["content"]
    assert made[2:] == [paragraph(words("Бір екі")), paragraph(words("Үш"))]


def test_a_text_without_words_is_written_from_nothing(room, text):
    saved = save_text(
        access=room.access("editor"), text=text, title="Бірінші", lead="Кіріспе", body=body("Сөз")
    )
    assert marked_of(saved) == text_of(paragraph(words("Сөз")), title="Бірінші") | {
        "content": [
            {"type": "title", "content": [words("Бірінші")]},
            {"type": "lead", "content": [words("Кіріспе")]},
            paragraph(words("Сөз")),
        ]
    }
