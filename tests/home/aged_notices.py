"""Addresses for corrections and notices about items of media packages, so long ago."""

import datetime

from coalition.accounts.models import User
from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.enums import AddressState
from coalition.campaigns.models import (
    CorrectionAddress,
    ItemNotice,
    MediaPackage,
    NoticeAnswer,
    NoticeRecipient,
    PackageLink,
)
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from tests.filled import filled
from tests.home.ageing import LONG, Case, day_of, days, gone, without

FORGET = "campaigns.forget_correction_addresses"
PEOPLE = "campaigns.forget_notice_people"


def of_closed_package(age: datetime.timedelta) -> CorrectionAddress:
    package = filled(MediaPackage, published_at=None)
    filled(AuditEntry, action="media_package.unpublished", target=package.uuid, at=now() - age)
    return filled(CorrectionAddress, package=package, state=AddressState.ACTIVE)


def of_archived_workspace(age: datetime.timedelta) -> CorrectionAddress:
    workspace = filled(Workspace, archived_at=now() - age)
    package = filled(MediaPackage, workspace=workspace, published_at=now())
    return filled(CorrectionAddress, package=package, state=AddressState.ACTIVE)


def unproved(age: datetime.timedelta) -> CorrectionAddress:
    package = filled(MediaPackage, published_at=now())
    return filled(CorrectionAddress, package=package, state=AddressState.UNPROVED, day=day_of(age))


def sent(age: datetime.timedelta) -> ItemNotice:
    return filled(ItemNotice, sent_at=now() - age, sent_by=filled(User))


def answered(age: datetime.timedelta) -> NoticeAnswer:
    notice = filled(ItemNotice, sent_by=None)
    return filled(
        NoticeAnswer,
        recipient=filled(NoticeRecipient, notice=notice, link=filled(PackageLink), correction_address=None),
        answered_at=now() - age,
        answered_by=filled(User),
    )


CASES: list[Case] = [
    (FORGET, "unproved", days(7), unproved, gone),
    (FORGET, "closed package", days(365), of_closed_package, gone),
    (FORGET, "archived workspace", days(365), of_archived_workspace, gone),
    (PEOPLE, "who sent", LONG, sent, without("sent_by")),
    (PEOPLE, "who recorded an answer", LONG, answered, without("answered_by")),
]
