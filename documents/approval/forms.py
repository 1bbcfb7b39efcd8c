"""Forms of approval: putting to approval, deciding, calling, one-time links, whom to ask."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, Listing, Membership, Organisation, OrganisationKind, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import organisations
from coalition.core.clock import now
from coalition.core.localized_text import nest_quotes, typed_field
from coalition.workspaces.queries import frozen_in, participants
from documents.approval.actions.offline import Answer
from documents.approval.models import AskingGroup, AskingRow, OneTimeLink
from documents.approval.queries.rounds import allows_no_objection, asking_for
from documents.canonical.form import short_hash
from documents.drafts.access import GuestData
from documents.drafts.forms import AcknowledgedField, DeadlineField, OrganisationField, OrganisationsField
from documents.drafts.models import ApprovalRule, DecisionKind, Draft, DraftText, Version, Voice
from documents.drafts.queries import reader_limits


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

    def clean(self) -> dict[str, Any]:
        """Set the values of the rows."""
        cleaned: dict[str, Any] = super().clean() or {}
        for row in self.rows:
            for name in ("group", "hours", "rule"):
                if f"{name}_{row.kind}" in cleaned:
                    setattr(row, name, cleaned[f"{name}_{row.kind}"])
        return cleaned


class AskingGroupForm(forms.Form):
    """A group's name and its organisations."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    organisations = OrganisationsField(
        queryset=organisations().exclude(kind=OrganisationKind.MEDIA_PARTNER), label=_("Organisations")
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self.fields, "organisations", OrganisationsField).viewer = viewer


LANGUAGE_NAMES = dict(settings.LANGUAGES)


def _choose_languages(
    form: forms.Form, name: str, languages: list[str], *, hashes: Mapping[str, str] | None = None
) -> None:
    """Set the languages to choose from, all chosen at first; without any, delete the field. `hashes`: of
    the texts, displayed beside their languages."""
    if not languages:
        del form.fields[name]
        return
    field = typed_field(form.fields, name, forms.MultipleChoiceField)
    suffixes = {code: f" · {short_hash(digest)}" for code, digest in (hashes or {}).items()}
    field.choices = [(code, f"{LANGUAGE_NAMES[code]}{suffixes.get(code, '')}") for code in languages]
    field.initial = list(languages)


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
        self, *args: Any, people: list[Membership], languages: list[str], relies: list[str], **kwargs: Any
    ) -> None:
        """`people`: those to call; `relies`: languages with an attested translation."""
        super().__init__(*args, **kwargs)
        self._people = {str(one.person.uuid): one.person for one in people}
        typed_field(self.fields, "person", forms.ChoiceField).choices = [
            (
                str(one.person.uuid),
                f"{one.person.name} · {one.get_role_display()} · {one.person.phone or _('no number')}",
            )
            for one in people
        ]
        if len(people) == 1:
            self.fields["person"].initial = str(people[0].person.uuid)
        _choose_languages(self, "languages", languages)
        self.fields["languages"].initial = [code for code in languages if code not in relies] or languages
        _choose_languages(self, "relies", relies)

    @property
    def called(self) -> User:
        return self._people[self.cleaned_data["person"]]


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
        self.link = link
        _choose_languages(self, "languages", link.languages, hashes=link.words)
        _choose_languages(self, "relies", relies)

    def clean(self) -> dict[str, Any]:
        """Add `relies` if it has no field. Require a language unless the answer is for the whole text."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.setdefault("relies", [])
        decision = cleaned.get("decision")
        if decision and decision not in self.WHOLE and not cleaned.get("languages"):
            raise ValidationError(_("Choose at least one language."))
        return cleaned

    @property
    def answer(self) -> Answer:
        hashes, data = self.link.words, self.cleaned_data
        decision = DecisionKind(data["decision"])
        languages = hashes if decision in self.WHOLE else data["languages"]
        relies = data["relies"] if decision == DecisionKind.APPROVED else []
        return Answer(
            decision=decision,
            hashes={code: hashes[code] for code in languages},
            relies={code: hashes[code] for code in relies if code not in languages},
            reason=data["reason"],
        )


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
        self, *args: Any, asked: list[Organisation], languages: list[str], viewer: Viewer, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._asked = {str(one.uuid): one for one in asked}
        organisation = typed_field(self.fields, "organisation", forms.ChoiceField)
        organisation.choices = [(uuid, display_name_for(viewer, one)) for uuid, one in self._asked.items()]
        _choose_languages(self, "languages", languages)

    @property
    def link_arguments(self) -> dict[str, Any]:
        """Return the arguments of `make_one_time_link`."""
        data = self.cleaned_data
        return {
            "organisation": self._asked[data["organisation"]],
            "guest": GuestData(data["name"], data["email"], Language(data["language"])),
            "languages": data["languages"],
        }


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
        # the coalition table's defaults for this kind of text; each can be changed
        if allows_no_objection():
            typed_field(self.fields, "rule", forms.ChoiceField).choices = ApprovalRule.choices
        row = asking_for(draft.kind)
        if draft.joining_until is not None and draft.joining_until > now():
            self.fields["deadline"].initial = draft.joining_until
        elif row is not None:
            self.fields["hours"].initial = row.hours
        if row is not None:
            self.fields["rule"].initial = row.rule
        if row is not None and row.group is not None:
            group = {one.pk for one in row.group.organisations.all()}
            offered = self.fields["organisations"].initial
            self.fields["organisations"].initial = [one for one in offered if one.pk in group]
        # preselect the signatories of the text being corrected, with a listing at least as strict
        names = draft.publications.standing_names()
        hidden = [name for name in names if name.listing != Listing.PUBLIC]
        for field, rows in (("organisations", names), ("withheld", hidden)):
            initial = {one.pk for one in self.fields[field].initial or ()}
            self.fields[field].initial = list(initial | {name.organisation_id for name in rows})

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

    def clean(self) -> dict[str, Any]:
        """Add `languages`: the codes under approval."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["languages"] = [code for code in self.texts if cleaned.get(f"put_{code}")]
        if not cleaned["languages"]:
            raise ValidationError(_("Choose at least one language to put to approval."))
        if "deadline" in cleaned and "hours" in cleaned:
            if cleaned["deadline"] and cleaned["hours"]:
                self.add_error("hours", _("Give a moment or a number of hours, not both."))
            elif cleaned["hours"]:
                cleaned["deadline"] = now() + datetime.timedelta(hours=cleaned["hours"])
            elif not cleaned["deadline"]:
                self.add_error("deadline", _("Say until when they decide: a moment, or a number of hours."))
        return cleaned


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

    kind = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (DecisionKind.ABSTAINS, DecisionKind.OBJECTS)]
    )
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No reason is asked for. What you write is seen by everyone who reads drafts here."),
    )
