"""Text in several languages in one column: JSON by language code.

The languages are those of `settings.LANGUAGES`, and what is shown where a language is missing follows one
rule (`fallback_order`). Nothing here, and no code that uses it, is named after a language.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language


def content_languages() -> list[tuple[str, str]]:
    """Return (code, name in that language) of every content language, the default language first."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def fallback_order(language: str | None = None) -> list[str]:
    """Return all language codes in the order in which a text is looked for.

    First `language` (the active one if None), then the others as `settings.LANGUAGES` lists them.
    """
    codes = [code for code, _name in settings.LANGUAGES]
    wanted = (language or get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return [wanted, *(code for code in codes if code != wanted)] if wanted in codes else codes


class LocalizedText(Mapping[str, str]):
    """An immutable text in several languages. `str()` of it is the text in the active language."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        known = dict(settings.LANGUAGES)
        given = {code: text.strip() for code, text in (texts or {}).items() if text and text.strip()}
        self._texts = {code: given[code] for code in known if code in given}

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __str__(self) -> str:
        return self.in_language()

    def __repr__(self) -> str:
        return f"LocalizedText({sorted(self._texts)})"  # may end up in logs: never the words

    def __hash__(self) -> int:
        return hash(tuple(self._texts.items()))

    def in_language(self, language: str | None = None) -> str:
        """Return the text in `language` (the active one if None) or by the fallback rule; "" if empty."""
        return next((self._texts[code] for code in fallback_order(language) if code in self._texts), "")

    def language_shown(self, language: str | None = None) -> str:
        """Return the code of the language that `in_language` answers in, for `lang` attributes; or ""."""
        return next((code for code in fallback_order(language) if code in self._texts), "")

    def missing(self) -> list[str]:
        """Return the codes of the languages in which there is no text."""
        return [code for code, _name in settings.LANGUAGES if code not in self._texts]


class LocalizedTextField(models.JSONField):
    """A model field whose value is always a `LocalizedText`."""

    _pyi_private_set_type: LocalizedText | Mapping[str, str]
    _pyi_private_get_type: LocalizedText

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", LocalizedText)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("default") is LocalizedText:
            del kwargs["default"]
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> LocalizedText:
        return LocalizedText(super().from_db_value(value, expression, connection))

    def to_python(self, value: Any) -> LocalizedText:
        return value if isinstance(value, LocalizedText) else LocalizedText(value)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(dict(value) if value is not None else {})

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(
            dict(value) if isinstance(value, Mapping) else value, connection, prepared
        )
