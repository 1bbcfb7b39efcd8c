"""Checking of texts against the rules; findings in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from coalition.accounts.enums import Language
from documents.checklist.predicates import FindingPlace
from documents.checklist.rules import DETAIL_LABELS, ChecklistRule, RuleLevel, all_rules
from documents.checklist.subject import ChecklistSubject, checklist_subject, checklist_subjects
from documents.drafts.live.projection import read_live_texts
from documents.drafts.models import Draft, DraftText


@dataclass(frozen=True)
class Finding:
    """A finding of a rule at one place, in the reader's current language."""

    rule: ChecklistRule
    language: Language
    place: FindingPlace

    @property
    def level(self) -> RuleLevel:
        return self.rule.level

    @property
    def is_must(self) -> bool:
        return self.rule.level is RuleLevel.MUST

    @property
    def message(self) -> str:
        """Return the finding as a sentence."""
        params = dict(self.place.params)
        if isinstance(details := params.get("details"), tuple):
            params["details"] = ", ".join(str(DETAIL_LABELS[one]) for one in details)
        return str(self.rule.message % params) if params else str(self.rule.message)


@dataclass(frozen=True)
class Checked:
    """The findings in a draft, and the hash of each checked text."""

    findings: tuple[Finding, ...]
    hashes: dict[str, str]

    def of(self, languages: Collection[str], *, whole: bool = True) -> "Checked":
        """Return the findings that apply when these languages are submitted.

        These are their own findings and, with `whole`, the draft-wide ones of other languages.
        """
        kept = tuple(
            one for one in self.findings if one.language in languages or (whole and one.rule.of_draft)
        )
        return Checked(kept, {code: self.hashes[code] for code in languages if code in self.hashes})

    @property
    def musts(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.is_must)

    @property
    def shoulds(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if not one.is_must)

    def counted(self) -> dict[str, int]:
        """Return the number of SHOULD findings of each rule, for the audit log."""
        names = [one.rule.name for one in self.shoulds]
        return {name: names.count(name) for name in sorted(set(names))}


def check_subject(sheet: ChecklistSubject) -> list[Finding]:
    """Return all findings in one text, MUST first, then in the order of the table."""
    found = [
        Finding(rule, Language(sheet.language), place) for rule in all_rules() for place in rule.looks(sheet)
    ]
    return sorted(found, key=lambda one: not one.is_must)


def check_text(text: DraftText, user: object) -> list[Finding]:
    """As `check_subject`, for the current text; threads hidden from the person are not counted."""
    return check_subject(checklist_subject(text, user))


def check_draft(draft: Draft, user: object) -> Checked:
    """Check the live texts of all languages that the person may read, Kazakh first."""
    return check_texts(read_live_texts(draft), user)


def check_texts(texts: Iterable[DraftText], user: object) -> Checked:
    """As `check_draft`, for texts of a draft that are already loaded (`read_live_texts`)."""
    ordered = _in_order(texts)
    findings = [finding for sheet in checklist_subjects(ordered, user) for finding in check_subject(sheet)]
    return Checked(
        tuple(sorted(findings, key=lambda one: not one.is_must)),
        {text.language: text.content_hash for text in ordered},
    )


def _in_order(texts: Iterable[DraftText]) -> list[DraftText]:
    order = list(Language.values)
    return sorted(texts, key=lambda text: order.index(text.language))
