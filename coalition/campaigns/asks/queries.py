"""Asks with their steps."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.asks.models import Ask, AskStep
from coalition.workspaces.models import Workspace
from documents.drafts.models import PublicationState
from documents.files.public_copy import may_be_public
from documents.publication.models import Publication
from documents.publication.verification.findings import offline_row


def steps_that_count() -> QuerySet[AskStep]:
    """Steps that were not undone, in their order."""
    return AskStep.objects.filter(undone_at=None).select_related("evidence_file").order_by("pk")


def steps_with_undone(ask: Ask) -> QuerySet[AskStep]:
    """All steps of an ask for the desk, also those that were undone, the newest first."""
    rows = AskStep.objects.filter(ask=ask).select_related("evidence_file", "organisation")
    return rows.order_by("-pk")


def asks_of(workspace: Workspace, *, removed: bool = False) -> QuerySet[Ask]:
    """Asks of a workspace in their order, with their steps, as `steps.all()`. Two queries."""
    rows = Ask.objects.filter(workspace=workspace, removed_at__isnull=not removed)
    return _with_steps(rows).order_by("position", "pk")


def status_of(ask: Ask) -> AskStatus:
    """Return where it stands. Needs its steps."""
    return AskStatus(list(ask.steps.all())[-1].status)


def count_public_asks(appeal: Appeal) -> int:
    """How many asks the public page of an appeal has. One query."""
    return Ask.objects.filter(appeal=appeal, removed_at=None).count()


@dataclass(frozen=True)
class PublicStep:
    """A step as everybody reads it. `has_file`: whether there is a copy for everybody."""

    step: AskStep
    has_file: bool


@dataclass(frozen=True)
class PublicAsk:
    """An ask as everybody reads it. `table`: the comparative table, None if it is not public now. `steps`:
    from the first to the last."""

    ask: Ask
    table: Publication | None
    steps: list[PublicStep]

    @property
    def last(self) -> PublicStep:
        return self.steps[-1]


def public_asks(appeal: Appeal) -> list[PublicAsk]:
    """Return the asks of an appeal as everybody reads them, in their order. Two queries. Whether the appeal
    is public is the caller's to ask."""
    rows = _with_steps(Ask.objects.filter(appeal=appeal, removed_at=None))
    rows = rows.select_related("publication__replaced_by", "publication__taken_off")
    return [
        PublicAsk(
            ask,
            _if_public(ask.publication),
            [PublicStep(step, may_be_public(step.evidence_file)) for step in ask.steps.all()],
        )
        for ask in rows.order_by("position", "pk")
    ]


def public_step(appeal: Appeal, step: UUID) -> AskStep | None:
    """Return a step of a public ask of this appeal. One query."""
    rows = steps_that_count().filter(ask__appeal=appeal, ask__removed_at=None)
    return rows.filter(uuid=step).first()


def _with_steps(rows: QuerySet[Ask]) -> QuerySet[Ask]:
    return rows.prefetch_related(Prefetch("steps", queryset=steps_that_count()))


def _if_public(publication: Publication | None) -> Publication | None:
    if publication is None or publication.state != PublicationState.PUBLIC:
        return None
    return publication if offline_row(publication) is None else None
