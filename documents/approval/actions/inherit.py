"""A text made only of approved blocks needs no new round: what organisations approved of it elsewhere counts.

Where every block of every language that is put is a whole version's words, and title and lead are theirs, an
organisation that stands under all of them is not asked again. Its decisions are written for the words put, by
a way of their own, with what each hangs on. It is told at once, and decides anew with one press.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Listing
from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, participants
from documents.approval.actions.decide import decided_by, decider_of, lock_open, tell_if_complete
from documents.approval.audit import concern, concern_deciders, keep
from documents.approval.inherited import Basis, Frames, bases_of
from documents.approval.models import Approval, ApprovalRound, Asked, CarriedFrom, RoundText
from documents.approval.queries.approved_texts import approved_words
from documents.approval.queries.inherited import (
    answers_within,
    candidates_for,
    listings_there,
    stood_beside,
    versions_with,
)
from documents.canonical.approved_words import framed_in, is_framed, says_only
from documents.canonical.editor import to_editor
from documents.canonical.form import Document
from documents.drafts.enums import DecisionKind, Way
from documents.drafts.live.approved_blocks import APPROVED_BLOCK, approved_blocks, key_of
from documents.drafts.live.marks import INSERTION, suggestion_id
from documents.drafts.live.server_edits import edit_text
from documents.drafts.live.shape import HEADS, Json, normal
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_that
from documents.drafts.queries import coordinators_of
from documents.drafts.rendering import document_of

type Bases = Mapping[str, Basis]  # language → what carries it


def carry_over(
    *, access: Access, round_: ApprovalRound, texts: Sequence[RoundText] | None = None
) -> frozenset[int]:
    """Write down for the words put now what organisations asked approved of them elsewhere, and tell them.

    In the caller's transaction, with the round locked. `texts`: what is put, with the versions, where it is
    loaded already. Returns the primary keys of these organisations: none that has said something about these
    words itself, or cannot answer at the moment.
    """
    if texts is None:
        texts = list(round_.texts.select_related("version"))
    frames = frames_of({text.language: document_of(text.version) for text in texts})
    asked = _free_to_carry(round_, texts) if frames else {}
    found = _bases(round_, frames, asked)
    if not found:
        return frozenset()
    _write(round_, texts, found)
    _name_as_there(asked, found)
    _keep(access, round_, texts)
    for pk, bases in found.items():
        _record(access, round_, asked[pk].organisation, texts, bases)
    _tell(access, round_, [asked[pk].organisation for pk in found], texts)
    tell_if_complete(round_)
    return frozenset(found)


def reopen_carried(*, round_: ApprovalRound, organisation: Organisation, person: User) -> list[Approval]:
    """The organisation decides anew on these words: what it approved elsewhere does not count for them. One
    press. Raises NotAllowed for who may not decide for it, Refused if nothing was carried over."""
    with transaction.atomic():
        locked = lock_open(round_)
        decider = decider_of(locked, organisation, person)
        carried = [row for row in decided_by(locked, organisation).values() if row.way == Way.CARRIED_OVER]
        if not carried:
            raise Refused(_("Nothing was carried over for your organisation here."))
        Approval.objects.filter(pk__in=[row.pk for row in carried]).update(superseded_at=now())
        keep(
            locked,
            action="approval.reopened",
            kind="carried_reopened",
            person=person,
            organisation=organisation,
            role=decider.capacity,
            languages=[row.language for row in carried],
            hashes=[row.hash for row in carried],
        )
        concern(
            locked,
            coordinators_of(locked.draft),
            kind="carried_reopened",
            once=f"{locked.uuid}:{organisation.pk}:{carried[0].uuid}",
            actor=person,
            organisation=organisation,
        )
    return carried


def frames_of(documents: Mapping[str, Document]) -> Frames:
    """Language → hashes of the versions that its blocks hold; empty unless each language says only these."""
    if not documents or not all(is_framed(document) for document in documents.values()):
        return {}
    frames = {code: [one.source for one in framed_in(one_)] for code, one_ in documents.items()}
    rows = versions_with({digest for hashes in frames.values() for digest in hashes})
    sources = {(row.language, row.hash): document_of(row) for row in rows}
    for code, document in documents.items():
        own = {digest: one for (language, digest), one in sources.items() if language == code}
        if not says_only(document, own):
            return {}
    return frames


def _free_to_carry(round_: ApprovalRound, texts: Iterable[RoundText]) -> dict[int, Asked]:
    """Who is asked, can answer, and has said nothing about these words itself, in this round or another."""
    put = [text.version.hash for text in texts]
    carried = Q(way=Way.CARRIED_OVER, superseded_at=None, objected_at=None)
    spoke = Approval.objects.filter(Q(round=round_) | Q(hash__in=put)).exclude(carried)
    workspace = round_.draft.workspace
    rows = round_.asked.filter(organisation__in=participants(workspace)).select_related("organisation")
    rows = rows.exclude(organisation__in=spoke.values("organisation"))
    frozen = frozen_in(workspace)
    return {row.organisation_id: row for row in rows if row.organisation_id not in frozen}


def _bases(round_: ApprovalRound, frames: Frames, asked: Mapping[int, Asked]) -> dict[int, Bases]:
    if not frames or not asked:
        return {}
    rows = candidates_for(round_, frames, asked)
    relied_in = {row.round_id for row in rows if row.decision == DecisionKind.RELIES}
    beside = stood_beside(relied_in, asked, kind=round_.draft.kind)
    together = {row.pk: row for row in [*rows, *beside]}
    return dict(bases_of(frames, together.values(), answers_within(relied_in)))


def _write(round_: ApprovalRound, texts: Iterable[RoundText], found: Mapping[int, Bases]) -> None:
    """The decisions with their way; in a language where one stands already that one stays."""
    moment = now()
    there = set(
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
        if (organisation, text.version_id) not in there
    ]
    Approval.objects.bulk_create(made)
    hangs_on = []
    for approval in made:
        basis = found[approval.organisation_id][approval.language]
        hangs_on += [CarriedFrom(approval=approval, source=one) for one in basis.sources]
        hangs_on += [CarriedFrom(approval=approval, attestation=one) for one in basis.answers]
    CarriedFrom.objects.bulk_create(hangs_on)


def _name_as_there(asked: Mapping[int, Asked], found: Mapping[int, Bases]) -> None:
    """Nobody is named more openly by words that were carried over than where they approved them."""
    rounds = {one.round_id for bases in found.values() for basis in bases.values() for one in basis.sources}
    there = listings_there(rounds, list(found))
    for pk, bases in found.items():
        sources = {one.round_id for basis in bases.values() for one in basis.sources}
        listings = [there[pk, one] for one in sources if (pk, one) in there]
        own = asked[pk].organisation.listing
        wanted = Listing.strictest(own, asked[pk].listing, *listings)
        if wanted not in {own, asked[pk].listing}:
            asked[pk].listing = wanted
            asked[pk].save(update_fields=["listing"])


def _keep(access: Access, round_: ApprovalRound, texts: Iterable[RoundText]) -> None:
    keep(
        round_,
        action="round.carried_over",
        kind="words_carried",
        person=access.user,
        organisation=access.organisation,
        role=access.role,
        languages=[text.language for text in texts],
        hashes=[text.version.hash for text in texts],
    )


def _record(
    access: Access,
    round_: ApprovalRound,
    organisation: Organisation,
    texts: Iterable[RoundText],
    bases: Bases,
) -> None:
    """Write the audit entry in the organisation's name."""
    log.record_audit(
        "approval.carried_over",
        actor=access.user,
        organisation=organisation.uuid,
        role=access.role,
        target_kind="round",
        target=round_.uuid,
        workspace=round_.draft.workspace.uuid,
        languages=sorted(bases),
        hashes=sorted(text.version.hash for text in texts),
        approved_hashes=sorted({one.hash for basis in bases.values() for one in basis.sources}),
    )


