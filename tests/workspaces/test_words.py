"""Every kind of activity that is written and every action that is recorded has its words."""

import ast

import pytest
from django.utils.translation import override

from coalition.accounts.naming import viewer_for
from coalition.audit.log import action_label
from coalition.roles import SeatRole
from coalition.workspaces.actions.activity import record_activity
from coalition.workspaces.queries import activity_for
from coalition.workspaces.sentence_params import _sentences, describe_activities
from tests.architecture.source import modules
from tests.factories import seat


def first_words(*functions: str) -> set[str]:
    """The first argument of every call of these functions, where it is written out."""
    return {
        node.args[0].value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in functions
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_kind_of_activity_has_a_sentence() -> None:
    kinds = first_words("record_activity")
    assert "workspace_created" in kinds
    assert not kinds - _sentences.keys()


def test_every_recorded_action_has_a_name() -> None:
    actions = {action for action in first_words("record_audit") if "." in action}
    assert "workspace.created" in actions
    assert not {action for action in actions if action_label(action) == action}


@pytest.mark.django_db
def test_a_title_in_quotation_marks_is_not_quoted_twice() -> None:
    here = seat(role=SeatRole.COORDINATOR)
    record_activity(
        "draft_created",
        workspace=here.workspace,
        actor=here.person,
        organisation=None,
        title="«Қанат» туралы",
    )
    with override("kk"):
        (told,) = describe_activities(viewer_for(here.person), activity_for(here.person))
    assert "«„Қанат“ туралы»" in told.sentence


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["never_heard_of", "seat_given"])
def test_what_is_gone_or_unknown_does_not_break_the_page(kind) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    record_activity(
        kind,
        workspace=here.workspace,
        actor=None,
        organisation=None,
        person="01890000-0000-7000-8000-000000000000",
    )
    (told,) = describe_activities(viewer_for(here.person), activity_for(here.person))
    assert told.sentence
    assert "%(" not in told.sentence
