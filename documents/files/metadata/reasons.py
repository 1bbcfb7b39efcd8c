"""Sentences for why the metadata of a file cannot be removed."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_REASONS: Final[dict[str, Promise | str]] = {
    "broken": _("The file cannot be read: it is broken or incomplete. Save it again and send the new file."),
    "locked": _("A password protects the file. Save it without one, and send the new file."),
    "other_tracks": _(
        "The file holds more than pictures and sound: places or movements of the camera may be among it. "
        "Save it anew with pictures and sound alone, and send the new file."
    ),
    "compressed": _("The file is of an old program. Save it anew as MP4, and send the new file."),
    "outside": _("The film lies in another file. Save it anew as one MP4 file, and send that."),
    "embedded": _(
        "The file holds an object of another program, which may tell who made it. "
        "Replace it by a picture, and send the new file."
    ),
    "picture": _(
        "The file holds a picture of a kind that cannot be cleaned. Replace it by a JPEG or PNG, "
        "and send the new file."
    ),
    "hostile": _(
        "The file asks for things outside of itself in a way that no writing program does. It was not opened."
    ),
    "too_large": _("The file unpacks to more than it could be. It was not opened."),
}


def not_cleaned_reason(code: str) -> Promise | str:
    """Return why the file was not cleaned."""
    return _REASONS.get(code, _REASONS["broken"])
