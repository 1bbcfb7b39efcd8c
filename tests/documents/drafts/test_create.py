"""Starting a draft, empty or from the template of its kind."""

import pytest

from coalition.accounts.models import Language
from coalition.audit.models import AuditEntry
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import TextKind
from documents.drafts.presenters import language_state
from documents.text_templates.choices import load_text_template

pytestmark = pytest.mark.django_db


def texts(draft):
    return {text.language: text for text in draft.texts.select_related("based_on")}


def test_a_draft_begins_empty_in_three_languages(room):
    made = texts(room.draft(kind=TextKind.LETTER))
    assert {language_state(text) for text in made.values()} == {"empty"}
    assert made["ru"].based_on == made["kk"]


@pytest.mark.parametrize("kind", TextKind)
def test_a_draft_begins_with_the_template_in_three_languages(room, kind):
    made = texts(room.draft(kind=kind, first_language=Language.RU, from_template=True))
    for language, text in made.items():
        template = load_text_template(kind, language)
        assert (text.title, text.lead, text.body) == (template.title, template.lead, template.body)
        assert text.changed_for == room.organisation("editor")
    assert [language_state(made[code]) for code in ("ru", "kk", "en")] == ["first", "current", "current"]


def test_the_log_says_whether_a_template_was_used(room):
    room.draft(from_template=True)
    room.draft()
    kept = AuditEntry.objects.filter(action="draft.created").values_list("detail__from_template", flat=True)
    assert sorted(kept) == [False, True]


def test_who_may_not_create_starts_nothing(room):
    with pytest.raises(NotAllowed):
        room.draft(by=SeatRole.REVIEWER, from_template=True)