def _tell(
    access: Access, round_: ApprovalRound, organisations: Iterable[Organisation], texts: Iterable[RoundText]
) -> None:
    """Tell everyone who may decide for them."""
    concern_deciders(
        round_,
        organisations,
        kind="words_carried",
        once=":".join([str(round_.uuid), *(str(text.version_id) for text in texts)]),
        actor=access.user,
        organisation=access.organisation,
    )


# --- insert approved ---
# Taking words that others approved into a text, whole: an approved block.
#
# The server puts it in, so that its words are those of its version. Browsers move it and take it out; what
# else they do to it is refused (`live.checking`), and no version is named with other words in it.


def put_in_approved(
    *, access: Access, text: DraftText, version: UUID, place: int, suggests: bool = False
) -> DraftText:
    """Put the words of a version into the text, before the block at `place` of the marked text (title and
    lead are 0 and 1), and return the text as it stands then.

    As a suggestion if the person `suggests`, or may do nothing else. Raises NotAllowed without that right,
    Refused if the version is none that this text may take over.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        edits = may_edit_text(access, draft)
        require_that(edits or may_suggest_in(access, draft))
        found = approved_words(access.user, draft, text.language).filter(uuid=version).first()
        if found is None:
            raise Refused(_("These words cannot be taken over here any more. Choose others."))
        block = block_of(found)
        if suggests or not edits:
            identity = suggestion_id(
                person=access.user.uuid, organisation=access.organisation.uuid, at=now(), counter=1
            )
            block["marks"] = [{"type": INSERTION, "attrs": {"id": identity}}]

        def change(marked: Json) -> Json:
            at = max(len(HEADS), min(place, len(marked["content"])))
            return {**marked, "content": [*marked["content"][:at], block, *marked["content"][at:]]}

        return edit_text(text=text, author=access.user, organisation=access.organisation, change=change)


def block_of(version: Version) -> Json:
    """The editor's node with the words of a version, by value."""
    content = to_editor(document_of(version))["content"]
    attrs = {"version": str(version.uuid), "hash": version.hash}
    return normal({"type": APPROVED_BLOCK, "attrs": attrs, "content": content})


def refuse_other_words(text: DraftText) -> None:
    """Raise Refused if an approved block of the text does not say what its version says. Asks the database
    only if there is one."""
    blocks = list(approved_blocks({"type": "doc", **(text.body or {})}))
    if not blocks:
        return
    named = (_uuid((block.get("attrs") or {}).get("version")) for block in blocks)
    wanted = {version for version in named if version is not None}
    versions = Version.objects.filter(uuid__in=wanted, language=text.language)
    known = {key_of(block_of(version)) for version in versions}
    if any(key_of(block) not in known for block in blocks):
        raise Refused(
            _("Words in a frame are not those that were approved. Take the frame out and put it in again.")
        )


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
