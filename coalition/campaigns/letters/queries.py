"""Letter actions, their recipients and the letters that people declared."""

import datetime
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.suppression import full_tens
from coalition.campaigns.letters.board.queries import agreed_targets
from coalition.campaigns.letters.models import LetterAction, LetterDay
from coalition.campaigns.letters.texts import facts_to_offer
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.referrals.models import ReferralCode
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from documents.drafts.models import PublicationState
from documents.facts.models import Fact
from documents.publication.models import Publication, PublicationText
from documents.publication.verification.findings import offline_row

ACTION = "letter"  # of referral codes


def letter_actions_for(user: object, workspace: Workspace | None = None) -> QuerySet[LetterAction]:
    """Letter actions of workspaces in which the person sees drafts, newest first, with what titles need."""
    rows = with_texts(LetterAction.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS)))
    return rows.filter(workspace=workspace) if workspace is not None else rows


def with_texts(rows: QuerySet[LetterAction]) -> QuerySet[LetterAction]:
    """The same rows with what titles and `closed_reason` need, in three queries."""
    texts = PublicationText.objects.select_related("version").order_by("id")
    publications = Publication.objects.select_related("draft", "replaced_by", "taken_off")
    found = Prefetch("publication", publications.prefetch_related(Prefetch("texts", queryset=texts)))
    return rows.select_related("workspace", "organisation", "appeal").prefetch_related(found)


def opened_actions() -> QuerySet[LetterAction]:
    """Every action that was opened, for everyone, with what titles and `closed_reason` need."""
    return with_texts(LetterAction.objects.filter(opened_at__isnull=False))


def action_at(slug: str) -> LetterAction | None:
    """Return the opened action of an address, or None. Three queries."""
    return opened_actions().filter(slug=slug).first()


def open_actions(day: datetime.date) -> QuerySet[LetterAction]:
    """Actions that take letters on this day, as `closed_reason` says of one. One query, for everyone."""
    return LetterAction.objects.filter(
        Q(closes_on=None) | Q(closes_on__gte=day),
        opened_at__isnull=False,
        closed_at=None,
        publication__state=PublicationState.PUBLIC,
        publication__awaiting_since=None,
        publication__replaced_by=None,
        publication__taken_off=None,
        workspace__archived_at=None,
    )


def closed_reason(action: LetterAction, day: datetime.date) -> str:
    """Return why nobody can write by this action on this day, "" while people can.

    "withdrawn": its text is public no more; "checked": it is off the site while it is checked; "over":
    closed, or its last day is past; "archived": its workspace is; "awaited": a decision about the text is
    awaited; "changed": it was corrected since. Needs `with_texts`.
    """
    text = action.publication
    if text.state != PublicationState.PUBLIC:
        return "withdrawn"
    if offline_row(text) is not None:
        return "checked"
    if not action.is_open_on(day):
        return "over"
    if action.workspace.archived_at is not None:
        return "archived"
    if text.awaiting_since is not None:
        return "awaited"
    return "changed" if getattr(text, "replaced_by", None) is not None else ""


def bodies_to_choose(workspace: Workspace) -> QuerySet[Body]:
    """Bodies of the workspace whose people can be written to."""
    return Body.objects.filter(workspace=workspace, archived_at=None).order_by("pk")


def recipients_of(action: LetterAction) -> QuerySet[Target]:
    """People in office of the action's bodies, by body and committee, with their bodies. One query."""
    rows = Target.objects.filter(body__letter_actions=action, body__archived_at=None, gone_on=None)
    return rows.select_related("body").order_by("body", "pk")


def letters_by_target(action: LetterAction) -> dict[int, int]:
    """How many letters were declared to each target, by its primary key. One query."""
    rows = LetterDay.objects.filter(action=action).order_by().values_list("target")
    return dict(rows.annotate(letters=Sum("count")))


def others_to_write_to(action: LetterAction, gone: Collection[Target], most: int = 3) -> list[Target]:
    """Return people to whom a letter can go instead: those of the same bodies and committees first, then
    those with the fewest letters in full tens. Two queries."""
    letters, agreed = letters_by_target(action), agreed_targets(action)
    bodies = {one.body_id for one in gone}
    committees = {tuple(one.committee.items()) for one in gone}
    rows = [one for one in recipients_of(action) if one.uuid not in agreed]

    def order(one: Target) -> tuple[bool, bool, int, int]:
        other_committee = tuple(one.committee.items()) not in committees
        return one.body_id not in bodies, other_committee, full_tens(letters.get(one.pk, 0)), one.pk

    return sorted(rows, key=order)[:most]


