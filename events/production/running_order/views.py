"""Running order views: the plan, its items, the day, PDF."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, gettext_lazy

from coalition.core.clock import now
from coalition.http.responses import pdf_response
from coalition.workspaces.permissions import Access
from events.core import generic_views
from events.core.forms.times import TimeInput
from events.core.models import Event
from events.core.permissions import event_title, may_change, may_prepare
from events.core.public_pages import event_context
from events.production.models import RunningItem, RunningOrder
from events.production.running_order import actions
from events.production.running_order.presenters import build_running_order_table, running_order_pdf
from events.production.running_order.queries import (
    is_running_day,
    running_items_of,
    running_order_for,
    running_order_topic,
)
from events.questions.presenters import questions_area


class BeginningForm(forms.ModelForm[RunningOrder]):
    """Start of the first item."""

    class Meta:
        model = RunningOrder
        fields = ("begins",)
        widgets = {"begins": TimeInput()}


class RunningItemForm(forms.ModelForm[RunningItem]):
    """One item."""

    class Meta:
        model = RunningItem
        fields = ("title", "minutes", "pinned", "who", "note")
        widgets = {"pinned": TimeInput(), "note": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "title": {"required": gettext_lazy("Give the item a title in at least one language.")}
        }


ONLY_EDITORS = gettext_lazy("Editors and coordinators write the running order.")
ONLY_READERS = gettext_lazy("People who prepare the event read its running order.")
get_prepared_event_or_404 = generic_views.event_loader(may_prepare, ONLY_READERS)


class RunningOrderView(generic_views.EventFormView):
    """Display the plan; set the start of the first item."""

    form_class = BeginningForm
    template_name = "events/running_order/order.html"
    allowed, refusal = staticmethod(may_prepare), ONLY_READERS
    success_name = "events:running_order"
    success_message = gettext_lazy("Saved.")
    order: RunningOrder | None

    def load(self) -> None:
        super().load()
        self.order = running_order_for(self.request.user, self.event.uuid)

    def get_initial(self) -> dict[str, Any]:
        return {"begins": self.order.begins if self.order is not None else self.event.starts_at_time}

    def save(self, form: BeginningForm) -> None:
        actions.set_beginning(access=self.access, event=self.event, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.order
        table = None
        if order is not None:
            # The progress is displayed once the day has begun.
            begun = order.ended_at is not None or order.items.filter(began_at__isnull=False).exists()
            table = build_running_order_table(order, running_items_of(order), now() if begun else None)
        return super().get_context_data(**kwargs) | {
            "table": table,
            "topic": running_order_topic(order) if order is not None else "",
            "may_change": may_change(self.access, self.event) and not self.event.cancelled_at,
        }


@generic_views.event_action("events:running_order", load=get_prepared_event_or_404)
def move_running_item(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Move one item: `up` or `down` by one place (button), or `item` before `before` (dragged)."""
    if "item" in request.POST:
        moved, before = generic_views.parse_uuid_or_404(request.POST["item"]), request.POST.get("before", "")
        target = generic_views.parse_uuid_or_404(before) if before else None
        actions.move_running_item(access=access, event=event, uuid=moved, before=target)
    else:
        down = "down" in request.POST
        moved = generic_views.parse_uuid_or_404(request.POST.get("down" if down else "up", ""))
        actions.step_running_item(access=access, event=event, uuid=moved, down=down)
    return redirect(_place_of(event, moved))


@generic_views.event_page(get_prepared_event_or_404)
def download_running_order(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Return the plan as PDF, in the reader's language."""
    order = running_order_for(request.user, event.uuid)
    if order is None:
        raise Http404
    table = build_running_order_table(order, running_items_of(order))
    language = get_language() or ""
    content = running_order_pdf(title=event_title(event), event=event, table=table, language=language)
    return pdf_response(content, "running-order.pdf")


@generic_views.event_page(get_prepared_event_or_404)
def running_order_today(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Display current and next item."""
    order = running_order_for(request.user, event.uuid)
    table = build_running_order_table(order, running_items_of(order), now()) if order is not None else None
    context = {
        **event_context(access, event),
        "table": table,
        "topic": running_order_topic(order) if order is not None else "",
        "is_over": order is not None and order.ended_at is not None,
        "is_the_day": order is not None and is_running_day(order.first_moment, now()),
        "questions": questions_area(event, access),
        "may_change": may_change(access, event) and not event.cancelled_at,
    }
    return render(request, "events/running_order/today.html", context)


@generic_views.event_action("events:running_today", load=get_prepared_event_or_404)
def record_running_progress(request: HttpRequest, access: Access, event: Event) -> None:
    """Record that an item begins now (`begin`) or that the last is over (`end`), or reset all."""
    if "end" in request.POST:
        actions.end_order(access=access, event=event)
        messages.success(request, _("It is over. Thank you."))
    elif "start_over" in request.POST:
        actions.reset_progress(access=access, event=event)
        messages.success(request, _("The plan stands again as if nothing had begun."))
    else:
        begins = generic_views.parse_uuid_or_404(request.POST.get("begin", ""))
        actions.begin_item(access=access, event=event, uuid=begins)


class AddRunningItemView(generic_views.EventFormView):
    """Add an item, at the end or after the one given in `after`."""

    form_class = RunningItemForm
    template_name = "events/running_order/item.html"
    refusal = ONLY_EDITORS

    def save(self, form: RunningItemForm) -> HttpResponse:
        after = self.request.GET.get("after")
        made = actions.add_running_item(
            access=self.access,
            event=self.event,
            after=generic_views.parse_uuid_or_404(after) if after else None,
            **form.cleaned_data,
        )
        if "another" in self.request.POST:
            messages.success(self.request, _("Added. Here is the next one."))
            return redirect(f"{reverse('events:running_add', args=[self.event.uuid])}?after={made.uuid}")
        return redirect(_place_of(self.event, made.uuid))


class ChangeRunningItemView(generic_views.RevisionFormView, AddRunningItemView):
    """Change an item. A concurrent change is displayed beside the input."""

    def get_instance(self) -> RunningItem:
        rows = RunningItem.objects.filter(order__event=self.event, removed_at=None)
        return get_object_or_404(rows, uuid=self.kwargs["item"])

    def save(self, form: RunningItemForm) -> HttpResponse:
        given = form.cleaned_data | {"uuid": self.kwargs["item"], "seen": self.seen}
        actions.change_running_item(access=self.access, event=self.event, **given)
        return redirect(_place_of(self.event, self.kwargs["item"]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"item": self.theirs or self.get_instance()}


def _place_of(event: Event, item: UUID) -> str:
    return f"{reverse('events:running_order', args=[event.uuid])}#running_item-{item}"
