"""Guest links, below the site's root: `root`; their makers' pages in the members' area: `desk`."""

from django.urls import URLPattern, URLResolver, path

from documents.guests import views

_TEXT = "guest/<str:token>/<str:language>/"

root: list[URLPattern | URLResolver] = [
    path("guest/<str:token>/", views.guest_landing, name="guest"),
    path(_TEXT, views.guest_text_view, name="guest_text"),
    path(f"{_TEXT}compare/", views.guest_compare, name="guest_compare"),
    path(f"{_TEXT}comment/", views.guest_comment_view, name="guest_comment"),
    path(f"{_TEXT}verdict/", views.verdict_by_link, name="guest_verdict"),
    path(f"{_TEXT}file/", views.download, name="guest_file"),
    path(f"{_TEXT}send-back/", views.guest_upload, name="guest_send_back"),
    path(f"{_TEXT}pictures/<uuid:file>/", views.guest_picture, name="guest_picture"),
]

desk: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft>/guests/", views.GuestLinksView.as_view(), name="guests"),
    path("drafts/<uuid:draft>/guests/<uuid:link>/", views.guest_link_uses, name="guest_uses"),
    path("drafts/<uuid:draft>/guests/<uuid:link>/renew/", views.RenewLinkView.as_view(), name="guest_renew"),
    path("drafts/<uuid:draft>/guests/<uuid:link>/take-back/", views.end_guest_link, name="guest_revoke"),
]
