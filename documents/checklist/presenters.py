"""What the tab *Check* beside a text shows, and the lists of findings on other pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from documents.checklist.check import Checked, Finding, check_text
from documents.checklist.rules import Level, all_rules
from documents.drafts.models import DraftText


@dataclass(frozen=True)
class Group:
    """The findings of one level."""

    level: Level
    label: Promise
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Point:
    """One rule, and how often it found something."""

    about: Promise
    level: Level
    count: int


def groups_of(findings: Iterable[Finding]) -> list[Group]:
    """What has to be done first, then what is to be looked at; without levels of which there is nothing."""
    found = tuple(findings)
    groups = [Group(level, level.label, tuple(one for one in found if one.level is level)) for level in Level]
    return [group for group in groups if group.findings]


def points_of(findings: Iterable[Finding]) -> list[Point]:
    """Every rule in its order."""
    names = [one.rule.name for one in findings]
    return [Point(rule.about, rule.level, names.count(rule.name)) for rule in all_rules()]


def panel_context(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Context of `documents/checklist/_panel.html`."""
    findings = check_text(text, request.user)
    return {
        "count": len(findings),
        "check_groups": groups_of(findings),
        "check_points": points_of(findings),
        "text": text,
    }


def list_context(checked: Checked) -> dict[str, Any]:
    """Context of `documents/checklist/_findings.html` for a whole draft."""
    return {"check_groups": groups_of(checked.findings), "check_points": points_of(checked.findings)}
