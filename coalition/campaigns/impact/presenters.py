"""Figures as page, PDF and CSV show them: one structure, from the figures of now or of a frozen report."""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, Viewer, display_name_for, may_see_name
from coalition.campaigns.counters.presenters import number_in_words
from coalition.campaigns.impact.changes import LaterChange, LaterKind, later_changes
from coalition.campaigns.impact.computed import BY_CODE
from coalition.campaigns.impact.content import figures_of, read_content, texts_in
from coalition.campaigns.impact.enums import MOST_LINES_SHOWN, Rung
from coalition.campaigns.impact.hidden_names import HiddenNames, hidden_names, withheld_words
from coalition.campaigns.impact.models import Grant, Report
from coalition.campaigns.impact.statement import Scope, Statement
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.queries import participants_ever
from events.press.coverage.models import Proof


@dataclass(frozen=True)
class Links:
    """Addresses beside declared figures and changes. `figure(line)`, `change(line)`: of their pages;
    `evidence(line, revision)`: of the file that proves it. "" for none."""

    figure: Callable[[str], str] = lambda _line: ""
    change: Callable[[str], str] = lambda _line: ""
    evidence: Callable[[str, int], str] = lambda _line, _revision: ""


@dataclass(frozen=True)
class ShownLine:
    """A line of a figure. `width`: of its bar, in percent of the longest. `kind`: "organisation", "withheld",
    "more" (the sum of those left out of a short page) or "others"."""

    name: str
    value: int
    width: int
    kind: str


@dataclass(frozen=True)
class ShownDetail:
    """A declared number. `ratio`: times as much, "3.2", or ""."""

    name: str
    value: int
    as_of: datetime.date
    scope: str
    source: str
    method: str
    evidence_url: str
    evidence_host: str
    has_file: bool
    file_url: str
    url: str
    baseline: int | None
    baseline_words: str
    baseline_on: datetime.date | None
    ratio: str
    language: str

    @property
    def before(self) -> str:
        """The number before, and how many times as much it is where that may be said; "" without."""
        if self.baseline is None or self.baseline_on is None:
            return ""
        values = {
            "times": self.ratio,
            "number": number_in_words(self.baseline),
            "words": self.baseline_words,
            "day": date_format(self.baseline_on),
        }
        if self.ratio:
            return _("× %(times)s of %(number)s (%(words)s, %(day)s)") % values
        return _("%(number)s (%(words)s, %(day)s)") % values


@dataclass(frozen=True)
class ShownFigure:
    """A figure with its lines, which add up to `total`. `key`: for addresses, the same tomorrow. `method`: of
    what is counted here, "" for what is declared. `hidden`: lines left out to keep the page short."""

    key: str
    rung: Rung
    label: str
    language: str
    unit: str
    proof: str
    total: int
    as_of: datetime.date | None
    method: str
    lines: tuple[ShownLine, ...]
    details: tuple[ShownDetail, ...]
    hidden: int = 0

    @property
    def is_computed(self) -> bool:
        return bool(self.method)


@dataclass(frozen=True)
class ShownChange:
    """A change as a contribution. `language`: of its words."""

    name: str
    on: datetime.date
    change: str
    contribution: str
    others: str
    confirmed_by: str
    evidence_url: str
    evidence_host: str
    has_file: bool
    file_url: str
    url: str
    language: str


@dataclass(frozen=True)
class ShownLaterChange:
    """A figure or a change that is another one now. `words`: in what way; `before`, `after`: totals, if it is
    a figure that was or is there."""

    label: str
    words: str
    before: int | None
    after: int | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ShownRung:
    """A rung with its figures, and on the last one the changes."""

    rung: Rung
    label: str
    figures: tuple[ShownFigure, ...]
    changes: tuple[ShownChange, ...] = ()


_NO_LINKS: Final = Links()


def shown_statement(
    statement: Statement,
    viewer: Viewer,
    *,
    complete: Collection[str] | None = (),
    links: Links = _NO_LINKS,
) -> list[ShownRung]:
    """Return the figures of now. `complete`: keys of figures shown with every line; None: all. No query."""
    organisations = statement.organisations
    named = [pk for pk, one in organisations.items() if may_see_name(viewer, one)]
    content, numbers = figures_of(statement, named)
    names = {number: organisations[pk] for pk, number in numbers.items()}
    hidden = HiddenNames(organisations.values(), viewer)
    return shown_content(content, names, viewer, hidden=hidden, complete=complete, links=links)


def shown_report(
    report: Report,
    viewer: Viewer,
    *,
    complete: Collection[str] | None = (),
    links: Links = _NO_LINKS,
) -> list[ShownRung]:
    """Return the figures of a frozen report; `complete` as above. Two queries."""
    rows = report.organisations.select_related("organisation")
    names = {row.number: row.organisation for row in rows}
    hidden = HiddenNames([*participants_ever(report.workspace), *names.values()], viewer)
    content = read_content(report.content)
    return shown_content(content, names, viewer, hidden=hidden, complete=complete, links=links)


