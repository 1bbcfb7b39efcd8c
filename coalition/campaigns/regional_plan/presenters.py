"""What the pages of the regional plan show, and the message for a messenger."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext, override

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import (
    PUBLIC,
    OrganisationMark,
    Viewer,
    display_mark_for,
    display_name_for,
    may_see_name,
)
from coalition.campaigns.core.regional_actions import RegionalAction, regional_actions
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.regional_plan.models import Commitment
from coalition.campaigns.regional_plan.permissions import may_change_commitment
from coalition.campaigns.regional_plan.queries import (
    CommitmentState,
    PlanScope,
    commitment_states,
    commitments_for,
    gaps_in,
    plan_scope,
)
from coalition.core.localized_text import content_languages
from coalition.jobs.date_formats import day_in_words
from coalition.mail.outbox import absolute_url
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from coalition.workspaces.share_text import ShareMessage

MOST_IN_MESSAGE = 12  # lines of a kind: what is longer is read on the page


@dataclass(frozen=True)
class CommitmentRow:
    """One promise as it is shown. `url`: "" for who may not change it; `contact`: as the viewer may read
    it, "" without one."""

    state: CommitmentState
    mark: OrganisationMark
    url: str
    contact: str


@dataclass(frozen=True)
class PlanCell:
    """One action in one region: nobody promised it where there are no rows. `new_url`: where a promise is
    entered, "" for who may not."""

    label: str
    unit: str
    rows: list[CommitmentRow]
    new_url: str


@dataclass(frozen=True)
class PlanRegion:
    """One region with all actions of the plan, in their order."""

    code: str
    name: str
    cells: list[PlanCell]
    gaps: int


def plan_regions(
    access: Access, viewer: Viewer, scope: PlanScope, states: Sequence[CommitmentState], *, may_add: bool
) -> list[PlanRegion]:
    """Return the regions, those with most gaps first."""
    found: dict[tuple[str, str], list[CommitmentRow]] = {}
    for state in states:
        row = state.commitment
        may_change = may_change_commitment(access, row.organisation)
        url = reverse("campaigns:commitment", args=[row.uuid]) if may_change else ""
        key = (row.region, row.action)
        found.setdefault(key, []).append(
            CommitmentRow(state, display_mark_for(viewer, row.organisation), url, _contact_name(viewer, row))
        )
    new = reverse("campaigns:commitment_new", args=[access.workspace.uuid]) if may_add else ""
    regions = []
    for code in scope.regions:
        cells = [
            PlanCell(
                str(action.label),
                str(action.unit),
                found.get((code, action.name), []),
                f"{new}?region={code}&action={action.name}" if new else "",
            )
            for action in scope.actions
        ]
        gaps = sum(not cell.rows for cell in cells)
        regions.append(PlanRegion(code, str(REGIONS[code]), cells, gaps))
    return sorted(regions, key=lambda one: -one.gaps)


def _contact_name(viewer: Viewer, row: Commitment) -> str:
    """A person of an organisation whose name is withheld is not named either; "" without a contact."""
    return person_name(viewer, row.contact, row.organisation) if row.contact is not None else ""


def plan_messages(
    workspace: Workspace, scope: PlanScope, states: Sequence[CommitmentState]
) -> list[ShareMessage]:
    """Return the message for a messenger in each language: gaps first, then what is late or due this week.

    It leaves the platform, so an organisation stands there only by a name that everybody may read.
    """
    own = (get_language() or "").partition("-")[0]
    link = absolute_url(reverse("campaigns:regional_plan", args=[workspace.uuid]))
    rows = [state.commitment for state in states]
    messages = []
    for language, name in content_languages():
        with override(language):
            blocks = [
                (_("Nobody has promised yet:"), _gap_lines(gaps_in(scope, rows))),
                (_("Late:"), _due_lines(state for state in states if state.is_overdue)),
                (_("Due within a week:"), _due_lines(state for state in states if state.is_due_soon)),
            ]
            parts = [_("Who does what in the regions")]
            parts += ["\n".join([head, *lines]) for head, lines in blocks if lines]
            parts.append(_("Take one here (sign in): %(link)s") % {"link": link})
        messages.append(ShareMessage(language, name, "\n\n".join(parts), language == own))
    return messages


def _gap_lines(gaps: Sequence[tuple[str, list[RegionalAction]]]) -> list[str]:
    lines = [
        f"• {REGIONS[region]}: {', '.join(str(action.label) for action in actions)}"
        for region, actions in gaps[:MOST_IN_MESSAGE]
    ]
    return lines + _more(len(gaps))


def _due_lines(states: Iterable[CommitmentState]) -> list[str]:
    found = list(states)
    labels = {action.name: str(action.label) for action in regional_actions()}
    lines = []
    for state in found[:MOST_IN_MESSAGE]:
        row = state.commitment
        line = _("%(region)s, %(action)s: %(done)s of %(promised)s until %(day)s") % {
            "region": REGIONS[row.region],
            "action": labels.get(row.action, ""),
            "done": state.done,
            "promised": row.promised,
            "day": day_in_words(row.due_on),
        }
        if may_see_name(PUBLIC, row.organisation):
            line += f" ({display_name_for(PUBLIC, row.organisation)})"
        lines.append(f"• {line}")
    return lines + _more(len(found))


def _more(count: int) -> list[str]:
    left = count - MOST_IN_MESSAGE
    return (
        [ngettext("… and %(count)d more", "… and %(count)d more", left) % {"count": left}] if left > 0 else []
    )


def plan_table(viewer: Viewer, states: Iterable[CommitmentState]) -> tuple[list[str], Iterator[list[str]]]:
    """Return heads and rows of the plan as a table to download."""
    labels = {action.name: action for action in regional_actions()}
    heads = [_("Region"), _("What"), _("Organisation"), _("Promised"), _("Done"), _("Unit"), _("Until")]
    heads += [_("Contact"), _("Note")]

    def rows() -> Iterator[list[str]]:
        for state in states:
            row = state.commitment
            action = labels.get(row.action)
            yield [
                str(REGIONS.get(row.region, row.region)),
                str(action.label) if action else row.action,
                display_name_for(viewer, row.organisation),
                str(row.promised),
                str(state.done),
                str(action.unit) if action else "",
                row.due_on.isoformat(),
                _contact_name(viewer, row),
                row.note,
            ]

    return heads, rows()


def plan_summary(access: Access) -> Summary:
    """Return the state of the section for the page of the campaign."""
    scope = plan_scope(access.workspace)
    rows: list[Commitment] = list(commitments_for(access.user, access.workspace))
    if not rows:
        return Summary(
            _("Nobody has promised anything in a region yet."),
            next_step=_("Begin with your own region: how many cards, tables or letters, and until when."),
        )
    late = sum(state.is_overdue for state in commitment_states(access.workspace, rows))
    gaps = sum(len(actions) for _region, actions in gaps_in(scope, rows))
    words = [ngettext("%(count)d gap.", "%(count)d gaps.", gaps) % {"count": gaps}]
    if late:
        words.append(
            ngettext("%(count)d promise is late.", "%(count)d promises are late.", late) % {"count": late}
        )
    return Summary(" ".join(words), needs_attention=bool(late))
