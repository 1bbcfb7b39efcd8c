"""Questions in public: the form of an event, the page behind a private link, the stage that only reads."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import TooMany, too_often
from documents.publication import hooks
from events.core.public_pages import language_switch
from events.core.queries import named_speakers, text_in
from events.press.registration.presenters import moment_words
from events.questions.actions.ask import Closed, ask_question, take_own_back, token_of
from events.questions.actions.settings import why_closed
from events.questions.enums import AskedBy
from events.questions.forms import QuestionForm, initial_question
from events.questions.models import Question
from events.questions.presenters import closed_words, own_rows, stage_of
from events.questions.queries import (
    Door,
    door_of_token,
    on_stage,
    own_questions,
    period_of_stage,
    public_period,
)

FROM_ONE_HALL = 100  # questions an hour: everybody in a hall shares one network address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of an event that takes everyone's questions. What was typed stays."""
    period = public_period(slug)
    if period is None:
        raise Http404
    asked = _ask(request, Door(period, None, None), name="event_questions", argument=slug)
    if isinstance(asked, HttpResponse):
        return asked
    return redirect(f"{reverse('own_questions', args=[token_of(asked.asker)])}?sent=1")


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """What becomes of one's own questions, and the form for another one. Raises Http404 for nobody's link."""
    door = door_of_token(token)
    if door is None:
        raise Http404
    address = reverse("own_questions", args=[token])
    if request.POST.get("act") == "take_back":
        return private_response(_take_back(request, door, token, address))
    asked = _ask(request, door, name="own_questions", argument=token)
    return private_response(redirect(f"{address}?sent=1") if isinstance(asked, Question) else asked)


@require_safe
def stage(request: HttpRequest, token: str) -> HttpResponse:
    """The stage as speakers read it: nothing can be pressed. Raises Http404 once the link opens no more."""
    period = period_of_stage(token)
    if period is None:
        raise Http404
    shown = stage_of(period, on_stage(period))
    if request.GET.get("seen") == shown.mark:
        return private_response(HttpResponse(status=204))
    context = {
        "languages": language_switch(request, "question_stage", token),
        "event": period.event,
        "title": text_in(period.event, get_language() or "").title,
        "stage": shown,
        "cancelled": period.event.cancelled_at is not None,
        "address": reverse("question_stage", args=[token]),
    }
    return private_response(render(request, "events/questions/stage.html", context))


def _take_back(request: HttpRequest, door: Door, token: str, address: str) -> HttpResponse:
    found = own_questions(door.asker) if door.asker is not None else []
    question = next((one for one in found if str(one.uuid) == request.POST.get("question")), None)
    if question is not None and door.asker is not None:
        try:
            take_own_back(asker=door.asker, uuid=question.uuid)
        except Refused as refusal:
            form = _form(None, door)
            return _page(request, door, form, name="own_questions", argument=token, refusal=refusal.message)
    return redirect(address)


def _ask(request: HttpRequest, door: Door, *, name: str, argument: str) -> Question | HttpResponse:
    """The question that was kept, or the page that shows the form, with words if it was refused."""
    form = _form(request.POST if request.method == "POST" else None, door)
    if not form.is_bound:
        return _page(request, door, form, name=name, argument=argument)
    # A journalist has proved an address and is counted by it alone.
    if door.guest is None and too_often(request, "questions", FROM_ONE_HALL):
        return _page(request, door, form, name=name, argument=argument, too_many=True)
    why = _why(door)
    if why:
        return _page(request, door, form, name=name, argument=argument)
    if form.is_valid():
        try:
            return ask_question(period=door.period, asking=form.asking, asker=door.asker, guest=door.guest)
        except TooMany:
            return _page(request, door, form, name=name, argument=argument, too_many=True)
        except Closed:
            return _page(request, door, form, name=name, argument=argument)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return _page(request, door, form, name=name, argument=argument)


def _form(sent: QueryDict | None, door: Door) -> QuestionForm:
    speakers = list(named_speakers().filter(event=door.period.event))
    return QuestionForm(sent, speakers=speakers, initial=initial_question(door.guest))


def _why(door: Door) -> str:
    why = why_closed(door.period)
    if not why and door.guest is None and door.period.asked_by == AskedBy.PRESS:
        return "press"
    return why


def _page(
    request: HttpRequest,
    door: Door,
    form: QuestionForm,
    *,
    name: str,
    argument: str,
    too_many: bool = False,
    refusal: str = "",
) -> HttpResponse:
    why, event = _why(door), door.period.event
    context = {
        **hooks.frame_of(request),
        "languages": language_switch(request, name, argument),
        "event": event,
        "title": text_in(event, get_language() or "").title,
        "form": form if not why or form.is_bound else None,
        "closed": closed_words(door.period, why),
        "waits": why == "early",
        "too_many": too_many,
        "refusal": refusal,
        "closes": moment_words(event, door.period.closing),
        "is_own": name == "own_questions",
        "sent": "sent" in request.GET and not form.is_bound,
        "rows": own_rows(own_questions(door.asker)) if door.asker is not None else [],
    }
    status = _status(form, why=why, too_many=too_many, refusal=refusal)
    return render(request, "events/questions/ask.html", context, status=status)


def _status(form: QuestionForm, *, why: str, too_many: bool, refusal: str) -> int:
    if too_many:
        return 429
    if refusal or (form.is_bound and why):
        return 409
    return 422 if form.is_bound else 200
