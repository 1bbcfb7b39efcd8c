"""Public forms for news by mail."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from home.models import Topic


class TopicsForm(forms.Form):
    """Choose topics of news, or all."""

    def __init__(self, *args: Any, topics: Iterable[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices := [(str(topic.translation_key), topic.name) for topic in topics]:
            self.fields["topics"] = forms.MultipleChoiceField(
                label=_("About what"),
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Choose nothing and you get all news."),
            )

    @property
    def wanted(self) -> list[str]:
        """Return translation keys of the chosen topics. The form must be valid."""
        chosen: list[str] = self.cleaned_data.get("topics", [])
        return chosen


class NewsByMailForm(TopicsForm):
    """Subscribe to news by mail."""

    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
