"""The checklist of an event: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import checklist

urls: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/checklist/", checklist.checklist, name="checklist"),
    path("events/<uuid:event>/checklist/begin/", checklist.begin, name="checklist_begin"),
    path("events/<uuid:event>/checklist/add/", checklist.add, name="task_add"),
    path("events/<uuid:event>/checklist/<uuid:task>/", checklist.change, name="task"),
    path("events/<uuid:event>/checklist/<uuid:task>/tick/", checklist.tick, name="task_tick"),
    path("events/<uuid:event>/checklist/<uuid:task>/take-out/", checklist.remove, name="task_take_out"),
    path("events/<uuid:event>/checklist/<uuid:task>/bring-back/", checklist.restore, name="task_back"),
]
