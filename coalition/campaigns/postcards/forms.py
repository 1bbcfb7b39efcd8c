"""What coordinators fill in about designs and batches of postcards."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import REGIONS, Organisation
from coalition.campaigns.postcards.actions import MOST_BATCHES, MOST_SLUG, NO_ORGANISATION
from coalition.campaigns.postcards.models import MOST_CARDS, CardDesign
from coalition.campaigns.postcards.pdf import Copies, Layout
from coalition.campaigns.postcards.queries import bodies_to_choose
from coalition.campaigns.postcards.words import usable_pictures, usable_publications
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.referrals.targets import Target as Destination
from coalition.core.localized_text import content_languages, typed_field
from coalition.workspaces.permissions import Access
from documents.files.models import StoredFile
from documents.publication.models import Publication


class PublishedTextField(forms.ModelChoiceField):
    """A public text, by its title and number in the chain."""

    def __init__(self, **given: Any) -> None:
        super().__init__(queryset=Publication.objects.none(), to_field_name="uuid", **given)

    def label_from_instance(self, publication: Publication) -> str:
        return f"{publication.title} (№ {publication.number})"


class PictureField(forms.ModelChoiceField):
    """A picture of the workspace, by its name."""

    def __init__(self, **given: Any) -> None:
        super().__init__(queryset=StoredFile.objects.none(), to_field_name="uuid", required=False, **given)

    def label_from_instance(self, file: StoredFile) -> str:
        return file.name


LANGUAGE_LABELS = (_("First language"), _("Second language"), _("Third language"))


class DesignForm(forms.Form):
    """What a card consists of. All languages are chosen beforehand, in the site's order."""

    publication = PublishedTextField(
        label=pgettext_lazy("of a postcard", "Text"),
        help_text=_(
            "Statements, appeals, letters and captions that are public now. The whole text stands on the "
            "back, its title on the front."
        ),
    )
    destination = forms.ChoiceField(label=_("The code leads to"), widget=forms.RadioSelect)
    recipient = forms.ChoiceField(
        label=pgettext_lazy("of a postcard", "Recipient"),
        required=False,
        help_text=_("To whom the cards are handed over. Name and postal address stand on the card."),
    )
    front_picture = PictureField(
        label=_("Picture on the front"),
        help_text=_("Pictures of this workspace that are marked as public. Without one it is the tulip."),
    )
    slug = forms.SlugField(
        label=pgettext_lazy("of a page", "Address"),
        max_length=MOST_SLUG,
        help_text=_("Latin letters, digits and hyphens, for the public page: /postcards/…/"),
    )

    def __init__(
        self,
        *args: Any,
        access: Access,
        destinations: Sequence[Destination],
        design: CardDesign | None = None,
        **given: Any,
    ) -> None:
        if design is not None:
            given.setdefault("initial", _initial_of(design))
        super().__init__(*args, **given)
        self.access = access
        text = typed_field(self.fields, "publication", PublishedTextField)
        text.queryset = usable_publications(access)
        picture = typed_field(self.fields, "front_picture", PictureField)
        picture.queryset = usable_pictures(access)
        picture.empty_label = str(_("No picture"))
        self._add_languages(design)
        field = typed_field(self.fields, "destination", forms.ChoiceField)
        field.choices = [(one.value, f"{one.label}: {one.title}") for one in destinations]
        field.initial = destinations[0].value if destinations else None
        typed_field(self.fields, "recipient", forms.ChoiceField).choices = self._recipient_choices()

    def _add_languages(self, design: CardDesign | None) -> None:
        codes = [code for code, _name in content_languages()]
        chosen = list(design.languages) if design is not None else codes
        names = [f"language_{place}" for place, _code in enumerate(codes, start=1)]
        for place, name in enumerate(names):
            choices = (
                content_languages()
                if place == 0
                else [("", pgettext_lazy("language", "None")), *content_languages()]
            )
            self.fields[name] = forms.ChoiceField(
                label=LANGUAGE_LABELS[place] if place < len(LANGUAGE_LABELS) else _("Another language"),
                choices=choices,
                required=place == 0,
                initial=chosen[place] if place < len(chosen) else "",
            )
        self.order_fields(["publication", *names])
        self._language_fields = names

    @cached_property
    def _recipients(self) -> dict[str, Body | Target]:
        found: dict[str, Body | Target] = {}
        for body in bodies_to_choose(self.access.workspace):
            found[f"body:{body.uuid}"] = body
            people: list[Target] = body.in_office  # type: ignore[attr-defined]  # of `bodies_to_choose`
            for person in people:
                person.body = body  # instead of a query for each
                found[f"person:{person.uuid}"] = person
        return found

    def _recipient_choices(self) -> list[tuple[str, Any]]:
        choices: list[tuple[str, Any]] = [("", _("No recipient on the card"))]
        for key, one in self._recipients.items():
            if isinstance(one, Body):
                choices.append((str(one.name), [(key, str(one.name))]))
            else:
                choices[-1][1].append((key, str(one.name)))
        return choices

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for name in self._language_fields:
            language = found.get(name, "")
            if language and language in seen:
                self.add_error(name, _("This language is chosen already."))
            seen.add(language)
        return found

    @property
    def chosen(self) -> dict[str, Any]:
        """What the actions need, of a valid form."""
        data = self.cleaned_data
        action, _colon, uuid = data["destination"].rpartition(":")
        return {
            "publication": data["publication"],
            "slug": data["slug"],
            "languages": [data[name] for name in self._language_fields if data[name]],
            "action": action,
            "target": UUID(uuid),
            "recipient": self._recipients.get(data["recipient"]),
            "front_picture": data["front_picture"],
        }


