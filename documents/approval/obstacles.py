"""Obstacles to publication under the round's rule, as whole sentences with names. No I/O.

| rule | it is met when |
|---|---|
| those who joined | the deadline has passed, or no answer is awaited; one at least joined |
| all who are asked | every organisation asked has joined: an objection or abstention blocks |
| no objection | the deadline has passed, nobody objects or asks for changes, one at least joined |

Organisations that left the coalition are not asked. An objection is valid until the organisation
decides on a newer version.

Under every rule the versions match the current texts, without gaps, and the one organisation in
whose voice the text speaks has joined.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.utils import formats, timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, ngettext

from documents.approval.round_data import AskedOrganisation, SubmittedText
from documents.drafts.models import ApprovalRule, CellState

if TYPE_CHECKING:
    from documents.approval.matrix import Cell, Matrix


def obstacles_for(matrix: "Matrix") -> list[str]:
    """Return every reason, the first to resolve first; empty if it can be published."""
    return [
        *(
            _("%(language)s: %(sentence)s") % {"language": text.language_name, "sentence": sentence}
            for text in matrix.data.texts
            for sentence in _language_obstacles(matrix, text)
        ),
        *_rule_obstacles(matrix),
    ]


def _language_obstacles(matrix: "Matrix", text: SubmittedText) -> Iterator[str]:
    """Yield the obstacles in one language; where all must approve, also undecided organisations."""
    cells = [cell for cell in matrix.column(text.language) if not (cell.counts or cell.organisation.left)]
    yield from _text_obstacles(text)
    obstacles = []
    if matrix.data.rule == ApprovalRule.ALL:
        obstacles = [*_objection_obstacles(cells), *_organisation_obstacles(cells)]
    elif matrix.data.rule == ApprovalRule.NO_OBJECTION:
        obstacles = _objection_obstacles(cells)
    for sentence, organisations in obstacles:
        if organisations:
            yield sentence % {"names": _join_names(organisations)}


def _rule_obstacles(matrix: "Matrix") -> Iterator[str]:
    data = matrix.data
    if data.rule == ApprovalRule.ALL:
        counted = [one for one in matrix.asked if all(cell.counts for cell in matrix.row(one))]
        if relying := [one for one in counted if one not in matrix.joined]:
            yield _("Must approve at least one language itself: %(names)s.") % {"names": _join_names(relying)}
    elif not data.is_late and (data.rule == ApprovalRule.NO_OBJECTION or matrix.undecided):
        when = (
            formats.date_format(timezone.localtime(data.deadline), "DATETIME_FORMAT") if data.deadline else ""
        )
        if count := len(matrix.undecided):
            yield ngettext(
                "The deadline is %(when)s, and %(count)d organisation has not decided yet.",
                "The deadline is %(when)s, and %(count)d organisations have not decided yet.",
                count,
            ) % {"when": when, "count": count}
        else:
            yield _("Objections are heard until the deadline, %(when)s.") % {"when": when}
    if data.rule != ApprovalRule.ALL and matrix.asked and not matrix.joined:
        yield _("Nobody has joined yet: no organisation has approved every language that is put.")
    if data.speaker is not None and data.speaker not in {one.pk for one in matrix.joined}:
        name = data.speaker_name
        yield _("The text speaks in the voice of %(name)s, which has not joined it.") % {"name": name}


def _text_obstacles(text: SubmittedText) -> Iterator[str]:
    if not text.current_hash:
        yield _("The text is not ready to be approved as it stands now. Finish it and put a new version.")
    elif not text.is_current:
        yield _(
            "The words have changed since version %(number)d was put. Put the newer version to approval."
        ) % {"number": text.number}
    if text.uncleared:
        yield _("A lawyer has not cleared these words as they are.")
    if text.unspoken:
        yield _("Quoted here, and has not approved these words yet: %(names)s.") % {
            "names": get_text_list(list(text.unspoken), _("and"))
        }
    if text.gaps:
        yield _("Places are still to be filled in: %(gaps)s.") % {"gaps": ", ".join(text.gaps)}


type Obstacle = tuple[str, list[AskedOrganisation]]  # a sentence about organisations, if there are any


def _objection_obstacles(cells: "list[Cell]") -> list[Obstacle]:
    earlier = [cell.organisation for cell in cells if cell.objects_to_earlier]
    of = _by_state(cell for cell in cells if not cell.objects_to_earlier)
    return [
        (_("Objected to earlier words, and has not decided on these yet: %(names)s."), earlier),
        (_("Against the text: %(names)s."), of[CellState.OBJECTS]),
        (_("Changes asked for: %(names)s."), of[CellState.CHANGES_ASKED]),
    ]


def _organisation_obstacles(cells: "list[Cell]") -> list[Obstacle]:
    """Return what each organisation has to do; what needs an explanation most comes first."""
    against = {CellState.OBJECTS, CellState.ABSTAINS, CellState.CHANGES_ASKED}
    silent = [cell for cell in cells if cell.state not in against]
    awaited = [cell for cell in silent if cell.organisation.can_answer]
    stuck = [cell.organisation for cell in silent if not cell.organisation.can_answer]
    of = _by_state(cell for cell in awaited if not (cell.is_unattested or cell.is_fallen))
    return [
        (
            _("Abstains, so not everyone who is asked approves: %(names)s."),
            [cell.organisation for cell in cells if cell.state == CellState.ABSTAINS],
        ),
        (_("Approved other words and must approve the changed ones: %(names)s."), of[CellState.REOPENED]),
        (
            _("Approved by phone or link, and counts after a day without objection: %(names)s."),
            of[CellState.LATER],
        ),
        (_("Read, not decided: %(names)s."), of[CellState.READ]),
        (_("Not opened: %(names)s."), of[CellState.NOT_OPENED]),
        (
            _("Does not stand any more under the approved words that were carried over: %(names)s."),
            [cell.organisation for cell in awaited if cell.is_fallen],
        ),
        (
            _("Relies on a translation that nobody answers for as it is now: %(names)s."),
            [cell.organisation for cell in awaited if cell.is_unattested],
        ),
        (
            _("Frozen, and silence never counts as approval: %(names)s."),
            [one for one in stuck if one.takes_part],
        ),
        (
            _("No longer in this workspace: %(names)s. Close this round and put the text to the others."),
            [one for one in stuck if not one.takes_part],
        ),
    ]


def _by_state(cells: "Iterable[Cell]") -> dict[CellState, list[AskedOrganisation]]:
    found: dict[CellState, list[AskedOrganisation]] = defaultdict(list)
    for cell in cells:
        found[cell.state].append(cell.organisation)
    return found


def _join_names(organisations: Iterable[AskedOrganisation]) -> str:
    return get_text_list([one.name for one in organisations], _("and"))
