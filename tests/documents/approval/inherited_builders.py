"""Texts made of approved words: a second draft beside a stage, in which whole versions stand in frames."""

from collections.abc import Iterable
from typing import Any

from coalition.accounts.naming import PUBLIC
from documents.approval.actions.inherit import approved_block_node
from documents.approval.queries.boards import board_of
from documents.drafts.actions.manage import create_draft, name_version, save_text
from documents.drafts.models import CellState
from documents.models import ApprovalRound, Version
from tests.documents.approval.builders import Stage
from tests.recording import recorded


@recorded
def another(made: Stage, **given: object) -> Stage:
    """Another draft of the same people."""
    draft = create_draft(access=made.access, title="Canary: another working title", **given)
    return Stage(made.workspace, made.coordinator, draft, list(made.organisations), made.representatives)


@recorded
def framed(
    made: Stage,
    versions: Iterable[Version],
    language: str = "kk",
    *,
    title: str | None = None,
    lead: str | None = None,
    more: Iterable[object] = (),
) -> Version:
    """A version of the stage's draft in which these stand whole; title and lead are those of the first.
    `more`: other blocks behind them."""
    taken = list(versions)
    first = taken[0].document
    body = {"type": "doc", "content": [*(approved_block_node(one) for one in taken), *more]}
    save_text(
        access=made.access,
        text=made.text(language),
        title=first["title"] if title is None else title,
        lead=first["lead"] if lead is None else lead,
        body=body,
    )
    return name_version(access=made.access, text=made.text(language), name="Of approved words")


@recorded
def versions_put(round_: ApprovalRound) -> dict[str, Version]:
    return {text.language: text.version for text in round_.texts.select_related("version__text")}


@recorded
def put_framed(made: Stage, source: ApprovalRound, **given: object) -> tuple[Stage, ApprovalRound]:
    """Another text that says what the source's round put, in the same languages, put to the same."""
    letter = another(made)
    put = [framed(letter, [version], code) for code, version in versions_put(source).items()]
    return letter, letter.put(versions=put, **given)


def states(round_: ApprovalRound) -> list[CellState]:
    """The states of the cells, organisation by organisation."""
    return [cell.state for cell in board_of(round_, PUBLIC).matrix.cells.values()]


def who(made: Stage, number: int) -> dict[str, Any]:
    """An organisation, and who decides for it."""
    organisation = made.organisations[number]
    return {"organisation": organisation, "person": made.representatives[organisation.pk]}
