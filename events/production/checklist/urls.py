"""The checklist of an event: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.checklist import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/checklist/", views.checklist, name="checklist"),
    path("events/<uuid:event>/checklist/begin/", views.begin, name="checklist_begin"),
    path("events/<uuid:event>/checklist/add/", views.add, name="task_add"),
    path("events/<uuid:event>/checklist/<uuid:task>/", views.change, name="task"),
    path("events/<uuid:event>/checklist/<uuid:task>/tick/", views.tick, name="task_tick"),
    path("events/<uuid:event>/checklist/<uuid:task>/take-out/", views.remove, name="task_take_out"),
    path("events/<uuid:event>/checklist/<uuid:task>/bring-back/", views.restore, name="task_back"),
]
