"""Debrief views: lessons learned, thanks, planning an event again."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from coalition.accounts.views.access import get_viewer
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from events.core.afterwards import reused_parts, thanked_groups
from events.core.enums import EventState
from events.core.generic_views import EventFormView, RevisionFormView, event_action, event_loader
from events.core.journalists import count_of_journalists
from events.core.models import Event
from events.core.permissions import is_admitted, may_change, may_plan, may_prepare
from events.core.public_pages import Area
from events.exhibitions.visitors.models import visitors_of
from events.production.debrief.actions import plan_again, save_debrief, thank_group
from events.production.models import Debrief

AHEAD = datetime.timedelta(days=365 * 3)


class DebriefForm(forms.ModelForm[Debrief]):
    """Three questions and two numbers, all optional."""

    class Meta:
        model = Debrief
        fields = ("went_well", "went_badly", "next_time", "came", "press_came")
        widgets = dict.fromkeys(("went_well", "went_badly", "next_time"), forms.Textarea(attrs={"rows": 4}))


class PlanAgainForm(forms.Form):
    """The new day, and the parts to copy."""

    on = forms.DateField(
        label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What is taken over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Words, place, kind and hours are taken over in any case."),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reused = reused_parts()
        names = [name for name in reused if name != "hours" or event.run_from]
        parts = self.fields["parts"]
        parts.initial = names
        if isinstance(parts, forms.MultipleChoiceField):
            parts.choices = [(name, reused[name].label) for name in names]

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(gettext_lazy("This day has passed: choose one that comes."))
        if day > today + AHEAD:
            raise forms.ValidationError(gettext_lazy("Choose a day within the next three years."))
        return day


def has_event_ended(event: Event) -> bool:
    """Whether the event itself has ended; its run may continue."""
    return event.ends_at <= now()


def thanks_rows(event: Event, row: Debrief | None) -> list[dict[str, object]]:
    """Return the groups with how many came, when they were thanked by how many mails, and whether they `can`
    be thanked now. One query per group."""
    thanked, found = row.thanked if row is not None else {}, []
    for name, group in thanked_groups().items():
        done = thanked.get(name)
        came = sum(1 for _one in group.people(event))
        found.append(
            {
                "name": name,
                "label": group.label,
                "came": came,
                "thanked_at": datetime.datetime.fromisoformat(done["at"]) if done else None,
                "thanked": done["count"] if done else 0,
                "can": bool(came) and done is None and group.may_be_thanked(event),
            }
        )
    return found


def debrief_area(event: Event, access: Access) -> Area | None:
    """Return the debrief's line for members who prepare the event, once it took place."""
    if event.state == EventState.CANCELLED or not has_event_ended(event) or not access.may(Right.SEE_DRAFTS):
        return None
    written = Debrief.objects.filter(event=event, revision__gt=0).exists()
    return Area(
        label=_("After the event"),
        words=_("written down") if written else _("not written down yet"),
        address=reverse("events:afterwards", args=[event.uuid]),
        icon="book",
    )


ONLY_READERS = gettext_lazy("People who prepare the event read this.")


class DebriefFormView(RevisionFormView):
    """Save the debrief. A concurrent change is displayed beside the input."""

    form_class = DebriefForm
    template_name = "events/debrief/page.html"
    allowed, refusal = staticmethod(may_prepare), ONLY_READERS
    success_name = "events:afterwards"
    success_message = gettext_lazy("Written down.")

    def load(self) -> None:
        super().load()
        self.counted = visitors_of(self.event)

    def get_row(self) -> Debrief | None:
        return Debrief.objects.filter(event=self.event).select_related("changed_by").first()

    def get_instance(self) -> Debrief | None:
        row = self.get_row()
        return row if row is not None and row.revision else None

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if kwargs["instance"] is None:
            came, press_came = self.counted or None, count_of_journalists(self.event) or None
            kwargs["initial"] = {"came": came, "press_came": press_came}
        return kwargs

    def save(self, form: DebriefForm) -> None:
        save_debrief(access=self.access, event=self.event, seen=self.seen, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, event = self.theirs or self.get_row(), self.event
        by = row.changed_by if row is not None else None
        return super().get_context_data(**kwargs) | {
            "row": row,
            "by": person_name(get_viewer(self.request), by, event.organisation) if by is not None else "",
            "is_over": has_event_ended(event),
            "thanks": thanks_rows(event, row) if may_change(self.access, event) else [],
            "may_plan": may_plan(self.access),
            "counted": self.counted,
        }


@event_action("events:afterwards", load=event_loader(may_prepare, ONLY_READERS))
def thank_event_group(request: HttpRequest, access: Access, event: Event, group: str) -> None:
    """Thank the attendees of a group."""
    if group not in thanked_groups():
        raise Http404
    count = thank_group(access=access, event=event, group=group)
    words = ngettext("One person is thanked.", "%(count)d people are thanked.", count)
    messages.success(request, words % {"count": count})


class PlanAgainView(EventFormView):
    """Ask for the new day and the parts to copy; the new event is planned, without notifications."""

    form_class = PlanAgainForm
    template_name = "events/debrief/again.html"
    success_message = gettext_lazy("Planned again. Nobody outside this workspace is told of it yet.")

    allowed = staticmethod(lambda access, event: may_plan(access) and is_admitted(access, event))
    refusal = gettext_lazy("Editors and coordinators plan events here.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"event": self.event}

    def save(self, form: PlanAgainForm) -> HttpResponse:
        return redirect(plan_again(access=self.access, event=self.event, **form.cleaned_data))
