"""URL patterns of the agreement and of leaving: for members (namespace `documents`) and the secretariat."""

from django.urls import URLPattern, URLResolver, path

from documents.agreement import views

desk: list[URLPattern | URLResolver] = [
    path("agreement/", views.agreement, name="agreement"),
    path(
        "agreement/<uuid:agreement>/accept/<uuid:organisation>/",
        views.accept_edition,
        name="accept_agreement",
    ),
    path("names/<uuid:organisation>/leave/", views.LeaveView.as_view(), name="leave_coalition"),
]

secretariat: list[URLPattern | URLResolver] = [
    path("agreement/", views.manage_agreement, name="agreement"),
    path("agreement/end/", views.end_current_agreement, name="end_agreement"),
]
