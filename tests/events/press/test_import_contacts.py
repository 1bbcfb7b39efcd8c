"""A spreadsheet is read, looked at, taken in by choice, kept sealed and deleted after a day."""

import datetime

import pytest
import time_machine
from django.db import connection

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from documents.contacts.actions import ContactBook
from documents.models import Contact
from events.models import SheetTaken
from events.press.contact_import import (
    VerdictKind,
    discard_sheet,
    forget_old_sheets,
    import_contacts,
    judge_contact_sheet,
    read_contact_sheet,
)
from tests.events.press.builders import desk, known

pytestmark = pytest.mark.django_db
CONTENT = b"""outlet;name;email;language
Qala TV 0;Aigerim 0;press0@outlet.example;kk
Ne;New One;new1@outlet.example;ru
Ne;New Two;new2@outlet.example;en
Ne;Faulty;nothing;en
"""


def read(access, content: bytes = CONTENT) -> SheetTaken:
    return read_contact_sheet(access=access, name="list.csv", content=content, language=Language.KK)


def test_rows_are_judged_and_taken_in_by_choice() -> None:
    access = desk().access("editor")
    known(access)
    sheet = read(access)
    rows = judge_contact_sheet(sheet, ContactBook(access.organisation.uuid))
    assert [row.kind for row in rows] == [
        VerdictKind.KNOWN,
        VerdictKind.NEW,
        VerdictKind.NEW,
        VerdictKind.FAULTY,
    ]
    taken = import_contacts(access=access, sheet=sheet, numbers=[2, 3, 5, 99])
    assert taken == (1, 1)
    assert sorted(one.name for one in Contact.objects.all()) == ["Aigerim 0", "New One"]
    assert Contact.objects.get(outlet__name__isnull=False, language="kk").name == "Aigerim 0"
    assert import_contacts(access=access, sheet=sheet, all_new=True)[0] == 1
    with pytest.raises(Refused):
        import_contacts(access=access, sheet=sheet, all_new=True)


def test_what_was_read_is_sealed_and_of_one_person_and_goes_after_a_day() -> None:
    made = desk()
    sheet = read(made.access("editor"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, content FROM events_sheettaken")
        assert "New One" not in str(cursor.fetchall())
    with pytest.raises(NotAllowed):
        import_contacts(access=made.access("coordinator"), sheet=sheet, all_new=True)
    with pytest.raises(NotAllowed):
        discard_sheet(access=made.access("coordinator"), sheet=sheet)
    with time_machine.travel(now() + datetime.timedelta(hours=25)):
        forget_old_sheets()
    assert not SheetTaken.objects.exists()


def test_a_file_that_is_none_is_refused_in_words_and_nothing_is_kept() -> None:
    with pytest.raises(Refused, match="old Excel"):
        read(desk().access("editor"), b"\xd0\xcf\x11\xe0")
    assert not SheetTaken.objects.exists()


def test_who_does_not_keep_the_list_reads_no_file() -> None:
    with pytest.raises(NotAllowed):
        read(desk().access("reviewer"))
