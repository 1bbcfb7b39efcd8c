"""Declare, correct and withdraw figures and changes. Nothing is overwritten: a correction is a revision."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC
from coalition.campaigns.asks.models import Ask
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.records import record_action
from coalition.campaigns.impact.enums import MOST_REVISIONS, Rung
from coalition.campaigns.impact.hidden_names import hidden_names
from coalition.campaigns.impact.models import Contribution, Figure, Grant, Measure
from coalition.campaigns.impact.permissions import may_declare, require_that
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.files.models import StoredFile
from documents.files.public_copy import prepare_public_copy
from events.press.coverage.models import Proof

ONLY_EDITORS: Final = _("Those who edit here declare figures, each for the own organisation.")
SURE: Final = frozenset({Proof.MEASURED, Proof.COUNTER})  # a reach that has a proof


class CorrectedMeanwhile(Refused):
    """Somebody else corrected it since the page was loaded. `number`: of the revision that counts now."""

    def __init__(self, number: int) -> None:
        self.number = number
        why = _("Somebody corrected it meanwhile. Look at what counts now, or save again: then yours counts.")
        super().__init__(why)


class FigureRefused(Refused):
    """What was filled in cannot be. `field`: of the form, beside which the reason stands."""

    def __init__(self, field: str, message: Any, **params: object) -> None:
        self.field = field
        super().__init__(message, **params)


@dataclass(frozen=True)
class Evidence:
    """What shows it, and the grant that pays for it."""

    grant: Grant | None = None
    evidence_url: str = ""
    evidence_file: StoredFile | None = None

    @property
    def is_empty(self) -> bool:
        return not self.evidence_url and self.evidence_file is None

    def values(self) -> dict[str, Any]:
        """Return them by field."""
        return {name: getattr(self, name) for name in ("grant", "evidence_url", "evidence_file")}


@dataclass(frozen=True)
class FigureContent:
    """A declared number as it was typed in; see `Figure`."""

    value: int
    as_of: datetime.date
    scope: Mapping[str, str]
    source: Mapping[str, str]
    method: Mapping[str, str]
    proof: str = Proof.NOT_KNOWN
    baseline: int | None = None
    baseline_words: Mapping[str, str] = field(default_factory=dict)
    baseline_on: datetime.date | None = None
    shows_ratio: bool = False


@dataclass(frozen=True)
class ChangeContent:
    """A change as it was typed in; see `Contribution`."""

    on: datetime.date
    change: Mapping[str, str]
    contribution: Mapping[str, str]
    others: Mapping[str, str]
    confirmed_by: Mapping[str, str]
    ask: Ask | None = None


def add_measure(
    *, access: Access, rung: Rung, words: Mapping[str, str], unit: Mapping[str, str] | None = None
) -> Measure:
    """Add something of which organisations declare numbers. Raises NotAllowed; FigureRefused without words,
    or if they name an organisation whose name is withheld."""
    require_that(may_declare(access), ONLY_EDITORS)
    if not LocalizedText(words):
        raise FigureRefused("words", _("Say what is counted."))
    refuse_names(access.workspace, {"words": words, "unit": unit or {}})
    with transaction.atomic():
        measure = Measure.objects.create(
            workspace=access.workspace, rung=rung, words=words, unit=unit or {}, created_at=now()
        )
        _record(access, "impact.measure_added", measure.uuid, rung=rung.value)
    return measure


def declare_figure(
    *,
    access: Access,
    measure: Measure,
    organisation: Organisation,
    content: FigureContent,
    evidence: Evidence | None = None,
) -> Figure:
    """Declare a number for an organisation that takes part.

    Raises NotAllowed; FigureRefused for a day to come, a reach without proof, a ratio without the number
    before, words that name an organisation whose name is withheld; Refused for a file that cannot be shown.
    """
    proof = evidence or Evidence()
    _require_part(access, organisation)
    _check_figure(access, measure, content, proof)
    prepare_public_copy(access, proof.evidence_file)
    with transaction.atomic():
        row = Figure.objects.create(
            measure=_lock_measure(access, measure),
            **_first(access, organisation),
            **_values(content),
            **proof.values(),
        )
        _record(access, "impact.figure_declared", row.line, value=row.value)
    return row


def correct_figure(
    *,
    access: Access,
    figure: Figure,
    content: FigureContent,
    note: str,
    evidence: Evidence | None = None,
    read_revision: int | None = None,
) -> Figure:
    """Correct a declared number: reports that are frozen list it. `read_revision`: number of the revision
    that the person read; None: of `figure`.

    Raises as `declare_figure`; FigureRefused without a note that says what was wrong; CorrectedMeanwhile if
    another revision counts now; Refused if it is withdrawn.
    """
    proof = evidence or Evidence()
    _require(access, figure.organisation)
    _check_figure(access, figure.measure, content, proof)
    _prepare_new_file(access, figure, proof)
    with transaction.atomic():
        _lock_measure(access, figure.measure)
        _check_revision(figure, read_revision)
        row = _next(access, figure, note=note, **_values(content), **proof.values())
        _record(access, "impact.figure_corrected", row.line, value=row.value, revision=row.number)
    return row


def record_change(
    *, access: Access, organisation: Organisation, content: ChangeContent, evidence: Evidence | None = None
) -> Contribution:
    """Tell of a change: what, what the coalition did for it, who else, who outside confirms it.

    Raises NotAllowed; FigureRefused if one of the four is missing, for a day to come, or for words that name
    an organisation whose name is withheld; Refused for a file that cannot be shown.
    """
    proof = evidence or Evidence()
    _require_part(access, organisation)
    _check_change(access, content, proof)
    prepare_public_copy(access, proof.evidence_file)
    with transaction.atomic():
        row = Contribution.objects.create(
            workspace=_lock_workspace(access),
            **_first(access, organisation),
            **_values(content),
            **proof.values(),
        )
        _record(access, "impact.change_recorded", row.line)
    return row


def correct_change(
    *,
    access: Access,
    contribution: Contribution,
    content: ChangeContent,
    note: str,
    evidence: Evidence | None = None,
    read_revision: int | None = None,
) -> Contribution:
    """Correct the description of a change. `read_revision` and what is raised: as `correct_figure` and
    `record_change`."""
    proof = evidence or Evidence()
    _require(access, contribution.organisation)
    _check_change(access, content, proof)
    _prepare_new_file(access, contribution, proof)
    with transaction.atomic():
        _lock_workspace(access)
        _check_revision(contribution, read_revision)
        row = _next(access, contribution, note=note, **_values(content), **proof.values())
        _record(access, "impact.change_corrected", row.line, revision=row.number)
    return row


def withdraw_line[R: (Figure, Contribution)](*, access: Access, row: R, note: str) -> R:
    """Withdraw a figure or a change: it counts no more, and frozen reports list it. Twice is one.
    Raises NotAllowed; FigureRefused without a note."""
    return _set_withdrawn(access, row, note, is_withdrawn=True)


def restore_line[R: (Figure, Contribution)](*, access: Access, row: R, note: str) -> R:
    """Let it count again. Twice is one. Raises NotAllowed; FigureRefused without a note."""
    return _set_withdrawn(access, row, note, is_withdrawn=False)


def _set_withdrawn[R: (Figure, Contribution)](access: Access, row: R, note: str, *, is_withdrawn: bool) -> R:
    _require(access, row.organisation)
    with transaction.atomic():
        _lock_workspace(access)
        newest = type(row)._default_manager.get(line=row.line, replaced_at=None)
        if newest.is_withdrawn == is_withdrawn:
            return newest
        made = _next(access, newest, note=note, is_withdrawn=is_withdrawn)
        action = "impact.line_withdrawn" if is_withdrawn else "impact.line_restored"
        _record(access, action, made.line, revision=made.number)
    return made


def _require(access: Access, organisation: Organisation) -> None:
    require_that(may_declare(access, organisation), ONLY_EDITORS)


def _require_part(access: Access, organisation: Organisation) -> None:
    """Raise also for an organisation that left. What it declared before can still be corrected."""
    _require(access, organisation)
    if not participants(access.workspace).filter(pk=organisation.pk).exists():
        raise FigureRefused("organisation", _("This organisation does not take part here."))


def _prepare_new_file(access: Access, row: Figure | Contribution, evidence: Evidence) -> None:
    """Make the copy for donors, unless the file is the one that was there: it may be limited since."""
    if evidence.evidence_file is not None and evidence.evidence_file.pk != row.evidence_file_id:
        prepare_public_copy(access, evidence.evidence_file)


def _check_revision(row: Figure | Contribution, read_revision: int | None) -> None:
    """Raise for a correction of what is withdrawn, or was corrected since it was read. Within the lock."""
    newest = type(row)._default_manager.get(line=row.line, replaced_at=None)
    if newest.number != (read_revision or row.number):
        raise CorrectedMeanwhile(newest.number)
    if newest.is_withdrawn:
        raise Refused(_("It is withdrawn. Let it count again before you correct it."))


def _first(access: Access, organisation: Organisation) -> dict[str, Any]:
    return {"organisation": organisation, "recorded_by": access.user, "recorded_at": now()}


def _values(content: FigureContent | ChangeContent) -> dict[str, Any]:
    """Return the fields of the model: texts as `LocalizedText`."""
    values = {name: getattr(content, name) for name in asdict(content)}
    return {
        name: LocalizedText(value) if isinstance(value, Mapping) else value for name, value in values.items()
    }


def _next[R: (Figure, Contribution)](access: Access, row: R, *, note: str, **values: Any) -> R:
    """Write the next revision of a line, in the caller's transaction."""
    words = " ".join(note.split())
    if not words:
        raise FigureRefused("note", _("Say what was wrong: it stands beside the figure."))
    refuse_names(access.workspace, {"note": {"": words}})
    rows = type(row)._default_manager.select_for_update(of=("self",))
    last = rows.get(line=row.line, replaced_at=None)
    if last.number >= MOST_REVISIONS:
        raise Refused(_("It was corrected too often. Withdraw it, and declare a new one."))
    moment = now()
    type(row)._default_manager.filter(pk=last.pk).update(replaced_at=moment)
    copied = {
        one.name: getattr(last, one.name)
        for one in last._meta.fields
        if one.name not in {"id", "uuid", "number", "replaced_at"}
    }
    copied |= {"note": words[:300], "recorded_by": access.user, "recorded_at": moment, **values}
    return type(row)._default_manager.create(number=last.number + 1, **copied)


