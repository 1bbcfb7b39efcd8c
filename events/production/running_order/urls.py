"""The running order of an event: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.running_order import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/running-order/", views.running_order, name="running_order"),
    path("events/<uuid:event>/running-order/beginning/", views.beginning, name="running_beginning"),
    path("events/<uuid:event>/running-order/move/", views.move, name="running_move"),
    path("events/<uuid:event>/running-order/add/", views.add, name="running_add"),
    path("events/<uuid:event>/running-order/<uuid:item>/", views.change, name="running_item"),
    path(
        "events/<uuid:event>/running-order/<uuid:item>/take-out/",
        views.remove,
        name="running_take_out",
    ),
    path("events/<uuid:event>/running-order/<uuid:item>/bring-back/", views.restore, name="running_back"),
    path("events/<uuid:event>/running-order/today/", views.today, name="running_today"),
    path("events/<uuid:event>/running-order/today/say/", views.say, name="running_say"),
    path("events/<uuid:event>/running-order.pdf", views.pdf, name="running_pdf"),
]
