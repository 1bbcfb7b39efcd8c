"""Addresses."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.media_package.notices import public_views, views
from coalition.campaigns.media_package.notices.answer_views import AnswerView

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/media/calls/", views.calls, name="media_calls"),
    path("media/items/<uuid:item>/notices/", views.item_notices, name="media_item_notices"),
    path("media/notices/<uuid:notice>/", views.notice_page, name="media_notice"),
    path("media/recipients/<uuid:recipient>/", views.recipient_page, name="media_recipient"),
    path("media/recipients/<uuid:recipient>/called/", views.not_reached, name="media_not_reached"),
]
public: list[URLPattern | URLResolver] = [
    path("media/current/", public_views.is_current, name="media_current"),
    path("media/address/<str:token>/", public_views.OwnAddressView.as_view(), name="media_address"),
    path(
        "media/<slug:slug>/corrections/",
        public_views.CorrectionsView.as_view(),
        name="media_corrections",
    ),
    path(
        "media/<slug:slug>/corrections/sent/",
        public_views.CorrectionsSentView.as_view(),
        name="media_corrections_sent",
    ),
]
root: list[URLPattern | URLResolver] = [
    path("media-answer/<str:token>/", AnswerView.as_view(), name="media_answer"),
]