def shown_content(
    content: Mapping[str, Any],
    organisations: Mapping[int, Organisation],
    viewer: Viewer,
    *,
    hidden: HiddenNames,
    complete: Collection[str] | None = (),
    links: Links = _NO_LINKS,
) -> list[ShownRung]:
    """Return figures in the shape of a report (`content`). `organisations`: by their number there; `complete`
    as above. No query."""
    return _Reader(organisations, viewer, hidden, complete, links).rungs(content)


def shown_later_changes(report: Report, viewer: Viewer) -> list[ShownLaterChange]:
    """Return what changed since the report was frozen, without names that the reader may not read. Nine
    queries."""
    hidden = hidden_names(report.workspace, viewer)
    return [
        ShownLaterChange(
            hidden.without(one.label or withheld_words()),
            _later_words(one),
            one.before,
            one.after,
            tuple(map(hidden.without, one.notes)),
        )
        for one in later_changes(report)
    ]


def _later_words(one: LaterChange) -> str:
    before, after = ("" if total is None else number_in_words(total) for total in (one.before, one.after))
    if not before and not after:
        words = {
            LaterKind.CORRECTED: _("worded differently now"),
            LaterKind.ADDED: _("not in this report"),
            LaterKind.REMOVED: _("in this report, counted no more"),
        }
        return words[one.kind]
    if one.before == one.after:
        return _("corrected, the total is %(total)s as before") % {"total": after}
    values = {"before": before, "after": after}
    words = {
        LaterKind.CORRECTED: _("%(before)s in this report, %(after)s now"),
        LaterKind.ADDED: _("not in this report, %(after)s now"),
        LaterKind.REMOVED: _("%(before)s in this report, counted no more"),
    }
    return words[one.kind] % values


def grant_title(grant: Grant, viewer: Viewer) -> str:
    """Return the title of a grant, without a name that the reader may not read. One query."""
    return hidden_names(grant.workspace, viewer).without(str(grant.title))


def may_give_content(report: Report) -> bool:
    """Whether the content may be given out as it was frozen: every organisation that it tells of or names is
    still named in public. Two queries."""
    rows = [row.organisation for row in report.organisations.select_related("organisation")]
    hidden = HiddenNames([*participants_ever(report.workspace), *rows], PUBLIC)
    is_named = all(may_see_name(PUBLIC, one) for one in rows)
    return is_named and not hidden.are_in_any(texts_in(read_content(report.content)))


