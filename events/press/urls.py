"""The press desk: `desk` below `/workspaces/`; `root` (the end of mails, by link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.press.call_sheets import views as call_sheets_views
from events.press.contacts import views as contacts_views
from events.press.mailings import views as mailings_views

_DESK = "<uuid:workspace>/press/"
_CONTACT = f"{_DESK}contacts/<uuid:contact>/"
_SHEET = f"{_DESK}import/<uuid:sheet>/"
_MAIL = f"{_DESK}mail-outs/<uuid:mail_out>/"
_CALLS = f"{_DESK}calls/<uuid:calls>/"

root: list[URLPattern | URLResolver] = [
    path("press-mail/<str:token>/", mailings_views.end, name="press_mail_end"),
]
desk: list[URLPattern | URLResolver] = [
    path(_DESK, contacts_views.media_list, name="press"),
    path(f"{_DESK}contacts/new/", contacts_views.add, name="press_add"),
    path(_CONTACT, contacts_views.change, name="press_contact"),
    path(f"{_CONTACT}remove/", contacts_views.remove, name="press_remove"),
    path(f"{_CONTACT}bring-back/", contacts_views.put_back, name="press_bring_back"),
    path(f"{_CONTACT}share/", contacts_views.share_it, name="press_share"),
    path(f"{_DESK}import/", contacts_views.begin, name="press_import"),
    path(_SHEET, contacts_views.preview, name="press_sheet"),
    path(f"{_SHEET}discard/", contacts_views.discard, name="press_sheet_discard"),
    path(f"{_DESK}tell/", mailings_views.choose, name="press_tell"),
    path(f"{_DESK}mail-outs/", mailings_views.mail_outs, name="press_mail_outs"),
    path(_MAIL, mailings_views.mail_out, name="press_mail_out"),
    path(f"{_MAIL}send/", mailings_views.send_it, name="press_send"),
    path(f"{_MAIL}stop/", mailings_views.stop_it, name="press_stop"),
    path(f"{_MAIL}discard/", mailings_views.discard_it, name="press_discard"),
    path(f"{_DESK}calls/", call_sheets_views.call_sheets, name="press_call_sheets"),
    path(_CALLS, call_sheets_views.call_sheet, name="press_calls"),
    path(f"{_CALLS}sheet.csv", call_sheets_views.table, name="press_calls_table"),
    path(f"{_CALLS}sheet.pdf", call_sheets_views.paper, name="press_calls_paper"),
    path(f"{_CALLS}discard/", call_sheets_views.discard, name="press_calls_discard"),
    path(f"{_CALLS}<uuid:call>/", call_sheets_views.note, name="press_call"),
]
