"""The kit of an event: `desk` below `/workspaces/`, `urls` (by a link) below the site's root, `public` below
`/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.press.kit.views import desk as views_desk
from events.press.kit.views import public as kit_public_views

_KIT = "events/<uuid:event>/kit/"
_OWN = "press-registration/<str:token>/kit/"
_LINK = "event-kit/<str:token>/"
_PAGE = "<slug:slug>/kit/"

urls: list[URLPattern | URLResolver] = [
    path(_OWN, kit_public_views.own, name="press_kit"),
    path(f"{_OWN}all.zip", kit_public_views.own_zip, name="press_kit_zip"),
    path(f"{_OWN}<uuid:item>/", kit_public_views.own_item, name="press_kit_item"),
    path(_LINK, kit_public_views.linked, name="event_kit"),
    path(f"{_LINK}all.zip", kit_public_views.linked_zip, name="event_kit_zip"),
    path(f"{_LINK}<uuid:item>/", kit_public_views.linked_item, name="event_kit_item"),
]
public: list[URLPattern | URLResolver] = [
    path(_PAGE, kit_public_views.public, name="public_kit"),
    path(f"{_PAGE}all.zip", kit_public_views.public_zip, name="public_kit_zip"),
    path(f"{_PAGE}<uuid:item>/", kit_public_views.public_item, name="public_kit_item"),
]
desk: list[URLPattern | URLResolver] = [
    path(_KIT, views_desk.kit, name="kit"),
    path(f"{_KIT}terms/", views_desk.terms, name="kit_terms"),
    path(f"{_KIT}add/<slug:phase>/<slug:kind>/", views_desk.add, name="kit_add"),
    path(f"{_KIT}order/", views_desk.move, name="kit_order"),
    path(f"{_KIT}afterwards/", views_desk.afterwards, name="kit_afterwards"),
    path(f"{_KIT}link/", views_desk.new_link, name="kit_link"),
    path(f"{_KIT}<uuid:item>/remove/", views_desk.remove, name="kit_item_remove"),
    path(f"{_KIT}<uuid:item>/back/", views_desk.restore, name="kit_item_back"),
]
