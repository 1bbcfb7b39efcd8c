"""What organisations approved elsewhere that counts for words put now. The only place where it comes from."""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Now

from coalition.accounts.enums import Listing
from coalition.accounts.models import Mandate, Organisation
from documents.approval.models import Approval, ApprovalRound, Asked, Attestation, CarriedFrom, RoundText
from documents.drafts.enums import OTHERWISE, DecisionKind, PublicationState, RoundState, Way
from documents.drafts.models import Draft, Version
from documents.drafts.queries import drafts_for, not_for_fewer_than
from documents.publication.models import Publication, PublicationName

STANDS = [kind for kind in DecisionKind if kind.stands]


def approvals_that_stand() -> QuerySet[Approval]:
    """Decisions by which organisations stand under words now: made by themselves, counting, on what an open
    round puts, or on what is public and was not corrected since, with the name still under it. None of an
    organisation that said otherwise of the same words anywhere.
    """
    put = RoundText.objects.filter(round=OuterRef("round"), version=OuterRef("version"))
    named = PublicationName.objects.filter(
        organisation=OuterRef("organisation"),
        taken_off_at=None,
        publication__round=OuterRef("round"),
        publication__texts__version=OuterRef("version"),
        publication__state=PublicationState.PUBLIC,
        publication__replaced_by=None,
    )
    otherwise = Approval.objects.filter(
        ~Q(decision__in=STANDS) | Q(objected_at__isnull=False),
        organisation=OuterRef("organisation"),
        hash=OuterRef("hash"),
        superseded_at=None,
    )
    is_open = Q(
        round__state=RoundState.OPEN,
        round__draft__archived_at=None,
        round__draft__workspace__archived_at=None,
    )
    return Approval.objects.filter(
        (is_open & Exists(put)) | (Q(round__state=RoundState.PUBLISHED) & Exists(named)),
        Q(counts_from=None) | Q(counts_from__lte=Now()),
        ~Exists(otherwise),
        decision__in=STANDS,
        superseded_at=None,
        objected_at=None,
    ).exclude(way=Way.CARRIED_OVER)


def is_fallen() -> Exists:
    """Of an approval: it was carried over, and something that it hangs on stands no more."""
    stands = approvals_that_stand().filter(pk=OuterRef("source"))
    fallen = (Q(source__isnull=False) & ~Exists(stands)) | Q(attestation__taken_back_at__isnull=False)
    return Exists(CarriedFrom.objects.filter(fallen, approval=OuterRef("pk")))


def versions_with(hashes: Collection[str]) -> QuerySet[Version]:
    """Versions that say words with these hashes; several may say the same."""
    return Version.objects.filter(hash__in=hashes).order_by("pk")


def candidates_for(
    round_: ApprovalRound, frames: Mapping[str, Collection[str]], organisations: Collection[int]
) -> list[Approval]:
    """Decisions of these organisations on these words (language → hashes) that may count in the round.

    In the same voice: in whose name the words are said is part of what was agreed to. Of texts of this
    workspace that may be read by everyone who reads the draft; of others only what is public, with the
    organisation's name: where it is withheld, that it stands there must not be seen here. What was decided by
    mandate only if that was for texts of this kind too.
    """
    wanted = Q()
    for language, hashes in frames.items():
        wanted |= Q(language=language, hash__in=list(hashes))
    near = Draft.objects.filter(not_for_fewer_than(round_.draft), workspace=round_.draft.workspace_id)
    told = PublicationName.objects.filter(
        organisation=OuterRef("organisation"), publication__round=OuterRef("round"), listing=Listing.PUBLIC
    )
    rows = approvals_that_stand().filter(
        wanted,
        _within_mandate(round_.draft.kind),
        Q(round__draft__in=near) | (Q(organisation__listing=Listing.PUBLIC) & Exists(told)),
        organisation__in=list(organisations),
        round__voice=round_.voice,
        round__speaker=round_.speaker_id,
    )
    return list(rows.exclude(round=round_).order_by("pk"))


def _within_mandate(kind: str) -> Q:
    """Of an approval: it was not made by mandate, or by one that held then for texts of this kind."""
    mandate = Mandate.objects.filter(
        Q(subject="") | Q(subject=kind),
        Q(revoked_at=None) | Q(revoked_at__gt=OuterRef("at")),
        membership__person=OuterRef("person"),
        membership__organisation=OuterRef("organisation"),
        valid_from__lte=OuterRef("at"),
        valid_until__gt=OuterRef("at"),
    )
    return ~Q(capacity="mandate") | Q(Exists(mandate))


