"""Coordinators prepare letters, open them, close them and change them; refusals are in words."""

import datetime

import pytest

from coalition.audit.models import AuditEntry
from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.actions.manage import (
    LetterPlan,
    change_letter_action,
    close_letter_action,
    create_letter_action,
    open_letter_action,
)
from coalition.campaigns.letters.models import LetterStage
from coalition.campaigns.models import LetterAction, Target
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.drafts.models import TextKind
from documents.publication.actions import withdraw_publication
from tests.campaigns.appeals.desk.conftest import publish_text
from tests.campaigns.appeals.factories import open_appeal
from tests.campaigns.letters.builders import BodyFactory, TargetFactory, open_letters, publish_letter
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
BELOW_COORDINATOR = [role for role in SeatRole if role != SeatRole.COORDINATOR]


@pytest.fixture
def made() -> Stage:
    return stage()


@pytest.fixture
def plan(made: Stage) -> LetterPlan:
    body = BodyFactory(workspace=made.workspace)
    TargetFactory(body=body)
    return LetterPlan(publication=publish_letter(made), slug="to-deputies", bodies=[body])


def changed(plan: LetterPlan, **given: object) -> LetterPlan:
    return LetterPlan(**{**plan.__dict__, **given})


def test_letters_are_prepared_opened_closed_and_opened_again(made, plan):
    action = create_letter_action(access=made.access, plan=plan)
    assert action.stage_on(site_today()) == LetterStage.PREPARED
    with pytest.raises(Refused, match="not opened yet"):
        close_letter_action(access=made.access, action=action)
    action = open_letter_action(access=made.access, action=action)
    assert action.is_open_on(site_today())
    with pytest.raises(Refused, match="open already"):
        open_letter_action(access=made.access, action=action)
    action = close_letter_action(access=made.access, action=action)
    close_letter_action(access=made.access, action=action)
    assert action.stage_on(site_today()) == LetterStage.CLOSED
    assert open_letter_action(access=made.access, action=action).is_open_on(site_today())
    entries = AuditEntry.objects.filter(action__startswith="letter_action.").order_by("pk")
    names = [one.partition(".")[2] for one in entries.values_list("action", flat=True)]
    assert names == ["created", "opened", "closed", "reopened"]
    kinds = Activity.objects.filter(kind__startswith="letters_").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["letters_opened", "letters_closed", "letters_reopened"]


@pytest.mark.parametrize("role", BELOW_COORDINATOR)
def test_only_coordinators_lead(made, plan, role):
    action = create_letter_action(access=made.access, plan=plan)
    access = access_to(seat(workspace=made.workspace, role=role).person, made.workspace.uuid)
    with pytest.raises(NotAllowed):
        create_letter_action(access=access, plan=changed(plan, slug="another"))
    for act in (open_letter_action, close_letter_action):
        with pytest.raises(NotAllowed):
            act(access=access, action=action)
    with pytest.raises(NotAllowed):
        change_letter_action(access=access, action=action, plan=plan)


def test_it_is_open_on_its_last_day_and_over_after_it(made, plan):
    action = create_letter_action(access=made.access, plan=changed(plan, closes_on=site_today()))
    action = open_letter_action(access=made.access, action=action)
    assert action.is_open_on(site_today())
    assert not action.is_open_on(site_today() + datetime.timedelta(days=1))
    LetterAction.objects.update(closes_on=site_today() - datetime.timedelta(days=1))
    with pytest.raises(Refused, match="last day is over"):
        open_letter_action(access=made.access, action=action)


def test_a_text_that_was_withdrawn_or_corrected_or_differs_is_not_opened(made, plan):
    action = create_letter_action(access=made.access, plan=plan)
    LetterAction.objects.update(hashes={"kk": "0" * 64})
    with pytest.raises(Refused, match="not the one that was published"):
        open_letter_action(access=made.access, action=action)
    LetterAction.objects.update(hashes=action.hashes)
    plan.publication.awaiting_since = now()
    plan.publication.save()
    with pytest.raises(Refused, match="public no more, or was corrected"):
        open_letter_action(access=made.access, action=action)
    plan.publication.awaiting_since = None
    plan.publication.save()
    withdraw_publication(access=made.access, publication=plan.publication, note="Wrong.")
    with pytest.raises(Refused, match="public no more, or was corrected"):
        open_letter_action(access=made.access, action=action)
    with pytest.raises(Refused, match="not public now"):
        create_letter_action(access=made.access, plan=changed(plan, slug="another"))


def test_without_anybody_to_write_to_it_is_not_opened(made, plan):
    action = create_letter_action(access=made.access, plan=plan)
    Target.objects.update(gone_on=site_today())
    with pytest.raises(Refused, match="nobody to write to"):
        open_letter_action(access=made.access, action=action)


def test_what_cannot_be_chosen_is_refused(made, plan):
    other = stage()
    foreign = BodyFactory(workspace=other.workspace)
    statement = publish_text(made, TextKind.STATEMENT, "We say.")
    appeal = open_appeal(made=other, slug="elsewhere").appeal
    refused = {
        "One of the things": {"bodies": [foreign]},
        "at least one body": {"bodies": []},
        "not of this kind": {"publication": statement},
        "another workspace": {"appeal": appeal},
        "last day is over": {"closes_on": site_today() - datetime.timedelta(days=1)},
        "not come yet": {"service_checked_on": site_today() + datetime.timedelta(days=1)},
    }
    for words, given in refused.items():
        with pytest.raises(Refused, match=words):
            create_letter_action(access=made.access, plan=changed(plan, **given))
    with pytest.raises(Refused, match="belongs to another workspace"):
        create_letter_action(access=other.access, plan=changed(plan, bodies=[foreign]))
    assert not LetterAction.objects.exists()


def test_addresses_are_unique_and_stay_once_it_was_opened(made, plan):
    action = create_letter_action(access=made.access, plan=plan)
    with pytest.raises(Refused, match="has this address"):
        create_letter_action(access=made.access, plan=plan)
    action = change_letter_action(access=made.access, action=action, plan=changed(plan, slug="better"))
    assert action.slug == "better"
    open_letter_action(access=made.access, action=action)
    with pytest.raises(Refused, match="address stays"):
        change_letter_action(access=made.access, action=action, plan=changed(plan, slug="worse"))


def test_another_text_brings_its_own_hashes_and_a_save_without_a_change_no_entry(made, plan):
    action = create_letter_action(access=made.access, plan=plan)
    other = publish_letter(made, "kk", kind=TextKind.LETTER)
    change_letter_action(access=made.access, action=action, plan=changed(plan, publication=other))
    action.refresh_from_db()
    assert action.hashes == {"kk": other.texts.get().hash}
    change_letter_action(access=made.access, action=action, plan=changed(plan, publication=other))
    assert AuditEntry.objects.filter(action="letter_action.changed").count() == 1


@pytest.mark.parametrize(("ago", "is_old"), [(90, False), (91, True), (None, True)])
def test_what_the_state_demands_is_looked_at_every_90_days(made, ago, is_old):
    action = open_letters(made, service_url="https://state.example")
    day = site_today()
    action.service_checked_on = None if ago is None else day - datetime.timedelta(days=ago)
    assert action.service_is_old_on(day) is is_old
    action.service_url = ""
    assert not action.service_is_old_on(day)
