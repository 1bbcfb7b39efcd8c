"""Inherited approvals, and texts approved before.

An organisation inherits its approval if it is a signatory of every block in every language, and has
approved one of the languages whole. In another it may rely on attested translations, as at the
source: its decision then depends on those attestations too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Now

from coalition.accounts.models import Listing, Mandate, Organisation
from documents.approval.models import Approval, ApprovalRound, Asked, Attestation, CarriedFrom, RoundText
from documents.drafts.models import (
    OFFLINE_WAYS,
    DecisionKind,
    Draft,
    PublicationState,
    RoundState,
    Version,
    Way,
)
from documents.drafts.queries import at_least_as_open_as, drafts_for
from documents.publication.models import Publication, PublicationName

APPROVING_KINDS = [kind for kind in DecisionKind if kind.stands]


def approvals_that_stand() -> QuerySet[Approval]:
    """Return decisions that make organisations signatories now: made by themselves, counting, on
    the current versions of an open round, or on a public text that was not corrected since, with
    the name still on it. None of an organisation that decided otherwise on the same text anywhere.
    """
    submitted = RoundText.objects.filter(round=OuterRef("round"), version=OuterRef("version"))
    named = PublicationName.objects.filter(
        organisation=OuterRef("organisation"),
        taken_off_at=None,
        publication__round=OuterRef("round"),
        publication__texts__version=OuterRef("version"),
        publication__state=PublicationState.PUBLIC,
        publication__replaced_by=None,
    )
    otherwise = Approval.objects.filter(
        ~Q(decision__in=APPROVING_KINDS) | Q(objected_at__isnull=False),
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
        (is_open & Exists(submitted)) | (Q(round__state=RoundState.PUBLISHED) & Exists(named)),
        Q(counts_from=None) | Q(counts_from__lte=Now()),
        ~Exists(otherwise),
        decision__in=APPROVING_KINDS,
        superseded_at=None,
        objected_at=None,
    ).exclude(way=Way.CARRIED_OVER)


def basis_is_gone() -> Exists:
    """Return the condition on an approval that it was inherited and one of its sources is no longer valid."""
    valid = approvals_that_stand().filter(pk=OuterRef("source"))
    lapsed = (Q(source__isnull=False) & ~Exists(valid)) | Q(attestation__taken_back_at__isnull=False)
    return Exists(CarriedFrom.objects.filter(lapsed, approval=OuterRef("pk")))


def versions_with(hashes: Collection[str]) -> QuerySet[Version]:
    """Return versions with these hashes; several may have the same text."""
    return Version.objects.filter(hash__in=hashes).order_by("pk")


def inheritable_approvals(
    round_: ApprovalRound, block_hashes: Mapping[str, Collection[str]], organisations: Collection[int]
) -> list[Approval]:
    """Return decisions of these organisations on these texts (language → hashes) that may count in the round.

    Only in the same voice, which is part of what was agreed to. From texts of this workspace that every
    reader of the round may read; from others only public ones that name the organisation: a withheld name
    must not be disclosed here. Decisions by mandate only if the mandate covered this kind of text too.
    """
    wanted = Q()
    for language, hashes in block_hashes.items():
        wanted |= Q(language=language, hash__in=list(hashes))
    near = Draft.objects.filter(at_least_as_open_as(round_.draft), workspace=round_.draft.workspace_id)
    named_publicly = PublicationName.objects.filter(
        organisation=OuterRef("organisation"), publication__round=OuterRef("round"), listing=Listing.PUBLIC
    )
    rows = approvals_that_stand().filter(
        wanted,
        _within_mandate(round_.draft.kind),
        Q(round__draft__in=near) | (Q(organisation__listing=Listing.PUBLIC) & Exists(named_publicly)),
        organisation__in=list(organisations),
        round__voice=round_.voice,
        round__speaker=round_.speaker_id,
    )
    return list(rows.exclude(round=round_).order_by("pk"))


def _within_mandate(kind: str) -> Q:
    """Return the condition that an approval was made without a mandate, or with one that covers this kind."""
    mandate = Mandate.objects.filter(
        Q(subject="") | Q(subject=kind),
        Q(revoked_at=None) | Q(revoked_at__gt=OuterRef("at")),
        membership__person=OuterRef("person"),
        membership__organisation=OuterRef("organisation"),
        valid_from__lte=OuterRef("at"),
        valid_until__gt=OuterRef("at"),
    )
    return ~Q(capacity="mandate") | Q(Exists(mandate))


def approvals_in_rounds(
    rounds: Collection[int], organisations: Collection[int], *, kind: str
) -> list[Approval]:
    """Return these organisations' approvals in these rounds that may count for a text of this kind."""
    rows = approvals_that_stand().filter(
        _within_mandate(kind),
        round__in=list(rounds),
        organisation__in=list(organisations),
        decision=DecisionKind.APPROVED,
    )
    return list(rows.order_by("pk")) if rounds else []


