"""Forms of the regional plan."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Organisation, User
from coalition.accounts.naming import Viewer, display_name_for, may_see_name
from coalition.applicants.forms import validate_single_line
from coalition.campaigns.core.regional_actions import regional_actions
from coalition.campaigns.regional_plan.models import Commitment
from coalition.campaigns.regional_plan.permissions import may_lead_plan
from coalition.campaigns.regional_plan.queries import PlanScope
from coalition.core.localized_text import typed_field
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, participants, seats_in
from coalition.workspaces.sentence_params import person_name


class _PersonChoiceField(forms.ModelChoiceField):
    """People of several organisations, each with the organisation they work here for, as far as the viewer
    may read both."""

    viewer: Viewer
    organisations: dict[int, Organisation]

    def label_from_instance(self, obj: User) -> str:
        organisation = self.organisations[obj.pk]
        if not may_see_name(self.viewer, organisation):
            return person_name(self.viewer, obj, organisation)
        return f"{obj.name} ({display_name_for(self.viewer, organisation)})"


class _OrganisationChoiceField(forms.ModelChoiceField):
    viewer: Viewer

    def label_from_instance(self, obj: Organisation) -> str:
        return display_name_for(self.viewer, obj)


class CommitmentForm(forms.ModelForm):
    """What an organisation promises. People choose for their own organisation; those who plan for each."""

    contact = _PersonChoiceField(
        label=_("Contact"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Whom the coordinator asks. Somebody who works here for this organisation."),
    )

    class Meta:
        model = Commitment
        fields = ["promised", "due_on", "contact", "note"]
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, access: Access, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].validators.append(validate_single_line)
        seats = seats_in(access.workspace)
        if self.instance.pk:
            seats = seats.filter(organisation=self.instance.organisation)
        elif not may_lead_plan(access):
            seats = seats.filter(organisation=access.organisation)
        contact = typed_field(self.fields, "contact", _PersonChoiceField)
        found = list(seats)
        contact.viewer = viewer
        contact.organisations = {one.person_id: one.organisation for one in found}
        contact.queryset = User.objects.filter(pk__in=contact.organisations).order_by("name")

    @property
    def chosen(self) -> dict[str, Any]:
        """What the actions need, of a valid form."""
        return {name: self.cleaned_data[name] for name in self.fields}


class NewCommitmentForm(CommitmentForm):
    """With region, action and organisation."""

    region = forms.ChoiceField(label=_("Region"))
    action = forms.ChoiceField(label=_("What"))
    organisation = _OrganisationChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    field_order = ["region", "action", "organisation", "promised", "due_on", "contact", "note"]

    def __init__(self, *args: Any, access: Access, viewer: Viewer, scope: PlanScope, **kwargs: Any) -> None:
        super().__init__(*args, access=access, viewer=viewer, **kwargs)
        region = typed_field(self.fields, "region", forms.ChoiceField)
        # Where nobody said in which regions they work, a first promise can be of each.
        region.choices = [(code, str(REGIONS[code])) for code in scope.regions or REGIONS]
        action = typed_field(self.fields, "action", forms.ChoiceField)
        action.choices = [(one.name, f"{one.label} ({one.unit})") for one in scope.actions]
        organisation = typed_field(self.fields, "organisation", _OrganisationChoiceField)
        organisation.viewer = viewer
        taking_part = participants(access.workspace).exclude(pk__in=frozen_in(access.workspace))
        if not may_lead_plan(access):
            taking_part = taking_part.filter(pk=access.organisation.pk)
        organisation.queryset = taking_part
        organisation.initial = access.organisation.pk


class OwnCountForm(CommitmentForm):
    """For an action that nothing counts: the organisation says how much it has done."""

    class Meta(CommitmentForm.Meta):
        fields = ["promised", "done_declared", "due_on", "contact", "note"]


class ScopeForm(forms.Form):
    """Which regions and actions the plan has."""

    regions = forms.MultipleChoiceField(
        label=_("Regions"), choices=REGIONS.items(), widget=forms.CheckboxSelectMultiple
    )
    actions = forms.MultipleChoiceField(label=_("What is done there"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: QueryDict | None, *, scope: PlanScope) -> None:
        initial = {"regions": scope.regions, "actions": [one.name for one in scope.actions]}
        super().__init__(data, initial=initial)
        actions = typed_field(self.fields, "actions", forms.MultipleChoiceField)
        actions.choices = [(one.name, one.label) for one in regional_actions()]
