"""Press enquiry views: list, record, assign, answer; message guide and briefings."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.models import Language
from coalition.accounts.naming import PUBLIC, Viewer
from coalition.accounts.views.access import get_viewer
from coalition.applicants.views import private_response
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.http.responses import pdf_response
from coalition.roles import Right
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.drafts.permissions import may_manage_contacts, require_that
from documents.models import Contact
from events.press.enquiries import actions, presenters, queries
from events.press.enquiries.forms import (
    BriefingForm,
    EnquiryFilterForm,
    EnquiryForm,
    GuideFilterForm,
    GuideLineForm,
    RefusalForm,
    initial_of_contact,
)
from events.press.enquiries.models import Briefing, Enquiry, GuideLine
from events.press.generic_views import PressDeskFormView, press_desk_action, press_desk_page
from events.press.permissions import (
    get_press_desk_access,
    may_answer_enquiry,
    may_manage_line,
    may_manage_own,
)
from events.press.queries import open_contacts
from events.press.spokespersons.queries import spokespersons_in

TAB = "press_enquiries"
PAGE = "events:press_enquiry"


@press_desk_page("events/enquiries/list.html", TAB)
def enquiries(request: HttpRequest, access: Access) -> dict[str, Any]:
    """List the enquiries to answer, overdue first."""
    viewer, form = get_viewer(request), EnquiryFilterForm(request.GET)
    return {
        "form": form,
        "rows": [
            presenters.enquiry_row(one, access, viewer)
            for one in queries.filter_enquiries(access, **form.wanted)
        ],
        "known": [] if form.wanted else queries.enquiries_known_to_others(access),
    }


class EnquiryRowView(PressDeskFormView):
    """A form about the enquiry that the URL names; it then shows its page."""

    tab = TAB
    row: Enquiry

    def load(self) -> None:
        super().load()
        self.row = get_object_or_404(queries.enquiries_for(self.access), uuid=self.kwargs["enquiry"])

    def get_success_url(self) -> str:
        return reverse(PAGE, kwargs=self.kwargs)


class AddEnquiryView(PressDeskFormView):
    """Record an enquiry; `contact`: a contact of the media list."""

    form_class = EnquiryForm
    template_name = "events/enquiries/edit.html"
    tab = TAB
    contact: Contact | None = None

    def load(self) -> None:
        super().load()
        if uuid := parse_uuid(self.request.GET.get("contact")):
            self.contact = open_contacts(self.access).filter(uuid=uuid).first()

    def get_initial(self) -> dict[str, Any]:
        return initial_of_contact(self.contact) if self.contact else {"language": Language.KK}

    def save(self, form: EnquiryForm) -> HttpResponse:
        contact = self.contact.uuid if self.contact else None
        row = actions.add_enquiry(access=self.access, contact=contact, **form.cleaned_data)
        messages.success(self.request, _("Written down."))
        return redirect(PAGE, self.access.workspace.uuid, row.uuid)


class ChangeEnquiryView(EnquiryRowView):
    """Change an enquiry."""

    form_class = EnquiryForm
    template_name = "events/enquiries/edit.html"

    def save(self, form: EnquiryForm) -> None:
        actions.change_enquiry(access=self.access, enquiry=self.row, **form.cleaned_data)


class EnquiryView(EnquiryRowView):
    """An enquiry, suggested spokespersons, and notes; a POST declines it with a reason."""

    form_class = RefusalForm
    template_name = "events/enquiries/enquiry.html"

    def save(self, form: RefusalForm) -> None:
        actions.close_enquiry(access=self.access, enquiry=self.row, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        access, row, viewer = self.access, self.row, get_viewer(self.request)
        matches, hidden = presenters.matching_speakers(row, access, viewer)
        return super().get_context_data(**kwargs) | {
            "one": presenters.enquiry_row(row, access, viewer),
            "came": presenters.moment_in(row.zone, row.came_at),
            "matches": matches,
            "chosen": next((one for one in matches if one["chosen"]), None),
            "hidden": hidden,
            "notes": [
                (
                    one,
                    person_name(viewer, one.by, one.on_behalf_of) if one.by else "",
                    presenters.moment_in(row.zone, one.at),
                )
                for one in row.notes.select_related("by", "on_behalf_of")
            ],
            "guide": presenters.build_guide_parts(
                queries.suggested_lines(access, row), row.language, viewer, access
            ),
            "briefing": queries.briefing_of(row),
            "may_answer": may_answer_enquiry(access, row),
            "may_manage": may_manage_own(access, row),
        }


@press_desk_action(PAGE, same_row=True)
def act_on_enquiry(request: HttpRequest, access: Access, enquiry: UUID) -> None:
    """Assign, unassign, answer, reopen, share or unshare an enquiry."""
    row = get_object_or_404(queries.enquiries_for(access), uuid=enquiry)
    match request.POST.get("act", ""):
        case "take":
            actions.claim_enquiry(access=access, enquiry=row)
            message = _("You answer it.")
        case "give_back":
            actions.release_enquiry(access=access, enquiry=row)
            message = _("Others can take it now.")
        case "answered":
            actions.close_enquiry(access=access, enquiry=row)
            message = _("Noted as answered.")
        case "open":
            actions.reopen_enquiry(access=access, enquiry=row)
            message = _("It is to be answered again.")
        case "share":
            actions.share_enquiry(access=access, enquiry=row, shared=True)
            message = _("Press desks of this workspace see all of it now.")
        case "unshare":
            actions.share_enquiry(access=access, enquiry=row, shared=False)
            message = _("Others see only outlet, language and topic.")
        case _other:
            return
    messages.success(request, message)


@press_desk_action(PAGE, same_row=True)
def choose_enquiry_speaker(request: HttpRequest, access: Access, enquiry: UUID) -> None:
    """Set the spokesperson; conflicts, displayed beside the button, are repeated in the message."""
    row = get_object_or_404(queries.enquiries_for(access), uuid=enquiry)
    chosen = None
    if text := request.POST.get("spokesperson", ""):
        uuid = parse_uuid(text)
        chosen = spokespersons_in(access).filter(uuid=uuid).first() if uuid is not None else None
        if chosen is None:
            raise Refused(gettext_lazy("This spokesperson is not there any more."))
    actions.choose_speaker(access=access, viewer=get_viewer(request), enquiry=row, spokesperson=chosen)


@press_desk_action(PAGE, same_row=True)
def add_enquiry_note(request: HttpRequest, access: Access, enquiry: UUID) -> HttpResponse:
    """Add a note."""
    row = get_object_or_404(queries.enquiries_for(access), uuid=enquiry)
    actions.add_enquiry_note(access=access, enquiry=row, words=request.POST.get("words", "")[:2000])
    return redirect(f"{reverse(PAGE, args=[access.workspace.uuid, enquiry])}#notes")


ENQUIRIES_TAB = "press_enquiries"


class BriefingFormView(EnquiryRowView):
    """Choose lines and write the note. Lines on the topic are initially selected."""

    form_class = BriefingForm
    template_name = "events/talking_points/briefing_form.html"

    def load(self) -> None:
        super().load()
        self.briefing = queries.briefing_of(self.row)

    def get_initial(self) -> dict[str, Any]:
        return {"note": self.briefing.note if self.briefing else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = queries.filter_guide_lines(self.access)
        if self.request.method == "POST":
            ticked = set(self.request.POST.getlist("line"))
        elif self.briefing is not None:
            ticked = {str(uuid) for uuid in self.briefing.lines.values_list("uuid", flat=True)}
        else:
            ticked = {str(one.uuid) for one in offered if one.topic and one.topic == self.row.topic}
        parts = presenters.build_guide_parts(offered, self.row.language, get_viewer(self.request))
        return super().get_context_data(**kwargs) | {"parts": parts, "ticked": ticked}

    def save(self, form: BriefingForm) -> None:
        lines = self.request.POST.getlist("line")
        actions.write_briefing(access=self.access, enquiry=self.row, lines=lines, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("events:press_briefing", kwargs=self.kwargs)


@press_desk_page("events/talking_points/briefing.html", ENQUIRIES_TAB)
def briefing(request: HttpRequest, access: Access, enquiry: UUID) -> dict[str, Any]:
    """Display the note as the spokesperson reads it, and its link."""
    row, found = _get_briefing_or_404(access, enquiry)
    lines = queries.lines_of(found, access.organisation)
    return {
        "row": row,
        "briefing": found,
        "details": _details(row),
        "parts": presenters.build_guide_parts(lines, get_language() or "", get_viewer(request)),
        "mark": presenters.strictest(lines),
        "until": presenters.moment_in(row.zone, found.open_until),
        "sent": presenters.moment_in(row.zone, found.sent_at) if found.sent_at else "",
        "opened": presenters.moment_in(row.zone, found.opened_at) if found.opened_at else "",
        "may_answer": may_answer_enquiry(access, row),
    }


@member_required
@require_safe
def download_briefing(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Return the note as PDF, in the language of the answer."""
    access = get_press_desk_access(request, workspace)
    row, found = _get_briefing_or_404(access, enquiry)
    with override(row.language):
        return _pdf(found, queries.lines_of(found, access.organisation), get_viewer(request), row.language)


