"""Comments that come in with a Word file: under whose name, told to whom, forgotten when."""

import io

import pytest
from django.utils.translation import gettext, override

from coalition.accounts.models import Listing
from coalition.accounts.naming import viewer_for
from documents.comments.actions import (
    edit_comment,
    reopen_thread,
    reply_in_thread,
    resolve_thread,
    start_thread,
)
from documents.comments.presenters import build_comments_panel
from documents.drafts.live.backend import marked_of
from documents.drafts.models import Audience, Handling, TextKind
from documents.files.types import unpack_archive
from documents.history.actions import anonymise_writers
from documents.interchange.actions.accept import import_as_new_draft
from documents.interchange.actions.upload import read_incoming, upload_new_draft
from documents.interchange.formats import FileFormat
from documents.interchange.presenters import preview_import
from documents.interchange.reader.reasons import read_file
from documents.models import Comment, ExportedFile, Thread
from tests.documents.interchange.raw_word import raw_docx, row, run
from tests.documents.interchange.test_accept import LAWYER, edited, sent, taken, word_file
from tests.documents.interchange.word import WordFile
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
NOT_TOLD = "Somebody by a Word file"
with override("kk"):
    NOT_TOLD_KK = gettext(NOT_TOLD)


@pytest.fixture
def written(room, text):
    return room.write(text, "editor", "Біз заң сұраймыз.", title="Мәлімдеме")


def _author_shown(room, text, who):
    (card,) = build_comments_panel(room.access(who), viewer_for(room.user(who)), text)["cards"]
    return card["comments"][0]["circle"].name


@pytest.mark.parametrize("sender", ["hidden", "editor"])
def test_who_commented_in_a_file_is_named_where_the_organisation_that_brought_it_may_be(
    room, written, sender
):
    """Whoever takes it in: the name is of the confidential organisation's lawyer, or of the editor's."""
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL)
    room.take("editor", name="hidden", organisation=hidden)
    name, content = edited(room, written, ("comment", "Неге осылай?", LAWYER, {"on": "заң"}))
    taken(room, sent(room, written, content, name, by=sender))
    told = f"{LAWYER}, by a Word file"
    assert _author_shown(room, written, "coordinator") == (told if sender == "editor" else NOT_TOLD)
    assert _author_shown(room, written, "reviewer") == (told if sender == "editor" else NOT_TOLD)
    again = WordFile(word_file(room, written, by="reviewer")[1])
    everything = b"".join(again.parts.values()).decode(errors="replace")
    assert "Неге осылай?" in everything
    assert LAWYER not in everything
    assert LAWYER not in str(list(ExportedFile.objects.values_list("shown", flat=True)))


def test_a_confidential_organisations_own_lawyer_is_named_to_coordinators_alone(room, written):
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL)
    room.take("editor", name="hidden", organisation=hidden)
    name, content = edited(room, written, ("comment", "Неге осылай?", LAWYER, {"on": "заң"}))
    taken(room, sent(room, written, content, name, by="hidden"), by="hidden")
    assert _author_shown(room, written, "coordinator") == f"{LAWYER}, by a Word file"
    assert _author_shown(room, written, "reviewer") == NOT_TOLD
    anonymise_writers(written.draft)
    assert _author_shown(room, written, "coordinator") == NOT_TOLD


def test_words_of_a_file_that_somebody_changes_are_theirs(room, written):
    name, content = edited(room, written, ("comment", "Неге осылай?", LAWYER, {"on": "заң"}))
    taken(room, sent(room, written, content, name))
    said = Comment.objects.select_related("thread__text__draft__workspace").get()
    edit_comment(access=room.access("editor"), comment=said, body="Басқа сөз.")
    assert _author_shown(room, written, "reviewer") == room.user("editor").name


@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_a_lawyer_of_an_organisation_that_is_not_told_stands_in_no_file(room, written, listing):
    """Nobody knows where a file ends. The same file comes back once all the same, whoever is named in it."""
    room.take("editor", name="hidden", organisation=OrganisationFactory(listing=listing))
    name, content = edited(room, written, ("replace", "сұраймыз", "талап етеміз", LAWYER), by="hidden")
    assert taken(room, sent(room, written, content, name, by="hidden"), by="hidden").suggestions == 1
    assert taken(room, sent(room, written, content, name, by="hidden"), by="hidden").suggestions == 0
    again, later = word_file(room, written, by="reviewer")
    everything = b"".join(WordFile(later).parts.values()).decode(errors="replace")
    assert "талап етеміз" in everything
    assert LAWYER not in everything
    assert NOT_TOLD_KK in everything
    assert LAWYER not in str(list(ExportedFile.objects.values_list("shown", flat=True)))
    assert taken(room, sent(room, written, later, again)).suggestions == 0


