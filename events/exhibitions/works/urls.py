"""Works, loans and films: `desk` below `/workspaces/`, `public` below `/<language>/events/`, `urls` at the
root of the site, where paper leads."""

from django.urls import URLPattern, URLResolver, path

from events.views import loans, public_works, screening, work_papers, works

_WORKS = "events/<uuid:event>/works/"
_WORK = f"{_WORKS}<uuid:work>/"

urls: list[URLPattern | URLResolver] = [
    path("q/<str:code>", work_papers.printed_code, name="printed_code"),
]
public: list[URLPattern | URLResolver] = [
    path("<slug:slug>/works/", public_works.works, name="public_works"),
    path("<slug:slug>/works/<int:number>/", public_works.work, name="public_work"),
    path("<slug:slug>/works/<int:number>/picture.jpg", public_works.picture, name="public_work_picture"),
]
desk: list[URLPattern | URLResolver] = [
    path(_WORKS, works.works, name="works"),
    path(f"{_WORKS}add/", works.add, name="work_add"),
    path(f"{_WORKS}move/", works.move, name="works_move"),
    path(f"{_WORKS}around/", works.around, name="works_around"),
    path(f"{_WORKS}on-the-site/", works.catalogue, name="works_catalogue"),
    path(f"{_WORKS}labels-<slug:size>.pdf", work_papers.labels, name="works_labels"),
    path(f"{_WORKS}catalogue-<slug:language>.pdf", work_papers.catalogue, name="works_catalogue_pdf"),
    path(_WORK, works.change, name="work"),
    path(f"{_WORK}take-out/", works.remove, name="work_take_out"),
    path(f"{_WORK}bring-back/", works.restore, name="work_back"),
    path(f"{_WORK}picture.jpg", works.picture, name="work_picture"),
    path(f"{_WORK}loan/", loans.loan, name="work_loan"),
    path(f"{_WORK}loan/end/", loans.end, name="work_loan_end"),
    path(f"{_WORK}loan/agreement.pdf", loans.agreement_pdf, name="work_agreement_pdf"),
    path(f"{_WORK}condition/", loans.condition, name="work_condition"),
    path(f"{_WORK}condition/<uuid:report>.pdf", loans.report_pdf, name="work_condition_pdf"),
    path(f"{_WORK}condition/photos/<uuid:photo>.jpg", loans.photo, name="work_photo"),
    path("events/<uuid:event>/film/", screening.film, name="film"),
]
