"""What organisers fill in about the official petition's plan."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.models import PetitionPlan
from coalition.campaigns.appeals.models.petition_plan import INITIATORS_NEEDED
from coalition.campaigns.appeals.planner.actions import MOST_PEOPLE, MOST_STEPS, ProposedStep
from coalition.campaigns.appeals.planner.schedule import MOST_WORKING_DAYS
from events.core.forms.times import date_field


class StartPlanForm(forms.Form):
    """With which day a plan begins."""

    files_on = date_field(label=_("Day of filing"))


class PlanForm(forms.Form):
    """How many people are needed, and when it is filed."""

    files_on = date_field(
        label=_("Day of filing"), help_text=_("If offices are closed on it, the next working day is meant.")
    )
    needed = forms.IntegerField(
        label=_("People with a digital signature who are needed"),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=INITIATORS_NEEDED,
        help_text=_("Check the law before you rely on this number: it can change."),
    )

    def __init__(self, *args: Any, plan: PetitionPlan, **given: Any) -> None:
        given.setdefault("initial", {"files_on": plan.files_on, "needed": plan.needed})
        super().__init__(*args, **given)


class StepForm(forms.Form):
    """One step; a new one counts once it has a name."""

    step = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Step"), max_length=120, required=False)
    working_days = forms.IntegerField(
        label=_("Working days"),
        required=False,
        min_value=-MOST_WORKING_DAYS,
        max_value=MOST_WORKING_DAYS,
    )
    remove = forms.BooleanField(label=_("Remove this step"), required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("remove"):
            return found
        if found.get("name") and found.get("working_days") is None and "working_days" not in self.errors:
            self.add_error("working_days", _("Say how many working days before or after the filing."))
        if not found.get("name") and (found.get("step") or found.get("working_days") is not None):
            self.add_error("name", _("Give the step a name, or remove it."))
        return found


StepFormSet = formset_factory(StepForm, extra=2, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


def step_forms(plan: PetitionPlan, data: Any = None) -> BaseFormSet[StepForm]:
    """Return the steps of the plan to be changed, with two lines for new ones."""
    initial = [
        {"step": one.uuid, "name": one.name, "working_days": one.working_days} for one in plan.steps.all()
    ]
    return StepFormSet(data, initial=initial, prefix="steps")


def proposed_steps(plan: PetitionPlan, forms_: BaseFormSet[StepForm]) -> list[ProposedStep]:
    """Return what was typed in. Of steps that are gone meanwhile new ones are made."""
    known = {one.uuid: one for one in plan.steps.all()}
    rows = [form.cleaned_data for form in forms_ if form.cleaned_data.get("name")]
    return [
        ProposedStep(row["name"], row["working_days"], known.get(row["step"]))
        for row in rows
        if not row["remove"]
    ]


class PledgeForm(forms.Form):
    """How many people with a digital signature one organisation promises and has found."""

    promised = forms.IntegerField(label=_("Promised"), min_value=0, max_value=MOST_PEOPLE)
    found = forms.IntegerField(label=_("Found"), min_value=0, max_value=MOST_PEOPLE)
