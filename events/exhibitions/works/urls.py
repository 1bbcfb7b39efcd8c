"""Works, loans and films: `desk` below `/workspaces/`, `public` below `/<language>/events/`, `urls` at the
root of the site, where paper leads."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.works.loans import views as loans_views
from events.exhibitions.works.screenings import views as works_views
from events.exhibitions.works.views import desk as views_desk
from events.exhibitions.works.views import pdf
from events.exhibitions.works.views import public as works_public_views

_WORKS = "events/<uuid:event>/works/"
_WORK = f"{_WORKS}<uuid:work>/"

urls: list[URLPattern | URLResolver] = [
    path("q/<str:code>", pdf.printed_code, name="printed_code"),
    path("Q/<str:code>", pdf.printed_code, name="printed_code_in_capitals"),
]
public: list[URLPattern | URLResolver] = [
    path("<slug:slug>/works/", works_public_views.works, name="public_works"),
    path("<slug:slug>/works/<int:number>/", works_public_views.work, name="public_work"),
    path(
        "<slug:slug>/works/<int:number>/picture.jpg", works_public_views.picture, name="public_work_picture"
    ),
]
desk: list[URLPattern | URLResolver] = [
    path(_WORKS, views_desk.works, name="works"),
    path(f"{_WORKS}add/", views_desk.add, name="work_add"),
    path(f"{_WORKS}move/", views_desk.move, name="works_move"),
    path(f"{_WORKS}around/", views_desk.around, name="works_around"),
    path(f"{_WORKS}on-the-site/", views_desk.catalogue, name="works_catalogue"),
    path(f"{_WORKS}labels-<slug:size>.pdf", pdf.labels, name="works_labels"),
    path(f"{_WORKS}catalogue-<slug:language>.pdf", pdf.catalogue, name="works_catalogue_pdf"),
    path(_WORK, views_desk.change, name="work"),
    path(f"{_WORK}take-out/", views_desk.remove, name="work_take_out"),
    path(f"{_WORK}bring-back/", views_desk.restore, name="work_back"),
    path(f"{_WORK}picture.jpg", views_desk.picture, name="work_picture"),
    path(f"{_WORK}loan/", loans_views.loan, name="work_loan"),
    path(f"{_WORK}loan/end/", loans_views.end, name="work_loan_end"),
    path(f"{_WORK}loan/agreement.pdf", loans_views.agreement_pdf, name="work_agreement_pdf"),
    path(f"{_WORK}condition/", loans_views.condition, name="work_condition"),
    path(f"{_WORK}condition/<uuid:report>.pdf", loans_views.report_pdf, name="work_condition_pdf"),
    path(f"{_WORK}condition/photos/<uuid:photo>.jpg", loans_views.photo, name="work_photo"),
    path("events/<uuid:event>/film/", works_views.film, name="film"),
]
