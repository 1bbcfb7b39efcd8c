"""URLs of an event's running order, below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.running_order import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/running-order/", views.running_order, name="running_order"),
    path(
        "events/<uuid:event>/running-order/beginning/", views.change_order_beginning, name="running_beginning"
    ),
    path("events/<uuid:event>/running-order/move/", views.move_running_item, name="running_move"),
    path("events/<uuid:event>/running-order/add/", views.add_running_item, name="running_add"),
    path("events/<uuid:event>/running-order/<uuid:item>/", views.change_running_item, name="running_item"),
    path(
        "events/<uuid:event>/running-order/<uuid:item>/take-out/",
        views.remove_running_item,
        name="running_take_out",
    ),
    path(
        "events/<uuid:event>/running-order/<uuid:item>/bring-back/",
        views.restore_running_item,
        name="running_back",
    ),
    path("events/<uuid:event>/running-order/today/", views.running_order_today, name="running_today"),
    path("events/<uuid:event>/running-order/today/say/", views.record_running_progress, name="running_say"),
    path("events/<uuid:event>/running-order.pdf", views.download_running_order, name="running_pdf"),
]
