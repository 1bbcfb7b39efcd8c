"""Views of works, loans and films: lists, forms, papers; printed codes; the public catalogue."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language, gettext as _, gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coalition.accounts.middleware import VARIES_BY, reading_language
from coalition.accounts.models import Language
from coalition.accounts.views.access import get_viewer
from coalition.consent.gate import may_work_with
from coalition.http.responses import pdf_response
from coalition.workspaces.permissions import Access
from documents import hooks
from events.core import generic_views
from events.core.enums import EventKind
from events.core.models import Event
from events.core.permissions import may_change
from events.core.printed_codes import find_code, record_code_opening, resolve_printed_code
from events.core.public_pages import event_context, is_human_visit, jpeg_response, public_page
from events.core.queries import text_in
from events.exhibitions.works import actions, models as screenings, presenters
from events.exhibitions.works.consent import work_item
from events.exhibitions.works.forms import ConditionForm, FilmForm, LoanForm, QuietCornerForm, WorkForm
from events.exhibitions.works.models import ConditionMoment, ConditionPhoto, Exhibition, Loan, Screening, Work
from events.exhibitions.works.queries import (
    get_work_or_404,
    printable_works,
    public_exhibitions,
    public_works,
    works_of,
)

# Only people who may change an exhibition read lenders, values and makers who are not named.
get_exhibition_or_404 = generic_views.event_loader(may_change, actions.ONLY_PLANNERS, EventKind.EXHIBITION)


@generic_views.event_page(get_exhibition_or_404)
def list_works(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """List the works in hanging order, each with its gaps."""
    exhibition = getattr(event, "exhibition", None)
    is_open = exhibition is not None and exhibition.opened_at is not None
    context = event_context(access, event) | {
        "rows": [(one, presenters.missing_parts(event, one)) for one in works_of(event)],
        "today": timezone.localdate(timezone=event.zone_info),
        "exhibition": exhibition,
        "is_open": is_open,
        "public_url": reverse("public_works", args=[event.slug]) if is_open and event.is_public else "",
        "may_change": not event.cancelled_at,
    }
    return render(request, "events/works/list.html", context)


@generic_views.event_action("events:works")
def move_work(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Move one work: `up` or `down` by one place (button), or `item` before `before` (dragged)."""
    sent = request.POST
    moved = sent.get("up") or sent.get("down") or sent.get("item", "")
    uuid, before = generic_views.parse_uuid_or_404(moved), sent.get("before", "")
    if "item" in sent:
        target = generic_views.parse_uuid_or_404(before) if before else None
        actions.move_work(access=access, event=event, uuid=uuid, before=target)
    else:
        actions.step_work(access=access, event=event, uuid=uuid, down="down" in sent)
    return redirect(f"{reverse('events:works', args=[event.uuid])}#work-{moved}")


def require_work_open(work: Work) -> None:
    """Raise Http404 once a consent of the work, or of its picture, has ended: members do not open it."""
    if not may_work_with(work_item(work)):
        raise Http404


