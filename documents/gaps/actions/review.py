"""What is filled into gaps is looked through as the words were that were put, for what it adds to them.

A lawyer cleared the words with their gaps, and organisations read what the checklist found in these. So both
hold for the filled words as long as filling adds nothing: a name of a person, an employer or a case is
refused, and details that together tell who a survivor is are acknowledged.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.approval.models.rounds import ApprovalRound, RoundText
from documents.checklist.actions import NotAcknowledged, settle_list
from documents.checklist.check import Checked, Finding, check_sheet
from documents.checklist.legal import added_reasons
from documents.checklist.lines import Reading, read
from documents.checklist.subject import sheet_of
from documents.drafts.models.draft import Draft, DraftText, Version
from documents.editor.live.projection import project
from documents.gaps.rules import NotForGap, Open, checked, filled, open_gaps_of
from documents.history.actions.restore import document_of
from documents.legal_review.actions.clear import Reasons, reasons_for, require_cleared

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
