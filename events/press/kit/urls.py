"""The kit of an event: `desk` below `/workspaces/`, `urls` (by a link) below the site's root, `public` below
`/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import kit, kit_open

_KIT = "events/<uuid:event>/kit/"
_OWN = "press-registration/<str:token>/kit/"
_LINK = "event-kit/<str:token>/"
_PAGE = "<slug:slug>/kit/"

urls: list[URLPattern | URLResolver] = [
    path(_OWN, kit_open.own, name="press_kit"),
    path(f"{_OWN}all.zip", kit_open.own_zip, name="press_kit_zip"),
    path(f"{_OWN}<uuid:item>/", kit_open.own_item, name="press_kit_item"),
    path(_LINK, kit_open.linked, name="event_kit"),
    path(f"{_LINK}all.zip", kit_open.linked_zip, name="event_kit_zip"),
    path(f"{_LINK}<uuid:item>/", kit_open.linked_item, name="event_kit_item"),
]
public: list[URLPattern | URLResolver] = [
    path(_PAGE, kit_open.public, name="public_kit"),
    path(f"{_PAGE}all.zip", kit_open.public_zip, name="public_kit_zip"),
    path(f"{_PAGE}<uuid:item>/", kit_open.public_item, name="public_kit_item"),
]
desk: list[URLPattern | URLResolver] = [
    path(_KIT, kit.kit, name="kit"),
    path(f"{_KIT}terms/", kit.terms, name="kit_terms"),
    path(f"{_KIT}add/<slug:phase>/<slug:kind>/", kit.add, name="kit_add"),
    path(f"{_KIT}order/", kit.move, name="kit_order"),
    path(f"{_KIT}afterwards/", kit.afterwards, name="kit_afterwards"),
    path(f"{_KIT}link/", kit.new_link, name="kit_link"),
    path(f"{_KIT}<uuid:item>/remove/", kit.remove, name="kit_item_remove"),
    path(f"{_KIT}<uuid:item>/back/", kit.restore, name="kit_item_back"),
]
