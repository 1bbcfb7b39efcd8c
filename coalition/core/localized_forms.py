"""Form field and widgets for a text in several languages: one text for each, under a tab."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from coalition.core.localized_text import (
    LocalizedText,
    content_languages,
    fallback_order,
    language_codes,
    language_error,
)

MOST_CHARACTERS: Final = 4000  # in each language, where a field names no limit


class LocalizedTextInput(forms.Widget):
    """A line of text for each content language, named `<name>_<code>`.

    The languages are read when it is drawn and when data are read, never before. Without script they stand
    below each other; assets/js/localized_text.js makes tabs of them, opened at the first language with an
    error or else at the reader's.
    """

    template_name = "components/localized_text.html"
    use_fieldset = True
    text_widget: type[forms.Widget] = forms.TextInput
    languages_with_errors: Collection[str] = ()

    def format_value(self, value: Any) -> Mapping[str, str]:
        """Return the texts by language, also of what was typed and refused."""
        return value if isinstance(value, Mapping) else {}

    def opened_at(self) -> str:
        """Return the code of the language whose tab is open."""
        wrong = [code for code in language_codes() if code in self.languages_with_errors]
        order = fallback_order()
        return order[0] if len(wrong) in {0, len(order)} else wrong[0]

    def id_for_label(self, id_: str) -> str:
        """Return the id of the control that is open, which a summary of errors leads to."""
        return f"{id_}_{self.opened_at()}" if id_ else ""

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: which languages are needed, the field decides."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shared = context["widget"]["attrs"]
        shared.pop("aria-invalid", None)
        id_ = shared.pop("id", None) or f"id_{name}"
        open_at = self.opened_at()
        context["id"] = id_
        context["languages"] = [
            self._language(name, code, label, self.format_value(value).get(code) or "", shared, id_)
            | {"is_open": code == open_at}
            for code, label in content_languages()
        ]
        return context

    def _language(
        self, name: str, code: str, label: str, text: str, shared: dict[str, Any], id_: str
    ) -> dict[str, Any]:
        is_wrong = code in self.languages_with_errors
        attrs = {**shared, "id": f"{id_}_{code}", "lang": code}
        if is_wrong:
            attrs |= {"aria-invalid": "true", "aria-describedby": f"{id_}_error"}
        return {
            "code": code,
            "name": label,
            "id": attrs["id"],
            "is_wrong": is_wrong,
            "is_empty": not text.strip(),
            "control": self.text_widget(attrs).render(f"{name}_{code}", text),
        }

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
    """Lets the widget know which languages have errors."""

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
    (`language_codes` for all), whose texts are needed as well. `max_length`: characters in each language.
    `validators` get the text of each language that has one; errors name the language.
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
        """Return the texts. Raises ValidationError with one error for each language that has one."""
        texts, errors = {}, []
        for code in language_codes():
            try:
                texts[code] = self.text.clean((value or {}).get(code) or "")
            except ValidationError as error:
                errors += [
                    language_error(code, text, one.code or "invalid") for one, text in _single_errors(error)
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


def _single_errors(error: ValidationError) -> list[tuple[ValidationError, str]]:
    """Return each single error with its sentence."""
    return [(one, one.messages[0]) for one in error.error_list]
