"""Questions to an event: `desk` below `/workspaces/`, `public` below `/<language>/events/`, `links` (one's
own questions, the stage) below `/<language>/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import question_form, question_summary, questions

_QUESTIONS = "events/<uuid:event>/questions/"
_QUESTION = f"{_QUESTIONS}<uuid:question>/"

public: list[URLPattern | URLResolver] = [
    path("<slug:slug>/questions/", question_form.ask, name="event_questions"),
]
links: list[URLPattern | URLResolver] = [
    path("questions/ask/<str:token>/", question_form.own, name="own_questions"),
    path("questions/stage/<str:token>/", question_form.stage, name="question_stage"),
]
desk: list[URLPattern | URLResolver] = [
    path(_QUESTIONS, questions.questions, name="questions"),
    path(f"{_QUESTIONS}terms/", questions.terms, name="questions_terms"),
    path(f"{_QUESTIONS}close/", questions.close, name="questions_close"),
    path(f"{_QUESTIONS}move/", questions.move, name="questions_move"),
    path(f"{_QUESTIONS}stage/", questions.stage, name="questions_stage"),
    path(f"{_QUESTIONS}stage/link/", questions.stage_link, name="questions_stage_link"),
    path(_QUESTION, question_summary.one, name="question"),
    path(f"{_QUESTION}decide/", questions.decide, name="question_decide"),
    path(f"{_QUESTION}merge/", question_summary.merge, name="question_merge"),
]