class ExhibitionFormView(generic_views.EventFormView):
    """A form about an exhibition or, where the URL has a work, about that work."""

    refusal, event_kind = actions.ONLY_PLANNERS, EventKind.EXHIBITION
    success_name = "events:works"
    success_message = gettext_lazy("Saved.")
    work: Work | None = None

    def load(self) -> None:
        super().load()
        if "work" in self.kwargs:
            self.work = get_work_or_404(self.event, self.kwargs["work"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"work": self.work}


class WorkFormView(generic_views.RevisionFormView, ExhibitionFormView):
    """Add a work at the end, or change one. A concurrent change is displayed beside the input."""

    form_class = WorkForm
    template_name = "events/works/work.html"

    def get_instance(self) -> Work | None:
        return self.work

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access}

    def save(self, form: WorkForm) -> HttpResponse:
        given = {"access": self.access, "event": self.event, **form.cleaned_data}
        if self.work is None:
            uuid = actions.add_work(**given).uuid
            self.success_message = gettext_lazy("The work is in the exhibition.")
        else:
            uuid = self.work.uuid
            actions.change_work(**given, uuid=uuid, seen=self.seen)
        if "another" in self.request.POST:
            return redirect("events:work_add", self.event.uuid)
        return redirect(f"{self.get_success_url()}#work-{uuid}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        note = presenters.consent_note(self.work) if self.work is not None else ""
        context = super().get_context_data(**kwargs)
        return context | {"work": self.theirs or self.work, "consent_note": note}


class QuietCornerView(ExhibitionFormView):
    """Set the quiet corner and the way to get help."""

    form_class = QuietCornerForm
    template_name = "events/works/around.html"

    def get_instance(self) -> Exhibition | None:
        return getattr(self.event, "exhibition", None)

    def save(self, form: QuietCornerForm) -> None:
        actions.set_quiet_corner(access=self.access, event=self.event, **form.cleaned_data)


class FilmView(generic_views.EventFormView):
    """Set the film and the rights to show it."""

    form_class = FilmForm
    template_name = "events/works/film.html"
    refusal, event_kind = screenings.ONLY_PLANNERS, EventKind.SCREENING
    success_message = gettext_lazy("Saved.")

    def get_instance(self) -> Screening | None:
        return getattr(self.event, "screening", None)

    def save(self, form: FilmForm) -> None:
        screenings.set_film(access=self.access, event=self.event, **form.cleaned_data)


@generic_views.event_action("events:works")
def choose_catalogue(request: HttpRequest, access: Access, event: Event) -> None:
    """Publish the catalogue (`open` is "1") or unpublish it."""
    if request.POST.get("open") == "1":
        actions.open_catalogue(access=access, event=event)
        messages.success(request, _("The works are on the site as soon as the exhibition is public."))
    else:
        actions.close_catalogue(access=access, event=event)
        messages.success(request, _("The works are off the site."))


@generic_views.event_page(get_exhibition_or_404)
def member_picture(request: HttpRequest, access: Access, event: Event, work: UUID) -> HttpResponse:
    """Return the picture of a work, whatever its permitted use, for members who prepare the exhibition; 404
    once a consent of it has ended."""
    row = get_work_or_404(event, work)
    require_work_open(row)
    return jpeg_response(str(row.drawn.name) if row.drawn else "")


@generic_views.event_page(get_exhibition_or_404)
def labels(request: HttpRequest, access: Access, event: Event, size: str) -> HttpResponse:
    """Return the labels, small or in large print, in three languages each."""
    rows = works_of(event)
    if size not in presenters.LABEL_SIZES or not rows:
        raise Http404
    return pdf_response(presenters.labels_pdf(event=event, works=rows, size=size), f"labels-{size}.pdf")


@generic_views.event_page(get_exhibition_or_404)
def print_catalogue(request: HttpRequest, access: Access, event: Event, language: str) -> HttpResponse:
    """Return the catalogue in one language: works that may be shown, pictures that may be reproduced."""
    rows = printable_works(event, language) if language in Language.values else []
    if not rows:
        raise Http404
    content = presenters.catalogue_pdf(event=event, works=rows, language=language)
    return pdf_response(content, f"catalogue-{language}.pdf")


@never_cache
@require_safe
def printed_code(request: HttpRequest, code: str) -> HttpResponse:
    """Redirect a printed code to its page, in the reader's language.

    Return 410 with a message if there is no page; removed, non-public and unknown codes get the
    same response. (Django would turn a 404 at a URL without a language prefix into a redirect.)
    Responses are not cached by browsers and the redirect is temporary, because a removed page can
    be restored and the target of a code may change.

    Upper-case paths (`/Q/…`) lead here too: QR codes of capitals are smaller.
    """
    language = reading_language(request)
    found = find_code(code[:40])
    leads = resolve_printed_code(found, language)
    answer: HttpResponse
    if leads.address:
        if found is not None and is_human_visit(request):
            record_code_opening(found)
        answer = HttpResponseRedirect(leads.address)
    else:
        with override(language):
            context = {
                **hooks.site_frame_context(request),
                "way_on": leads.way_on,
            }
            answer = render(request, "events/public/code.html", context, status=410)
    patch_vary_headers(answer, VARIES_BY)
    return answer


@require_safe
def works_in_public(request: HttpRequest, slug: str) -> HttpResponse:
    """List all works that may be shown, in hanging order."""
    exhibition = get_object_or_404(public_exhibitions(), event__slug=slug)
    context = {
        "event": exhibition.event,
        "title": text_in(exhibition.event, get_language() or "").title,
        "works": public_works(exhibition),
        "exhibition": exhibition,
    }
    return public_page(request, "works", context)


@require_safe
def public_work_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Display one work, with links to the previous and next one."""
    exhibition = get_object_or_404(public_exhibitions(), event__slug=slug)
    rows = public_works(exhibition)
    place = next((place for place, one in enumerate(rows) if one.number == number), None)
    if place is None:
        raise Http404
    work = rows[place]
    context = {
        "event": exhibition.event,
        "title": text_in(exhibition.event, get_language() or "").title,
        "exhibition": exhibition,
        "work": work,
        "share_image": {"url": work.public_picture_url} if work.is_shared else None,
        "before": rows[place - 1] if place else None,
        "after": rows[place + 1] if place + 1 < len(rows) else None,
        "work_data": presenters.work_data(work),
    }
    return public_page(request, "work", context)


@require_safe
def public_picture(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the picture of a work; check the right at each request, limit caching to its last day."""
    exhibition = get_object_or_404(public_exhibitions(), event__slug=slug)
    found = next((one for one in public_works(exhibition) if one.number == number), None)
    today = timezone.localdate(timezone=exhibition.event.zone_info)
    if found is None or not found.picture_is_public():
        raise Http404
    answer = jpeg_response(str(found.drawn.name))
    if found.picture_under_consent:
        patch_cache_control(answer, private=True, no_store=True)
        return answer
    seconds = 0 if found.reproduction_until == today else 3600
    patch_cache_control(answer, public=True, max_age=seconds)
    return answer


class WorkLoanFormView(ExhibitionFormView):
    """A form about the loan of a work; it then shows the loan."""

    work: Work

    def get_success_url(self) -> str:
        return reverse("events:work_loan", args=[self.event.uuid, self.work.uuid])


class LoanView(WorkLoanFormView):
    """Display and change the loan; list the condition reports."""

    form_class = LoanForm
    template_name = "events/works/loan.html"

    def load(self) -> None:
        super().load()
        self.loan = presenters.loan_of(self.work)
        # Before a refused form changes the instance.
        self.value = (
            presenters.sum_words(self.loan.value, self.loan.currency) if self.loan is not None else ""
        )

    def get_instance(self) -> Loan | None:
        return self.loan

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access, "viewer": get_viewer(self.request)}

    def save(self, form: LoanForm) -> None:
        actions.set_loan(access=self.access, event=self.event, work=self.work.uuid, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reports = [
            (one, presenters.condition_moment_words(self.event, one)) for one in self.work.conditions.all()
        ]
        shown = {"loan": self.loan, "value": self.value, "reports": reports}
        return super().get_context_data(**kwargs) | shown


@generic_views.event_action("events:works", success=gettext_lazy("The work is not noted as lent any more."))
def end_work_loan(request: HttpRequest, access: Access, event: Event, work: UUID) -> HttpResponse:
    """Delete the loan."""
    actions.end_loan(access=access, event=event, work=work)
    return redirect("events:work_loan", event.uuid, work)


class ConditionView(WorkLoanFormView):
    """Add a condition report, with photographs."""

    form_class = ConditionForm
    template_name = "events/works/condition.html"
    success_message = gettext_lazy("The report is kept.")
    extra_context = {"max_bytes": settings.FILE_UPLOAD_MAX_BYTES}

    def get_initial(self) -> dict[str, Any]:
        seen_before = self.work.conditions.all()
        return {"moment": ConditionMoment.RETURN if seen_before else ConditionMoment.ARRIVAL}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"event": self.event}

    def save(self, form: ConditionForm) -> None:
        actions.report_condition(
            access=self.access, event=self.event, work=self.work.uuid, **form.cleaned_data
        )


