"""The page of a taker: the licence of material has ended; what became of it? By link, without an account."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from coalition.applicants.views import private_response
from coalition.consent import queries
from coalition.consent.actions.withdraw import answer_removal
from coalition.consent.enums import RemovalAnswer
from coalition.core.throttling import TooManyRequests, hash_token, is_rate_limited

MOST_ANSWERS: Final = 30  # an hour, by one link from one network


@require_http_methods(["GET", "HEAD", "POST"])
def material_ended(request: HttpRequest, token: str) -> HttpResponse:
    """Show the taker's items; a POST stores an answer for each (`answer-<uuid>`), 422 if one is missing."""
    requests = list(queries.requests_of_token(hash_token(token)))
    if not requests:
        raise Http404
    answers: dict[UUID, RemovalAnswer] = {
        one.uuid: RemovalAnswer(one.answer) for one in requests if one.answer
    }
    missing: set[UUID] = set()
    refusal, status = "", 200
    if request.method == "POST":
        asked = {one.uuid for one in requests}
        answers = _answers(request, asked)
        if is_rate_limited(request, f"material:{hash_token(token)[:16]}", MOST_ANSWERS):
            refusal, status = TooManyRequests().message, 429
        elif missing := asked - answers.keys():
            status = 422
        else:
            answer_removal(token=token, answers=answers)
            return private_response(redirect("material_ended", token))
    context = {
        "rows": [
            {
                "request": one,
                "title": one.title,
                "answer": answers.get(one.uuid, ""),
                "is_missing": one.uuid in missing,
            }
            for one in requests
        ],
        "has_missing": bool(missing),
        "ended_at": max(one.withdrawal.at for one in requests),
        "contact": requests[0].withdrawal.consent.contact,
        "answers": RemovalAnswer.choices,
        "answered": all(one.answer for one in requests),
        "refusal": refusal,
    }
    return private_response(render(request, "consent/material_ended.html", context, status=status))


def _answers(request: HttpRequest, asked: set[UUID]) -> dict[UUID, RemovalAnswer]:
    """Return well-formed answers to what was asked; the rest is ignored."""
    chosen = {uuid: request.POST.get(f"answer-{uuid}", "") for uuid in asked}
    return {uuid: RemovalAnswer(value) for uuid, value in chosen.items() if value in RemovalAnswer.values}
