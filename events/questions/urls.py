"""Questions to an event: `desk` below `/workspaces/`, `public_event` below `/<language>/events/`, `public`
(one's own questions, the stage) below `/<language>/`."""

from django.urls import URLPattern, URLResolver, path

from events.questions import views

_QUESTIONS = "events/<uuid:event>/questions/"
_QUESTION = f"{_QUESTIONS}<uuid:question>/"

public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/questions/", views.ask, name="event_questions"),
]
public: list[URLPattern | URLResolver] = [
    path("questions/ask/<str:token>/", views.own, name="own_questions"),
    path("questions/stage/<str:token>/", views.public_stage, name="question_stage"),
]
desk: list[URLPattern | URLResolver] = [
    path(_QUESTIONS, views.questions, name="questions"),
    path(f"{_QUESTIONS}terms/", views.terms, name="questions_terms"),
    path(f"{_QUESTIONS}close/", views.close, name="questions_close"),
    path(f"{_QUESTIONS}move/", views.move, name="questions_move"),
    path(f"{_QUESTIONS}stage/", views.moderator_stage, name="questions_stage"),
    path(f"{_QUESTIONS}stage/link/", views.stage_link, name="questions_stage_link"),
    path(_QUESTION, views.one, name="question"),
    path(f"{_QUESTION}decide/", views.decide, name="question_decide"),
    path(f"{_QUESTION}merge/", views.merge, name="question_merge"),
]
