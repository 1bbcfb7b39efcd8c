"""What does not change around a draft while it is put to approval: asked before a setting is written."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_name_for, viewer_for
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.approval.queries.rounds import open_round_of
from documents.drafts.enums import TextKind
from documents.drafts.models import Draft


class HeldByRound(Refused):
    """An open round holds what was to be changed; `field` is its name, where the words belong."""

    def __init__(self, field: str, message: str | Promise, **params: object) -> None:
        self.field = field
        super().__init__(message, **params)


def refuse_another_kind(draft: Draft, kind: TextKind) -> None:
    """Raise HeldByRound if the kind would be another: mandates are for kinds, and people decide by them."""
    if kind != draft.kind and open_round_of(draft):
        raise HeldByRound(
            "kind",
            _(
                "It is put to approval as this kind of text, and who may decide for an organisation can hang "
                "on the kind. Close that round first."
            ),
        )


def refuse_shutting_out(access: Access, draft: Draft, organisations: Collection[Organisation]) -> None:
    """Raise HeldByRound if the list, given anew, leaves out an organisation that is asked now.

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
        raise HeldByRound(
            "restricted_to",
            _(
                "It is put to approval, and these organisations are asked: %(names)s. Keep them in the list, "
                "or close that round first."
            ),
            names=", ".join(names),
        )
