"""Addresses of decisions other than texts in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.views import questions

decision_urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/decisions/", questions.register, name="decisions"),
    path("<uuid:workspace>/decisions/ask/", questions.ask, name="ask_question"),
    path("questions/<uuid:question>/", questions.question, name="question"),
    path("questions/<uuid:question>/answer/<uuid:organisation>/", questions.answer, name="answer_question"),
    path("questions/<uuid:question>/take-back/", questions.take_back, name="take_back_question"),
]
