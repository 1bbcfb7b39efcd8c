"""URLs of exhibitions: works with loans and films, guest book, school groups, visitors.

`desk` below `/workspaces/`, `public_event` below `/<language>/events/`, `root` at the root of the site, where
paper leads.
"""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from events.core.generic_views import removal_urls
from events.exhibitions.guest_book import views as guest_book_views
from events.exhibitions.school_groups import views as school_groups_views
from events.exhibitions.school_groups.views import GroupRequestSentView, GroupRequestView, OwnGroupView
from events.exhibitions.visitors import views as visitors_views
from events.exhibitions.works import views as works_views
from events.exhibitions.works.actions import remove_work, restore_work

_WORKS = "events/<uuid:event>/works/"
_WORK = f"{_WORKS}<uuid:work>/"
_BOOK = "events/<uuid:event>/guest-book/"
_ENTRY = f"{_BOOK}entries/<uuid:entry>/"
_GROUPS = "events/<uuid:event>/groups/"
_VISITORS = "events/<uuid:event>/visitors/"

root: list[URLPattern | URLResolver] = [
    path("q/<str:code>", works_views.printed_code, name="printed_code"),
    path("Q/<str:code>", works_views.printed_code, name="printed_code_in_capitals"),
    path("my-words/<str:token>/", guest_book_views.OwnGuestEntryView.as_view(), name="own_guest_entry"),
    path("school-visit/<str:token>/", OwnGroupView.as_view(), name="own_group"),
    path("counting/<str:token>/", visitors_views.counter_by_link, name="counting"),
    path("counting/<str:token>/taps/", visitors_views.submit_taps_by_link, name="counting_taps"),
]

public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/works/", works_views.works_in_public, name="public_works"),
    path("<slug:slug>/works/<int:number>/", works_views.public_work_page, name="public_work"),
    path(
        "<slug:slug>/works/<int:number>/picture.jpg", works_views.public_picture, name="public_work_picture"
    ),
    path("<slug:slug>/guest-book/", guest_book_views.entries, name="guest_book"),
    path(
        "<slug:slug>/guest-book/write/",
        guest_book_views.GuestEntryFormView.as_view(),
        name="guest_book_write",
    ),
    path("<slug:slug>/groups/", GroupRequestView.as_view(), name="school_groups"),
    path("<slug:slug>/groups/sent/", GroupRequestSentView.as_view(), name="school_groups_sent"),
]

desk: list[URLPattern | URLResolver] = [
    path(_WORKS, works_views.list_works, name="works"),
    path(f"{_WORKS}add/", works_views.WorkFormView.as_view(), name="work_add"),
    path(f"{_WORKS}move/", works_views.move_work, name="works_move"),
    path(f"{_WORKS}around/", works_views.QuietCornerView.as_view(), name="works_around"),
    path(f"{_WORKS}on-the-site/", works_views.choose_catalogue, name="works_catalogue"),
    path(f"{_WORKS}labels-<slug:size>.pdf", works_views.labels, name="works_labels"),
    path(f"{_WORKS}catalogue-<slug:language>.pdf", works_views.print_catalogue, name="works_catalogue_pdf"),
    path(_WORK, works_views.WorkFormView.as_view(), name="work"),
    *removal_urls(
        f"{_WORKS}<uuid:item>/",
        "work",
        remove=remove_work,
        restore=restore_work,
        removed=_("The work is taken out."),
        restored=_("The work is back in its place."),
        back="events:works",
    ),
    path(f"{_WORK}picture.jpg", works_views.member_picture, name="work_picture"),
    path(f"{_WORK}loan/", works_views.LoanView.as_view(), name="work_loan"),
    path(f"{_WORK}loan/end/", works_views.end_work_loan, name="work_loan_end"),
    path(f"{_WORK}loan/agreement.pdf", works_views.agreement_pdf, name="work_agreement_pdf"),
    path(f"{_WORK}condition/", works_views.ConditionView.as_view(), name="work_condition"),
    path(f"{_WORK}condition/<uuid:report>.pdf", works_views.report_pdf, name="work_condition_pdf"),
    path(f"{_WORK}condition/photos/<uuid:photo>.jpg", works_views.photo, name="work_photo"),
    path("events/<uuid:event>/film/", works_views.FilmView.as_view(), name="film"),
    path(_BOOK, guest_book_views.list_entries, name="guest_book"),
    path(f"{_BOOK}terms/", guest_book_views.GuestBookTermsView.as_view(), name="guest_book_terms"),
    path(f"{_BOOK}book.pdf", guest_book_views.download_guest_book, name="guest_book_pdf"),
    path(f"{_BOOK}code.pdf", guest_book_views.download_code_sheet, name="guest_book_code"),
    path(_ENTRY, guest_book_views.update_guest_entry, name="guest_entry"),
    path(f"{_ENTRY}again/<slug:state>/", guest_book_views.undo_entry_decision, name="guest_entry_undo"),
    path(f"{_ENTRY}cared/", guest_book_views.mark_entry_cared_for, name="guest_entry_cared"),
    path(_GROUPS, school_groups_views.list_groups, name="groups"),
    path(f"{_GROUPS}terms/", school_groups_views.GroupVisitsFormView.as_view(), name="groups_terms"),
    path(f"{_GROUPS}close/", school_groups_views.close_group_visits, name="groups_close"),
    path(f"{_GROUPS}list.pdf", school_groups_views.download_group_list, name="groups_pdf"),
    path(f"{_GROUPS}<uuid:group>/answer/", school_groups_views.answer_group_request, name="group_answer"),
    path(_VISITORS, visitors_views.list_counts, name="visitors"),
    path(f"{_VISITORS}table.csv", visitors_views.download_visitor_table, name="visitors_table"),
    path(f"{_VISITORS}correct/", visitors_views.CorrectionView.as_view(), name="visitors_correct"),
    path(f"{_VISITORS}count/", visitors_views.counter_as_member, name="visitors_count"),
    path(f"{_VISITORS}count/taps/", visitors_views.submit_taps_as_member, name="visitors_taps"),
    path(f"{_VISITORS}links/", visitors_views.CountLinksView.as_view(), name="visitors_links"),
    path(f"{_VISITORS}links/<uuid:link>/take-back/", visitors_views.end_count_link, name="visitors_link_end"),
]
