"""What people fill in to announce an event, to ask others to host it, and for one of its dates."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer
from coalition.core.typed_field import own_field
from coalition.workspaces.queries import participants
from coalition.workspaces.rules import Access
from documents.drafts.forms import OrganisationsField
from events.core.enums import Audience, Consent, Visibility
from events.core.forms.times import date_field, time_field
from events.core.models.event import Event


class AnnounceForm(forms.Form):
    """To whom an event is told."""

    visibility = forms.ChoiceField(
        label=_("Who is told"), choices=Visibility.choices, widget=forms.RadioSelect
    )


class CoHostsForm(forms.Form):
    """Organisations of the workspace that are asked to host together."""

    organisations = OrganisationsField(
        queryset=Organisation.objects.none(),
        label=_("Who is asked"),
        help_text=_("A representative of each answers. Nobody is named as co-host before it consented."),
    )

    def __init__(self, *args: Any, access: Access, viewer: Viewer, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = own_field(self.fields, "organisations", OrganisationsField)
        field.viewer = viewer
        asked = event.co_hosts.filter(state__in=[Consent.ASKED, Consent.CONSENTED])
        field.queryset = (
            participants(access.workspace)
            .exclude(pk__in=asked.values("organisation"))
            .exclude(pk=event.organisation_id)
        )

    @property
    def is_empty(self) -> bool:
        """Whether nobody is left who could be asked."""
        field = own_field(self.fields, "organisations", OrganisationsField)
        return field.queryset is None or not field.queryset.exists()


class AudienceForm(forms.Form):
    """When those come who come before the public."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for audience in Audience:
            self.fields[audience.value] = time_field(label=audience.label, required=False)

    @property
    def times(self) -> dict[Audience, datetime.time]:
        found = {audience: self.cleaned_data.get(audience.value) for audience in Audience}
        return {audience: begins for audience, begins in found.items() if begins is not None}


class AddDateForm(forms.Form):
    """A date on which an event takes place besides those of its rule."""

    on = date_field(label=_("Another date"))


class OccurrenceForm(forms.Form):
    """Where one date of an event that comes again goes."""

    to_date = date_field(label=_("New date"))
    to_time = time_field(label=_("Begins at"), required=False)
