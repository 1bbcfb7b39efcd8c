"""Words that everyone tries first here: they make no password by themselves."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from coalition.accounts.login_throttle import one_spelling

# docs/limits.md lists them.
WORDS: Final = (
    "қорғау",
    "корғау",
    "коргау",
    "qorghau",
    "qorgau",
    "korgau",
    "korghau",
    "coalition",
    "коалиция",
    "campaign",
    "кампания",
    "науқан",
    "statement",
    "article",
    "статья",
    "бап",
    "password",
    "пароль",
    "құпиясөз",
)
LEAST: Final = 6  # letters beside these words, digits and signs
_WORDS: Final = re.compile("|".join(sorted((one_spelling(word) for word in WORDS), key=len, reverse=True)))


class NoWordsOfTheCoalition:
    """What is left without these words, digits and signs must still be a few letters."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError if the password is little more than such words."""
        plain = one_spelling(password)
        rest = re.sub(r"[\W\d_]", "", _WORDS.sub("", plain))
        if _WORDS.search(plain) and len(rest) < LEAST:
            raise ValidationError(self.get_help_text(), code="password_of_the_coalition")

    def get_help_text(self) -> str:
        return _("A password must not be little more than the name or the words of the coalition.")
