"""Guest links, below the site's root: `root`; their makers' pages in the members' area: `desk`."""

from django.urls import URLPattern, URLResolver, path

from documents.guests import views

_TEXT = "guest/<str:token>/<str:language>/"

root: list[URLPattern | URLResolver] = [
    path("guest/<str:token>/", views.guest, name="guest"),
    path(_TEXT, views.text, name="guest_text"),
    path(f"{_TEXT}compare/", views.compare, name="guest_compare"),
    path(f"{_TEXT}comment/", views.comment, name="guest_comment"),
    path(f"{_TEXT}verdict/", views.verdict_by_link, name="guest_verdict"),
    path(f"{_TEXT}file/", views.download, name="guest_file"),
    path(f"{_TEXT}send-back/", views.send_back, name="guest_send_back"),
    path(f"{_TEXT}pictures/<uuid:file>/", views.picture, name="guest_picture"),
]

desk: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft>/guests/", views.guests, name="guests"),
    path("drafts/<uuid:draft>/guests/<uuid:link>/", views.uses, name="guest_uses"),
    path("drafts/<uuid:draft>/guests/<uuid:link>/renew/", views.renew, name="guest_renew"),
    path("drafts/<uuid:draft>/guests/<uuid:link>/take-back/", views.take_back, name="guest_take_back"),
]
