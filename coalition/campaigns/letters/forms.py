"""What organisers fill in about a letter action."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy as _, pgettext_lazy

from coalition.campaigns.appeals.desk_presenters import appeal_rows
from coalition.campaigns.appeals.desk_queries import appeals_for
from coalition.campaigns.appeals.forms.desk import PublicTextField
from coalition.campaigns.letters.actions.manage import LetterPlan
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.letters.queries import bodies_to_choose
from coalition.campaigns.letters.texts import facts_to_offer, usable_texts
from coalition.campaigns.recipients.models import Body
from coalition.core.localized_text import LocalizedTextarea, LocalizedTextFormField, typed_field
from coalition.workspaces.permissions import Access
from documents.facts.models import Fact, fact_line, fact_words_for
from documents.publication.models import Publication
from events.core.forms.times import date_field


class BodiesField(forms.ModelMultipleChoiceField):
    """Bodies of the workspace, by their names."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **given: Any) -> None:
        super().__init__(queryset=Body.objects.none(), to_field_name="uuid", **given)

    def label_from_instance(self, body: Body) -> str:
        return str(body.name)


class FactsField(forms.ModelMultipleChoiceField):
    """Facts of the register, by their checked words."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **given: Any) -> None:
        super().__init__(queryset=Fact.objects.none(), to_field_name="uuid", **given)

    def label_from_instance(self, fact: Fact) -> str:
        return fact_line(fact_words_for(fact.checked, get_language() or ""))


class LetterActionForm(forms.Form):
    """Everything about a letter action. Once valid, `plan` is what the actions take."""

    publication = PublicTextField(
        label=_("Text"),
        help_text=_(
            "Published texts of the kinds “Letter to a deputy” and “Letter”. Its paragraphs are offered as "
            "building blocks, word for word."
        ),
    )
    slug = forms.SlugField(
        label=pgettext_lazy("of a page", "Address"),
        max_length=80,
        help_text=_("Latin letters, digits and hyphens. It stays once the letters were opened."),
    )
    bodies = BodiesField(
        label=_("Whose people are written to"), help_text=_("Their people are imported at “Recipients”.")
    )
    appeal = forms.ChoiceField(
        label=_("Appeal"),
        required=False,
        help_text=_("Its counters show the letters, and who supports it is asked to write as well."),
    )
    closes_on = date_field(
        label=_("Last day"), required=False, help_text=_("People can write until the end of this day.")
    )
    facts = FactsField(
        label=_("Facts to offer"), required=False, help_text=_("Public facts whose words were checked.")
    )
    service_name = LocalizedTextFormField(
        label=_("The state’s service for appeals"),
        required=False,
        max_length=120,
        help_text=_("Its name, for people who copy their letter."),
    )
    service_url = forms.URLField(label=_("Its address"), required=False, assume_scheme="https")
    service_needs = LocalizedTextFormField(
        label=_("What it demands"),
        required=False,
        max_length=800,
        widget=LocalizedTextarea,
        help_text=_("For example a digital signature, and who is answered within how many days."),
    )
    service_checked_on = date_field(
        label=_("Checked on"),
        required=False,
        help_text=_("The day on which somebody opened the service and compared. Everybody reads it."),
    )

    def __init__(self, *args: Any, access: Access, action: LetterAction | None = None, **given: Any) -> None:
        if action is not None:
            given.setdefault("initial", _initial_of(action))
        super().__init__(*args, **given)
        texts = usable_texts(access)
        if action is not None:
            texts = Publication.objects.filter(
                pk__in=[*texts.values_list("pk", flat=True), action.publication_id]
            )
            texts = texts.prefetch_related("texts__version").order_by("-number")
        typed_field(self.fields, "publication", PublicTextField).queryset = texts
        bodies = bodies_to_choose(access.workspace)
        typed_field(self.fields, "bodies", BodiesField).queryset = bodies
        typed_field(self.fields, "facts", FactsField).queryset = facts_to_offer()
        rows = appeal_rows(list(appeals_for(access.user, access.workspace)))
        self._appeals = {str(row.appeal.uuid): row.appeal for row in rows}
        typed_field(self.fields, "appeal", forms.ChoiceField).choices = [
            ("", _("No appeal")),
            *((str(row.appeal.uuid), row.title) for row in rows),
        ]
        if action is not None and action.opened_at is not None:
            self.fields["slug"].disabled = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("service_url") and not data.get("service_checked_on") and not self.errors:
            self.add_error("service_checked_on", _("Say on which day somebody looked at the service."))
        return data

    @property
    def plan(self) -> LetterPlan:
        data = dict(self.cleaned_data)
        return LetterPlan(
            **{
                **data,
                "appeal": self._appeals.get(data["appeal"]),
                "bodies": list(data["bodies"]),
                "facts": list(data["facts"]),
            }
        )


def _initial_of(action: LetterAction) -> dict[str, Any]:
    names = ("slug", "closes_on", "service_name", "service_url", "service_needs", "service_checked_on")
    return {
        **{name: getattr(action, name) for name in names},
        "publication": action.publication.uuid,
        "appeal": str(action.appeal.uuid) if action.appeal is not None else "",
        "bodies": list(action.bodies.values_list("uuid", flat=True)),
        "facts": list(action.facts.values_list("uuid", flat=True)),
    }