class _Reader:
    def __init__(
        self,
        organisations: Mapping[int, Organisation],
        viewer: Viewer,
        hidden: HiddenNames,
        complete: Collection[str] | None,
        links: Links,
    ) -> None:
        self.organisations = organisations
        self.viewer = viewer
        self.hidden = hidden
        self.complete = complete
        self.links = links

    def rungs(self, content: Mapping[str, Any]) -> list[ShownRung]:
        """Return the rungs in their order; empty ones are left out."""
        figures = [self.figure(one) for one in content["figures"]]
        changes = tuple(self.change(one) for one in content["changes"] if self.is_named(one))
        found = [
            ShownRung(
                rung,
                str(rung.label),
                tuple(one for one in figures if one.rung == rung),
                changes if rung == Rung.CHANGE else (),
            )
            for rung in Rung
        ]
        return [one for one in found if one.figures or one.changes]

    def figure(self, one: Mapping[str, Any]) -> ShownFigure:
        code = one.get("code", "")
        known = BY_CODE.get(code)
        key = (code or one["measure"]) + (f"-{one['proof']}" if one["proof"] else "")
        words = LocalizedText(one.get("words"))
        lines = self.lines(one)
        order = {line["organisation"]: place for place, line in enumerate(one["lines"])}
        named = [detail for detail in one["details"] if self.is_named(detail)]
        details = sorted(named, key=lambda detail: order.get(detail["organisation"], len(order)))
        is_complete = self.complete is None or key in self.complete
        most = max(len(lines), len(details)) if is_complete else MOST_LINES_SHOWN
        shown = _shortened(lines, most)
        return ShownFigure(
            key,
            Rung(one["rung"]),
            str(known.label) if known is not None else code or self.text(one["words"]),
            words.language_shown(),
            self.text(one.get("unit", {})),
            str(Proof(one["proof"]).label) if one["proof"] else "",
            one["total"],
            _day(one["as_of"]),
            str(known.method) if known is not None else "",
            tuple(shown),
            tuple(self.detail(detail) for detail in details[:most]),
            max(len(lines) - most, len(details) - most, 0) if not is_complete else 0,
        )

    def lines(self, one: Mapping[str, Any]) -> list[ShownLine]:
        named = [line for line in one["lines"] if self.is_named(line)]
        since = [line["value"] for line in one["lines"] if not self.is_named(line)]  # withheld since
        withheld, count, others = one["withheld"]["value"], one["withheld"]["organisations"], one["others"]
        known = BY_CODE.get(one.get("code", ""))
        if known is not None and known.of_people:
            others += sum(since)  # as `add_up` does
        else:
            withheld, count = withheld + sum(since), count + len(since)
        rows = [(self.name(line), line["value"], "organisation") for line in named]
        if withheld:
            words = ngettext(
                "%(count)d organisation whose name is withheld",
                "%(count)d organisations whose names are withheld",
                count,
            )
            rows.append((words % {"count": count}, withheld, "withheld"))
        if others:
            rows.append((_others_label(one.get("code", "")), others, "others"))
        longest = max((value for _name, value, _kind in rows), default=1)
        return [ShownLine(name, value, round(100 * value / longest), kind) for name, value, kind in rows]

    def is_named(self, one: Mapping[str, Any]) -> bool:
        """Whether the reader may read whose line, detail or change this is. What an organisation said whose
        name is withheld since is withheld with it: it could tell who it is."""
        return may_see_name(self.viewer, self.organisations[one["organisation"]])

    def name(self, one: Mapping[str, Any]) -> str:
        return display_name_for(self.viewer, self.organisations[one["organisation"]])

    def text(self, text: Mapping[str, str] | None) -> str:
        """Return a text in the reader's language. None: it named an organisation when it was frozen."""
        return withheld_words() if text is None else self.hidden.without(str(LocalizedText(text)))

    def detail(self, one: Mapping[str, Any]) -> ShownDetail:
        return ShownDetail(
            self.name(one),
            one["value"],
            datetime.date.fromisoformat(one["as_of"]),
            self.text(one["scope"]),
            self.text(one["source"]),
            self.text(one["method"]),
            *self._evidence(one),
            self.links.figure(one["line"]),
            one["baseline"],
            self.text(one["baseline_words"]),
            _day(one["baseline_on"]),
            _ratio(one),
            LocalizedText(one["scope"]).language_shown(),
        )

    def change(self, one: Mapping[str, Any]) -> ShownChange:
        return ShownChange(
            self.name(one),
            datetime.date.fromisoformat(one["on"]),
            self.text(one["change"]),
            self.text(one["contribution"]),
            self.text(one["others"]),
            self.text(one["confirmed_by"]),
            *self._evidence(one),
            self.links.change(one["line"]),
            LocalizedText(one["change"]).language_shown(),
        )

    def _evidence(self, one: Mapping[str, Any]) -> tuple[str, str, bool, str]:
        """Return web address, its site, whether there is a file, and the address of that."""
        url = one["evidence_url"]
        if self.hidden.are_in(url):
            url = ""
        file_url = self.links.evidence(one["line"], one["revision"]) if one["has_file"] else ""
        return url, (urlsplit(url).hostname or "").removeprefix("www."), one["has_file"], file_url


def _shortened(lines: Sequence[ShownLine], most: int) -> list[ShownLine]:
    """Return the longest lines of organisations, one line for the others, and the sums at the end: they add
    up to the same total."""
    named = [one for one in lines if one.kind == "organisation"]
    sums = [one for one in lines if one.kind != "organisation"]
    rest = named[most:]
    if rest:
        words = ngettext("%(count)d more organisation", "%(count)d more organisations", len(rest))
        value = sum(one.value for one in rest)
        longest = max(value, *(one.value for one in lines))
        sums = [ShownLine(words % {"count": len(rest)}, value, 0, "more"), *sums]
        return [replace(one, width=round(100 * one.value / longest)) for one in [*named[:most], *sums]]
    return [*named, *sums]


def scope_words(scope: Scope, viewer: Viewer) -> str:
    """Return of whom the figures are, and of which days."""
    parts = []
    if scope.organisation is not None:
        parts.append(display_name_for(viewer, scope.organisation))
    if scope.grant is not None:
        parts.append(_("what the grant pays for"))
    whose = ", ".join(parts) if parts else _("The whole coalition")
    return f"{capfirst(whose)}, {days_words(scope.since, scope.until)}"


def days_words(since: datetime.date | None, until: datetime.date | None) -> str:
    """Return the days in words: “from 1 March to 30 June 2026”, “until today”."""
    if since is not None and until is not None:
        words = _("from %(since)s to %(until)s")
    elif since is not None:
        words = _("since %(since)s")
    elif until is not None:
        words = _("since the beginning, to %(until)s")
    else:
        return _("since the beginning")
    return words % {"since": since and date_format(since), "until": until and date_format(until)}


def _others_label(code: str) -> str:
    known = BY_CODE.get(code)
    if known is not None and known.of_people:
        return _("The rest of the tens, and what belongs to no organisation that is named")
    return _("What belongs to no one organisation")


def _ratio(one: Mapping[str, Any]) -> str:
    """Return how many times as much it is, only where the number before, of what and its day are known."""
    before, day, words = one["baseline"], _day(one["baseline_on"]), LocalizedText(one["baseline_words"])
    if not one["shows_ratio"] or not before or day is None or not words:
        return ""
    times = one["value"] / before
    digits = 1 if times >= 1 else 3
    return str(floatformat(times, -digits)) if not times or round(times, digits) else ""


def _day(code: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(code) if code else None
