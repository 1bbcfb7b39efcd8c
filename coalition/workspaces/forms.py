"""Forms of the members' area. What may be chosen is already what the person may be told."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Membership, Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.typed_field import own_field
from coalition.roles import SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.people import name_of


class MembershipField(forms.ChoiceField):
    """A person in an organisation, as one choice."""

    def offer(self, viewer: Viewer, memberships: Iterable[Membership]) -> None:
        """Fill the choices. `memberships` with person and organisation loaded."""
        self._rows = {str(row.uuid): row for row in memberships}
        named = [(key, _words(viewer, row)) for key, row in self._rows.items()]
        self.choices = [("", _("Choose a person")), *sorted(named, key=lambda choice: choice[1].lower())]

    def clean(self, value: str) -> Membership:
        return self._rows[super().clean(value)]


class OrganisationField(forms.ChoiceField):
    """An organisation, under the name that the person may read."""

    def offer(self, viewer: Viewer, organisations: Iterable[Organisation]) -> None:
        self._rows = {str(row.uuid): row for row in organisations}
        named = [(key, display_name_for(viewer, row)) for key, row in self._rows.items()]
        self.choices = [
            ("", _("Choose an organisation")),
            *sorted(named, key=lambda choice: choice[1].lower()),
        ]

    def clean(self, value: str) -> Organisation:
        return self._rows[super().clean(value)]


class WorkspaceForm(forms.ModelForm):
    """What a workspace is called and what it is for."""

    class Meta:
        model = Workspace
        fields = ["title", "purpose"]
        help_texts = {"purpose": _("One or two sentences. Everyone with a seat reads them.")}
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}


class OpenWorkspaceForm(WorkspaceForm):
    """A new workspace, with its first coordinator."""

    coordinator = MembershipField(label=_("First coordinator"))

    def __init__(self, *args: Any, viewer: Viewer, memberships: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_field(self.fields, "coordinator", MembershipField).offer(viewer, memberships)


class SeatForm(forms.Form):
    """A seat for a member of an organisation that takes part."""

    member = MembershipField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=SeatRole, initial=SeatRole.REVIEWER)

    def __init__(self, *args: Any, viewer: Viewer, memberships: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_field(self.fields, "member", MembershipField).offer(viewer, memberships)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=SeatRole)


class CoordinatorForm(forms.Form):
    """The secretariat names a coordinator where none is left."""

    member = MembershipField(label=_("Coordinator"))

    def __init__(self, *args: Any, viewer: Viewer, memberships: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_field(self.fields, "member", MembershipField).offer(viewer, memberships)


class OrganisationForm(forms.Form):
    """One organisation among those that may be brought in."""

    organisation = OrganisationField(label=_("Organisation"))

    def __init__(
        self, *args: Any, viewer: Viewer, organisations: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own_field(self.fields, "organisation", OrganisationField).offer(viewer, organisations)


class FreezeForm(OrganisationForm):
    """Why an organisation must be stopped at once."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For those who confirm. Leave out what could harm somebody."),
    )


def _words(viewer: Viewer, membership: Membership) -> str:
    organisation = display_name_for(viewer, membership.organisation)
    return f"{name_of(viewer, membership.person, membership.organisation)} — {organisation}"
