"""Coordinators prepare an appeal, open it, close it, and give it other words."""

import datetime

import pytest
from django.utils.timezone import localdate

from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.actions import manage
from coalition.campaigns.appeals.actions.manage import (
    change_appeal,
    close_appeal,
    create_appeal,
    open_appeal,
    set_official_petition,
)
from coalition.campaigns.appeals.actions.versions import add_version
from coalition.campaigns.appeals.enums import AppealStage
from coalition.campaigns.appeals.records import past_counts
from coalition.campaigns.appeals.versions import current_version, is_as_published
from coalition.campaigns.models import Appeal, AppealVersion
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import TextKind
from documents.models import Publication
from documents.publication.actions import withdraw_publication
from tests.campaigns.appeals.desk.conftest import publish_text
from tests.documents.approval.builders import stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
BELOW_COORDINATOR = [role for role in SeatRole if role != SeatRole.COORDINATOR]


def prepared(made, **given: object) -> Appeal:
    publication = made.publish()
    return create_appeal(access=made.access, publication=publication, slug="for-a-law", **given)


def today() -> datetime.date:
    return localdate(now())


def test_an_appeal_is_prepared_opened_closed_and_opened_again(made):
    appeal = prepared(made, goal=5000)
    assert appeal.stage_on(today()) == AppealStage.PREPARED
    appeal = open_appeal(access=made.access, appeal=appeal)
    opened_at, until = appeal.opened_at, appeal.personal_data_until
    assert appeal.stage_on(today()) == AppealStage.OPEN
    with pytest.raises(Refused, match="open already"):
        open_appeal(access=made.access, appeal=appeal)
    appeal = close_appeal(access=made.access, appeal=appeal)
    assert appeal.stage_on(today()) == AppealStage.CLOSED
    close_appeal(access=made.access, appeal=appeal)
    with (
        freeze_clock_at(now() + datetime.timedelta(days=8)),
        pytest.raises(Refused, match="more than 7 days ago"),
    ):
        open_appeal(access=made.access, appeal=appeal)
    with freeze_clock_at(now() + datetime.timedelta(days=7)):
        appeal = open_appeal(access=made.access, appeal=appeal)
        assert appeal.stage_on(today()) == AppealStage.OPEN
    assert (appeal.opened_at, appeal.personal_data_until) == (opened_at, until)
    told = Activity.objects.filter(kind__startswith="appeal_").order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["appeal_opened", "appeal_closed", "appeal_reopened"]


def test_personal_data_end_twelve_months_after_the_first_opening_and_nothing_opens_it_then(made):
    with freeze_clock_at(datetime.datetime(2026, 2, 3, 9, tzinfo=datetime.UTC)):
        appeal = open_appeal(access=made.access, appeal=prepared(made))
    assert appeal.personal_data_until == datetime.date(2027, 2, 3)
    assert appeal.stage_on(datetime.date(2027, 2, 3)) == AppealStage.OPEN
    assert appeal.stage_on(datetime.date(2027, 2, 4)) == AppealStage.CLOSED
    with (
        freeze_clock_at(datetime.datetime(2027, 2, 4, 9, tzinfo=datetime.UTC)),
        pytest.raises(Refused, match="promised"),
    ):
        open_appeal(access=made.access, appeal=appeal)


def test_it_is_open_on_its_last_day_and_closed_after_it(made):
    last = today() + datetime.timedelta(days=3)
    appeal = open_appeal(access=made.access, appeal=prepared(made, closes_on=last))
    assert appeal.stage_on(last) == AppealStage.OPEN
    assert appeal.stage_on(last + datetime.timedelta(days=1)) == AppealStage.CLOSED


