"""Forms of the member area. Choices contain only what the person may see."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Membership, Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.localized_text import typed_field
from coalition.roles import SeatRole
from coalition.workspaces.models import NotificationSettings, Workspace
from coalition.workspaces.sentence_params import person_name


class NamedRowField[Row: (Membership, Organisation)](forms.ChoiceField):
    """One of several rows, by UUID; `empty_label` is the first choice."""

    empty_label: str | Promise

    def row_label(self, viewer: Viewer, row: Row) -> str:
        raise NotImplementedError

    def offer(self, viewer: Viewer, rows: Iterable[Row]) -> None:
        self._rows: dict[str, Row] = {str(row.uuid): row for row in rows}
        named: list[tuple[str, str]] = [(key, self.row_label(viewer, row)) for key, row in self._rows.items()]
        self.choices = [("", self.empty_label), *sorted(named, key=lambda choice: choice[1].lower())]

    def clean(self, value: str) -> Row:
        return self._rows[super().clean(value)]


class MembershipField(NamedRowField[Membership]):
    """A person in an organisation: memberships with both loaded."""

    empty_label = _("Choose a person")

    def row_label(self, viewer: Viewer, row: Membership) -> str:
        organisation = display_name_for(viewer, row.organisation)
        return f"{person_name(viewer, row.person, row.organisation)} — {organisation}"


class OrganisationField(NamedRowField[Organisation]):
    empty_label = _("Choose an organisation")

    def row_label(self, viewer: Viewer, row: Organisation) -> str:
        return display_name_for(viewer, row)


class WorkspaceForm(forms.ModelForm):
    class Meta:
        model = Workspace
        fields = ["title", "purpose"]
        help_texts = {"purpose": _("One or two sentences. Everyone with a seat reads them.")}
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}


class MemberForm(forms.BaseForm):
    """A form with the field `member`: one of `memberships`, named as the viewer may see them."""

    def __init__(self, *args: Any, viewer: Viewer, memberships: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "member", MembershipField).offer(viewer, memberships)


class OpenWorkspaceForm(MemberForm, WorkspaceForm):
    """A new workspace, with its first coordinator."""

    member = MembershipField(label=_("First coordinator"))


class SeatForm(MemberForm, forms.Form):
    member = MembershipField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=SeatRole, initial=SeatRole.REVIEWER)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=SeatRole)


class CoordinatorForm(MemberForm, forms.Form):
    """A coordinator appointed by the secretariat where none is left."""

    member = MembershipField(label=_("Coordinator"))


class OrganisationForm(forms.Form):
    """One of the organisations that may be added."""

    organisation = OrganisationField(label=_("Organisation"))

    def __init__(
        self, *args: Any, viewer: Viewer, organisations: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "organisation", OrganisationField).offer(viewer, organisations)


class FreezeForm(OrganisationForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For those who confirm. Leave out what could harm somebody."),
    )


HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class NotificationSettingsForm(forms.ModelForm[NotificationSettings]):
    """The fields are the arguments of `actions.notifications.change_notification_settings`."""

    muted = forms.ModelMultipleChoiceField(
        queryset=Workspace.objects.none(),
        to_field_name="uuid",
        label=_("Workspaces I am not told about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What happens there waits in the inbox; no mail is sent and no browser woken."),
    )

    class Meta:
        model = NotificationSettings
        fields = ["mail", "digest_hour", "quiet_from", "quiet_to", "urgent_passes"]
        labels = {
            "mail": _("When I am written to"),
            "digest_hour": _("Hour of the daily mail"),
            "quiet_from": _("Quiet from"),
            "quiet_to": _("Quiet until"),
            "urgent_passes": _("Tell me at once of a deadline that is hours away, in quiet hours too"),
        }
        widgets = {
            "mail": forms.RadioSelect,
            "digest_hour": forms.Select(choices=HOURS),
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_to": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, workspaces: QuerySet[Workspace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "muted", forms.ModelMultipleChoiceField).queryset = workspaces
        if not workspaces:
            del self.fields["muted"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_to")
        if (begins is None) != (ends is None) and not self.errors:
            missing = "quiet_to" if ends is None else "quiet_from"
            self.add_error(missing, _("Quiet hours have a beginning and an end: give both, or neither."))
        return cleaned
