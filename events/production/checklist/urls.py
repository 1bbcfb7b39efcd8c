"""URLs of an event's checklist, below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.checklist import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/checklist/", views.checklist, name="checklist"),
    path("events/<uuid:event>/checklist/begin/", views.begin_event_checklist, name="checklist_begin"),
    path("events/<uuid:event>/checklist/add/", views.add_task, name="task_add"),
    path("events/<uuid:event>/checklist/<uuid:task>/", views.change_task, name="task"),
    path("events/<uuid:event>/checklist/<uuid:task>/tick/", views.tick_task, name="task_tick"),
    path("events/<uuid:event>/checklist/<uuid:task>/take-out/", views.remove_task, name="task_take_out"),
    path("events/<uuid:event>/checklist/<uuid:task>/bring-back/", views.restore_task, name="task_back"),
]
