"""What keeps a file from being kept or read, in words: forms show them as they show every refusal."""

import errno
import logging

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused

FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

logger = logging.getLogger(__name__)


class StorageFull(Refused, OSError):
    """The disk is full, or what this user may fill of it. Nothing of the file was kept."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "There is no room left for files on our side, so it was not kept. Who runs the site can make "
                "room; try again after that."
            )
        )


class StorageAway(Refused, OSError):
    """The place of the files does not answer, or refuses us. What was committed before, stays."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The place where files are kept does not answer. What you have sent may not have been taken: "
                "look in a few minutes before you send it again."
            )
        )


def is_full(error: BaseException) -> bool:
    """Whether an error of the operating system means that there is no room."""
    return isinstance(error, StorageFull) or (isinstance(error, OSError) and error.errno in FULL_ERRNOS)


def storage_refusal(error: OSError) -> StorageFull | StorageAway:
    """What a person is told of it; the operator finds the rest in the log."""
    logger.error("a file could not be kept: %s", error.strerror or type(error).__name__)
    return StorageFull() if is_full(error) else StorageAway()
