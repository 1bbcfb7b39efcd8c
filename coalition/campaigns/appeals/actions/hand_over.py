"""Support is handed over: two frozen files, then what the recipient gave for it and answered."""

import datetime
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _, override

from coalition.campaigns.appeals.actions.manage import lock_appeal
from coalition.campaigns.appeals.desk_queries import counts_of_version, named_for_hand_over, regions_in_tens
from coalition.campaigns.appeals.hand_over_files import (
    HandOverContent,
    NamedSupport,
    hand_over_csv,
    hand_over_pdf,
)
from coalition.campaigns.appeals.hand_over_names import names_went, print_of_names
from coalition.campaigns.appeals.hand_over_storage import discard_files, read_file, store_files
from coalition.campaigns.appeals.models import Appeal, AppealVersion, HandOver, Support
from coalition.campaigns.appeals.permissions import may_lead_appeals, require_that
from coalition.campaigns.appeals.records import notify_workspace, record_appeal_action
from coalition.campaigns.appeals.versions import current_version, is_as_published
from coalition.campaigns.core.dates import months_after
from coalition.campaigns.counters.columns import column_count
from coalition.campaigns.counters.enums import Column
from coalition.core.clock import now
from coalition.core.errors import Refused, undo_on_failure
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.permissions import Access
from documents.files.models import StoredFile
from documents.files.public_copy import prepare_public_copy

MONTHS_AFTER_HAND_OVER = 6  # then personal data end; promised to supporters


def make_hand_over(*, access: Access, appeal: Appeal, language: str) -> HandOver:
    """Make the PDF and the CSV of everybody who supports the newest text now. They never change.

    Typeset outside of the transaction; should a name come or go meanwhile, it is refused and made anew by
    another press.

    Raises NotAllowed without the right; Refused if nobody supports it, if the words are not those that were
    published, or if the personal data ended.
    """
    require_that(may_lead_appeals(access), _("Coordinators hand over."))
    version = current_version(appeal)
    if version is None or appeal.personal_data_ended_at is not None:
        raise Refused(_("The personal data of this appeal ended."))
    if not is_as_published(version):
        raise Refused(_("Its text is not the one that was published. Tell the people who run this site."))
    content, supports = _content_of(version, language)
    if not content.count and content.in_person is None:
        raise Refused(_("Nobody supports this text yet."))
    made = HandOver(
        appeal=appeal,
        version=version,
        language=language,
        made_at=now(),
        made_by=access.user,
        organisation=access.organisation,
        count=content.count,
        names=len(content.names),
        regions=[list(row) for row in content.regions],
        names_print=print_of_names(supports),
    )
    files = {"pdf": hand_over_pdf(content, language), "csv": hand_over_csv(content, language)}
    with undo_on_failure(lambda: discard_files(made)), transaction.atomic():
        locked = lock_appeal(access, appeal)
        # Locked, so that whoever withdraws at this moment waits, and then finds the files to delete.
        still = list(named_for_hand_over(version).select_for_update(of=("self",)).order_by("pk"))
        if print_of_names(still) != made.names_print or locked.personal_data_ended_at is not None:
            raise Refused(_("A name came or went meanwhile. Make it again."))
        store_files(made, files)
        made.save()
        made.supports.set(still)
        record_appeal_action(
            access,
            locked,
            "appeal.hand_over_made",
            hand_over=str(made.uuid),
            count=made.count,
            names=made.names,
            pdf=made.pdf_sha256,
            csv=made.csv_sha256,
        )
    return made


def record_delivery(
    *, access: Access, hand_over: HandOver, delivered_on: datetime.date, recipient: Mapping[str, str]
) -> HandOver:
    """Note when and to whom it was handed over. Personal data then end six months later, never later than
    they would have.

    Raises NotAllowed; Refused for a day to come or before it was made, without a recipient, or if the files
    are gone or hold a name that may not be handed over now. What is noted already can be corrected.
    """
    with transaction.atomic():
        appeal, row = _lock(access, hand_over)
        if row.delivered_on is None:
            _require_files(row)
        if not localdate(row.made_at) <= delivered_on <= localdate(now()):
            raise Refused(_("It was handed over between the day it was made and today."))
        if not LocalizedText(recipient):
            raise Refused(_("Say to whom it was handed over."))
        row.delivered_on, row.recipient = delivered_on, LocalizedText(recipient)
        row.save(update_fields=["delivered_on", "recipient"])
        end = months_after(delivered_on, MONTHS_AFTER_HAND_OVER)
        if appeal.personal_data_until is None or end < appeal.personal_data_until:
            appeal.personal_data_until = end
            appeal.save(update_fields=["personal_data_until"])
        _record(access, appeal, row, "appeal.handed_over", on=delivered_on.isoformat())
        notify_workspace(access, appeal, "appeal_handed_over")
    return row


