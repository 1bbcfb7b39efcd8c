"""Questions at the desk: when they are open, moderating them, the stage with its buttons and its link."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from coalition.http.responses import flash_result, form_page
from coalition.mail.links import absolute_url
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.publication import hooks
from events.core.formatting import moment_words
from events.core.models import Event
from events.core.pages import planning_context
from events.core.permissions import may_change, title_of, to_own_event
from events.core.public_pages import language_switch
from events.core.queries import named_speakers, speakers_of, text_in
from events.questions import actions
from events.questions.actions import Closed, ask_question, take_own_back, token_of, why_closed
from events.questions.enums import AskedBy, QuestionState
from events.questions.forms import (
    QuestionForm,
    QuestionTermsForm,
    SummaryForm,
    initial_question,
    initial_summary,
    initial_terms,
)
from events.questions.models import Question, QuestionPeriod
from events.questions.presenters import asked_by_words, closed_words, own_rows, question_rows, shown, stage_of
from events.questions.queries import (
    Door,
    door_of_token,
    on_stage,
    own_questions,
    period_of,
    period_of_stage,
    public_period,
    questions_of,
)
from events.questions.topics import topic_of


def to_questions(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, QuestionPeriod | None]:
    """The event and when it takes questions, for who may change the event."""
    access, event = to_own_event(request, uuid)
    require_that(may_change(access, event), actions.ONLY_PLANNERS)
    return access, event, period_of(event)


def to_open_questions(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, QuestionPeriod]:
    """The same, where it takes any. Raises Http404 where it does not."""
    access, event, period = to_questions(request, uuid)
    if period is None:
        raise Http404
    return access, event, period


@member_required
@never_cache
@require_safe
def questions(request: HttpRequest, event: UUID) -> HttpResponse:
    """Everything that was asked, by state; before it is opened, how to open it."""
    access, found, period = to_questions(request, event)
    if period is None:
        return redirect("events:questions_terms", found.uuid)
    return _list(request, access, found, period)


def _list(request: HttpRequest, access: Access, event: Event, period: QuestionPeriod) -> HttpResponse:
    why, token = actions.why_closed(period), actions.stage_token(period)
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
        "stage_link": absolute_url(reverse("question_stage", args=[token])) if token else "",
        "stage_until": moment_words(event, actions.stage_until(period)),
    }
    return render(request, "events/questions/list.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open it to questions, open it again, change the terms."""
    access, found, period = to_questions(request, event)
    initial = initial_terms(found, period)
    form = QuestionTermsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.open_to_questions(access=access, event=found, terms=form.terms(found))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved. Questions can be asked in the time that you have set."))
            return redirect("events:questions", found.uuid)
    context = planning_context(access, found) | {"form": form, "period": period}
    return form_page(request, "events/questions/terms.html", context)


@member_required
@require_POST
def close(request: HttpRequest, event: UUID) -> HttpResponse:
    """Take no more."""
    access, found, _period = to_questions(request, event)
    with flash_result(request, _("No more questions can be asked. What was asked stays.")):
        actions.stop_questions(access=access, event=found)
    return redirect("events:questions", found.uuid)


@member_required
@require_POST
def stage_link(request: HttpRequest, event: UUID) -> HttpResponse:
    """Make the link to the stage, or take it back."""
    access, found, _period = to_open_questions(request, event)
    if request.POST.get("act") == "take_back":
        with flash_result(request, _("The link opens no more.")):
            actions.take_stage_link_back(access=access, event=found)
    else:
        with flash_result(request, _("The link is made. Copy it and pass it on.")):
            actions.make_stage_link(access=access, event=found)
    return redirect(f"{reverse('events:questions', args=[found.uuid])}#stage-link")