def listings_in_rounds(rounds: Collection[int], organisations: Collection[int]) -> dict[tuple[int, int], str]:
    """Return organisation and round → its listing in that round, where it chose one; two queries."""
    asked = Asked.objects.filter(round__in=rounds, organisation__in=organisations).exclude(listing="")
    names = PublicationName.objects.filter(
        publication__round__in=rounds, organisation__in=organisations
    ).exclude(listing=Listing.PUBLIC)
    found = {(row.organisation_id, row.round_id): row.listing for row in asked}
    for organisation, round_, listing in names.values_list("organisation", "publication__round", "listing"):
        key = organisation, round_
        found[key] = Listing.strictest(listing, found.get(key, ""))
    return found


def attestations_within(rounds: Iterable[int]) -> dict[int, list[Attestation]]:
    """Return round → valid attestations between its versions; two queries."""
    texts = list(RoundText.objects.filter(round__in=list(rounds)).values_list("round_id", "version_id"))
    submitted = {version for _round, version in texts}
    rows = list(
        Attestation.objects.filter(translation__in=submitted, source__in=submitted, taken_back_at=None)
    )
    found: dict[int, list[Attestation]] = {}
    for round_ in {round_ for round_, _version in texts}:
        current = {version for one, version in texts if one == round_}
        found[round_] = [row for row in rows if {row.translation_id, row.source_id} <= current]
    return found


def inherited_approvals_in(round_: ApprovalRound) -> QuerySet[Approval]:
    """Return inherited approvals of the current versions not decided anew, with the decisions behind them."""
    sources = CarriedFrom.objects.filter(source__isnull=False).select_related("source__version")
    rows = Approval.objects.filter(
        round=round_,
        way=Way.CARRIED_OVER,
        superseded_at=None,
        version__in=round_.texts.values("version"),
    )
    return rows.prefetch_related(Prefetch("carried_from", queryset=sources)).order_by("pk")


def drafts_inheriting_from(round_: ApprovalRound, organisation: Organisation) -> list[int]:
    """Return primary keys of drafts that inherited a decision of the organisation from this round."""
    rows = CarriedFrom.objects.filter(source__round=round_, source__organisation=organisation)
    return list(rows.order_by().values_list("approval__round__draft", flat=True).distinct())


def approvals_inherited_from(approvals: Iterable[int]) -> QuerySet[Approval]:
    """Return approvals inherited from these decisions by link or phone, or from decisions that they
    superseded, for texts under approval or published, and not decided anew since."""
    submitted = RoundText.objects.filter(round=OuterRef("round"), version=OuterRef("version"))
    these = Approval.objects.filter(
        pk__in=list(approvals),
        round=OuterRef("source__round"),
        organisation=OuterRef("source__organisation"),
        version=OuterRef("source__version"),
    )
    hangs = CarriedFrom.objects.filter(Exists(these), approval=OuterRef("pk"), source__way__in=OFFLINE_WAYS)
    return Approval.objects.filter(Exists(hangs), Exists(submitted), way=Way.CARRIED_OVER, superseded_at=None)


def sources_of_inherited(approval: Approval) -> list[Approval]:
    """Return the decisions on which one of `inherited_approvals_in` depends, with versions; no query."""
    return [row.source for row in approval.carried_from.all() if row.source is not None]


def readable_versions(user: object, versions: Collection[int]) -> frozenset[int]:
    """Return those of these versions whose drafts the person may read."""
    rows = Version.objects.filter(pk__in=list(versions), text__draft__in=drafts_for(user))
    return frozenset(rows.values_list("pk", flat=True))


