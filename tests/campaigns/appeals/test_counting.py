"""Sums are true at every moment, added up once, and compared at night with the rows."""

import datetime
import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.actions.confirm import withdraw_support
from coalition.campaigns.appeals.counting import (
    add_up_changes,
    count_of,
    count_of_appeal,
    counts_by_code,
    counts_by_region,
    differences_found,
    recount,
)
from coalition.campaigns.appeals.desk_queries import regions_in_tens
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.public_presenters import next_step
from coalition.campaigns.counters.columns import counts_of
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.counters.subjects import subject_at, subject_with, subjects_to_choose
from coalition.campaigns.models import AppealVersion, SupportChange, SupportTotal
from coalition.campaigns.referrals.models import ReferralCode
from coalition.campaigns.referrals.targets import action_of, credits_of, targets_in
from coalition.core.clock import now
from tests.campaigns.appeals.builders import support
from tests.campaigns.appeals.factories import AppealVersionFactory, open_appeal
from tests.documents.approval.builders import stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


@pytest.fixture
def version() -> AppealVersion:
    return open_appeal()


def code(version: AppealVersion, **given: object) -> ReferralCode:
    appeal = version.appeal
    return ReferralCode.objects.create(
        **{
            "workspace": appeal.workspace,
            "organisation": appeal.organisation,
            "action": "appeal",
            "target": appeal.uuid,
            "medium": "poster",
            "code": "ABCD2345",
            "made_at": now(),
            **given,
        }
    )


def test_the_count_is_true_before_and_after_it_is_added_up(version):
    support(version, "a@mail.example")
    support(version, "b@mail.example", region="KZ-71")
    assert (count_of(version), SupportTotal.objects.count()) == (2, 0)
    assert add_up_changes() == 2
    support(version, "c@mail.example", region="KZ-71")
    assert (count_of(version), SupportChange.objects.count()) == (3, 1)
    add_up_changes()
    assert counts_by_region(version) == {"KZ-75": 1, "KZ-71": 2}
    assert add_up_changes() == 0
    assert count_of(version) == 3


def test_more_changes_than_one_transaction_takes_are_added_up(version, monkeypatch):
    monkeypatch.setattr("coalition.campaigns.appeals.counting.BATCH_SIZE", 2)
    for number in range(5):
        support(version, f"a{number}@mail.example")
    assert add_up_changes() == 5
    assert (count_of(version), SupportChange.objects.count()) == (5, 0)


def test_adding_up_takes_a_few_statements_however_many_confirmed(version):
    def statements(number: int) -> int:
        for one in range(number):
            support(version, f"a{number}-{one}@mail.example")
        with CaptureQueriesContext(connection) as found:
            add_up_changes()
        return len(found)

    support(version, "first@mail.example")
    add_up_changes()
    assert statements(1) == statements(3)


def test_the_public_number_is_that_of_the_newest_words(version):
    support(version)
    second = AppealVersionFactory(appeal=version.appeal, publication=version.publication, number=2)
    assert count_of_appeal(version.appeal.uuid) == 0
    support(second)
    support(second, "b@mail.example")
    assert (count_of(version), count_of_appeal(version.appeal.uuid)) == (1, 2)


def test_nobody_counts_an_appeal_that_was_never_opened(version):
    version.appeal.opened_at = None
    version.appeal.save()
    assert count_of_appeal(version.appeal.uuid) is None
    assert subject_at("for-a-law", "en") is None


def test_a_code_credits_who_came_by_it_until_it_ends(version):
    poster = code(version)
    row = support(version, "a@mail.example", code="ABCD2345")
    support(version, "b@mail.example", code="no-code")
    add_up_changes()
    assert (
        counts_by_code([version.appeal.uuid]) == credits_of("appeal", [version.appeal.uuid]) == {poster.pk: 1}
    )
    poster.ended_at = now()
    poster.save()
    support(version, "c@mail.example", code="ABCD2345")
    withdraw_support(token=SUPPORT.token(row))
    add_up_changes()
    assert counts_by_code([version.appeal.uuid]) == {poster.pk: 0}
    assert count_of(version) == 2


