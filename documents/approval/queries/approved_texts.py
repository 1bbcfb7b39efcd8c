"""Approved words of other texts that a draft may take over: the only place where they come from."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from documents.approval.actions.typo_fixes import CONFIRMATIONS, what_could_be_a_slip, what_was_mended
from documents.approval.models import ApprovalRound, Asked, RoundText, Slip, SlipConfirmation
from documents.approval.queries.boards import Board
from documents.approval.queries.rounds import has_joined, rule_lacks
from documents.approval.typo_fixes import Mended, NoSlip
from documents.canonical.walk import WHOLE_ONLY
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.models import Draft, Version
from documents.drafts.queries import drafts_for, not_for_fewer_than
from documents.publication.models import Publication, PublicationName, PublicationText


def approved_words(user: object, draft: Draft, language: str) -> QuerySet[Version]:
    """Versions in this language that texts of the draft may take over, the newest first; the caller may read
    the draft. With `approved_by` (organisations that stand under it now), `readable` (the person may open it)
    and `publication_uuid`.

    Published ones that were not corrected, whose words everyone reads; and of this workspace those whose
    round lacks nothing by its rule, of drafts that the person may read and that are not for fewer people than
    this one. Without those that hold pictures, gaps or approved words themselves: an approved block takes
    none of them.
    """
    rounds = _standing_rounds(user, draft)
    put = RoundText.objects.filter(version=OuterRef("pk"), round__in=rounds)
    public = PublicationText.objects.filter(
        version=OuterRef("pk"),
        publication__in=Publication.objects.filter(
            state=PublicationState.PUBLIC, awaiting_since=None, replaced_by=None
        ),
    ).order_by("-publication__number")
    rows = Version.objects.filter(Q(Exists(put)) | Q(Exists(public)), language=language)
    for part in WHOLE_ONLY:
        rows = rows.exclude(canonical__contains=part)
    joined = Asked.objects.filter(
        has_joined(), round__in=ApprovalRound.objects.filter(state=RoundState.OPEN)
    ).filter(round__texts__version=OuterRef("pk"))
    names = PublicationName.objects.filter(
        taken_off_at=None,
        publication__texts__version=OuterRef("pk"),
        publication__state=PublicationState.PUBLIC,
    )
    return (
        rows.exclude(text__draft=draft)
        .annotate(
            publication_uuid=Subquery(public.values("publication__uuid")[:1]),
            readable=Exists(drafts_for(user).filter(pk=OuterRef("text__draft"))),
            approved_by=Coalesce(_count(names), _count(joined), 0),
        )
        .order_by("-created_at", "-id")
    )


def _count(organisations: QuerySet[Asked] | QuerySet[PublicationName]) -> Subquery:
    one = organisations.order_by().annotate(all_of_them=F("organisation") * 0).values("all_of_them")
    counted = one.annotate(number=Count("organisation", distinct=True)).values("number")
    return Subquery(counted[:1], output_field=IntegerField())


def _standing_rounds(user: object, draft: Draft) -> QuerySet[ApprovalRound]:
    sources = drafts_for(user, draft.workspace).filter(not_for_fewer_than(draft))
    return ApprovalRound.objects.filter(~rule_lacks(), state=RoundState.OPEN, draft__in=sources)


# --- typo fixes ---
# Slips of the pen in a round: what is proposed, confirmed, kept; and which are public with a text.


@dataclass(frozen=True)
class SlipShown:
    """A slip with the word that changed. `confirmed_by`: primary keys of organisations, `people`: of who
    proposed or confirmed it, for whichever organisation."""

    slip: Slip
    mended: Mended
    confirmed_by: frozenset[int]
    people: frozenset[int | None]
    asked_for: int = CONFIRMATIONS

    @property
    def counts(self) -> bool:
        return self.slip.counts_from is not None


def slips_of(round_: ApprovalRound) -> list[SlipShown]:
    """Those whose words are put now, in two queries."""
    confirmations = Prefetch("confirmations", queryset=SlipConfirmation.objects.order_by("pk"))
    rows = Slip.objects.filter(round=round_, after__in=round_.texts.values("version"))
    rows = rows.select_related("before", "after").prefetch_related(confirmations)
    return [
        SlipShown(
            row,
            what_was_mended(row.before, row.after),
            frozenset(one.organisation_id for one in row.confirmations.all()),
            frozenset([row.proposed_by_id, *(one.person_id for one in row.confirmations.all())]),
        )
        for row in rows
    ]


def could_be_slips(board: Board, known: Iterable[SlipShown]) -> list[tuple[str, Mended]]:
    """Languages whose words changed by a slip only since organisations decided on them, not proposed yet."""
    found = []
    proposed = {shown.slip.after_id for shown in known}
    for text in board.texts:
        reopened = any(cell.decision and not cell.counts for cell in board.matrix.column_of(text.language))
        if not reopened or text.version_id in proposed:
            continue
        try:
            found.append((text.language, what_could_be_a_slip(board.round, text.language)))
        except NoSlip:
            continue
    return found
