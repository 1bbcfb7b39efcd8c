"""Presentation of the *Check* tab beside a text, and of lists of findings on other pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from documents.checklist.check import Checked, Finding, check_text
from documents.checklist.rules import RuleLevel, all_rules
from documents.drafts.models import DraftText


@dataclass(frozen=True)
class FindingGroup:
    """The findings of one level."""

    level: RuleLevel
    label: Promise
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class RulePoint:
    """One rule, and its number of findings."""

    about: Promise
    level: RuleLevel
    count: int


def group_findings(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Group the findings by level, MUST first; levels without findings are omitted."""
    found = tuple(findings)
    groups = [
        FindingGroup(level, level.label, tuple(one for one in found if one.level is level))
        for level in RuleLevel
    ]
    return [group for group in groups if group.findings]


def rule_points(findings: Iterable[Finding]) -> list[RulePoint]:
    """Return every rule with its number of findings, in table order."""
    names = [one.rule.name for one in findings]
    return [RulePoint(rule.about, rule.level, names.count(rule.name)) for rule in all_rules()]


def checklist_panel_context(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Return the context of `documents/checklist/_panel.html`."""
    findings = check_text(text, request.user)
    return {
        "count": len(findings),
        "check_groups": group_findings(findings),
        "check_points": rule_points(findings),
        "text": text,
    }


def checklist_context(checked: Checked) -> dict[str, Any]:
    """Return the context of `documents/checklist/_findings.html` for a whole draft."""
    return {"check_groups": group_findings(checked.findings), "check_points": rule_points(checked.findings)}
