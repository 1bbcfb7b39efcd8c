"""Why a file is not read, and what of it does not come in, in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

type Words = str | Promise

NOT_TAKEN: Final[dict[str, Words]] = {
    "too_large": _("The file has more than 20 MB. Take large pictures out of it, and send it again."),
    "old_or_locked": _(
        "The file is from an old Word, or a password protects it. "
        "Save it as .docx without a password, and send it again."
    ),
    "broken": _("The file cannot be read: it is broken or incomplete. Save it again and send the new file."),
    "unpacks_too_large": _("The file unpacks to more than it could be. It was not opened."),
    "no_document": _("This is neither a Word file (.docx) nor a LibreOffice text (.odt)."),
    "hostile": _(
        "The file asks for things outside of itself in a way that no writing program does. It was not opened."
    ),
    "took_too_long": _("Reading the file took too long. Send a part of it, or save it without pictures."),
}


def reason(code: str) -> str:
    """Why the file was not read."""
    return str(NOT_TAKEN.get(code, NOT_TAKEN["broken"]))


def left_out(code: str, count: int) -> str:
    """What was dropped from the file before it was read."""
    words = {
        "outside": ngettext(
            "%(count)d place that would fetch something from elsewhere was emptied.",
            "%(count)d places that would fetch something from elsewhere were emptied.",
            count,
        ),
        "pictures": ngettext(
            "%(count)d picture was left out. Pictures come in as files of the workspace.",
            "%(count)d pictures were left out. Pictures come in as files of the workspace.",
            count,
        ),
        "embedded": ngettext(
            "%(count)d embedded object was left out.", "%(count)d embedded objects were left out.", count
        ),
        "hidden": ngettext(
            "%(count)d run of hidden words was left out.",
            "%(count)d runs of hidden words were left out.",
            count,
        ),
        "characters": ngettext(
            "Invisible or unknown characters were taken out of the words at %(count)d place.",
            "Invisible or unknown characters were taken out of the words at %(count)d places.",
            count,
        ),
    }
    return words[code] % {"count": count} if code in words else ""


_NO_PLACE: Final[dict[str, Words]] = {
    "inside_suggestion": _("It stands inside of somebody’s open suggestion: decide on that one first."),
    "attached": _("It belongs to a picture, a quotation or an approved part: change it there by hand."),
    "letterhead": _("The letterhead is made anew for every file."),
    "approved": _("It stands in an approved part, whose words nobody changes."),
    "table": _("New rows and columns of a table are not taken in: add them by hand."),
    "moved": _("The place where it belongs is no longer in the text."),
    "joined": _("These two paragraphs cannot become one."),
}


def no_place(code: str) -> str:
    """Why a change of the file does not come in."""
    return str(_NO_PLACE.get(code, _NO_PLACE["moved"]))
