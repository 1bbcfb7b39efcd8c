"""School groups in public: first a day, then a time and who comes; and the page behind the link."""

import datetime
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.enums import Language
from coalition.applicants.token_pages import confirm_or_withdraw, private_response
from coalition.core.errors import Refused
from coalition.core.throttling import TooMany, too_often
from coalition.jobs.moments import day_in_words
from documents.publication import hooks
from events.core.models.participants import EventInvitation
from events.core.queries.texts import text_in
from events.core.summary import invited
from events.exhibitions.school_groups.actions.apply import ask_with_group, prove_group, withdraw_group
from events.exhibitions.school_groups.actions.settings import free_slots, why_closed
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.formatting import visit_words
from events.exhibitions.school_groups.forms import GroupForm
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.school_groups.presenters import SHAPES, closed_words
from events.exhibitions.school_groups.queries import group_of_token, public_group_visits
from events.public.views.lists import language_switch


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The days that have free times; with `?on=2026-03-12` the times and the form. What was typed stays."""
    visits = _visits(slug)
    why, free = why_closed(visits), free_slots(visits)
    on = _day(request.GET.get("on", ""))
    if request.method != "POST" and (why or on is None or on not in free):
        return _page(request, visits, free, None, on=on, why=why)
    if on is None:
        raise Http404
    form = GroupForm(
        request.POST if request.method == "POST" else None,
        visits=visits,
        on=on,
        slots=free.get(on, []),
        initial={"language": get_language() or Language.KK},
    )
    if request.method != "POST":
        return _page(request, visits, free, form, on=on, why=why)
    if too_often(request, "school-groups"):
        return _page(request, visits, free, form, on=on, why="too_often", status=429)
    if form.is_valid() and not why:
        try:
            ask_with_group(visits=visits, asking=form.asking)
        except TooMany:
            return _page(request, visits, free, form, on=on, why="too_often", status=429)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("school_groups_sent", slug)
    return _page(request, visits, free, form, on=on, why=why, status=409 if why else 422)


@never_cache
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """A mail is on its way."""
    context = _frame(request, _visits(slug), "school_groups_sent")
    return render(request, "events/groups/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """One group's page. The GET shows, the POST acts: mail scanners open links. Raises Http404."""
    found = group_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):
        return private_response(_own(request, found, token), language=found.language)


def _own(request: HttpRequest, found: SchoolGroup, token: str) -> HttpResponse:
    refusal = confirm_or_withdraw(
        request,
        confirm=partial(prove_group, group=found),
        withdraw=partial(withdraw_group, group=found),
        template="events/groups/own.html",
        back=reverse("own_group", args=[token]),
    )
    if isinstance(refusal, HttpResponse):
        return refusal
    event, state = found.visits.event, GroupState(found.state)
    why = why_closed(found.visits)
    context = {
        "group": found,
        "event": invited(EventInvitation(event=event, language=found.language)) if event.is_public else None,
        "when": visit_words(found, event, found.language),
        "state": state,
        "shape": SHAPES[state],
        "proved": found.proved_at is not None,
        "asks": state in {GroupState.UNPROVED, GroupState.WITHDRAWN},
        "closed": closed_words(why),
        "cancelled": why == "cancelled",
        "refusal": refusal,
    }
    return render(request, "events/groups/own.html", context, status=409 if refusal else 200)


def _visits(slug: str) -> GroupVisits:
    found = public_group_visits(slug)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    visits: GroupVisits,
    free: dict[datetime.date, list[datetime.time]],
    form: GroupForm | None,
    *,
    on: datetime.date | None,
    why: str,
    status: int = 200,
) -> HttpResponse:
    is_closed = why not in {"", "too_often"}
    context = {
        **_frame(request, visits, "school_groups"),
        "visits": visits,
        "form": form,
        "on": on,
        "on_words": day_in_words(on) if on is not None else "",
        "days": [] if is_closed else [(f"{day:%Y-%m-%d}", day_in_words(day), len(free[day])) for day in free],
        "closed": closed_words(why) if is_closed else "",
        "too_often": why == "too_often",
    }
    return render(request, "events/groups/ask.html", context, status=status)


def _frame(request: HttpRequest, visits: GroupVisits, name: str) -> dict[str, object]:
    event = visits.event
    return {
        **hooks.frame_of(request),
        "languages": language_switch(request, name, event.slug or ""),
        "event": event,
        "title": text_in(event, get_language() or "").title,
    }


def _day(words: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(words)
    except ValueError:
        return None
