"""Words of items that can show a person under consent: identifying details, and pointers to an accused
person or a workplace.

Their language is unknown, and some are file names: the lists of all languages are tried, on the words as they
are and on a file name's parts. Stricter than the rules for texts: people who speak in their own name count,
but not those named in a credit.
"""

import re
from collections.abc import Iterator
from typing import Final

from coalition.accounts.models import Language
from coalition.consent.enums import DetailKind
from coalition.consent.items import register_word_finders
from documents.checklist.lines import load_checklist_words
from documents.drafts.identifying import STRONG, CreditLine, Detail, details_of, load_lexicon, normal_text

# Legal forms of firms in Latin letters, as file names have them. In small letters "too" is a word.
_LATIN_FORMS: Final = r"(?<!\w)(?:TOO|OOO|OAO|ZAO|AO|IP|ZHSHS|JSHS|AQ|KGU|GKP|RGP|GKKP)(?!\w)"
_FIRM: Final = re.compile(_LATIN_FORMS)
_FIRM_IN_FILE_NAME: Final = re.compile(_LATIN_FORMS, re.IGNORECASE)
_JOINED: Final = re.compile(r"[_\-–—.+]+|(?<=[a-zа-яәіңғүұқөһ])(?=[A-ZА-ЯӘІҢҒҮҰҚӨҺ])")
_WORD: Final = re.compile(r"\w+")


def detail_kinds_in(words: str) -> set[DetailKind]:
    """Return kinds of details in the words by which a person could be identified."""
    kinds = {detail.kind for text in _readings(words) for detail in _details(text)}
    return kinds - {DetailKind.NAME} if isinstance(words, CreditLine) else kinds


def may_point(words: str) -> bool:
    """Whether the words name a firm or another workplace, a person with first and last name, or a case."""
    if _is_file_name(words) and _FIRM_IN_FILE_NAME.search(_separate_words(words)):
        return True
    return any(_points(text, is_credit=isinstance(words, CreditLine)) for text in _readings(words))


def _points(text: str, *, is_credit: bool) -> bool:
    lists = [load_checklist_words(language) for language in Language.values]
    if _FIRM.search(text) or any(one[name].search(text) for one in lists for name in ("case", "firm")):
        return True
    for detail in _details(text):
        if detail.kind is DetailKind.WORKPLACE and detail.weight == STRONG:
            return True
        if detail.kind is DetailKind.NAME and " " in detail.words.strip() and not is_credit:
            return True
    return False


def _details(text: str) -> Iterator[Detail]:
    for language in Language.values:
        yield from details_of(text, load_lexicon(language))


def _readings(words: str) -> Iterator[str]:
    """Yield the words as they are, with their joined words separate, and a file name with capitals."""
    text = normal_text(words)
    separate = _separate_words(text)
    yield text
    if separate != text:
        yield separate
    if _is_file_name(words):
        yield _WORD.sub(lambda found: found[0][0].upper() + found[0][1:], separate)


def _separate_words(text: str) -> str:
    return _JOINED.sub(" ", text)


def _is_file_name(words: str) -> bool:
    return bool(words) and not re.search(r"\s", words.strip())


def register_finders() -> None:
    """Call once, from `AppConfig.ready()`."""
    register_word_finders(details=detail_kinds_in, pointers=may_point)
