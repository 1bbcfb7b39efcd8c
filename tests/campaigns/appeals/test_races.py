"""Many at one moment: one mailbox stays one support, one change is added up once, and holds miss nobody."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection, transaction

from coalition.campaigns.appeals import counting, signals
from coalition.campaigns.appeals.actions import confirm, holds
from coalition.campaigns.appeals.actions.confirm import confirm_support, withdraw_support
from coalition.campaigns.appeals.actions.holds import decide_hold
from coalition.campaigns.appeals.counting import add_up_changes, count_of, recount
from coalition.campaigns.appeals.enums import HoldState, MailState, SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.signals import hold_suspects, settle_decided_holds
from coalition.campaigns.models import Hold, Support, SupportChange
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import LINKS_A_DAY, hash_token
from tests.campaigns.appeals.builders import ADDRESS, ask, support
from tests.campaigns.appeals.factories import open_appeal
from tests.campaigns.appeals.test_signals import crowd
from tests.documents.approval.builders import stage
from tests.documents.races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_pages"),
]
locks_rows = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no rows")
LONG_ENOUGH = 0.7  # seconds in which the other one reaches the lock


def while_(monkeypatch: pytest.MonkeyPatch, module: object, name: str, other: Callable[[], object]):
    """Return a function to run beside `other`: it goes on when `module.name` was called, which then waits."""
    begun, function = threading.Event(), getattr(module, name)

    def slow(*given, **named):
        result = function(*given, **named)
        if not begun.is_set():
            begun.set()
            time.sleep(LONG_ENOUGH)
        return result

    monkeypatch.setattr(module, name, slow)

    def follower() -> None:
        begun.wait(timeout=10)
        other()

    return follower


def quietly(act, token: str) -> None:
    with suppress(Refused):  # who comes second finds it withdrawn, or nothing at all
        act(token=token)


def test_two_hundred_confirmations_of_one_are_one():
    version = open_appeal()
    token = ask(version)
    for _round in range(10):
        at_once(*[lambda: confirm_support(token=token)] * 20)
    assert count_of(version) == 1
    assert SupportChange.objects.count() == 1


def test_one_mailbox_that_asks_and_confirms_many_times_at_once_counts_once(mailoutbox):
    version = open_appeal()
    spellings = ["aru@gmail.com", "a.ru@gmail.com", "ARU@googlemail.com", "aru+1@gmail.com"]
    at_once(*[lambda one=one: ask(version, one) for one in spellings * 3])
    leave = [one for one in Support.objects.all() if one.mail_state != MailState.LIMITED]
    assert len(leave) == LINKS_A_DAY, "nor does anybody get more mails by asking at once"
    at_once(*[lambda one=one: quietly(confirm_support, SUPPORT.token(one)) for one in leave * 3])
    assert count_of(version) == 1
    assert Support.objects.exclude(state="unconfirmed").count() == 1
    assert not Support.objects.filter(state="unconfirmed").exists()


def test_who_confirms_while_the_sweep_holds_them_is_held(monkeypatch):
    version = open_appeal()
    row = Support.objects.get(token_hash=hash_token(ask(version)))
    hold = Hold.objects.create(appeal=version.appeal, rule="one_pattern", made_at=now())
    is_held = threading.Event()

    def sweep() -> None:
        with transaction.atomic():
            Support.objects.select_for_update().get(pk=row.pk)
            Support.objects.filter(pk=row.pk).update(hold=hold)
            is_held.set()
            time.sleep(1)  # the confirmation waits for the row meanwhile

    def confirm() -> None:
        is_held.wait()
        confirm_support(token=SUPPORT.token(row))

    at_once(sweep, confirm)
    row.refresh_from_db()
    assert (row.state, row.address, count_of(version)) == ("held", ADDRESS, 0)


def test_who_asks_while_they_withdraw_gets_a_mail(monkeypatch):
    version = open_appeal()
    token, is_locked, locked = ask(version), threading.Event(), confirm._locked
    confirm_support(token=token)

    def slowly(given: str) -> Support:
        row = locked(given)
        is_locked.set()
        time.sleep(1)
        return row

    def ask_meanwhile() -> None:
        is_locked.wait()
        ask(version)

    monkeypatch.setattr(confirm, "_locked", slowly)
    at_once(lambda: withdraw_support(token=token), ask_meanwhile)
    assert sorted(Support.objects.values_list("state", flat=True)) == ["unconfirmed", "withdrawn"]


def test_confirming_and_withdrawing_at_once_leaves_a_true_count():
    version = open_appeal()
    token = ask(version)
    at_once(
        *[lambda: quietly(confirm_support, token), lambda: quietly(withdraw_support, token)] * 6,
    )
    add_up_changes()
    assert count_of(version) == 0
    assert recount() == 0


def test_two_workers_add_up_every_change_once():
    version = open_appeal()
    for number in range(12):
        support(version, f"a{number}@mail.example")
    at_once(*[add_up_changes] * 4)
    add_up_changes()
    assert (count_of(version), SupportChange.objects.count()) == (12, 0)
    assert recount() == 0


@locks_rows
def test_who_confirms_while_the_sweep_holds_them_is_not_counted(monkeypatch):
    version = open_appeal()
    rows = crowd(version, [f"supporter{number:04}@mail.ru" for number in range(30)])
    token = SUPPORT.token(rows[5])
    at_once(hold_suspects, while_(monkeypatch, signals, "_put_under", lambda: confirm_support(token=token)))
    settle_decided_holds()
    row = Support.objects.get(pk=rows[5].pk)
    assert (row.state, row.hold is None, count_of(version)) == (SupportState.HELD, False, 0)
    assert recount() == 0


@locks_rows
def test_withdrawing_and_the_sweep_do_not_wait_for_each_other(monkeypatch):
    version = open_appeal()
    rows = crowd(version, [f"supporter{number:04}@mail.ru" for number in range(30)])
    for row in rows:
        confirm_support(token=SUPPORT.token(row))
    token = SUPPORT.token(rows[5])
    at_once(lambda: withdraw_support(token=token), while_(monkeypatch, confirm, "_locked", hold_suspects))
    states = Support.objects.values_list("state", flat=True)
    assert sorted(set(states)) == [SupportState.HELD, SupportState.WITHDRAWN]
    assert (count_of(version), recount()) == (0, 0)


@locks_rows
def test_what_the_sweep_finds_during_a_vote_is_under_another_hold(monkeypatch):
    made = stage()
    version = open_appeal(made=made)
    rows = crowd(version, [f"supporter{number:04}@mail.ru" for number in range(30)])
    for row in rows:
        confirm_support(token=SUPPORT.token(row))
    hold_suspects()
    voted = Hold.objects.get()
    more = crowd(version, ["supporter9999@mail.ru"])
    at_once(
        lambda: decide_hold(access=made.access, hold=voted, releases=True),
        while_(monkeypatch, holds, "record_appeal_action", hold_suspects),
    )
    assert voted.supports.count() == 30
    assert Support.objects.get(pk=more[0].pk).hold.state == HoldState.WAITING


@locks_rows
def test_the_recount_finds_no_difference_while_changes_are_added_up(monkeypatch):
    """A change leaves and enters its total between two statements of a recount that reads them one by one."""
    version = open_appeal()
    found = []
    for number in range(40):
        support(version, f"a{number}@mail.example")
    monkeypatch.setattr(counting, "BATCH_SIZE", 1)
    at_once(add_up_changes, *[lambda: found.extend(recount() for _time in range(15))] * 2)
    assert set(found) == {0}
