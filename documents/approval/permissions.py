"""Who may put texts to approval, and who may decide."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Listing, Organisation, OrganisationKind
from coalition.accounts.naming import display_name_for, viewer_for
from coalition.core.errors import Refused
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.approval.models import ApprovalRound, AskingGroup, PhoneCall
from documents.approval.queries.rounds import asking_for, open_round_of, rounds_for
from documents.drafts.access import access_to_drafts
from documents.drafts.models import Draft, Handling, TextKind, Voice
from documents.drafts.permissions import may_comment
from documents.drafts.queries import LockedSetting, reader_limits


def may_confirm_call(access: Access, call: PhoneCall) -> bool:
    """Whether the person, a reader of an organisation not concerned, may confirm an approval by phone."""
    concerned = {call.organisation_id, call.caller_for_id}
    people = {call.caller_id, call.person_id}
    another = access.organisation.pk not in concerned and access.user.pk not in people
    return another and may_comment(access, call.round.draft)


def to_round(request: HttpRequest, uuid: UUID) -> tuple[Access, ApprovalRound]:
    """Return the round and the person's access; 404 if they may not read the draft."""
    round_ = get_object_or_404(rounds_for(request.user), uuid=uuid)
    mark_subjects_read(request, round_.uuid)
    return access_to_drafts(request, round_.draft.workspace.uuid), round_


def check_organisations(access: Access, draft: Draft, organisations: Collection[Organisation]) -> None:
    """Check that each takes part, reads the draft, and can answer at this moment."""
    if draft.handling == Handling.NAMED_PEOPLE:
        raise Refused(
            _("Its handling mark is “named people only”: nobody else can be asked. Change the mark first.")
        )
    check_answering(access, organisations, media=_("Media partners are never asked to approve: %(name)s."))
    limited = reader_limits(draft).organisations
    for organisation in organisations:
        if limited is not None and organisation not in limited:
            name = display_name_for(viewer_for(access.user), organisation)
            raise Refused(_("The draft is not open to this organisation: %(name)s."), name=name)


def check_answering(access: Access, organisations: Collection[Organisation], *, media: str | Promise) -> None:
    """Check that at least one is asked, and each can answer now. `media`: the message for media partners."""
    if not organisations:
        raise Refused(_("Choose at least one organisation to ask."))
    frozen = dict(participants(access.workspace).values_list("pk", "frozen"))  # type: ignore[misc]  # annotated
    for organisation in organisations:
        reason: str | Promise | None = None
        if organisation.kind == OrganisationKind.MEDIA_PARTNER:
            reason = media
        elif organisation.pk not in frozen:
            reason = _("Does not take part in this workspace: %(name)s.")
        elif frozen[organisation.pk]:
            reason = _(
                "Frozen at the moment, so nobody can answer for it: %(name)s. Ask it after it is thawed."
            )
        if reason is not None:
            raise Refused(reason, name=display_name_for(viewer_for(access.user), organisation))


def group_asked(draft: Draft, organisations: Collection[Organisation]) -> AskingGroup | None:
    """Return the table's group for this kind of text, if exactly its members that take part are asked."""
    row = asking_for(draft.kind)
    if row is None or row.group is None:
        return None
    participating = participants(draft.workspace).filter(pk__in=row.group.organisations.values("pk"))
    same = {one.pk for one in organisations} == set(participating.values_list("pk", flat=True))
    return row.group if same else None


def check_speaker(
    access: Access, voice: Voice, speaker: Organisation | None, organisations: Collection[Organisation]
) -> None:
    """Check that a text in one organisation's voice has it among those asked, and no other has a speaker."""
    if voice != Voice.ONE:
        if speaker is not None:
            raise Refused(_("Only a text in the voice of one organisation has a speaker."))
    elif speaker is None:
        raise Refused(_("Choose the organisation in whose voice the text speaks."))
    elif speaker.pk not in {organisation.pk for organisation in organisations}:
        name = display_name_for(viewer_for(access.user), speaker)
        raise Refused(_("%(name)s, in whose voice the text speaks, is not among those asked."), name=name)


def stricter_listing(organisation: Organisation, listings: Mapping[UUID, str]) -> str:
    """Return the stricter listing for this text; empty to use the organisation's own."""
    wanted = listings.get(organisation.uuid, "")
    if not wanted or wanted == organisation.listing:
        return ""
    if Listing.strictest(organisation.listing, wanted) != wanted:
        raise Refused(_("For one text an organisation can be named less openly than it chose, never more."))
    return wanted


# What does not change around a draft while it is put to approval: asked before a setting is written
# (`documents.hooks`).


def refuse_kind_change(draft: Draft, kind: TextKind) -> None:
    """Raise LockedSetting if the kind would be another: mandates are for kinds, and people decide by them."""
    if kind != draft.kind and open_round_of(draft):
        raise LockedSetting(
            "kind",
            _(
                "It is put to approval as this kind of text, and who may decide for an organisation can hang "
                "on the kind. Close that round first."
            ),
        )


def refuse_narrower_mark(draft: Draft, handling: Handling) -> None:
    """Raise Refused if a mark that names its readers would shut out who is asked now."""
    if handling.names_readers and handling != draft.handling and open_round_of(draft):
        raise Refused(
            _("It is put to approval: everyone asked reads it. Close that round first, then mark it so.")
        )


def refuse_excluding_asked(access: Access, draft: Draft, organisations: Collection[Organisation]) -> None:
    """Raise LockedSetting if the list, given anew, leaves out an organisation that is asked now and takes
    part. An empty list means the whole workspace."""
    round_ = open_round_of(draft) if organisations else None
    if round_ is None:
        return
    participating = participants(draft.workspace).filter(pk__in=round_.asked.values("organisation"))
    out = participating.exclude(pk__in=[organisation.pk for organisation in organisations])
    viewer = viewer_for(access.user)
    names = sorted(display_name_for(viewer, organisation) for organisation in out)
    if names:
        raise LockedSetting(
            "restricted_to",
            _(
                "It is put to approval, and these organisations are asked: %(names)s. Keep them in the list, "
                "or close that round first."
            ),
            names=", ".join(names),
        )


def rounds_of(draft: Draft) -> list[UUID]:
    """All rounds of the draft: activities are about them too."""
    return list(ApprovalRound.objects.filter(draft=draft).values_list("uuid", flat=True))
