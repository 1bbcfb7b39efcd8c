"""The content of a frozen report: RFC 8785, without a name, as everybody outside may read it.

Shape::

    {"format": "coalition-impact-1", "report": UUID, "until": "2026-11-30", "since": …,
     "figures": [{"rung", "code" | "words", "unit", "proof", "total", "as_of",
                  "lines": [{"organisation": 1, "value": 3}, …],
                  "withheld": {"organisations": 2, "value": 7}, "others": 0,
                  "details": [{"organisation": 1, "line": UUID, "value", "scope", "source", "method", …}]}],
     "changes": [{"organisation": 1, "line": UUID, "change", "contribution", "others", "confirmed_by", …}]}

Organisations have numbers in the order in which they occur. What an organisation whose name is withheld
declared is in the sums alone: its words could tell who it is. A text that names one is null.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import rfc8785

from coalition.accounts.naming import PUBLIC, may_see_name
from coalition.campaigns.impact.hidden_names import HiddenNames
from coalition.campaigns.impact.models import Contribution, Figure
from coalition.campaigns.impact.statement import Entry, Statement

FORMAT: Final = "coalition-impact-1"
FIGURE_TEXTS: Final = ("scope", "source", "method", "baseline_words")
CHANGE_TEXTS: Final = ("change", "contribution", "others", "confirmed_by")


def figures_of(
    statement: Statement, named: Collection[int], hidden: HiddenNames | None = None
) -> tuple[dict[str, Any], dict[int, int]]:
    """Return figures and changes in this shape, for whoever may read the names of these organisations, and
    the number of each organisation, by primary key. `hidden`: a text that names one of these is left out; the
    caller looks for them if None. No query."""
    numbers: dict[int, int] = {}

    def number(organisation: int) -> int:
        return numbers.setdefault(organisation, len(numbers) + 1)

    def figure(entry: Entry) -> dict[str, Any]:
        lines = entry.lines(named)
        return {
            "rung": entry.rung.value,
            **_what(entry, hidden),
            "proof": entry.key.proof,
            "total": lines.total,
            "as_of": entry.as_of.isoformat() if entry.as_of is not None else None,
            "lines": [{"organisation": number(pk), "value": value} for pk, value in lines.named],
            "withheld": {"organisations": lines.withheld_organisations, "value": lines.withheld},
            "others": lines.others,
            "details": [
                {"organisation": number(one.organisation_id), **_figure(one, hidden)}
                for one in entry.details
                if one.organisation_id in named
            ],
        }

    figures = [figure(one) for one in statement.entries]
    changes = [
        {"organisation": number(one.organisation_id), **_change(one, hidden)}
        for one in statement.contributions
        if one.organisation_id in named
    ]
    return {"figures": figures, "changes": changes}, numbers


def content_of(statement: Statement, report: UUID) -> tuple[str, dict[int, int]]:
    """Return the content, as everybody outside may read it, and the number of each organisation in it, by
    primary key."""
    named = [pk for pk, one in statement.organisations.items() if may_see_name(PUBLIC, one)]
    hidden = HiddenNames(statement.organisations.values(), PUBLIC)
    figures, numbers = figures_of(statement, named, hidden)
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


def texts_in(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield every text in a content that people typed, and every web address."""
    for figure in content["figures"]:
        yield from _texts(figure, ("words", "unit"))
        for one in figure["details"]:
            yield from _texts(one, FIGURE_TEXTS)
            yield one["evidence_url"]
    for one in content["changes"]:
        yield from _texts(one, CHANGE_TEXTS)
        yield one["evidence_url"]


def _texts(one: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from (one.get(name) or {}).values()


def _text(text: Mapping[str, str], hidden: HiddenNames | None) -> dict[str, str] | None:
    """Return a text by language; None if it names an organisation whose name is hidden."""
    return None if hidden is not None and hidden.are_in_any(text.values()) else dict(text)


def _evidence(row: Figure | Contribution, hidden: HiddenNames | None) -> dict[str, Any]:
    names_one = hidden is not None and hidden.are_in(row.evidence_url)
    return {
        "evidence_url": "" if names_one else row.evidence_url,
        "has_file": row.evidence_file_id is not None,
    }


def _what(entry: Entry, hidden: HiddenNames | None) -> dict[str, Any]:
    if entry.measure is None:
        return {"code": entry.key.code}
    measure = entry.measure
    texts = {"words": _text(measure.words, hidden), "unit": _text(measure.unit, hidden)}
    return {"measure": str(measure.uuid), **texts}


def _figure(row: Figure, hidden: HiddenNames | None) -> dict[str, Any]:
    return {
        "line": str(row.line),
        "revision": row.number,
        "value": row.value,
        "as_of": row.as_of.isoformat(),
        **{name: _text(getattr(row, name), hidden) for name in FIGURE_TEXTS},
        **_evidence(row, hidden),
        "baseline": row.baseline,
        "baseline_on": row.baseline_on.isoformat() if row.baseline_on is not None else None,
        "shows_ratio": row.shows_ratio,
    }


def _change(row: Contribution, hidden: HiddenNames | None) -> dict[str, Any]:
    return {
        "line": str(row.line),
        "revision": row.number,
        "on": row.on.isoformat(),
        **{name: _text(getattr(row, name), hidden) for name in CHANGE_TEXTS},
        **_evidence(row, hidden),
    }
