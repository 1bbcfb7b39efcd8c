"""Approved texts that a draft may include as blocks; typo fixes of a round."""

from collections.abc import Iterable
from contextlib import suppress

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from coalition.core.errors import Refused
from documents.approval.actions.typo_fixes import corrected_word_between, decided_and_current_versions
from documents.approval.models import ApprovalRound, Asked, RoundText, Slip
from documents.approval.queries.boards import Board
from documents.approval.queries.rounds import has_joined, rule_lacks
from documents.approval.typo_fixes import CorrectedWord
from documents.canonical.nodes import WHOLE_ONLY
from documents.drafts.models import Draft, PublicationState, RoundState, Version
from documents.drafts.queries import at_least_as_open_as, drafts_for
from documents.files.withheld import WithheldContent
from documents.publication.models import Publication, PublicationName, PublicationText


def approved_versions_for(user: object, draft: Draft, language: str) -> QuerySet[Version]:
    """Return the versions in this language that the draft may include, newest first; the caller may read the
    draft. Annotated with `approved_by` (current signatories), `readable` (the person may open it) and
    `publication_uuid`.

    Published ones that were not corrected, which everyone can read; and of this workspace those whose round
    meets its rule, of drafts that the person may read and whose audience is not narrower than this draft's.
    Excludes versions with pictures, gaps or approved blocks: an approved block may contain none of them; and
    words under consent, which was given for their own text alone.
    """
    sources = drafts_for(user, draft.workspace).filter(at_least_as_open_as(draft))
    rounds = ApprovalRound.objects.filter(~rule_lacks(), state=RoundState.OPEN, draft__in=sources)
    submitted = RoundText.objects.filter(version=OuterRef("pk"), round__in=rounds)
    public = PublicationText.objects.filter(
        version=OuterRef("pk"),
        publication__in=Publication.objects.filter(
            state=PublicationState.PUBLIC, awaiting_since=None, replaced_by=None
        ),
    ).order_by("-publication__number")
    rows = Version.objects.filter(Q(Exists(submitted)) | Q(Exists(public)), language=language)
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
        .exclude(text__draft__in=WithheldContent().drafts_under_consent)
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


def typo_fixes_in(round_: ApprovalRound) -> list[tuple[Slip, CorrectedWord]]:
    """Return the typo fixes of the current versions, with their confirmations, in two queries."""
    rows = Slip.objects.filter(round=round_, after__in=round_.texts.values("version"))
    rows = rows.select_related("before", "after").prefetch_related("confirmations")
    return [(slip, corrected_word_between(slip.before, slip.after)) for slip in rows]


def possible_typo_fixes(board: Board, known: Iterable[Slip]) -> list[tuple[str, CorrectedWord]]:
    """Return languages whose text changed only by a typo since organisations decided, not yet proposed."""
    found = []
    proposed = {slip.after_id for slip in known}
    for text in board.texts:
        reopened = any(cell.decision and not cell.counts for cell in board.matrix.column(text.language))
        if not reopened or text.version_id in proposed:
            continue
        with suppress(Refused):  # nobody had decided, or the change is larger
            versions = decided_and_current_versions(board.round, text.language)
            found.append((text.language, corrected_word_between(*versions)))
    return found
