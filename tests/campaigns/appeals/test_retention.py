"""What supporters left goes: unconfirmed after a week, addresses at once, everything at the promised day."""

import datetime

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.utils.timezone import localdate

from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.actions.confirm import (
    NoSuchSupport,
    SupportChoices,
    change_choices,
    confirm_support,
    withdraw_support,
)
from coalition.campaigns.appeals.actions.hold_states import set_states
from coalition.campaigns.appeals.counting import add_up_changes, count_of, recount
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.retention import (
    end_personal_data,
    erase_needless_addresses,
    erase_prints_after_closing,
    forget_unconfirmed,
)
from coalition.campaigns.models import ContactConsent, ContactOffer, Hold, Support, SupportMailCount
from coalition.core.clock import now
from coalition.core.crypto import unseal
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from tests.campaigns.appeals.builders import ask, support
from tests.campaigns.appeals.factories import SupportFactory, open_appeal
from tests.documents.approval.builders import stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
CANARY = "kanarenvogel"


def everything() -> str:
    """Every column of every table, opened where it is sealed."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found.extend(_opened(str(value)) for value in row if value is not None)
    return "\n".join(found).lower()


def _opened(value: str) -> str:
    if not value.startswith("gAAAA"):
        return value
    try:
        return unseal(value)
    except Exception:  # noqa: BLE001  not ours: whatever it is stays as it is
        return value


def test_what_looks_everywhere_finds_what_is_sealed():
    ask(open_appeal(), f"{CANARY}@canary.example", name=f"{CANARY} name", is_listed=True)
    assert f"{CANARY}@canary.example" in everything()
    assert f"{CANARY} name" in everything()


def test_after_confirming_nothing_is_left_of_an_address_without_a_tick(caplog, mailoutbox):
    version = open_appeal()
    token = ask(version, f"{CANARY}@canary.example", name=CANARY)
    deliver_due()
    assert any(one.to == [f"{CANARY}@canary.example"] for one in mailoutbox)
    confirm_support(token=token)
    told = everything()
    assert CANARY not in told
    assert "canary.example" not in told
    assert token.lower() not in told
    assert CANARY not in caplog.text.lower()
    assert not OutboxMail.objects.filter(key__contains=str(Support.objects.get().uuid)).exists()


def test_nothing_comes_back_when_somebody_asks_with_the_address_of_who_is_counted():
    version = open_appeal()
    row = support(version, f"{CANARY}@canary.example")
    ask(version, f"{CANARY}@canary.example", name=f"{CANARY} name", is_listed=True)
    assert CANARY in everything(), "as long as the mail waits"
    deliver_due()
    told = everything()
    assert CANARY not in told
    assert str(row.uuid) not in "".join(OutboxMail.objects.values_list("key", flat=True))


def test_counts_of_mails_stay_when_rows_go_and_lead_to_nobody():
    version = open_appeal()
    with time_machine.travel(NOON, tick=False):
        first = ask(version, "a@rambler.ru")
        ask(version, "b@rambler.ru")
        deliver_due()
        confirm_support(token=first)
    with time_machine.travel(NOON + 8 * DAY, tick=False):
        forget_unconfirmed()
    counts = SupportMailCount.objects.order_by("is_confirmed")
    assert list(counts.values_list("provider", "mail_state", "is_confirmed", "count")) == [
        ("rambler.ru", "accepted", False, 1),
        ("rambler.ru", "accepted", True, 1),
    ]
    assert not Support.objects.exclude(provider="").exists()


def test_who_did_not_confirm_goes_after_a_week_with_their_mails():
    version = open_appeal()
    with time_machine.travel(NOON, tick=False):
        token = ask(version, f"{CANARY}@canary.example")
        support(version, "stays@mail.example")
    with time_machine.travel(NOON + 7 * DAY, tick=False):
        assert forget_unconfirmed() == 0
    with time_machine.travel(NOON + 8 * DAY, tick=False):
        assert forget_unconfirmed() == 1
        assert CANARY not in everything()
        with pytest.raises(NoSuchSupport):
            confirm_support(token=token)
        assert forget_unconfirmed() == 0
    assert count_of(version) == 1


def test_the_address_of_who_was_set_aside_goes_after_thirty_days():
    version = open_appeal()
    with time_machine.travel(NOON, tick=False):
        hold = Hold.objects.create(appeal=version.appeal, rule="one_pattern", made_at=now())
        row = SupportFactory(version=version, state=SupportState.HELD, hold=hold, address="a@mail.example")
        set_states(hold=hold, counted=False)
        Hold.objects.update(state=HoldState.SET_ASIDE, decided_at=now())
    with time_machine.travel(NOON + 29 * DAY, tick=False):
        assert erase_needless_addresses() == 0
    with time_machine.travel(NOON + 31 * DAY, tick=False):
        assert erase_needless_addresses() == 1
        assert erase_needless_addresses() == 0
    row.refresh_from_db()
    assert row.address == ""
    assert bool(row.address_print)


def test_at_the_promised_day_everything_about_supporters_goes_and_counts_stay():
    made = stage()
    version = open_appeal(made=made, personal_data_until=datetime.date(2027, 3, 1))
    ContactOffer.objects.create(appeal=version.appeal, organisation=made.organisations[0], offered_at=now())
    row = support(
        version, f"{CANARY}@canary.example", name=CANARY, is_listed=True, contact=(made.organisations[0],)
    )
    SupportFactory(version=version, state="held", address=f"{CANARY}2@canary.example")
    add_up_changes()
    with time_machine.travel(datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC), tick=False):
        assert end_personal_data() == 0
    with time_machine.travel(datetime.datetime(2027, 3, 2, 12, tzinfo=datetime.UTC), tick=False):
        assert end_personal_data() == 2
        assert end_personal_data() == 0
        assert recount() == 0
    assert CANARY not in everything()
    assert not Support.objects.exists()
    assert not ContactConsent.objects.exists()
    assert count_of(version) == 1
    assert SUPPORT.find(SUPPORT.token(row)) is None
    assert AuditEntry.objects.filter(action="appeal.personal_data_ended").count() == 1


def test_the_end_goes_on_where_it_was_broken_off():
    version = open_appeal(personal_data_until=datetime.date(2026, 3, 1), personal_data_ended_at=NOON)
    SupportFactory(version=version)
    with time_machine.travel(NOON + 3 * DAY, tick=False):
        assert end_personal_data() == 1


def test_every_model_of_supporters_has_its_rule():
    from coalition.core.retention import all_retention_rules  # beside its only use

    named = " ".join(rule.of for rule in all_retention_rules())
    for model in ("Support", "ContactConsent", "SupportMailLimit", "SupportSignal", "PlaceKey"):
        assert model in named
        apps.get_model("campaigns", model)


@pytest.mark.parametrize("ends", ["closed", "last day"])
def test_prints_go_once_the_appeal_cannot_be_opened_again(ends):
    with time_machine.travel(NOON, tick=False):
        version = open_appeal()
        appeal = version.appeal
        row = support(version, f"{CANARY}@canary.example")
        with_consent = SupportFactory(version=version, address="c@canary.example")
        named = SupportFactory(version=version, name="Aru", in_hand_over=True)
        other = support(open_appeal(slug="still-open", made=stage()))
        if ends == "closed":
            appeal.closed_at = now()
        else:
            appeal.closes_on = (NOON - DAY).date()
        appeal.save()
    with time_machine.travel(NOON + 7 * DAY - (DAY if ends == "last day" else 0 * DAY), tick=False):
        assert erase_prints_after_closing() == 0
        assert appeal.may_reopen_on(localdate())
    with time_machine.travel(NOON + 8 * DAY, tick=False):
        assert not appeal.may_reopen_on(localdate())
        erase_prints_after_closing()
        row.refresh_from_db()
        named.refresh_from_db()
        assert (named.address_print, bool(named.owner_print)) == ("", True), "who is named can be found"
        change_choices(token=SUPPORT.token(named), choices=SupportChoices())
        erase_prints_after_closing()
        named.refresh_from_db()
        assert named.owner_print == ""
        assert erase_prints_after_closing() == 0
        assert (row.address_print, row.owner_print, row.state) == ("", "", SupportState.COUNTED)
        for stays in (with_consent, other):
            stays.refresh_from_db()
            assert stays.address_print
            assert stays.owner_print
        assert count_of(version) == 1
        withdraw_support(token=SUPPORT.token(row))
        assert count_of(version) == 0
