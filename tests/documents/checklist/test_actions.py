"""The checklist when a text is put to approval."""

import pytest

from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from documents.approval.actions.open_round import renew_round
from documents.checklist.check import NotAcknowledged
from documents.drafts.actions.manage import name_version
from documents.models import ApprovalRound, DraftText
from tests.documents.approval.builders import stage

pytestmark = pytest.mark.django_db


def kept():
    return AuditEntry.objects.filter(action="checklist.acknowledged")


def test_what_has_to_be_done_keeps_a_text_from_being_put():
    made = stage()
    version = made.version("We meet on [date].")
    with pytest.raises(Refused, match=r"Қазақша: Something is left to fill in here, in 1 place\."):
        made.put(versions=[version])
    assert not ApprovalRound.objects.exists()


def test_an_open_suggestion_keeps_it_too():
    made = stage()
    version = made.version("We ask for a law.")
    DraftText.objects.filter(pk=version.text_id).update(open_suggestions=1)
    with pytest.raises(Refused, match="1 suggestion is open"):
        made.put(versions=[version])


def test_what_has_to_be_done_in_another_language_does_not_count():
    made = stage()
    made.write("We meet on [date].", "ru")
    made.put("kk")
    assert ApprovalRound.objects.count() == 1


def test_what_is_to_be_looked_at_has_to_be_acknowledged_and_is_written_down():
    made = stage()
    version = made.version("There are 49 centres.")
    with pytest.raises(NotAcknowledged):
        made.put(versions=[version], acknowledged=False)
    assert not kept().exists()
    made.put(versions=[version])
    entry = kept().get()
    assert entry.detail == {
        "languages": ["kk"],
        "found": {"no_source": 1, "not_written": 2},
    }
    assert (entry.actor, entry.workspace) == (made.coordinator, made.workspace.uuid)


def test_where_nothing_is_found_nothing_is_asked():
    made = stage()
    versions = [
        name_version(access=made.access, text=made.write("We ask.", code, title="A law"), name="As agreed")
        for code in ("kk", "ru", "en")
    ]
    made.put(versions=versions, acknowledged=False)
    assert not kept().exists()


def test_renewing_looks_at_the_languages_that_change_only():
    made = stage()
    round_ = made.put("kk")
    kept().delete()
    with pytest.raises(NotAcknowledged):
        renew_round(access=made.access, round_=round_, versions=[made.version("There are 49 centres.")])
    with pytest.raises(Refused, match="left to fill in"):
        renew_round(
            access=made.access, round_=round_, versions=[made.version("On [date].")], acknowledged=True
        )
    renew_round(
        access=made.access,
        round_=round_,
        versions=[made.version("There are 50 centres.")],
        acknowledged=True,
    )
    assert kept().get().detail["found"] == {"no_source": 1}
