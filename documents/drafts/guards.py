"""Settings of a draft that something holds as they are."""

from django.utils.functional import Promise

from coalition.core.errors import Refused


class LockedSetting(Refused):
    """Something holds what was to be changed, for example an open round; `field` is its name, where the words
    belong."""

    def __init__(self, field: str, message: str | Promise, **params: object) -> None:
        self.field = field
        super().__init__(message, **params)
