"""Forms of media packages at the desk."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.campaigns.media_package.actions.items import MARKS, ONLY_COORDINATORS_MARK
from coalition.campaigns.media_package.enums import (
    SET_FORMATS,
    AgeMark,
    AiMark,
    Format,
    ItemKind,
    PackageAudience,
)
from coalition.campaigns.media_package.models import LATIN_NAME, MediaItem, MediaPackage
from coalition.core.localized_text import LocalizedTextFormField, content_languages, typed_field
from events.core.forms.times import date_field

_DATE: Final[dict[str, Any]] = {"type": "date", "aria-label": _("Date")}
_TIME: Final[dict[str, Any]] = {"type": "time", "aria-label": _("Time")}
RESERVED_SLUGS = frozenset({"current", "address"})  # pages of `notices`


class PackageForm(forms.ModelForm[MediaPackage]):
    """Title, address, press contact."""

    title = LocalizedTextFormField(label=_("Title"), max_length=160)

    class Meta:
        model = MediaPackage
        fields = ["title", "slug", "contact_name", "contact_phone", "contact_mail"]
        help_texts = {
            "slug": _("Small Latin letters, digits and hyphens. The page is at /media/address/."),
            "contact_name": _("Whom newsrooms call. It stands on the page."),
        }

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise forms.ValidationError(_("This address has another page. Choose another one."))
        return slug

    def validate_unique(self) -> None:
        """The action says in words that an address is taken, also when two people choose it at once."""


class AccessForm(forms.ModelForm[MediaPackage]):
    """Who takes the files, and until when they are under embargo."""

    audience = forms.TypedChoiceField(
        label=_("Who takes it"),
        choices=PackageAudience.choices,
        coerce=PackageAudience,
        widget=forms.RadioSelect,
        help_text=_("The words of an item are public once its text is published, whoever takes the files."),
    )
    opens_at = forms.SplitDateTimeField(
        label=_("Embargo until"),
        required=False,
        help_text=_("Before this moment only outlets with a link take the files, after they agreed."),
        widget=forms.SplitDateTimeWidget(
            date_attrs=_DATE,
            time_attrs=_TIME,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
    )

    class Meta:
        model = MediaPackage
        fields = ["audience", "opens_at"]


class ItemForm(forms.ModelForm[MediaItem]):
    """What an item is, and its marks. Its words are a text of their own."""

    title = forms.CharField(
        label=_("Working title"), max_length=160, help_text=_("Only people in this workspace see it.")
    )
    name = forms.CharField(
        label=_("Name in file names"),
        max_length=40,
        validators=[LATIN_NAME],
        help_text=_("Small Latin letters, digits and hyphens: poster-every-third. Outlets find files by it."),
    )
    kind = forms.TypedChoiceField(label=_("Kind"), choices=ItemKind.choices, coerce=ItemKind)
    first_language = forms.TypedChoiceField(label=_("Written first in"), coerce=Language)
    ai_mark = forms.TypedChoiceField(label=_("Made by"), choices=AiMark.choices, coerce=AiMark)
    age_mark = forms.TypedChoiceField(label=_("Age mark"), choices=AgeMark.choices, coerce=int)
    licence_until = date_field(
        label=_("Licence until"),
        required=False,
        help_text=_("Last day on which outlets may use it. After it nothing is given out any more."),
    )
    sets_formats = forms.MultipleChoiceField(
        label=_("Set from a template"),
        choices=[(one.value, one.label) for one in SET_FORMATS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "For posters and infographics without a file of your own: we set them from the published text, "
            "in each of its languages, with its first figure of the facts register."
        ),
    )

    class Meta:
        model = MediaItem
        fields = ["kind", "name", "ai_mark", "age_mark", "licence_until", "sets_formats"]

    field_order = ["title", "kind", "name", "first_language"]

    def __init__(self, *args: Any, may_mark: bool = True, **kwargs: Any) -> None:
        """`may_mark`: False if the person does not change `MARKS` any more; they are shown."""
        super().__init__(*args, **kwargs)
        for name in () if may_mark else MARKS:
            self.fields[name].disabled = True
            self.fields[name].help_text = ONLY_COORDINATORS_MARK
        typed_field(self.fields, "first_language", forms.TypedChoiceField).choices = content_languages()
        if self.instance.pk is not None:
            del self.fields["title"], self.fields["first_language"]

    def validate_unique(self) -> None:
        """As in `PackageForm`."""


class RenditionForm(forms.Form):
    """A file up to 25 MB, sent with the form; larger ones come in pieces."""

    format = forms.TypedChoiceField(
        label=_("What it is"),
        choices=[("", "—"), *Format.choices],  # a format chosen by default would be a wrong name of a file
        coerce=Format,
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("Of its sound or words. None: picture without words, sound without voice."),
    )
    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = typed_field(self.fields, "language", forms.ChoiceField)
        language.choices = [("", _("No language")), *content_languages()]