def _check_figure(access: Access, measure: Measure, content: FigureContent, evidence: Evidence) -> None:
    if content.as_of > site_today():
        raise FigureRefused("as_of", _("This day is still to come."))
    for name in ("scope", "source", "method"):
        if not LocalizedText(getattr(content, name)):
            raise FigureRefused(name, _("Without this the number can be misread."))
    if measure.rung == Rung.REACH and content.proof not in SURE:
        raise FigureRefused("proof", _("A reach is measured or read on a counter. Estimates are not added."))
    if measure.rung == Rung.REACH and evidence.is_empty:
        why = _("A reach needs a proof: give a web address or a file where it can be read.")
        raise FigureRefused("evidence_url", why)
    if measure.rung != Rung.REACH and content.proof != Proof.NOT_KNOWN:
        raise FigureRefused("proof", _("Only a reach has a kind of proof."))
    _check_baseline(content)
    _check_grant(access, evidence.grant)
    names = ("scope", "source", "method", "baseline_words")
    texts = {name: getattr(content, name) for name in names}
    refuse_names(access.workspace, {**texts, "evidence_url": {"": evidence.evidence_url}})


def _check_baseline(content: FigureContent) -> None:
    before = content.baseline
    if content.shows_ratio and not before:
        raise FigureRefused("baseline", _("How many times of what? Give the number before, which is not 0."))
    if before is None:
        return
    if content.baseline_on is None:
        raise FigureRefused("baseline_on", _("Give the day of the number before."))
    if content.baseline_on >= content.as_of:
        raise FigureRefused("baseline_on", _("The number before is of an earlier day."))
    if not LocalizedText(content.baseline_words):
        raise FigureRefused("baseline_words", _("Say before what it was so."))


