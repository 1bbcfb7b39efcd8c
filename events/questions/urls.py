"""Questions to an event: `desk` below `/workspaces/`, `public_event` below `/<language>/events/`, `public`
(one's own questions, the stage) below `/<language>/`."""

from django.urls import URLPattern, URLResolver, path

from events.questions import views

_QUESTIONS = "events/<uuid:event>/questions/"
_QUESTION = f"{_QUESTIONS}<uuid:question>/"

public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/questions/", views.AskView.as_view(), name="event_questions"),
]
public: list[URLPattern | URLResolver] = [
    path("questions/ask/<str:token>/", views.OwnQuestionsView.as_view(), name="own_questions"),
    path("questions/stage/<str:token>/", views.public_stage, name="question_stage"),
]
desk: list[URLPattern | URLResolver] = [
    path(_QUESTIONS, views.questions, name="questions"),
    path(f"{_QUESTIONS}terms/", views.QuestionTermsView.as_view(), name="questions_terms"),
    path(f"{_QUESTIONS}close/", views.close_questions, name="questions_close"),
    path(f"{_QUESTIONS}move/", views.move_question, name="questions_move"),
    path(f"{_QUESTIONS}stage/", views.moderator_stage, name="questions_stage"),
    path(f"{_QUESTIONS}stage/link/", views.stage_link, name="questions_stage_link"),
    path(_QUESTION, views.QuestionFormView.as_view(), name="question"),
    path(f"{_QUESTION}decide/", views.decide_question, name="question_decide"),
    path(f"{_QUESTION}merge/", views.merge_questions, name="question_merge"),
]