def decisions_on(organisation: int, language: str, digest: str) -> QuerySet[Approval]:
    """Return the organisation's own approvals of the text with this hash, past or current."""
    rows = Approval.objects.filter(organisation=organisation, language=language, hash=digest)
    return rows.filter(decision__in=APPROVING_KINDS).exclude(way=Way.CARRIED_OVER)


def publications_of(rounds: Iterable[int]) -> dict[int, Publication]:
    """Return round → its publication, if it is still public. Everyone may read its certificate."""
    rows = Publication.objects.filter(round__in=list(rounds), state=PublicationState.PUBLIC)
    return {row.round_id: row for row in rows.order_by("number")}


type BlockHashes = Mapping[str, Sequence[str]]  # language → the hashes of the versions in its blocks
type AttestationsByRound = Mapping[int, Collection[Attestation]]  # round → attestations between its versions


@dataclass(frozen=True)
class InheritanceBasis:
    """The decisions and attestations on which an inherited decision in one language depends."""

    decision: DecisionKind
    sources: tuple[Approval, ...]
    attestations: tuple[Attestation, ...] = ()


def find_inheritance_bases(
    block_hashes: BlockHashes, approvals: Iterable[Approval], attestations: AttestationsByRound
) -> dict[int, dict[str, InheritanceBasis]]:
    """Return organisation → language → basis, for those that are signatories of all of it. `approvals`: valid
    decisions, including those on other versions of their rounds."""
    by_organisation: dict[int, list[Approval]] = defaultdict(list)
    for one in approvals:
        by_organisation[one.organisation_id].append(one)
    found = {}
    for organisation, rows in by_organisation.items():
        bases = {
            code: _basis_in_language(code, hashes, rows, attestations)
            for code, hashes in block_hashes.items()
        }
        whole = {code: basis for code, basis in bases.items() if basis is not None}
        approves = any(basis.decision == DecisionKind.APPROVED for basis in whole.values())
        if len(whole) == len(block_hashes) and approves:
            found[organisation] = whole
    return found


def _basis_in_language(
    language: str, hashes: Sequence[str], rows: Sequence[Approval], attestations: AttestationsByRound
) -> InheritanceBasis | None:
    """Return the basis, or None if a block is not covered. One block relied on makes it a reliance."""
    parts = []
    for digest in dict.fromkeys(hashes):
        decided = [row for row in rows if (row.language, row.hash) == (language, digest)]
        decided.sort(key=lambda row: row.decision != DecisionKind.APPROVED)  # approvals first
        part = next((one for row in decided if (one := _basis_of_block(row, rows, attestations))), None)
        if part is None:
            return None
        parts.append(part)
    relies = any(part.decision == DecisionKind.RELIES for part in parts)
    return InheritanceBasis(
        DecisionKind.RELIES if relies else DecisionKind.APPROVED,
        tuple(dict.fromkeys(one for part in parts for one in part.sources)),
        tuple(dict.fromkeys(one for part in parts for one in part.attestations)),
    )


def _basis_of_block(
    row: Approval, rows: Iterable[Approval], attestations: AttestationsByRound
) -> InheritanceBasis | None:
    """Return the basis from one decision; for a reliance with the attestations that lead to an approval."""
    if row.decision == DecisionKind.APPROVED:
        return InheritanceBasis(DecisionKind.APPROVED, (row,))
    approved = {
        one.version_id: one
        for one in rows
        if one.round_id == row.round_id and one.decision == DecisionKind.APPROVED
    }
    path = _shortest_attestation_path(row.version_id, approved, attestations.get(row.round_id, ()))
    if path is None:
        return None
    end, links = path
    return InheritanceBasis(DecisionKind.RELIES, (row, approved[end]), links)


def _shortest_attestation_path(
    start: int, ends: Collection[int], links: Collection[Attestation]
) -> tuple[int, tuple[Attestation, ...]] | None:
    """Return the shortest path of attestations from one version to one of `ends`, and its end."""
    waiting: list[tuple[int, tuple[Attestation, ...]]] = [(start, ())]
    visited = {start}
    while waiting:
        current, path = waiting.pop(0)
        if current in ends:
            return current, path
        for one in links:
            pair = {one.translation_id, one.source_id}
            for neighbour in pair - visited if current in pair else ():
                visited.add(neighbour)
                waiting.append((neighbour, (*path, one)))
    return None
