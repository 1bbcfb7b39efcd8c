"""What is filled into the gaps of a holding statement."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from documents.drafts.forms import AcknowledgedField
from documents.gaps.rules import NotForGap, Open, checked
from documents.gaps.values import example_of

LANGUAGE_NAMES = dict(settings.LANGUAGES)
_HELP = {
    "place": _("A place, for example “%(example)s”."),
    "date": _("A date or time, for example “%(example)s”."),
    "number": _("A number, for example “%(example)s”."),
}


class FillForm(forms.Form):
    """One field a gap and language. In the languages after the first, a number or date may stay empty: it is
    the one that stands at the same place in the first, if it reads alike in both."""

    def __init__(
        self, *args: Any, gaps: dict[str, list[Open]], to_look_at: bool = False, **kwargs: Any
    ) -> None:
        """`to_look_at`: whether the checklist finds something in the filled words that is acknowledged."""
        super().__init__(*args, **kwargs)
        self._gaps = gaps
        self._first = next(iter(gaps))
        for language, found in gaps.items():
            for number, gap in enumerate(found):
                same = self._is_same(language, number)
                self.fields[f"{language}_{number}"] = forms.CharField(
                    label=f"{LANGUAGE_NAMES[language]}: {gap.name}",
                    max_length=60,
                    required=not same,
                    help_text=_("Empty: as in the first language.")
                    if same
                    else _HELP[gap.kind] % {"example": example_of(gap.kind, language)},
                )
        if to_look_at:
            self.fields["acknowledged"] = AcknowledgedField()
        self.fields[f"{self._first}_0"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """Each value is of its gap's kind; what is wrong with it is said at its field."""
        for language, found in self._gaps.items():
            for number, gap in enumerate(found):
                value = self._value(language, number)
                if not value:
                    continue  # said already: it is missing, or too long
                try:
                    checked(gap, value, language)
                except NotForGap as refusal:
                    self.refuse(refusal)
        return self.cleaned_data

    def refuse(self, refusal: NotForGap) -> None:
        """Say at the gap's field why its value may not stand there."""
        number = next(n for n, gap in enumerate(self._gaps[refusal.language]) if gap.name == refusal.gap)
        self.add_error(f"{refusal.language}_{number}", refusal.message)

    def values(self) -> dict[str, dict[str, str]]:
        """Language → name of the gap → what stands there."""
        return {
            language: {gap.name: self._value(language, number) for number, gap in enumerate(found)}
            for language, found in self._gaps.items()
        }

    def _is_same(self, language: str, number: int) -> bool:
        """Whether the gap is the first language's, by its place and kind, and reads alike in every one."""
        first, kind = self._gaps[self._first], self._gaps[language][number].kind
        there = language != self._first and number < len(first)
        return there and kind != "place" and first[number].kind == kind

    def _value(self, language: str, number: int) -> str:
        own: str = self.cleaned_data.get(f"{language}_{number}", "")
        if own or f"{language}_{number}" in self.errors or not self._is_same(language, number):
            return own
        return str(self.cleaned_data.get(f"{self._first}_{number}", ""))
