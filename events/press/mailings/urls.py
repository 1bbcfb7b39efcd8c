"""Mails to the press: `desk` below `/workspaces/`; `root` (the end of mails) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.press.mailings import views

_DESK = "<uuid:workspace>/press/"
_MAIL = f"{_DESK}mail-outs/<uuid:mail_out>/"

root: list[URLPattern | URLResolver] = [
    path("press-mail/<str:token>/", views.unsubscribe_page, name="press_mail_end"),
]
desk: list[URLPattern | URLResolver] = [
    path(f"{_DESK}tell/", views.choose, name="press_tell"),
    path(f"{_DESK}mail-outs/", views.mail_outs, name="press_mail_outs"),
    path(_MAIL, views.mail_out, name="press_mail_out"),
    path(f"{_MAIL}send/", views.mail_out_send, name="press_send"),
    path(f"{_MAIL}stop/", views.mail_out_stop, name="press_stop"),
    path(f"{_MAIL}discard/", views.mail_out_discard, name="press_discard"),
]
