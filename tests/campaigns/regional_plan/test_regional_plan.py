"""Who does what: gaps first, promises with what was done, and never a withheld name in a message."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from lxml import html

from coalition.accounts.models import Freeze, Listing, Organisation
from coalition.accounts.naming import viewer_for
from coalition.campaigns.core.regional_actions import (
    RegionalAction,
    regional_actions,
    register_regional_action,
)
from coalition.campaigns.models import Commitment
from coalition.campaigns.regional_plan.actions import (
    change_commitment,
    end_commitment,
    make_commitment,
    resume_commitment,
    set_plan_scope,
)
from coalition.campaigns.regional_plan.dashboard import promises_due
from coalition.campaigns.regional_plan.presenters import plan_messages
from coalition.campaigns.regional_plan.queries import commitment_states, commitments_for, gaps_in, plan_scope
from coalition.campaigns.regional_plan.retention import forget_people
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Participation
from coalition.workspaces.permissions import NotAllowed
from tests.conftest import new_client
from tests.events.planning.builders import Stage, stage
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
REGION, OTHER_REGION = "KZ-35", "KZ-61"


@pytest.fixture
def counted(monkeypatch):
    """An action that is counted: what the test puts in."""
    before = {one.name: one for one in regional_actions()}
    done: dict[tuple[int, str], int] = {}
    register_regional_action(
        RegionalAction("cards", label="Cards", unit="cards", done=lambda _workspace: done)
    )
    yield done
    from coalition.campaigns.core import regional_actions as module  # the registry has no way to take one out

    module._actions.clear()
    module._actions.update(before)


def promise(here: Stage, name: str = "contributor", **given) -> Commitment:
    values = {"region": REGION, "action": "cards", "promised": 500, "due_on": localdate(now()) + 30 * DAY}
    access = here.access(name)
    return make_commitment(access=access, **{"organisation": access.organisation, **values, **given})


def desk(here: Stage) -> str:
    return f"/workspaces/{here.workspace.uuid}/who-does-what/"


def states(here: Stage):
    return commitment_states(here.workspace, list(commitments_for(here.user("coordinator"), here.workspace)))


def test_what_is_done_comes_from_ledgers_by_organisation_and_region(counted) -> None:
    here = stage()
    row, other = promise(here), promise(here, "editor")
    counted[row.organisation_id, REGION] = 120
    counted[row.organisation_id, OTHER_REGION] = 7
    counted[row.organisation_id, ""] = 30
    counted[other.organisation_id, OTHER_REGION] = 9
    assert {one.commitment.pk: one.done for one in states(here)} == {row.pk: 150, other.pk: 0}
    promise(here, region=OTHER_REGION)  # with two promises nobody knows whose the thirty are
    assert {one.commitment.region: one.done for one in states(here) if one.commitment.pk != other.pk} == {
        REGION: 120,
        OTHER_REGION: 7,
    }


def test_regions_with_most_gaps_come_first(counted) -> None:
    here = stage()
    lead = here.access("coordinator")
    set_plan_scope(access=lead, regions=[REGION, OTHER_REGION], actions=["cards", "event", "no such"])
    promise(here)
    found = gaps_in(plan_scope(here.workspace), list(commitments_for(lead.user, here.workspace)))
    assert [(region, [one.name for one in actions]) for region, actions in found] == [
        (OTHER_REGION, ["event", "cards"]),
        (REGION, ["event"]),
    ]


def test_without_a_choice_the_plan_has_the_regions_of_those_who_take_part(counted) -> None:
    here = stage()
    organisation = here.organisation("editor")
    organisation.regions = [OTHER_REGION]
    organisation.save()
    for name in ("contributor", "coordinator", "reviewer", "observer"):
        here.organisation(name).__class__.objects.filter(pk=here.organisation(name).pk).update(regions=[])
    assert plan_scope(here.workspace).regions == [OTHER_REGION]


def test_own_organisation_only_but_for_those_who_plan(counted) -> None:
    here = stage()
    with pytest.raises(NotAllowed):
        promise(here, "contributor", organisation=here.organisation("editor"))
    with pytest.raises(NotAllowed):
        promise(here, "reviewer")
    row = promise(here, "editor", organisation=here.organisation("contributor"))
    with pytest.raises(NotAllowed):
        end_commitment(access=here.access("reviewer"), commitment=row)
    end_commitment(access=here.access("contributor"), commitment=row)
    resume_commitment(access=here.access("contributor"), commitment=row)
    assert Commitment.objects.get().ended_at is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"region": "KZ-00"}, "no such region"),
        ({"action": "nothing"}, "no such region or action"),
        ({"promised": 0}, "not possible"),
        ({"promised": 1_000_001}, "not possible"),
        ({"due_on": datetime.date(2020, 1, 1)}, "is past"),
    ],
)
def test_what_cannot_be_is_refused(counted, given, words) -> None:
    with pytest.raises(Refused, match=words):
        promise(stage(), **given)


def test_a_promise_that_was_taken_out_is_put_back_before_it_is_changed(counted) -> None:
    here = stage()
    row = promise(here)
    access = here.access("contributor")
    end_commitment(access=access, commitment=row)
    with pytest.raises(Refused, match="taken out of the plan"):
        change_commitment(access=access, commitment=row, promised=7, due_on=row.due_on)
    sent = {"promised": "7", "due_on": row.due_on.isoformat(), "note": "Two stands"}
    answer = new_client(here.user("contributor")).post(f"/workspaces/who-does-what/{row.uuid}/", sent)
    assert answer.status_code == 422
    for words in ("taken out of the plan. Put it back", "Two stands", "Put it back"):
        assert words in answer.content.decode()
    row.refresh_from_db()
    assert row.promised == 500


def test_the_same_promise_twice_is_one_and_a_stranger_is_no_contact(counted) -> None:
    here = stage()
    promise(here)
    with pytest.raises(Refused, match="already"):
        promise(here)
    with pytest.raises(Refused, match="does not work here"):
        promise(here, region=OTHER_REGION, contact=here.user("editor"))
    with pytest.raises(Refused, match="does not take part"):
        promise(here, "editor", organisation=OrganisationFactory())


def test_a_promise_that_came_back_meanwhile_is_not_made_twice(counted) -> None:
    here = stage()
    row = promise(here)
    end_commitment(access=here.access("contributor"), commitment=row)
    promise(here)
    with pytest.raises(Refused, match="already"):
        resume_commitment(access=here.access("contributor"), commitment=row)


def test_a_message_tells_gaps_first_and_no_name_that_is_withheld(counted) -> None:
    here = stage()
    hidden = here.organisation("contributor")
    hidden.listing, hidden.name_en = Listing.WITHHELD, "Hidden Harbour Centre"
    hidden.save()
    public = here.organisation("editor")
    promise(here, due_on=localdate(now()) + DAY)
    promise(here, "editor", due_on=localdate(now()) + DAY)
    set_plan_scope(access=here.access("coordinator"), regions=[REGION, OTHER_REGION], actions=["cards"])
    found = {
        one.code: one.text for one in plan_messages(here.workspace, plan_scope(here.workspace), states(here))
    }
    assert set(found) == {"kk", "ru", "en"}
    english = found["en"]
    assert english.index("Turkistan Region: Cards") < english.index("Qaraghandy Region, Cards: 0 of 500")
    assert public.name_in("en") in english
    assert not [code for code, text in found.items() if "Hidden Harbour" in text or hidden.code in text]


def test_the_page_and_its_table_hide_a_confidential_organisation(counted) -> None:
    here = stage()
    hidden = here.organisation("contributor")
    hidden.listing, hidden.name_en = Listing.CONFIDENTIAL, "Hidden Harbour Centre"
    hidden.save()
    promise(here)
    reader = new_client(here.user("reviewer"))
    for path in ("", "plan.csv"):
        text = reader.get(desk(here) + path).content.decode()
        assert "500" in text
        assert "Hidden Harbour" not in text


def test_from_a_gap_to_a_promise_in_two_presses(counted) -> None:
    here = stage()
    set_plan_scope(access=here.access("coordinator"), regions=[REGION], actions=["cards", "media"])
    browser = new_client(here.user("contributor"))
    page = html.document_fromstring(browser.get(desk(here)).content)
    link = page.xpath("//td[@data-label='Cards']//a/@href")[0]
    form = html.document_fromstring(browser.get(link).content).xpath("//form[@data-guard]")[0]
    sent = dict(form.form_values()) | {"promised": "500", "due_on": (localdate(now()) + 9 * DAY).isoformat()}
    assert (sent["region"], sent["action"]) == (REGION, "cards")
    answer = browser.post(link, sent, follow=True)
    assert "0 of 500 cards" in " ".join(html.document_fromstring(answer.content).text_content().split())


def test_bad_input_stays_in_the_form_with_its_reason(counted) -> None:
    here = stage()
    browser = new_client(here.user("contributor"))
    set_plan_scope(access=here.access("coordinator"), regions=[REGION], actions=["cards"])
    sent = {"region": REGION, "action": "cards", "organisation": here.organisation("contributor").pk}
    sent |= {"promised": "500", "due_on": "2020-01-01", "note": "Two stands"}
    answer = browser.post(f"{desk(here)}new/", sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This day is past." in text
    assert "Two stands" in text


def test_what_nothing_counts_is_said_by_the_organisation(counted) -> None:
    here = stage()
    row = promise(here, action="event", promised=3)
    browser = new_client(here.user("contributor"))
    sent = {"promised": "3", "done_declared": "2", "due_on": row.due_on.isoformat(), "note": ""}
    assert browser.post(f"/workspaces/who-does-what/{row.uuid}/", sent).status_code == 302
    assert states(here)[0].done == 2
    counted_row = promise(here)
    page = browser.get(f"/workspaces/who-does-what/{counted_row.uuid}/").content.decode()
    assert "done_declared" not in page
    change_commitment(
        access=here.access("contributor"), commitment=counted_row, promised=9, due_on=row.due_on
    )
    assert states(here)[1].commitment.promised == 9


def test_other_workspaces_and_observers_see_nothing(counted) -> None:
    here, elsewhere = stage(), stage()
    row = promise(here)
    path = f"/workspaces/who-does-what/{row.uuid}/"
    assert new_client(here.user("observer")).get(desk(here)).status_code == 403
    assert new_client(elsewhere.user("coordinator")).get(desk(here)).status_code == 404
    assert new_client(elsewhere.user("coordinator")).get(path).status_code == 404
    assert new_client(elsewhere.user("coordinator")).post(f"{path}end/").status_code == 404
    assert Client().get(desk(here)).status_code == 302


def test_the_first_page_tells_what_is_late_and_due(counted) -> None:
    here = stage()
    row = promise(here, due_on=localdate(now()))
    promise(here, "editor", due_on=localdate(now()) + 2 * DAY)
    Commitment.objects.filter(pk=row.pk).update(due_on=localdate(now()) - DAY)

    def lines(name: str) -> list[str]:
        user = here.user(name)
        return [one.detail for one in promises_due(user, viewer_for(user))]

    both = "1 promise is late. 1 promise is due within a week."
    assert lines("coordinator") == lines("editor") == [both]
    assert lines("contributor") == ["1 promise is late."]
    assert lines("reviewer") == lines("observer") == []
    counted[row.organisation_id, REGION] = 500
    assert lines("contributor") == []


def test_three_promises_take_as_many_queries_as_one(counted) -> None:
    here = stage()
    browser = new_client(here.user("coordinator"))
    promise(here)
    browser.get(desk(here))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(desk(here)).status_code == 200
        return len(found)

    with_one = queries()
    promise(here, "editor")
    promise(here, "editor", region=OTHER_REGION)
    assert queries() == with_one


def test_the_contact_of_a_confidential_organisation_is_not_named_to_strangers(counted) -> None:
    here = stage()
    person = here.user("contributor")
    person.name = "Hidden Helper"
    person.save()
    hidden = here.organisation("contributor")
    hidden.listing, hidden.name_en = Listing.CONFIDENTIAL, "Hidden Harbour Centre"
    hidden.save()
    promise(here, contact=person)
    for name in ("reviewer", "editor"):  # who plans chooses among all contacts
        reader = new_client(here.user(name))
        for path in ("", "plan.csv", *(["new/"] if name == "editor" else [])):
            text = reader.get(desk(here) + path).content.decode()
            assert "Hidden Helper" not in text, path
            assert "Hidden Harbour" not in text, path
    assert "Hidden Helper" in new_client(person).get(desk(here)).content.decode()


def test_the_first_page_counts_as_the_plan_does(counted) -> None:
    here = stage()
    row = promise(here, due_on=localdate(now()) + DAY)
    promise(here, region=OTHER_REGION)  # not due: but nobody knows for which of both the letters were
    counted[row.organisation_id, ""] = 500
    user = here.user("contributor")
    assert [one.done for one in states(here)] == [0, 0]
    assert [one.detail for one in promises_due(user, viewer_for(user))] == ["1 promise is due within a week."]


@pytest.mark.parametrize("reason", ["ended", "frozen", "left"])
def test_the_first_page_tells_nothing_of_organisations_that_the_plan_leaves_out(counted, reason) -> None:
    here = stage()
    row = promise(here, due_on=localdate(now()) + DAY)
    lead = here.user("coordinator")
    assert list(promises_due(lead, viewer_for(lead)))
    if reason == "ended":
        here.workspace.participations.filter(organisation=row.organisation).update(ended_at=now())
    elif reason == "frozen":
        Freeze.objects.create(organisation=row.organisation, reason="x", frozen_at=now())
    else:
        Organisation.objects.filter(pk=row.organisation_id).update(left_at=now())
    assert not commitments_for(lead, here.workspace).exists()
    assert not list(promises_due(lead, viewer_for(lead)))


def test_a_first_promise_can_be_of_each_region_where_nobody_named_any(counted) -> None:
    here = stage()
    Organisation.objects.update(regions=[])
    page = new_client(here.user("contributor")).get(f"{desk(here)}new/").content.decode()
    assert f'value="{REGION}"' in page


def test_a_promise_of_an_organisation_that_left_is_not_put_back(counted) -> None:
    here = stage()
    row = promise(here)
    end_commitment(access=here.access("contributor"), commitment=row)
    here.workspace.participations.filter(organisation=row.organisation).update(ended_at=now())
    with pytest.raises(Refused, match="does not take part"):
        resume_commitment(access=here.access("coordinator"), commitment=row)


def test_an_organisation_that_left_leaves_a_gap(counted) -> None:
    here = stage()
    row = promise(here)
    lead = here.user("coordinator")
    assert [one.pk for one in commitments_for(lead, here.workspace)] == [row.pk]
    Participation.objects.filter(organisation=row.organisation).update(ended_at=now())
    assert not commitments_for(lead, here.workspace).exists()


def test_people_are_forgotten_as_in_the_audit_log_and_promises_stay(counted) -> None:
    row = promise(stage(), contact=None)
    fresh = promise(stage())
    Commitment.objects.filter(pk=row.pk).update(made_at=now() - 10 * 365 * DAY, contact=row.made_by)
    assert forget_people() == 2
    row.refresh_from_db()
    fresh.refresh_from_db()
    assert (row.made_by, row.contact, row.promised) == (None, None, 500)
    assert fresh.made_by is not None
