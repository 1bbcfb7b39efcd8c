"""Checks of gap values: what they add to the approved text is examined as the text itself was.

A lawyer cleared the text with its gaps, and organisations read the checklist's findings on it. Both
stay valid for the filled text as long as the values add nothing: a name of a person, an employer or
a case is refused, and details that together identify a survivor are acknowledged.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.approval.actions.decide import lock_open, notify_if_publishable
from documents.approval.audit import notify_deciders, record_round_event
from documents.approval.models import Approval, ApprovalRound, Attestation, CarriedFrom, RoundText
from documents.checklist.actions import NotAcknowledged, require_acknowledged
from documents.checklist.check import Checked, Finding, check_subject
from documents.checklist.lines import TextReading, read_text
from documents.checklist.subject import checklist_subject
from documents.drafts.actions.manage import name_version
from documents.drafts.enums import TextKind
from documents.drafts.live.projection import update_draft_texts, update_text_row
from documents.drafts.live.server_edits import edit_text
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.presenters import version_document
from documents.gaps.models import Filling
from documents.gaps.rules import (
    InvalidGapValue,
    OpenGap,
    fill_open_gaps,
    gap_values_named,
    only_gaps_differ,
    open_gaps_of,
    validate_gap_value,
)
from documents.legal_review.actions import ReasonsByLanguage, reasons_for, require_cleared
from documents.legal_review.needs import added_legal_reasons

# Organisations approved that a number has no source.
_APPROVED: Final = frozenset({"no_source"})

type GapValues = Mapping[str, Mapping[str, str]]  # language → name of a gap → its value


@dataclass(frozen=True)
class FillingReview:
    """The result of the checks: texts with gaps by language, the final values, the checklist's
    findings in the filled texts only, and why the texts with gaps need a lawyer."""

    versions: Sequence[Version]
    values: GapValues
    adds: Checked
    reasons: ReasonsByLanguage


def review_filling(*, access: Access, round_: ApprovalRound, values: GapValues) -> FillingReview:
    """Check the values and the resulting texts. Slow: call it before the transaction.

    Raises Refused without languages, for a language that is not in the round or has no gap;
    NotForGap for a value of the wrong kind, or one that makes the text name a person, an employer
    or a case that it did not name.
    """
    rows = RoundText.objects.filter(round=round_).select_related("version__text")
    put = {row.language: row.version for row in rows}
    if not values or not set(values) <= set(put):
        raise Refused(_("Choose at least one of the languages that are put to approval."))
    findings: list[Finding] = []
    hashes, known, texts = {}, {}, []
    for language in sorted(values):
        gaps = open_gaps_of(version_document(put[language]))
        if not gaps:
            raise Refused(_("Nothing is left to be filled in."))
        own = {
            gap.name: validate_gap_value(gap, values[language].get(gap.name, ""), language) for gap in gaps
        }
        text = update_text_row(put[language].text.uuid)
        texts.append(text)
        _refuse_what_a_lawyer_reads(text, gaps, own)
        findings += _added_findings(access, text, own)
        hashes[language], known[language] = text.content_hash, own
    versions = [put[language] for language in sorted(values)]
    return FillingReview(versions, known, Checked(tuple(findings), hashes), reasons_for(texts, versions))


def require_filling_acknowledged(
    *, access: Access, draft: Draft, seen: FillingReview, acknowledged: bool
) -> None:
    """Accept the values, in the caller's transaction, with the draft locked and these versions
    current.

    Raises Refused if the texts are not cleared, or others were checked; NotAcknowledged, with the
    findings, if there are findings that were not acknowledged.
    """
    texts = DraftText.objects.filter(draft=draft).defer("body", "marked")
    require_cleared(texts, seen.versions, seen.reasons)
    if seen.adds.shoulds and not acknowledged:
        first = seen.adds.shoulds[0]
        raise NotAcknowledged(
            _("%(language)s, with what is filled in: %(found)s %(advice)s"),
            language=first.language.label,
            found=first.message,
            advice=first.rule.advice,
        )
    require_acknowledged(
        access=access,
        draft=draft,
        checked=seen.adds,
        versions=seen.versions,
        acknowledged=acknowledged,
        whole=False,
    )


def _refuse_what_a_lawyer_reads(text: DraftText, gaps: Sequence[OpenGap], values: Mapping[str, str]) -> None:
    before, language = _read_filled(text, {}), text.language
    found = added_legal_reasons(before, _read_filled(text, values), language)
    if not found:
        return
    alone = (
        gap.name
        for gap in gaps
        if added_legal_reasons(before, _read_filled(text, {gap.name: values[gap.name]}), language)
    )
    raise InvalidGapValue(
        _(
            "With this a lawyer has to read the words, because %(why)s: “%(quote)s”. Fill in something else, "
            "or write it into the text, have it cleared, and put the new words to approval."
        ),
        language=language,
        gap=next(alone, gaps[0].name),
        why=", ".join(str(one.need.label) for one in found),
        quote=found[0].quote,
    )


def _added_findings(access: Access, text: DraftText, values: Mapping[str, str]) -> list[Finding]:
    """Return the checklist's findings in the filled text that are not in the one with gaps."""
    sheet = checklist_subject(text, access.user)
    there = Counter(_finding_key(one) for one in check_subject(sheet))
    found = []
    for one in check_subject(replace(sheet, reading=_read_filled(text, values))):
        there[_finding_key(one)] -= 1
        if there[_finding_key(one)] < 0 and one.rule.name not in _APPROVED:
            found.append(one)
    return found


def _finding_key(one: Finding) -> tuple[str, int | None]:
    return one.rule.name, one.place.block


