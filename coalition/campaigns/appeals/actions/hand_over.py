"""Support is handed over: two frozen files, then what the recipient gave for it and answered."""

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.accounts.regions import REGIONS
from coalition.campaigns.appeals.actions.manage import lock_appeal
from coalition.campaigns.appeals.desk_queries import counts_of_version, named_for_hand_over
from coalition.campaigns.appeals.hand_over_files import (
    REST,
    HandOverContent,
    NamedSupport,
    hand_over_csv,
    hand_over_pdf,
)
from coalition.campaigns.appeals.models import Appeal, AppealVersion, HandOver
from coalition.campaigns.appeals.permissions import may_lead_appeals, require_that
from coalition.campaigns.appeals.records import record_appeal_action, tell_workspace
from coalition.campaigns.appeals.versions import current_version, says_what_was_published
from coalition.campaigns.core.dates import months_after
from coalition.campaigns.core.suppression import suppressed_counts
from coalition.core.clock import now
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.rules import Access
from documents.files.models import StoredFile
from documents.files.public_copy import make_public_copy

MONTHS_AFTER_HAND_OVER = 6  # then personal data end; promised to supporters


def make_hand_over(*, access: Access, appeal: Appeal, language: str) -> HandOver:
    """Make the PDF and the CSV of everybody who supports the newest words now. They never change.

    Typeset outside of the transaction; should a name come or go meanwhile, it is refused and made anew by
    another press.

    Raises NotAllowed without the right; Refused if nobody supports it, if the words are not those that were
    published, or if the personal data ended.
    """
    require_that(may_lead_appeals(access), _("Coordinators hand over."))
    version = current_version(appeal)
    if version is None or appeal.personal_data_ended_at is not None:
        raise Refused(_("The personal data of this appeal ended."))
    if not says_what_was_published(version):
        raise Refused(_("Its words are not those that were published. Tell the people who run this site."))
    content, names_print = _content_of(version)
    if not content.count:
        raise Refused(_("Nobody supports these words yet."))
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
        names_print=names_print,
    )
    files = {"pdf": hand_over_pdf(content, language), "csv": hand_over_csv(content, language)}
    with unless_done(lambda: _discard(made)), transaction.atomic():
        locked = lock_appeal(access, appeal)
        if current_names_print(version) != names_print or locked.personal_data_ended_at is not None:
            raise Refused(_("A name came or went meanwhile. Make it again."))
        _store(made, files)
        made.save()
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

    Raises NotAllowed; Refused for a day to come or before it was made, or without a recipient.
    """
    with transaction.atomic():
        appeal, row = _lock(access, hand_over)
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
        tell_workspace(access, appeal, "appeal_handed_over")
    return row


def record_receipt(
    *, access: Access, hand_over: HandOver, words: Mapping[str, str], file: StoredFile | None = None
) -> HandOver:
    """Note what was given for it: an incoming number, a stamp. `file`: a file of the workspace, of which
    everyone reads a copy without metadata once it is published.

    Raises NotAllowed; Refused before it was handed over, or if the file cannot be cleaned.
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
        tell_workspace(access, appeal, "appeal_answered")
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


def note_download(*, access: Access, hand_over: HandOver, kind: str) -> HandOver:
    """Ask the right to take out a file with names, and keep that it was done. `kind`: "pdf" or "csv".

    Raises NotAllowed; Refused once the files are gone.
    """
    with transaction.atomic():
        appeal, row = _lock(access, hand_over)
        if row.files_deleted_at is not None:
            raise Refused(_("The files are gone with the personal data. Counts and hashes stay."))
        _record(access, appeal, row, "appeal.hand_over_taken", file=kind)
    return row


def current_names_print(version: AppealVersion) -> str:
    """Return a keyed hash of whose names would be handed over now. One query."""
    return _print_of(named_for_hand_over(version).values_list("uuid", flat=True))


def forget_hand_over_files() -> int:
    """Retention: delete the files of appeals whose personal data ended. Returns how many hand-overs."""
    today = localdate(now())
    rows = HandOver.objects.filter(files_deleted_at=None, appeal__personal_data_until__lt=today)
    gone = 0
    for row in rows.iterator():
        with transaction.atomic():
            locked = HandOver.objects.select_for_update().get(pk=row.pk)
            files = [(field.storage, field.name) for field in (locked.pdf, locked.csv) if field.name]
            locked.pdf.name = locked.csv.name = ""
            locked.files_deleted_at = now()
            locked.save(update_fields=["pdf", "csv", "files_deleted_at"])
            for storage, name in files:
                transaction.on_commit(partial(storage.delete, name))
        gone += 1
    return gone


def _content_of(version: AppealVersion) -> tuple[HandOverContent, str]:
    with transaction.atomic():
        supports = list(named_for_hand_over(version))
        counts = counts_of_version(version)
    names = sorted(
        (NamedSupport(one.name, one.region) for one in supports), key=lambda one: one.name.casefold()
    )
    content = HandOverContent(
        version, localdate(now()), counts.total, _region_rows(version, counts.regions), names
    )
    return content, _print_of(one.uuid for one in supports)


def _region_rows(version: AppealVersion, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return (region code, count), the largest first, with small numbers suppressed. What earlier hand-overs
    of the version told by region stays told: else the difference would tell of single people."""
    earlier = {
        code
        for rows in HandOver.objects.filter(version=version).values_list("regions", flat=True)
        for code, _count in rows
        if code != REST
    }
    table = suppressed_counts({**dict.fromkeys(REGIONS, 0), **counts}, earlier=earlier)
    rows = sorted((table.rows or {}).items(), key=lambda row: (-row[1], row[0]))
    return [*rows, (REST, table.others)] if rows and table.others else rows


def _print_of(uuids: Iterable[UUID]) -> str:
    words = ",".join(sorted(str(one) for one in uuids))
    return salted_hmac("coalition.campaigns.hand_over", words, algorithm="sha256").hexdigest()


def _store(made: HandOver, files: Mapping[str, bytes]) -> None:
    for kind, content in files.items():
        getattr(made, kind).save("", ContentFile(content), save=False)
        setattr(made, f"{kind}_sha256", hashlib.sha256(content).hexdigest())


def _discard(made: HandOver) -> None:
    for field in (made.pdf, made.csv):
        if field.name:
            field.storage.delete(field.name)


def _lock(access: Access, hand_over: HandOver) -> tuple[Appeal, HandOver]:
    require_that(may_lead_appeals(access), _("Coordinators hand over."))
    appeal = lock_appeal(access, hand_over.appeal)
    return appeal, HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.pk, appeal=appeal)


def _require_delivered(row: HandOver) -> None:
    if row.delivered_on is None:
        raise Refused(_("Say first when and to whom it was handed over."))


def _prepare(access: Access, file: StoredFile | None) -> None:
    require_that(may_lead_appeals(access), _("Coordinators hand over."))
    if file is None:
        return
    if file.workspace_id != access.workspace.pk or file.deleted_at is not None:
        raise Refused(_("This file cannot be used here. Choose another one."))
    make_public_copy(file)


def _record(access: Access, appeal: Appeal, row: HandOver, action: str, **detail: object) -> None:
    record_appeal_action(access, appeal, action, hand_over=str(row.uuid), **detail)
