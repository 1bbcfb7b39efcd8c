"""Question views in the member area: period, moderation, the stage with its buttons and link."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.applicants.views import private_response
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
from events.core.permissions import event_title, get_own_event_or_404, may_change
from events.core.public_pages import language_switch
from events.core.queries import named_speakers, speakers_of, text_in
from events.questions import actions
from events.questions.actions import (
    QuestionsClosed,
    ask_question,
    asker_token,
    questions_closed_reason,
    withdraw_own_question,
)
from events.questions.enums import AskedBy, QuestionState
from events.questions.forms import (
    QuestionForm,
    QuestionTermsForm,
    SummaryForm,
    initial_question,
    initial_question_terms,
    initial_summary,
)
from events.questions.models import Question, QuestionPeriod
from events.questions.presenters import (
    asked_by_words,
    build_public_question,
    own_question_rows,
    question_rows,
    questions_closed_message,
    stage_of,
)
from events.questions.queries import (
    AskerAccess,
    asker_access_of_token,
    own_questions,
    period_of,
    period_of_stage,
    public_period,
    questions_of,
    stage_questions,
)
from events.questions.topics import questions_topic


def get_question_period_or_404(
    request: HttpRequest, uuid: UUID
) -> tuple[Access, Event, QuestionPeriod | None]:
    """Return the event and its question period, for people who may change the event."""
    access, event = get_own_event_or_404(request, uuid)
    require_that(may_change(access, event), actions.ONLY_PLANNERS)
    return access, event, period_of(event)


def get_open_questions_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, QuestionPeriod]:
    """Return the same for an event with a question period. Raises Http404 without one."""
    access, event, period = get_question_period_or_404(request, uuid)
    if period is None:
        raise Http404
    return access, event, period


@member_required
@never_cache
@require_safe
def questions(request: HttpRequest, event: UUID) -> HttpResponse:
    """List all questions by state; before the period is opened, offer to open it."""
    access, found, period = get_question_period_or_404(request, event)
    if period is None:
        return redirect("events:questions_terms", found.uuid)
    return _questions_response(request, access, found, period)


def _questions_response(
    request: HttpRequest, access: Access, event: Event, period: QuestionPeriod
) -> HttpResponse:
    why, token = actions.questions_closed_reason(period), actions.stage_token(period)
    by_state = question_rows(event, questions_of(period))
    context = planning_context(access, event) | {
        "period": period,
        "topic": questions_topic(period),
        "why": why,
        "closed": questions_closed_message(period, why),
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
def question_terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open or reopen the event to questions, or change the terms."""
    access, found, period = get_question_period_or_404(request, event)
    initial = initial_question_terms(found, period)
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
def close_questions(request: HttpRequest, event: UUID) -> HttpResponse:
    """Stop accepting questions."""
    access, found, _period = get_question_period_or_404(request, event)
    with flash_result(request, _("No more questions can be asked. What was asked stays.")):
        actions.stop_questions(access=access, event=found)
    return redirect("events:questions", found.uuid)


@member_required
@require_POST
def stage_link(request: HttpRequest, event: UUID) -> HttpResponse:
    """Create or revoke the stage link."""
    access, found, _period = get_open_questions_or_404(request, event)
    if request.POST.get("act") == "take_back":
        with flash_result(request, _("The link opens no more.")):
            actions.revoke_stage_link(access=access, event=found)
    else:
        with flash_result(request, _("The link is made. Copy it and pass it on.")):
            actions.make_stage_link(access=access, event=found)
    return redirect(f"{reverse('events:questions', args=[found.uuid])}#stage-link")


