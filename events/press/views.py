"""Press desk views: media list and its import from a spreadsheet, call sheets, media advisories."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from coalition.accounts.models import Language
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import pdf_response
from coalition.workspaces.access import MemberView, member_required
from coalition.workspaces.permissions import Access
from documents.contacts.actions import ContactBook, ContactData, add_contact, change_contact, share_contact
from events.core.generic_views import event_action
from events.core.models import Event
from events.press import presenters, queries
from events.press.actions import discard_call_sheet, make_advisory, record_press_call
from events.press.contact_import import (
    RowVerdict,
    VerdictKind,
    discard_sheet,
    import_contacts,
    judge_contact_sheet,
    pending_sheets,
    read_contact_sheet,
)
from events.press.forms import CallForm, ContactFilterForm, ContactForm, ContactSheetForm
from events.press.generic_views import PressDeskFormView, press_desk_action, press_desk_page
from events.press.messages import messenger_messages
from events.press.models import Call, CallSheet, SheetTaken
from events.press.permissions import get_press_desk_access, press_desk_context
from events.spreadsheets.columns import csv_response
from events.spreadsheets.messages import REJECTION_MESSAGES, ROW_FAULT_MESSAGES
from events.spreadsheets.reader import MAX_FILE_BYTES


@event_action(success=gettext_lazy("The advisory is a draft in three languages. Read it before others do."))
def advisory(_request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Create the advisory and redirect to it."""
    return redirect("documents:draft", make_advisory(access=access, event=event).uuid)


TAB = "press_call_sheets"


@press_desk_page("events/call_sheets/list.html", TAB)
def call_sheets(_request: HttpRequest, access: Access) -> dict[str, Any]:
    """List the organisation's call sheets."""
    return {"rows": [(one, presenters.matter_words(one)) for one in queries.call_sheets_for(access)]}


@press_desk_page("events/call_sheets/sheet.html", TAB)
def call_sheet(_request: HttpRequest, access: Access, calls: UUID) -> dict[str, Any]:
    """Display one call sheet."""
    return _call_sheet_context(access, get_object_or_404(queries.call_sheets_for(access), uuid=calls))