@pytest.mark.parametrize("role", BELOW_COORDINATOR)
def test_only_coordinators_prepare_open_close_and_change(desk, role):
    access = desk.other(role)
    publication = desk.version.publication
    for act in (
        lambda: create_appeal(access=access, publication=publication, slug="another"),
        lambda: open_appeal(access=access, appeal=desk.appeal),
        lambda: close_appeal(access=access, appeal=desk.appeal),
        lambda: change_appeal(access=access, appeal=desk.appeal, slug="for-a-law", goal=5),
        lambda: add_version(access=access, appeal=desk.appeal, publication=publication),
    ):
        with pytest.raises(NotAllowed):
            act()
    desk.appeal.refresh_from_db()
    assert (desk.appeal.closed_at, desk.appeal.goal, Appeal.objects.count()) == (None, None, 1)


def test_a_coordinator_of_another_workspace_reaches_nothing(desk):
    other = stage().access
    for act in (open_appeal, close_appeal):
        with pytest.raises(Appeal.DoesNotExist):
            act(access=other, appeal=desk.appeal)


def test_an_address_that_somebody_saves_at_the_same_moment_is_refused_in_words(desk, made, monkeypatch):
    appeal = create_appeal(access=made.access, publication=desk.version.publication, slug="another")
    real = manage._check

    def check_then_lose(**given: object) -> None:
        real(**given)
        Appeal.objects.create(
            workspace=made.workspace,
            organisation=made.access.organisation,
            slug=given["slug"],
            created_at=now(),
        )

    monkeypatch.setattr(manage, "_check", check_then_lose)
    with pytest.raises(Refused, match="Another appeal has this address"):
        create_appeal(access=made.access, publication=desk.version.publication, slug="third")
    with pytest.raises(Refused, match="Another appeal has this address"):
        change_appeal(access=made.access, appeal=appeal, slug="fourth")


def test_the_address_stays_once_it_was_opened_and_is_nobody_elses(made):
    appeal = prepared(made)
    change_appeal(access=made.access, appeal=appeal, slug="for-the-law")
    appeal.refresh_from_db()
    open_appeal(access=made.access, appeal=appeal)
    with pytest.raises(Refused, match="address stays"):
        change_appeal(access=made.access, appeal=appeal, slug="other")
    publication = Publication.objects.get()
    for slug in ("for-the-law", "link", "sent"):
        with pytest.raises(Refused, match="address"):
            create_appeal(access=made.access, publication=publication, slug=slug)


@pytest.mark.parametrize("goal", [0, -5, 10_000_001])
def test_a_goal_that_cannot_be_is_refused(made, goal):
    with pytest.raises(Refused, match="goal"):
        prepared(made, goal=goal)
    assert not Appeal.objects.exists()


def test_a_last_day_that_is_over_is_refused_but_may_stay(desk):
    yesterday = today() - datetime.timedelta(days=1)
    with pytest.raises(Refused, match="last day"):
        change_appeal(access=desk.access, appeal=desk.appeal, slug="for-a-law", closes_on=yesterday)
    Appeal.objects.update(closes_on=yesterday)
    changed = change_appeal(
        access=desk.access, appeal=desk.appeal, slug="for-a-law", goal=7, closes_on=yesterday
    )
    assert changed.goal == 7


def test_words_must_be_a_public_appeal_of_this_workspace(made, desk):
    statement = publish_text(made, TextKind.STATEMENT, "A statement.")
    table = publish_text(made, TextKind.COMPARATIVE_TABLE, "A table.")
    for publication, beside in ((statement, None), (table, None), (desk.version.publication, statement)):
        with pytest.raises(Refused, match="not public now"):
            create_appeal(access=made.access, publication=publication, slug="x", table=beside)
    with pytest.raises(Refused, match="another workspace"):
        create_appeal(access=stage().access, publication=desk.version.publication, slug="x")
    found = create_appeal(access=made.access, publication=desk.version.publication, slug="x", table=table)
    version = current_version(found)
    assert version is not None
    assert version.table_hashes == {text.language: text.hash for text in table.texts.all()}
    assert is_as_published(version)


def test_withdrawn_words_cannot_be_opened(made):
    appeal = prepared(made)
    withdraw_publication(access=made.access, publication=Publication.objects.get(), note="No longer true.")
    with pytest.raises(Refused, match="public no more"):
        open_appeal(access=made.access, appeal=appeal)


