"""The logo of an organisation that joined an open letter: sent by its link, taken away by it, never shown
without its permission."""

import hashlib
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from documents.approval.audit import concern
from documents.approval.queries.rounds import coordinators_for
from documents.files.images import logo_of
from documents.open_letters.actions.joinings import joining_of, locked_joining, record_joining
from documents.open_letters.enums import JoiningState
from documents.open_letters.models import Joining, JoiningLogo
from documents.open_letters.queries import logo_of_joining


def put_logo(*, token: str, content: IO[bytes], size: int, name: str) -> JoiningLogo:
    """Take a logo in place of the one before; sending it permits that it is shown beside the name.

    Where coordinators look at names first, they look at it too. Raises Refused for a link by which nobody has
    joined with a name that is shown, and in words for what is no logo.
    """
    _may_have_one(joining_of(token))  # before anything is unpacked; again under the lock
    clean = logo_of(content, size=size, name=name)
    logo = JoiningLogo(
        sha256=hashlib.sha256(clean.content).hexdigest(),
        width=clean.width,
        height=clean.height,
        added_at=now(),
    )
    logo.file.save("logo.png", ContentFile(clean.content), save=False)  # files do not roll back: bytes first
    with unless_done(lambda: logo.file.storage.delete(str(logo.file.name))), transaction.atomic():
        row = locked_joining(token)
        _may_have_one(row)
        forget_logo(row)
        logo.joining = row
        logo.save()
        row.logo_allowed = True
        row.save(update_fields=["logo_allowed"])
        record_joining(row, "letter.logo_sent")
        _tell(row, logo)
    return logo


def take_logo_away(*, token: str) -> Joining:
    """The organisation permits it no more: the logo is deleted, the name stays. Twice is one.

    Raises Refused for a link by which nobody has joined.
    """
    with transaction.atomic():
        row = locked_joining(token)
        if row.state != JoiningState.JOINED:
            raise Refused(_("This organisation does not stand under the text any more."))
        forget_logo(row)
        row.logo_allowed = False
        row.save(update_fields=["logo_allowed"])
        record_joining(row, "letter.logo_taken_away")
    return row


def forget_logo(row: Joining) -> None:
    """Delete the logo of a joining, the bytes once the transaction of the caller is committed."""
    logo = logo_of_joining(row)
    if logo is not None:
        storage, name = logo.file.storage, str(logo.file.name)
        logo.delete()
        transaction.on_commit(lambda: storage.delete(name))


def _may_have_one(row: Joining) -> None:
    if row.state != JoiningState.JOINED:
        raise Refused(_("This organisation does not stand under the text any more."))
    if not row.is_listed:
        raise Refused(_("A logo stands beside a name: your organisation is counted and not named."))


def _tell(row: Joining, logo: JoiningLogo) -> None:
    round_ = row.publication.round
    concern(
        round_,
        coordinators_for(round_),
        kind="letter_logo",
        once=str(logo.uuid),
        public=row.publication,
    )
