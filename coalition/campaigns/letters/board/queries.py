"""What was recorded of a letter action, for the desk and for everybody: the only place it comes from."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum

from coalition.accounts.models import Organisation, User
from coalition.campaigns.appeals.titles import title_of
from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.board.enums import SETTLING_ANSWERS
from coalition.campaigns.letters.board.models import Answer, OfficialLetter, Stance
from coalition.campaigns.letters.models import LetterAction, LetterDay
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.recipients.outreach import Outreach, Reached, outreach_kinds
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import own_seats, participants, workspaces_for
from documents.drafts.models import PublicationState
from documents.publication.verification.findings import offline_row

OWN_KINDS = frozenset({"letters", "official_letters"})
"""Kinds of outreach that the board counts itself, for its action; the others are those of the workspace."""

type LetterCounts = Mapping[tuple[int, int | None], int]  # keys of target and organisation, None for nobody


@dataclass(frozen=True)
class BoardRecords:
    """Everything that the board of an action is made of.

    `targets`: people in office, and those who left of whom something is recorded. `letters`: how many people
    declared; `first_letters`: by target, the day of the first. `outreach`: kinds of the workspace with what
    they reached. `organisations`: participants, and others that are credited.
    """

    bodies: list[Body]
    targets: list[Target]
    letters: LetterCounts
    first_letters: Mapping[int, datetime.date]
    official: list[OfficialLetter]
    answers: list[Answer]
    stances: list[Stance]
    outreach: list[tuple[Outreach, Reached]] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    participants: frozenset[int] = frozenset()


def actions_for(user: object) -> QuerySet[LetterAction]:
    """Letter actions of workspaces in which the person sees drafts, with what the board's pages need."""
    rows = LetterAction.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    return rows.select_related("workspace", "publication", "answer_term")


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


def board_records(action: LetterAction, *, for_everybody: bool) -> BoardRecords:
    """Return everything of an action's board: seven queries, and those of the kinds of outreach.

    `for_everybody`: only answers and stances that are published.
    """
    bodies = list(action.bodies.order_by("pk"))
    letters, first = _declared(action)
    official = list(action.official_letters.filter(withdrawn_at=None))
    answers, stances = action.answers.all(), action.stances.all()
    if for_everybody:
        answers, stances = public_answers(action), public_stances(action)
    found_answers = list(answers.filter(withdrawn_at=None).select_related("file").order_by("on", "pk"))
    found_stances = list(stances.filter(withdrawn_at=None).select_related("file").order_by("on", "pk"))
    targets = list(Target.objects.filter(body__in=bodies).order_by("pk"))
    kinds = [kind for kind in outreach_kinds() if kind.name not in OWN_KINDS]
    outreach = [(kind, kind.reached(action.workspace)) for kind in kinds]
    recorded = {target for target, _organisation in letters}
    recorded |= {one.target_id for one in (*official, *found_answers, *found_stances) if one.target_id}
    reached = {uuid for _kind, rows in outreach for uuid, _organisation in rows}
    organisations, part = _organisations(action, letters, outreach, official)
    return BoardRecords(
        bodies=bodies,
        targets=[one for one in targets if one.gone_on is None or one.pk in recorded or one.uuid in reached],
        letters=letters,
        first_letters=first,
        official=official,
        answers=found_answers,
        stances=found_stances,
        outreach=outreach,
        organisations=organisations,
        participants=part,
    )


def _declared(action: LetterAction) -> tuple[LetterCounts, dict[int, datetime.date]]:
    """Return the letters by target and organisation of the code, and the first day by target. One query."""
    rows = LetterDay.objects.filter(action=action, count__gt=0).order_by()
    grouped = rows.values_list("target", "referral__organisation").annotate(
        number=Sum("count"), first=Min("day")
    )
    letters: dict[tuple[int, int | None], int] = {}
    days: dict[int, datetime.date] = {}
    for target, organisation, number, first in grouped:
        letters[target, organisation] = number
        days[target] = min(first, days.get(target, first))
    return letters, days


def _organisations(
    action: LetterAction,
    letters: LetterCounts,
    outreach: list[tuple[Outreach, Reached]],
    official: list[OfficialLetter],
) -> tuple[list[Organisation], frozenset[int]]:
    """Return participants and others that are credited, and the keys of the participants. One query."""
    credited = {organisation for _target, organisation in letters}
    credited |= {organisation for _kind, rows in outreach for _uuid, organisation in rows}
    credited |= {one.organisation_id for one in official}
    part = participants(action.workspace).filter(pk=OuterRef("pk"))
    rows = Organisation.objects.annotate(takes_part=Exists(part))
    keys = [key for key in credited if key is not None]
    found = list(rows.filter(Q(takes_part=True) | Q(pk__in=keys)).order_by("pk"))
    organisations: list[Organisation] = [*found]
    return organisations, frozenset(one.pk for one in found if one.takes_part)
