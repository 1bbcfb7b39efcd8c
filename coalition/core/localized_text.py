"""Text in several languages in one column: JSON by language code; nested quotation marks.

The languages are those of `settings.LANGUAGES`, and `fallback_order` defines what is displayed
where one is missing. No code here, or that uses it, is specific to a language.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.db.models.query_utils import DeferredAttribute
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy as _, override


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

    `max_length`: characters per language (checked by `full_clean` and forms, not by the database). Never
    NULL: without any text it is empty. In a ModelForm it is a `LocalizedTextFormField`; for longer texts set
    the widget `LocalizedTextarea` in `Meta.widgets`. Queries: `name__has_key=code`, `name__<code>="…"`.
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

        defaults = {"form_class": LocalizedTextFormField, "show_hidden_initial": False}
        if self.max_length is not None:
            defaults["max_length"] = self.max_length
        return models.Field.formfield(self, **{**defaults, **kwargs})


# Quotation marks around titles in our sentences, by language, and the marks that replace them
# inside.
_INNER: Final = {
    "kk": str.maketrans("«»", "„“"),
    "ru": str.maketrans("«»", "„“"),
    "en": str.maketrans("“”", "‘’"),
}


def nest_quotes(words: str) -> str:
    """Replace the marks inside quotation marks of the active language: ««A» B» becomes «„A“ B»."""
    return words.translate(_INNER.get(get_language() or "", {}))


MOST_CHARACTERS: Final = 4000  # per language, where the field sets no limit


class LocalizedTextInput(forms.Widget):
    """A line of text for each content language, named `<name>_<code>`.

    The languages are read on each rendering and on reading data. Without script they are listed below
    each other; assets/js/localized_text.js makes tabs of them, opened at the first language with an
    error or else at the reader's.
    """

    template_name = "components/localized_text.html"
    use_fieldset = True
    text_widget: type[forms.Widget] = forms.TextInput
    languages_with_errors: Collection[str] = ()

    def format_value(self, value: Any) -> Mapping[str, str]:
        """Return the texts by language, also of refused data."""
        return value if isinstance(value, Mapping) else {}

    def opened_at(self) -> str:
        """Return the code of the language with the open tab."""
        wrong = [code for code in language_codes() if code in self.languages_with_errors]
        order = fallback_order()
        return order[0] if len(wrong) in {0, len(order)} else wrong[0]

    def id_for_label(self, id_: str) -> str:
        """Return the id of the visible control, to which an error summary links."""
        return f"{id_}_{self.opened_at()}" if id_ else ""

    def use_required_attribute(self, initial: Any) -> bool:
        """Return False: the field decides which languages are required."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shared = context["widget"]["attrs"]
        shared.pop("aria-invalid", None)
        id_ = shared.pop("id", None) or f"id_{name}"
        open_at = self.opened_at()
        context["id"] = id_
        context["languages"] = []
        for code, label in content_languages():
            text = self.format_value(value).get(code) or ""
            is_wrong = code in self.languages_with_errors
            attrs = {**shared, "id": f"{id_}_{code}", "lang": code}
            if is_wrong:
                attrs |= {"aria-invalid": "true", "aria-describedby": f"{id_}_error"}
            context["languages"].append(
                {
                    "code": code,
                    "name": label,
                    "id": attrs["id"],
                    "is_open": code == open_at,
                    "is_wrong": is_wrong,
                    "is_empty": not text.strip(),
                    "control": self.text_widget(attrs).render(f"{name}_{code}", text),
                }
            )
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        return render_to_string(template_name, context)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """Return the text of every content language; other languages in the data are ignored."""
        return {code: data.get(f"{name}_{code}") or "" for code in language_codes()}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}_{code}" not in data for code in language_codes())


class LocalizedTextarea(LocalizedTextInput):
    """Several lines of text for each content language."""

    text_widget = forms.Textarea

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 4, **(attrs or {})})


class LocalizedTextBoundField(forms.BoundField):
    """Passes the languages with errors to the widget."""

    @property
    def id_for_label(self) -> str:
        self._mark_languages()
        return super().id_for_label

    def as_widget(
        self, widget: Any = None, attrs: dict[str, Any] | None = None, only_initial: bool = False
    ) -> SafeString:
        self._mark_languages()
        return super().as_widget(widget, attrs, only_initial)

    def _mark_languages(self) -> None:
        named = {(error.params or {}).get("language_code", "") for error in self.errors.as_data()}
        codes = named - {""} or set(language_codes()) if named else set()
        self.field.widget.languages_with_errors = codes


class LocalizedTextFormField(forms.Field):
    """One text for each content language; cleans to a `LocalizedText`.

    `required`: in one language at least. `languages_required`: codes, or a callable that returns them
    (`language_codes` for all), whose texts are required as well. `max_length`: characters per language.
    `validators` get each non-empty text; errors name the language.
    """

    widget = LocalizedTextInput
    default_error_messages = {"required": _("Write it in one language at least.")}
    bound_field_class = LocalizedTextBoundField

    def __init__(
        self,
        *,
        max_length: int | None = MOST_CHARACTERS,
        languages_required: Collection[str] | Callable[[], Collection[str]] = (),
        validators: Sequence[Callable[[str], None]] = (),
        **kwargs: Any,
    ) -> None:
        self.text = forms.CharField(max_length=max_length, validators=list(validators), required=False)
        self.languages_required = languages_required
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {} if self.text.max_length is None else {"maxlength": str(self.text.max_length)}

    def clean(self, value: Any) -> LocalizedText:
        """Return the texts. Raises ValidationError with one error per invalid language."""
        texts, errors = {}, []
        for code in language_codes():
            try:
                texts[code] = self.text.clean((value or {}).get(code) or "")
            except ValidationError as error:
                errors += [
                    language_error(code, one.messages[0], one.code or "invalid") for one in error.error_list
                ]
        found = LocalizedText(texts)
        if not found and not errors and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        given = self.languages_required
        needed = given() if callable(given) else given
        if found or errors or self.required:
            errors += [
                language_error(code, _("this text is needed."), "required")
                for code in found.missing()
                if code in needed and code in texts
            ]
        if errors:
            raise ValidationError(errors)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and LocalizedText(initial or {}) != LocalizedText(data or {})


def typed_field[F: forms.Field](fields: Mapping[str, forms.Field], name: str, kind: type[F]) -> F:
    """Return the field of this name. Raises TypeError if it is of another type, KeyError if missing."""
    field = fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is a {type(field).__name__}, not a {kind.__name__}")
    return field
