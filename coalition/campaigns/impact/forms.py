"""What people fill in about figures, changes, grants, links and reports."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import Language, Organisation
from coalition.accounts.naming import Viewer, display_name_for, may_see_name
from coalition.applicants.forms import validate_single_line
from coalition.campaigns.appeals.forms.desk import WorkspaceFileField
from coalition.campaigns.asks.models import Ask
from coalition.campaigns.asks.queries import asks_of
from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.actions.figures import ChangeContent, Evidence, FigureContent
from coalition.campaigns.impact.enums import MOST_COUNTED, MOST_WORDS, Rung
from coalition.campaigns.impact.hidden_names import HiddenNames, hidden_names
from coalition.campaigns.impact.models import Contribution, Figure, Grant, Measure
from coalition.campaigns.impact.permissions import may_lead_impact
from coalition.campaigns.impact.queries import grants_for
from coalition.core.localized_text import (
    LocalizedTextarea,
    LocalizedTextFormField,
    content_languages,
    typed_field,
)
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.files.consent import usable_files_for
from events.core.forms.times import date_field
from events.press.coverage.models import Proof


class OrganisationField(forms.TypedChoiceField):
    """An organisation that takes part and whose name the viewer may read. Cleans to it; None where it is not
    required and not chosen. `none_label`: of that choice."""

    def __init__(self, *, none_label: Any = "", **given: Any) -> None:
        self.none_label = none_label
        super().__init__(empty_value=None, **given)

    def offer(self, organisations: Iterable[Organisation], viewer: Viewer) -> None:
        """Offer those of the organisations whose names the viewer may read."""
        found = {str(one.uuid): one for one in organisations if may_see_name(viewer, one)}
        choices = [(code, display_name_for(viewer, one)) for code, one in found.items()]
        self.choices = [("", self.none_label), *choices] if self.none_label else choices
        self.coerce = found.__getitem__


class GrantField(forms.ModelChoiceField):
    """A grant that the person may see. Call `offer` first."""

    hidden: HiddenNames

    def __init__(self, **given: Any) -> None:
        super().__init__(queryset=Grant.objects.none(), to_field_name="uuid", required=False, **given)

    def offer(self, grants: QuerySet[Grant], hidden: HiddenNames) -> None:
        """Offer these grants; `hidden`: names that the person may not read."""
        self.hidden = hidden
        self.queryset = grants

    def label_from_instance(self, grant: Grant) -> str:
        return self.hidden.without(f"{grant.title} ({grant.donor})")


class AskField(forms.ModelChoiceField):
    """An ask of the workspace."""

    def label_from_instance(self, ask: Ask) -> str:
        return f"{ask.number}. {ask.words}"[:120]


class ScopeForm(forms.Form):
    """Of whom and of which days the figures are."""

    organisation = OrganisationField(
        label=_("Organisation"), required=False, none_label=_("The whole coalition")
    )
    grant = GrantField(label=_("Grant"), empty_label=_("All"))
    since = date_field(label=_("From"), required=False)
    until = date_field(label=_("To"), required=False)

    def __init__(
        self,
        *args: Any,
        access: Access,
        viewer: Viewer,
        taking_part: Iterable[Organisation],
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        typed_field(self.fields, "organisation", OrganisationField).offer(taking_part, viewer)
        hidden = HiddenNames(taking_part, viewer)
        typed_field(self.fields, "grant", GrantField).offer(grants_for(access), hidden)
        for name in ("since", "until"):
            self.fields[name].widget.attrs["max"] = site_today().isoformat()

    def clean(self) -> dict[str, Any]:
        return _clean_days(self, super().clean() or {})


def _clean_days(
    form: forms.Form, cleaned: dict[str, Any], *, first: str = "since", last: str = "until"
) -> dict[str, Any]:
    """Return what was typed, with an error beside the last day if it is before the first."""
    begin, end = cleaned.get(first), cleaned.get(last)
    if begin is not None and end is not None and end < begin:
        form.add_error(last, _("The last day is before the first."))
    return cleaned


class MeasureForm(forms.Form):
    """What is counted, so that organisations count the same."""

    rung = forms.TypedChoiceField(
        label=_("What kind of figure"), choices=Rung.choices, coerce=Rung, widget=forms.RadioSelect
    )
    words = LocalizedTextFormField(
        label=_("What is counted"), help_text=_("For example: people trained."), max_length=120
    )
    unit = LocalizedTextFormField(
        label=_("Unit"), help_text=_("For example: people."), max_length=40, required=False
    )


class _EvidenceForm(forms.Form):
    """Proof, and the grant that pays for it."""

    def offer(self, access: Access, viewer: Viewer, current: Figure | Contribution | None) -> None:
        """Offer files and grants. Grant and file of a figure stay as they are for somebody who may not see
        them."""
        file = typed_field(self.fields, "evidence_file", WorkspaceFileField)
        file.queryset = usable_files_for(access.user, access.workspace)
        self.hidden_file = current.evidence_file if current is not None else None
        if self.hidden_file in file.queryset:
            self.hidden_file = None
        file.empty_label = str(_("No file") if self.hidden_file is None else _("The file as it is"))
        grants = grants_for(access)
        self.hidden_grant: Grant | None = None
        if current is not None and current.grant is not None and current.grant not in grants:
            self.hidden_grant = current.grant
        if self.hidden_grant is not None or not grants:
            del self.fields["grant"]
        else:
            hidden = hidden_names(access.workspace, viewer)
            typed_field(self.fields, "grant", GrantField).offer(grants, hidden)

    @property
    def evidence(self) -> Evidence:
        """Of a valid form."""
        data = self.cleaned_data
        grant = data["grant"] if "grant" in self.fields else self.hidden_grant
        return Evidence(grant, data["evidence_url"], data["evidence_file"] or self.hidden_file)


def _evidence_fields() -> dict[str, forms.Field]:
    """Return the fields of the proof, the last ones of a form."""
    return {
        "evidence_url": forms.URLField(
            label=_("Web address of the proof"), required=False, max_length=500, assume_scheme="https"
        ),
        "evidence_file": WorkspaceFileField(
            label=_("File of the proof"),
            help_text=_(
                "A file of this workspace. Donors read a copy without metadata. Look first whether it shows "
                "names, addresses or phone numbers."
            ),
        ),
        "grant": GrantField(label=_("Paid from a grant"), empty_label=_("Of no grant")),
    }


def _note_field() -> forms.CharField:
    return forms.CharField(
        label=_("What was wrong"),
        max_length=300,
        validators=[validate_single_line],
        help_text=_("It stands beside the figure, and in frozen reports that had the old one."),
    )


class FigureForm(_EvidenceForm):
    """A declared number, with what must be known to read it."""

    organisation = OrganisationField(label=_("Organisation"))
    value = forms.IntegerField(label=_("Number"), min_value=0, max_value=MOST_COUNTED)
    as_of = date_field(label=_("As of"), help_text=_("The day on which it was so."), initial=site_today)
    scope = LocalizedTextFormField(
        label=_("Where and for whom"),
        help_text=_("For example: staff of six companies in Shymkent."),
        max_length=300,
    )
    source = LocalizedTextFormField(
        label=_("Source"), help_text=_("For example: signed attendance lists."), max_length=300
    )
    method = LocalizedTextFormField(
        label=_("How it was counted"), max_length=500, widget=LocalizedTextarea, required=True
    )
    proof = forms.TypedChoiceField(
        label=_("How sure"),
        coerce=Proof,
        choices=[(one.value, one.label) for one in (Proof.MEASURED, Proof.COUNTER)],
        help_text=_("Estimates are not added to what was measured, so they have no place here."),
    )
    baseline = forms.IntegerField(
        label=_("Number before"),
        required=False,
        min_value=0,
        max_value=MOST_COUNTED,
        help_text=_("To compare with, if there is one."),
    )
    baseline_words = LocalizedTextFormField(
        label=_("Before what"),
        required=False,
        max_length=200,
        help_text=_("For example: the year before the campaign, the same companies."),
    )
    baseline_on = date_field(label=_("Day of the number before"), required=False)
    shows_ratio = forms.BooleanField(
        label=_("Also say how many times as much it is"),
        required=False,
        help_text=_("Only with the number before: six times of what?"),
    )

    def __init__(
        self,
        *args: Any,
        access: Access,
        viewer: Viewer,
        measure: Measure,
        figure: Figure | None = None,
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        self.fields |= _evidence_fields()
        self.offer(access, viewer, figure)
        self.is_reach = measure.rung == Rung.REACH
        if not self.is_reach:
            del self.fields["proof"]
        for name in ("as_of", "baseline_on"):
            self.fields[name].widget.attrs["max"] = site_today().isoformat()
        _offer_organisations(self.fields, access, viewer, figure)

    @property
    def content(self) -> FigureContent:
        """Of a valid form."""
        names = (
            *("value", "as_of", "scope", "source", "method"),
            *("baseline", "baseline_words", "baseline_on", "shows_ratio"),
        )
        proof = self.cleaned_data["proof"] if self.is_reach else Proof.NOT_KNOWN
        return FigureContent(proof=proof, **{name: self.cleaned_data[name] for name in names})


class ChangeForm(_EvidenceForm):
    """A change as a contribution: a coalition is never the only one who brought it about."""

    organisation = OrganisationField(label=_("Recorded by"))
    on = date_field(label=_("Day of the change"), initial=site_today)
    change = LocalizedTextFormField(label=_("What changed"), max_length=MOST_WORDS, widget=LocalizedTextarea)
    contribution = LocalizedTextFormField(
        label=_("What the coalition did for it"), max_length=MOST_WORDS, widget=LocalizedTextarea
    )
    others = LocalizedTextFormField(
        label=_("Who else did something for it"),
        max_length=MOST_WORDS,
        widget=LocalizedTextarea,
        help_text=_("A change has many authors. Name those outside the coalition."),
    )
    confirmed_by = LocalizedTextFormField(
        label=_("Who outside confirms it"),
        max_length=300,
        help_text=_("A person, a body or a document that does not belong to the coalition."),
    )
    ask = AskField(
        label=_("Ask"),
        queryset=Ask.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("Of no ask"),
    )

    def __init__(
        self,
        *args: Any,
        access: Access,
        viewer: Viewer,
        contribution: Contribution | None = None,
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        self.fields |= _evidence_fields()
        self.offer(access, viewer, contribution)
        asks = asks_of(access.workspace)
        typed_field(self.fields, "ask", AskField).queryset = asks
        if not asks:
            del self.fields["ask"]
        self.fields["on"].widget.attrs["max"] = site_today().isoformat()
        _offer_organisations(self.fields, access, viewer, contribution)

    @property
    def content(self) -> ChangeContent:
        """Of a valid form."""
        names = ("on", "change", "contribution", "others", "confirmed_by")
        words = {name: self.cleaned_data[name] for name in names}
        return ChangeContent(ask=self.cleaned_data.get("ask"), **words)


def _offer_organisations(
    fields: dict[str, forms.Field], access: Access, viewer: Viewer, current: Figure | Contribution | None
) -> None:
    """Let coordinators choose for whom it is; a correction stays with its organisation, and has a note."""
    if current is not None:
        del fields["organisation"]
        fields["note"] = _note_field()
        fields["revision"] = forms.IntegerField(widget=forms.HiddenInput, initial=current.number)
        return
    field = typed_field(fields, "organisation", OrganisationField)
    rows = participants(access.workspace)
    field.offer(rows if may_lead_impact(access) else rows.filter(pk=access.organisation.pk), viewer)
    field.initial = str(access.organisation.uuid)


def initial_of(row: Figure | Contribution, names: Iterable[str], hidden: HiddenNames) -> dict[str, Any]:
    """Return what the form of a correction begins with, without texts that name whom the person may not
    read of. `names`: of its fields."""
    found = {name: getattr(row, name, None) for name in names}
    found = {name: hidden.editable(value) for name, value in found.items()}
    for name in ("grant", "evidence_file", "ask"):
        related = found.get(name)
        found[name] = related.uuid if related is not None else None
    return found


class WithdrawForm(forms.Form):
    """Why a figure counts no more, or counts again (`is_back`)."""

    note = _note_field()

    def __init__(self, *args: Any, is_back: bool = False, **given: Any) -> None:
        super().__init__(*args, **given)
        if is_back:
            self.fields["note"].label = _("Why it counts again")


class GrantForm(forms.Form):
    """A grant as its contract says."""

    organisation = OrganisationField(
        label=_("Organisation that holds it"),
        help_text=_("Its people and coordinators see the grant; nobody else does."),
    )
    donor = forms.CharField(label=_("Donor"), max_length=160, validators=[validate_single_line])
    title = LocalizedTextFormField(label=pgettext_lazy("of a grant", "Title"), max_length=160)
    number = forms.CharField(
        label=_("Number of the contract"), max_length=60, required=False, validators=[validate_single_line]
    )
    starts_on = date_field(label=_("First day"))
    ends_on = date_field(label=_("Last day"))

    def __init__(self, *args: Any, access: Access, viewer: Viewer, **given: Any) -> None:
        super().__init__(*args, **given)
        organisation = typed_field(self.fields, "organisation", OrganisationField)
        organisation.offer(participants(access.workspace), viewer)
        organisation.initial = str(access.organisation.uuid)

    def clean(self) -> dict[str, Any]:
        return _clean_days(self, super().clean() or {}, first="starts_on", last="ends_on")


class LinkForm(forms.Form):
    """To whom a link is given."""

    label = forms.CharField(label=_("Who gets it"), max_length=120, validators=[validate_single_line])
    language = forms.TypedChoiceField(
        label=_("Language of the page"), choices=content_languages, coerce=Language, initial=Language.EN
    )
    ends_on = date_field(label=_("Opens until"), help_text=_("At most a year from today."))


class FreezeForm(forms.Form):
    """Of what a report is frozen."""

    grant = GrantField(label=_("Grant"), empty_label=_("None: the whole coalition"))
    organisation = OrganisationField(
        label=_("Organisation"), required=False, none_label=_("None: the whole coalition")
    )
    since = date_field(label=_("From"), required=False, help_text=_("Empty: since the beginning."))
    until = date_field(label=_("To"), initial=site_today)

    def __init__(self, *args: Any, access: Access, viewer: Viewer, **given: Any) -> None:
        super().__init__(*args, **given)
        hidden = hidden_names(access.workspace, viewer)
        typed_field(self.fields, "grant", GrantField).offer(grants_for(access), hidden)
        organisation = typed_field(self.fields, "organisation", OrganisationField)
        organisation.offer(participants(access.workspace), viewer)
        for name in ("since", "until"):
            self.fields[name].widget.attrs["max"] = site_today().isoformat()

    def clean(self) -> dict[str, Any]:
        return _clean_days(self, super().clean() or {})
