"""Form for filling the gaps of a holding statement."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from documents.drafts.forms import AcknowledgedField
from documents.gaps.values import InvalidGapValue, OpenGap, example_value, validate_gap_value

LANGUAGE_NAMES = dict(settings.LANGUAGES)
_HELP = {
    "place": _("A place, for example “%(example)s”."),
    "date": _("A date or time, for example “%(example)s”."),
    "number": _("A number, for example “%(example)s”."),
}


class FillGapsForm(forms.Form):
    """One field per gap and language. In the languages after the first, a number or date may stay
    empty: it takes the value of the same gap in the first, if it reads alike in both."""

    def __init__(
        self, *args: Any, gaps: dict[str, list[OpenGap]], to_look_at: bool = False, **kwargs: Any
    ) -> None:
        """`to_look_at`: whether the checklist has findings in the filled texts to acknowledge."""
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
                    else _HELP[gap.kind] % {"example": example_value(gap.kind, language)},
                )
        if to_look_at:
            self.fields["acknowledged"] = AcknowledgedField()
        self.fields[f"{self._first}_0"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """Check that each value is of its gap's kind; add errors at its field."""
        for language, found in self._gaps.items():
            for number, gap in enumerate(found):
                value = self._value(language, number)
                if not value:
                    continue  # already reported: missing or too long
                try:
                    validate_gap_value(gap, value, language)
                except InvalidGapValue as refusal:
                    self.refuse(refusal)
        return self.cleaned_data

    def refuse(self, refusal: InvalidGapValue) -> None:
        """Add the error at the gap's field."""
        number = next(n for n, gap in enumerate(self._gaps[refusal.language]) if gap.name == refusal.gap)
        self.add_error(f"{refusal.language}_{number}", refusal.message)

    def values(self) -> dict[str, dict[str, str]]:
        """Return language → name of the gap → its value."""
        return {
            language: {gap.name: self._value(language, number) for number, gap in enumerate(found)}
            for language, found in self._gaps.items()
        }

    def _is_same(self, language: str, number: int) -> bool:
        """Whether the gap matches the first language's by place and kind, and reads alike in every one."""
        first, kind = self._gaps[self._first], self._gaps[language][number].kind
        there = language != self._first and number < len(first)
        return there and kind != "place" and first[number].kind == kind

    def _value(self, language: str, number: int) -> str:
        own: str = self.cleaned_data.get(f"{language}_{number}", "")
        if own or f"{language}_{number}" in self.errors or not self._is_same(language, number):
            return own
        return str(self.cleaned_data.get(f"{self._first}_{number}", ""))
