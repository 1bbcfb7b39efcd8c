"""Questions to an event: `desk` below `/workspaces/`, `public` below `/<language>/events/`, `links` (one's
own questions, the stage) below `/<language>/`."""

from django.urls import URLPattern, URLResolver, path

from events.questions.views import desk as questions_desk_views
from events.questions.views import public as questions_public_views
from events.questions.views import summary

_QUESTIONS = "events/<uuid:event>/questions/"
_QUESTION = f"{_QUESTIONS}<uuid:question>/"

public: list[URLPattern | URLResolver] = [
    path("<slug:slug>/questions/", questions_public_views.ask, name="event_questions"),
]
links: list[URLPattern | URLResolver] = [
    path("questions/ask/<str:token>/", questions_public_views.own, name="own_questions"),
    path("questions/stage/<str:token>/", questions_public_views.stage, name="question_stage"),
]
desk: list[URLPattern | URLResolver] = [
    path(_QUESTIONS, questions_desk_views.questions, name="questions"),
    path(f"{_QUESTIONS}terms/", questions_desk_views.terms, name="questions_terms"),
    path(f"{_QUESTIONS}close/", questions_desk_views.close, name="questions_close"),
    path(f"{_QUESTIONS}move/", questions_desk_views.move, name="questions_move"),
    path(f"{_QUESTIONS}stage/", questions_desk_views.stage, name="questions_stage"),
    path(f"{_QUESTIONS}stage/link/", questions_desk_views.stage_link, name="questions_stage_link"),
    path(_QUESTION, summary.one, name="question"),
    path(f"{_QUESTION}decide/", questions_desk_views.decide, name="question_decide"),
    path(f"{_QUESTION}merge/", summary.merge, name="question_merge"),
]
