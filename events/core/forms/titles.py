"""Titles in three languages, of which one is enough."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language


class TitlesForm(forms.Form):
    """A form that begins with a title in each language; at least one is to be written."""

    missing = _("Give it a title in at least one language.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {f"title_{code}": _title(code) for code in Language}
        self.fields = {**titles, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"title_{code}") for code in Language):
            self.add_error("title_kk", self.missing)
        return cleaned

    @property
    def title_fields(self) -> list[BoundField]:
        return [self[f"title_{code}"] for code in Language]

    @property
    def other_fields(self) -> list[BoundField]:
        titles = {field.name for field in self.title_fields}
        return [field for field in self.visible_fields() if field.name not in titles]

    @property
    def titles(self) -> dict[str, str]:
        """What was written, by language."""
        return {code.value: self.cleaned_data[f"title_{code}"] for code in Language}


def initial_titles(title: Mapping[str, str]) -> dict[str, object]:
    return {f"title_{code}": title.get(code, "") for code in Language.values}


def _title(code: Language) -> forms.CharField:
    field = forms.CharField(label=code.label, required=False, max_length=160)
    field.widget.attrs["lang"] = code.value
    return field
