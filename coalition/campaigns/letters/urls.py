"""Addresses of letters."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.letters.views import desk as desk_views, public as public_views

_ONE = "letters/<uuid:action>/"
_PUBLIC = "write/<slug:slug>/"

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/letters/", desk_views.actions, name="letter_actions"),
    path("<uuid:workspace>/letters/new/", desk_views.NewLetterAction.as_view(), name="letter_action_new"),
    path(_ONE, desk_views.action, name="letter_action"),
    path(f"{_ONE}settings/", desk_views.settings, name="letter_action_settings"),
    path(f"{_ONE}open/", desk_views.open_to_public, name="letter_action_open"),
    path(f"{_ONE}close/", desk_views.close, name="letter_action_close"),
]
public: list[URLPattern | URLResolver] = [
    path(_PUBLIC, public_views.WriteView.as_view(), name="write_letter"),
    path(f"{_PUBLIC}from/<slug:code>/", public_views.WriteView.as_view(), name="write_letter_from"),
    path(f"{_PUBLIC}sent/", public_views.sent, name="write_letter_sent"),
    path(f"{_PUBLIC}from/<slug:code>/sent/", public_views.sent, name="write_letter_sent_from"),
]
root: list[URLPattern | URLResolver] = []
