"""Forms for lines of the message guide, and for a briefing."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.typed_field import typed_field
from coalition.workspaces.permissions import Access
from documents.contacts.enums import Beat
from documents.drafts.enums import Handling
from documents.facts.content import fact_title
from documents.facts.queries import facts_for, filter_facts, prefetch_fact_words
from events.core.queries import prefetch_event_details as with_event_words
from events.core.queries import seated_events_for, text_in
from events.press.enquiries.talking_points.actions import (
    LONGEST_HEAD,
    LONGEST_NOTE,
    LONGEST_TEXT,
    GuideLineInput,
)
from events.press.enquiries.talking_points.enums import LineKind
from events.press.enquiries.talking_points.models import MARKS, GuideLine
from events.press.enquiries.talking_points.queries import GuideFilter

MOST_FACTS = 100  # choices: the newest


class GuideFilterForm(forms.Form):
    """Filters of the guide; `language`: to read it in, for a call in another language."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    topic = forms.ChoiceField(
        label=_("Topic"), required=False, choices=[("", _("All topics")), *Beat.choices]
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=Language.choices)

    def wanted(self) -> GuideFilter:
        self.is_valid()
        return GuideFilter(
            words=self.cleaned_data.get("q", "").strip(), topic=self.cleaned_data.get("topic", "")
        )

    @property
    def read_in(self) -> str:
        """Return the language of reading. Call after `wanted`."""
        return self.cleaned_data.get("language") or get_language() or ""


class GuideLineForm(forms.Form):
    """One line, in up to three languages."""

    kind = forms.ChoiceField(label=_("Kind"), choices=LineKind.choices)
    topic = forms.ChoiceField(
        label=_("Topic"), required=False, choices=[("", _("All topics")), *Beat.choices]
    )
    event = forms.ChoiceField(label=_("Only for the event"), required=False)
    handling = forms.ChoiceField(
        label=_("Who may read it"), choices=[(one.value, one.label) for one in reversed(MARKS)]
    )
    facts = forms.MultipleChoiceField(
        label=_("Facts of the register"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, access: Access, row: GuideLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in Language:
            self.fields[f"head_{code}"] = _words(code, LONGEST_HEAD, 2)
            self.fields[f"text_{code}"] = _words(code, LONGEST_TEXT, 5)
        language = get_language() or ""
        events = list(
            with_event_words(seated_events_for(access.user, access.workspace)).order_by("-starts_at")
        )
        self._events = {str(one.uuid): one for one in events}
        typed_field(self.fields, "event", forms.ChoiceField).choices = [
            ("", "—"),
            *((value, text_in(one, language).title) for value, one in self._events.items()),
        ]
        offered = prefetch_fact_words(filter_facts(facts_for(access.user).exclude(checked=None)))[:MOST_FACTS]
        kept = list(row.facts.all()) if row is not None else []
        facts = {
            str(one.uuid): one
            for one in [
                *prefetch_fact_words(facts_for(access.user).filter(pk__in=[each.pk for each in kept])),
                *offered,
            ]
        }
        typed_field(self.fields, "facts", forms.MultipleChoiceField).choices = [
            (value, fact_title(one, language)) for value, one in facts.items()
        ]

    @property
    def languages(self) -> list[tuple[str, Any, Any]]:
        """Return name of the language and its two bound fields, for the template."""
        return [(str(code.label), self[f"head_{code}"], self[f"text_{code}"]) for code in Language]

    @property
    def other_fields(self) -> list[Any]:
        return [self[name] for name in ("kind", "topic", "event", "handling", "facts")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(f"head_{code}") for code in Language):
            self.add_error("head_kk", _("Write it in at least one language."))
        return cleaned

    @property
    def line(self) -> GuideLineInput:
        given = self.cleaned_data
        return GuideLineInput(
            kind=LineKind(given["kind"]),
            head={code.value: given[f"head_{code}"] for code in Language},
            text={code.value: given[f"text_{code}"] for code in Language},
            topic=given["topic"],
            handling=Handling(given["handling"]),
            event=self._events.get(given["event"]),
            facts=given["facts"],
        )


def initial_line(row: GuideLine) -> dict[str, Any]:
    """What the form shows of a line."""
    return {
        **{f"head_{code}": words for code, words in row.head.items()},
        **{f"text_{code}": words for code, words in row.text.items()},
        **{name: getattr(row, name) for name in ("kind", "topic", "handling")},
        "event": str(row.event.uuid) if row.event is not None else "",
        "facts": [str(one.uuid) for one in row.facts.all()],
    }


class BriefingForm(forms.Form):
    """The note for the spokesperson, in addition to the lines."""

    note = forms.CharField(
        label=_("What they should know"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def _words(code: Language, most: int, rows: int) -> forms.CharField:
    label = _("In one sentence, or the question") if rows == 2 else _("More, or the answer")
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows, "lang": code.value}),
    )
