"""Inherited approvals: a text made only of approved blocks needs no new decisions.

Where every block in every language of the round is the text of a whole version, with its title and
lead, an organisation that is a signatory of all of them is not asked again. Its decisions are
recorded for the new versions with a `way` of their own and their sources. It is notified at once,
and can decide anew with one click.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Listing, Organisation, User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, participants
from documents.approval.actions.decide import decided_by, decider_of, lock_open, notify_if_publishable
from documents.approval.audit import notify_coordinators, notify_deciders, record_round_event
from documents.approval.models import Approval, ApprovalRound, Asked, CarriedFrom, RoundText
from documents.approval.queries import inherited
from documents.approval.queries.approved_texts import approved_versions_for
from documents.approval.queries.inherited import BlockHashes, InheritanceBasis, find_inheritance_bases
from documents.canonical.form import Document, Json
from documents.canonical.nodes import to_editor
from documents.canonical.passages import approved_block_refs, has_only_approved_blocks, matches_sources
from documents.drafts.live.backend import edit_text
from documents.drafts.live.projection import APPROVED_BLOCK, approved_block_key, approved_blocks
from documents.drafts.live.resolve import INSERTION, suggestion_id
from documents.drafts.live.suggestions import HEADS, normalise_marked
from documents.drafts.models import DecisionKind, Draft, DraftText, Version, Way
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_that

type Bases = Mapping[str, InheritanceBasis]  # language → basis of the inherited approval


def inherit_approvals(
    *, access: Access, round_: ApprovalRound, texts: Sequence[RoundText] | None = None
) -> frozenset[int]:
    """Record inherited approvals of organisations asked for the current versions; notify them.

    Runs in the caller's transaction, with the round locked. `texts`: the texts of the round with
    their versions, if already loaded. Returns the organisations' primary keys, without those that
    decided on these versions themselves or cannot answer at the moment.
    """
    if texts is None:
        texts = list(round_.texts.select_related("version"))
    block_hashes = approved_block_hashes({text.language: text.version.document for text in texts})
    asked = _asked_who_may_inherit(round_, texts) if block_hashes else {}
    if not asked:
        return frozenset()
    rows = inherited.inheritable_approvals(round_, block_hashes, asked)
    relied_in = {row.round_id for row in rows if row.decision == DecisionKind.RELIES}
    also = inherited.approvals_in_rounds(relied_in, asked, kind=round_.draft.kind)
    candidates = {row.pk: row for row in [*rows, *also]}
    found = find_inheritance_bases(
        block_hashes, candidates.values(), inherited.attestations_within(relied_in)
    )
    if not found:
        return frozenset()
    _store_inherited_approvals(round_, texts, found)
    _keep_stricter_listing(asked, found)
    record_round_event(
        round_,
        access,
        "round.carried_over",
        "words_carried",
        texts=[text.version for text in texts],
    )
    for pk, bases in found.items():  # an audit entry in the name of each organisation
        log.record_audit(
            "approval.carried_over",
            actor=access.user,
            organisation=asked[pk].organisation.uuid,
            role=access.role,
            target_kind="round",
            target=round_.uuid,
            workspace=round_.draft.workspace.uuid,
            languages=sorted(bases),
            hashes=sorted(text.version.hash for text in texts),
            approved_hashes=sorted({one.hash for basis in bases.values() for one in basis.sources}),
        )
    notify_deciders(
        round_,
        [asked[pk].organisation for pk in found],
        kind="words_carried",
        once=":".join([str(round_.uuid), *(str(text.version_id) for text in texts)]),
        by=access,
    )
    notify_if_publishable(round_)
    return frozenset(found)


def reopen_inherited_approvals(
    *, round_: ApprovalRound, organisation: Organisation, person: User
) -> list[Approval]:
    """Discard the organisation's inherited approvals of these versions. Raises NotAllowed for anyone who may
    not decide for it, Refused if nothing was inherited."""
    with transaction.atomic():
        locked = lock_open(round_)
        decider = decider_of(locked, organisation, person)
        inherited_rows = [
            row for row in decided_by(locked, organisation).values() if row.way == Way.CARRIED_OVER
        ]
        if not inherited_rows:
            raise Refused(_("Nothing was carried over for your organisation here."))
        Approval.objects.filter(pk__in=[row.pk for row in inherited_rows]).update(superseded_at=now())
        record_round_event(
            locked,
            decider,
            "approval.reopened",
            "carried_reopened",
            texts=inherited_rows,
        )
        notify_coordinators(
            locked,
            kind="carried_reopened",
            once=f"{locked.uuid}:{organisation.pk}:{inherited_rows[0].uuid}",
            by=decider,
        )
    return inherited_rows


def approved_block_hashes(documents: Mapping[str, Document]) -> BlockHashes:
    """Return language → hashes of the versions in its blocks; empty unless all languages consist of these."""
    if not documents or not all(has_only_approved_blocks(document) for document in documents.values()):
        return {}
    block_hashes = {
        code: [one.source for one in approved_block_refs(document)] for code, document in documents.items()
    }
    rows = inherited.versions_with({digest for hashes in block_hashes.values() for digest in hashes})
    sources = {(row.language, row.hash): row.document for row in rows}
    for code, document in documents.items():
        own = {digest: one for (language, digest), one in sources.items() if language == code}
        if not matches_sources(document, own):
            return {}
    return block_hashes


def _asked_who_may_inherit(round_: ApprovalRound, texts: Iterable[RoundText]) -> dict[int, Asked]:
    """Return the organisations asked that can answer and have nowhere decided on these versions."""
    current = [text.version.hash for text in texts]
    valid = Q(way=Way.CARRIED_OVER, superseded_at=None, objected_at=None)
    decided = Approval.objects.filter(Q(round=round_) | Q(hash__in=current)).exclude(valid)
    workspace = round_.draft.workspace
    rows = round_.asked.filter(organisation__in=participants(workspace)).select_related("organisation")
    rows = rows.exclude(organisation__in=decided.values("organisation"))
    frozen = frozen_in(workspace)
    return {row.organisation_id: row for row in rows if row.organisation_id not in frozen}


def _store_inherited_approvals(
    round_: ApprovalRound, texts: Iterable[RoundText], found: Mapping[int, Bases]
) -> None:
    """Write the decisions with their `way`; an existing decision in a language stays."""
    moment = now()
    existing = set(
        Approval.objects.filter(round=round_, superseded_at=None).values_list("organisation", "version")
    )
    made = [
        Approval(
            round=round_,
            organisation_id=organisation,
            version=text.version,
            language=text.language,
            canon=text.version.canon,
            hash=text.version.hash,
            decision=bases[text.language].decision,
            way=Way.CARRIED_OVER,
            capacity="carried",
            at=moment,
        )
        for organisation, bases in found.items()
        for text in texts
        if (organisation, text.version_id) not in existing
    ]
    Approval.objects.bulk_create(made)
    origins = []
    for approval in made:
        basis = found[approval.organisation_id][approval.language]
        origins += [CarriedFrom(approval=approval, source=one) for one in basis.sources]
        origins += [CarriedFrom(approval=approval, attestation=one) for one in basis.attestations]
    CarriedFrom.objects.bulk_create(origins)


def _keep_stricter_listing(asked: Mapping[int, Asked], found: Mapping[int, Bases]) -> None:
    """Make the listing under an inherited approval at least as strict as at its source."""
    rounds = {
        pk: {one.round_id for basis in bases.values() for one in basis.sources} for pk, bases in found.items()
    }
    chosen = inherited.listings_in_rounds(set().union(*rounds.values()), list(found))
    for pk, sources in rounds.items():
        listings = [chosen[pk, one] for one in sources if (pk, one) in chosen]
        own = asked[pk].organisation.listing
        wanted = Listing.strictest(own, asked[pk].listing, *listings)
        if wanted not in {own, asked[pk].listing}:
            asked[pk].listing = wanted
            asked[pk].save(update_fields=["listing"])


# The server inserts it, so that its text is that of its version. Browsers may move or delete it;
# any other edit is refused (`live.checking`), and no version can be named that contains an altered
# block.


def insert_approved_block(
    *, access: Access, text: DraftText, version: UUID, place: int, suggests: bool = False
) -> DraftText:
    """Insert the text of a version before the block at `place` of the marked text (title and lead
    are 0 and 1). Return the text as it is then.

    Inserted as a suggestion if the person `suggests`, or may do nothing else. Raises NotAllowed
    without that right, Refused if the text may not include this version.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        edits = may_edit_text(access, draft)
        require_that(edits or may_suggest_in(access, draft))
        found = approved_versions_for(access.user, draft, text.language).filter(uuid=version).first()
        if found is None:
            raise Refused(_("These words cannot be taken over here any more. Choose others."))
        block = approved_block_node(found)
        if suggests or not edits:
            identity = suggestion_id(
                person=access.user.uuid, organisation=access.organisation.uuid, at=now(), counter=1
            )
            block["marks"] = [{"type": INSERTION, "attrs": {"id": identity}}]

        def change(marked: Json) -> Json:
            at = max(len(HEADS), min(place, len(marked["content"])))
            return {**marked, "content": [*marked["content"][:at], block, *marked["content"][at:]]}

        return edit_text(text=text, author=access.user, organisation=access.organisation, change=change)


def approved_block_node(version: Version) -> Json:
    """Return the editor's node with the text of a version, by value."""
    content = to_editor(version.document)["content"]
    attrs = {"version": str(version.uuid), "hash": version.hash}
    return normalise_marked({"type": APPROVED_BLOCK, "attrs": attrs, "content": content})


def refuse_altered_approved_blocks(text: DraftText) -> None:
    """Raise Refused if an approved block of the text differs from its version; no query without a block."""
    blocks = list(approved_blocks({"type": "doc", **(text.body or {})}))
    if not blocks:
        return
    uuids = {parse_uuid(str((block.get("attrs") or {}).get("version"))) for block in blocks}
    wanted = {uuid for uuid in uuids if uuid is not None}
    versions = Version.objects.filter(uuid__in=wanted, language=text.language)
    known = {approved_block_key(approved_block_node(version)) for version in versions}
    if any(approved_block_key(block) not in known for block in blocks):
        raise Refused(
            _("Words in a frame are not those that were approved. Take the frame out and put it in again.")
        )
