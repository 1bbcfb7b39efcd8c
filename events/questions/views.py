"""Question views: moderation in the member area; asking, one's own questions and the stage in public."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from coalition.applicants.views import ApplyView, private_response
from coalition.core.errors import Refused
from coalition.http.responses import flash_result
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import Access
from events.core import generic_views
from events.core.formatting import moment_words
from events.core.models import Event
from events.core.permissions import event_title, may_change
from events.core.public_pages import EventSubjectMixin, language_switch, planning_context
from events.core.queries import named_speakers
from events.questions import actions, queries
from events.questions.actions import questions_topic
from events.questions.forms import QuestionForm, QuestionTermsForm, SummaryForm
from events.questions.models import Question, QuestionPeriod, QuestionState
from events.questions.presenters import own_question_row, question_rows, questions_closed_message, stage_of

get_moderated_event_or_404 = generic_views.event_loader(may_change, actions.ONLY_PLANNERS)


def get_open_questions_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """Return the same for an event with a question period. Raises Http404 without one."""
    access, event = get_moderated_event_or_404(request, uuid)
    get_object_or_404(QuestionPeriod, event=event)
    return access, event


@generic_views.event_page(get_moderated_event_or_404)
def questions(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """List all questions by state; before the period is opened, offer to open it."""
    period = queries.period_of(event)
    if period is None:
        return redirect("events:questions_terms", event.uuid)
    why, token = actions.questions_closed_reason(period), actions.stage_token(period)
    rows = question_rows(event, queries.questions_of(period))
    context = planning_context(access, event) | {
        "period": period,
        "topic": questions_topic(period),
        "why": why,
        "closed": questions_closed_message(period, why),
        "opens": moment_words(event, period.opening),
        "closes": moment_words(event, period.closing),
        "rows": rows,
        "on_stage": next(iter(rows[QuestionState.NOW]), None),
        "anything": any(rows.values()),
        "stage_link": absolute_url(reverse("question_stage", args=[token])) if token else "",
        "stage_until": moment_words(event, actions.stage_until(period)),
    }
    return render(request, "events/questions/list.html", context)


class QuestionTermsView(generic_views.EventTermsView):
    """Open or reopen the event to questions, or change the terms."""

    form_class = QuestionTermsForm
    template_name = "events/questions/terms.html"
    refusal = actions.ONLY_PLANNERS
    success_name = "events:questions"
    success_message = gettext_lazy("Saved. Questions can be asked in the time that you have set.")
    terms_of = staticmethod(queries.period_of)
    terms_name = "period"
    action = staticmethod(actions.open_to_questions)


@generic_views.event_action(
    "events:questions",
    load=get_moderated_event_or_404,
    success=gettext_lazy("No more questions can be asked. What was asked stays."),
)
def close_questions(request: HttpRequest, access: Access, event: Event) -> None:
    """Stop accepting questions."""
    actions.stop_questions(access=access, event=event)


@generic_views.event_action("events:questions", load=get_open_questions_or_404)
def stage_link(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Create or revoke the stage link."""
    if request.POST.get("act") == "take_back":
        actions.revoke_stage_link(access=access, event=event)
        messages.success(request, _("The link opens no more."))
    else:
        actions.make_stage_link(access=access, event=event)
        messages.success(request, _("The link is made. Copy it and pass it on."))
    return redirect(f"{reverse('events:questions', args=[event.uuid])}#stage-link")


