"""What stands around texts and files changes: those who may read the thing hear of it, in words."""

import io

import pytest

from coalition.accounts.naming import viewer_for
from coalition.audit.models import AuditEntry
from coalition.workspaces.queries import activity_for
from coalition.workspaces.sentence_params import describe_activities
from documents.drafts.actions.manage import change_draft
from documents.drafts.models import Handling, TextKind
from documents.files.actions import delete_file, describe_file, restore_file, upload_file
from documents.models import Draft, StoredFile

pytestmark = pytest.mark.django_db


def change(room, draft: Draft, **given: object) -> Draft:
    stays = {"title": draft.title, "kind": draft.kind, "handling": draft.handling}
    return change_draft(access=room.access("coordinator"), draft=draft, **{**stays, **given})


@pytest.fixture
def file(room) -> StoredFile:
    return upload_file(access=room.access("editor"), content=io.BytesIO(b"Words"), size=5, name="notes.txt")


def describe(room, file: StoredFile, **given: object) -> StoredFile:
    stays = {"alt": file.alt, "caption": file.caption, "credit": file.credit, "handling": file.handling}
    return describe_file(access=room.access("editor"), file=file, **{**stays, **given})


def heard(room, by: str) -> list[str]:
    """What the person hears of, newest first."""
    return [
        told.sentence for told in describe_activities(viewer_for(room.user(by)), activity_for(room.user(by)))
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": "On hotlines"}, "renamed the draft “On Article 123”: it is called “On hotlines” now."),
        ({"kind": TextKind.APPEAL}, "made the draft “On Article 123” another kind of text: Appeal."),
        ({"handling": Handling.COALITION}, "marked the draft “On Article 123”: The coalition."),
    ],
)
def test_a_change_of_a_draft_is_told(room, draft, given, said):
    before = len(heard(room, "reviewer"))
    change(room, draft, **given)
    (sentence, *others) = heard(room, "reviewer")
    assert sentence == f"{room.user('coordinator').name} {said}"
    assert len(others) == before
    assert not [one for one in heard(room, "observer") if "On Article" in one]


def test_who_reads_a_draft_is_told_to_those_who_still_do(room, draft):
    change(room, draft, restricted_to=[room.organisation("coordinator")])
    assert "changed who reads the draft" in heard(room, "coordinator")[0]
    assert not [one for one in heard(room, "reviewer") if "On Article" in one]


@pytest.mark.parametrize("what", ["draft", "file"])
def test_where_nothing_changes_nothing_is_written(room, draft, file, what):
    before = len(heard(room, "reviewer")), AuditEntry.objects.count()
    if what == "draft":
        change(room, draft, restricted_to=[])
    else:
        describe(room, file)
    assert (len(heard(room, "reviewer")), AuditEntry.objects.count()) == before


def test_a_change_of_a_file_is_told(room, file):
    describe(room, file, credit="Aliya")
    assert heard(room, "reviewer")[0].endswith("changed what is said of the file “notes.txt”.")
    describe(room, file, credit="Aliya", handling=Handling.PUBLIC)
    assert heard(room, "reviewer")[0].endswith("marked the file “notes.txt”: Public.")


def test_a_file_that_is_back_is_told(room, file):
    delete_file(access=room.access("editor"), file=file)
    restore_file(access=room.access("editor"), file=file)
    assert heard(room, "reviewer")[0].endswith("brought the file “notes.txt” back.")
