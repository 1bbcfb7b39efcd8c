"""Filling the gaps of a holding statement that organisations approved in advance: no new round is needed."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.approval.actions.record_decision import lock_open, tell_if_complete
from documents.approval.audit import concern_deciders, keep
from documents.approval.models.attestation import Attestation
from documents.approval.models.inherited import CarriedFrom
from documents.approval.models.rounds import Approval, ApprovalRound, RoundText
from documents.drafts.actions.name_version import name_version
from documents.drafts.enums import TextKind
from documents.drafts.models.draft import Draft, Version
from documents.drafts.permissions import may_put_to_approval, require_that
from documents.editor.live.projection import follow_draft
from documents.editor.live.server_edits import edit_text
from documents.gaps.actions.review import Values, look_at_filling, settle_filling
from documents.gaps.models import Filling
from documents.gaps.rules import filled, only_gaps_differ, open_gaps_of, values_in
from documents.history.actions.restore import document_of


def fill_gaps(
    *, access: Access, round_: ApprovalRound, values: Values, acknowledged: bool = False
) -> list[Filling]:
    """Fill every open gap of these languages, and put the filled words in the place of those with gaps.

    Decisions on the words with gaps are kept for the filled ones: places, dates and numbers of the kinds
    that stood there are part of what was approved, and nothing else may differ. Everyone asked is told.
    `acknowledged`: whether the person looked at what the checklist finds in the filled words alone.
    Raises NotAllowed without the right to put; Refused in words for anything but a holding statement, words
    that are others now or not cleared; NotForGap for a value that may not stand there; NotAcknowledged for
    what was to be looked at (`look_at_filling.py`).
    """
    require_that(may_put_to_approval(access, round_.draft))
    if round_.draft.kind != TextKind.HOLDING:
        raise Refused(_("Only holding statements have gaps that may be filled."))
    follow_draft(round_.draft)
    seen = look_at_filling(access=access, round_=round_, values=values)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=round_.draft_id)
        locked = lock_open(round_)
        require_that(may_put_to_approval(access, draft))
        if draft.kind != TextKind.HOLDING:
            raise Refused(_("Only holding statements have gaps that may be filled."))
        rows = RoundText.objects.filter(round=locked).select_related("version__text")
        texts = {row.version_id: row for row in rows}
        if any(not _is_put(texts.get(version.pk)) for version in seen.versions):
            raise Refused(_("The text was changed since it was put. Put the new words to approval first."))
        settle_filling(access=access, draft=draft, seen=seen, acknowledged=acknowledged)
        fillings = [
            _fill(access, locked, texts[version.pk], seen.values[version.language])
            for version in seen.versions
        ]
        after = {one.before_id: one.after for one in fillings}
        _keep_decisions(locked, fillings)
        _keep_attestations(after)
        _tell(access, locked, fillings)
        tell_if_complete(locked)
    return fillings


def _is_put(text: RoundText | None) -> bool:
    return text is not None and text.version.text.content_hash == text.version.hash


def _fill(access: Access, round_: ApprovalRound, put: RoundText, values: Mapping[str, str]) -> Filling:
    before, text = put.version, put.version.text
    document = document_of(before)
    edit_text(
        text=text,
        author=access.user,
        organisation=access.organisation,
        change=lambda marked: filled(marked, values),
    )
    after = name_version(access=access, text=text, name=_now("Gaps filled in"))
    if not only_gaps_differ(document, document_of(after)):
        raise Refused(_("Somebody changed the text in the same moment. Look at it again."))
    moment = now()
    put.version, put.put_at = after, moment
    put.save(update_fields=["version", "put_at"])
    return Filling.objects.create(
        round=round_,
        before=before,
        after=after,
        values=values_in(document_of(after), open_gaps_of(document)),
        filled_by=access.user,
        organisation=access.organisation,
        at=moment,
    )


def _keep_decisions(round_: ApprovalRound, fillings: list[Filling]) -> None:
    """Every decision on the words with gaps, as it was made, for the filled ones; of one that was carried
    over also what it hangs on, so that it falls with that and the record tells how it came about."""
    for filling in fillings:
        rows = Approval.objects.filter(round=round_, version=filling.before, superseded_at=None)
        for row in rows.prefetch_related("carried_from"):
            fields = {
                field.name: getattr(row, field.name)
                for field in Approval._meta.concrete_fields
                if field.name not in {"id", "uuid", "version", "hash", "canon", "filling"}
            }
            after = filling.after
            kept = Approval.objects.create(
                **fields, version=after, hash=after.hash, canon=after.canon, filling=filling
            )
            CarriedFrom.objects.bulk_create(
                CarriedFrom(approval=kept, source_id=one.source_id, attestation_id=one.attestation_id)
                for one in row.carried_from.all()
            )


def _keep_attestations(after: Mapping[int, Version]) -> None:
    """Who answers for a translation with its gaps answers for it with the same gaps filled."""
    rows = Attestation.objects.filter(taken_back_at=None)
    found = rows.filter(translation__in=list(after)) | rows.filter(source__in=list(after))
    for row in found.select_related("translation", "source").distinct():
        translation = after.get(row.translation_id, row.translation)
        source = after.get(row.source_id, row.source)
        Attestation.objects.get_or_create(
            translation=translation,
            source=source,
            taken_back_at=None,
            defaults={
                "translation_hash": translation.hash,
                "source_hash": source.hash,
                "reviewer": row.reviewer,
                "organisation": row.organisation,
                "at": row.at,
                "kept_from": row,
            },
        )


def _tell(access: Access, round_: ApprovalRound, fillings: list[Filling]) -> None:
    keep(
        round_,
        action="gaps.filled",
        kind="gaps_filled",
        person=access.user,
        organisation=access.organisation,
        role=access.role,
        languages=[one.after.language for one in fillings],
        hashes=[one.after.hash for one in fillings],
        approved_hashes=[one.before.hash for one in fillings],
    )
    asked = round_.asked.select_related("organisation")
    concern_deciders(
        round_,
        [row.organisation for row in asked],
        kind="gaps_filled",
        once=str(fillings[0].uuid),
        actor=access.user,
        organisation=access.organisation,
    )
