"""Outlets that took files of a package, and addresses for corrections; all invented."""

import datetime
from typing import Any

from django.utils.timezone import localdate

from coalition.accounts.models import Language
from coalition.campaigns.media_package.enums import AddressState
from coalition.campaigns.media_package.models import (
    CorrectionAddress,
    MediaPackage,
    PackageLink,
    Rendition,
    TakenFile,
)
from coalition.campaigns.media_package.notices.flow import ADDRESSES
from coalition.core.clock import now
from coalition.core.throttling import derive_token, hash_token


def outlet(
    package: MediaPackage,
    name: str = "Oral TV",
    *,
    language: str = Language.EN,
    mail: str | None = None,
    **fields,
) -> PackageLink:
    """An outlet with a link; `mail`: its address, "" for none."""
    row = PackageLink(
        package=package,
        outlet=name,
        address=f"{name.lower().replace(' ', '-')}@tests.example" if mail is None else mail,
        language=language,
        made_at=now(),
        ends_at=now() + datetime.timedelta(days=90),
        **fields,
    )
    row.token_hash = hash_token(derive_token("campaigns.media_package", row.uuid))
    row.save()
    return row


def take(link: PackageLink, rendition: Rendition) -> TakenFile:
    return TakenFile.objects.create(link=link, rendition=rendition, day=localdate(now()))


def outlet_with(rendition: Rendition, name: str = "Oral TV", **fields: Any) -> PackageLink:
    """An outlet that took the file."""
    link = outlet(rendition.item.package, name, **fields)
    take(link, rendition)
    return link


def correction_address(
    package: MediaPackage,
    address: str = "blogger@tests.example",
    *,
    state: AddressState = AddressState.ACTIVE,
    language: str = Language.EN,
) -> CorrectionAddress:
    row = ADDRESSES.new(address=address, language=language, package=package, written_at=now(), state=state)
    row.save()
    return row
