"""Answering an invitation by link, without an account. The GET shows buttons, the POST acts: mail scanners
open links. Whoever holds the link answers; a link that does not count is like one that never was."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from events.core.enums import Answer, EventState
from events.core.models import EventInvitation
from events.core.queries import invitation_of_token
from events.core.summary import invited
from events.invitations.actions.answer import answer_invitation
from events.invitations.forms import AnswerForm
from events.invitations.views.desk import SHAPES


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What the event is, the three answers, and the one that was given. Raises Http404 for no invitation."""
    found = invitation_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):  # of the mail that brought here
        response = _answer(request, found, token)
    return private_response(response, language=found.language)


def _answer(request: HttpRequest, found: EventInvitation, token: str) -> HttpResponse:
    form = AnswerForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            answer_invitation(invitation=found, answer=Answer(form.cleaned_data["answer"]))
        except Refused as refused:
            refusal = refused.message
        else:
            return redirect("calendar_answer", token)
    given = Answer(found.answer)
    context = {
        "event": invited(found),
        "name": found.person.name if found.person is not None else found.guest_name,
        "cancelled": found.event.state == EventState.CANCELLED,
        "given": given if given != Answer.NONE else None,
        "given_at": found.answered_at,
        "shape": SHAPES[given],
        "changed": found.answered_sequence is not None and found.answered_sequence < found.event.sequence,
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "events/answers/answer.html", context, status=status)
