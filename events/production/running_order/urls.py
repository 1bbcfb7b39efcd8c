"""The running order of an event: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.running_order.views import day, items, plan

urls: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/running-order/", plan.running_order, name="running_order"),
    path("events/<uuid:event>/running-order/beginning/", plan.beginning, name="running_beginning"),
    path("events/<uuid:event>/running-order/move/", plan.move, name="running_move"),
    path("events/<uuid:event>/running-order/add/", items.add, name="running_add"),
    path("events/<uuid:event>/running-order/<uuid:item>/", items.change, name="running_item"),
    path(
        "events/<uuid:event>/running-order/<uuid:item>/take-out/",
        items.remove,
        name="running_take_out",
    ),
    path("events/<uuid:event>/running-order/<uuid:item>/bring-back/", items.restore, name="running_back"),
    path("events/<uuid:event>/running-order/today/", day.today, name="running_today"),
    path("events/<uuid:event>/running-order/today/say/", day.say, name="running_say"),
    path("events/<uuid:event>/running-order.pdf", plan.pdf, name="running_pdf"),
]
