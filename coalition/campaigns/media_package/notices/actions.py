"""Send notices to those who took an item, and record what they answer.

A notice goes to every link by which a file of the item was taken, and, once a text of the item was public,
to every confirmed address for corrections of its package, each once. It gives no reasons and does not say who
else gets it.
"""

import datetime
from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.records import record_action
from coalition.campaigns.media_package.actions.items import lock_item, lock_own_item, remove_item
from coalition.campaigns.media_package.enums import AnswerWay, NoticeKind, OutletAnswer, RemovedFrom
from coalition.campaigns.media_package.models import (
    CorrectionAddress,
    ItemNotice,
    MediaItem,
    NoticeRecipient,
    PackageLink,
)
from coalition.campaigns.media_package.notices.currency import judged_item
from coalition.campaigns.media_package.notices.mails import notice_mails
from coalition.campaigns.media_package.notices.queries import (
    Holders,
    holders_of,
    newer_recipient,
    taken_and_removed,
)
from coalition.campaigns.media_package.permissions import may_serve_outlets
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import derive_token, hash_token
from coalition.mail import outbox
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that

PURPOSE: Final = "campaigns.media_notice"  # of the tokens
ONLY_PRESS: Final = _("Press officers and coordinators send notices to outlets and record their answers.")
_NOBODY: Final = _("Nobody took a file of this item, so there is nobody to tell.")
_CLOSED: Final = _("There is a newer notice about this item. Answer that one.")


def send_notice(*, access: Access, item: MediaItem, kind: NoticeKind) -> ItemNotice:
    """Tell everybody who took the item to replace it, or not to use it. It closes older notices about it.

    A withdrawal of an item that is given out tells those who took a file that was taken out. Raises
    NotAllowed; Refused if nobody took it, for a correction of an item that is not given out, or for a
    withdrawal of one that is, with all its files.
    """
    with transaction.atomic():
        row = lock_own_item(access, item)
        require_that(may_serve_outlets(access), ONLY_PRESS)
        judged = judged_item(row)
        is_given = judged is not None and judged.is_given and row.removed_at is None
        if kind == NoticeKind.CORRECTION and not is_given:
            raise Refused(_("This item is not given out now. Send “do not use” instead."))
        to = None
        if kind == NoticeKind.WITHDRAWAL and is_given:
            if not (removed := taken_and_removed(row)):
                raise Refused(_("This item is still given out. Take it out of the package first."))
            to = holders_of(row, among=removed)
        notice = write_notice(row, kind, sent_by=access.user, to=to)
        if notice is None:
            raise Refused(_NOBODY)
        _record(access, notice, "media_notice.sent", kind=str(kind))
    return notice


def withdraw_item(*, access: Access, item: MediaItem) -> ItemNotice | None:
    """Take the item out of the package and tell everybody who took it; None if nobody did. Raises
    NotAllowed."""
    with transaction.atomic():
        row = remove_item(access=access, item=item)
        require_that(may_serve_outlets(access), ONLY_PRESS)
        notice = write_notice(row, NoticeKind.WITHDRAWAL, sent_by=access.user)
        if notice is not None:
            _record(access, notice, "media_notice.sent", kind=str(notice.kind))
    return notice


def send_by_server(
    item: MediaItem, kind: NoticeKind, *, to: Holders | None = None, with_mails: bool = True
) -> ItemNotice | None:
    """Tell everybody who took the item, or those in `to`, what has become of it, in the caller's transaction.
    None if there is nobody. `with_mails`: False where they are mailed by somebody else."""
    notice = write_notice(lock_item(item), kind, sent_by=None, to=to, with_mails=with_mails)
    if notice is not None:
        log.record_audit(
            "media_notice.sent",
            actor=None,
            organisation=notice.organisation.uuid,
            target_kind="media_notice",
            target=notice.uuid,
            workspace=item.package.workspace.uuid,
            kind=str(kind),
        )
    return notice


def write_notice(
    item: MediaItem,
    kind: NoticeKind,
    *,
    sent_by: User | None,
    to: Holders | None = None,
    with_mails: bool = True,
) -> ItemNotice | None:
    """Write the notice and its recipients (`to`, or everybody who may have a file of the item), and queue the
    mails. `item` is locked. None without recipients. As many queries for 300 recipients as for one."""
    holders = to or holders_of(item)
    if not holders.links and not holders.addresses:
        return None
    notice = ItemNotice.objects.create(
        item=item, kind=kind, organisation=item.package.organisation, sent_by=sent_by, sent_at=now()
    )
    rows = [_recipient(notice, link=one) for one in holders.links]
    rows += [_recipient(notice, correction_address=one) for one in holders.addresses]
    NoticeRecipient.objects.bulk_create(rows)
    if with_mails:
        outbox.queue_mails(notice_mails(notice, rows, answer_path))
    return notice


