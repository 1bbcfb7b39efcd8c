"""The content of a frozen report: RFC 8785, without a name, as everybody outside may read it.

Shape::

    {"format": "coalition-impact-1", "report": UUID, "until": "2026-11-30", "since": …,
     "figures": [{"rung", "code" | "words", "unit", "proof", "total", "as_of",
                  "lines": [{"organisation": 1, "value": 3}, …],
                  "withheld": {"organisations": 2, "value": 7}, "others": 0,
                  "details": [{"organisation": 1, "line": UUID, "value", "scope", "source", "method", …}]}],
     "changes": [{"organisation": 1, "line": UUID, "change", "contribution", "others", "confirmed_by", …}]}

Organisations have numbers in the order in which they occur. What an organisation whose name is withheld
declared is in the sums alone: its words could tell who it is.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

import rfc8785

from coalition.accounts.naming import PUBLIC, may_see_name
from coalition.campaigns.impact.models import Contribution, Figure
from coalition.campaigns.impact.statement import Entry, Statement

FORMAT: Final = "coalition-impact-1"


def figures_of(statement: Statement, named: Collection[int]) -> tuple[dict[str, Any], dict[int, int]]:
    """Return figures and changes in this shape, for whoever may read the names of these organisations, and
    the number of each organisation, by primary key. No query."""
    numbers: dict[int, int] = {}

    def number(organisation: int) -> int:
        return numbers.setdefault(organisation, len(numbers) + 1)

    def figure(entry: Entry) -> dict[str, Any]:
        lines = entry.lines(named)
        return {
            "rung": entry.rung.value,
            **_what(entry),
            "proof": entry.key.proof,
            "total": lines.total,
            "as_of": entry.as_of.isoformat() if entry.as_of is not None else None,
            "lines": [{"organisation": number(pk), "value": value} for pk, value in lines.named],
            "withheld": {"organisations": lines.withheld_organisations, "value": lines.withheld},
            "others": lines.others,
            "details": [
                {"organisation": number(one.organisation_id), **_figure(one)}
                for one in entry.details
                if one.organisation_id in named
            ],
        }

    figures = [figure(one) for one in statement.entries]
    changes = [
        {"organisation": number(one.organisation_id), **_change(one)}
        for one in statement.contributions
        if one.organisation_id in named
    ]
    return {"figures": figures, "changes": changes}, numbers


def content_of(statement: Statement, report: UUID) -> tuple[str, dict[int, int]]:
    """Return the content, as everybody outside may read it, and the number of each organisation in it, by
    primary key."""
    named = [pk for pk, one in statement.organisations.items() if may_see_name(PUBLIC, one)]
    figures, numbers = figures_of(statement, named)
    scope = statement.scope
    content = {
        "format": FORMAT,
        "report": str(report),
        "since": scope.since.isoformat() if scope.since is not None else None,
        "until": scope.until.isoformat() if scope.until is not None else None,
        **figures,
    }
    return bytes(rfc8785.dumps(content)).decode(), numbers


def digest_of(content: str) -> str:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(content.encode()).hexdigest()


def read_content(content: str) -> Mapping[str, Any]:
    """Return a content as it was written. Raises ValueError for another format."""
    found: dict[str, Any] = json.loads(content)
    if found.get("format") != FORMAT:
        raise ValueError("this is no content of a report")
    return found


def _what(entry: Entry) -> dict[str, Any]:
    if entry.measure is None:
        return {"code": entry.key.code}
    measure = entry.measure
    return {"measure": str(measure.uuid), "words": dict(measure.words), "unit": dict(measure.unit)}


def _figure(row: Figure) -> dict[str, Any]:
    return {
        "line": str(row.line),
        "revision": row.number,
        "value": row.value,
        "as_of": row.as_of.isoformat(),
        **{name: dict(getattr(row, name)) for name in ("scope", "source", "method", "baseline_words")},
        "evidence_url": row.evidence_url,
        "has_file": row.evidence_file_id is not None,
        "baseline": row.baseline,
        "baseline_on": row.baseline_on.isoformat() if row.baseline_on is not None else None,
        "shows_ratio": row.shows_ratio,
    }


def _change(row: Contribution) -> dict[str, Any]:
    return {
        "line": str(row.line),
        "revision": row.number,
        "on": row.on.isoformat(),
        **{name: dict(getattr(row, name)) for name in ("change", "contribution", "others", "confirmed_by")},
        "evidence_url": row.evidence_url,
        "has_file": row.evidence_file_id is not None,
    }
