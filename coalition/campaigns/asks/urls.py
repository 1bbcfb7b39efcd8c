"""Addresses of this capability."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.asks.views import desk as desk_views, public as public_views

_ALL = "<uuid:workspace>/asks/"
_ONE = f"{_ALL}<uuid:ask>/"

desk: list[URLPattern | URLResolver] = [
    path(_ALL, desk_views.asks, name="asks"),
    path(f"{_ALL}new/", desk_views.AddAsk.as_view(), name="ask_add"),
    path(_ONE, desk_views.ask_page, name="ask"),
    path(f"{_ONE}edit/", desk_views.EditAsk.as_view(), name="ask_edit"),
    path(f"{_ONE}move/", desk_views.move_ask, name="ask_move"),
    path(f"{_ONE}remove/", desk_views.remove_ask, name="ask_remove"),
    path(f"{_ONE}restore/", desk_views.restore_ask, name="ask_restore"),
    path(f"{_ONE}undo/", desk_views.undo_step, name="ask_undo"),
]
public: list[URLPattern | URLResolver] = [
    path("asks/<slug:slug>/", public_views.asks, name="public_asks"),
    path("asks/<slug:slug>/evidence/<uuid:step>/", public_views.evidence, name="public_ask_evidence"),
]
root: list[URLPattern | URLResolver] = []
