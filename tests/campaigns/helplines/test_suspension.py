"""Lines that the public must not see for now: hidden by another organisation, or nobody answers for them."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.models import MembershipRole, Organisation
from coalition.audit.models import AuditEntry
from coalition.campaigns.helplines.actions.entries import stamp_of
from coalition.campaigns.helplines.actions.maintain import (
    bring_back_helpline,
    check_helpline,
    retire_helpline,
)
from coalition.campaigns.helplines.actions.review import publish_entry
from coalition.campaigns.helplines.actions.suspend import reinstate_helpline, suspend_helpline
from coalition.campaigns.helplines.health import HelplineProblem
from coalition.campaigns.helplines.queries import helpline_states, helplines_to_reinstate, public_helplines
from coalition.campaigns.helplines.retention import forget_people
from coalition.core.errors import Refused
from coalition.workspaces.notifications.queries import notifications_for
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.helplines.register import Register
from tests.conftest import new_client
from tests.factories import FreezeFactory, MembershipFactory, seat

pytestmark = pytest.mark.django_db
WHY = "Callers reach a man who asks for their address."


@pytest.fixture
def register():
    return Register()


@pytest.fixture
def published(register):
    return register.published()


def numbers():
    return [entry.channels[0]["value"] for entry in public_helplines()]


def state():
    (found,) = helpline_states()
    return found


def test_the_line_of_a_frozen_organisation_is_hidden_until_it_is_thawed(register, published):
    freeze = FreezeFactory(organisation=register.centre, frozen_at=timezone.now())
    assert numbers() == []
    assert (state().is_public, state().problem) == (False, HelplineProblem.SUSPENDED)
    freeze.thawed_at = timezone.now()
    freeze.save()
    assert (numbers(), state().is_public, state().problem) == (["150"], True, None)


def test_the_line_of_an_organisation_that_left_is_hidden(register, published):
    Organisation.objects.filter(pk=register.centre.pk).update(left_at=timezone.now())
    assert numbers() == []
    assert (state().is_public, state().problem) == (False, HelplineProblem.SUSPENDED)


def test_another_organisation_hides_a_line_at_once(register, published):
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=f"  {WHY} ")
    assert numbers() == []
    assert (state().is_public, state().problem) == (False, HelplineProblem.SUSPENDED)
    helpline = state().helpline
    assert (helpline.suspended_reason, helpline.suspended_by) == (WHY, register.reviewer)
    assert helpline.suspended_for == register.others
    row = AuditEntry.objects.get(action="helpline.suspended")
    assert (row.actor, row.organisation, row.target) == (
        register.reviewer,
        register.others.uuid,
        published.helpline.uuid,
    )
    assert "Callers" not in str(row.detail)


def test_the_organisation_that_answers_for_it_is_told(register, published):
    seat(person=register.author, organisation=register.centre)
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=WHY)
    (one,) = notifications_for(register.author).filter(kind="helpline_suspended")
    assert one.subject == published.helpline.uuid


def test_a_line_is_hidden_with_a_reason_and_once(register, published):
    with pytest.raises(Refused, match="why"):
        suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=" ")
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=WHY)
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason="Something else")
    assert state().helpline.suspended_reason == WHY
    assert AuditEntry.objects.filter(action="helpline.suspended").count() == 1


def test_only_representatives_of_other_organisations_hide_and_show(register, published):
    own = register.member(register.centre, MembershipRole.REPRESENTATIVE)
    for person in (register.author, own, register.member(register.others)):
        with pytest.raises(NotAllowed):
            suspend_helpline(person=person, helpline=published.helpline, reason=WHY)
    assert numbers() == ["150"]
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=WHY)
    for person in (register.author, own, register.member(register.others)):
        with pytest.raises(NotAllowed):
            reinstate_helpline(person=person, helpline=published.helpline, seen=published.uuid)
    assert numbers() == []


def test_another_organisation_shows_the_line_again_as_it_was_published(register, published):
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=WHY)
    reinstate_helpline(person=register.reviewer, helpline=published.helpline, seen=published.uuid)
    assert numbers() == ["150"]
    assert AuditEntry.objects.filter(action="helpline.reinstated").count() == 1
    assert (state().helpline.suspended_reason, state().helpline.suspended_by) == ("", None)


def test_a_line_is_shown_again_only_with_the_words_that_were_read(register, published):
    changed = register.change(published)
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=WHY)
    with pytest.raises(Refused, match="Other words"):
        reinstate_helpline(person=register.reviewer, helpline=published.helpline, seen=changed.uuid)
    assert numbers() == []


def test_one_person_of_two_organisations_does_not_show_the_line_of_their_own(register, published):
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=WHY)
    MembershipFactory(person=register.reviewer, organisation=register.centre)
    with pytest.raises(NotAllowed):
        reinstate_helpline(person=register.reviewer, helpline=published.helpline, seen=published.uuid)


def test_other_words_that_are_reviewed_show_the_line_again(register, published):
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=WHY)
    changed = register.change(published, channels=[{"kind": "phone", "value": "111", "note": {}}])
    assert numbers() == []
    publish_entry(person=register.reviewer, entry=changed, seen=stamp_of(changed))
    assert numbers() == ["111"]


def test_a_check_by_its_organisation_does_not_show_a_hidden_line_but_asks_for_review(register):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=1)):
        published = register.published()
    suspend_helpline(person=register.reviewer, helpline=published.helpline, reason=WHY)
    assert not helplines_to_reinstate(register.reviewer).exists()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        check_helpline(person=register.author, helpline=published.helpline, seen=published.uuid)
        assert numbers() == []
        assert list(helplines_to_reinstate(register.reviewer)) == [published.helpline]
        assert not helplines_to_reinstate(register.author).exists()


def test_a_line_that_was_long_out_of_use_is_shown_only_after_a_review(register):
    with time_machine.travel("2026-01-05T06:00:00Z", tick=False):
        entry = register.published()
        retire_helpline(person=register.author, helpline=entry.helpline)
    with time_machine.travel("2026-04-06T06:00:00Z", tick=False):  # 91 days
        bring_back_helpline(person=register.author, helpline=entry.helpline)
        check_helpline(person=register.author, helpline=entry.helpline, seen=entry.uuid)
        assert numbers() == []
        assert list(helplines_to_reinstate(register.reviewer)) == [entry.helpline]
        reinstate_helpline(person=register.reviewer, helpline=entry.helpline, seen=entry.uuid)
        assert numbers() == ["150"]


def test_a_line_that_was_out_of_use_for_90_days_comes_back_at_once(register):
    with time_machine.travel("2026-01-05T06:00:00Z", tick=False):
        entry = register.published()
        retire_helpline(person=register.author, helpline=entry.helpline)
    with time_machine.travel("2026-04-05T06:00:00Z", tick=False):
        bring_back_helpline(person=register.author, helpline=entry.helpline)
        assert numbers() == ["150"]


def test_who_hid_a_line_is_forgotten_and_the_organisation_stays(register):
    with time_machine.travel("2025-01-05T06:00:00Z", tick=False):
        entry = register.published()
        suspend_helpline(person=register.reviewer, helpline=entry.helpline, reason=WHY)
    forget_people()
    entry.helpline.refresh_from_db()
    assert (entry.helpline.suspended_by, entry.helpline.suspended_for) == (None, register.others)


def test_a_line_is_hidden_and_shown_at_the_desk(register, published):
    address = reverse("campaigns:helpline", args=[published.helpline.uuid])
    client = new_client(register.reviewer)
    assert "Hide it now" in client.get(address).text
    assert "Hide it now" not in new_client(register.author).get(address).text
    refused = client.post(f"{address}suspend/", {"reason": ""})
    assert refused.status_code == 422
    assert numbers() == ["150"]
    assert client.post(f"{address}suspend/", {"reason": WHY}).status_code == 302
    assert numbers() == []
    for person in (register.author, register.reviewer):
        page = new_client(person).get(address).text
        assert WHY in page
        assert ("Show it again" in page) is (person == register.reviewer)
    client.post(f"{address}reinstate/", {"entry": str(published.uuid)})
    assert numbers() == ["150"]
