"""Checks of gap values: what they add to the approved text is examined as the text itself was.

A lawyer cleared the text with its gaps, and organisations read the checklist's findings on it. Both
stay valid for the filled text as long as the values add nothing: a name of a person, an employer or
a case is refused, and details that together identify a survivor are acknowledged.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _now, gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.approval.actions.decide import (
    copy_attestations,
    copy_decision,
    lock_open,
    notify_if_publishable,
)
from documents.approval.audit import notify_deciders, record_round_event
from documents.approval.models import Approval, ApprovalRound, CarriedFrom, RoundText
from documents.canonical.passages import filled_since, gap_values_at
from documents.checklist.check import Checked, Finding, NotAcknowledged, check_subject, require_acknowledged
from documents.checklist.lines import TextReading, checklist_subject, read_text
from documents.drafts.actions.manage import name_version
from documents.drafts.live.backend import edit_text
from documents.drafts.live.projection import update_draft_texts, update_text_row
from documents.drafts.models import Draft, DraftText, TextKind, Version
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.gaps import values as gaps_values
from documents.gaps.models import Filling
from documents.legal_review.actions import reasons_for, require_cleared
from documents.legal_review.queries import ReasonsByLanguage, added_legal_reasons

# Organisations approved that a number has no source.
_APPROVED: Final = frozenset({"no_source"})

type GapValues = Mapping[str, Mapping[str, str]]  # language → name of a gap → its value


def _review_filling(
    access: Access, round_: ApprovalRound, values: GapValues
) -> tuple[list[Version], GapValues, Checked, ReasonsByLanguage]:
    """Check the values and the resulting texts. Slow: call it before the transaction. Return the versions
    with gaps, the final values, the checklist's findings in the filled texts only, and why the texts with
    gaps need a lawyer.

    Raises Refused without languages, for a language that is not in the round or has no gap;
    InvalidGapValue for a value of the wrong kind, or one that makes the text name a person, an employer
    or a case that it did not name.
    """
    rows = RoundText.objects.filter(round=round_).select_related("version__text")
    submitted = {row.language: row.version for row in rows}
    if not values or not set(values) <= set(submitted):
        raise Refused(_("Choose at least one of the languages that are put to approval."))
    findings: list[Finding] = []
    hashes, cleaned, texts = {}, {}, []
    for language in sorted(values):
        gaps = gaps_values.open_gaps_of(submitted[language].document)
        if not gaps:
            raise Refused(_("Nothing is left to be filled in."))
        own = {
            gap.name: gaps_values.validate_gap_value(gap, values[language].get(gap.name, ""), language)
            for gap in gaps
        }
        text = update_text_row(submitted[language].text.uuid)
        texts.append(text)
        _refuse_what_a_lawyer_reads(text, gaps, own)
        # The checklist's findings in the filled text that are not in the one with gaps.
        subject = checklist_subject(text, access.user)
        known = Counter((one.rule.name, one.place.block) for one in check_subject(subject))
        for one in check_subject(replace(subject, reading=_read_filled(text, own))):
            key = one.rule.name, one.place.block
            known[key] -= 1
            if known[key] < 0 and one.rule.name not in _APPROVED:
                findings.append(one)
        hashes[language], cleaned[language] = text.content_hash, own
    versions = [submitted[language] for language in sorted(values)]
    return versions, cleaned, Checked(tuple(findings), hashes), reasons_for(texts, versions)


def _refuse_what_a_lawyer_reads(
    text: DraftText, gaps: Sequence[gaps_values.OpenGap], values: Mapping[str, str]
) -> None:
    before, language = _read_filled(text, {}), text.language
    found = added_legal_reasons(before, _read_filled(text, values), language)
    if not found:
        return
    alone = (
        gap.name
        for gap in gaps
        if added_legal_reasons(before, _read_filled(text, {gap.name: values[gap.name]}), language)
    )
    raise gaps_values.InvalidGapValue(
        _(
            "With this a lawyer has to read the words, because %(why)s: “%(quote)s”. Fill in something else, "
            "or write it into the text, have it cleared, and put the new words to approval."
        ),
        language=language,
        gap=next(alone, gaps[0].name),
        why=", ".join(str(one.need.label) for one in found),
        quote=found[0].quote,
    )


def _read_filled(text: DraftText, values: Mapping[str, str]) -> TextReading:
    return read_text(title=text.title, lead=text.lead, body=gaps_values.fill_open_gaps(text.body, values))


def fill_gaps(
    *, access: Access, round_: ApprovalRound, values: GapValues, acknowledged: bool = False
) -> list[Filling]:
    """Fill every open gap of these languages, and replace the versions with gaps by the filled ones.

    Decisions on the versions with gaps are kept for the filled ones: places, dates and numbers of the
    approved kinds are part of what was approved, and nothing else may differ. Everyone asked is notified.
    `acknowledged`: whether the person looked at the checklist's findings in the filled texts only. Raises
    NotAllowed without the right to put to approval; Refused with a reason for anything but a holding
    statement, and texts that have changed or are not cleared; InvalidGapValue for a value that is not
    allowed; NotAcknowledged for findings to look at.
    """
    _require_may_fill(access, round_.draft)
    update_draft_texts(round_.draft)
    versions, cleaned, checked, reasons = _review_filling(access, round_, values)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=round_.draft_id)
        locked = lock_open(round_)
        _require_may_fill(access, draft)
        rows = RoundText.objects.filter(round=locked).select_related("version__text")
        current = {row.version_id: row for row in rows if row.version.text.content_hash == row.version.hash}
        if not {version.pk for version in versions} <= current.keys():
            raise Refused(_("The text was changed since it was put. Put the new words to approval first."))
        texts = DraftText.objects.filter(draft=draft).defer("body", "marked")
        require_cleared(texts, versions, reasons)
        if checked.shoulds and not acknowledged:
            first = checked.shoulds[0]
            raise NotAcknowledged(
                _("%(language)s, with what is filled in: %(found)s %(advice)s"),
                language=first.language.label,
                found=first.message,
                advice=first.rule.advice,
            )
        require_acknowledged(
            access=access,
            draft=draft,
            checked=checked,
            versions=versions,
            acknowledged=acknowledged,
            whole=False,
        )
        fillings = [
            _fill_text(access, locked, current[version.pk], cleaned[version.language]) for version in versions
        ]
        _copy_decisions(locked, fillings)
        copy_attestations({one.before_id: one.after for one in fillings})
        record_round_event(
            locked,
            access,
            "gaps.filled",
            "gaps_filled",
            texts=[one.after for one in fillings],
            approved_hashes=[one.before.hash for one in fillings],
        )
        asked = locked.asked.select_related("organisation")
        notify_deciders(
            locked,
            [row.organisation for row in asked],
            kind="gaps_filled",
            once=str(fillings[0].uuid),
            by=access,
        )
        notify_if_publishable(locked)
    return fillings


def _require_may_fill(access: Access, draft: Draft) -> None:
    require_that(may_submit_for_approval(access, draft))
    if draft.kind != TextKind.HOLDING:
        raise Refused(_("Only holding statements have gaps that may be filled."))


def _fill_text(
    access: Access, round_: ApprovalRound, round_text: RoundText, values: Mapping[str, str]
) -> Filling:
    before, text = round_text.version, round_text.version.text
    document = before.document
    edit_text(
        text=text,
        author=access.user,
        organisation=access.organisation,
        change=lambda marked: gaps_values.fill_open_gaps(marked, values),
    )
    after = name_version(access=access, text=text, name=_now("Gaps filled in"))
    filled = after.document
    if not gaps_values.only_gaps_differ(document, filled):
        raise Refused(_("Somebody changed the text in the same moment. Look at it again."))
    moment = now()
    round_text.version, round_text.put_at = after, moment
    round_text.save(update_fields=["version", "put_at"])
    return Filling.objects.create(
        round=round_,
        before=before,
        after=after,
        values=gap_values_at(filled, filled_since(document, filled)),
        filled_by=access.user,
        organisation=access.organisation,
        at=moment,
    )


def _copy_decisions(round_: ApprovalRound, fillings: list[Filling]) -> None:
    """Copy every decision on the version with gaps to the filled one; of an inherited one also its
    sources, so that it lapses with them and the record shows its origin."""
    for filling in fillings:
        rows = Approval.objects.filter(round=round_, version=filling.before, superseded_at=None)
        for row in rows.prefetch_related("carried_from"):
            copied = copy_decision(row, filling.after, filling=filling)
            CarriedFrom.objects.bulk_create(
                CarriedFrom(approval=copied, source_id=one.source_id, attestation_id=one.attestation_id)
                for one in row.carried_from.all()
            )
