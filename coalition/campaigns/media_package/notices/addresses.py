"""Leave an address for corrections of a package, confirm it, delete it."""

from django.db import transaction

from coalition.applicants.flow import request_proof
from coalition.campaigns.media_package.enums import AddressState
from coalition.campaigns.media_package.models import CorrectionAddress, MediaPackage
from coalition.campaigns.media_package.notices.flow import ADDRESSES
from coalition.core.clock import now
from coalition.core.throttling import refuse_flood


def leave_address(*, package: MediaPackage, address: str, language: str) -> None:
    """Store the address and mail the link. An address that is known gets its link again, three times a day at
    most; the response is the same. Raises TooManyRequests."""
    with transaction.atomic():
        MediaPackage.objects.select_for_update().get(pk=package.pk)  # one row for one address
        rows = CorrectionAddress.objects.filter(package=package)
        row = ADDRESSES.find_by_address(address, rows)
        if row is None:
            refuse_flood(rows)
            row = ADDRESSES.new(address=address, language=language, package=package, written_at=now())
            row.save()
        elif row.state == AddressState.UNPROVED and row.language != language:
            row.language = language
            row.save(update_fields=["language"])
        request_proof(ADDRESSES, row)


def confirm_address(*, address: CorrectionAddress) -> CorrectionAddress:
    """Prove the address by its link: it gets corrections from now on. A second POST changes nothing."""
    with transaction.atomic():
        row = ADDRESSES.locked(address)
        if row.state != AddressState.ACTIVE:
            row.state = AddressState.ACTIVE
            row.save(update_fields=["state"])
    return row


def delete_address(*, address: CorrectionAddress) -> None:
    """Delete the address with everything about it."""
    CorrectionAddress.objects.filter(pk=address.pk).delete()
