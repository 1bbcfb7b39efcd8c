"""Invitations: `desk` below `/workspaces/`, `root` (answers by link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.invitations import views

root: list[URLPattern | URLResolver] = [
    path("calendar/answers/<str:token>/", views.answer_by_link, name="calendar_answer"),
]
desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/people/", views.InvitedPeopleView.as_view(), name="people"),
    path(
        "events/<uuid:event>/people/<uuid:invitation>/take-back/",
        views.confirm_invitation_withdrawal,
        name="invitation_take_back",
    ),
    path("events/<uuid:event>/my-answer/", views.answer_as_member, name="answer"),
]