def _read_filled(text: DraftText, values: Mapping[str, str]) -> TextReading:
    return read_text(title=text.title, lead=text.lead, body=fill_open_gaps(text.body, values))


# --- fill ---
# Filling the gaps of a holding statement approved in advance, without a new round.


def fill_gaps(
    *, access: Access, round_: ApprovalRound, values: GapValues, acknowledged: bool = False
) -> list[Filling]:
    """Fill every open gap of these languages, and replace the versions with gaps by the filled
    ones.

    Decisions on the versions with gaps are kept for the filled ones: places, dates and numbers of
    the approved kinds are part of what was approved, and nothing else may differ. Everyone asked is
    notified. `acknowledged`: whether the person looked at the checklist's findings in the filled
    texts only. Raises NotAllowed without the right to put to approval; Refused with a reason for
    anything but a holding statement, and texts that have changed or are not cleared; NotForGap for
    a value that is not allowed; NotAcknowledged for findings to look at (`look_at_filling.py`).
    """
    require_that(may_submit_for_approval(access, round_.draft))
    if round_.draft.kind != TextKind.HOLDING:
        raise Refused(_("Only holding statements have gaps that may be filled."))
    update_draft_texts(round_.draft)
    seen = review_filling(access=access, round_=round_, values=values)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=round_.draft_id)
        locked = lock_open(round_)
        require_that(may_submit_for_approval(access, draft))
        if draft.kind != TextKind.HOLDING:
            raise Refused(_("Only holding statements have gaps that may be filled."))
        rows = RoundText.objects.filter(round=locked).select_related("version__text")
        texts = {row.version_id: row for row in rows}
        if any(not _is_current_version(texts.get(version.pk)) for version in seen.versions):
            raise Refused(_("The text was changed since it was put. Put the new words to approval first."))
        require_filling_acknowledged(access=access, draft=draft, seen=seen, acknowledged=acknowledged)
        fillings = [
            _fill_text(access, locked, texts[version.pk], seen.values[version.language])
            for version in seen.versions
        ]
        after = {one.before_id: one.after for one in fillings}
        _copy_decisions(locked, fillings)
        _copy_attestations(after)
        _announce_filling(access, locked, fillings)
        notify_if_publishable(locked)
    return fillings


def _is_current_version(text: RoundText | None) -> bool:
    return text is not None and text.version.text.content_hash == text.version.hash


def _fill_text(access: Access, round_: ApprovalRound, put: RoundText, values: Mapping[str, str]) -> Filling:
    before, text = put.version, put.version.text
    document = version_document(before)
    edit_text(
        text=text,
        author=access.user,
        organisation=access.organisation,
        change=lambda marked: fill_open_gaps(marked, values),
    )
    after = name_version(access=access, text=text, name=_now("Gaps filled in"))
    if not only_gaps_differ(document, version_document(after)):
        raise Refused(_("Somebody changed the text in the same moment. Look at it again."))
    moment = now()
    put.version, put.put_at = after, moment
    put.save(update_fields=["version", "put_at"])
    return Filling.objects.create(
        round=round_,
        before=before,
        after=after,
        values=gap_values_named(version_document(after), open_gaps_of(document)),
        filled_by=access.user,
        organisation=access.organisation,
        at=moment,
    )


def _copy_decisions(round_: ApprovalRound, fillings: list[Filling]) -> None:
    """Copy every decision on the version with gaps, as it was made, to the filled one; of an
    inherited one also its sources, so that it lapses with them and the record shows its origin."""
    for filling in fillings:
        rows = Approval.objects.filter(round=round_, version=filling.before, superseded_at=None)
        for row in rows.prefetch_related("carried_from"):
            fields = {
                field.name: getattr(row, field.name)
                for field in Approval._meta.concrete_fields
                if field.name not in {"id", "uuid", "version", "hash", "canon", "filling"}
            }
            after = filling.after
            kept = Approval.objects.create(
                **fields, version=after, hash=after.hash, canon=after.canon, filling=filling
            )
            CarriedFrom.objects.bulk_create(
                CarriedFrom(approval=kept, source_id=one.source_id, attestation_id=one.attestation_id)
                for one in row.carried_from.all()
            )


def _copy_attestations(after: Mapping[int, Version]) -> None:
    """Copy attestations of a translation with gaps to the one with the same gaps filled."""
    rows = Attestation.objects.filter(taken_back_at=None)
    found = rows.filter(translation__in=list(after)) | rows.filter(source__in=list(after))
    for row in found.select_related("translation", "source").distinct():
        translation = after.get(row.translation_id, row.translation)
        source = after.get(row.source_id, row.source)
        Attestation.objects.get_or_create(
            translation=translation,
            source=source,
            taken_back_at=None,
            defaults={
                "translation_hash": translation.hash,
                "source_hash": source.hash,
                "reviewer": row.reviewer,
                "organisation": row.organisation,
                "at": row.at,
                "kept_from": row,
            },
        )


def _announce_filling(access: Access, round_: ApprovalRound, fillings: list[Filling]) -> None:
    record_round_event(
        round_,
        action="gaps.filled",
        kind="gaps_filled",
        person=access.user,
        organisation=access.organisation,
        role=access.role,
        languages=[one.after.language for one in fillings],
        hashes=[one.after.hash for one in fillings],
        approved_hashes=[one.before.hash for one in fillings],
    )
    asked = round_.asked.select_related("organisation")
    notify_deciders(
        round_,
        [row.organisation for row in asked],
        kind="gaps_filled",
        once=str(fillings[0].uuid),
        actor=access.user,
        organisation=access.organisation,
    )
