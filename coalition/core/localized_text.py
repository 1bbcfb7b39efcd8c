"""Text in several languages in one column: JSON by language code.

The languages are those of `settings.LANGUAGES`, and `fallback_order` defines what is displayed
where one is missing. No code here, or that uses it, is specific to a language.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _


def language_codes() -> list[str]:
    """Return the codes of all content languages, in the order of `settings.LANGUAGES`."""
    return [code for code, _name in settings.LANGUAGES]


def content_languages() -> list[tuple[str, str]]:
    """Return (code, name of the language in that language) of all content languages, for choices."""
    found = []
    for code, name in settings.LANGUAGES:
        with override(code):
            found.append((code, str(name)))
    return found


def fallback_order(language: str | None = None) -> list[str]:
    """Return all language codes in fallback order.

    First `language` (the active one if None), then the others in the order of `settings.LANGUAGES`.
    """
    codes = language_codes()
    wanted = language or get_language() or settings.LANGUAGE_CODE
    first = next((code for code in (wanted, wanted.partition("-")[0]) if code in codes), None)
    return codes if first is None else [first, *(code for code in codes if code != first)]


def language_error(code: str, message: object, error: str) -> ValidationError:
    """Return an error with code `error` about the text in one language, which it names.

    `params["language_code"]` tells the widget which tab to mark.
    """
    params = {"language": dict(content_languages())[code], "message": message, "language_code": code}
    return ValidationError(_("%(language)s: %(message)s"), code=error, params=params)


class LocalizedText(Mapping[str, str]):
    """An immutable text in several languages. `str()` of it is the text in the active language.

    Texts of white space only, and of languages that the site does not have, are dropped. It equals any
    mapping with the same texts.
    """

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        given = {code: text.strip() for code, text in (texts or {}).items() if text and text.strip()}
        self._texts = {code: given[code] for code in language_codes() if code in given}

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __str__(self) -> str:
        return self.in_language()

    def __repr__(self) -> str:
        return f"LocalizedText({sorted(self._texts)})"  # may appear in logs: never the text

    def __hash__(self) -> int:
        return hash(frozenset(self._texts.items()))

    def in_language(self, language: str | None = None) -> str:
        """Return the text in `language` (the active one if None) or by the fallback rule; "" if empty."""
        return next((self._texts[code] for code in fallback_order(language) if code in self._texts), "")

    def language_shown(self, language: str | None = None) -> str:
        """Return the language code of the text that `in_language` returns, for `lang` attributes; or ""."""
        return next((code for code in fallback_order(language) if code in self._texts), "")

    def missing(self) -> list[str]:
        """Return the codes of the languages without a text."""
        return [code for code in language_codes() if code not in self._texts]


class LocalizedTextAttribute(DeferredAttribute):
    """Converts an assigned value to `LocalizedText` at once, not only after the next query."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        is_expression = hasattr(value, "resolve_expression")
        instance.__dict__[self.field.attname] = value if is_expression else self.field.to_python(value)


class LocalizedTextField(models.JSONField):
    """A model field whose value is always a `LocalizedText`.

    `max_length`: characters per language (checked by `full_clean` and forms, not by the database).
    Never NULL: without any text it is empty. In a ModelForm it is a `LocalizedTextFormField`; for
    longer texts set the widget `LocalizedTextarea` in `Meta.widgets`. Queries: `name__has_key=code`,
    `name__<code>="…"`.
    """

    descriptor_class = LocalizedTextAttribute
    default_error_messages = {"invalid": _("Write a text for each language.")}
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

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return a LocalizedText for the column; for one key of it (`values("name__<code>")`) its text."""
        found = super().from_db_value(value, expression, connection)
        return found if isinstance(expression, KeyTransform) else self.to_python(found)

    def to_python(self, value: Any) -> LocalizedText:
        """Return `value` as LocalizedText. Raises ValidationError for anything but texts by language."""
        if isinstance(value, LocalizedText):
            return value
        if value is None:
            return LocalizedText()
        if not isinstance(value, Mapping) or not all(isinstance(one, str | None) for one in value.values()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return LocalizedText(value)

    def validate(self, value: Any, model_instance: Any) -> None:
        """Check the length in each language, and that there is a text unless the field may be blank."""
        super().validate(dict(value), model_instance)
        most = self.max_length
        if most is None:
            return
        message = _("At most %(most)s characters.") % {"most": most}
        errors = [
            language_error(code, message, "max_length") for code, text in value.items() if len(text) > most
        ]
        if errors:
            raise ValidationError(errors)

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return super().get_prep_value({})
        return super().get_prep_value(dict(value) if isinstance(value, Mapping) else value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        plain = dict(value) if isinstance(value, Mapping) else value
        return super().get_db_prep_value(plain, connection, prepared)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save({} if value is None else value, connection)

    def value_to_string(self, obj: models.Model) -> Any:
        """Return a plain dict for serializers."""
        return dict(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return the form field with a text for each language."""
        from coalition.core.localized_forms import LocalizedTextFormField  # circular import

        defaults = {"form_class": LocalizedTextFormField, "show_hidden_initial": False}
        if self.max_length is not None:
            defaults["max_length"] = self.max_length
        return models.Field.formfield(self, **{**defaults, **kwargs})
