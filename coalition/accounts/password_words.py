"""Words that everyone tries first here: they make no password by themselves."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from coalition.accounts.login_throttle import normalize_login_address

# docs/limits.md lists them.
COMMON_WORDS: Final = (
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
MIN_OTHER_LETTERS: Final = 6  # letters beside these words, digits and signs
_COMMON_WORDS_PATTERN: Final = re.compile(
    "|".join(sorted((normalize_login_address(word) for word in COMMON_WORDS), key=len, reverse=True))
)


class NoWordsOfTheCoalition:
    """What is left without these words, digits and signs must still be a few letters."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError if the password is little more than such words."""
        plain = normalize_login_address(password)
        rest = re.sub(r"[\W\d_]", "", _COMMON_WORDS_PATTERN.sub("", plain))
        if _COMMON_WORDS_PATTERN.search(plain) and len(rest) < MIN_OTHER_LETTERS:
            raise ValidationError(self.get_help_text(), code="password_of_the_coalition")

    def get_help_text(self) -> str:
        return _("A password must not be little more than the name or the words of the coalition.")
