"""What does not change around a draft while it is put to approval: asked before a setting is written
(`documents.hooks`)."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_name_for, viewer_for
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.approval.models import ApprovalRound
from documents.approval.queries.rounds import open_round_of
from documents.drafts.enums import Handling, TextKind
from documents.drafts.guards import LockedSetting
from documents.drafts.models import Draft


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
    """Raise LockedSetting if the list, given anew, leaves out an organisation that is asked now.

    None in the list means the whole workspace. Who left the workspace decides nothing there, list or not.
    """
    round_ = open_round_of(draft) if organisations else None
    if round_ is None:
        return
    there = participants(draft.workspace).filter(pk__in=round_.asked.values("organisation"))
    out = there.exclude(pk__in=[organisation.pk for organisation in organisations])
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
