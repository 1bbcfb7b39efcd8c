"""Rounds a coordinator has to settle, for the desk and its counter on every page: two queries.

What the matrix says decides when something is published. In SQL it is told which rounds lack something for
sure; only where nothing does, the matrix itself is asked.
"""

from functools import cache
from typing import TYPE_CHECKING, TypedDict

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from coalition.accounts.models import User
from coalition.accounts.queries import frozen_organisations
from coalition.roles import SeatRole
from coalition.workspaces.models import Participation
from coalition.workspaces.queries import active_seats, read_once
from documents.approval.models.attestation import Attestation
from documents.approval.models.rounds import Approval, ApprovalRound, Asked, RoundText
from documents.approval.queries.boards import boards_of
from documents.approval.queries.inherited import STANDS, is_fallen
from documents.approval.queries.rounds import rounds_for
from documents.canonical.walk import OPEN_GAP
from documents.drafts.enums import DecisionKind, PublicationState, RoundState, Rule, Voice, Way
from documents.publication.models.publication import PublicationText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Needs(TypedDict):
    """Of a round: it lacks something without which publishing refuses (the matrix says what); changes are
    asked about words put now; these very words become public by themselves."""

    lacks: bool
    changes_asked: bool
    scheduled: bool


type ToSettle = WithAnnotations[ApprovalRound, Needs]


def rounds_to_settle(user: object) -> list[ToSettle]:
    """Open rounds that the person coordinates, the nearest deadline first, with what they need.

    What an organisation approved before it was frozen or left stays, here as there. The conditions are long:
    ask only who coordinates something that is open (`led_by`). The desk asks twice, for what waits and for
    deadlines.
    """
    return read_once(user, "rounds to settle", lambda: _to_settle(user)) if isinstance(user, User) else []


def _to_settle(user: User) -> list[ToSettle]:
    put = RoundText.objects.filter(round=OuterRef("round"))
    changes = Approval.objects.filter(
        round=OuterRef("pk"), decision=DecisionKind.CHANGES_ASKED, superseded_at=None
    ).filter(Exists(put.filter(language=OuterRef("language"), version__hash=OuterRef("hash"))))
    unfit = RoundText.objects.filter(
        ~Q(version__hash=F("version__text__content_hash")) | Q(version__canonical__contains=OPEN_GAP),
        round=OuterRef("pk"),
    )
    rows = rounds_for(user).filter(pk__in=led_by(user).values("pk"))
    lacks = ExpressionWrapper(Q(Exists(unfit)) | rule_lacks(), output_field=BooleanField())
    told = rows.annotate(lacks=lacks, changes_asked=Exists(changes), scheduled=~_unscheduled())
    found = list(told.order_by("deadline"))
    _ask_the_matrix([row for row in found if not row.lacks])
    return found


def _ask_the_matrix(rounds: list[ToSettle]) -> None:
    """What SQL lets through is looked at whole: which translations may be relied on is told by
    `documents.approval.attestations` alone, and quotations by their words."""
    for round_, board in zip(rounds, boards_of(rounds, None) if rounds else [], strict=True):
        round_.lacks = not board.matrix.is_complete


def led_by(user: User) -> QuerySet[ApprovalRound]:
    """Open rounds in the workspaces that the person coordinates."""
    seats = active_seats(user).filter(
        role=SeatRole.COORDINATOR, workspace=OuterRef("draft__workspace"), workspace__archived_at=None
    )
    return ApprovalRound.objects.filter(Exists(seats), state=RoundState.OPEN, draft__archived_at=None)


def _unscheduled() -> Exists:
    """Of a round: a version is put that was not scheduled."""
    held = PublicationText.objects.filter(
        publication__round=OuterRef("round"),
        publication__state=PublicationState.SCHEDULED,
        version=OuterRef("version"),
    )
    return Exists(RoundText.objects.filter(~Exists(held), round=OuterRef("pk")))


