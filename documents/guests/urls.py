"""Guest links, below the site's root: `urls`; their makers' pages in the members' area: `desk`."""

from django.urls import URLPattern, URLResolver, path

from documents.views import guest, guest_links, guest_verdict, guest_word

_TEXT = "guest/<str:token>/<str:language>/"

urls: list[URLPattern | URLResolver] = [
    path("guest/<str:token>/", guest.guest, name="guest"),
    path(_TEXT, guest.text, name="guest_text"),
    path(f"{_TEXT}compare/", guest.compare, name="guest_compare"),
    path(f"{_TEXT}comment/", guest.comment, name="guest_comment"),
    path(f"{_TEXT}verdict/", guest_verdict.verdict_by_link, name="guest_verdict"),
    path(f"{_TEXT}file/", guest_word.download, name="guest_file"),
    path(f"{_TEXT}send-back/", guest_word.send_back, name="guest_send_back"),
    path(f"{_TEXT}pictures/<uuid:file>/", guest.picture, name="guest_picture"),
]
desk: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft>/guests/", guest_links.guests, name="guests"),
    path("drafts/<uuid:draft>/guests/<uuid:link>/", guest_links.uses, name="guest_uses"),
    path("drafts/<uuid:draft>/guests/<uuid:link>/renew/", guest_links.renew, name="guest_renew"),
    path("drafts/<uuid:draft>/guests/<uuid:link>/take-back/", guest_links.take_back, name="guest_take_back"),
]
