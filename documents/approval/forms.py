"""Forms for the secretariat: organisations to ask by kind of text."""

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language, Listing, OrganisationKind
from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import organisations
from coalition.core.clock import now
from coalition.core.quotation_marks import nest_quotes
from coalition.core.typed_field import typed_field
from coalition.workspaces.queries import frozen_in, participants
from documents.approval.actions.phone import AskingTableRow, PhoneApproval
from documents.approval.models import AskingGroup, AskingRow, OneTimeLink
from documents.approval.queries.rounds import allows_no_objection, asking_for
from documents.canonical.serialise import short_hash
from documents.drafts.enums import ApprovalRule, DecisionKind, Voice
from documents.drafts.forms import AcknowledgedField, DeadlineField, OrganisationField, OrganisationsField
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.queries import reader_limits
from documents.drafts.token_links import GuestData
from documents.publication.queries import signatory_names_of_draft


class AskingTableForm(forms.Form):
    """One row per kind of text: group, hours, rule."""

    allows_no_objection = forms.BooleanField(
        label=_("Silence after notice may stand beside approvals"),
        required=False,
        help_text=_(
            "Off unless the coalition agreed on it. It is shown as “no objection”, never as approval, and an "
            "organisation may say that its silence says nothing."
        ),
    )

    def __init__(self, *args: Any, rows: list[AskingRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"group_{row.kind}"] = forms.ModelChoiceField(
                label=_("Group that is asked"),
                queryset=AskingGroup.objects.order_by("name"),
                required=False,
                initial=row.group,
                empty_label=_("Every organisation of the workspace"),
            )
            self.fields[f"hours_{row.kind}"] = forms.IntegerField(
                label=_("Hours"), min_value=1, max_value=24 * 60, initial=row.hours
            )
            self.fields[f"rule_{row.kind}"] = forms.ChoiceField(
                label=_("Rule"), choices=ApprovalRule, initial=row.rule
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return the rows to display."""
        return [
            {
                "kind": row.get_kind_display(),
                "fields": [self[f"{name}_{row.kind}"] for name in ("group", "hours", "rule")],
            }
            for row in self.rows
        ]

    @property
    def table_rows(self) -> dict[str, AskingTableRow]:
        sent = self.cleaned_data
        return {
            row.kind: AskingTableRow(
                sent[f"group_{row.kind}"], sent[f"hours_{row.kind}"], ApprovalRule(sent[f"rule_{row.kind}"])
            )
            for row in self.rows
        }


class AskingGroupForm(forms.Form):
    """A group's name and its organisations."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    organisations = OrganisationsField(queryset=organisations(), label=_("Organisations"))

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = typed_field(self.fields, "organisations", OrganisationsField)
        field.viewer = viewer
        field.queryset = organisations().exclude(kind=OrganisationKind.MEDIA_PARTNER)


# --- calls ---
# Form for a coordinator's call.


LANGUAGE_NAMES = dict(settings.LANGUAGES)


class CallForm(forms.Form):
    """Person called, languages, and the code they read back. The button chooses the action."""

    person = forms.ChoiceField(label=_("Who is called"), widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=_("Reads and approves"), widget=forms.CheckboxSelectMultiple, required=False
    )
    relies = forms.MultipleChoiceField(
        label=_("Does not read, and relies on the translation"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    code = forms.CharField(
        label=_("The code that they read back"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_(
            "It was sent to them, not to you. Without it the approval counts after 24 hours in which nobody "
            "of the organisation objects, or once somebody of another organisation has called back."
        ),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(
        self, *args: Any, people: list[tuple[User, str]], put: list[str], relies: list[str], **kwargs: Any
    ) -> None:
        """`people`: people to call, each with a label; `relies`: languages with an attested
        translation."""
        super().__init__(*args, **kwargs)
        self._people = {str(person.uuid): person for person, _words in people}
        self._choose("person", [(str(person.uuid), words) for person, words in people])
        if len(people) == 1:
            self.fields["person"].initial = str(people[0][0].uuid)
        self._choose("languages", [(code, str(LANGUAGE_NAMES[code])) for code in put])
        self.fields["languages"].initial = [code for code in put if code not in relies] or put
        if relies:
            self._choose("relies", [(code, str(LANGUAGE_NAMES[code])) for code in relies])
            self.fields["relies"].initial = relies
        else:
            del self.fields["relies"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = typed_field(self.fields, name, forms.ChoiceField)
        field.choices = choices

    @property
    def called(self) -> User:
        return self._people[self.cleaned_data["person"]]

    @property
    def spoken(self) -> PhoneApproval:
        """Return the approvals given in the call."""
        return PhoneApproval(self.cleaned_data["languages"], self.cleaned_data.get("relies", []))


# --- one time ---
# Forms for a person without an account, and for asking them.


class OneTimeAnswerForm(forms.Form):
    """One answer for the organisation, on exactly the displayed versions."""

    WHOLE = frozenset({DecisionKind.ABSTAINS, DecisionKind.OBJECTS})
    decision = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (DecisionKind.APPROVED, _("We approve these words")),
            (DecisionKind.CHANGES_ASKED, _("We ask for changes")),
            (DecisionKind.ABSTAINS, _("We abstain: the text goes out without our name")),
            (DecisionKind.OBJECTS, _("We object to this text")),
        ],
    )
    languages = forms.MultipleChoiceField(
        label=_("In which languages"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("If you abstain or object, that is for the whole text."),
    )
    relies = forms.MultipleChoiceField(
        label=_("Languages that we do not read: we rely on the translation"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("A reviewer of another organisation answers that it says the same."),
    )
    reason = forms.CharField(
        label=_("What should be changed, and why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed if you ask for changes."),
    )

    def __init__(self, *args: Any, link: OneTimeLink, relies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (code, f"{LANGUAGE_NAMES[code]} · {short_hash(link.words[code])}") for code in link.languages
        ]
        self._choose("languages", choices)
        if relies:
            self._choose("relies", [(code, str(LANGUAGE_NAMES[code])) for code in relies])
        else:
            del self.fields["relies"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = typed_field(self.fields, name, forms.MultipleChoiceField)
        field.choices = choices
        field.initial = [code for code, _label in choices]

    def clean(self) -> dict[str, Any]:
        """Add `relies` if it was not asked. Require a language unless the answer is for the
        whole."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.setdefault("relies", [])
        decision = cleaned.get("decision")
        if decision and decision not in self.WHOLE and not cleaned.get("languages"):
            raise ValidationError(_("Choose at least one language."))
        return cleaned


class OneTimeForm(forms.Form):
    """The person to ask, the organisation, and the languages."""

    organisation = forms.ChoiceField(label=_("For which organisation"))
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Who decides. It stays with the decision.")
    )
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Of the mail and of the pages.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Reads and approves in"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, asked: list[Organisation], put: list[str], viewer: Viewer, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._asked = {str(one.uuid): one for one in asked}
        names = [(uuid, display_name_for(viewer, one)) for uuid, one in self._asked.items()]
        for name, choices in (("organisation", names), ("languages", [(c, LANGUAGE_NAMES[c]) for c in put])):
            field = typed_field(self.fields, name, forms.ChoiceField)
            field.choices = choices
        self.fields["languages"].initial = put

    def asked(self) -> dict[str, Any]:
        """Return the arguments of `make_one_time_link`."""
        given = self.cleaned_data
        return {
            "organisation": self._asked[given["organisation"]],
            "guest": GuestData(given["name"], given["email"], Language(given["language"])),
            "languages": given["languages"],
        }


ASIDE_DECISIONS = (DecisionKind.ABSTAINS, DecisionKind.OBJECTS)


class SubmitForApprovalForm(forms.Form):
    """Languages, organisations, and deadline of a round.

    One checkbox per language that can be put: it selects the version that matches the current text,
    or offers to name one. `unready` lists languages that have text but cannot be approved yet.
    """

    organisations = OrganisationsField(
        queryset=Organisation.objects.none(),
        label=_("Who is asked"),
        help_text=_("Each approves the languages it reads, and may rely on a translation answered for."),
    )
    withheld = OrganisationsField(
        queryset=Organisation.objects.none(),
        required=False,
        label=_("Not to be named under this text"),
        help_text=_("They are counted, not named. Names that are never told are not in this list."),
    )
    voice = forms.ChoiceField(
        label=_("In whose voice it speaks"), choices=Voice, initial=Voice.COALITION, widget=forms.RadioSelect
    )
    speaker = OrganisationField(
        queryset=Organisation.objects.none(),
        required=False,
        label=_("The one organisation"),
        help_text=_("Only for a text by one organisation that others join."),
    )
    rule = forms.ChoiceField(
        label=_("When it may be published"),
        choices=[(one.value, one.label) for one in (ApprovalRule.JOINED, ApprovalRule.ALL)],
        initial=ApprovalRule.JOINED,
        widget=forms.RadioSelect,
        help_text=_("Who has not joined is not named. Silence never counts as approval."),
    )
    deadline = DeadlineField(required=False)
    hours = forms.IntegerField(
        label=_("Or within so many hours"),
        required=False,
        min_value=1,
        max_value=24 * 60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    message = forms.CharField(
        label=_("Message to the organisations"), required=False, max_length=1000, widget=forms.Textarea
    )
    acknowledged = AcknowledgedField()

    def __init__(
        self, *args: Any, draft: Draft, viewer: Viewer, to_look_at: bool = True, **kwargs: Any
    ) -> None:
        """`to_look_at`: whether the checklist has findings to acknowledge."""
        super().__init__(*args, **kwargs)
        if not to_look_at:
            del self.fields["acknowledged"]
        self.texts: dict[str, DraftText] = {}
        self.versions: dict[str, Version] = {}
        self.unready: list[str] = []
        self._add_languages(draft)
        self._choose_organisations(draft, viewer)
        self._fill_from_table(draft)
        self._fill_from_public(draft)

    def _add_languages(self, draft: Draft) -> None:
        boxes: dict[str, forms.Field] = {}
        for text in draft.texts.filter(revision__gt=0).order_by("id"):
            name = str(LANGUAGE_NAMES[text.language])
            if not text.content_hash:
                self.unready.append(name)
                continue
            self.texts[text.language] = text
            version = text.versions.filter(hash=text.content_hash).order_by("-number").first()
            if version is not None:
                self.versions[text.language] = version
                label = _("%(language)s: version %(number)d, “%(name)s”") % {
                    "language": name,
                    "number": version.number,
                    "name": nest_quotes(version.name),
                }
            else:
                label = _("%(language)s: name the text as it stands now as a new version") % {
                    "language": name
                }
            boxes[f"put_{text.language}"] = forms.BooleanField(label=label, required=False, initial=True)
        if len(self.versions) < len(self.texts):
            boxes["version_name"] = forms.CharField(
                label=_("Name of the new versions"),
                max_length=120,
                required=False,
                initial=_("Put to approval"),
            )
        self.fields = {**boxes, **self.fields}

    def _choose_organisations(self, draft: Draft, viewer: Viewer) -> None:
        rows = participants(draft.workspace).exclude(kind=OrganisationKind.MEDIA_PARTNER)
        rows = rows.exclude(pk__in=frozen_in(draft.workspace))
        limited = reader_limits(draft).organisations
        if limited is not None:
            rows = rows.filter(pk__in=[organisation.pk for organisation in limited])
        for name, queryset in (
            ("organisations", rows),
            ("speaker", rows),
            ("withheld", rows.filter(listing=Listing.PUBLIC)),
        ):
            field = typed_field(self.fields, name, OrganisationField)
            field.viewer = viewer
            field.queryset = queryset
        self.fields["organisations"].initial = rows

    def _fill_from_table(self, draft: Draft) -> None:
        """Fill in the coalition table's defaults for this kind of text; each can be changed."""
        if allows_no_objection():
            typed_field(self.fields, "rule", forms.ChoiceField).choices = ApprovalRule.choices
        row = asking_for(draft.kind)
        if draft.joining_until is not None and draft.joining_until > now():
            self.fields["deadline"].initial = draft.joining_until
        elif row is not None:
            self.fields["hours"].initial = row.hours
        if row is None:
            return
        self.fields["rule"].initial = row.rule
        if row.group is not None:
            asked = {one.pk for one in row.group.organisations.all()}
            there = self.fields["organisations"].initial
            self.fields["organisations"].initial = [one for one in there if one.pk in asked]

    def _fill_from_public(self, draft: Draft) -> None:
        """Preselect the signatories of the text being corrected, with a listing at least as strict,
        unless the person chooses otherwise."""
        names = signatory_names_of_draft(draft)
        self._choose_also("organisations", {name.organisation_id for name in names})
        hidden = {name.organisation_id for name in names if name.listing != Listing.PUBLIC}
        self._choose_also("withheld", hidden)

    def _choose_also(self, name: str, wanted: set[int]) -> None:
        """Add initial keys; the field ignores those that are not among its choices."""
        field = self.fields[name]
        field.initial = list(wanted | {one.pk for one in field.initial or ()})

    def clean(self) -> dict[str, Any]:
        """Add `languages`: the codes under approval."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["languages"] = [code for code in self.texts if cleaned.get(f"put_{code}")]
        if not cleaned["languages"]:
            raise ValidationError(_("Choose at least one language to put to approval."))
        self._clean_deadline(cleaned)
        return cleaned

    def _clean_deadline(self, cleaned: dict[str, Any]) -> None:
        """Require exactly one of a moment and a number of hours from now."""
        if "deadline" not in cleaned or "hours" not in cleaned:
            return
        if cleaned["deadline"] and cleaned["hours"]:
            self.add_error("hours", _("Give a moment or a number of hours, not both."))
        elif cleaned["hours"]:
            cleaned["deadline"] = now() + datetime.timedelta(hours=cleaned["hours"])
        elif not cleaned["deadline"]:
            self.add_error("deadline", _("Say until when they decide: a moment, or a number of hours."))


class RenewRoundForm(forms.Form):
    """A new deadline, and the languages to update to newer versions."""

    language = forms.MultipleChoiceField(choices=settings.LANGUAGES, required=False)
    deadline = DeadlineField(required=False)
    acknowledged = AcknowledgedField()

    @property
    def languages(self) -> list[str]:
        """Return the languages chosen, even if another field is invalid."""
        return list(self["language"].value() or [])


class RequestChangesForm(forms.Form):
    """A request for changes in one language."""

    words = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What should be changed, and why"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Everyone in the workspace who reads drafts sees it."),
    )


class AbstainOrObjectForm(forms.Form):
    """An abstention or objection, for all languages. The reason is optional."""

    kind = forms.ChoiceField(choices=[(one.value, one.label) for one in ASIDE_DECISIONS])
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No reason is asked for. What you write is seen by everyone who reads drafts here."),
    )
