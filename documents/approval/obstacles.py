"""Why a text cannot be published now, by its rule, as whole sentences that name who and what. Pure.

| rule | it holds when |
|---|---|
| those who joined | the deadline has passed, or nobody's answer is awaited; one at least joined |
| all who are asked | every organisation asked has joined: who objects or abstains is in the way |
| no objection | the deadline has passed, nobody objects or asks for changes, one at least joined |

Who left the coalition is not asked any more. An objection stands until the organisation decides on newer
words.

In each of them the words are those of the texts as they are now, without gaps, and the one organisation
in whose voice the text speaks has joined.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import formats, timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.approval.round_data import AskedOrganisation, PutText
from documents.drafts.enums import CellState, Rule

if TYPE_CHECKING:  # the matrix asks here for its sentences
    from documents.approval.matrix import Cell, Matrix


@dataclass(frozen=True)
class Missing:
    """What is missing in one language: how many decisions, and sentences that name who and why."""

    text: PutText
    count: int
    sentences: tuple[str, ...]


def of(matrix: "Matrix") -> list[str]:
    """Every reason, the first thing to settle first; empty if it can be published."""
    return [
        *(
            _("%(language)s: %(sentence)s") % {"language": item.text.language_name, "sentence": sentence}
            for item in matrix.missing
            for sentence in item.sentences
        ),
        *_of_the_rule(matrix),
    ]


def missing_in(matrix: "Matrix", text: PutText) -> Missing:
    """What stands in the way in one language. Under *all who are asked* also who has not decided."""
    cells = [cell for cell in matrix.column(text) if not (cell.counts or cell.organisation.left)]
    sentences = [*_of_the_text(text)]
    if matrix.data.rule == Rule.ALL:
        sentences += _of_organisations(cells)
    elif matrix.data.rule == Rule.NO_OBJECTION:
        sentences += _against(cells)
    return Missing(text=text, count=len(cells), sentences=tuple(sentences))


def _of_the_rule(matrix: "Matrix") -> Iterator[str]:
    data = matrix.data
    if data.rule == Rule.ALL:
        yield from _of_reliance_alone(matrix)
    elif not data.is_late and (data.rule == Rule.NO_OBJECTION or matrix.undecided):
        yield _still_open(matrix)
    if data.rule != Rule.ALL and matrix.asked and not matrix.joined:
        yield _("Nobody has joined yet: no organisation has approved every language that is put.")
    if data.speaker is not None and data.speaker not in {one.pk for one in matrix.joined}:
        name = next((one.name for one in data.asked if one.pk == data.speaker), "")
        yield _("The text speaks in the voice of %(name)s, which has not joined it.") % {"name": name}


def _still_open(matrix: "Matrix") -> str:
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


def _of_reliance_alone(matrix: "Matrix") -> Iterator[str]:
    alone = [
        one
        for one in matrix.asked
        if all(cell.counts for cell in matrix.row(one)) and one not in matrix.joined
    ]
    if alone:
        yield _("Must approve at least one language itself: %(names)s.") % {"names": _names(alone)}


def _of_the_text(text: PutText) -> Iterator[str]:
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


def _of_organisations(cells: "list[Cell]") -> Iterator[str]:
    """Sentences that name organisations by what each has to do; those who need words most come first."""
    spoken = {CellState.OBJECTS, CellState.ABSTAINS, CellState.CHANGES_ASKED}
    silent = [cell for cell in cells if cell.state not in spoken]
    stuck = [cell.organisation for cell in silent if not cell.organisation.can_answer]
    frozen = [one for one in stuck if one.takes_part]
    gone = [one for one in stuck if not one.takes_part]
    yield from _against(cells)
    if abstaining := [cell.organisation for cell in cells if cell.state == CellState.ABSTAINS]:
        yield _("Abstains, so not everyone who is asked approves: %(names)s.") % {"names": _names(abstaining)}
    awaited = [cell for cell in silent if cell.organisation.can_answer]
    yield from _awaited(_by_state(cell for cell in awaited if not (cell.is_unattested or cell.is_fallen)))
    if fallen := [cell.organisation for cell in awaited if cell.is_fallen]:
        yield _("Does not stand any more under the approved words that were carried over: %(names)s.") % {
            "names": _names(fallen)
        }
    if relying := [cell.organisation for cell in awaited if cell.is_unattested]:
        yield _("Relies on a translation that nobody answers for as it is now: %(names)s.") % {
            "names": _names(relying)
        }
    if frozen:
        yield _("Frozen, and silence never counts as approval: %(names)s.") % {"names": _names(frozen)}
    if gone:
        yield _(
            "No longer in this workspace: %(names)s. Close this round and put the text to the others."
        ) % {"names": _names(gone)}


def _by_state(cells: "Iterable[Cell]") -> dict[CellState, list[AskedOrganisation]]:
    found: dict[CellState, list[AskedOrganisation]] = {state: [] for state in CellState}
    for cell in cells:
        found[cell.state].append(cell.organisation)
    return found


def _against(cells: "list[Cell]") -> Iterator[str]:
    if earlier := [cell.organisation for cell in cells if cell.objects_to_earlier]:
        yield _("Objected to earlier words, and has not decided on these yet: %(names)s.") % {
            "names": _names(earlier)
        }
    of = _by_state(cell for cell in cells if not cell.objects_to_earlier)
    if found := of[CellState.OBJECTS]:
        yield _("Against the text: %(names)s.") % {"names": _names(found)}
    if found := of[CellState.CHANGES_ASKED]:
        yield _("Changes asked for: %(names)s.") % {"names": _names(found)}


def _awaited(of: dict[CellState, list[AskedOrganisation]]) -> Iterator[str]:
    if found := of[CellState.REOPENED]:
        yield _("Approved other words and must approve the changed ones: %(names)s.") % {
            "names": _names(found)
        }
    if found := of[CellState.LATER]:
        yield _("Approved by phone or link, and counts after a day without objection: %(names)s.") % {
            "names": _names(found)
        }
    if found := of[CellState.READ]:
        yield _("Read, not decided: %(names)s.") % {"names": _names(found)}
    if found := of[CellState.NOT_OPENED]:
        yield _("Not opened: %(names)s.") % {"names": _names(found)}


def _names(organisations: Iterable[AskedOrganisation]) -> str:
    return get_text_list([one.name for one in organisations], _("and"))
