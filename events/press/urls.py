"""URLs of the press: `desk` below `/workspaces/`, `public_event` below `/<language>/events/`, `root`."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from events.core.generic_views import removal_urls
from events.press import views as press_views
from events.press.actions import mark_contact_removed, undo_contact_removal
from events.press.coverage import views as coverage_views
from events.press.coverage.actions import remove_coverage, restore_coverage
from events.press.coverage.queries import coverage_for, removed_coverage
from events.press.enquiries import views as enquiries_views
from events.press.enquiries.actions import remove_guide_line, restore_guide_line
from events.press.enquiries.queries import guide_lines, removed_lines
from events.press.generic_views import press_removal_urls
from events.press.kit import views as kit_views
from events.press.kit.actions import remove_kit_item, restore_kit_item
from events.press.mailings import views as mailings_views
from events.press.models import SheetTaken
from events.press.queries import own_and_removed_contacts, own_contacts
from events.press.registration import views as registration_views
from events.press.spokespersons import views as spokespersons_views
from events.press.spokespersons.actions import remove_spokesperson, restore_spokesperson
from events.press.spokespersons.queries import current_own_spokespersons, own_spokespersons
from events.press.views import discard_sheet_view

_DESK = "<uuid:workspace>/press/"
_CONTACT = f"{_DESK}contacts/<uuid:contact>/"
_SHEET = f"{_DESK}import/<uuid:sheet>/"
_CALLS = f"{_DESK}calls/<uuid:calls>/"
_PRESS_DESK = "<uuid:workspace>/press/"
_MAILING = f"{_PRESS_DESK}mail-outs/<uuid:mail_out>/"
_SPOKESPERSONS = "<uuid:workspace>/press/speakers/"
_SPOKESPERSON = f"{_SPOKESPERSONS}<uuid:spokesperson>/"
_ENQUIRIES = "<uuid:workspace>/press/enquiries/"
_ENQUIRY = f"{_ENQUIRIES}<uuid:enquiry>/"
_PAGE_VIEW = enquiries_views.EnquiryView.as_view(http_method_names=["get", "head"])
_REFUSE_VIEW = enquiries_views.EnquiryView.as_view(http_method_names=["post"])
_GUIDE = "<uuid:workspace>/press/guide/"
_LINE = f"{_GUIDE}<uuid:line>/"
_BRIEFING = "<uuid:workspace>/press/enquiries/<uuid:enquiry>/briefing/"
_COVERAGE = "<uuid:workspace>/press/coverage/"
_COVERAGE_ENTRY = f"{_COVERAGE}<uuid:coverage>/"
_COVERAGE_SHEET = f"{_COVERAGE}import/<uuid:sheet>/"
_PRESS = "events/<uuid:event>/press/"
_PHONE = f"{_PRESS}door/codes/"
_GUEST = f"{_PRESS}<uuid:guest>/"
_KIT = "events/<uuid:event>/kit/"
_OWN = "press-registration/<str:token>/kit/"
_LINK = "event-kit/<str:token>/"
_PAGE = "<slug:slug>/kit/"

desk: list[URLPattern | URLResolver] = [
    path(_DESK, press_views.media_list, name="press"),
    path(f"{_DESK}contacts/new/", press_views.MediaContactFormView.as_view(), name="press_add"),
    path(_CONTACT, press_views.MediaContactFormView.as_view(), name="press_contact"),
    path(f"{_CONTACT}share/", press_views.share_media_contact, name="press_share"),
    *press_removal_urls(
        _CONTACT,
        "press_contact",
        item="contact",
        rows=own_contacts,
        removed_rows=own_and_removed_contacts,
        remove=mark_contact_removed,
        restore=undo_contact_removal,
        removed=_("The contact is removed, and deleted for good within the hour."),
        restored=_("The contact is there again."),
        back="events:press",
    ),
    path(f"{_DESK}import/", press_views.ContactSheetUploadView.as_view(), name="press_import"),
    path(_SHEET, press_views.ContactSheetReviewView.as_view(), name="press_sheet"),
    path(
        f"{_SHEET}discard/",
        discard_sheet_view(SheetTaken.About.CONTACTS, "events:press_import"),
        name="press_sheet_discard",
    ),
    path("events/<uuid:event>/advisory/", press_views.advisory, name="advisory"),
    path(f"{_DESK}calls/", press_views.call_sheets, name="press_call_sheets"),
    path(_CALLS, press_views.call_sheet, name="press_calls"),
    path(f"{_CALLS}sheet.csv", press_views.download_call_table, name="press_calls_table"),
    path(f"{_CALLS}sheet.pdf", press_views.print_call_sheet, name="press_calls_paper"),
    path(f"{_CALLS}discard/", press_views.delete_call_sheet, name="press_calls_discard"),
    path(f"{_CALLS}<uuid:call>/", press_views.record_call_outcome, name="press_call"),
    path(f"{_PRESS_DESK}tell/", mailings_views.choose, name="press_tell"),
    path(f"{_PRESS_DESK}mail-outs/", mailings_views.mail_outs, name="press_mail_outs"),
    path(_MAILING, mailings_views.mail_out, name="press_mail_out"),
    path(f"{_MAILING}send/", mailings_views.mail_out_send, name="press_send"),
    path(f"{_MAILING}stop/", mailings_views.mail_out_stop, name="press_stop"),
    path(f"{_MAILING}discard/", mailings_views.mail_out_discard, name="press_discard"),
    path("speaking/", spokespersons_views.own_speaking_page, name="speaking"),
    path("speaking/<uuid:spokesperson>/", spokespersons_views.answer_naming_request, name="speaking_answer"),
    path(_SPOKESPERSONS, spokespersons_views.speakers, name="press_speakers"),
    path(
        f"{_SPOKESPERSONS}new/", spokespersons_views.SpokespersonFormView.as_view(), name="press_speaker_add"
    ),
    path(_SPOKESPERSON, spokespersons_views.SpokespersonFormView.as_view(), name="press_speaker"),
    path(f"{_SPOKESPERSON}ask/", spokespersons_views.ask_spokesperson_again, name="press_speaker_ask"),
    *press_removal_urls(
        _SPOKESPERSON,
        "press_speaker",
        item="spokesperson",
        rows=current_own_spokespersons,
        removed_rows=own_spokespersons,
        remove=remove_spokesperson,
        restore=restore_spokesperson,
        removed=_("Removed, and deleted for good within the hour."),
        restored=_("The spokesperson is there again."),
        back="events:press_speakers",
    ),
    path(_ENQUIRIES, enquiries_views.enquiries, name="press_enquiries"),
    path(f"{_ENQUIRIES}new/", enquiries_views.AddEnquiryView.as_view(), name="press_enquiry_add"),
    path(_ENQUIRY, _PAGE_VIEW, name="press_enquiry"),
    path(f"{_ENQUIRY}change/", enquiries_views.ChangeEnquiryView.as_view(), name="press_enquiry_change"),
    path(f"{_ENQUIRY}act/", enquiries_views.act_on_enquiry, name="press_enquiry_act"),
    path(f"{_ENQUIRY}refuse/", _REFUSE_VIEW, name="press_enquiry_refuse"),
    path(f"{_ENQUIRY}speaker/", enquiries_views.choose_enquiry_speaker, name="press_enquiry_speaker"),
    path(f"{_ENQUIRY}note/", enquiries_views.add_enquiry_note, name="press_enquiry_note"),
    path(_GUIDE, enquiries_views.guide, name="press_guide"),
    path(
        "<uuid:workspace>/press/guide.pdf",
        enquiries_views.download_talking_points,
        name="press_guide_pdf",
    ),
    path(f"{_GUIDE}new/", enquiries_views.GuideLineFormView.as_view(), name="press_line_add"),
    path(_LINE, enquiries_views.GuideLineFormView.as_view(), name="press_line"),
    *press_removal_urls(
        _LINE,
        "press_line",
        item="line",
        rows=guide_lines,
        removed_rows=removed_lines,
        remove=remove_guide_line,
        restore=restore_guide_line,
        removed=_("The line is taken out."),
        restored=_("The line is back."),
        back="events:press_guide",
    ),
    path(_BRIEFING, enquiries_views.briefing, name="press_briefing"),
    path(f"{_BRIEFING}write/", enquiries_views.BriefingFormView.as_view(), name="press_briefing_write"),
    path(f"{_BRIEFING}note.pdf", enquiries_views.download_briefing, name="press_briefing_pdf"),
    path(f"{_BRIEFING}send/", enquiries_views.send_briefing, name="press_briefing_send"),
    path(_COVERAGE, coverage_views.coverage, name="press_coverage"),
    path(
        "<uuid:workspace>/press/coverage.csv",
        coverage_views.download_coverage_table,
        name="press_coverage_table",
    ),
    path(f"{_COVERAGE}new/", coverage_views.CoverageFormView.as_view(), name="press_coverage_add"),
    path(f"{_COVERAGE}links/", coverage_views.CoverageLinksView.as_view(), name="press_coverage_links"),
    path(
        f"{_COVERAGE}links/<uuid:link>/end/", coverage_views.end_coverage_link, name="press_coverage_link_end"
    ),
    path(
        f"{_COVERAGE}import/", coverage_views.CoverageSheetUploadView.as_view(), name="press_coverage_import"
    ),
    path(_COVERAGE_SHEET, coverage_views.CoverageSheetReviewView.as_view(), name="press_coverage_sheet"),
    path(
        f"{_COVERAGE_SHEET}discard/",
        discard_sheet_view(SheetTaken.About.COVERAGE, "events:press_coverage_import"),
        name="press_coverage_sheet_discard",
    ),
    path(_COVERAGE_ENTRY, coverage_views.CoverageFormView.as_view(), name="press_coverage_one"),
    path(f"{_COVERAGE_ENTRY}take-in/", coverage_views.accept_coverage, name="press_coverage_accept"),
    *press_removal_urls(
        _COVERAGE_ENTRY,
        "press_coverage",
        item="coverage",
        rows=coverage_for,
        removed_rows=removed_coverage,
        remove=remove_coverage,
        restore=restore_coverage,
        removed=_("The entry is taken out."),
        restored=_("The entry is back."),
        back="events:press_coverage",
    ),
    path(_PRESS, registration_views.guests, name="press_guests"),
    path(f"{_PRESS}terms/", registration_views.PressTermsView.as_view(), name="press_terms"),
    path(f"{_PRESS}close/", registration_views.close_registration, name="press_close"),
    path(f"{_PRESS}door/", registration_views.check_in_page, name="press_door"),
    path(f"{_PRESS}paper/", registration_views.print_check_in_list, name="press_paper"),
    path(f"{_PRESS}list.pdf", registration_views.guest_list, name="press_list_pdf"),
    path(f"{_PRESS}badges.pdf", registration_views.badges, name="press_badges_pdf"),
    path(_PHONE, registration_views.check_in_phone_page, name="press_phone"),
    path(f"{_PHONE}worker.js", registration_views.check_in_service_worker, name="press_phone_worker"),
    path(f"{_PHONE}changes.json", registration_views.check_in_changes, name="press_phone_changes"),
    path(f"{_PHONE}ticks/", registration_views.submit_ticks, name="press_phone_ticks"),
    path(f"{_GUEST}answer/", registration_views.answer_press_request, name="press_answer"),
    path(f"{_GUEST}here/", registration_views.mark_guest_here, name="press_here"),
    path(f"{_GUEST}not-here/", registration_views.undo_guest_here, name="press_not_here"),
    path(_KIT, kit_views.kit, name="kit"),
    path(f"{_KIT}terms/", kit_views.KitTermsView.as_view(), name="kit_terms"),
    path(f"{_KIT}add/<slug:phase>/<slug:kind>/", kit_views.KitItemFormView.as_view(), name="kit_add"),
    path(f"{_KIT}order/", kit_views.move_kit_item, name="kit_order"),
    path(f"{_KIT}afterwards/", kit_views.open_kit_afterwards, name="kit_afterwards"),
    path(f"{_KIT}link/", kit_views.renew_kit_link, name="kit_link"),
    *removal_urls(
        f"{_KIT}<uuid:item>/",
        "kit_item",
        remove=remove_kit_item,
        restore=restore_kit_item,
        removed=_("It is taken out of the kit."),
        restored=_("It is back in its place."),
        back="events:kit",
    ),
]

root: list[URLPattern | URLResolver] = [
    path("press-mail/<str:token>/", mailings_views.unsubscribe_page, name="press_mail_end"),
    path("speaking/<str:token>/", spokespersons_views.spokesperson_link_page, name="speaking_link"),
    path("briefing/<str:token>/", enquiries_views.briefing_link_page, name="briefing_link"),
    path("coverage/<str:token>/", coverage_views.submit_coverage_by_link, name="coverage_link"),
    path(
        "press-registration/<str:token>/",
        registration_views.OwnPressRegistrationView.as_view(),
        name="press_registration_link",
    ),
    path(_OWN, kit_views.own_kit, name="press_kit"),
    path(f"{_OWN}all.zip", kit_views.kit_zip, {"find": kit_views.guest_kit_access}, name="press_kit_zip"),
    path(
        f"{_OWN}<uuid:item>/", kit_views.kit_item, {"find": kit_views.guest_kit_access}, name="press_kit_item"
    ),
    path(_LINK, kit_views.linked_kit, name="event_kit"),
    path(f"{_LINK}all.zip", kit_views.kit_zip, {"find": kit_views.link_kit_access}, name="event_kit_zip"),
    path(
        f"{_LINK}<uuid:item>/", kit_views.kit_item, {"find": kit_views.link_kit_access}, name="event_kit_item"
    ),
]

public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/press/", registration_views.PressRequestView.as_view(), name="press_registration"),
    path(
        "<slug:slug>/press/sent/",
        registration_views.PressRequestSentView.as_view(),
        name="press_registration_sent",
    ),
    path(_PAGE, kit_views.public_kit_page, name="public_kit"),
    path(f"{_PAGE}all.zip", kit_views.kit_zip, {"find": kit_views.page_kit_access}, name="public_kit_zip"),
    path(
        f"{_PAGE}<uuid:item>/",
        kit_views.kit_item,
        {"find": kit_views.page_kit_access},
        name="public_kit_item",
    ),
]
