"""What is kept for a while only goes on its day, not a minute before; no model with people is left out."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.utils.timezone import localdate

from coalition.core.clock import now
from coalition.core.crypto import SealedJSONField, SealedTextField
from coalition.core.retention import all_retention_rules, empty_in_batches
from coalition.jobs.scheduler import _recurring
from coalition.mail.models import OutboxMail
from events.models import EventInvitation, Exhibition, Loan, Shift, ShiftAssignment, Volunteer, Work
from home.management.commands.tidy import rules_table
from home.models import NewsByMail
from home.news_mail import confirm_news, delete_unconfirmed_addresses
from tests.filled import filled
from tests.home.aged import CASES
from tests.home.ageing import LONG, MINUTE, Case, days, endless, gone, half

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]

RUNNING = Path(settings.BASE_DIR) / "docs" / "running.md"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]}".strip())
def test_what_is_just_old_enough_goes_and_what_is_not_stays(case: Case) -> None:
    name, _what, limit, made, is_over = case
    forget = next(one.forget for one in all_retention_rules() if one.name == name)
    assert forget() == 0
    older, younger = made(limit + MINUTE), made(limit - MINUTE)
    assert forget() > 0
    assert is_over(older)
    assert not is_over(younger)
    assert forget() == 0


def test_news_that_went_to_an_address_is_known_as_long_as_it_is_subscribed() -> None:
    """Else who has had it would get it again, when it is planned anew."""
    subscribed = filled(NewsByMail, state="confirmed")
    old = {"created_at": now() - 3 * LONG, "state": "sent"}
    has, ended = (filled(OutboxMail, key=f"news:{one}:7", **old) for one in (subscribed.uuid, uuid4()))
    call_command("tidy", stdout=io.StringIO())
    assert gone(ended)
    assert not gone(has)


def _between(act: Callable[[], object]) -> AbstractContextManager[None]:
    """Somebody else acts when the first list of rows was read and before anything else is asked."""
    asked: list[str] = []

    def run(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        if len(asked) == 2:
            act()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(run)


def test_who_subscribes_while_it_runs_keeps_the_record_of_their_news() -> None:
    def subscribe() -> None:
        row = filled(NewsByMail, state="confirmed")
        filled(OutboxMail, key=f"news:{row.uuid}:7", state="sent")

    forget = next(one.forget for one in all_retention_rules() if one.name == "home.forget_news_sent")
    filled(OutboxMail, key=f"news:{uuid4()}:7", state="sent")
    with _between(subscribe):
        assert forget() == 1
    assert OutboxMail.objects.count() == NewsByMail.objects.count() == 1


def test_who_proves_an_address_while_it_runs_stays() -> None:
    eight_days_ago = localdate(now() - days(8))
    proves, never = (filled(NewsByMail, day=eight_days_ago, address_print=mark) for mark in "ab")
    with _between(lambda: confirm_news(subscription=proves)):
        assert delete_unconfirmed_addresses() == 1
    assert gone(never)
    assert not gone(proves)


def test_what_changes_while_it_runs_is_not_emptied() -> None:
    proves, never = (filled(NewsByMail, language="kk", address_print=mark) for mark in "ab")
    with _between(lambda: confirm_news(subscription=proves)):
        assert empty_in_batches(NewsByMail.objects.filter(state="unconfirmed"), language="ru") == 1
    assert set(NewsByMail.objects.values_list("pk", "language")) == {(proves.pk, "kk"), (never.pk, "ru")}


def test_guests_of_what_has_not_begun_stay() -> None:
    """It comes again without end from next week on; they were invited long before."""
    event = endless(days(0), starts_at=now() + days(7), ends_at=now() + days(8))
    guest = filled(EventInvitation, event=event, invited_at=now() - 2 * LONG, guest_name="Aru")
    call_command("tidy", stdout=io.StringIO())
    guest.refresh_from_db()
    assert guest.guest_name == "Aru"


def test_who_helps_again_and_again_stays_and_who_does_not_goes() -> None:
    event = endless(days(0))
    proved = {"event": event, "written_at": now() - LONG, "state": "proved"}
    lately, before = (filled(Volunteer, address_print=one, **proved) for one in "12")
    for volunteer, ago in ((lately, 10), (before, 100)):
        ends = now() - days(ago)
        shift = filled(Shift, event=event, starts_at=ends - MINUTE, ends_at=ends)
        filled(ShiftAssignment, volunteer=volunteer, shift=shift)
    call_command("tidy", "--only", "events.forget_volunteers", stdout=io.StringIO())
    assert gone(before)
    assert not gone(lately)


def test_lenders_stay_while_their_work_may_hang() -> None:
    exhibition = filled(Exhibition, event=endless(days(800)))
    loan = filled(Loan, work=filled(Work, exhibition=exhibition), lender="Aru")
    call_command("tidy", stdout=io.StringIO())
    loan.refresh_from_db()
    assert loan.lender == "Aru"


def test_halves_of_files_go_after_a_day(django_capture_on_commit_callbacks: Any) -> None:
    older, younger = half(days(1) + MINUTE), half(days(1) - MINUTE)
    out, rule = io.StringIO(), "stored.forget_halves"
    with django_capture_on_commit_callbacks(execute=True):
        call_command("tidy", "--dry-run", "--only", rule, stdout=out)
    assert older.exists()
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("tidy", "--only", rule, stdout=out)
    assert out.getvalue().split() == ["1", rule, "1", rule, "0", rule]
    assert not older.exists()
    assert younger.exists()
    younger.unlink()


def test_every_rule_has_its_day_and_its_line() -> None:
    """A rule that nobody told the operator, or nobody tries on its day, is none."""
    tried = {case[0] for case in CASES} | {"home.forget_news_sent", "stored.forget_halves"}
    assert {one.name for one in all_retention_rules()} == tried
    assert {one.name for one in all_retention_rules()} <= _recurring.keys()
    told = RUNNING.read_text(encoding="utf-8")
    missing = [line for line in rules_table(all_retention_rules()) if line not in told]
    assert not missing, "docs/running.md lacks (manage.py tidy --list): " + "\n".join(missing)


# Models that hold people, or sealed words, and are kept as long as what they belong to: with the reason.
KEPT_ON = {
    "partners.User": "as long as the account; forget_person",
    "partners.Organisation": "the organisation itself",
    "documents.PublicationName": "who approved; salts prove it, for ever",
    "documents.Outlet": "the organisation's media list",
    "documents.Contact": "the organisation's media list; forgotten an hour after it is taken out",
    "documents.PressStop": "a keyed hash: that no more mail goes there has to be known for ever",
    "events.Letter": "a keyed hash, by which its link ends further mail",
    "campaigns.Body": "a public body's official address",
    "campaigns.Target": "official addresses of people in public office, as they were imported",
    "events.PartnerCalendar": "a calendar's address; deleted 30 days after it is taken out",
}


def _holds_people(model: type[models.Model]) -> bool:
    fields = model._meta.local_concrete_fields
    return any(
        isinstance(one, SealedTextField | SealedJSONField | models.EmailField | models.GenericIPAddressField)
        or one.name.endswith("_print")
        for one in fields
    )


def test_every_model_with_people_in_it_is_forgotten_or_has_a_reason() -> None:
    ruled = " ".join(one.of for one in all_retention_rules())
    labels = {one._meta.label: one for one in apps.get_models() if _holds_people(one)}
    named = {label for label in labels if re.search(rf"\b{label.partition('.')[2]}\b", ruled)}
    theirs = {"account.EmailAddress", "account.EmailConfirmation"}  # go with the account
    forgotten = labels.keys() - named - KEPT_ON.keys() - theirs
    assert not forgotten, f"say how long (coalition/core/retention.py), or why for ever: {sorted(forgotten)}"
    assert not KEPT_ON.keys() & named
    assert KEPT_ON.keys() <= labels.keys()


def test_a_dry_run_counts_and_changes_nothing() -> None:
    row = filled(NewsByMail, day=localdate(now() - days(8)))
    out = io.StringIO()
    call_command("tidy", "--dry-run", "--only", "home.forget_unconfirmed", stdout=out)
    assert out.getvalue().split() == ["1", "home.forget_unconfirmed"]
    assert not gone(row)
    call_command("tidy", "--only", "home.forget_unconfirmed", stdout=out)
    assert gone(row)


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="No rule is called nothing"):
        call_command("tidy", "--only", "nothing")


def test_many_rows_go_a_few_hundred_at_a_time(django_assert_max_num_queries: Any) -> None:
    kept = {"written_at": now(), "day": localdate(now() - days(8)), "language": "kk"}
    marks = [uuid4().hex for _ in range(1100)]
    NewsByMail.objects.bulk_create(
        [
            NewsByMail(address=f"{m}@tests.example", address_print=m, token=m, token_hash=m, **kept)
            for m in marks
        ]
    )
    forget = next(one.forget for one in all_retention_rules() if one.name == "home.forget_unconfirmed")
    with django_assert_max_num_queries(40) as asked:
        assert forget() == 1100
    assert max(len(one["sql"]) for one in asked.captured_queries) < 100_000
    assert NewsByMail.objects.count() == 0
