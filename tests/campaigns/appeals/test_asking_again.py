"""Anybody can type an address. What a stranger types changes nothing of what its owner saw and agreed to."""

import datetime

import pytest
import time_machine
from django.test import Client

from coalition.campaigns.appeals.actions.confirm import (
    CountedAlready,
    confirm_support,
    stop_mails,
    withdraw_support,
)
from coalition.campaigns.appeals.counting import count_of
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.mail_limits import MAILS_A_WEEK, forget_mail_limits
from coalition.campaigns.appeals.retention import forget_unconfirmed
from coalition.campaigns.models import AppealVersion, Support, SupportMailLimit, SupportSignal
from coalition.core.throttling import LINKS_A_DAY, hash_token
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from tests.campaigns.appeals.builders import ADDRESS, ask, support
from tests.campaigns.appeals.factories import open_appeal
from tests.campaigns.appeals.test_support import mails

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def version() -> AppealVersion:
    return open_appeal()


def to(address: str, mailoutbox) -> list:
    return [one for one in mailoutbox if one.to == [address]]


def test_what_the_supporter_saw_is_what_is_counted(client, version):
    path = SUPPORT.path(Support.objects.get(token_hash=hash_token(ask(version, region="KZ-71"))))
    client.get(path)
    ask(version, region="KZ-75", name="Canary", is_listed=True, in_hand_over=True)
    client.post(path, {"act": "confirm"})
    row = Support.objects.get()
    assert (row.region, row.name, row.is_listed, row.in_hand_over) == ("KZ-71", "", False, False)


def test_of_two_askings_one_counts_and_nothing_of_the_other_is_left(version):
    first = ask(version, name="Canary", is_listed=True)
    second = ask(version, region="KZ-71")
    assert first != second
    row = confirm_support(token=second)
    assert (count_of(version), Support.objects.get().pk, row.region) == (1, row.pk, "KZ-71")
    assert not mails().exists()
    assert SupportSignal.objects.filter(support=None).count() == 1, "a burst is still seen"


def test_the_link_of_a_counted_support_goes_to_its_own_mailbox_only(version, mailoutbox):
    token = ask(version, "aru@corp.example")
    confirm_support(token=token)
    foreign = ask(version, "aru+x@corp.example")
    deliver_due()
    assert foreign != token
    assert all(token not in one.body for one in to("aru+x@corp.example", mailoutbox))
    with pytest.raises(CountedAlready):
        confirm_support(token=foreign)
    withdraw_support(token=foreign)
    assert (count_of(version), Support.objects.get().state) == (1, SupportState.COUNTED)


def test_who_has_another_spelling_cannot_take_over_what_is_not_confirmed(version):
    stranger = ask(version, "aru+x@corp.example")
    owner = ask(version, "aru@corp.example", name="Canary", is_listed=True)
    assert not Support.objects.get(token_hash=hash_token(stranger)).name
    withdraw_support(token=stranger)
    assert confirm_support(token=owner).name == "Canary"


def test_spellings_of_a_provider_whose_rule_is_known_get_the_link(version):
    token = ask(version, "a.ru@gmail.com")
    confirm_support(token=token)
    assert ask(version, "ARU+news@googlemail.com") == token
    assert mails().get().template == "campaigns/support_counted"


def test_the_mail_speaks_the_language_in_which_somebody_asked(version):
    confirm_support(token=ask(version, "a.ru@gmail.com", language="kk"))
    ask(version, "aru@gmail.com", language="ru")
    mail = mails().get()
    assert (mail.template, mail.language) == ("campaigns/support_counted", "ru")
    assert "/ru/support/link/" in mail.context["button_url"]
    assert Support.objects.get(state=SupportState.COUNTED).language == "kk"


@pytest.mark.parametrize("leaves", ["sent", "dropped"])
def test_asking_with_a_counted_address_leaves_nothing_once_the_mail_has_left(version, mailoutbox, leaves):
    support(version, "canary@rambler.ru")
    for _time in range(1 if leaves == "sent" else LINKS_A_DAY + 2):
        ask(version, "canary@rambler.ru", name="Canary", is_listed=True)
    deliver_due()
    row = Support.objects.get()
    assert (row.address, row.name, row.provider, row.mail_state) == ("", "", "", "")
    assert not mails().exists(), "a row of the outbox holds the moment"


def test_a_mailbox_gets_a_few_mails_a_day_and_a_week_whatever_is_deleted(version, mailoutbox):
    with time_machine.travel(NOON, tick=False) as clock:
        for _day in range(7):
            for _time in range(LINKS_A_DAY + 1):
                token = ask(version, "canary@mail.example")
                deliver_due()
                if Support.objects.filter(token_hash=hash_token(token)).exists():
                    withdraw_support(token=token)  # "No, delete"
            clock.shift(DAY)
        assert len(to("canary@mail.example", mailoutbox)) == MAILS_A_WEEK
        ask(version, "canary@mail.example")
        deliver_due()
        assert len(to("canary@mail.example", mailoutbox)) == MAILS_A_WEEK + 1


