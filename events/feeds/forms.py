"""What people choose for a calendar address of their own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.core.typed_field import typed_field
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import open_workspaces_for


class WorkspacesField(forms.ModelMultipleChoiceField):
    """Workspaces by their titles."""

    def label_from_instance(self, obj: Workspace) -> str:
        return obj.title


class FeedForm(forms.Form):
    """A name, a language, and what it holds."""

    name = forms.CharField(
        label=_("Name of this address"),
        max_length=80,
        help_text=_("Where you will read it, for example “My phone”: so that you know later which to end."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    workspaces = WorkspacesField(
        label=_("Only these workspaces"),
        queryset=Workspace.objects.none(),
        required=False,
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none for all in which you have a seat, now and later."),
    )
    only_mine = forms.BooleanField(label=_("Only what I am invited to"), required=False)
    with_public = forms.BooleanField(
        label=_("Also what the coalition or everyone is told of other workspaces"), required=False
    )

    with_tasks = forms.BooleanField(
        label=_("Also what I have to do for events"),
        required=False,
        help_text=_(
            "Open lines of checklists that you, or your organisation with nobody named, answer for:"
            " each on the day it is due."
        ),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"language": person.language})
        super().__init__(*args, **kwargs)
        workspaces = typed_field(self.fields, "workspaces", WorkspacesField)
        workspaces.queryset = open_workspaces_for(person).order_by("title")