@press_desk_action(
    "events:press_briefing",
    success=gettext_lazy("The link is on its way to who speaks."),
    same_row=True,
)
def send_briefing(_request: HttpRequest, access: Access, enquiry: UUID) -> None:
    """Mail the link to the spokesperson."""
    row = get_object_or_404(queries.enquiries_for(access), uuid=enquiry)
    actions.send_briefing(access=access, enquiry=row)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def briefing_link_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET displays a button without the note, POST opens it. Raises Http404."""
    found = queries.briefing_of_token(token)
    if found is None or found.enquiry.spokesperson is None:
        raise Http404
    enquiry, speaks = found.enquiry, found.enquiry.spokesperson
    language = speaks.person.language if speaks.person is not None else speaks.writes_in
    context: dict[str, Any] = {}
    with override(language):
        if request.method == "POST":
            actions.record_briefing_opened(found)
            lines = queries.lines_of(found, speaks.organisation)
            if request.POST.get("act") == "pdf":
                return private_response(_pdf(found, lines, PUBLIC, language), language=language)
            context = {
                "row": enquiry,
                "briefing": found,
                "details": _details(enquiry),
                "parts": presenters.build_guide_parts(lines, language, PUBLIC),
                "mark": presenters.strictest(lines),
                "until": presenters.moment_in(enquiry.zone, found.open_until),
            }
        response = render(request, "events/talking_points/briefing_link.html", context)
    return private_response(response, language=language)


def _details(row: Enquiry) -> list[tuple[str, str]]:
    """Return labels and values of the interview."""
    return [
        (_("Outlet"), row.outlet),
        (_("Who asks"), row.name),
        (_("Interview"), presenters.moment_in(row.zone, row.interview_at) if row.interview_at else ""),
        (_("Answer until"), presenters.moment_in(row.zone, row.deadline)),
        (_("How they want the answer"), f"{row.get_way_display()}, {row.get_language_display()}"),
        (_("What they ask"), row.question),
    ]


def _pdf(found: Briefing, lines: list[GuideLine], viewer: Viewer, language: str) -> HttpResponse:
    content = presenters.talking_points_pdf(
        lines,
        viewer,
        language,
        heading=_("Briefing note"),
        title=found.enquiry.outlet,
        details=_details(found.enquiry)[1:],
        note=found.note,
    )
    return pdf_response(content, "briefing.pdf")


def _get_briefing_or_404(access: Access, uuid: UUID) -> tuple[Enquiry, Briefing]:
    row = get_object_or_404(queries.enquiries_for(access), uuid=uuid)
    found = get_object_or_404(Briefing, enquiry=row)
    found.enquiry = row
    return row, found


def get_guide_access(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(access.may(Right.SEE_DRAFTS), _("The message guide is for people who see drafts here."))
    return access


TALKING_POINTS_TAB = "press_guide"


@press_desk_page("events/talking_points/guide.html", TALKING_POINTS_TAB, get_guide_access)
def guide(request: HttpRequest, access: Access) -> dict[str, Any]:
    """List the lines that the reader may read, by kind."""
    form = GuideFilterForm(request.GET)
    rows = queries.filter_guide_lines(access, **form.wanted)
    return {
        "form": form,
        "read_in": form.read_in,
        "parts": presenters.build_guide_parts(rows, form.read_in, get_viewer(request), access),
        "query": request.GET.urlencode(),
        "may_write": may_manage_contacts(access),
    }


@member_required
@require_safe
def download_talking_points(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Return the list as PDF, with its filters, in the language it is read in."""
    access = get_guide_access(request, workspace)
    form = GuideFilterForm(request.GET)
    rows = queries.filter_guide_lines(access, **form.wanted)
    language = form.read_in
    with override(language):
        title = access.workspace.title
        content = presenters.talking_points_pdf(
            rows, get_viewer(request), language, heading=_("Message guide"), title=title
        )
    return pdf_response(content, "message-guide.pdf")


class GuideLineFormView(PressDeskFormView):
    """Add a line, or change the one that the URL names."""

    form_class = GuideLineForm
    template_name = "events/talking_points/line.html"
    tab = TALKING_POINTS_TAB
    success_name = "events:press_guide"
    success_message = gettext_lazy("Saved.")

    def load(self) -> None:
        super().load()
        if "line" in self.kwargs:
            self.row = get_object_or_404(queries.guide_lines(self.access), uuid=self.kwargs["line"])
            require_that(may_manage_line(self.access, self.row))

    def get_initial(self) -> dict[str, Any]:
        query = self.request.GET
        return {} if self.row else {name: query[name] for name in ("kind", "topic") if name in query}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access}

    def save(self, form: GuideLineForm) -> None:
        actions.save_guide_line(access=self.access, line=self.row, **form.cleaned_data)
