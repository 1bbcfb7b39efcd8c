"""Somebody supports an appeal: asked by mail, confirmed by a press, changed and withdrawn by one link."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.campaigns.appeals.actions.confirm import (
    NoSuchSupport,
    SupportChoices,
    change_choices,
    confirm_support,
    end_contact,
    withdraw_support,
)
from coalition.campaigns.appeals.counting import add_up_changes, count_of
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.public_queries import listed_supporters
from coalition.campaigns.models import AppealVersion, ContactConsent, ContactOffer, Hold, Support
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from documents.publication.actions import publish_approved, withdraw_publication
from tests.campaigns.appeals.builders import ADDRESS, ask, support
from tests.campaigns.appeals.factories import AppealVersionFactory, SupportFactory, open_appeal
from tests.documents.approval.builders import Stage, stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


@pytest.fixture
def made() -> Stage:
    return stage()


@pytest.fixture
def version(made: Stage) -> AppealVersion:
    return open_appeal(made=made)


def mails():
    return OutboxMail.objects.filter(template__startswith="campaigns/support")


def close(version: AppealVersion) -> None:
    version.appeal.closed_at = now()
    version.appeal.save()


def token_of(row: Support) -> str:
    return SUPPORT.token(row)


def offer(version: AppealVersion, made: Stage, number: int = 0) -> ContactOffer:
    return ContactOffer.objects.create(
        appeal=version.appeal, organisation=made.organisations[number], offered_at=now()
    )


def test_a_support_counts_once_it_is_confirmed_and_the_address_is_erased(version):
    token = ask(version)
    row = Support.objects.get()
    assert (row.state, row.address, count_of(version)) == (SupportState.UNCONFIRMED, ADDRESS, 0)
    row = confirm_support(token=token)
    assert (row.state, count_of(version)) == (SupportState.COUNTED, 1)
    row.refresh_from_db()
    assert (row.address, row.name, bool(row.address_print)) == ("", "", True)
    assert not mails().exists(), "not even when somebody asked is known any more"
    confirm_support(token=token)
    assert count_of(version) == 1, "pressing again changes nothing"


def test_a_mailbox_counts_once_however_it_is_written(version):
    support(version, "A.ru@gmail.com")
    token = ask(version, "ARU+news@googlemail.com", region="KZ-71", name="Canary", is_listed=True)
    row = confirm_support(token=token)
    assert count_of(version) == 1
    assert (row.region, row.name, row.is_listed) == ("KZ-75", "", False), "others cannot change it by asking"
    assert mails().get().template == "campaigns/support_counted"
    deliver_due()
    assert Support.objects.count() == 1


def shape(sql: str) -> str:
    """The kind of a statement and its table, without what it says."""
    words = sql.replace('"', "").split()
    begins = {"SELECT": "FROM", "INSERT": "INTO", "DELETE": "FROM"}.get(words[0])
    table = words[words.index(begins) + 1] if begins else words[1] if words[0] == "UPDATE" else ""
    return f"{words[0]} {table}"


def test_the_same_statements_run_whatever_is_known_of_the_mailbox(version):
    ask(version, "first@mail.example")  # the words are frozen, and the day has its key
    known = ["unconfirmed", "counted", "held", "set_aside"]
    for state in known:
        SupportFactory(version=version, mailbox=f"{state}@mail.example", state=state)
    SupportFactory(version=version, address_print="", state="withdrawn")
    shapes = {}
    for state in ["unknown", "withdrawn", *known]:
        with CaptureQueriesContext(connection) as found:
            ask(version, f"{state}@mail.example", name="Canary", is_listed=True)
        shapes[state] = [shape(one["sql"]) for one in found]
    assert len(shapes["unknown"]) > 8
    for state in ["withdrawn", *known]:
        assert shapes[state] == shapes["unknown"], state


def test_nothing_is_taken_after_closing_and_a_link_says_so(version):
    token = ask(version)
    counted = support(version, "other@mail.example")
    close(version)
    with pytest.raises(Refused, match="closed"):
        ask(version, "late@mail.example")
    with pytest.raises(Refused, match="closed"):
        confirm_support(token=token)
    assert withdraw_support(token=token_of(counted)).state == SupportState.WITHDRAWN


def test_the_last_day_is_one_on_which_it_is_open(version):
    version.appeal.closes_on = datetime.date(2026, 3, 1)
    version.appeal.save()
    almaty = datetime.timezone(datetime.timedelta(hours=5))
    with time_machine.travel(datetime.datetime(2026, 3, 1, 23, 59, tzinfo=almaty), tick=False):
        token = ask(version)
    after = time_machine.travel(datetime.datetime(2026, 3, 2, 0, 1, tzinfo=almaty), tick=False)
    with after, pytest.raises(Refused, match="closed"):
        confirm_support(token=token)


def test_other_words_need_another_support(made, version):
    token = ask(version)
    support(version, "other@mail.example")
    second = AppealVersionFactory(appeal=version.appeal, publication=version.publication, number=2)
    with pytest.raises(Refused, match="words of this appeal are others now"):
        confirm_support(token=token)
    support(second, "other@mail.example")
    assert (count_of(version), count_of(second)) == (1, 1)


def test_words_that_were_corrected_or_withdrawn_take_nothing(made, version):
    token = ask(version)
    round_ = made.put(versions=[made.version("We ask for a better law.")])
    made.approve_all(round_)
    corrected = publish_approved(access=made.access, round_=round_)
    with pytest.raises(Refused, match="corrected"):
        confirm_support(token=token)
    withdraw_publication(access=made.access, publication=corrected, note="Wrong.")
    withdraw_publication(access=made.access, publication=version.publication, note="Wrong.")
    with pytest.raises(Refused, match="withdrawn"):
        confirm_support(token=token)


def test_the_words_are_frozen_by_who_asks_first(version):
    assert version.frozen_at is None
    ask(version)
    version.refresh_from_db()
    first = version.frozen_at
    ask(version, "other@mail.example")
    version.refresh_from_db()
    assert first is not None
    assert version.frozen_at == first


def test_withdrawn_nothing_of_the_person_is_left(made, version):
    offer(version, made)
    token = ask(version, name="Canary", is_listed=True, contact=(made.organisations[0],))
    row = confirm_support(token=token)
    assert row.address == ADDRESS
    assert listed_supporters(version).count() == 1
    withdraw_support(token=token)
    row.refresh_from_db()
    assert (row.state, row.address, row.address_print, row.name) == (SupportState.WITHDRAWN, "", "", "")
    assert not ContactConsent.objects.exists()
    assert (count_of(version), listed_supporters(version).count()) == (0, 0)
    withdraw_support(token=token)
    assert count_of(version) == 0, "withdrawing twice takes off one"
    with pytest.raises(Refused, match="withdrawn"):
        confirm_support(token=token)
    with pytest.raises(NoSuchSupport):
        change_choices(token=token, choices=SupportChoices(name="Canary", is_listed=True))
    support(version)
    assert count_of(version) == 1, "the mailbox may support again"


def test_what_was_never_confirmed_is_deleted_wholly(version):
    token = ask(version)
    assert withdraw_support(token=token) is None
    assert not Support.objects.exists()
    assert not mails().exists()
    for act in (confirm_support, withdraw_support):
        with pytest.raises(NoSuchSupport):
            act(token=token)


def test_a_name_stays_only_as_long_as_a_tick_needs_it(version):
    token = ask(version, name="Canary")
    row = confirm_support(token=token)
    assert row.name == "", "a name without a tick is not stored"
    with pytest.raises(Refused, match="Write your name"):
        change_choices(token=token, choices=SupportChoices(is_listed=True))
    row = change_choices(token=token, choices=SupportChoices(name=" Aru ", in_hand_over=True))
    assert (row.name, row.is_listed, row.in_hand_over) == ("Aru", False, True)
    row = change_choices(token=token, choices=SupportChoices(name="Aru"))
    row.refresh_from_db()
    assert row.name == ""


def test_an_organisation_may_write_only_after_a_tick_and_until_it_is_ended(made, version):
    first, second = made.organisations
    offer(version, made, 0)
    offer(version, made, 1)
    token = ask(version, contact=(first, second))
    assert not ContactConsent.objects.exists(), "nothing is agreed to before the proof"
    row = confirm_support(token=token)
    words = {one.organisation_id: one.words for one in row.contact_consents.all()}
    assert words[first.pk] == f"{first.name_en} may write to me about this appeal and what follows from it."
    assert (row.address, row.contact_choices) == (ADDRESS, [])
    end_contact(token=token, organisation=first.uuid)
    row.refresh_from_db()
    assert row.address == ADDRESS
    end_contact(token=token, organisation=second.uuid)
    row.refresh_from_db()
    assert row.address == ""
    assert ContactConsent.objects.filter(ended_on=None).count() == 0


def test_an_organisation_that_ended_its_offer_gets_no_consent(made, version):
    made_offer = offer(version, made)
    token = ask(version, contact=(made.organisations[0],))
    made_offer.ended_at = now()
    made_offer.save()
    row = confirm_support(token=token)
    assert (row.address, ContactConsent.objects.exists()) == ("", False)


@pytest.mark.parametrize(
    ("decided", "state", "count", "address"),
    [
        (HoldState.WAITING, SupportState.HELD, 0, ADDRESS),
        (HoldState.RELEASED, SupportState.COUNTED, 1, ""),
        (HoldState.SET_ASIDE, SupportState.SET_ASIDE, 0, ADDRESS),
    ],
)
def test_who_confirms_under_a_hold_stands_as_it_stands(version, decided, state, count, address):
    token = ask(version)
    hold = Hold.objects.create(appeal=version.appeal, rule="one_pattern", state=decided, made_at=now())
    Support.objects.update(hold=hold)
    row = confirm_support(token=token)
    row.refresh_from_db()
    assert (row.state, count_of(version), row.address) == (state, count, address)


def test_a_support_knows_the_day_and_no_moment(version):
    row = support(version)
    moments = [
        field.name for field in Support._meta.concrete_fields if field.get_internal_type() == "DateTimeField"
    ]
    assert (moments, row.uuid.version) == ([], 4)


def test_who_withdraws_is_taken_off_where_they_were_counted(version):
    token = ask(version, region="KZ-71", language="ru")
    confirm_support(token=token)
    add_up_changes()
    withdraw_support(token=token)
    add_up_changes()
    assert list(version.totals.values_list("region", "language", "count")) == [("KZ-71", "ru", 0)]
