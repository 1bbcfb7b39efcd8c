"""What was recorded of a letter action, for the desk and for everybody: the only place it comes from."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, Exists, Min, OuterRef, Q, QuerySet, Sum, Value

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Acquaintance
from coalition.campaigns.appeals.titles import title_of
from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.board.enums import REAL_ANSWERS, SETTLING_ANSWERS
from coalition.campaigns.letters.board.models import Answer, OfficialLetter, Stance
from coalition.campaigns.letters.models import LetterAction, LetterDay
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.recipients.outreach import Outreach, Reached, outreach_kinds
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import (
    acquaintance_among,
    acquaintance_marks,
    own_seats,
    participants,
    workspaces_for,
)
from documents.drafts.models import PublicationState
from documents.files.queries import files_for
from documents.publication.verification.findings import offline_row

OWN_KINDS = frozenset({"letters", "official_letters"})
"""Kinds of outreach that the board counts itself, for its action; the others are those of the workspace."""


@dataclass(frozen=True)
class LetterSum:
    """Letters to one recipient that one organisation is credited with, None for nobody.

    `target`: None for the body as a whole; `due_on`: of official letters, None for what people declared;
    `first`: day of the first of them; `settled` and `answered`: how many of the official letters are, as far
    as the board's answers say.
    """

    body: int
    target: int | None
    organisation: int | None
    due_on: datetime.date | None
    number: int
    first: datetime.date
    settled: int
    answered: int


@dataclass(frozen=True)
class BoardRecords:
    """Everything that the board of an action is made of.

    `targets`: people in office, and those who left of whom something is recorded. `outreach`: kinds of the
    workspace with what they reached. `organisations`: participants, and others that are credited; `met`:
    those of them that the reader has met.
    """

    bodies: list[Body]
    targets: list[Target]
    letters: list[LetterSum]
    answers: list[Answer]
    stances: list[Stance]
    outreach: list[tuple[Outreach, Reached]] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    participants: frozenset[int] = frozenset()
    met: Acquaintance = field(default_factory=Acquaintance)


_NEEDED = ("workspace", "publication", "answer_term")  # by the board's pages, of an action


def actions_for(user: object) -> QuerySet[LetterAction]:
    """Letter actions of workspaces in which the person sees drafts, with what the board's pages need."""
    rows = LetterAction.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    return rows.select_related(*_NEEDED)


def action_and_bodies(user: object, uuid: UUID) -> tuple[LetterAction | None, list[Body]]:
    """Return the action of `actions_for`, None if there is none, and its bodies. One query where it has
    bodies."""
    links = LetterAction.bodies.through.objects.filter(
        letteraction__in=actions_for(user), letteraction__uuid=uuid
    )
    needed = (f"letteraction__{name}" for name in _NEEDED)
    rows = list(links.select_related("body", *needed).order_by("body"))
    action = rows[0].letteraction if rows else actions_for(user).filter(uuid=uuid).first()
    return action, [row.body for row in rows]


def public_actions() -> QuerySet[LetterAction]:
    """Letter actions whose board everybody may read: opened, also after they closed. What was answered stays
    public when the text of the letters is withdrawn; its title does not."""
    rows = LetterAction.objects.filter(opened_at__isnull=False)
    return rows.select_related(
        "workspace", "publication__taken_off", "publication__replaced_by", "answer_term"
    )


def public_title(action: LetterAction) -> str:
    """Return the title of the letters, "" while everybody may not read it. Needs what `public_actions` loads;
    one query a minute and process."""
    publication = action.publication
    if publication.state != PublicationState.PUBLIC or offline_row(publication) is not None:
        return ""
    return title_of(publication)


def public_answers(action: LetterAction) -> QuerySet[Answer]:
    """Answers that everybody may read, the newest first."""
    return action.answers.filter(published_at__isnull=False, withdrawn_at=None).select_related("file")


def public_stances(action: LetterAction) -> QuerySet[Stance]:
    """Stances that everybody may read, the newest first."""
    return action.stances.filter(published_at__isnull=False, withdrawn_at=None).select_related("file")


def agreed_targets(action: LetterAction) -> set[UUID]:
    """Return the UUIDs of those who agree, as everybody may know: the newest published stance of each says
    so. They are thanked instead of written to. One query."""
    rows = public_stances(action).order_by("on", "pk").values_list("target__uuid", "agrees")
    newest = dict(rows)
    return {uuid for uuid, agrees in newest.items() if agrees}


def letters_of(action: LetterAction) -> QuerySet[OfficialLetter]:
    """All official letters with what rows need, also withdrawn ones; `is_settled`: nothing is awaited."""
    rows = action.official_letters.select_related("organisation", "target", "body", "file")
    return rows.annotate(is_settled=_is_settled())


def answers_of(action: LetterAction) -> QuerySet[Answer]:
    """All answers with what rows need, also withdrawn ones."""
    return action.answers.select_related("organisation", "target", "body", "file", "letter")


def stances_of(action: LetterAction) -> QuerySet[Stance]:
    """All stances with what rows need, also withdrawn ones."""
    return action.stances.select_related("organisation", "target", "body", "file")


def with_readable_files[E: (Answer, OfficialLetter, Stance)](rows: QuerySet[E], reader: User) -> QuerySet[E]:
    """Mark the entries whose file the person may read (`is_file_readable`). No further query."""
    return rows.annotate(is_file_readable=Exists(files_for(reader).filter(pk=OuterRef("file"))))