@member_required
@require_POST
def move(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one of those taken `up` or `down` by one place."""
    access, found, period = to_open_questions(request, event)
    moved = ""
    with flash_result(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                actions.step_question(access=access, event=found, uuid=_uuid(moved), down=name == "down")
    if request.headers.get("HX-Request"):
        return _list(request, access, found, period_of(found) or period)
    return redirect(f"{reverse('events:questions', args=[found.uuid])}#question-{moved}")


@member_required
@require_POST
def decide(request: HttpRequest, event: UUID, question: UUID) -> HttpResponse:
    """One press: `state` is what the question becomes; `next`: it is answered and the next one is asked."""
    access, found, _period = to_open_questions(request, event)
    seen = _number(request.POST.get("revision", ""))
    with flash_result(request):
        if "next" in request.POST:
            actions.next_one(access=access, event=found, uuid=question, seen=seen)
        else:
            actions.decide(
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


@member_required
@never_cache
@require_safe
def moderator_stage(request: HttpRequest, event: UUID) -> HttpResponse:
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


# --- public ---
# Questions in public: the form of an event, the page behind a private link, the stage that only reads.


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
def public_stage(request: HttpRequest, token: str) -> HttpResponse:
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
    if door.guest is None and is_rate_limited(request, "questions", FROM_ONE_HALL):
        return _page(request, door, form, name=name, argument=argument, too_many=True)
    why = _why(door)
    if why:
        return _page(request, door, form, name=name, argument=argument)
    if form.is_valid():
        try:
            return ask_question(period=door.period, asking=form.asking, asker=door.asker, guest=door.guest)
        except TooManyRequests:
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


# --- summary ---
# One question at the desk: the person's own words, a summary beside them, what stands for what.


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, event: UUID, question: UUID) -> HttpResponse:
    """Summary and to whom. What somebody else wrote meanwhile stands beside what was typed."""
    access, found, period = to_open_questions(request, event)
    row = _row(period, question)
    posted = request.POST if request.method == "POST" else None
    form = SummaryForm(posted, speakers=speakers_of(found), initial=initial_summary(row))
    theirs = False
    if form.is_bound and form.is_valid():
        seen = request.POST.get("revision", "")
        try:
            actions.summarise(
                access=access,
                event=found,
                uuid=row.uuid,
                summary=form.summary,
                seen=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
            )
        except actions.Decided as decided:
            row, theirs = decided.question, True
            form.add_error(None, decided.message)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:questions", found.uuid)
    context = planning_context(access, found) | {
        "form": form,
        "question": row,
        "shown": shown(row),
        "theirs": theirs,
        "leads": _leads(period, row),
    }
    return form_page(request, "events/questions/question.html", context)


@member_required
@require_POST
def merge(request: HttpRequest, event: UUID, question: UUID) -> HttpResponse:
    """Let another one stand for it (`lead`), or part it from that again."""
    access, found, period = to_open_questions(request, event)
    row = _row(period, question)
    lead = request.POST.get("lead", "")
    if not lead:
        with flash_result(request, _("The question waits for itself again.")):
            actions.part(access=access, event=found, uuid=row.uuid)
        return redirect("events:questions", found.uuid)
    seen = request.POST.get("revision", "")
    try:
        target = UUID(lead)
    except ValueError as error:
        raise Http404 from error
    with flash_result(request, _("Merged. The other question stands for it now.")):
        actions.merge(
            access=access,
            event=found,
            uuid=row.uuid,
            lead=target,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
        )
    return redirect("events:questions", found.uuid)


def _row(period: QuestionPeriod, uuid: UUID) -> Question:
    return get_object_or_404(Question.objects.filter(period=period).select_related("speaker"), uuid=uuid)


def _leads(period: QuestionPeriod, row: Question) -> list[tuple[str, str]]:
    """Which questions can stand for this one."""
    if row.lead_id is not None or not QuestionState(row.state).can_be_merged:
        return []
    rows = [one for one in questions_of(period) if one.pk != row.pk]
    return [
        (str(one.uuid), shown(one).words) for one in rows if QuestionState(one.state).can_stand_for_others
    ]
