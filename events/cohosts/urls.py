"""Hosting an event together: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.cohosts import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/co-hosts/", views.CoHostsView.as_view(), name="co_hosts"),
    path(
        "events/<uuid:event>/co-hosts/<uuid:organisation>/take-back/",
        views.withdraw_co_host_request,
        name="co_host_take_back",
    ),
    path("events/<uuid:event>/answer-co-hosting/", views.answer_hosting, name="answer_co_hosting"),
]