@member_required
@require_POST
def record_call_outcome(request: HttpRequest, workspace: UUID, calls: UUID, call: UUID) -> HttpResponse:
    """Record the outcome of a call; keep the input if it is refused."""
    access, sheet = _get_call_sheet_or_404(request, workspace, calls)
    found = get_object_or_404(queries.calls_of(sheet), uuid=call)
    form = CallForm(request.POST, prefix=str(found.pk))
    if form.is_valid():
        try:
            record_press_call(access=access, call=found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Noted."))
            page = reverse("events:press_calls", args=[access.workspace.uuid, sheet.uuid])
            return redirect(f"{page}#call-{found.uuid}")
    context = press_desk_context(access, TAB, **_call_sheet_context(access, sheet, refused=(found, form)))
    return render(request, "events/call_sheets/sheet.html", context, status=422)


@member_required
@require_safe
def download_call_table(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """Export the sheet as a spreadsheet table, with cells escaped against formula injection."""
    access, sheet = _get_call_sheet_or_404(request, workspace, calls)
    rows = [list(presenters.call_cells(row).values()) for row in presenters.call_rows(access, sheet)]
    return csv_response(presenters.table_heads(), rows, "calls.csv")


@member_required
@require_safe
def print_call_sheet(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """Return the sheet as PDF, with check boxes and talking points."""
    access, sheet = _get_call_sheet_or_404(request, workspace, calls)
    return pdf_response(presenters.call_sheet_pdf(access, sheet, get_language() or ""), "calls.pdf")


@press_desk_action(
    "events:press_call_sheets", success=gettext_lazy("The call sheet and its notes are deleted.")
)
def delete_call_sheet(_request: HttpRequest, access: Access, calls: UUID) -> None:
    """Delete a call sheet with its notes."""
    discard_call_sheet(access=access, sheet=get_object_or_404(queries.call_sheets_for(access), uuid=calls))


def _call_sheet_context(
    access: Access, sheet: CallSheet, refused: tuple[Call, CallForm] | None = None
) -> dict[str, Any]:
    refused_call, refused_form = refused or (None, None)
    return {
        "sheet": sheet,
        "matter": presenters.matter_words(sheet),
        "rows": [
            (
                row,
                refused_form
                if row["call"] == refused_call
                else CallForm(instance=row["call"], prefix=str(row["call"].pk)),
            )
            for row in presenters.call_rows(access, sheet)
        ],
        "refused_form": refused_form,
        "messages_ready": messenger_messages(sheet.about, get_language() or ""),
    }


def _get_call_sheet_or_404(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, CallSheet]:
    access = get_press_desk_access(request, workspace)
    return access, get_object_or_404(queries.call_sheets_for(access), uuid=uuid)


ROWS_ON_A_PAGE = 200
ROW_NUMBER = re.compile("[0-9]{1,5}")


class SheetUploadView(PressDeskFormView):
    """Upload a spreadsheet, then show the page `review_name`; list those with a pending choice."""

    about: SheetTaken.About
    review_name = ""
    refusal_field = "file"
    read: Callable[..., SheetTaken]  # stores the rows: of access, name, content, other fields of the form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = pending_sheets(self.access, self.about).defer("content")
        return super().get_context_data(**kwargs) | {"waiting": waiting}

    def save(self, form: Any) -> HttpResponse:
        fields = {**form.cleaned_data}
        file = fields.pop("file")
        if file.size > MAX_FILE_BYTES:
            raise Refused(REJECTION_MESSAGES["too_large"])
        sheet = self.read(access=self.access, name=file.name, content=file.read(), **fields)
        return redirect(self.review_name, self.access.workspace.uuid, sheet.uuid)


@method_decorator(member_required, name="dispatch")
class SheetReviewView(TemplateView):
    """The verdict on each row of one kind; a POST imports the chosen rows."""

    about: SheetTaken.About
    tab = ""
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.access = get_press_desk_access(request, kwargs["workspace"])
        self.sheet = get_object_or_404(pending_sheets(self.access, self.about), uuid=kwargs["sheet"])
        kind = request.GET.get("kind", "")
        self.kind = VerdictKind(kind) if kind in VerdictKind else VerdictKind.NEW
        return super().dispatch(request, *args, **kwargs)

    def judge(self) -> Sequence[RowVerdict[Any]]:
        """Return the current verdict on every row."""
        raise NotImplementedError

    def import_rows(self, **chosen: Any) -> str:
        """Import rows by `numbers`, or with `all_new`; return the message. Raises Refused."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **_kwargs: UUID) -> HttpResponse:
        numbers = {int(one) for one in request.POST.getlist("row") if ROW_NUMBER.fullmatch(one)}
        try:
            message = self.import_rows(numbers=numbers, all_new="all_new" in request.POST)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, message)
        return redirect(f"{request.path}?kind={self.kind}")

    def get_context_data(self, **_kwargs: Any) -> dict[str, Any]:
        rows = self.judge()
        page = Paginator([one for one in rows if one.kind == self.kind], ROWS_ON_A_PAGE).get_page(
            self.request.GET.get("page")
        )
        counts = {kind: sum(row.kind == kind for row in rows) for kind in VerdictKind}
        labels = {
            VerdictKind.NEW: _("New"),
            VerdictKind.KNOWN: _("There already"),
            VerdictKind.FAULTY: _("Faulty"),
        }
        return press_desk_context(
            self.access,
            self.tab,
            sheet=self.sheet,
            kind=self.kind,
            kinds=[
                {"label": label, "url": f"?kind={one}", "count": counts[one], "current": one == self.kind}
                for one, label in labels.items()
            ],
            count=counts[VerdictKind.NEW],
            rows=[(one, ROW_FAULT_MESSAGES.get(one.fault, one.fault)) for one in page.object_list],
            page=page,
            query=f"kind={self.kind}&",
        )


def discard_sheet_view(about: SheetTaken.About, back: str) -> MemberView:
    """Make a view that deletes an uploaded spreadsheet's rows and redirects to `back`."""

    @press_desk_action(back, success=gettext_lazy("What was read of the file is deleted."))
    def discard(_request: HttpRequest, access: Access, sheet: UUID) -> None:
        discard_sheet(access=access, sheet=get_object_or_404(pending_sheets(access, about), uuid=sheet))

    return discard


CONTACTS_ON_A_PAGE = 50


@press_desk_page("events/press/list.html", "press")
def media_list(request: HttpRequest, access: Access) -> dict[str, Any]:
    """List contacts of the organisation and those shared with it; of others outlet and language."""
    form = ContactFilterForm(request.GET)
    keys = queries.sorted_contact_keys(queries.open_contacts(access), **form.wanted)
    page = Paginator(keys, CONTACTS_ON_A_PAGE).get_page(request.GET.get("page"))
    return {
        "form": form,
        "rows": presenters.press_contact_rows(
            queries.contacts_in(list(page.object_list)), access, get_viewer(request)
        ),
        "known": [
            (outlet, ", ".join(str(Language(code).label) for code in languages))
            for outlet, languages in queries.outlets_known_to_others(access, **form.wanted)
        ],
        "page": page,
        "query": f"{urlencode(form.wanted)}&" if form.wanted else "",
    }


class MediaContactFormView(PressDeskFormView):
    """Add a contact, or change the one of one's own organisation that the URL names."""

    form_class = ContactForm
    template_name = "events/press/contact.html"
    tab = "press"
    success_name = "events:press"

    def load(self) -> None:
        super().load()
        if "contact" in self.kwargs:
            self.row = get_object_or_404(queries.own_contacts(self.access), uuid=self.kwargs["contact"])
            self.refusal_field = "address"

    def get_initial(self) -> dict[str, Any]:
        if self.row is None:
            return {"language": get_person(self.request).language}
        return ContactForm.initial_of(self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"contact": self.row}
        if self.row is not None:
            context["shared_here"] = bool(queries.shares_of([self.row], self.access))
            context["ended"] = queries.is_unsubscribed(self.row.address)
        return context

    def save(self, form: ContactForm) -> None:
        message = _("Saved.")
        if self.row is None:
            contact = add_contact(access=self.access, person=form.person())
            message = _("%(name)s is in your media list.") % {"name": contact.name}
        else:
            change_contact(access=self.access, contact=self.row, person=form.person())
        messages.success(self.request, message)


@press_desk_action("events:press_contact", same_row=True)
def share_media_contact(request: HttpRequest, access: Access, contact: UUID) -> None:
    """Set who else may use a contact: nobody, this workspace, the coalition."""
    found = get_object_or_404(queries.own_contacts(access), uuid=contact)
    which = request.POST.get("with", "")
    share_contact(
        access=access, contact=found, coalition=which == "coalition", workspace=which == "workspace"
    )
    words = {
        "coalition": _("Press officers, editors and coordinators of the whole coalition can use it now."),
        "workspace": _("Organisations of this workspace can use it now."),
    }
    messages.success(request, words.get(which, _("Only your organisation sees who it is.")))


class ContactSheetUploadView(SheetUploadView):
    """Upload a spreadsheet of contacts."""

    about = SheetTaken.About.CONTACTS
    form_class = ContactSheetForm
    template_name = "events/press/import.html"
    tab = "press_import"
    review_name = "events:press_sheet"
    read = staticmethod(read_contact_sheet)

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_person(self.request).language}


class ContactSheetReviewView(SheetReviewView):
    """The verdict on each row of a spreadsheet of contacts."""

    about = SheetTaken.About.CONTACTS
    template_name = "events/press/preview.html"
    tab = "press_import"

    def judge(self) -> list[RowVerdict[ContactData]]:
        return judge_contact_sheet(self.sheet, ContactBook(self.access.organisation.uuid))

    def import_rows(self, **chosen: Any) -> str:
        new, known = import_contacts(access=self.access, sheet=self.sheet, **chosen)
        new_words = ngettext("%(count)s contact is new.", "%(count)s contacts are new.", new)
        known_words = ngettext(
            "%(count)s contact was brought up to date.", "%(count)s contacts were brought up to date.", known
        )
        parts = ((new_words, new), (known_words, known))
        return " ".join(words % {"count": count} for words, count in parts if count)
