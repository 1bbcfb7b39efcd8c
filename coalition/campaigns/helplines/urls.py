"""Addresses of helplines."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.helplines.views import acts, desk as register
from coalition.campaigns.helplines.views.public import help_page, leaflet

_LINE = "helplines/<uuid:helpline>/"

desk: list[URLPattern | URLResolver] = [
    path("helplines/", register.helplines, name="helplines"),
    path("helplines/new/", register.add, name="helpline_add"),
    path(_LINE, register.helpline, name="helpline"),
    path(f"{_LINE}edit/", register.edit, name="helpline_edit"),
    path(f"{_LINE}publish/", acts.publish, name="helpline_publish"),
    path(f"{_LINE}send-back/", acts.send_back, name="helpline_send_back"),
    path(f"{_LINE}discard/", acts.discard, name="helpline_discard"),
    path(f"{_LINE}check/", acts.check, name="helpline_check"),
    path(f"{_LINE}suspend/", acts.suspend, name="helpline_suspend"),
    path(f"{_LINE}reinstate/", acts.reinstate, name="helpline_reinstate"),
    path(f"{_LINE}retire/", acts.retire, name="helpline_retire"),
]
public: list[URLPattern | URLResolver] = [
    path("help/", help_page, name="help"),
    path("help/leaflet-<slug:region>.pdf", leaflet, name="help_leaflet"),
]