def _check_change(access: Access, content: ChangeContent, evidence: Evidence) -> None:
    if content.on > site_today():
        raise FigureRefused("on", _("This day is still to come."))
    names = ("change", "contribution", "others", "confirmed_by")
    for name in names:
        if not LocalizedText(getattr(content, name)):
            raise FigureRefused(name, _("Without this nobody can judge what the coalition did for it."))
    if content.ask is not None and content.ask.workspace_id != access.workspace.pk:
        raise FigureRefused("ask", _("This ask is of another workspace."))
    _check_grant(access, evidence.grant)
    texts = {name: getattr(content, name) for name in names}
    refuse_names(access.workspace, {**texts, "evidence_url": {"": evidence.evidence_url}})


def _check_grant(access: Access, grant: Grant | None) -> None:
    if grant is not None and grant.workspace_id != access.workspace.pk:
        raise FigureRefused("grant", _("This grant is of another workspace."))


def refuse_names(workspace: Workspace, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Raise FigureRefused for a text that names an organisation whose name is not public: donors read it."""
    hidden = hidden_names(workspace, PUBLIC)
    for name, by_language in texts.items():
        if hidden.are_in_any(by_language.values()):
            why = _(
                "It names an organisation whose name is withheld, and donors read it. Leave the name out."
            )
            raise FigureRefused(name, why)


def _lock_measure(access: Access, measure: Measure) -> Measure:
    _lock_workspace(access)
    return Measure.objects.get(pk=measure.pk, workspace=access.workspace)


def _lock_workspace(access: Access) -> Workspace:
    """One at a time writes figures of a workspace."""
    return Workspace.objects.select_for_update().get(pk=access.workspace.pk)


def _record(access: Access, action: str, target: UUID, **detail: Any) -> None:
    record_action(access, action, target=target, workspace=access.workspace, **detail)
