"""The style guide: every component with its samples. Only the demo has it."""

import json
from pathlib import Path
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from coalition.core.localized_text import LocalizedTextFormField, language_codes

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
ICONS = Path(settings.BASE_DIR) / "assets" / "icons"
INITIALS = ["ТТ", "АС", "КБ", "ШЖ", "ЕҚ", "СҚ", "АД", "ТК", "ЖТ", "ӨҰ", "ҮҚ", "ЕЖ"]
COLOURS = [
    *("poster", "poster-deep", "poster-light", "saffron", "tulip", "tulip-soft", "ink", "ink-2", "ink-3"),
    *("ground", "surface", "sunken", "line", "edge", "yes", "wait", "no", "note"),
]


class SampleForm(forms.Form):
    """Fields in every state; samples name them as `form:<field>`."""

    title = forms.CharField(
        label="Title of the event", help_text="As it will stand in the calendar; at most 80 letters"
    )
    mark = forms.ChoiceField(
        label="Handling mark",
        choices=[("amber", "This workspace only · TLP:AMBER"), ("green", "The coalition · TLP:GREEN")],
    )
    rule = forms.ChoiceField(
        label="Rule for publication",
        widget=forms.RadioSelect,
        choices=[
            ("joined", "with the names of those who joined by the deadline"),
            ("all", "when all of the steering group approved"),
        ],
    )
    notify = forms.BooleanField(label="Tell the organisations by mail", required=False)
    words = forms.CharField(label="Reason", widget=forms.Textarea, required=False)


class SampleTextsForm(forms.Form):
    """A text in several languages: `texts:name`, and `wrong_texts:name` with a mistake."""

    name = LocalizedTextFormField(
        label="Name of the helpline", help_text="As people know it; at most 60 letters", max_length=60
    )


def style_guide(request: HttpRequest) -> HttpResponse:
    """Show `templates/components/*.json`: each holds a title and samples for the template beside it."""
    forms_by_name: dict[str, forms.Form] = {
        "form": SampleForm(initial={"title": "Press conference on Article 123", "rule": "all"}),
        "wrong": SampleForm({"title": "", "mark": "amber", "rule": "nobody"}),
        "texts": SampleTextsForm(initial={"name": {language_codes()[0]: "150 сенім телефоны"}}),
        "wrong_texts": SampleTextsForm(
            {f"wrong-name_{language_codes()[1]}": "Телефон доверия 150 " * 4}, prefix="wrong"
        ),
    }
    components = [_component(request, path, forms_by_name) for path in sorted(COMPONENTS.glob("*.json"))]
    icons = sorted(path.stem for path in ICONS.glob("*.svg"))
    hues = [{"hue": hue, "initials": initials, "withheld": False} for hue, initials in enumerate(INITIALS, 1)]
    context = {"components": components, "icons": icons, "hues": hues, "colours": COLOURS}
    return render(request, "demo/style_guide.html", context)


def _component(request: HttpRequest, path: Path, sample_forms: dict[str, forms.Form]) -> dict[str, object]:
    sample = json.loads(path.read_text(encoding="utf-8"))
    template = sample.get("template", f"components/{path.stem}.html")
    contexts = [cast("dict[str, Any]", _resolve(context, sample_forms)) for context in sample["samples"]]
    return {
        "name": path.stem,
        "template": template,
        "title": sample["title"],
        "about": sample.get("about", ""),
        "samples": [render_to_string(template, context, request) for context in contexts],
    }


def _resolve(value: object, sample_forms: dict[str, forms.Form]) -> object:
    """Replace the names of objects in JSON by the objects: `form:title`, `wrong:`, `page:2`."""
    if isinstance(value, dict):
        return {key: _resolve(item, sample_forms) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolve(item, sample_forms) for item in value]
    if isinstance(value, str):
        kind, colon, rest = value.partition(":")
        if colon and kind in sample_forms:
            return sample_forms[kind][rest] if rest else sample_forms[kind]
        if colon and kind == "page" and rest.isdigit():
            return Paginator(range(50), 10).page(int(rest))
    return value