def facts_of(action: LetterAction) -> list[Fact]:
    """The action's facts that may be offered now, with their words. Three queries at most."""
    chosen = action.facts.values("pk")
    return list(facts_to_offer().filter(pk__in=chosen))


def is_code_of(code: str, action: LetterAction) -> bool:
    """Whether the code leads to this action or to its appeal, also one that credits nobody any more."""
    return ReferralCode.objects.filter(code=code.upper(), target__in=_targets_of_codes(action)).exists()


def creditable_code(code: str, action: LetterAction) -> ReferralCode | None:
    """Return the code by which somebody came, if it still credits its organisation: one of the action, or of
    its appeal. No query without a code."""
    if not code:
        return None
    rows = ReferralCode.objects.filter(code=code[:12].upper(), target__in=_targets_of_codes(action))
    return rows.filter(ended_at=None).first()


def _targets_of_codes(action: LetterAction) -> list[UUID]:
    return [action.uuid, *([action.appeal.uuid] if action.appeal is not None else [])]


def credits_by_code(targets: Collection[UUID]) -> dict[int, int]:
    """How many letters the codes of these actions brought, by the code's primary key. One query."""
    rows = LetterDay.objects.filter(action__uuid__in=targets, referral__isnull=False)
    return dict(rows.order_by().values_list("referral").annotate(letters=Sum("count")))


def opened_in(workspace: Workspace) -> list[UUID]:
    """UUIDs of the workspace's actions that were opened, newest first. One query."""
    rows = LetterAction.objects.filter(workspace=workspace, opened_at__isnull=False).order_by("-pk")
    return list(rows.values_list("uuid", flat=True))


def letters_for_appeal(appeal: UUID) -> int | None:
    """How many letters were declared by the actions of an appeal; None if none was opened. One query."""
    rows = LetterAction.objects.filter(appeal__uuid=appeal, opened_at__isnull=False)
    found = rows.aggregate(actions=Count("pk"), letters=Sum("days__count"))
    return (found["letters"] or 0) if found["actions"] else None


def letters_by_organisation(workspace: Workspace) -> dict[int, int]:
    """How many letters came by the codes of each organisation, by its primary key, in full tens: a code can
    be given to one person. One query."""
    rows = LetterDay.objects.filter(action__workspace=workspace, referral__isnull=False)
    counted = rows.order_by().values_list("referral__organisation").annotate(letters=Sum("count"))
    return {organisation: full_tens(letters) for organisation, letters in counted}


def letters_reached(workspace: Workspace) -> dict[tuple[UUID, int | None], int]:
    """How many letters were declared to each target, by its UUID and the organisation (primary key) whose
    code brought the writers, None for no code. One query."""
    rows = LetterDay.objects.filter(action__workspace=workspace).order_by()
    keys = rows.values_list("target__uuid", "referral__organisation").annotate(letters=Sum("count"))
    return {(target, organisation): letters for target, organisation, letters in keys}


@dataclass(frozen=True)
class DeclaredLetters:
    """Declared letters of an action. `targets`: by primary key; `days`: the newest first."""

    total: int
    targets: dict[int, int]
    ways: dict[str, int]
    languages: dict[str, int]
    days: dict[datetime.date, int]
    today: int


def declared_letters(action: LetterAction) -> DeclaredLetters:
    """Return the sums of an action. One query."""
    targets, ways = Counter[int](), Counter[str]()
    languages, days = Counter[str](), Counter[datetime.date]()
    rows = LetterDay.objects.filter(action=action).values_list("target", "way", "language", "day", "count")
    for target, way, language, day, count in rows:
        targets[target] += count
        ways[way] += count
        languages[language] += count
        days[day] += count
    return DeclaredLetters(
        total=ways.total(),
        targets=dict(targets.most_common()),
        ways=dict(ways.most_common()),
        languages=dict(languages.most_common()),
        days=dict(sorted(days.items(), reverse=True)),
        today=days[site_today()],
    )


def targets_at_desk(action: LetterAction, declared: DeclaredLetters) -> list[Target]:
    """Return the recipients of an action, and those who had letters before they were gone. One query."""
    current = Q(body__letter_actions=action, body__archived_at=None, gone_on=None)
    keys = Target.objects.filter(current | Q(pk__in=declared.targets)).values("pk")
    return list(Target.objects.filter(pk__in=keys).select_related("body").order_by("body", "pk"))
