"""Notices, recipients and answers as pages show them."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.naming import Viewer
from coalition.campaigns.media_package.enums import AnswerWay, OutletAnswer, RemovedFrom
from coalition.campaigns.media_package.models import ItemNotice, MediaPackage, NoticeAnswer, NoticeRecipient
from coalition.campaigns.media_package.notices.actions import answer_path
from coalition.campaigns.media_package.notices.mails import item_title
from coalition.campaigns.media_package.notices.queries import contacts_by_uuid, last_answers
from coalition.campaigns.media_package.outlets.presenters import outlet_name
from coalition.campaigns.media_package.queries import newest_recipients
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import Access


@dataclass(frozen=True)
class AnswerRow:
    """An answer in words, how it came and when."""

    words: str
    way: str
    at: datetime.datetime


@dataclass(frozen=True)
class RecipientRow:
    """A recipient as the desk shows it. `answer_url`: its link, to be sent by messenger; `has_mail`: it has
    an address; `is_closed`: it got a newer notice about the item."""

    recipient: NoticeRecipient
    name: str
    answers: Sequence[AnswerRow]
    url: str
    answer_url: str
    has_mail: bool
    is_closed: bool


def recipient_rows(
    rows: Iterable[NoticeRecipient], current: Collection[int], viewer: Viewer
) -> list[RecipientRow]:
    """Return recipients with the names of outlets: for those who serve them only. `current`: primary keys of
    those that got no newer notice."""
    return [
        RecipientRow(
            recipient=row,
            name=recipient_name(row, viewer),
            answers=answer_rows(row),
            url=reverse("campaigns:media_recipient", args=[row.uuid]),
            answer_url=absolute_url(answer_path(row)),
            has_mail=row.link is None or bool(row.link.address),
            is_closed=row.pk not in current,
        )
        for row in rows
    ]


def recipient_name(row: NoticeRecipient, viewer: Viewer) -> str:
    """Return the outlet; an address for corrections stays without a name."""
    return outlet_name(row.link, viewer) if row.link is not None else _("An address for corrections")


def answer_rows(row: NoticeRecipient) -> list[AnswerRow]:
    """Return the last answer by each way, the newest first."""
    return [
        AnswerRow(answer_words(one), str(AnswerWay(one.way).label), one.answered_at)
        for one in last_answers(row)
    ]


def answer_words(row: NoticeAnswer | None) -> str:
    """Return the answer in words, with day and places; "" without one."""
    if row is None:
        return ""
    words = str(OutletAnswer(row.answer).label)
    if row.aired_on is not None:
        words = _("Aired on %(day)s, cannot be undone") % {"day": date_format(row.aired_on)}
    places = [str(RemovedFrom(one).label) for one in row.removed_from if one in RemovedFrom.values]
    return f"{words}: {', '.join(places)}" if places else words


def open_words(open_count: int, all_count: int) -> str:
    """Return how many of all have not answered, in words."""
    if not all_count:
        return _("Nobody was asked.")
    if not open_count:
        return ngettext(
            "The only recipient has answered.", "All %(all)d recipients have answered.", all_count
        ) % {"all": all_count}
    return _("%(open)d of %(all)d open") % {"open": open_count, "all": all_count}


def open_words_of(package: MediaPackage) -> str:
    """Return how many answers to the newest notices about the items of a package are open, for its page; ""
    without notices. One query."""
    answers = newest_recipients().filter(notice__item__package=package).values_list("answer", flat=True)
    found = list(answers)
    return open_words(found.count(""), len(found)) if found else ""


def notice_rows(notices: Iterable[ItemNotice]) -> list[dict[str, Any]]:
    """Return notices (`queries.notices_for`), newest first."""
    return [
        {
            "notice": one,
            "title": item_title(one.item),
            "open_words": open_words(getattr(one, "open_count", 0), getattr(one, "all_count", 0)),
            "is_closed": getattr(one, "is_closed", False),
            "url": reverse("campaigns:media_notice", args=[one.uuid]),
        }
        for one in notices
    ]


def call_rows(access: Access, rows: Iterable[NoticeRecipient], viewer: Viewer) -> list[dict[str, Any]]:
    """Return outlets to call, with the phone of the contact if the person may read it. One query for all
    contacts."""
    found = list(rows)
    uuids = {row.link.contact for row in found if row.link is not None and row.link.contact is not None}
    contacts = contacts_by_uuid(access, uuids)
    return [
        {
            "recipient": row,
            "name": recipient_name(row, viewer),
            "title": item_title(row.notice.item),
            "contact": contacts.get(row.link.contact) if row.link and row.link.contact else None,
            "url": reverse("campaigns:media_recipient", args=[row.uuid]),
        }
        for row in found
    ]


def overdue_words(count: int) -> str:
    return ngettext(
        "%(count)d outlet has not answered for 48 hours.",
        "%(count)d outlets have not answered for 48 hours.",
        count,
    ) % {"count": count}
