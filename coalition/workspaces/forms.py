"""Forms of the members' area. What may be chosen is already what the person may be told."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Membership, Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.typed_field import typed_field
from coalition.roles import SeatRole
from coalition.workspaces.enums import MailMode
from coalition.workspaces.models import NotificationSettings, Workspace
from coalition.workspaces.naming import person_name


class MembershipField(forms.ChoiceField):
    """A person in an organisation, as one choice."""

    def offer(self, viewer: Viewer, memberships: Iterable[Membership]) -> None:
        """Fill the choices. `memberships` with person and organisation loaded."""
        self._rows = {str(row.uuid): row for row in memberships}
        named = [(key, _membership_label(viewer, row)) for key, row in self._rows.items()]
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
        typed_field(self.fields, "coordinator", MembershipField).offer(viewer, memberships)


class SeatForm(forms.Form):
    """A seat for a member of an organisation that takes part."""

    member = MembershipField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=SeatRole, initial=SeatRole.REVIEWER)

    def __init__(self, *args: Any, viewer: Viewer, memberships: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "member", MembershipField).offer(viewer, memberships)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=SeatRole)


class CoordinatorForm(forms.Form):
    """The secretariat names a coordinator where none is left."""

    member = MembershipField(label=_("Coordinator"))

    def __init__(self, *args: Any, viewer: Viewer, memberships: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "member", MembershipField).offer(viewer, memberships)


class OrganisationForm(forms.Form):
    """One organisation among those that may be brought in."""

    organisation = OrganisationField(label=_("Organisation"))

    def __init__(
        self, *args: Any, viewer: Viewer, organisations: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "organisation", OrganisationField).offer(viewer, organisations)


class FreezeForm(OrganisationForm):
    """Why an organisation must be stopped at once."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For those who confirm. Leave out what could harm somebody."),
    )


def _membership_label(viewer: Viewer, membership: Membership) -> str:
    organisation = display_name_for(viewer, membership.organisation)
    return f"{person_name(viewer, membership.person, membership.organisation)} — {organisation}"


# --- notification forms ---
# How a person wants to be told, as they fill it in.


HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]


class NotificationSettingsForm(forms.Form):
    """`wishes` gives what `domain.notification_settings.change` takes."""

    mail = forms.ChoiceField(label=_("When I am written to"), choices=MailMode, widget=forms.RadioSelect)
    digest_hour = forms.ChoiceField(label=_("Hour of the daily mail"), choices=HOURS)
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    urgent_passes = forms.BooleanField(
        label=_("Tell me at once of a deadline that is hours away, in quiet hours too"), required=False
    )
    muted = forms.MultipleChoiceField(
        label=_("Workspaces I am not told about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What happens there waits in the inbox; no mail is sent and no browser woken."),
    )

    def __init__(self, *args: Any, places: Iterable[Workspace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {str(place.uuid): place for place in places}
        field = typed_field(self.fields, "muted", forms.MultipleChoiceField)
        field.choices = [(key, place.title) for key, place in self._places.items()]
        if not self._places:
            del self.fields["muted"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_to")
        if (begins is None) != (ends is None) and not self.errors:
            missing = "quiet_to" if ends is None else "quiet_from"
            self.add_error(missing, _("Quiet hours have a beginning and an end: give both, or neither."))
        return cleaned

    @property
    def quiet(self) -> tuple[datetime.time, datetime.time] | None:
        begins, ends = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_to"]
        return (begins, ends) if begins is not None and ends is not None else None

    @property
    def wishes(self) -> dict[str, Any]:
        return {
            "mail": MailMode(self.cleaned_data["mail"]),
            "digest_hour": int(self.cleaned_data["digest_hour"]),
            "quiet": self.quiet,
            "urgent_passes": self.cleaned_data["urgent_passes"],
            "muted": [self._places[key] for key in self.cleaned_data.get("muted", [])],
        }


def initial_settings(kept: NotificationSettings, muted: Iterable[Workspace]) -> dict[str, object]:
    """The form's first values."""
    return {
        "mail": kept.mail,
        "digest_hour": str(kept.digest_hour),
        "quiet_from": kept.quiet_from,
        "quiet_to": kept.quiet_to,
        "urgent_passes": kept.urgent_passes,
        "muted": [str(place.uuid) for place in muted],
    }
