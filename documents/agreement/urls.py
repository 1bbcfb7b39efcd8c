"""Addresses of the coalition's agreement, and of leaving: for members (namespace `documents`) and the
secretariat."""

from django.urls import URLPattern, URLResolver, path

from documents.agreement.views import agreement, leaving

agreement_urls: list[URLPattern | URLResolver] = [
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/<uuid:agreement>/accept/<uuid:organisation>/", agreement.accept, name="accept_agreement"),
    path("names/<uuid:organisation>/leave/", leaving.leave, name="leave_coalition"),
]
agreement_patterns: list[URLPattern | URLResolver] = [
    path("agreement/", agreement.register, name="agreement"),
    path("agreement/end/", agreement.end, name="end_agreement"),
]
