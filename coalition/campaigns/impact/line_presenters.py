"""A declared figure or a change with its revisions, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, display_name_for, may_see_name
from coalition.campaigns.counters.presenters import number_in_words
from coalition.campaigns.impact.hidden_names import HiddenNames
from coalition.campaigns.impact.models import Contribution, Figure, Revision
from coalition.campaigns.impact.permissions import may_see_grant
from coalition.campaigns.impact.queries import withdrawn_contributions, withdrawn_figures
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.files.queries import readable_among
from events.press.coverage.models import Proof


@dataclass(frozen=True)
class RevisionRow:
    """A revision. `title`: number with unit, or what changed. `facts`: label and text in each language."""

    revision: Any
    title: LocalizedText
    facts: list[tuple[str, LocalizedText]]
    plain_facts: list[tuple[str, str]]
    evidence_url: str
    host: str
    file_name: str
    note: str


@dataclass(frozen=True)
class WithdrawnRow:
    """A figure (with its `number`) or a change (without) that counts no more. `url`: where it is restored."""

    title: LocalizedText
    number: str
    organisation: str
    url: str


def revision_rows(revisions: Sequence[Revision], access: Access, hidden: HiddenNames) -> list[RevisionRow]:
    """Return the rows in the order given, without words that name whom the reader may not know. One query."""
    readable = readable_among(access.user, [one.evidence_file for one in revisions])
    return [_row(one, access, readable, hidden) for one in revisions]


def withdrawn_rows(workspace: Workspace, viewer: Viewer, hidden: HiddenNames) -> list[WithdrawnRow]:
    """Return what was withdrawn and may count again, of organisations whose names the viewer may read. Two
    queries."""
    figures = [("campaigns:impact_figure", one, one.measure.words) for one in withdrawn_figures(workspace)]
    changes = [("campaigns:impact_change", one, one.change) for one in withdrawn_contributions(workspace)]
    return [
        WithdrawnRow(
            hidden.without_in(words),
            number_in_words(one.value) if isinstance(one, Figure) else "",
            display_name_for(viewer, one.organisation),
            reverse(name, args=[workspace.uuid, one.line]),
        )
        for name, one, words in [*figures, *changes]
        if may_see_name(viewer, one.organisation)
    ]


def _row(one: Any, access: Access, readable: set[Any], hidden: HiddenNames) -> RevisionRow:
    facts, plain = _figure_facts(one) if isinstance(one, Figure) else _change_facts(one)
    if one.grant is not None and may_see_grant(access, one.grant):
        plain.append((_("Paid from a grant"), f"{one.grant.title} ({one.grant.donor})"))
    file = one.evidence_file
    evidence_url = "" if hidden.are_in(one.evidence_url) else one.evidence_url
    return RevisionRow(
        one,
        hidden.without_in(_title(one)),
        [(label, hidden.without_in(words)) for label, words in facts if words],
        [(label, hidden.without(words)) for label, words in plain],
        evidence_url,
        (urlsplit(evidence_url).hostname or "").removeprefix("www."),
        hidden.without(file.name) if file in readable else "",
        hidden.without(one.note),
    )


def _title(one: Figure | Contribution) -> LocalizedText:
    if isinstance(one, Contribution):
        return one.change
    return one.measure.words


def _figure_facts(one: Figure) -> tuple[list[tuple[str, LocalizedText]], list[tuple[str, str]]]:
    facts = [
        (_("Where and for whom"), one.scope),
        (_("Source"), one.source),
        (_("How it was counted"), one.method),
        (_("Before what"), one.baseline_words),
    ]
    plain = [
        (_("Number"), f"{number_in_words(one.value)} {one.measure.unit}".strip()),
        (_("As of"), date_format(one.as_of)),
    ]
    if one.proof != Proof.NOT_KNOWN:
        plain.append((_("How sure"), str(Proof(one.proof).label)))
    if one.baseline is not None and one.baseline_on is not None:
        plain.append((_("Number before"), f"{number_in_words(one.baseline)}, {date_format(one.baseline_on)}"))
    return facts, plain


def _change_facts(one: Contribution) -> tuple[list[tuple[str, LocalizedText]], list[tuple[str, str]]]:
    facts = [
        (_("What changed"), one.change),
        (_("What the coalition did for it"), one.contribution),
        (_("Who else did something for it"), one.others),
        (_("Who outside confirms it"), one.confirmed_by),
    ]
    plain = [(_("Day of the change"), date_format(one.on))]
    if one.ask is not None:
        plain.append((_("Ask"), f"{one.ask.number}. {one.ask.words}"))
    return facts, plain