@generic_views.event_page(get_exhibition_or_404)
def photo(request: HttpRequest, access: Access, event: Event, work: UUID, photo: UUID) -> HttpResponse:
    """Return a photograph of a report; 404 once a consent of the work has ended."""
    row = get_work_or_404(event, work)
    require_work_open(row)
    photos = ConditionPhoto.objects.filter(report__work=row)
    return jpeg_response(str(get_object_or_404(photos, uuid=photo).file.name))


@generic_views.event_page(get_exhibition_or_404)
def agreement_pdf(request: HttpRequest, access: Access, event: Event, work: UUID) -> HttpResponse:
    """Return the loan agreement as PDF, in the reader's language."""
    row = get_work_or_404(event, work)
    loan = presenters.loan_of(row)
    if loan is None:
        raise Http404
    viewer, language = get_viewer(request), get_language() or ""
    content = presenters.loan_agreement_pdf(
        event=event, work=row, loan=loan, viewer=viewer, language=language
    )
    return pdf_response(content, "loan-agreement.pdf")


@generic_views.event_page(get_exhibition_or_404)
def report_pdf(request: HttpRequest, access: Access, event: Event, work: UUID, report: UUID) -> HttpResponse:
    """Return a condition report as PDF, in the reader's language."""
    row = get_work_or_404(event, work)
    shown = get_object_or_404(row.conditions.all(), uuid=report)
    content = presenters.condition_pdf(event=event, work=row, report=shown, language=get_language() or "")
    return pdf_response(content, "condition-report.pdf")
