"""Checking of texts against the rules; findings in words."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.checklist.lines import ChecklistSubject, checklist_subject, checklist_subjects
from documents.checklist.rules import ChecklistRule, FindingPlace, RuleLevel, all_rules
from documents.drafts import audit as drafts_audit
from documents.drafts.live.projection import read_live_texts
from documents.drafts.models import Draft, DraftText, Version


@dataclass(frozen=True)
class Finding:
    """A finding of a rule at one place, in the reader's current language."""

    rule: ChecklistRule
    language: Language
    place: FindingPlace

    @property
    def is_must(self) -> bool:
        return self.rule.level is RuleLevel.MUST

    @property
    def message(self) -> str:
        """Return the finding as a sentence."""
        params = dict(self.place.params)
        if isinstance(details := params.get("details"), tuple):
            params["details"] = ", ".join(str(one.label) for one in details)
        return str(self.rule.message % params) if params else str(self.rule.message)


@dataclass(frozen=True)
class Checked:
    """The findings in a draft, and the hash of each checked text."""

    findings: tuple[Finding, ...]
    hashes: dict[str, str]

    def of(self, languages: Collection[str], *, whole: bool = True) -> "Checked":
        """Return these languages' findings and, with `whole`, the draft-wide ones of other languages."""
        findings = tuple(
            one for one in self.findings if one.language in languages or (whole and one.rule.of_draft)
        )
        return Checked(findings, {code: self.hashes[code] for code in languages if code in self.hashes})

    @property
    def musts(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.is_must)

    @property
    def shoulds(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if not one.is_must)

    def counted(self) -> dict[str, int]:
        """Return the number of SHOULD findings of each rule, for the audit log."""
        return dict(sorted(Counter(one.rule.name for one in self.shoulds).items()))


def check_subject(subject: ChecklistSubject) -> list[Finding]:
    """Return all findings in one text, MUST first, then in the order of the table."""
    language = Language(subject.language)
    found = [Finding(rule, language, place) for rule in all_rules() for place in rule.looks(subject)]
    return sorted(found, key=lambda one: not one.is_must)


def check_text(text: DraftText, user: object) -> list[Finding]:
    """As `check_subject`, for the current text; threads hidden from the person are not counted."""
    return check_subject(checklist_subject(text, user))


def check_draft(draft: Draft, user: object) -> Checked:
    """Check the live texts of all languages that the person may read, Kazakh first."""
    return check_texts(read_live_texts(draft), user)


def check_texts(texts: Iterable[DraftText], user: object) -> Checked:
    """As `check_draft`, for loaded texts (`read_live_texts`). Slow: call it before the transaction."""
    ordered = sorted(texts, key=lambda text: Language.values.index(text.language))
    findings = [
        finding for subject in checklist_subjects(ordered, user) for finding in check_subject(subject)
    ]
    return Checked(
        tuple(sorted(findings, key=lambda one: not one.is_must)),
        {text.language: text.content_hash for text in ordered},
    )


def checklist_panel_context(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Return the context of `documents/checklist/_panel.html`."""
    findings = check_text(text, request.user)
    return {"count": len(findings), "text": text, **checklist_context(findings)}


def checklist_context(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the context of `documents/checklist/_findings.html`: the findings by level, MUST first, and
    every rule with its number of findings, in the order of the table."""
    by_level: dict[RuleLevel, list[Finding]] = {level: [] for level in RuleLevel}
    for one in findings:
        by_level[one.rule.level].append(one)
    counts = Counter(one.rule.name for found in by_level.values() for one in found)
    return {
        "check_groups": [{"level": level, "findings": found} for level, found in by_level.items() if found],
        "check_points": [{"rule": rule, "count": counts[rule.name]} for rule in all_rules()],
    }


class NotAcknowledged(Refused):
    """The checklist has findings that have not been acknowledged."""


def require_acknowledged(
    *,
    access: Access,
    draft: Draft,
    checked: Checked,
    versions: Collection[Version],
    acknowledged: bool,
    whole: bool = True,
) -> None:
    """Accept the versions in the caller's transaction and record what was acknowledged.

    `whole`: include findings about the other languages of the draft. Raises Refused if the
    versions differ from the checked texts or a required point is open, NotAcknowledged if there
    are other findings and `acknowledged` is false.
    """
    if any(checked.hashes.get(version.language) != version.hash for version in versions):
        raise Refused(_("Somebody changed a text a moment ago. Look at the checklist again."))
    counting = checked.of([version.language for version in versions], whole=whole)
    if counting.musts:
        first = counting.musts[0]
        raise Refused(
            _("The checklist is not done yet. %(language)s: %(found)s"),
            language=first.language.label,
            found=first.message,
        )
    if counting.shoulds and not acknowledged:
        raise NotAcknowledged(_("Look at what the checklist found, and say that you did."))
    if counting.shoulds:
        drafts_audit.record_document_audit(
            thing=draft,
            access=access,
            action="checklist.acknowledged",
            languages=sorted(version.language for version in versions),
            found=counting.counted(),
        )
