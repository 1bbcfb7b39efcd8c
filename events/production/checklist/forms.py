"""What people fill in for a line of a checklist."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.typed_field import typed_field
from coalition.workspaces.models import Workspace
from coalition.workspaces.naming import person_name
from coalition.workspaces.queries import participants, seats_in
from documents.drafts.queries import READING_ROLES
from events.core.forms.planning import TitlesForm, initial_titles
from events.production.checklist.actions import EARLIEST, LATEST, Task
from events.production.checklist.models import EventTask

BEFORE, AFTER = "before", "after"


class TaskForm(TitlesForm):
    """One line: what, when, who."""

    missing = _("Give the line a title in at least one language.")

    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=EARLIEST, initial=7)
    side = forms.ChoiceField(
        label=_("Counted from the event"),
        choices=[(BEFORE, _("before it")), (AFTER, _("after it"))],
        initial=BEFORE,
        help_text=_("If the event moves, the day moves with it."),
    )
    owner = forms.ChoiceField(label=_("Who answers for it"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, workspace: Workspace, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners: dict[str, tuple[Organisation, User | None]] = {}
        hosts, people = [], []
        for one in participants(workspace):
            self._owners[f"o:{one.uuid}"] = (one, None)
            hosts.append((f"o:{one.uuid}", display_name_for(viewer, one)))
        for seat in seats_in(workspace).filter(role__in=READING_ROLES).order_by("person__name", "id"):
            value = owner_value(seat.organisation, seat.person)
            self._owners[value] = (seat.organisation, seat.person)
            people.append((value, person_name(viewer, seat.person, seat.organisation)))
        owner = typed_field(self.fields, "owner", forms.ChoiceField)
        owner.choices = [("", _("Nobody yet")), (_("Organisations"), hosts), (_("People"), people)]

    @property
    def task(self) -> Task:
        sent = self.cleaned_data
        organisation, person = self._owners.get(sent["owner"], (None, None))
        days = sent["days"] if sent["side"] == BEFORE else -sent["days"]
        return Task(
            title=self.titles,
            days=max(LATEST, days),
            organisation=organisation,
            person=person,
            note=sent["note"],
        )


def owner_value(organisation: Organisation | None, person: User | None) -> str:
    """How the form names who answers: an organisation, or a person on its behalf; "" for nobody."""
    if organisation is None:
        return ""
    return f"p:{person.uuid}:{organisation.uuid}" if person is not None else f"o:{organisation.uuid}"


def initial_task(task: EventTask) -> dict[str, object]:
    """What the form shows of a line."""
    return {
        **initial_titles(task.title),
        "days": abs(task.days_before),
        "side": BEFORE if task.days_before >= 0 else AFTER,
        "owner": owner_value(task.organisation, task.person),
        "note": task.note,
    }
