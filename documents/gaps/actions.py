"""What is filled into gaps is looked through as the words were that were put, for what it adds to them.

A lawyer cleared the words with their gaps, and organisations read what the checklist found in these. So both
hold for the filled words as long as filling adds nothing: a name of a person, an employer or a case is
refused, and details that together tell who a survivor is are acknowledged.
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
from documents.approval.actions.decide import lock_open, tell_if_complete
from documents.approval.audit import concern_deciders, keep
from documents.approval.models import Approval, ApprovalRound, Attestation, CarriedFrom, RoundText
from documents.checklist.actions import NotAcknowledged, settle_list
from documents.checklist.check import Checked, Finding, check_sheet
from documents.checklist.lines import Reading, read
from documents.checklist.subject import sheet_of
from documents.drafts.actions.manage import name_version
from documents.drafts.enums import TextKind
from documents.drafts.live.projection import follow_draft, project
from documents.drafts.live.server_edits import edit_text
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_put_to_approval, require_that
from documents.drafts.rendering import document_of
from documents.gaps.models import Filling
from documents.gaps.rules import NotForGap, Open, checked, filled, only_gaps_differ, open_gaps_of, values_in
from documents.legal_review.actions import Reasons, reasons_for, require_cleared
from documents.legal_review.needs import added_reasons

# That a number stands there without a source is what organisations approved.
_APPROVED: Final = frozenset({"no_source"})

type Values = Mapping[str, Mapping[str, str]]  # language → name of a gap → what stands there


@dataclass(frozen=True)
class Seen:
    """What was looked at: the words with gaps of each language, the values as they will stand there, what the
    checklist finds in the filled words alone, and why the words with gaps need a lawyer."""

    versions: Sequence[Version]
    values: Values
    adds: Checked
    reasons: Reasons


def look_at_filling(*, access: Access, round_: ApprovalRound, values: Values) -> Seen:
    """Look at the values and the words they make. It takes time: call it before the transaction.

    Raises Refused without languages, for one that is not put or has no gap; NotForGap for a value that is not
    of its gap's kind, or with which the text names a person, an employer or a case that it did not name.
    """
    rows = RoundText.objects.filter(round=round_).select_related("version__text")
    put = {row.language: row.version for row in rows}
    if not values or not set(values) <= set(put):
        raise Refused(_("Choose at least one of the languages that are put to approval."))
    findings: list[Finding] = []
    hashes, known, texts = {}, {}, []
    for language in sorted(values):
        gaps = open_gaps_of(document_of(put[language]))
        if not gaps:
            raise Refused(_("Nothing is left to be filled in."))
        own = {gap.name: checked(gap, values[language].get(gap.name, ""), language) for gap in gaps}
        text = project(put[language].text.uuid)
        texts.append(text)
        _refuse_what_a_lawyer_reads(text, gaps, own)
        findings += _added(access, text, own)
        hashes[language], known[language] = text.content_hash, own
    versions = [put[language] for language in sorted(values)]
    return Seen(versions, known, Checked(tuple(findings), hashes), reasons_for(texts, versions))


def settle_filling(*, access: Access, draft: Draft, seen: Seen, acknowledged: bool) -> None:
    """Let the values stand, in the caller's transaction, with the draft locked and these versions put.

    Raises Refused if they are not cleared, or other words were looked at; NotAcknowledged, with what was
    found, if there is something to look at and nobody says that they did.
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
    settle_list(
        access=access,
        draft=draft,
        checked=seen.adds,
        versions=seen.versions,
        acknowledged=acknowledged,
        whole=False,
    )


def _refuse_what_a_lawyer_reads(text: DraftText, gaps: Sequence[Open], values: Mapping[str, str]) -> None:
    before, language = _reading(text, {}), text.language
    found = added_reasons(before, _reading(text, values), language)
    if not found:
        return
    alone = (
        gap.name
        for gap in gaps
        if added_reasons(before, _reading(text, {gap.name: values[gap.name]}), language)
    )
    raise NotForGap(
        _(
            "With this a lawyer has to read the words, because %(why)s: “%(quote)s”. Fill in something else, "
            "or write it into the text, have it cleared, and put the new words to approval."
        ),
        language=language,
        gap=next(alone, gaps[0].name),
        why=", ".join(str(one.need.label) for one in found),
        quote=found[0].quote,
    )