# --- a file that becomes a draft, answers, and what is resolved -----------------------------------------


def said(number, author, words, *, paragraph=""):
    mark = f' w14:paraId="{paragraph}"' if paragraph else ""
    return f'<w:comment w:id="{number}" w:author="{author}"><w:p{mark}>{run(words)}</w:p></w:comment>'


def anchored(number, content):
    return f'<w:commentRangeStart w:id="{number}"/>{content}<w:commentRangeEnd w:id="{number}"/>'


def extended(paragraph, *, parent="", done="0"):
    answers = f' w15:paraIdParent="{parent}"' if parent else ""
    return f'<w15:commentEx w15:paraId="{paragraph}"{answers} w15:done="{done}"/>'


DISCUSSED = raw_docx(
    row(run("Біз "), anchored(1, anchored(2, run("заң"))), run(" сұраймыз."))
    + row(anchored(3, run("Соңы."))),
    comments=said(1, LAWYER, "Неге осылай?", paragraph="0000000A")
    + said(2, "И. Редактор", "Өйткені керек.", paragraph="0000000B")
    + said(3, LAWYER, "Шешілді.", paragraph="0000000C"),
    commentsExtended=extended("0000000A")
    + extended("0000000B", parent="0000000A")
    + extended("0000000C", done="1"),
)


def drafted(room, content, by="contributor"):
    file = upload_new_draft(
        access=room.access(by),
        content=io.BytesIO(content),
        name="Хат.docx",
        title="Хат",
        kind=TextKind.STATEMENT,
        language="kk",
        handling=Handling.COALITION,
    )
    return read_incoming(file)


def test_comments_of_a_file_that_becomes_a_draft_come_in_with_answers_and_what_is_resolved(room, written):
    file = drafted(room, DISCUSSED)
    assert len(preview_import(access=room.access("contributor"), file=file)["comments"]) == 3
    done = import_as_new_draft(access=room.access("contributor"), file=file, choices={})
    assert done.comments == 3
    first, second = Thread.objects.filter(text=done.text)
    assert (first.quote, first.resolved_at is None) == ("заң", True)
    assert (second.quote, second.resolved_at is None) == ("Соңы.", False)
    assert [(one.guest_name, one.body) for one in first.comments.all()] == [
        (LAWYER, "Неге осылай?"),
        ("И. Редактор", "Өйткені керек."),
    ]
    marks = str(marked_of(done.text))
    assert str(first.uuid) in marks
    assert str(second.uuid) in marks
    viewer = viewer_for(room.user("contributor"))
    card, *_others = build_comments_panel(room.access("contributor"), viewer, done.text)["cards"]
    assert card["comments"][1]["circle"].name == "И. Редактор, by a Word file"


def test_nobody_comments_in_a_members_name_by_a_file_that_becomes_a_draft(room, written):
    name = room.user("editor").name
    content = raw_docx(row(anchored(1, run("Сөз."))), comments=said(1, name, "Жалған."))
    done = import_as_new_draft(access=room.access("contributor"), file=drafted(room, content), choices={})
    comment = Comment.objects.get(thread__text=done.text)
    assert (comment.author, comment.is_from_file) == (room.user("contributor"), True)


def test_an_answer_in_a_file_that_comes_back_is_an_answer_in_its_thread(room, written):
    thread = start_thread(
        access=room.access("reviewer"),
        text=written,
        audience=Audience.WORKSPACE,
        body="Неге?",
        quote="заң",
    )
    reply_in_thread(access=room.access("editor"), thread=thread, body="Керек.")
    name, content = word_file(room, written)
    file = WordFile(content)
    file.answer("Неге?", "Түсінікті.", LAWYER)
    for number in range(2):
        incoming = sent(room, written, file.saved(), name)
        shown = preview_import(access=room.access("editor"), file=incoming)
        assert len(shown["comments"]) == 1 - number
        assert taken(room, incoming).comments == 1 - number
    assert [one.body for one in Thread.objects.get().comments.all()] == ["Неге?", "Керек.", "Түсінікті."]