def stood_beside(rounds: Collection[int], organisations: Collection[int], *, kind: str) -> list[Approval]:
    """What these organisations approved in these rounds, in whatever language, that may count for a text of
    this kind."""
    rows = approvals_that_stand().filter(
        _within_mandate(kind),
        round__in=list(rounds),
        organisation__in=list(organisations),
        decision=DecisionKind.APPROVED,
    )
    return list(rows.order_by("pk")) if rounds else []


def listings_there(rounds: Collection[int], organisations: Collection[int]) -> dict[tuple[int, int], str]:
    """Organisation and round → how it is to be named under the words of that round, where it said so; two
    queries."""
    asked = Asked.objects.filter(round__in=rounds, organisation__in=organisations).exclude(listing="")
    names = PublicationName.objects.filter(
        publication__round__in=rounds, organisation__in=organisations
    ).exclude(listing=Listing.PUBLIC)
    found = {(row.organisation_id, row.round_id): row.listing for row in asked}
    for organisation, round_, listing in names.values_list("organisation", "publication__round", "listing"):
        key = organisation, round_
        found[key] = Listing.strictest(listing, found.get(key, ""))
    return found


def answers_within(rounds: Iterable[int]) -> dict[int, list[Attestation]]:
    """Round → answers for translations that hold between the words put in it; two queries."""
    texts = list(RoundText.objects.filter(round__in=list(rounds)).values_list("round_id", "version_id"))
    put = {version for _round, version in texts}
    rows = list(Attestation.objects.filter(translation__in=put, source__in=put, taken_back_at=None))
    found: dict[int, list[Attestation]] = {}
    for round_ in {round_ for round_, _version in texts}:
        here = {version for one, version in texts if one == round_}
        found[round_] = [row for row in rows if {row.translation_id, row.source_id} <= here]
    return found


def carried_in(round_: ApprovalRound) -> QuerySet[Approval]:
    """What was carried over for the words put now and not decided anew since; `carried_from` with its sources
    loaded, answers left out."""
    sources = CarriedFrom.objects.filter(source__isnull=False).select_related("source__version")
    rows = Approval.objects.filter(
        round=round_,
        way=Way.CARRIED_OVER,
        superseded_at=None,
        version__in=round_.texts.values("version"),
    )
    return rows.prefetch_related(Prefetch("carried_from", queryset=sources)).order_by("pk")


def drafts_carrying(round_: ApprovalRound, organisation: Organisation) -> list[int]:
    """Primary keys of drafts in which something counts or counted that the organisation decided here."""
    rows = CarriedFrom.objects.filter(source__round=round_, source__organisation=organisation)
    return list(rows.order_by().values_list("approval__round__draft", flat=True).distinct())


def carried_on(approvals: Iterable[int]) -> QuerySet[Approval]:
    """What was carried over from these decisions by link or phone, or from such that they took the place of,
    for words put or published, and not decided anew since."""
    put = RoundText.objects.filter(round=OuterRef("round"), version=OuterRef("version"))
    these = Approval.objects.filter(
        pk__in=list(approvals),
        round=OuterRef("source__round"),
        organisation=OuterRef("source__organisation"),
        version=OuterRef("source__version"),
    )
    hangs = CarriedFrom.objects.filter(Exists(these), approval=OuterRef("pk"), source__way__in=OTHERWISE)
    return Approval.objects.filter(Exists(hangs), Exists(put), way=Way.CARRIED_OVER, superseded_at=None)


def sources_of(carried: Approval) -> list[Approval]:
    """The decisions that one of `carried_in` hangs on, each with its version; nothing is asked."""
    return [row.source for row in carried.carried_from.all() if row.source is not None]


def readable_versions(user: object, versions: Collection[int]) -> frozenset[int]:
    """Those of these versions whose drafts the person may read."""
    rows = Version.objects.filter(pk__in=list(versions), text__draft__in=drafts_for(user))
    return frozenset(rows.values_list("pk", flat=True))


def decisions_on(organisation: int, language: str, digest: str) -> QuerySet[Approval]:
    """What an organisation itself recorded of words with this hash to stand under them, then or now."""
    rows = Approval.objects.filter(organisation=organisation, language=language, hash=digest)
    return rows.filter(decision__in=STANDS).exclude(way=Way.CARRIED_OVER)


def publications_of(rounds: Iterable[int]) -> dict[int, Publication]:
    """Round → what became public of it and still is. Everyone may read its sheet."""
    rows = Publication.objects.filter(round__in=list(rounds), state=PublicationState.PUBLIC)
    return {row.round_id: row for row in rows.order_by("number")}
