"""Addresses of decisions other than texts; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.resolutions import views

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/decisions/", views.decision_register, name="decisions"),
    path("<uuid:workspace>/decisions/ask/", views.NewQuestionView.as_view(), name="ask_question"),
    path("questions/<uuid:question>/", views.show_question, name="question"),
    path(
        "questions/<uuid:question>/answer/<uuid:organisation>/", views.submit_answer, name="answer_question"
    ),
    path("questions/<uuid:question>/take-back/", views.withdraw_open_question, name="withdraw_question"),
]