@member_required
@require_POST
def move_question(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move an accepted question `up` or `down` by one place."""
    access, found, period = get_open_questions_or_404(request, event)
    moved = ""
    with flash_result(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                actions.step_question(
                    access=access, event=found, uuid=_parse_uuid(moved), down=name == "down"
                )
    if request.headers.get("HX-Request"):
        return _questions_response(request, access, found, period_of(found) or period)
    return redirect(f"{reverse('events:questions', args=[found.uuid])}#question-{moved}")


@member_required
@require_POST
def decide_question(request: HttpRequest, event: UUID, question: UUID) -> HttpResponse:
    """Decide on a question: `state` is its new state; `next`: it is answered and the next one is
    asked."""
    access, found, _period = get_open_questions_or_404(request, event)
    seen = _number(request.POST.get("revision", ""))
    with flash_result(request):
        if "next" in request.POST:
            actions.ask_next_question(access=access, event=found, uuid=question, seen=seen)
        else:
            actions.decide_question(
                access=access,
                event=found,
                uuid=question,
                state=_parse_state(request.POST.get("state", "")),
                seen=seen,
                on_stage=_parse_uuid(request.POST["on_stage"]) if request.POST.get("on_stage") else None,
            )
    if request.POST.get("back") == "stage":
        return redirect("events:questions_stage", found.uuid)
    return redirect(f"{reverse('events:questions', args=[found.uuid])}#question-{question}")


@member_required
@never_cache
@require_safe
def moderator_stage(request: HttpRequest, event: UUID) -> HttpResponse:
    """Render the stage with its buttons."""
    access, found, period = get_open_questions_or_404(request, event)
    shown = stage_of(period, stage_questions(period))
    if request.GET.get("seen") == shown.mark:
        return HttpResponse(status=204)
    context = planning_context(access, found) | {
        "stage": shown,
        "topic": questions_topic(period),
        "moderates": found.cancelled_at is None,
        "cancelled": found.cancelled_at is not None,
        "address": reverse("events:questions_stage", args=[found.uuid]),
        "title": event_title(found),
    }
    return render(request, "events/questions/stage.html", context)


def _parse_uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else -1


def _parse_state(words: str) -> QuestionState:
    if words not in QuestionState.values:
        raise Http404
    return QuestionState(words)


# --- public ---
# Public question views: the form of an event, the page by a private link, the read-only stage.


MAX_FROM_ONE_ADDRESS = 100  # questions per hour: all people in a hall share one network address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_publicly(request: HttpRequest, slug: str) -> HttpResponse:
    """Render the form of an event that accepts questions from everyone; keep the input on
    errors."""
    period = public_period(slug)
    if period is None:
        raise Http404
    asked = _save_or_show_form(
        request, AskerAccess(period, None, None), name="event_questions", argument=slug
    )
    if isinstance(asked, HttpResponse):
        return asked
    return redirect(f"{reverse('own_questions', args=[asker_token(asked.asker)])}?sent=1")


@require_http_methods(["GET", "HEAD", "POST"])
def own_questions_page(request: HttpRequest, token: str) -> HttpResponse:
    """Display the states of one's own questions, and the form for another. Raises Http404 for an
    unknown link."""
    door = asker_access_of_token(token)
    if door is None:
        raise Http404
    address = reverse("own_questions", args=[token])
    if request.POST.get("act") == "take_back":
        return private_response(_withdraw_response(request, door, token, address))
    asked = _save_or_show_form(request, door, name="own_questions", argument=token)
    return private_response(redirect(f"{address}?sent=1") if isinstance(asked, Question) else asked)


@require_safe
def public_stage(request: HttpRequest, token: str) -> HttpResponse:
    """Render the read-only stage for speakers. Raises Http404 once the link has expired."""
    period = period_of_stage(token)
    if period is None:
        raise Http404
    shown = stage_of(period, stage_questions(period))
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


def _withdraw_response(request: HttpRequest, door: AskerAccess, token: str, address: str) -> HttpResponse:
    found = own_questions(door.asker) if door.asker is not None else []
    question = next((one for one in found if str(one.uuid) == request.POST.get("question")), None)
    if question is not None and door.asker is not None:
        try:
            withdraw_own_question(asker=door.asker, uuid=question.uuid)
        except Refused as refusal:
            form = _form(None, door)
            return _question_form_response(
                request, door, form, name="own_questions", argument=token, refusal=refusal.message
            )
    return redirect(address)


def _save_or_show_form(
    request: HttpRequest, door: AskerAccess, *, name: str, argument: str
) -> Question | HttpResponse:
    """Return the stored question, or the page with the form and the error message."""
    form = _form(request.POST if request.method == "POST" else None, door)
    if not form.is_bound:
        return _question_form_response(request, door, form, name=name, argument=argument)
    # A journalist has a verified address and is limited by it alone.
    if door.guest is None and is_rate_limited(request, "questions", MAX_FROM_ONE_ADDRESS):
        return _question_form_response(request, door, form, name=name, argument=argument, too_many=True)
    why = _closed_message(door)
    if why:
        return _question_form_response(request, door, form, name=name, argument=argument)
    if form.is_valid():
        try:
            return ask_question(period=door.period, asking=form.asking, asker=door.asker, guest=door.guest)
        except TooManyRequests:
            return _question_form_response(request, door, form, name=name, argument=argument, too_many=True)
        except QuestionsClosed:
            return _question_form_response(request, door, form, name=name, argument=argument)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return _question_form_response(request, door, form, name=name, argument=argument)


def _form(sent: QueryDict | None, door: AskerAccess) -> QuestionForm:
    speakers = list(named_speakers().filter(event=door.period.event))
    return QuestionForm(sent, speakers=speakers, initial=initial_question(door.guest))


def _closed_message(door: AskerAccess) -> str:
    why = questions_closed_reason(door.period)
    if not why and door.guest is None and door.period.asked_by == AskedBy.PRESS:
        return "press"
    return why


def _question_form_response(
    request: HttpRequest,
    door: AskerAccess,
    form: QuestionForm,
    *,
    name: str,
    argument: str,
    too_many: bool = False,
    refusal: str = "",
) -> HttpResponse:
    why, event = _closed_message(door), door.period.event
    context = {
        **hooks.site_frame_context(request),
        "languages": language_switch(request, name, argument),
        "event": event,
        "title": text_in(event, get_language() or "").title,
        "form": form if not why or form.is_bound else None,
        "closed": questions_closed_message(door.period, why),
        "waits": why == "early",
        "too_many": too_many,
        "refusal": refusal,
        "closes": moment_words(event, door.period.closing),
        "is_own": name == "own_questions",
        "sent": "sent" in request.GET and not form.is_bound,
        "rows": own_question_rows(own_questions(door.asker)) if door.asker is not None else [],
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
# One question in the member area: original text, summary, merging.


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_question(request: HttpRequest, event: UUID, question: UUID) -> HttpResponse:
    """Edit summary and addressed speaker. A concurrent change is displayed beside the input."""
    access, found, period = get_open_questions_or_404(request, event)
    row = _get_question_or_404(period, question)
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
        except actions.StaleQuestion as decided:
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
        "shown": build_public_question(row),
        "theirs": theirs,
        "leads": _leads(period, row),
    }
    return form_page(request, "events/questions/question.html", context)


@member_required
@require_POST
def merge_questions(request: HttpRequest, event: UUID, question: UUID) -> HttpResponse:
    """Merge it into another question (`lead`), or undo the merge."""
    access, found, period = get_open_questions_or_404(request, event)
    row = _get_question_or_404(period, question)
    lead = request.POST.get("lead", "")
    if not lead:
        with flash_result(request, _("The question waits for itself again.")):
            actions.unmerge_question(access=access, event=found, uuid=row.uuid)
        return redirect("events:questions", found.uuid)
    seen = request.POST.get("revision", "")
    try:
        target = UUID(lead)
    except ValueError as error:
        raise Http404 from error
    with flash_result(request, _("Merged. The other question stands for it now.")):
        actions.merge_question(
            access=access,
            event=found,
            uuid=row.uuid,
            lead=target,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
        )
    return redirect("events:questions", found.uuid)


def _get_question_or_404(period: QuestionPeriod, uuid: UUID) -> Question:
    return get_object_or_404(Question.objects.filter(period=period).select_related("speaker"), uuid=uuid)


def _leads(period: QuestionPeriod, row: Question) -> list[tuple[str, str]]:
    """Return the questions that this one can be merged into."""
    if row.lead_id is not None or not QuestionState(row.state).can_be_merged:
        return []
    rows = [one for one in questions_of(period) if one.pk != row.pk]
    return [
        (str(one.uuid), build_public_question(one).words)
        for one in rows
        if QuestionState(one.state).can_stand_for_others
    ]
