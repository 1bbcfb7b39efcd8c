"""The joining behind a link, and what is written down of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from documents.open_letters.models import Joining, OpenLetter
from documents.open_letters.queries import joining_of_token


class NoSuchJoining(Refused):
    """The link was never made, or its joining is forgotten: the same to everyone."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing behind this link."))


def joining_of(token: str) -> Joining:
    """The joining, as it is. Raises NoSuchJoining."""
    found = joining_of_token(hash_token(token))
    if found is None:
        raise NoSuchJoining
    return found


def locked_joining(token: str) -> Joining:
    """The joining, under the lock of its letter: two links of one address come one after the other. Raises
    NoSuchJoining."""
    found = joining_of(token)
    OpenLetter.objects.select_for_update(of=("self",)).get(pk=found.letter_id)
    rows = Joining.objects.select_for_update(of=("self",))
    rows = rows.select_related("letter__draft__workspace", "publication__round__draft__workspace")
    return rows.get(pk=found.pk)


def record_joining(row: Joining, action: str, **detail: Any) -> None:
    """The audit entry, without a person: nobody is signed in."""
    log.record(
        action,
        actor=None,
        target_kind="letter",
        target=row.letter.uuid,
        workspace=row.letter.draft.workspace.uuid,
        joining=str(row.uuid),
        **detail,
    )
