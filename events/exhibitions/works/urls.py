"""Works, loans and films: `desk` below `/workspaces/`, `public_event` below `/<language>/events/`, `root` at
the root of the site, where paper leads."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.works import views
from events.exhibitions.works.loans import views as loans_views
from events.exhibitions.works.screenings import views as works_views

_WORKS = "events/<uuid:event>/works/"
_WORK = f"{_WORKS}<uuid:work>/"

root: list[URLPattern | URLResolver] = [
    path("q/<str:code>", views.printed_code, name="printed_code"),
    path("Q/<str:code>", views.printed_code, name="printed_code_in_capitals"),
]
public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/works/", views.works_in_public, name="public_works"),
    path("<slug:slug>/works/<int:number>/", views.public_work_page, name="public_work"),
    path("<slug:slug>/works/<int:number>/picture.jpg", views.public_picture, name="public_work_picture"),
]
desk: list[URLPattern | URLResolver] = [
    path(_WORKS, views.edit_works, name="works"),
    path(f"{_WORKS}add/", views.add_work, name="work_add"),
    path(f"{_WORKS}move/", views.move_work, name="works_move"),
    path(f"{_WORKS}around/", views.edit_quiet_corner, name="works_around"),
    path(f"{_WORKS}on-the-site/", views.choose_catalogue, name="works_catalogue"),
    path(f"{_WORKS}labels-<slug:size>.pdf", views.labels, name="works_labels"),
    path(f"{_WORKS}catalogue-<slug:language>.pdf", views.print_catalogue, name="works_catalogue_pdf"),
    path(_WORK, views.change_work, name="work"),
    path(f"{_WORK}take-out/", views.remove_work, name="work_take_out"),
    path(f"{_WORK}bring-back/", views.restore_work, name="work_back"),
    path(f"{_WORK}picture.jpg", views.member_picture, name="work_picture"),
    path(f"{_WORK}loan/", loans_views.loan, name="work_loan"),
    path(f"{_WORK}loan/end/", loans_views.end_work_loan, name="work_loan_end"),
    path(f"{_WORK}loan/agreement.pdf", loans_views.agreement_pdf, name="work_agreement_pdf"),
    path(f"{_WORK}condition/", loans_views.condition, name="work_condition"),
    path(f"{_WORK}condition/<uuid:report>.pdf", loans_views.report_pdf, name="work_condition_pdf"),
    path(f"{_WORK}condition/photos/<uuid:photo>.jpg", loans_views.photo, name="work_photo"),
    path("events/<uuid:event>/film/", works_views.film, name="film"),
]