def test_a_code_of_another_appeal_credits_nobody(version):
    other = open_appeal(slug="another")
    code(other)
    assert support(version, code="ABCD2345").referral is None


def test_columns_say_what_is_online_and_what_was_typed_in(version):
    support(version)
    appeal = version.appeal
    columns = {one.column: one.count for one in counts_of(appeal.uuid)}
    assert columns[Column.ONLINE].value == 1
    assert columns[Column.OFFICIAL].value is None
    appeal.official_count, appeal.official_as_of = 45_000, localdate(now())
    appeal.save()
    columns = {one.column: one.count for one in counts_of(appeal.uuid)}
    assert (columns[Column.OFFICIAL].value, columns[Column.OFFICIAL].as_of) == (45_000, appeal.official_as_of)


def test_other_layers_find_the_appeal_while_its_words_are_public(version):
    appeal = version.appeal
    subject = subject_at("for-a-law", "en")
    assert subject == subject_with(appeal.uuid, "en")
    assert (subject.title, subject.url, subject.is_open) == (
        "A law on harassment",
        "/en/support/for-a-law/",
        True,
    )
    assert subjects_to_choose("en") == [(appeal.uuid, "A law on harassment")]
    kind = action_of("appeal")
    assert kind.address(appeal.uuid, "ru", "ABCD2345") == "/ru/support/for-a-law/from/ABCD2345/"
    offered = [one.uuid for one in targets_in(appeal.workspace, "en") if one.action == "appeal"]
    assert offered == [appeal.uuid]
    appeal.closed_at = now()
    appeal.save()
    assert kind.address(appeal.uuid, "ru", "ABCD2345") == ""
    assert kind.after(appeal.uuid, "ru") == "/ru/support/for-a-law/"
    assert subjects_to_choose("en") == []


def test_the_recount_agrees(version):
    for number in range(3):
        support(version, f"a{number}@mail.example")
    assert recount() == 0
    add_up_changes()
    support(version, "b@mail.example")
    assert recount() == 0
    assert not AuditEntry.objects.filter(action="appeal.count_differs").exists()


def test_the_recount_tells_a_difference_and_puts_nothing_right(version, caplog):
    support(version)
    add_up_changes()
    SupportTotal.objects.update(count=5)
    with caplog.at_level(logging.ERROR):
        assert recount() == 1
    assert "differs from its rows by 4" in caplog.text
    assert AuditEntry.objects.get(action="appeal.count_differs").detail["difference"] == 4
    assert count_of(version) == 5
    assert differences_found(now() - datetime.timedelta(hours=25)) == 1
    assert differences_found(now()) == 0


def test_the_recount_leaves_out_appeals_whose_rows_are_gone(version):
    support(version)
    add_up_changes()
    version.appeal.personal_data_ended_at = now()
    version.appeal.save()
    version.supports.all().delete()
    assert recount() == 0


@pytest.mark.parametrize(
    ("count", "goal", "step"),
    [
        (0, None, 100),
        (100, None, 250),
        (1_240, 2_000, 2_000),
        (1_240, 50_000, 2_500),
        (2_000, 2_000, None),
        (0, 30, 30),
        (2_000_000, None, None),
    ],
)
def test_the_next_step_leads_to_the_goal(count, goal, step):
    assert next_step(count, goal) == step


def test_of_regions_full_tens_are_shown_and_nothing_else():
    counts = {"KZ-75": 129, "KZ-71": 130, "KZ-10": 9, "KZ-11": 10, "KZ-15": 19, "unknown": 50}
    assert regions_in_tens(counts) == [("KZ-71", 130), ("KZ-75", 120), ("KZ-11", 10), ("KZ-15", 10)]


def test_a_version_of_a_stage_of_its_own_is_not_mixed_up():
    first, second = open_appeal(), open_appeal(made=stage(), slug="another")
    support(first)
    assert (count_of(first), count_of(second)) == (1, 0)
