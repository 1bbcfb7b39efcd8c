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

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import formats, timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.approval.round_data import AskedOrganisation, SubmittedText
from documents.drafts.enums import ApprovalRule, CellState

if TYPE_CHECKING:
    from documents.approval.matrix import Cell, Matrix


@dataclass(frozen=True)
class MissingInLanguage:
    """What is missing in one language: number of decisions, and sentences with names and
    reasons."""

    text: SubmittedText
    count: int
    sentences: tuple[str, ...]


def obstacles_for(matrix: "Matrix") -> list[str]:
    """Return every reason, the first to resolve first; empty if it can be published."""
    return [
        *(
            _("%(language)s: %(sentence)s") % {"language": item.text.language_name, "sentence": sentence}
            for item in matrix.missing
            for sentence in item.sentences
        ),
        *_rule_obstacles(matrix),
    ]


def missing_in(matrix: "Matrix", text: SubmittedText) -> MissingInLanguage:
    """Return the obstacles in one language. Under *all who are asked* also undecided
    organisations."""
    cells = [cell for cell in matrix.column(text) if not (cell.counts or cell.organisation.left)]
    sentences = [*_text_obstacles(text)]
    if matrix.data.rule == ApprovalRule.ALL:
        sentences += _organisation_obstacles(cells)
    elif matrix.data.rule == ApprovalRule.NO_OBJECTION:
        sentences += _objection_sentences(cells)
    return MissingInLanguage(text=text, count=len(cells), sentences=tuple(sentences))


def _rule_obstacles(matrix: "Matrix") -> Iterator[str]:
    data = matrix.data
    if data.rule == ApprovalRule.ALL:
        yield from _reliance_obstacles(matrix)
    elif not data.is_late and (data.rule == ApprovalRule.NO_OBJECTION or matrix.undecided):
        yield _open_decisions_sentence(matrix)
    if data.rule != ApprovalRule.ALL and matrix.asked and not matrix.joined:
        yield _("Nobody has joined yet: no organisation has approved every language that is put.")
    if data.speaker is not None and data.speaker not in {one.pk for one in matrix.joined}:
        name = next((one.name for one in data.asked if one.pk == data.speaker), "")
        yield _("The text speaks in the voice of %(name)s, which has not joined it.") % {"name": name}


def _open_decisions_sentence(matrix: "Matrix") -> str:
    deadline = matrix.data.deadline
    when = formats.date_format(timezone.localtime(deadline), "DATETIME_FORMAT") if deadline else ""
    count = len(matrix.undecided)
    if not count:
        return _("Objections are heard until the deadline, %(when)s.") % {"when": when}
    return ngettext(
        "The deadline is %(when)s, and %(count)d organisation has not decided yet.",
        "The deadline is %(when)s, and %(count)d organisations have not decided yet.",
        count,
    ) % {"when": when, "count": count}


def _reliance_obstacles(matrix: "Matrix") -> Iterator[str]:
    alone = [
        one
        for one in matrix.asked
        if all(cell.counts for cell in matrix.row(one)) and one not in matrix.joined
    ]
    if alone:
        yield _("Must approve at least one language itself: %(names)s.") % {"names": _join_names(alone)}


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


def _organisation_obstacles(cells: "list[Cell]") -> Iterator[str]:
    """Yield sentences that name organisations by what each has to do; those that need an
    explanation most come first."""
    spoken = {CellState.OBJECTS, CellState.ABSTAINS, CellState.CHANGES_ASKED}
    silent = [cell for cell in cells if cell.state not in spoken]
    stuck = [cell.organisation for cell in silent if not cell.organisation.can_answer]
    frozen = [one for one in stuck if one.takes_part]
    gone = [one for one in stuck if not one.takes_part]
    yield from _objection_sentences(cells)
    if abstaining := [cell.organisation for cell in cells if cell.state == CellState.ABSTAINS]:
        yield _("Abstains, so not everyone who is asked approves: %(names)s.") % {
            "names": _join_names(abstaining)
        }
    awaited = [cell for cell in silent if cell.organisation.can_answer]
    yield from _awaited_sentences(
        _by_state(cell for cell in awaited if not (cell.is_unattested or cell.is_fallen))
    )
    if fallen := [cell.organisation for cell in awaited if cell.is_fallen]:
        yield _("Does not stand any more under the approved words that were carried over: %(names)s.") % {
            "names": _join_names(fallen)
        }
    if relying := [cell.organisation for cell in awaited if cell.is_unattested]:
        yield _("Relies on a translation that nobody answers for as it is now: %(names)s.") % {
            "names": _join_names(relying)
        }
    if frozen:
        yield _("Frozen, and silence never counts as approval: %(names)s.") % {"names": _join_names(frozen)}
    if gone:
        yield _(
            "No longer in this workspace: %(names)s. Close this round and put the text to the others."
        ) % {"names": _join_names(gone)}


def _by_state(cells: "Iterable[Cell]") -> dict[CellState, list[AskedOrganisation]]:
    found: dict[CellState, list[AskedOrganisation]] = {state: [] for state in CellState}
    for cell in cells:
        found[cell.state].append(cell.organisation)
    return found


def _objection_sentences(cells: "list[Cell]") -> Iterator[str]:
    if earlier := [cell.organisation for cell in cells if cell.objects_to_earlier]:
        yield _("Objected to earlier words, and has not decided on these yet: %(names)s.") % {
            "names": _join_names(earlier)
        }
    of = _by_state(cell for cell in cells if not cell.objects_to_earlier)
    if found := of[CellState.OBJECTS]:
        yield _("Against the text: %(names)s.") % {"names": _join_names(found)}
    if found := of[CellState.CHANGES_ASKED]:
        yield _("Changes asked for: %(names)s.") % {"names": _join_names(found)}


def _awaited_sentences(of: dict[CellState, list[AskedOrganisation]]) -> Iterator[str]:
    if found := of[CellState.REOPENED]:
        yield _("Approved other words and must approve the changed ones: %(names)s.") % {
            "names": _join_names(found)
        }
    if found := of[CellState.LATER]:
        yield _("Approved by phone or link, and counts after a day without objection: %(names)s.") % {
            "names": _join_names(found)
        }
    if found := of[CellState.READ]:
        yield _("Read, not decided: %(names)s.") % {"names": _join_names(found)}
    if found := of[CellState.NOT_OPENED]:
        yield _("Not opened: %(names)s.") % {"names": _join_names(found)}


def _join_names(organisations: Iterable[AskedOrganisation]) -> str:
    return get_text_list([one.name for one in organisations], _("and"))