def _added(access: Access, text: DraftText, values: Mapping[str, str]) -> list[Finding]:
    """What the checklist finds in the filled words and not in those with gaps."""
    sheet = sheet_of(text, access.user)
    there = Counter(_key(one) for one in check_sheet(sheet))
    found = []
    for one in check_sheet(replace(sheet, reading=_reading(text, values))):
        there[_key(one)] -= 1
        if there[_key(one)] < 0 and one.rule.name not in _APPROVED:
            found.append(one)
    return found


def _key(one: Finding) -> tuple[str, int | None]:
    return one.rule.name, one.place.block


def _reading(text: DraftText, values: Mapping[str, str]) -> Reading:
    return read(title=text.title, lead=text.lead, body=filled(text.body, values))


# --- fill ---
# Filling the gaps of a holding statement that organisations approved in advance: no new round is needed.


def fill_gaps(
    *, access: Access, round_: ApprovalRound, values: Values, acknowledged: bool = False
) -> list[Filling]:
    """Fill every open gap of these languages, and put the filled words in the place of those with gaps.

    Decisions on the words with gaps are kept for the filled ones: places, dates and numbers of the kinds
    that stood there are part of what was approved, and nothing else may differ. Everyone asked is told.
    `acknowledged`: whether the person looked at what the checklist finds in the filled words alone.
    Raises NotAllowed without the right to put; Refused in words for anything but a holding statement, words
    that are others now or not cleared; NotForGap for a value that may not stand there; NotAcknowledged for
    what was to be looked at (`look_at_filling.py`).
    """
    require_that(may_put_to_approval(access, round_.draft))
    if round_.draft.kind != TextKind.HOLDING:
        raise Refused(_("Only holding statements have gaps that may be filled."))
    follow_draft(round_.draft)
    seen = look_at_filling(access=access, round_=round_, values=values)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=round_.draft_id)
        locked = lock_open(round_)
        require_that(may_put_to_approval(access, draft))
        if draft.kind != TextKind.HOLDING:
            raise Refused(_("Only holding statements have gaps that may be filled."))
        rows = RoundText.objects.filter(round=locked).select_related("version__text")
        texts = {row.version_id: row for row in rows}
        if any(not _is_put(texts.get(version.pk)) for version in seen.versions):
            raise Refused(_("The text was changed since it was put. Put the new words to approval first."))
        settle_filling(access=access, draft=draft, seen=seen, acknowledged=acknowledged)
        fillings = [
            _fill(access, locked, texts[version.pk], seen.values[version.language])
            for version in seen.versions
        ]
        after = {one.before_id: one.after for one in fillings}
        _keep_decisions(locked, fillings)
        _keep_attestations(after)
        _tell(access, locked, fillings)
        tell_if_complete(locked)
    return fillings


def _is_put(text: RoundText | None) -> bool:
    return text is not None and text.version.text.content_hash == text.version.hash


def _fill(access: Access, round_: ApprovalRound, put: RoundText, values: Mapping[str, str]) -> Filling:
    before, text = put.version, put.version.text
    document = document_of(before)
    edit_text(
        text=text,
        author=access.user,
        organisation=access.organisation,
        change=lambda marked: filled(marked, values),
    )
    after = name_version(access=access, text=text, name=_now("Gaps filled in"))
    if not only_gaps_differ(document, document_of(after)):
        raise Refused(_("Somebody changed the text in the same moment. Look at it again."))
    moment = now()
    put.version, put.put_at = after, moment
    put.save(update_fields=["version", "put_at"])
    return Filling.objects.create(
        round=round_,
        before=before,
        after=after,
        values=values_in(document_of(after), open_gaps_of(document)),
        filled_by=access.user,
        organisation=access.organisation,
        at=moment,
    )


def _keep_decisions(round_: ApprovalRound, fillings: list[Filling]) -> None:
    """Every decision on the words with gaps, as it was made, for the filled ones; of one that was carried
    over also what it hangs on, so that it falls with that and the record tells how it came about."""
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


def _keep_attestations(after: Mapping[int, Version]) -> None:
    """Who answers for a translation with its gaps answers for it with the same gaps filled."""
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


def _tell(access: Access, round_: ApprovalRound, fillings: list[Filling]) -> None:
    keep(
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
    concern_deciders(
        round_,
        [row.organisation for row in asked],
        kind="gaps_filled",
        once=str(fillings[0].uuid),
        actor=access.user,
        organisation=access.organisation,
    )
