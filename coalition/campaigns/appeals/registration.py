"""What the public side of appeals hands to other layers: counters, referral codes, work that recurs."""

import datetime
from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _, override

from coalition.campaigns.appeals.counting import (
    add_up_changes,
    count_of_appeal,
    counts_by_code,
    credited_by_region,
    recount,
)
from coalition.campaigns.appeals.mail_funnel import add_up_mail_counts
from coalition.campaigns.appeals.mail_limits import forget_mail_limits
from coalition.campaigns.appeals.models import Appeal, AppealVersion
from coalition.campaigns.appeals.public_presenters import appeal_path
from coalition.campaigns.appeals.public_queries import (
    ACTION,
    appeals_open_now,
    closed_reason,
    newest_words_at,
    newest_words_of,
    newest_words_of_all,
    opened_in,
)
from coalition.campaigns.appeals.retention import (
    end_personal_data,
    erase_needless_addresses,
    erase_prints_after_closing,
    forget_unconfirmed,
)
from coalition.campaigns.appeals.signals import forget_signals, hold_suspects, settle_decided_holds
from coalition.campaigns.core.regional_actions import RegionalAction, register_regional_action
from coalition.campaigns.counters.columns import ColumnSource, Count, register_column
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.counters.subjects import Subject, SubjectSource, register_subjects
from coalition.campaigns.referrals.targets import ActionKind, register_action, register_credit
from coalition.core.clock import now
from coalition.core.retention import RetentionRule
from coalition.workspaces.capability import RecurringWork

SUPPORT_ACTIONS: Mapping[str, str | Promise] = {
    "appeal.count_differs": _("A count of supporters is wrong: tell the people who run this site"),
    "appeal.personal_data_ended": _("The personal data of an appeal’s supporters were deleted"),
}
SUPPORT_RULES = (
    RetentionRule(
        "campaigns.forget_unconfirmed_supports",
        of="campaigns.Support: somebody who did not confirm, and what the outbox knows of their mails",
        until="7 days",
        forget=forget_unconfirmed,
    ),
    RetentionRule(
        "campaigns.erase_supporters_addresses",
        of="campaigns.Support.address: of who confirmed and agreed to no contact; of who was set aside",
        until="confirmed; set aside 30 days",
        forget=erase_needless_addresses,
    ),
    RetentionRule(
        "campaigns.end_supporters_data",
        of="campaigns.Support, ContactConsent, SupportMailLimit: everything about supporters; counts stay",
        until="6 months after the hand-over, 12 months after the opening at the latest",
        forget=end_personal_data,
    ),
    RetentionRule(
        "campaigns.erase_supporters_prints",
        of="campaigns.Support: prints of the addresses of who confirmed, once the address is erased; that of"
        " the owner once there is no name",
        until="7 days after the appeal ended",
        forget=erase_prints_after_closing,
    ),
    RetentionRule(
        "campaigns.forget_support_mail_limits",
        of="campaigns.SupportMailLimit: how many mails a mailbox was written, unless it wants none",
        until="7 days",
        forget=forget_mail_limits,
    ),
    RetentionRule(
        "campaigns.forget_support_signals",
        of="campaigns.SupportSignal, PlaceKey, Hold.burst: hashes of networks and patterns, and their keys",
        until="72 hours",
        forget=forget_signals,
    ),
)


def sweep() -> None:
    """Hold what is suspect; repeat what a decision did, for rows that were confirmed at the same moment."""
    hold_suspects()
    settle_decided_holds()


SUPPORT_RECURRING = (
    RecurringWork("campaigns.add_up_supports", add_up_changes, datetime.timedelta(seconds=5)),
    RecurringWork("campaigns.add_up_mail_counts", add_up_mail_counts, datetime.timedelta(minutes=1)),
    RecurringWork("campaigns.hold_suspect_supports", sweep, datetime.timedelta(seconds=15)),
    RecurringWork("campaigns.forget_signals_hourly", forget_signals, datetime.timedelta(hours=1)),
    RecurringWork("campaigns.recount_supports", recount, datetime.timedelta(days=1)),
)


def connect_support() -> None:
    """Register columns, subjects and referral codes. Called once, from `Capability.connect`."""
    register_column(
        ColumnSource(
            Column.ONLINE,
            method=_("Each mailbox once, after its owner confirmed by a link. Who withdraws is taken off."),
            count=_count_online,
        )
    )
    register_column(
        ColumnSource(
            Column.OFFICIAL,
            method=_("Typed in by the organisers from the portal of the state, with the day."),
            count=_count_official,
        )
    )
    register_subjects(SubjectSource(by_slug=_subject_at, by_uuid=_subject_with, choices=_choices))
    register_action(
        ACTION,
        ActionKind(
            label=_("Appeal"), title=_title, address=_address, after=_after, targets=opened_in, titles=_titles
        ),
    )
    register_credit(ACTION, counts_by_code)
    register_regional_action(
        RegionalAction(
            "online",
            label=_("Online support"),
            unit=_("people, by codes of the organisation"),
            done=credited_by_region,
            order=10,
        )
    )


def _count_online(appeal: UUID) -> Count:
    count = count_of_appeal(appeal)
    return Count() if count is None else Count(count, now())


def _count_official(appeal: UUID) -> Count:
    found = Appeal.objects.filter(uuid=appeal).values_list("official_count", "official_as_of").first()
    return Count(*found) if found is not None else Count()


def _subject(version: AppealVersion | None, language: str) -> Subject | None:
    if version is None:
        return None
    appeal = version.appeal
    with override(language):
        return Subject(
            uuid=appeal.uuid,
            slug=appeal.slug,
            title=version.publication.title,
            url=reverse("support_appeal", args=[appeal.slug]),
            goal=appeal.goal,
            is_open=not closed_reason(version, localdate(now())),
        )


def _subject_at(slug: str, language: str) -> Subject | None:
    return _subject(newest_words_at(slug), language)


def _subject_with(uuid: UUID, language: str) -> Subject | None:
    return _subject(newest_words_of(uuid), language)


def _choices(language: str) -> list[tuple[UUID, str]]:
    with override(language):
        return [(version.appeal.uuid, version.publication.title) for version in appeals_open_now()]


def _titles(appeals: Collection[UUID], language: str) -> dict[UUID, str]:
    with override(language):
        return {one.appeal.uuid: one.publication.title for one in newest_words_of_all(appeals)}


def _title(appeal: UUID, language: str) -> str:
    subject = _subject_with(appeal, language)
    return subject.title if subject is not None else ""


def _address(appeal: UUID, language: str, code: str) -> str:
    subject = _subject_with(appeal, language)
    if subject is None or not subject.is_open:
        return ""
    with override(language):
        return appeal_path(subject.slug, code)


def _after(appeal: UUID, language: str) -> str:
    subject = _subject_with(appeal, language)
    return subject.url if subject is not None else ""
