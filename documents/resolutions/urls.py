"""Addresses of decisions other than texts; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.resolutions import views

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/decisions/", views.register, name="decisions"),
    path("<uuid:workspace>/decisions/ask/", views.ask, name="ask_question"),
    path("questions/<uuid:question>/", views.question, name="question"),
    path("questions/<uuid:question>/answer/<uuid:organisation>/", views.answer, name="answer_question"),
    path("questions/<uuid:question>/take-back/", views.take_back, name="take_back_question"),
]
