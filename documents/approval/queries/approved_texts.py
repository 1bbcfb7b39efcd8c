"""Approved texts that a draft may include as blocks."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from documents.approval.actions.typo_fixes import (
    CONFIRMATIONS_NEEDED,
    corrected_word_between,
    possible_typo_fix,
)
from documents.approval.models import ApprovalRound, Asked, RoundText, Slip, SlipConfirmation
from documents.approval.queries.boards import Board
from documents.approval.queries.rounds import has_joined, rule_lacks
from documents.approval.typo_fixes import CorrectedWord, NotATypoFix
from documents.canonical.nodes import WHOLE_ONLY
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.models import Draft, Version
from documents.drafts.queries import at_least_as_open_as, drafts_for
from documents.publication.models import Publication, PublicationName, PublicationText


def approved_versions_for(user: object, draft: Draft, language: str) -> QuerySet[Version]:
    """Return the versions in this language that the draft may include, newest first; the caller may
    read the draft. Annotated with `approved_by` (current signatories), `readable` (the person may
    open it) and `publication_uuid`.

    Published ones that were not corrected, which everyone can read; and of this workspace those
    whose round meets its rule, of drafts that the person may read and whose audience is not
    narrower than this draft's. Excludes versions with pictures, gaps or approved blocks: an
    approved block may contain none of them.
    """
    rounds = _rounds_with_approvals(user, draft)
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
            approved_by=Coalesce(_count_organisations(names), _count_organisations(joined), 0),
        )
        .order_by("-created_at", "-id")
    )


def _count_organisations(organisations: QuerySet[Asked] | QuerySet[PublicationName]) -> Subquery:
    one = organisations.order_by().annotate(all_of_them=F("organisation") * 0).values("all_of_them")
    counted = one.annotate(number=Count("organisation", distinct=True)).values("number")
    return Subquery(counted[:1], output_field=IntegerField())


def _rounds_with_approvals(user: object, draft: Draft) -> QuerySet[ApprovalRound]:
    sources = drafts_for(user, draft.workspace).filter(at_least_as_open_as(draft))
    return ApprovalRound.objects.filter(~rule_lacks(), state=RoundState.OPEN, draft__in=sources)


# --- typo fixes ---
# Typo fixes in a round: proposed, confirmed, kept; and those published with a text.


@dataclass(frozen=True)
class TypoFixDetails:
    """A typo fix with the word that changed. `confirmed_by`: primary keys of organisations;
    `people`: of those who proposed or confirmed it, for any organisation."""

    slip: Slip
    mended: CorrectedWord
    confirmed_by: frozenset[int]
    people: frozenset[int | None]
    asked_for: int = CONFIRMATIONS_NEEDED

    @property
    def counts(self) -> bool:
        return self.slip.counts_from is not None


def typo_fixes_in(round_: ApprovalRound) -> list[TypoFixDetails]:
    """Return the typo fixes of the current versions, in two queries."""
    confirmations = Prefetch("confirmations", queryset=SlipConfirmation.objects.order_by("pk"))
    rows = Slip.objects.filter(round=round_, after__in=round_.texts.values("version"))
    rows = rows.select_related("before", "after").prefetch_related(confirmations)
    return [
        TypoFixDetails(
            row,
            corrected_word_between(row.before, row.after),
            frozenset(one.organisation_id for one in row.confirmations.all()),
            frozenset([row.proposed_by_id, *(one.person_id for one in row.confirmations.all())]),
        )
        for row in rows
    ]


def possible_typo_fixes(board: Board, known: Iterable[TypoFixDetails]) -> list[tuple[str, CorrectedWord]]:
    """Return languages whose text changed only by a typo since organisations decided, not yet
    proposed."""
    found = []
    proposed = {shown.slip.after_id for shown in known}
    for text in board.texts:
        reopened = any(cell.decision and not cell.counts for cell in board.matrix.column_of(text.language))
        if not reopened or text.version_id in proposed:
            continue
        try:
            found.append((text.language, possible_typo_fix(board.round, text.language)))
        except NotATypoFix:
            continue
    return found
