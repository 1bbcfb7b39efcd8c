"""Forms about bodies, their people and imports of lists."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy as _

from coalition.accounts.models import REGIONS
from coalition.campaigns.core.days import site_today
from coalition.campaigns.recipients.models import Body
from coalition.campaigns.recipients.queries import TargetGroup
from coalition.core.localized_text import LocalizedTextarea, content_languages, fallback_order, typed_field
from events.core.forms.times import DateInput, date_field


def _not_to_come(day: datetime.date) -> None:
    if day > site_today():
        raise ValidationError(_("This day is still to come."))


class BodyForm(forms.ModelForm[Body]):
    """A body. Source and day of its list come from the import once there was one."""

    class Meta:
        model = Body
        fields = ("kind", "name", "email", "address", "source", "as_of")
        widgets = {"address": LocalizedTextarea({"rows": 2}), "as_of": DateInput()}
        help_texts = {
            "email": _("For what is written to none of its people."),
            "source": _("Where this is from: a web address or a document."),
        }

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if self.instance.revision:
            del self.fields["source"], self.fields["as_of"]
        else:
            self.fields["as_of"].validators.append(_not_to_come)


class ListForm(forms.Form):
    """A list of the people of a body, with its source and day."""

    file = forms.FileField(
        label=_("List"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("An .xlsx or .csv file, at most 5 MB and 3,000 rows."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("Where the list is from: a web address or a document."),
    )
    as_of = date_field(
        label=_("As of"), validators=[_not_to_come], help_text=_("The day on which the source showed it.")
    )
    language = forms.ChoiceField(
        label=_("Language of the texts"),
        choices=content_languages,
        help_text=_("Of columns whose heading names no language."),
    )

    def __init__(self, *args: Any, body: Body, **given: Any) -> None:
        given.setdefault("initial", {"source": body.source, "language": fallback_order(get_language())[0]})
        super().__init__(*args, **given)
        self.fields["as_of"].widget.attrs["max"] = site_today().isoformat()


class ApplyListForm(forms.Form):
    """Asks whether a list that most people are missing in is the whole list. The action decides."""

    is_whole = forms.BooleanField(label=_("Yes, this is the whole list of this body"), required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["is_whole"].widget.attrs["required"] = True


class PeopleFilterForm(forms.Form):
    """Narrows the people of a body, by GET; values that nobody has are ignored."""

    words = forms.CharField(label=_("Name or position"), required=False, max_length=80)
    committee = forms.ChoiceField(label=_("Committee"), required=False)
    electoral_list = forms.ChoiceField(label=_("List or district"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, groups: dict[str, list[TargetGroup]], **given: Any) -> None:
        super().__init__(*args, **given)
        labels: dict[str, dict[str, Any]] = {"region": dict(REGIONS), "language": dict(content_languages())}
        for name, found in groups.items():
            named = [(one.key, str(labels.get(name, {}).get(one.key, one.label))) for one in found]
            typed_field(self.fields, name, forms.ChoiceField).choices = [("", _("All")), *named]
            if not found:
                del self.fields[name]

    @property
    def wanted(self) -> dict[str, str]:
        """Return what is chosen, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