def test_words_whose_hashes_differ_from_the_publication_cannot_be_opened(made):
    appeal = prepared(made)
    AppealVersion.objects.update(hashes={"kk": "0" * 64})
    with pytest.raises(Refused, match="not the one that was published"):
        open_appeal(access=made.access, appeal=appeal)


def test_before_opening_other_words_take_the_place_and_afterwards_they_are_a_new_version(made):
    appeal = prepared(made)
    second = publish_text(made, TextKind.APPEAL, "Other words.")
    add_version(access=made.access, appeal=appeal, publication=second)
    assert [(one.number, one.publication) for one in appeal.versions.all()] == [(1, second)]
    open_appeal(access=made.access, appeal=appeal)
    third = publish_text(made, TextKind.APPEAL, "Third words.")
    version = add_version(access=made.access, appeal=appeal, publication=third)
    assert (version.number, version.frozen_at) == (2, None)
    assert [one.publication for one in appeal.versions.all()] == [third, second]
    with pytest.raises(Refused, match="already"):
        add_version(access=made.access, appeal=appeal, publication=third)


def test_a_new_version_carries_nobody_over_and_changes_nothing_of_the_first(desk, made):
    first = desk.version
    row = desk.support()
    hashes = dict(first.hashes)
    add_version(
        access=made.access,
        appeal=desk.appeal,
        publication=publish_text(made, TextKind.APPEAL, "Other words."),
    )
    row.refresh_from_db()
    first.refresh_from_db()
    assert row.version == first
    assert first.hashes == hashes
    assert is_as_published(first)


def test_the_official_count_is_dated_and_its_history_stays_in_the_audit_log(desk):
    editor = desk.other(SeatRole.EDITOR)
    given = {"number": "1207", "url": "https://epetition.kz/1207"}
    days = [today() - datetime.timedelta(days=ago) for ago in (9, 2)]
    for count, day in zip((300, 412), days, strict=True):
        set_official_petition(access=editor, appeal=desk.appeal, **given, count=count, as_of=day)
    desk.appeal.refresh_from_db()
    assert (desk.appeal.official_count, desk.appeal.official_as_of) == (412, days[1])
    assert [(one.count, one.day) for one in past_counts(desk.appeal.uuid)] == [
        (412, days[1]),
        (300, days[0]),
    ]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"number": "1", "count": 3}, "on which day"),
        ({"number": "1", "count": 3, "as_of": datetime.date(2099, 1, 1)}, "not come yet"),
        ({"count": 3, "as_of": datetime.date(2026, 1, 1)}, "number or the address"),
    ],
)
def test_a_count_without_day_or_petition_is_refused(desk, given, why):
    with pytest.raises(Refused, match=why):
        set_official_petition(access=desk.access, appeal=desk.appeal, **given)


def test_who_does_not_plan_types_in_no_count(desk):
    for role in (SeatRole.OBSERVER, SeatRole.REVIEWER, SeatRole.CONTRIBUTOR):
        with pytest.raises(NotAllowed):
            set_official_petition(access=desk.other(role), appeal=desk.appeal, number="1")


def test_the_audit_log_says_who_did_what(made):
    appeal = prepared(made)
    open_appeal(access=made.access, appeal=appeal)
    entries = AuditEntry.objects.filter(target=appeal.uuid).order_by("pk")
    assert [(one.action, one.actor, one.organisation) for one in entries] == [
        (action, made.coordinator, made.access.organisation.uuid)
        for action in ("appeal.created", "appeal.words_chosen", "appeal.opened")
    ]


def test_a_prepared_appeal_whose_day_passed_gets_another_one(made):
    day = today() + datetime.timedelta(days=3)
    appeal = create_appeal(access=made.access, publication=made.publish(), slug="later", closes_on=day)
    with freeze_clock_at(now() + datetime.timedelta(days=30)):
        with pytest.raises(Refused, match="last day is over"):
            open_appeal(access=made.access, appeal=appeal)
        change_appeal(access=made.access, appeal=appeal, slug="later", closes_on=None)
        assert open_appeal(access=made.access, appeal=appeal).stage_on(today()) == AppealStage.OPEN
