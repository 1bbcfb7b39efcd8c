"""Addresses of appeals."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.appeals.views import own_page
from coalition.campaigns.appeals.views import public as public_views

desk: list[URLPattern | URLResolver] = []
public: list[URLPattern | URLResolver] = [
    path("support/link/<str:token>/", own_page.SupportPage.as_view(), name="support_link"),
    path("support/<slug:slug>/", public_views.AppealView.as_view(), name="support_appeal"),
    path(
        "support/<slug:slug>/from/<slug:code>/",
        public_views.AppealView.as_view(),
        name="support_appeal_from",
    ),
    path("support/<slug:slug>/sent/", public_views.sent, name="support_sent"),
    path("support/<slug:slug>/names/", public_views.names, name="support_names"),
]
root: list[URLPattern | URLResolver] = []
