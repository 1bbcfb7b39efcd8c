"""Addresses of the coalition's agreement, and of leaving: for members (namespace `documents`) and the
secretariat."""

from django.urls import URLPattern, URLResolver, path

from documents.agreement import views

desk: list[URLPattern | URLResolver] = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/<uuid:agreement>/accept/<uuid:organisation>/", views.accept, name="accept_agreement"),
    path("names/<uuid:organisation>/leave/", views.leave, name="leave_coalition"),
]

secretariat: list[URLPattern | URLResolver] = [
    path("agreement/", views.register, name="agreement"),
    path("agreement/end/", views.end, name="end_agreement"),
]