@generic_views.event_action("events:questions", load=get_open_questions_or_404)
def move_question(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Move an accepted question `up` or `down` by one place."""
    down = "down" in request.POST
    moved = generic_views.parse_uuid_or_404(request.POST.get("down" if down else "up", ""))
    actions.step_question(access=access, event=event, uuid=moved, down=down)
    return redirect(f"{reverse('events:questions', args=[event.uuid])}#question-{moved}")


@generic_views.event_action("events:questions", load=get_open_questions_or_404)
def decide_question(request: HttpRequest, access: Access, event: Event, question: UUID) -> HttpResponse:
    """Decide on a question: `state` is its new state; `next`: answered, and the next one is asked."""
    seen, on_stage = generic_views.submitted_revision(request), request.POST.get("on_stage")
    state = request.POST.get("state", "")
    if "next" not in request.POST and state not in QuestionState.values:
        raise Http404
    with flash_result(request):
        if "next" in request.POST:
            actions.ask_next_question(access=access, event=event, uuid=question, seen=seen)
        else:
            actions.decide_question(
                access=access,
                event=event,
                uuid=question,
                state=QuestionState(state),
                seen=seen,
                on_stage=generic_views.parse_uuid_or_404(on_stage) if on_stage else None,
            )
    if request.POST.get("back") == "stage":
        return redirect("events:questions_stage", event.uuid)
    return redirect(f"{reverse('events:questions', args=[event.uuid])}#question-{question}")


@generic_views.event_page(get_moderated_event_or_404)
def moderator_stage(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Render the stage with its buttons."""
    period = queries.period_of(event)
    if period is None:
        raise Http404
    context = planning_context(access, event) | {
        "topic": questions_topic(period),
        "moderates": event.cancelled_at is None,
        "address": reverse("events:questions_stage", args=[event.uuid]),
    }
    return _stage_response(request, period, context)


def _stage_response(request: HttpRequest, period: QuestionPeriod, context: dict[str, Any]) -> HttpResponse:
    """Return the stage; 204 if it is as `seen`."""
    stage = stage_of(period, queries.stage_questions(period))
    if request.GET.get("seen") == stage["mark"]:
        return HttpResponse(status=204)
    context |= {
        "stage": stage,
        "cancelled": period.event.cancelled_at is not None,
        "title": event_title(period.event),
    }
    return render(request, "events/questions/stage.html", context)


class QuestionFormView(generic_views.RevisionFormView):
    """Edit summary and addressed speaker. A concurrent change is displayed beside the input."""

    form_class = SummaryForm
    template_name = "events/questions/question.html"
    refusal = actions.ONLY_PLANNERS
    success_name = "events:questions"
    success_message = gettext_lazy("Saved.")

    def load(self) -> None:
        super().load()
        self.question = _get_question_or_404(self.event, self.kwargs["question"])

    def get_initial(self) -> dict[str, Any]:
        row = self.question
        language = row.summary_language or row.language
        return {"words": row.summary, "language": language, "speaker": row.speaker}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"speakers": self.event.speakers.all()}

    def save(self, form: SummaryForm) -> None:
        given = form.cleaned_data | {"uuid": self.question.uuid, "seen": self.seen}
        actions.summarise(access=self.access, event=self.event, **given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.theirs or self.question
        leads = []
        if row.lead_id is None and row.can_be_merged:
            others = [one for one in queries.questions_of(row.period) if one.pk != row.pk]
            leads = [one for one in others if one.can_stand_for_others]
        context = planning_context(self.access, self.event) | {"question": row, "leads": leads}
        return super().get_context_data(**kwargs) | context


@generic_views.event_action("events:questions", load=get_open_questions_or_404)
def merge_questions(request: HttpRequest, access: Access, event: Event, question: UUID) -> None:
    """Merge it into another question (`lead`), or undo the merge."""
    row, lead = _get_question_or_404(event, question), request.POST.get("lead", "")
    if not lead:
        actions.unmerge_question(access=access, event=event, uuid=row.uuid)
        messages.success(request, _("The question waits for itself again."))
        return
    target, seen = generic_views.parse_uuid_or_404(lead), generic_views.submitted_revision(request)
    actions.merge_question(access=access, event=event, uuid=row.uuid, lead=target, seen=seen)
    messages.success(request, _("Merged. The other question stands for it now."))


def _get_question_or_404(event: Event, uuid: UUID) -> Question:
    return get_object_or_404(
        Question.objects.select_related("speaker", "period"), period__event=event, uuid=uuid
    )


MAX_FROM_ONE_ADDRESS = 100  # questions per hour: all people in a hall share one network address


class AskView(EventSubjectMixin, ApplyView):
    """The form of an event that accepts questions from everyone."""

    template_name = "events/questions/ask.html"
    form_class = QuestionForm
    throttle = "questions"
    most_from_one_place = MAX_FROM_ONE_ADDRESS
    subject: queries.AskerAccess
    asked: Question

    def get_subject(self) -> queries.AskerAccess:
        period = queries.public_period(self.kwargs["slug"])
        if period is None:
            raise Http404
        return queries.AskerAccess(period)

    def is_rate_limited(self) -> bool:
        # A journalist has a verified address and is limited by it alone.
        return self.subject.guest is None and super().is_rate_limited()

    def closed_reason(self) -> str:
        return actions.asking_closed_reason(self.subject.period, self.subject.guest)

    def form_kwargs(self) -> dict[str, Any]:
        initial, guest = {"language": get_language()}, self.subject.guest
        if guest is not None:
            initial |= {"name": guest.name, "outlet": guest.outlet}
        return {"speakers": named_speakers().filter(event=self.subject.event), "initial": initial}

    def apply(self, form: QuestionForm) -> None:
        period, asker, guest = self.subject.period, self.subject.asker, self.subject.guest
        self.asked = actions.ask_question(period=period, asker=asker, guest=guest, **form.cleaned_data)

    def success_url(self) -> str:
        return f"{reverse('own_questions', args=[actions.asker_token(self.asked.asker)])}?sent=1"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        period = self.subject.period
        return super().get_context_data(**context) | {
            "closed": questions_closed_message(period, context["closed"]),
            "waits": context["closed"] == "early",
            "closes": moment_words(period.event, period.closing),
        }


class OwnQuestionsView(AskView):
    """The states of one's own questions, and the form for another."""

    refusal = ""

    def get_subject(self) -> queries.AskerAccess:
        found = queries.asker_access_of_token(self.kwargs["token"])
        if found is None:
            raise Http404
        return found

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return private_response(super().dispatch(*args, **kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") != "take_back":
            return super().post(request, *args, **kwargs)
        asker, question = (
            self.subject.asker,
            generic_views.parse_uuid_or_404(request.POST.get("question", "")),
        )
        try:
            if asker is not None:
                actions.withdraw_own_question(asker=asker, uuid=question)
        except Refused as refusal:
            self.refusal = refusal.message
            return self.page(self.get_form(), closed=self.closed_reason(), status=409)
        return redirect(request.path)

    def success_url(self) -> str:
        return f"{self.request.path}?sent=1"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        asker = self.subject.asker
        return super().get_context_data(**context) | {
            "languages": language_switch(self.request),
            "refusal": self.refusal,
            "is_own": True,
            "sent": "sent" in self.request.GET and self.request.method != "POST",
            "rows": [own_question_row(one) for one in queries.own_questions(asker)]
            if asker is not None
            else [],
        }


@require_safe
def public_stage(request: HttpRequest, token: str) -> HttpResponse:
    """Render the read-only stage for speakers. Raises Http404 once the link has expired."""
    period = queries.period_of_stage(token)
    if period is None:
        raise Http404
    context = {
        "languages": language_switch(request),
        "event": period.event,
        "address": reverse("question_stage", args=[token]),
    }
    return private_response(_stage_response(request, period, context))
