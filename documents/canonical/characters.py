"""Characters allowed in an approved text, and their normal form.

Preserved: no-break and thin spaces (U+00A0, U+2007, U+2009, U+200A, U+202F).
Collapsed to one space: every other run of white space, including tabs and line breaks.
Removed, since they carry no words and arrive by pasting: the soft hyphen, the zero-width
space, the word joiner and the byte order mark; and zero-width joiners next to Latin or
Cyrillic letters, digits, spaces or an edge. Joiners between emoji or letters of other
scripts are preserved.

Refused, because people would approve something other than what they see: characters that
change the writing direction (U+202A to U+202E, U+2066 to U+2069 and the marks U+200E,
U+200F, U+061C), all other invisible characters, control characters, surrogates, and code
points that are private or unassigned, whose look and normal form may differ from device to
device. Letters that look alike in two alphabets are allowed: no rule can tell a foreign
name from a trick, so the comparison displays them as a change.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.canonical.serialise import CanonicalError

KEPT_SPACES: Final = "\u00a0\u2007\u2009\u200a\u202f"
_ONE_SPACE: Final = re.compile("[\t\n\x0b\x0c\r \x85\u1680\u2000-\u2006\u2008\u2028\u2029\u205f\u3000]+")
ALL_SPACES: Final = f" {KEPT_SPACES}"

_REMOVED: Final = re.compile("[\u00ad\u200b\u2060\ufeff]+")
_NEEDS_NO_JOINER: Final = "\u0000-\u058f\u1c80-\u1c8f\u1d00-\u1fff\u2000-\u200b\u200e-\u206f\u3000"
_JOINER: Final = re.compile(
    f"(?:^|(?<=[{_NEEDS_NO_JOINER}]))[\u200c\u200d]+|[\u200c\u200d]+(?=$|[{_NEEDS_NO_JOINER}])"
)

_FLAG: Final = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
"""Flags of regions (Scotland) are emoji spelled with otherwise invisible characters."""

_DIRECTION: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc")
_HARMLESS: Final = frozenset("\t\n\x0b\x0c\r\x85\u00ad\u200b\u200c\u200d\u2060\ufeff")
_NEW_EMOJI: Final = range(0x1F000, 0x1FB00)
"""Emoji that are newer than this Python: nothing in these blocks ever combines."""

_NEAR: Final = 24
"""How many characters before the place are quoted in a message."""

_REASONS: Final[dict[str, str | Promise]] = {
    "direction_character": _(
        "There is an invisible character (%(character)s) %(near)s that turns the direction of "
        "writing, so that approved words can look like others. Delete it, or type these words anew."
    ),
    "hidden_character": _(
        "There is an invisible character (%(character)s) %(near)s. Delete it, or type these words anew."
    ),
    "control_character": _(
        "There is a control character (%(character)s) %(near)s that no one can read. "
        "Delete it, or type these words anew."
    ),
    "broken_character": _("There is half a character (%(character)s) %(near)s. Type it anew."),
    "unknown_character": _(
        "There is a character (%(character)s) %(near)s that looks different or is missing on "
        "other devices. Replace it."
    ),
}


@lru_cache(maxsize=4096)
def _refusal(character: str) -> str | None:
    """Return the code of the reason why a character is refused, or None."""
    if character in _HARMLESS:
        return None
    if character in _DIRECTION:
        return "direction_character"
    code = ord(character)
    if character in _BLANK_LETTERS or 0xE0100 <= code <= 0xE01EF:
        return "hidden_character"
    category = unicodedata.category(character)
    if category == "Cn" and code in _NEW_EMOJI:
        return None
    return {
        "Cc": "control_character",
        "Cf": "hidden_character",
        "Cs": "broken_character",
        "Co": "unknown_character",
        "Cn": "unknown_character",
    }.get(category)


def _near(text: str, index: int) -> str:
    before = "".join(one for one in text[max(0, index - _NEAR) : index] if one.isprintable()).strip()
    return str(_("after “%(words)s”") % {"words": before}) if before else str(_("at the beginning"))


def check_characters(text: str, path: str) -> None:
    """Raise CanonicalError, with the character and its path, if a character is refused."""
    visible = _FLAG.sub("\U0001f3f4", text)
    refused = [one for one in set(visible) if _refusal(one)]
    if not refused:
        return
    index = min(visible.index(one) for one in refused)
    character = visible[index]
    code = _refusal(character) or "hidden_character"
    raise CanonicalError(
        code, _REASONS[code], path, character=f"U+{ord(character):04X}", near=_near(visible, index)
    )


def without_refused(text: str) -> str:
    """Remove the characters that `check_characters` refuses, for text imported from files."""
    flags = _FLAG.findall(text)
    if not flags:
        return "".join(one for one in text if not _refusal(one))
    kept = iter(flags)
    parts = ["".join(one for one in part if not _refusal(one)) for part in _FLAG.split(text)]
    return parts[0] + "".join(next(kept) + part for part in parts[1:])


def normal_characters(text: str) -> str:
    """Apply NFC, remove invisible paste remains and collapse white space without stripping it."""
    while True:
        step = unicodedata.normalize("NFC", text)
        step = _ONE_SPACE.sub(" ", _JOINER.sub("", _REMOVED.sub("", step)))
        if step == text:
            return text
        text = step


def normal_text(text: str, path: str) -> str:
    """Return the normal form of a standalone text: a title, a caption, a name.

    Raises CanonicalError for refused characters.
    """
    check_characters(text, path)
    return normal_characters(normal_characters(text).strip(ALL_SPACES))
