"""Approved words of other texts that a draft may take over: the only place where they come from."""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from documents.approval.models.rounds import ApprovalRound, Asked, RoundText
from documents.approval.queries.pending_rounds import has_joined, rule_lacks
from documents.canonical.walk import WHOLE_ONLY
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.models import Draft, Version
from documents.drafts.queries import drafts_for, not_for_fewer_than
from documents.publication.models.publication import Publication, PublicationName, PublicationText


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
