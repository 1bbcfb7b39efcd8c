"""Invitations: `desk` below `/workspaces/`, `urls` (answers by link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.invitations.views import answer
from events.invitations.views import desk as invitations_desk_views

urls: list[URLPattern | URLResolver] = [
    path("calendar/answers/<str:token>/", answer.answer, name="calendar_answer"),
]
desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/people/", invitations_desk_views.people, name="people"),
    path(
        "events/<uuid:event>/people/<uuid:invitation>/take-back/",
        invitations_desk_views.take_back,
        name="invitation_take_back",
    ),
    path("events/<uuid:event>/my-answer/", invitations_desk_views.answer, name="answer"),
]
