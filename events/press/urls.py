"""The press desk with its media list: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.press import views

_DESK = "<uuid:workspace>/press/"
_CONTACT = f"{_DESK}contacts/<uuid:contact>/"
_SHEET = f"{_DESK}import/<uuid:sheet>/"

desk: list[URLPattern | URLResolver] = [
    path(_DESK, views.media_list, name="press"),
    path(f"{_DESK}contacts/new/", views.add_media_contact, name="press_add"),
    path(_CONTACT, views.change_media_contact, name="press_contact"),
    path(f"{_CONTACT}remove/", views.remove_media_contact, name="press_remove"),
    path(f"{_CONTACT}bring-back/", views.restore_media_contact, name="press_bring_back"),
    path(f"{_CONTACT}share/", views.share_media_contact, name="press_share"),
    path(f"{_DESK}import/", views.begin_contact_import, name="press_import"),
    path(_SHEET, views.preview_contact_import, name="press_sheet"),
    path(f"{_SHEET}discard/", views.discard_contact_import, name="press_sheet_discard"),
]