def of_recipient[E: (Answer, OfficialLetter, Stance)](rows: QuerySet[E], recipient: str) -> QuerySet[E]:
    """Return the entries of one recipient: UUID of a person, or of a body as a whole. Else none."""
    try:
        uuid = UUID(recipient)
    except ValueError:
        return rows.none()
    return rows.filter(Q(target__uuid=uuid) | Q(target=None, body__uuid=uuid))


def overdue_letters(user: User) -> QuerySet[OfficialLetter]:
    """Official letters without an answer in time, of workspaces in which the person has a seat."""
    seats = own_seats(user).values("workspace")
    rows = OfficialLetter.objects.filter(action__workspace__in=seats, withdrawn_at=None)
    return rows.filter(~_is_settled(), due_on__lt=site_today())


def _is_settled() -> Exists:
    found = Answer.objects.filter(letter=OuterRef("pk"), withdrawn_at=None, kind__in=SETTLING_ANSWERS)
    return Exists(found)


def official_letters_reached(workspace: Workspace) -> Reached:
    """Return how many official letters reached each recipient, by organisation. One query."""
    rows = OfficialLetter.objects.filter(action__workspace=workspace, withdrawn_at=None).order_by()
    grouped = rows.values_list("target__uuid", "body__uuid", "organisation").annotate(number=Count("pk"))
    found: dict[tuple[UUID, int | None], int] = {}
    for target, body, organisation, number in grouped:
        key = (target or body, organisation)
        found[key] = found.get(key, 0) + number
    return found


def recipients_of(action: LetterAction) -> list[Target]:
    """Return the people of the action's bodies, in office and gone, in the order of the bodies. One query."""
    rows = Target.objects.filter(body__letter_actions=action).select_related("body")
    return list(rows.order_by("body", "pk"))


def board_records(
    action: LetterAction,
    *,
    for_everybody: bool,
    bodies: list[Body] | None = None,
    reader: User | None = None,
) -> BoardRecords:
    """Return everything of an action's board: six queries, and those of the kinds of outreach.

    `for_everybody`: only answers and stances that are published. `bodies`: of the action, if already loaded.
    `reader`: who reads the names of organisations and the files at the desk.
    """
    if bodies is None:
        bodies = list(action.bodies.order_by("pk"))
    answers, stances = action.answers.filter(withdrawn_at=None), action.stances.filter(withdrawn_at=None)
    if for_everybody:
        answers, stances = public_answers(action), public_stances(action)
    letters = _letters(action, answers)
    if reader is not None:
        answers, stances = with_readable_files(answers, reader), with_readable_files(stances, reader)
    found_answers = list(answers.select_related("file").order_by("on", "pk"))
    found_stances = list(stances.select_related("file").order_by("on", "pk"))
    targets = list(Target.objects.filter(body__in=bodies).order_by("pk"))
    kinds = [kind for kind in outreach_kinds() if kind.name not in OWN_KINDS]
    outreach = [(kind, kind.reached(action.workspace)) for kind in kinds]
    recorded = {one.target for one in letters}
    recorded |= {one.target_id for one in (*found_answers, *found_stances)}
    reached = {uuid for _kind, rows in outreach for uuid, _organisation in rows}
    organisations = _organisations(action, letters, outreach, reader)
    return BoardRecords(
        bodies=bodies,
        targets=[one for one in targets if one.gone_on is None or one.pk in recorded or one.uuid in reached],
        letters=letters,
        answers=found_answers,
        stances=found_stances,
        outreach=outreach,
        organisations=organisations,
        participants=frozenset(one.pk for one in organisations if one.takes_part),
        met=acquaintance_among(organisations) if reader is not None else Acquaintance(),
    )


def _letters(action: LetterAction, answers: QuerySet[Answer]) -> list[LetterSum]:
    """Return what people declared and what organisations sent, added up. `answers`: those that the board
    shows. One query."""
    answers_to_it = answers.filter(letter=OuterRef("pk")).order_by()
    settled = Exists(answers_to_it.filter(kind__in=SETTLING_ANSWERS))
    answered = Exists(answers_to_it.filter(kind__in=REAL_ANSWERS))
    declared = LetterDay.objects.filter(action=action, count__gt=0).order_by()
    official = OfficialLetter.objects.filter(action=action, withdrawn_at=None).order_by()
    sums = declared.values_list(
        "target__body", "target", "referral__organisation", Value(None, DateField())
    ).annotate(number=Sum("count"), first=Min("day"), settled=Value(0), answered=Value(0))
    official_sums = official.values_list("body", "target", "organisation", "due_on").annotate(
        number=Count("pk"),
        first=Min("sent_on"),
        settled=Count("pk", filter=settled),
        answered=Count("pk", filter=answered),
    )
    return [LetterSum(*row) for row in sums.union(official_sums, all=True).order_by()]


def _organisations(
    action: LetterAction,
    letters: Iterable[LetterSum],
    outreach: list[tuple[Outreach, Reached]],
    reader: User | None,
) -> list[Any]:
    """Return participants (`takes_part`) and other organisations that are credited, with marks of those that
    the reader has met. One query."""
    credited = {one.organisation for one in letters}
    credited |= {organisation for _kind, rows in outreach for _uuid, organisation in rows}
    part = participants(action.workspace).filter(pk=OuterRef("pk"))
    marks = acquaintance_marks(reader) if reader is not None else {}
    rows = Organisation.objects.annotate(takes_part=Exists(part), **marks)
    keys = [key for key in credited if key is not None]
    return list(rows.filter(Q(takes_part=True) | Q(pk__in=keys)).order_by("pk"))
