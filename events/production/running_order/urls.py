"""The running order of an event: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import running_day, running_item, running_order

urls: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/running-order/", running_order.running_order, name="running_order"),
    path("events/<uuid:event>/running-order/beginning/", running_order.beginning, name="running_beginning"),
    path("events/<uuid:event>/running-order/move/", running_order.move, name="running_move"),
    path("events/<uuid:event>/running-order/add/", running_item.add, name="running_add"),
    path("events/<uuid:event>/running-order/<uuid:item>/", running_item.change, name="running_item"),
    path(
        "events/<uuid:event>/running-order/<uuid:item>/take-out/",
        running_item.remove,
        name="running_take_out",
    ),
    path(
        "events/<uuid:event>/running-order/<uuid:item>/bring-back/", running_item.restore, name="running_back"
    ),
    path("events/<uuid:event>/running-order/today/", running_day.today, name="running_today"),
    path("events/<uuid:event>/running-order/today/say/", running_day.say, name="running_say"),
    path("events/<uuid:event>/running-order.pdf", running_order.pdf, name="running_pdf"),
]
