"""Addresses of this capability. Nothing of it is public by itself: letters and cards show recipients."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.recipients.views import bodies, imports

_ALL = "<uuid:workspace>/recipients/"
_ONE = f"{_ALL}<uuid:body>/"
_IMPORT = f"{_ONE}imports/<uuid:target_import>/"

desk: list[URLPattern | URLResolver] = [
    path(_ALL, bodies.recipients, name="recipients"),
    path(f"{_ALL}new/", bodies.AddBody.as_view(), name="recipient_body_add"),
    path(f"{_ALL}template.xlsx", imports.template, name="recipients_template"),
    path(_ONE, bodies.body_page, name="recipient_body"),
    path(f"{_ONE}edit/", bodies.EditBody.as_view(), name="recipient_body_edit"),
    path(f"{_ONE}archive/", bodies.archive, name="recipient_body_archive"),
    path(f"{_ONE}restore/", bodies.restore, name="recipient_body_restore"),
    path(f"{_ONE}people/<uuid:target>/", bodies.person, name="recipient"),
    path(f"{_ONE}imports/", imports.imports, name="recipient_imports"),
    path(f"{_ONE}imports/new/", imports.read, name="recipient_import_new"),
    path(_IMPORT, imports.review, name="recipient_import"),
    path(f"{_IMPORT}apply/", imports.apply, name="recipient_import_apply"),
    path(f"{_IMPORT}discard/", imports.discard, name="recipient_import_discard"),
    path(f"{_IMPORT}undo/", imports.undo, name="recipient_import_undo"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
