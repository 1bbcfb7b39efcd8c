"""The press desk: `desk` below `/workspaces/`; `urls` (the end of mails, by link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.views import press_calls, press_contacts, press_end, press_import, press_mail

_DESK = "<uuid:workspace>/press/"
_CONTACT = f"{_DESK}contacts/<uuid:contact>/"
_SHEET = f"{_DESK}import/<uuid:sheet>/"
_MAIL = f"{_DESK}mail-outs/<uuid:mail_out>/"
_CALLS = f"{_DESK}calls/<uuid:calls>/"

urls: list[URLPattern | URLResolver] = [
    path("press-mail/<str:token>/", press_end.end, name="press_mail_end"),
]
desk: list[URLPattern | URLResolver] = [
    path(_DESK, press_contacts.media_list, name="press"),
    path(f"{_DESK}contacts/new/", press_contacts.add, name="press_add"),
    path(_CONTACT, press_contacts.change, name="press_contact"),
    path(f"{_CONTACT}remove/", press_contacts.remove, name="press_remove"),
    path(f"{_CONTACT}bring-back/", press_contacts.put_back, name="press_bring_back"),
    path(f"{_CONTACT}share/", press_contacts.share_it, name="press_share"),
    path(f"{_DESK}import/", press_import.begin, name="press_import"),
    path(_SHEET, press_import.preview, name="press_sheet"),
    path(f"{_SHEET}discard/", press_import.discard, name="press_sheet_discard"),
    path(f"{_DESK}tell/", press_mail.choose, name="press_tell"),
    path(f"{_DESK}mail-outs/", press_mail.mail_outs, name="press_mail_outs"),
    path(_MAIL, press_mail.mail_out, name="press_mail_out"),
    path(f"{_MAIL}send/", press_mail.send_it, name="press_send"),
    path(f"{_MAIL}stop/", press_mail.stop_it, name="press_stop"),
    path(f"{_MAIL}discard/", press_mail.discard_it, name="press_discard"),
    path(f"{_DESK}calls/", press_calls.call_sheets, name="press_call_sheets"),
    path(_CALLS, press_calls.call_sheet, name="press_calls"),
    path(f"{_CALLS}sheet.csv", press_calls.table, name="press_calls_table"),
    path(f"{_CALLS}sheet.pdf", press_calls.paper, name="press_calls_paper"),
    path(f"{_CALLS}discard/", press_calls.discard, name="press_calls_discard"),
    path(f"{_CALLS}<uuid:call>/", press_calls.note, name="press_call"),
]
