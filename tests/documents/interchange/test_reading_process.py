"""A file is read in a process of its own: what goes wrong there is in the log, without the file's words."""

import pytest

from documents.files.types import UnreadableFile, pack_archive
from documents.interchange.reader import worker
from documents.interchange.reader.sandbox import read_in_sandbox
from tests.documents.interchange.raw_word import raw_docx, row, run

SECRET = "canary words of the text"


def fail(_content):
    raise KeyError(SECRET)


def test_a_reader_that_crashes_says_where_without_words_of_the_file(monkeypatch):
    monkeypatch.setattr(worker, "read_file", fail)
    answer = worker.read_result(b"")
    assert answer["not_taken"] == "broken"
    assert "KeyError" in answer["trace"]
    assert "in fail" in answer["trace"]
    assert SECRET not in str(answer)


def test_where_a_reader_failed_is_logged(caplog):
    content = raw_docx(row(run(SECRET)), footnotes="<w:broken")
    with pytest.raises(UnreadableFile):
        read_in_sandbox(content)
    assert "prepare_docx" in caplog.text
    assert SECRET not in caplog.text


def test_a_file_that_is_simply_no_document_is_not_logged(caplog):
    with pytest.raises(UnreadableFile):
        read_in_sandbox(pack_archive({"words.xml": b"<words/>"}))
    assert caplog.text == ""
