"""Whether mails arrive, by mail provider, without keeping anybody's address."""

import pytest

from coalition.campaigns.appeals.actions.support import COUNTED_TEMPLATE
from coalition.campaigns.appeals.enums import MailState, SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.mail_funnel import (
    CONFIRM_MAILS,
    COUNTED_MAILS,
    ProviderMails,
    add_mail_counts,
    add_up_mail_counts,
    judged_funnel,
    mail_funnel,
    provider_of,
)
from coalition.campaigns.models import Support, SupportMailCount
from coalition.mail import outbox
from coalition.mail.models import OutboxMail

pytestmark = pytest.mark.usefixtures("no_pages")


def judged(*rows: tuple[str, int, int, int]) -> dict[str, bool]:
    return {row.provider: row.falls_behind for row in judged_funnel([ProviderMails(*row) for row in rows])}


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("a.b@googlemail.com", "gmail.com"),
        ("A@BK.RU", "mail.ru"),
        ("canary@union.example", ""),
        ("a@gmail.com.evil.example", ""),
        ("", ""),
    ],
)
def test_only_large_providers_are_known_by_name(address, provider):
    assert provider_of(address) == provider


def test_providers_with_few_mails_are_told_together_or_not_at_all():
    found = judged_funnel([ProviderMails("gmail.com", 50, 0, 40), ProviderMails("yandex", 6, 0, 1)])
    assert [row.provider for row in found] == ["gmail.com"]
    together = judged_funnel(
        [ProviderMails("gmail.com", 50, 0, 40), ProviderMails("yandex", 6, 0, 1), ProviderMails("", 5, 0, 5)]
    )
    assert together[1] == ProviderMails("", 11, 0, 6)


def test_a_provider_whose_readers_confirm_half_as_often_falls_behind():
    assert judged(("gmail.com", 100, 0, 80), ("mail.ru", 100, 0, 39)) == {"gmail.com": False, "mail.ru": True}
    assert judged(("gmail.com", 100, 0, 80), ("mail.ru", 100, 0, 41)) == {
        "gmail.com": False,
        "mail.ru": False,
    }


def test_a_provider_that_sends_mails_back_falls_behind():
    assert judged(("gmail.com", 80, 20, 80)) == {"gmail.com": True}


def test_nobody_is_alarmed_by_a_handful_of_mails():
    assert judged(("gmail.com", 100, 0, 80), ("mail.ru", 20, 0, 0)) == {"gmail.com": False, "mail.ru": False}


def key_of(row: Support) -> str:
    return f"{CONFIRM_MAILS}:{row.uuid}:{row.uuid}"


@pytest.mark.django_db
def test_a_row_learns_what_became_of_its_mail(desk):
    row, other = (desk.support(state=SupportState.UNCONFIRMED) for _row in "12")
    for support, state in ((row, OutboxMail.State.SENT), (other, OutboxMail.State.FAILED)):
        outbox.run_end_callback(key_of(support), {"state": state, "error": ""})
        support.refresh_from_db()
    assert (row.mail_state, other.mail_state) == (MailState.ACCEPTED, MailState.RETURNED)


@pytest.mark.django_db
def test_a_mail_that_comes_back_later_is_no_longer_accepted(desk):
    row = desk.support(state=SupportState.UNCONFIRMED)
    for state in (OutboxMail.State.SENT, OutboxMail.State.FAILED):
        outbox.run_end_callback(key_of(row), {"state": state, "error": ""})
    row.refresh_from_db()
    assert row.mail_state == MailState.RETURNED


@pytest.mark.django_db
def test_the_funnel_counts_accepted_returned_and_confirmed(desk):
    accepted = {"provider": "gmail.com", "mail_state": MailState.ACCEPTED}
    for is_confirmed, count in ((True, 8), (False, 2)):
        rows = [Support(appeal=desk.appeal, **accepted) for _row in range(count)]
        add_mail_counts(rows, is_confirmed=is_confirmed)
    desk.support(**accepted, state=SupportState.UNCONFIRMED)
    desk.support(provider="gmail.com", mail_state=MailState.RETURNED, state=SupportState.UNCONFIRMED)
    desk.support(provider="gmail.com", mail_state=MailState.LIMITED, state=SupportState.UNCONFIRMED)
    desk.support()
    add_mail_counts([Support(appeal=desk.appeal, provider="gmail.com")], is_confirmed=True)
    assert mail_funnel(desk.appeal) == [ProviderMails("gmail.com", 11, 1, 8)]


@pytest.mark.django_db
def test_counts_that_are_alike_are_added_up_and_tell_the_same(desk):
    for provider, is_confirmed in [("gmail.com", True)] * 9 + [("gmail.com", False)] * 2 + [("", True)] * 10:
        row = Support(appeal=desk.appeal, provider=provider, mail_state=MailState.ACCEPTED)
        add_mail_counts([row], is_confirmed=is_confirmed)
    before = mail_funnel(desk.appeal)
    assert add_up_mail_counts() == 18
    assert add_up_mail_counts() == 0
    assert (SupportMailCount.objects.count(), mail_funnel(desk.appeal)) == (3, before)


def test_the_keys_of_the_mails_are_those_of_the_flow():
    templates = {CONFIRM_MAILS: SUPPORT.mail_template, COUNTED_MAILS: COUNTED_TEMPLATE}
    for key, template in templates.items():
        assert template == f"campaigns/{key.replace('-', '_')}"
