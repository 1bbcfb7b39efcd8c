"""The kit of an event: `desk` below `/workspaces/`, `root` (by a link) below the site's root,
`public_event` below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.press.kit import views

_KIT = "events/<uuid:event>/kit/"
_OWN = "press-registration/<str:token>/kit/"
_LINK = "event-kit/<str:token>/"
_PAGE = "<slug:slug>/kit/"

root: list[URLPattern | URLResolver] = [
    path(_OWN, views.own_kit, name="press_kit"),
    path(f"{_OWN}all.zip", views.own_zip, name="press_kit_zip"),
    path(f"{_OWN}<uuid:item>/", views.own_item, name="press_kit_item"),
    path(_LINK, views.linked, name="event_kit"),
    path(f"{_LINK}all.zip", views.linked_zip, name="event_kit_zip"),
    path(f"{_LINK}<uuid:item>/", views.linked_item, name="event_kit_item"),
]
public_event: list[URLPattern | URLResolver] = [
    path(_PAGE, views.public_kit_page, name="public_kit"),
    path(f"{_PAGE}all.zip", views.public_zip, name="public_kit_zip"),
    path(f"{_PAGE}<uuid:item>/", views.public_item, name="public_kit_item"),
]
desk: list[URLPattern | URLResolver] = [
    path(_KIT, views.kit, name="kit"),
    path(f"{_KIT}terms/", views.kit_terms, name="kit_terms"),
    path(f"{_KIT}add/<slug:phase>/<slug:kind>/", views.add_kit_item, name="kit_add"),
    path(f"{_KIT}order/", views.move_kit_item, name="kit_order"),
    path(f"{_KIT}afterwards/", views.open_kit_afterwards, name="kit_afterwards"),
    path(f"{_KIT}link/", views.renew_kit_link, name="kit_link"),
    path(f"{_KIT}<uuid:item>/remove/", views.remove_kit_item, name="kit_item_remove"),
    path(f"{_KIT}<uuid:item>/back/", views.restore_kit_item, name="kit_item_back"),
]
