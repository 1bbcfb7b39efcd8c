"""Questions at the desk: when they are open, moderating them, the stage with its buttons and its link."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.mail.links import absolute
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core.models import Event
from events.core.pages import planning_context
from events.core.permissions import may_change, title_of, to_own_event
from events.press.registration.presenters import moment_words
from events.questions.actions import moderate, settings
from events.questions.enums import AskedBy, QuestionState
from events.questions.forms import QuestionTermsForm, initial_terms
from events.questions.models import QuestionPeriod
from events.questions.presenters import asked_by_words, closed_words, question_rows, stage_of
from events.questions.queries import on_stage, period_of, questions_of
from events.questions.topics import topic_of


def to_questions(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, QuestionPeriod | None]:
    """The event and when it takes questions, for who may change the event."""
    access, event = to_own_event(request, uuid)
    require_that(may_change(access, event), settings.ONLY_PLANNERS)
    return access, event, period_of(event)


def to_open_questions(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, QuestionPeriod]:
    """The same, where it takes any. Raises Http404 where it does not."""
    access, event, period = to_questions(request, uuid)
    if period is None:
        raise Http404
    return access, event, period


@door.members_only
@never_cache
@require_safe
def questions(request: HttpRequest, event: UUID) -> HttpResponse:
    """Everything that was asked, by state; before it is opened, how to open it."""
    access, found, period = to_questions(request, event)
    if period is None:
        return redirect("events:questions_terms", found.uuid)
    return _list(request, access, found, period)


def _list(request: HttpRequest, access: Access, event: Event, period: QuestionPeriod) -> HttpResponse:
    why, token = settings.why_closed(period), settings.stage_token(period)
    by_state = question_rows(event, questions_of(period))
    context = planning_context(access, event) | {
        "period": period,
        "topic": topic_of(period),
        "why": why,
        "closed": closed_words(period, why),
        "opens": moment_words(event, period.opening),
        "closes": moment_words(event, period.closing),
        "asked_by": asked_by_words(period),
        "for_everyone": period.asked_by == AskedBy.EVERYONE,
        "rows": by_state,
        "on_stage": by_state[QuestionState.NOW][0] if by_state[QuestionState.NOW] else None,
        "anything": any(by_state.values()),
        "stage_link": absolute(reverse("question_stage", args=[token])) if token else "",
        "stage_until": moment_words(event, settings.stage_until(period)),
    }
    return render(request, "events/questions/list.html", context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open it to questions, open it again, change the terms."""
    access, found, period = to_questions(request, event)
    initial = initial_terms(found, period)
    form = QuestionTermsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            settings.open_to_questions(access=access, event=found, terms=form.terms(found))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved. Questions can be asked in the time that you have set."))
            return redirect("events:questions", found.uuid)
    context = planning_context(access, found) | {"form": form, "period": period}
    return form_page(request, "events/questions/terms.html", context)


@door.members_only
@require_POST
def close(request: HttpRequest, event: UUID) -> HttpResponse:
    """Take no more."""
    access, found, _period = to_questions(request, event)
    with telling(request, _("No more questions can be asked. What was asked stays.")):
        settings.stop_questions(access=access, event=found)
    return redirect("events:questions", found.uuid)


@door.members_only
@require_POST
def stage_link(request: HttpRequest, event: UUID) -> HttpResponse:
    """Make the link to the stage, or take it back."""
    access, found, _period = to_open_questions(request, event)
    if request.POST.get("act") == "take_back":
        with telling(request, _("The link opens no more.")):
            settings.take_stage_link_back(access=access, event=found)
    else:
        with telling(request, _("The link is made. Copy it and pass it on.")):
            settings.make_stage_link(access=access, event=found)
    return redirect(f"{reverse('events:questions', args=[found.uuid])}#stage-link")


@door.members_only
@require_POST
def move(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one of those taken `up` or `down` by one place."""
    access, found, period = to_open_questions(request, event)
    moved = ""
    with telling(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                moderate.step_question(access=access, event=found, uuid=_uuid(moved), down=name == "down")
    if request.headers.get("HX-Request"):
        return _list(request, access, found, period_of(found) or period)
    return redirect(f"{reverse('events:questions', args=[found.uuid])}#question-{moved}")


@door.members_only
@require_POST
def decide(request: HttpRequest, event: UUID, question: UUID) -> HttpResponse:
    """One press: `state` is what the question becomes; `next`: it is answered and the next one is asked."""
    access, found, _period = to_open_questions(request, event)
    seen = _number(request.POST.get("revision", ""))
    with telling(request):
        if "next" in request.POST:
            moderate.next_one(access=access, event=found, uuid=question, seen=seen)
        else:
            moderate.decide(
                access=access,
                event=found,
                uuid=question,
                state=_state(request.POST.get("state", "")),
                seen=seen,
                on_stage=_uuid(request.POST["on_stage"]) if request.POST.get("on_stage") else None,
            )
    if request.POST.get("back") == "stage":
        return redirect("events:questions_stage", found.uuid)
    return redirect(f"{reverse('events:questions', args=[found.uuid])}#question-{question}")


@door.members_only
@never_cache
@require_safe
def stage(request: HttpRequest, event: UUID) -> HttpResponse:
    """The stage with its buttons."""
    access, found, period = to_open_questions(request, event)
    shown = stage_of(period, on_stage(period))
    if request.GET.get("seen") == shown.mark:
        return HttpResponse(status=204)
    context = planning_context(access, found) | {
        "stage": shown,
        "topic": topic_of(period),
        "moderates": found.cancelled_at is None,
        "cancelled": found.cancelled_at is not None,
        "address": reverse("events:questions_stage", args=[found.uuid]),
        "title": title_of(found),
    }
    return render(request, "events/questions/stage.html", context)


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else -1


def _state(words: str) -> QuestionState:
    if words not in QuestionState.values:
        raise Http404
    return QuestionState(words)
