"""What holds still around a draft while it is put to approval, and who is let in if it did not."""

import pytest
from django.urls import reverse

from coalition.workspaces.permissions import NotAllowed
from documents.approval.actions.one_time_links import open_one_time_link
from documents.approval.actions.open_round import close_round
from documents.approval.queries.rounds import asked_of
from documents.drafts.access import NoSuchLink
from documents.drafts.actions.manage import change_draft
from documents.drafts.models import TextKind
from documents.drafts.queries import LockedSetting
from documents.models import Approval
from tests.documents.approval.builders import stage
from tests.documents.approval.offline_builders import link_for

pytestmark = pytest.mark.django_db


def change(made, **given):
    made.draft.refresh_from_db()
    stays = {"title": made.draft.title, "kind": made.draft.kind, "handling": made.draft.handling}
    return change_draft(access=made.access, draft=made.draft, **{**stays, **given})


def narrow(made, *organisations):
    """The list as it may stand from before such a change was refused."""
    made.draft.restricted = True
    made.draft.save(update_fields=["restricted"])
    made.draft.restricted_to.set(organisations)


def test_the_list_is_not_narrowed_past_an_organisation_that_is_asked():
    made = stage(3)
    first, second, third = made.organisations
    round_ = made.put(organisations=[first, second])
    with pytest.raises(LockedSetting, match="these organisations are asked") as refused:
        change(made, restricted_to=[first])
    assert refused.value.field == "restricted_to"
    assert second.name_en in refused.value.message
    assert third.name_en not in refused.value.message
    made.draft.refresh_from_db()
    assert not made.draft.restricted
    change(made, restricted_to=[first, second])  # who is not asked may fall out
    change(made, restricted_to=[])
    close_round(access=made.access, round_=round_)
    change(made, restricted_to=[first])
    assert list(made.draft.restricted_to.all()) == [first]


def test_who_left_the_workspace_does_not_hold_the_list():
    made = stage(3)
    first, second, third = made.organisations
    made.put()
    made.workspace.participations.filter(organisation=third).update(ended_at=made.draft.created_at)
    change(made, restricted_to=[first, second])
    assert set(made.draft.restricted_to.all()) == {first, second}


def test_the_words_stand_at_the_list(client_of):
    made = stage()
    made.put()
    page = client_of(made.coordinator).post(
        reverse("documents:draft_settings", args=[made.draft.uuid]),
        {
            "title": "Another title",
            "kind": made.draft.kind,
            "handling": made.draft.handling,
            "restricted_to": [made.organisations[0].pk],
        },
    )
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["restricted_to"]
    assert b"Another title" in page.content, "nothing of what was filled in is lost"


def test_who_is_not_in_the_list_neither_reads_nor_decides():
    made = stage()
    first, second = made.organisations
    round_ = made.put()
    _link, token = link_for(made, round_, second)
    person = made.representatives[second.pk]
    assert asked_of(person).filter(round=round_).exists()
    assert open_one_time_link(token=token, language="kk")
    narrow(made, first)
    assert not asked_of(person).exists()
    with pytest.raises(NotAllowed):
        made.approve(round_, second)
    with pytest.raises(NoSuchLink):
        open_one_time_link(token=token, language="kk")
    assert not Approval.objects.exists()
    made.approve(round_, first)
    assert Approval.objects.get().organisation == first


def test_the_kind_holds_still_while_people_decide_by_it(client_of):
    made = stage()
    round_ = made.put()
    with pytest.raises(LockedSetting, match="as this kind of text") as refused:
        change(made, kind=TextKind.APPEAL)
    assert refused.value.field == "kind"
    change(made, title="The same kind")
    made.draft.refresh_from_db()
    assert (made.draft.kind, made.draft.title) == (TextKind.STATEMENT, "The same kind")
    page = client_of(made.coordinator).post(
        reverse("documents:draft_settings", args=[made.draft.uuid]),
        {"title": "Other", "kind": TextKind.APPEAL, "handling": made.draft.handling},
    )
    assert list(page.context["form"].errors) == ["kind"]
    close_round(access=made.access, round_=round_)
    change(made, kind=TextKind.APPEAL)
    made.draft.refresh_from_db()
    assert made.draft.kind == TextKind.APPEAL