def test_on_the_first_day_a_mailbox_gets_three(version, mailoutbox):
    for _time in range(LINKS_A_DAY + 2):
        ask(version)
        deliver_due()
    assert len(to(ADDRESS, mailoutbox)) == LINKS_A_DAY
    assert Support.objects.count() == LINKS_A_DAY, "nobody fills the table either"


def test_tags_do_not_get_round_the_limit(version, mailoutbox):
    for number in range(8):
        ask(version, f"aru+{number}@corp.example")
    deliver_due()
    assert len([one for one in mailoutbox if "corp.example" in one.to[0]]) == LINKS_A_DAY


def test_asking_again_does_not_keep_what_is_not_confirmed(version):
    with time_machine.travel(NOON, tick=False):
        ask(version, name="Canary", is_listed=True)
    with time_machine.travel(NOON + 5 * DAY, tick=False):
        ask(version)
    with time_machine.travel(NOON + 8 * DAY, tick=False):
        assert forget_unconfirmed() == 1
        assert Support.objects.get().name == ""


def test_whoever_wants_no_mail_gets_none_and_nobody_sees_it(client, version, mailoutbox):
    token = ask(version)
    stop_mails(token=token)
    assert not Support.objects.exists()
    with time_machine.travel(NOON + 300 * DAY, tick=False):
        forget_mail_limits()
        ask(version, name="Canary", is_listed=True)
        assert mails().count() == 1, "the same is done"
        deliver_due()
    assert not to(ADDRESS, mailoutbox)
    assert not Support.objects.exists()
    kept = SupportMailLimit.objects.get()
    assert kept.is_stopped
    assert not any(ADDRESS in str(value) for value in vars(kept).values())


def test_no_mail_is_asked_for_by_its_owner_only(version, mailoutbox):
    stop_mails(token=ask(version, "aru+x@corp.example"))
    ask(version, "aru@corp.example")
    deliver_due()
    assert len(to("aru@corp.example", mailoutbox)) == 1


def test_limits_of_mails_are_forgotten_after_the_week(version):
    with time_machine.travel(NOON, tick=False):
        support(version)
    with time_machine.travel(NOON + 6 * DAY, tick=False):
        assert forget_mail_limits() == 0
    with time_machine.travel(NOON + 8 * DAY, tick=False):
        assert forget_mail_limits() == 1


def test_the_own_page_needs_no_cookie_and_refuses_other_sites(version):
    browser = Client(enforce_csrf_checks=True)
    path = SUPPORT.path(Support.objects.get(token_hash=hash_token(ask(version))))
    shown = browser.get(path)
    assert not shown.cookies
    foreign = browser.post(path, {"act": "confirm"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert count_of(version) == 0
    for act in ("confirm", "withdraw"):
        assert browser.post(path, {"act": act}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302
    assert count_of(version) == 0


def test_the_page_offers_to_write_no_more(client, version):
    path = SUPPORT.path(Support.objects.get(token_hash=hash_token(ask(version))))
    assert 'value="stop"' in client.get(path).content.decode()
    answer = client.post(path, {"act": "stop"})
    assert "never write to you about this appeal again" in answer.content.decode()
    assert SupportMailLimit.objects.get().is_stopped


def test_another_spelling_of_a_counted_mailbox_reads_that_it_is_counted(client, version):
    support(version, "aru@corp.example")
    path = SUPPORT.path(Support.objects.get(token_hash=hash_token(ask(version, "aru+x@corp.example"))))
    answer = client.post(path, {"act": "confirm"})
    assert answer.status_code == 409
    assert "counted already" in answer.content.decode()


def test_after_a_change_of_the_key_a_mailbox_is_still_one_and_its_links_live(version, settings, mailoutbox):
    token = ask(version, "a.ru@gmail.com")
    confirm_support(token=token)
    pending = ask(version, "other@mail.example")
    settings.FORMER_SECRET_KEYS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the same length or more, for this test only"
    assert ask(version, "aru@gmail.com") == token
    later = ask(version, "other@mail.example")
    confirm_support(token=pending)
    with pytest.raises(Exception, match="behind this link"):
        confirm_support(token=later)
    assert count_of(version) == 2
    withdraw_support(token=token)
    assert count_of(version) == 1


def test_a_mail_that_waits_is_not_sent_to_who_withdrew_meanwhile(version, mailoutbox):
    token = ask(version)
    confirm_support(token=token)
    ask(version)
    withdraw_support(token=token)
    deliver_due()
    assert not to(ADDRESS, mailoutbox)
    assert not OutboxMail.objects.filter(template__startswith="campaigns/support").exists()