@cache
def rule_lacks() -> Q:
    """Of a round: its rule asks for something that is not there now. Who left the coalition is not asked.

    Put together once: that takes longer than asking."""
    asked = Asked.objects.filter(round=OuterRef("pk"), organisation__left_at=None)
    joined = asked.filter(has_joined())
    part = Participation.objects.filter(
        organisation=OuterRef("organisation"), workspace=OuterRef("round__draft__workspace"), ended_at=None
    )
    awaited = asked.filter(
        Exists(_texts().filter(~Exists(_said()))),
        Exists(part),
        ~Exists(frozen_organisations().filter(organisation=OuterRef("organisation"))),
        excluded_at=None,
    )
    speaker = joined.filter(organisation=OuterRef("speaker"))
    early = Q(deadline__gt=Now()) & (Q(rule=Rule.NO_OBJECTION) | Q(Exists(awaited)))
    return (
        Q(Q(rule=Rule.ALL) & Exists(asked.filter(~has_joined())))
        | (~Q(rule=Rule.ALL) & early)
        | ~Q(Exists(joined))
        | Q(Q(voice=Voice.ONE) & ~Exists(speaker))
        | Q(Q(rule=Rule.NO_OBJECTION) & Exists(_against().filter(round=OuterRef("pk"))))
    )


def _against() -> QuerySet[Approval]:
    """What stands in the way of *no objection*: an organisation is against the words put, asks for changes
    of them, or disowned what was recorded on them; or was against words before and decided on none since."""
    same = Approval.objects.filter(
        round=OuterRef("round"),
        organisation=OuterRef("organisation"),
        language=OuterRef("language"),
        superseded_at=None,
    )
    put = RoundText.objects.filter(round=OuterRef("round"), language=OuterRef("language"))
    on_these = Exists(put.filter(version__hash=OuterRef("hash")))
    said_of_these = same.filter(Exists(put.filter(version__hash=OuterRef("hash"))))
    earlier = (
        Q(decision=DecisionKind.OBJECTS)
        & Q(Exists(put))
        & ~Q(Exists(said_of_these))
        & ~Q(Exists(same.filter(pk__gt=OuterRef("pk"))))
    )
    against = [DecisionKind.OBJECTS, DecisionKind.CHANGES_ASKED]
    disowned = Q(decision__in=STANDS, objected_at__isnull=False)
    return Approval.objects.filter(
        (Q(on_these) & (Q(decision__in=against) | disowned)) | earlier,
        superseded_at=None,
        organisation__left_at=None,
    )


def has_joined() -> Q:
    """Of an organisation asked: stands under every language put, with one at least that it approved."""
    own = _decisions().filter(decision=DecisionKind.APPROVED, objected_at=None)
    return ~Q(Exists(_texts().filter(~Exists(_counting())))) & Q(Exists(_texts().filter(Exists(own))))


def _texts() -> QuerySet[RoundText]:
    """The texts put to an organisation asked."""
    return RoundText.objects.filter(round=OuterRef("round"))


def _decisions() -> QuerySet[Approval]:
    """What that organisation recorded on the words put in one of them, or what was carried over and holds."""
    return Approval.objects.filter(
        ~is_fallen(),
        round=OuterRef("round"),
        organisation=OuterRef(OuterRef("organisation")),
        hash=OuterRef("version__hash"),
        language=OuterRef("language"),
        superseded_at=None,
    )


def _said() -> QuerySet[Approval]:
    """Those of them that are still said: for a translation somebody answers, in one step or the other way."""
    attested = Attestation.objects.filter(
        Q(translation_hash=OuterRef("hash")) | Q(source_hash=OuterRef("hash")), taken_back_at=None
    )
    return _decisions().filter(
        ~Q(decision=DecisionKind.RELIES) | Q(way=Way.CARRIED_OVER) | Q(Exists(attested))
    )


def _counting() -> QuerySet[Approval]:
    """Those of them that count now."""
    return _said().filter(
        Q(counts_from=None) | Q(counts_from__lte=Now()),
        decision__in=STANDS,
        objected_at=None,
    )