def begun(room, text, words="Неге?", audience=Audience.WORKSPACE):
    access = room.access("reviewer")
    return start_thread(access=access, text=text, audience=audience, body=words, quote="заң")


def marked_as_resolved(content):
    file = WordFile(content)
    part = file.parts["word/commentsExtended.xml"].decode()
    assert 'done="0"' in part
    file.parts["word/commentsExtended.xml"] = part.replace('done="0"', 'done="1"').encode()
    return file.saved()


def test_a_thread_that_the_file_marks_as_resolved_is_resolved_by_who_brings_it_back(room, written):
    begun(room, written)
    name, content = word_file(room, written)
    incoming = sent(room, written, marked_as_resolved(content), name)
    shown = preview_import(access=room.access("editor"), file=incoming)
    assert (shown["resolved"], shown["left_out"]) == (1, [])
    taken(room, incoming)
    thread = Thread.objects.get()
    assert (thread.resolved_by, thread.resolved_for) == (room.user("editor"), room.organisation("editor"))
    reopen_thread(access=room.access("editor"), thread=thread)
    taken(room, sent(room, written, marked_as_resolved(content), name))
    assert Thread.objects.get().resolved_at is None, "the same file twice brings nothing the second time"


def test_an_answer_comes_before_its_thread_is_resolved(room, written):
    begun(room, written)
    name, content = word_file(room, written)
    file = WordFile(content)
    file.answer("Неге?", "Түсінікті.", LAWYER)
    taken(room, sent(room, written, marked_as_resolved(file.saved()), name))
    thread = Thread.objects.get()
    assert [one.body for one in thread.comments.all()] == ["Неге?", "Түсінікті."]
    assert thread.resolved_at is not None


def test_a_thread_that_one_may_not_resolve_stays_open_and_that_is_said(room, written):
    begun(room, written)
    name, content = word_file(room, written, by="contributor")
    incoming = sent(room, written, marked_as_resolved(content), name, by="contributor")
    shown = preview_import(access=room.access("contributor"), file=incoming)
    assert shown["resolved"] == 0
    assert any("resolved in the file" in why for _words, why in shown["left_out"])
    done = taken(room, incoming, by="contributor")
    assert done.left_out.report["comments_resolved"] == 1
    assert Thread.objects.get().resolved_at is None


@pytest.mark.parametrize("form", [FileFormat.DOCX, FileFormat.ODT])
def test_a_resolved_thread_leaves_as_resolved_and_comes_back_as_it_was(room, written, form):
    resolve_thread(access=room.access("reviewer"), thread=begun(room, written))
    begun(room, written, "Тағы?")
    name, content = word_file(room, written, form=form)
    found = [(one.words, one.resolved) for one in read_file(content).found.comments]
    assert found == [("Неге?", True), ("Тағы?", False)]
    incoming = sent(room, written, content, name.replace("odt", "docx"))
    shown = preview_import(access=room.access("editor"), file=incoming)
    assert (shown["comments"], shown["resolved"], shown["left_out"]) == ([], 0, [])
    assert taken(room, incoming).comments == 0
    assert Thread.objects.filter(resolved_at=None).count() == 1


def test_a_resolved_thread_for_one_organisation_leaves_in_no_file(room, written):
    thread = begun(room, written, "Біздікі.", audience=Audience.ORGANISATION)
    resolve_thread(access=room.access("reviewer"), thread=thread)
    _name, content = word_file(room, written, by="reviewer")
    assert "Біздікі." not in b"".join(unpack_archive(content).values()).decode(errors="replace")


def test_names_of_comments_stand_in_a_file_in_the_language_of_the_text(room, written):
    start_thread(
        access=room.access("reviewer"),
        text=written,
        audience=Audience.WORKSPACE,
        body="Неге?",
        quote="заң",
    )
    with override("en"):
        _name, content = word_file(room, written)
    comments = unpack_archive(content)["word/comments.xml"].decode()
    assert room.organisation("reviewer").name_kk in comments
    assert room.organisation("reviewer").name_en not in comments
