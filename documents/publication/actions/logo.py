"""The logo of an organisation: shown while a representative permits it, taken back with one press."""

import hashlib
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts import changes
from coalition.accounts.enums import Listing
from coalition.accounts.models import Organisation, User
from coalition.accounts.rules import represents
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from coalition.workspaces.rules import NotAllowed
from documents.files.images import logo_of as drawn_anew
from documents.publication.models.organisation_logo import OrganisationLogo
from documents.publication.queries.logos import logo_of


def register() -> None:
    """Hear of organisations that are not named any more (from `AppConfig.ready()`)."""
    changes.on_change(_keep_only_of_the_named)


def permit_logo(
    *, person: User, organisation: Organisation, content: IO[bytes], size: int, name: str
) -> OrganisationLogo:
    """A representative sends the logo, in place of the one before, and permits that everyone sees it.

    Raises NotAllowed for everyone else, Refused in words for what is no logo and for an organisation whose
    name is not told.
    """
    _may_have_one(person, organisation)  # before anything is unpacked; again under the lock
    clean = drawn_anew(content, size=size, name=name)
    logo = OrganisationLogo(
        sha256=hashlib.sha256(clean.content).hexdigest(),
        width=clean.width,
        height=clean.height,
        permitted_by=person,
        permitted_at=now(),
    )
    logo.file.save("logo.png", ContentFile(clean.content), save=False)  # files do not roll back: bytes first
    with unless_done(lambda: logo.file.storage.delete(str(logo.file.name))), transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        _may_have_one(person, row)
        forget_logo(row)
        logo.organisation = row
        logo.save()
        _record("organisation.logo_permitted", row, person)
    return logo


@transaction.atomic
def take_logo_back(*, person: User, organisation: Organisation) -> None:
    """The permission is taken back: the logo is deleted, at once and everywhere. Twice is one.

    Raises NotAllowed for who does not represent the organisation.
    """
    if not represents(person, organisation):
        raise NotAllowed
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if forget_logo(row):
        _record("organisation.logo_taken_back", row, person)


def forget_logo(organisation: Organisation) -> bool:
    """Delete the logo, its bytes once the caller's transaction is committed. Says whether there was one."""
    logo = logo_of(organisation)
    if logo is None:
        return False
    storage, name = logo.file.storage, str(logo.file.name)
    logo.delete()
    transaction.on_commit(lambda: storage.delete(name))
    return True


def _keep_only_of_the_named(organisation: Organisation) -> None:
    if organisation.listing != Listing.PUBLIC or organisation.left_at is not None:
        forget_logo(organisation)


def _may_have_one(person: User, organisation: Organisation) -> None:
    if not represents(person, organisation):
        raise NotAllowed
    if organisation.listing != Listing.PUBLIC:
        raise Refused(_("A logo tells the name, and the name of your organisation is not told in public."))


def _record(action: str, organisation: Organisation, person: User) -> None:
    log.record(
        action,
        actor=person,
        target_kind="organisation",
        target=organisation.uuid,
        organisation=organisation.uuid,
    )
