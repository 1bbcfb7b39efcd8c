"""Views of decisions other than texts: register, putting, displaying, answering, withdrawing."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from coalition.accounts.naming import Viewer, display_mark_for, display_name_for, may_see_name
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import nest_quotes
from coalition.workspaces.access import member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.drafts.access import access_to_drafts
from documents.drafts.generic_views import WorkspaceFormView, document_action
from documents.drafts.permissions import may_ask_question, require_that
from documents.drafts.presenters import short_moment
from documents.drafts.queries import DeadlinePassed
from documents.resolutions import queries
from documents.resolutions.actions import ReasonMissing, answer_question, ask_question, withdraw_question
from documents.resolutions.forms import QuestionAnswerForm, QuestionForm
from documents.resolutions.models import Answer, AnswerKind, Outcome, Question, QuestionAsked, QuestionState
from documents.resolutions.outcome import Tally, answers_needed

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
    page = Paginator(queries.decision_register_of(request.user, access.workspace), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "access": access,
        "workspace": access.workspace,
        "page": page,
        "rows": [{"question": one, "badge": question_badge(one)} for one in page.object_list],
        "may_ask": may_ask_question(access),
    }
    return render(request, "documents/resolutions/register.html", context)


class NewQuestionView(WorkspaceFormView):
    """Put a question to organisations of the workspace."""

    form_class = QuestionForm
    template_name = "documents/resolutions/ask.html"

    def load(self) -> None:
        super().load()
        require_that(may_ask_question(self.access), _("Coordinators put questions to organisations."))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access, "viewer": get_viewer(self.request)}

    def save(self, form: QuestionForm) -> HttpResponse:
        made = ask_question(access=self.access, **form.cleaned_data)
        messages.success(self.request, _("Put. Those who answer for the organisations have been told."))
        return redirect(made)

    def refused_field(self, form: QuestionForm, refusal: Refused) -> str | None:
        return "deadline" if isinstance(refusal, DeadlinePassed) else None


@member_required
@require_safe
def show_question(request: HttpRequest, question: UUID) -> HttpResponse:
    """Display the question, each organisation's answer, and the form of those who answer for one."""
    found = get_object_or_404(queries.readable_questions(request.user), uuid=question)
    mark_subjects_read(request, found.uuid)
    return _question_page(request, found)


def _asked_or_404(request: HttpRequest, question: UUID, organisation: UUID) -> QuestionAsked:
    rows = queries.questions_asked_of(request.user)
    return get_object_or_404(rows, question__uuid=question, organisation__uuid=organisation)


@document_action(_asked_or_404, reauthenticate=True)
def submit_answer(request: HttpRequest, asked: QuestionAsked) -> HttpResponse:
    """Answer for an organisation. Redisplays the input if it is not recorded."""
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
    found = get_object_or_404(queries.readable_questions(request.user), pk=asked.question_id)
    return _question_page(request, found, submitted={asked.organisation_id: form})


def _question_to_withdraw(request: HttpRequest, question: UUID) -> tuple[Access, Question]:
    found = get_object_or_404(queries.questions_for(request.user), uuid=question)
    return access_to_drafts(request, found.workspace.uuid), found


@document_action(
    _question_to_withdraw,
    success=gettext_lazy("Taken back. It stays in the register; nothing is decided on it."),
)
def withdraw_open_question(request: HttpRequest, access: Access, question: Question) -> None:
    """Withdraw an open question."""
    withdraw_question(access=access, question=question)


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
    request: HttpRequest, question: Question, submitted: dict[int, QuestionAnswerForm] | None = None
) -> HttpResponse:
    """`submitted`: the invalid form of one organisation, by its primary key."""
    viewer = get_viewer(request)
    rows = queries.asked_with_answers(question)
    seated = queries.questions_for(request.user).filter(pk=question.pk).exists()
    access = access_to_drafts(request, question.workspace.uuid) if seated else None
    is_late = question.deadline <= now()
    is_open = question.state == QuestionState.OPEN and question.workspace.archived_at is None
    own = set(queries.questions_asked_of(request.user).filter(question=question).values_list("pk", flat=True))
    forms = []
    for row, answer in rows:
        if row.pk not in own or not is_open or is_late:
            continue
        initial = {"kind": answer.kind, "words": answer.words} if answer else {}
        form = (submitted or {}).get(row.organisation_id) or QuestionAnswerForm(initial=initial)
        form.auto_id = f"id_{row.pk}_%s"
        name = display_name_for(viewer, row.organisation)
        forms.append(
            {"name": name, "organisation": row.organisation, "form": form, "answered": answer is not None}
        )
    context: dict[str, Any] = {
        "access": access,
        "workspace": question.workspace,
        "question": question,
        "badge": question_badge(question),
        "asked_by": person_name(viewer, question.asked_by, question.organisation)
        if question.asked_by
        else "",
        "asked_for": display_name_for(viewer, question.organisation),
        "needed": answers_needed(len(rows), question.quorum_kind, question.quorum),
        "asked_count": len(rows),
        "tally": Tally(len(rows), Counter(answer.kind for _row, answer in rows if answer)),
        "lines": [answer_context(viewer, *row) for row in rows],
        "is_open": is_open and not is_late,
        "is_late": is_open and is_late,
        "forms": forms,
        "may_take_back": access is not None and is_open and not is_late and may_ask_question(access),
    }
    status = 422 if submitted else 200
    return render(request, "documents/resolutions/question.html", context, status=status)


def answer_context(viewer: Viewer, row: queries.AnnotatedAsked, answer: Answer | None) -> dict[str, Any]:
    """Return one organisation's answer, with mark and person as visible to the viewer."""
    mark = display_mark_for(viewer, row.organisation)
    note = _("Frozen") if row.is_frozen else "" if row.takes_part else _("No longer in this workspace")
    if answer is None:
        label = pgettext("answer to a question", "No answer")
        return {"mark": mark, "note": note, "state": "unopened", "label": label, "when": "", "remark": ""}
    words, is_named = nest_quotes(answer.words), may_see_name(viewer, row.organisation)
    person = answer.person.name if answer.person and is_named else ""
    return {
        "mark": mark,
        "note": note,
        "state": ANSWER_SHAPES[AnswerKind(answer.kind)],
        "label": answer.get_kind_display(),
        "when": ", ".join(filter(None, (person, short_moment(answer.at)))),
        "remark": pgettext("quotation", "“%(words)s”") % {"words": words} if words else "",
    }