def answer_path(recipient: NoticeRecipient) -> str:
    """Return the path of the page on which the recipient answers."""
    token = derive_token(PURPOSE, recipient.uuid, known_hash=recipient.token_hash)
    return reverse("media_answer", args=[token])


def answer_by_link(*, recipient: NoticeRecipient, answer: OutletAnswer, **fields: Any) -> NoticeRecipient:
    """Store what the recipient answers by the link. The same answer again changes nothing, another one is
    kept beside it.

    `fields`: `aired_on`, `removed_from`. Raises Refused without the day of an airing or for one in the
    future, and if there is a newer notice about the item.
    """
    with transaction.atomic():
        row = _lock_recipient(recipient)
        if not _store(row, answer, way=AnswerWay.LINK, answered_by=None, **fields):
            return row
        package = row.notice.item.package
        log.record_audit(
            "media_notice.answered",
            actor=None,
            target_kind="media_notice",
            target=row.notice.uuid,
            workspace=package.workspace.uuid,
            answer=str(answer),
        )
    return row


def record_answer(
    *, access: Access, recipient: NoticeRecipient, answer: OutletAnswer, way: AnswerWay, **fields: Any
) -> NoticeRecipient:
    """Store what an outlet said by telephone, or what we saw ourselves. Raises as `answer_by_link`, and
    NotAllowed."""
    with transaction.atomic():
        row = _lock_recipient(recipient)
        _require_desk(access, row)
        if way == AnswerWay.LINK:
            raise Refused(_("Say whether they told you by telephone, or you saw it."))
        if _store(row, answer, way=way, answered_by=access.user, **fields):
            _record(access, row.notice, "media_notice.answered", answer=str(answer), way=str(way))
    return row


def note_call(*, access: Access, recipient: NoticeRecipient) -> NoticeRecipient:
    """Note that an outlet was called and not reached. Raises NotAllowed; Refused if it has answered."""
    with transaction.atomic():
        row = _lock_recipient(recipient)
        _require_desk(access, row)
        if row.answer:
            raise Refused(_("They have answered already."))
        row.called_at = now()
        row.save(update_fields=["called_at"])
        _record(access, row.notice, "media_notice.called")
    return row


def _store(
    row: NoticeRecipient,
    answer: OutletAnswer,
    *,
    way: AnswerWay,
    answered_by: User | None,
    aired_on: datetime.date | None = None,
    removed_from: Collection[str] = (),
) -> bool:
    if newer_recipient(row) is not None:
        raise Refused(_CLOSED)
    if answer != OutletAnswer.AIRED:
        aired_on = None
    elif aired_on is None:
        raise Refused(_("Write the day on which it was aired."))
    elif aired_on > site_today():
        raise Refused(_("This day is still to come. If it is not aired yet, please do not air it."))
    places = _places(removed_from) if answer == OutletAnswer.REMOVED else []
    last = row.answers.filter(way=way).last()
    if last is not None and (last.answer, last.aired_on, list(last.removed_from)) == (
        answer,
        aired_on,
        places,
    ):
        return False
    row.answers.create(
        answer=answer,
        aired_on=aired_on,
        removed_from=places,
        way=way,
        answered_at=now(),
        answered_by=answered_by,
    )
    row.answer, row.way = answer, way
    row.save(update_fields=["answer", "way"])
    return True


def _places(codes: Iterable[str]) -> list[str]:
    return [one for one in RemovedFrom.values if one in set(codes)]


def _recipient(
    notice: ItemNotice,
    *,
    link: PackageLink | None = None,
    correction_address: CorrectionAddress | None = None,
) -> NoticeRecipient:
    row = NoticeRecipient(notice=notice, link=link, correction_address=correction_address)
    row.token_hash = hash_token(derive_token(PURPOSE, row.uuid))
    return row


def _lock_recipient(recipient: NoticeRecipient) -> NoticeRecipient:
    rows = NoticeRecipient.objects.select_for_update(of=("self",))
    row = rows.select_related("notice__item__package__workspace").filter(pk=recipient.pk).first()
    if row is None:
        raise Refused(_("This notice is not there any more."))
    return row


def _require_desk(access: Access, row: NoticeRecipient) -> None:
    own = row.notice.item.package.workspace_id == access.workspace.pk
    require_that(own and may_serve_outlets(access), ONLY_PRESS)


def _record(access: Access, notice: ItemNotice, action: str, **detail: Any) -> None:
    record_action(
        access,
        action,
        target=notice.uuid,
        target_kind="media_notice",
        workspace=access.workspace,
        **detail,
    )
