"""Checks of organisations to ask about a draft, its voice, and their listings. Raises Refused."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Listing, OrganisationKind
from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_name_for, viewer_for
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.approval.models import AskingGroup
from documents.approval.queries.rounds import asking_for
from documents.drafts.enums import Handling, Voice
from documents.drafts.models import Draft
from documents.drafts.queries import reader_limits


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
    """Check that at least one is asked, and that each takes part in the workspace and can answer
    now. `media`: the message for media partners, who are never asked."""
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
    """Return the coalition table's group for this kind of text, if exactly its organisations that
    take part here are asked."""
    row = asking_for(draft.kind)
    if row is None or row.group is None:
        return None
    there = participants(draft.workspace).filter(pk__in=row.group.organisations.values("pk"))
    same = {one.pk for one in organisations} == set(there.values_list("pk", flat=True))
    return row.group if same else None


def check_speaker(
    access: Access, voice: Voice, speaker: Organisation | None, organisations: Collection[Organisation]
) -> None:
    """Check that a text in one organisation's voice has it among those asked, and no other has a
    speaker."""
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
