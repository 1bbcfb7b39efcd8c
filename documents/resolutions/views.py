"""Views of decisions other than texts: register, putting, displaying, answering, withdrawing."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import display_mark_for, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.quotation_marks import nest_quotes
from coalition.http.responses import flash_result, form_page
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from coalition.workspaces.notifications.unread import mark_subjects_read
from documents.drafts.access import access_to_drafts
from documents.drafts.deciders import DeadlinePassed
from documents.drafts.permissions import may_ask_question, require_that
from documents.drafts.presenters import short_moment
from documents.resolutions.actions import ReasonMissing, answer_question, ask_question, withdraw_question
from documents.resolutions.enums import AnswerKind, Outcome, QuestionState
from documents.resolutions.forms import QuestionAnswerForm, QuestionForm
from documents.resolutions.models import Question, QuestionAsked
from documents.resolutions.outcome import answers_needed
from documents.resolutions.queries import (
    AnswerLine,
    QuestionAnswers,
    answers_to,
    decision_register_of,
    questions_asked_of,
    questions_for,
    readable_questions,
)

ON_A_PAGE = 50
ANSWER_SHAPES = {  # symbol of an answer, from components/state.html
    AnswerKind.AGREES: "approved",
    AnswerKind.RESERVES: "changes",
    AnswerKind.ABSTAINS: "abstains",
    AnswerKind.OBJECTS: "objects",
}


@member_required
@require_safe
def decision_register(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Display the workspace's register of decisions, newest first."""
    access = access_to_drafts(request, workspace)
    page = Paginator(decision_register_of(request.user, access.workspace), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "access": access,
        "workspace": access.workspace,
        "page": page,
        "rows": [{"question": one, "badge": question_badge(one)} for one in page.object_list],
        "may_ask": may_ask_question(access),
    }
    return render(request, "documents/decisions/register.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_question_page(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Put a question to organisations of the workspace."""
    access = access_to_drafts(request, workspace)
    require_that(may_ask_question(access), _("Coordinators put questions to organisations."))
    form = QuestionForm(request.POST or None, access=access, viewer=get_viewer(request))
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            made = ask_question(
                access=access,
                title=sent["title"],
                words=sent["words"],
                terms=form.terms,
                organisations=list(sent["organisations"]),
                deadline=sent["deadline"],
            )
        except Refused as refusal:
            form.add_error("deadline" if isinstance(refusal, DeadlinePassed) else None, refusal.message)
        else:
            messages.success(request, _("Put. Those who answer for the organisations have been told."))
            return redirect(made)
    context = {"access": access, "workspace": access.workspace, "form": form}
    return form_page(request, "documents/decisions/ask.html", context)


@member_required
@require_safe
def show_question(request: HttpRequest, question: UUID) -> HttpResponse:
    """Display the question, each organisation's answer, and the form of those who answer for
    one."""
    found = get_object_or_404(readable_questions(request.user), uuid=question)
    mark_subjects_read(request, found.uuid)
    return _question_page(request, found)


@member_required
@require_POST
@reauthentication_required
def submit_answer(request: HttpRequest, question: UUID, organisation: UUID) -> HttpResponse:
    """Answer for an organisation. Redisplays the input if it is not recorded."""
    asked = (
        questions_asked_of(request.user)
        .filter(question__uuid=question, organisation__uuid=organisation)
        .first()
    )
    if asked is None:
        raise Http404
    form = QuestionAnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_question(
                question=asked.question,
                organisation=asked.organisation,
                kind=AnswerKind(form.cleaned_data["kind"]),
                words=form.cleaned_data["words"],
                person=get_person(request),
            )
        except Refused as refusal:
            form.add_error("words" if isinstance(refusal, ReasonMissing) else None, refusal.message)
        else:
            messages.success(request, _("Recorded. It can be changed until the deadline."))
            return redirect(asked.question)
    found = get_object_or_404(readable_questions(request.user), uuid=question)
    return _question_page(request, found, sent={asked.organisation_id: form})


@member_required
@require_POST
def withdraw_open_question(request: HttpRequest, question: UUID) -> HttpResponse:
    """Withdraw an open question."""
    found = get_object_or_404(questions_for(request.user), uuid=question)
    access = access_to_drafts(request, found.workspace.uuid)
    with flash_result(request, _("Taken back. It stays in the register; nothing is decided on it.")):
        withdraw_question(access=access, question=found)
    return redirect(found)


def question_badge(one: Question) -> dict[str, str]:
    """Return the state or outcome of a question for components/badge.html."""
    if one.state == QuestionState.SETTLED:
        adopted = Outcome(one.outcome).is_adopted
        return {
            "label": one.get_outcome_display(),
            "kind": "yes" if adopted else "no",
            "icon": "check" if adopted else "x",
        }
    if one.state == QuestionState.OPEN:
        return {"label": one.get_state_display(), "kind": "wait", "icon": "clock"}
    return {"label": one.get_state_display(), "kind": "", "icon": ""}


def _question_page(
    request: HttpRequest, found: Question, sent: dict[int, QuestionAnswerForm] | None = None
) -> HttpResponse:
    viewer = get_viewer(request)
    answers = answers_to(found, viewer)
    own = list(questions_asked_of(request.user).filter(question=found))
    seated = questions_for(request.user).filter(pk=found.pk).exists()
    access = access_to_drafts(request, found.workspace.uuid) if seated else None
    is_late = found.deadline <= now()
    is_open = found.state == QuestionState.OPEN and found.workspace.archived_at is None
    asked, asker = len(answers.lines), found.asked_by
    context: dict[str, Any] = {
        "access": access,
        "workspace": found.workspace,
        "question": found,
        "badge": question_badge(found),
        "deadline": moment_with_time_zone(found.deadline),
        "closed_at": moment_with_time_zone(found.closed_at) if found.closed_at else "",
        "asked_on": moment_with_time_zone(found.asked_at),
        "asked_by": person_name(viewer, asker, found.organisation) if asker else "",
        "asked_for": display_name_for(viewer, found.organisation),
        "needed": answers_needed(asked, found.quorum_kind, found.quorum),
        "asked_count": asked,
        "tally": answers.tally,
        "lines": [_answer_line_context(line) for line in answers.lines],
        "is_open": is_open and not is_late,
        "is_late": is_open and is_late,
        "forms": [_own_answer_context(request, answers, row, sent or {}) for row in own]
        if is_open and not is_late
        else [],
        "may_take_back": access is not None and is_open and not is_late and may_ask_question(access),
    }
    status = 422 if sent else 200
    return render(request, "documents/decisions/question.html", context, status=status)


def _answer_line_context(line: AnswerLine) -> dict[str, Any]:
    note = ""
    if line.answer is not None:
        note = ", ".join(part for part in (line.person, short_moment(line.answer.at)) if part)
    about = _("Frozen") if line.frozen else "" if line.takes_part else _("No longer in this workspace")
    words = nest_quotes(line.words)
    return {
        "mark": line.mark,
        "note": about,
        "state": ANSWER_SHAPES[AnswerKind(line.kind)] if line.kind else "unopened",
        "label": line.label or pgettext("answer to a question", "No answer"),
        "when": note,
        "remark": pgettext("quotation", "“%(words)s”") % {"words": words} if words else "",
    }


def _own_answer_context(
    request: HttpRequest, answers: QuestionAnswers, row: QuestionAsked, sent: dict[int, QuestionAnswerForm]
) -> dict[str, Any]:
    viewer = get_viewer(request)
    line = next(
        (one for one in answers.lines if one.answer and one.answer.organisation_id == row.organisation_id),
        None,
    )
    before = {"kind": line.kind, "words": line.words} if line else {}
    form = sent.get(row.organisation_id) or QuestionAnswerForm(initial=before)
    form.auto_id = f"id_{row.pk}_%s"
    return {
        "name": display_name_for(viewer, row.organisation),
        "mark": display_mark_for(viewer, row.organisation),
        "organisation": row.organisation,
        "form": form,
        "answered": line is not None,
    }
