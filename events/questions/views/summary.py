"""One question at the desk: the person's own words, a summary beside them, what stands for what."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.workspaces import access as door
from events.core.pages import planning_context
from events.core.queries import speakers_of
from events.questions.actions import moderate
from events.questions.enums import QuestionState
from events.questions.forms import SummaryForm, initial_summary
from events.questions.models import Question, QuestionPeriod
from events.questions.presenters import shown
from events.questions.queries import questions_of
from events.questions.views.desk import to_open_questions


@door.members_only
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
            moderate.summarise(
                access=access,
                event=found,
                uuid=row.uuid,
                summary=form.summary,
                seen=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
            )
        except moderate.Decided as decided:
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


@door.members_only
@require_POST
def merge(request: HttpRequest, event: UUID, question: UUID) -> HttpResponse:
    """Let another one stand for it (`lead`), or part it from that again."""
    access, found, period = to_open_questions(request, event)
    row = _row(period, question)
    lead = request.POST.get("lead", "")
    if not lead:
        with telling(request, _("The question waits for itself again.")):
            moderate.part(access=access, event=found, uuid=row.uuid)
        return redirect("events:questions", found.uuid)
    seen = request.POST.get("revision", "")
    try:
        target = UUID(lead)
    except ValueError as error:
        raise Http404 from error
    with telling(request, _("Merged. The other question stands for it now.")):
        moderate.merge(
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
