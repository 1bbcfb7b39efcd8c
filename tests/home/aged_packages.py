"""Media packages, made so long ago."""

import datetime

from coalition.accounts.models import User
from coalition.campaigns.models import FileUpload, MediaPackage
from coalition.core.clock import now
from tests.filled import filled
from tests.home.ageing import LONG, Case, days, gone, without

UPLOADS = "campaigns.forget_uploads"
MAKERS = "campaigns.forget_package_makers"


def made(age: datetime.timedelta) -> MediaPackage:
    return filled(MediaPackage, created_at=now() - age, created_by=filled(User))


def begun(age: datetime.timedelta) -> FileUpload:
    return filled(FileUpload, begun_at=now() - age, changed_at=now() - age, finished_at=None)


def finished(age: datetime.timedelta) -> FileUpload:
    return filled(FileUpload, begun_at=now() - age, changed_at=now(), finished_at=now() - age)


CASES: list[Case] = [
    (UPLOADS, "without progress", days(1), begun, gone),
    (UPLOADS, "became a file", days(1), finished, gone),
    (MAKERS, "who made a package", LONG, made, without("created_by")),
]