def _initial_of(design: CardDesign) -> dict[str, Any]:
    recipient = ""
    if design.recipient_target is not None:
        recipient = f"person:{design.recipient_target.uuid}"
    elif design.recipient_body is not None:
        recipient = f"body:{design.recipient_body.uuid}"
    return {
        "publication": design.publication.uuid,
        "destination": f"{design.action}:{design.target}",
        "recipient": recipient,
        "front_picture": design.front_picture.uuid if design.front_picture is not None else None,
        "slug": design.slug,
    }


class BatchesForm(forms.Form):
    """How many batches of how many cards, and whose they are. The numbers are filled in beforehand, no
    organisation is ticked."""

    count = forms.IntegerField(label=_("Number of batches"), min_value=1, max_value=MOST_BATCHES, initial=10)
    quantity = forms.IntegerField(
        label=_("Cards in each batch"), min_value=1, max_value=MOST_CARDS, initial=500
    )
    organisations = forms.MultipleChoiceField(
        label=_("Organisations"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each batch belongs to one. If you tick several, they get the batches in turn."),
        error_messages={
            "required": NO_ORGANISATION,
            "invalid_choice": _(
                "An organisation that you ticked does not take part any more. Look once more."
            ),
        },
    )
    region = forms.ChoiceField(
        label=_("Region"), required=False, help_text=_("If all of these batches are used in one.")
    )

    def __init__(self, *args: Any, organisations: Sequence[tuple[Organisation, str]], **given: Any) -> None:
        """`organisations`: with the names that the person may see."""
        super().__init__(*args, **given)
        self._organisations = {str(one.uuid): one for one, _name in organisations}
        field = typed_field(self.fields, "organisations", forms.MultipleChoiceField)
        field.choices = [(str(one.uuid), name) for one, name in organisations]
        region = typed_field(self.fields, "region", forms.ChoiceField)
        region.choices = [("", _("No region")), *REGIONS.items()]

    @property
    def chosen(self) -> dict[str, Any]:
        """What the action needs, of a valid form."""
        data = self.cleaned_data
        return {**data, "organisations": [self._organisations[one] for one in data["organisations"]]}


class PrintForm(forms.Form):
    """Which file of cards is wanted. `batch`: its number, empty for all open ones."""

    layout = forms.ChoiceField(label=_("Layout"), choices=Layout, initial=Layout.SHEET)
    copies = forms.ChoiceField(label=_("Copies"), choices=Copies, initial=Copies.EVERY)
    batch = forms.TypedChoiceField(label=_("Batch"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, numbers: Sequence[int], **given: Any) -> None:
        super().__init__(*args, **given)
        field = typed_field(self.fields, "batch", forms.TypedChoiceField)
        field.choices = [("", _("All open batches")), *((one, f"№ {one}") for one in numbers)]