def record_receipt(
    *, access: Access, hand_over: HandOver, words: Mapping[str, str], file: StoredFile | None = None
) -> HandOver:
    """Note what was given for it: an incoming number, a stamp. `file`: a file of the workspace, of which
    everyone reads a copy without metadata once it is published.

    Raises NotAllowed; Refused before it was handed over, or if the file cannot be public.
    """
    _prepare(access, file)
    with transaction.atomic():
        appeal, row = _lock(access, hand_over)
        _require_delivered(row)
        row.receipt, row.receipt_file = LocalizedText(words), file
        row.save(update_fields=["receipt", "receipt_file"])
        _record(access, appeal, row, "appeal.receipt_recorded")
    return row


def record_answer(
    *,
    access: Access,
    hand_over: HandOver,
    words: Mapping[str, str],
    answered_on: datetime.date,
    file: StoredFile | None = None,
) -> HandOver:
    """Note what was answered. Raises as `record_receipt` does, and Refused for a day that cannot be."""
    _prepare(access, file)
    with transaction.atomic():
        appeal, row = _lock(access, hand_over)
        _require_delivered(row)
        if row.delivered_on is None or not row.delivered_on <= answered_on <= localdate(now()):
            raise Refused(_("An answer comes between the day of the hand-over and today."))
        if not LocalizedText(words):
            raise Refused(_("Say what was answered."))
        row.answer, row.answer_file, row.answered_on = LocalizedText(words), file, answered_on
        row.save(update_fields=["answer", "answer_file", "answered_on"])
        _record(access, appeal, row, "appeal.answer_recorded")
        notify_workspace(access, appeal, "appeal_answered")
    return row


def publish_hand_over(*, access: Access, hand_over: HandOver) -> HandOver:
    """Show everybody that it was handed over, with receipt and answer, on the appeal's page. Twice is one."""
    with transaction.atomic():
        appeal, row = _lock(access, hand_over)
        _require_delivered(row)
        if row.published_at is None:
            row.published_at = now()
            row.save(update_fields=["published_at"])
            _record(access, appeal, row, "appeal.hand_over_published")
    return row


def unpublish_hand_over(*, access: Access, hand_over: HandOver) -> HandOver:
    """Take it off the appeal's page. Twice is one."""
    with transaction.atomic():
        appeal, row = _lock(access, hand_over)
        if row.published_at is not None:
            row.published_at = None
            row.save(update_fields=["published_at"])
            _record(access, appeal, row, "appeal.hand_over_unpublished")
    return row


def take_out_file(*, access: Access, hand_over: HandOver, kind: str) -> bytes:
    """Return a file with names, and write into the audit log that it was taken out. `kind`: "pdf" or "csv".

    Raises NotAllowed; Refused once the files are gone, or while one of their names may not be handed over.
    """
    with transaction.atomic():
        appeal, row = _lock(access, hand_over)
        _require_files(row)
        try:
            content = read_file(row, kind)
        except OSError as fault:
            raise Refused(_("This file cannot be read now. Make the files anew.")) from fault
        _record(access, appeal, row, "appeal.hand_over_taken", file=kind)
    return content


def _content_of(version: AppealVersion, language: str) -> tuple[HandOverContent, list[Support]]:
    """What the files hold in this language, and whose names are in them."""
    with transaction.atomic(), override(language):
        supports = list(named_for_hand_over(version))
        counts = counts_of_version(version)
        in_person = column_count(Column.IN_PERSON, version.appeal.uuid)
    names = sorted(
        (NamedSupport(one.name, one.region) for one in supports), key=lambda one: one.name.casefold()
    )
    content = HandOverContent(
        version,
        localdate(now()),
        counts.total,
        regions_in_tens(counts.regions),
        names,
        secrets.token_hex(16),
        in_person if in_person.count.value is not None else None,
    )
    return content, supports


def _lock(access: Access, hand_over: HandOver) -> tuple[Appeal, HandOver]:
    require_that(may_lead_appeals(access), _("Coordinators hand over."))
    appeal = lock_appeal(access, hand_over.appeal)
    return appeal, HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.pk, appeal=appeal)


def _require_files(row: HandOver) -> None:
    if row.files_deleted_at is not None:
        raise Refused(_("The files are deleted. Make new ones."))
    if names_went(row):
        raise Refused(_("The files hold a name that may not be handed over now. Make new ones."))


def _require_delivered(row: HandOver) -> None:
    if row.delivered_on is None:
        raise Refused(_("Say first when and to whom it was handed over."))


def _prepare(access: Access, file: StoredFile | None) -> None:
    require_that(may_lead_appeals(access), _("Coordinators hand over."))
    prepare_public_copy(access, file)


def _record(access: Access, appeal: Appeal, row: HandOver, action: str, **detail: object) -> None:
    record_appeal_action(access, appeal, action, hand_over=str(row.uuid), **detail)
