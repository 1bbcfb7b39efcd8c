"""Embargoes: a planned publication and its readers, and the pages of people of outlets."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from coalition.accounts.models import Language
from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.canonical.form import short_hash
from documents.contacts.actions import add_contact
from documents.contacts.models import Contact, contacts_to_write_to
from documents.drafts.access import NoSuchLink, access_to_drafts, is_opened, remember_opened, token_page
from documents.drafts.generic_views import document_action
from documents.drafts.models import UPCOMING_STATES, EmbargoAct, PublicationState
from documents.drafts.permissions import may_offer_embargo, may_submit_for_approval, require_that
from documents.drafts.presenters import render_document
from documents.files.models import StoredFile
from documents.files.queries import pictures_in
from documents.files.views import send_picture, stream_pieces
from documents.files.withheld import WithheldContent
from documents.publication import queries
from documents.publication.actions import NotPublishable, obstacles_to_publishing, publish_approved
from documents.publication.certificate import missing_languages_sentence
from documents.publication.embargo import actions
from documents.publication.embargo.actions import (
    revoke_access,
    revoke_accesses_of_outlet,
    schedule_publication,
    unschedule_publication,
)
from documents.publication.embargo.forms import EmbargoOfferForm, ScheduleForm
from documents.publication.models import EmbargoAccess, Publication, PublicationText
from documents.publication.presenters import contact_access_rows, is_late, lateness_sentence
from documents.publication.views import PublishForm, PublishView

EMBARGO_TEMPLATE = "documents/embargo/desk.html"


class ScheduleView(PublishView):
    """Choose or change the moment at which a round's text becomes public, by POST. A refused input is
    displayed again."""

    form_class = ScheduleForm
    http_method_names = ["post"]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"data": self.request.POST}

    def save(self, form: ScheduleForm) -> HttpResponse:
        planned = schedule_publication(access=self.access, round_=self.round, at=form.cleaned_data["at"])
        messages.success(self.request, _("Scheduled. Nothing is public before this moment."))
        return redirect("documents:embargo", planned.uuid)

    def refused(self, form: ScheduleForm, refusal: Refused) -> HttpResponse:
        form.add_error("at", refusal.message)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = PublishForm(corrects=self.corrects is not None)
        return super().get_context_data(form=form, schedule_form=kwargs["form"])


embargo_action = partial(document_action, back="documents:embargo")


def _to_planned(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    found = get_object_or_404(queries.planned_for(request.user), uuid=uuid)
    access = access_to_drafts(request, found.draft.workspace.uuid)
    found.draft.workspace = access.workspace
    return access, found


def _to_planned_to_offer(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    """Return a planned text, for members responsible for the media."""
    access, found = _to_planned(request, uuid)
    _require_press(access, found)
    return access, found


def _to_offered(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    """Return a planned or since published text, for members responsible for the media."""
    found = queries.planned_for(request.user).filter(uuid=uuid).first()
    if found is None:
        found = get_object_or_404(queries.publications_for(request.user), uuid=uuid)
    access = access_to_drafts(request, found.draft.workspace.uuid)
    found.draft.workspace = access.workspace
    _require_press(access, found)
    return access, found


def _require_press(access: Access, publication: Publication) -> None:
    require_that(
        may_offer_embargo(access, publication.draft),
        _("Coordinators and the press officer of an organisation offer a text to the media."),
    )


@member_required
@require_safe
def embargo_page(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Display the plan and the media contacts with access until then."""
    access, found = _to_planned(request, publication)
    return form_page(request, EMBARGO_TEMPLATE, _embargo_context(request, access, found))


@embargo_action(_to_planned_to_offer)
def offer_to_contact(request: HttpRequest, access: Access, publication: Publication) -> HttpResponse | None:
    """Ask a person of an outlet whether they agree; store a new contact."""
    form = EmbargoOfferForm(request.POST, contacts=contacts_to_write_to(access.organisation.uuid))
    if form.is_valid():
        try:
            contact = form.chosen or add_contact(access=access, person=form.person())
            actions.offer_embargo(access=access, publication=publication, contact=contact)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Asked. The mail tells the moment and nothing of the text."))
            return None
    return form_page(request, EMBARGO_TEMPLATE, _embargo_context(request, access, publication, form))


@embargo_action(_to_planned_to_offer, success=gettext_lazy("Recorded. A link to the text goes out by mail."))
def record_phone_agreement(
    request: HttpRequest, access: Access, publication: Publication, access_uuid: UUID
) -> None:
    """Record an agreement given in a call."""
    actions.record_agreement(
        access=access, embargo=get_object_or_404(queries.accesses_of(publication), uuid=access_uuid)
    )


@embargo_action(_to_planned_to_offer, success=gettext_lazy("Taken back: the link opens nothing any more."))
def end_embargo_access(
    request: HttpRequest, access: Access, publication: Publication, access_uuid: UUID
) -> None:
    """Revoke an access at once."""
    revoke_access(
        access=access, embargo=get_object_or_404(queries.accesses_of(publication), uuid=access_uuid)
    )


@embargo_action(_to_planned, success=gettext_lazy("Taken back: the outlet's links open nothing any more."))
def end_outlet_access(request: HttpRequest, access: Access, publication: Publication, outlet: UUID) -> None:
    """Revoke every access of an outlet at once, including those another organisation brought."""
    if not revoke_accesses_of_outlet(access=access, publication=publication, outlet=outlet):
        raise Http404


@embargo_action(_to_offered)
def send_calendar(
    request: HttpRequest, access: Access, publication: Publication, access_uuid: UUID
) -> HttpResponse:
    """Mail a person of an outlet the URL of their calendar; invalidate the previous one."""
    rows = queries.accesses_of(publication).select_related("publication__draft")
    row = get_object_or_404(rows, uuid=access_uuid)
    with flash_result(request, _("Sent: the address of their calendar goes to their mailbox.")):
        actions.send_feed(access=access, embargo=row)
    return _redirect_to_embargo(publication)


@embargo_action(
    _to_offered, success=gettext_lazy("Ended. Programs that ask at this address find nothing any more.")
)
def end_calendar(
    request: HttpRequest, access: Access, publication: Publication, access_uuid: UUID
) -> HttpResponse:
    """End the calendar URL of a person of an outlet at once."""
    row = get_object_or_404(queries.accesses_of(publication), uuid=access_uuid)
    contact = queries.contacts_with([row.contact]).get(row.contact)
    if contact is None:
        raise Http404
    actions.end_feed(access=access, contact=contact)
    return _redirect_to_embargo(publication)


def _redirect_to_embargo(publication: Publication) -> HttpResponse:
    is_ahead = publication.state in UPCOMING_STATES
    return redirect("documents:embargo" if is_ahead else "documents:calls", publication.uuid)


@embargo_action(
    _to_planned,
    success=gettext_lazy("Put off: nothing becomes public by itself, and nobody reads it by a link."),
    reauthenticate=True,
)
def cancel_schedule(request: HttpRequest, access: Access, publication: Publication) -> None:
    """Cancel the scheduled publication."""
    unschedule_publication(access=access, publication=publication)


@embargo_action(_to_planned, reauthenticate=True)
def lift_embargo(request: HttpRequest, access: Access, publication: Publication) -> HttpResponse:
    """Lift the embargo now: publish the text at once, and display the call list."""
    require_that(may_submit_for_approval(access, publication.draft), _("Coordinators publish."))
    try:
        publish_approved(access=access, round_=publication.round)
    except NotPublishable as refusal:
        context = _embargo_context(request, access, publication)
        return form_page(request, EMBARGO_TEMPLATE, context | {"obstacles": refusal.reasons})
    messages.success(request, _("It is public, in all its languages. Who agreed is told by mail now."))
    return redirect("documents:calls", publication.uuid)


@member_required
@require_safe
def embargo_call_list(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Display the call list: those who agreed to the embargo of a text that is public now."""
    found = get_object_or_404(queries.publications_for(request.user), uuid=publication)
    access = access_to_drafts(request, found.draft.workspace.uuid)
    _require_press(access, found)
    rows, others = contact_access_rows(found, access, agreed=True)
    context = {
        "access": access,
        "workspace": access.workspace,
        "publication": found,
        "rows": [row for row in rows if row["has_agreed"] and row["is_open"]],
        "others": others,
    }
    return render(request, "documents/embargo/calls.html", context)


def _embargo_context(
    request: HttpRequest, access: Access, publication: Publication, form: EmbargoOfferForm | None = None
) -> dict[str, Any]:
    serves = may_offer_embargo(access, publication.draft)
    leads = may_submit_for_approval(access, publication.draft)
    texts = list(publication.texts.select_related("version"))
    found: dict[str, Any] = {
        "access": access,
        "workspace": access.workspace,
        "publication": publication,
        "draft": publication.draft,
        "is_scheduled": publication.state == PublicationState.SCHEDULED,
        "moment": moment_with_time_zone(publication.scheduled_at) if publication.scheduled_at else "",
        "lateness": lateness_sentence(publication),
        "texts": [
            {
                "name": text.get_language_display(),
                "number": text.version.number,
                "hash": short_hash(text.hash),
            }
            for text in texts
        ],
        "missing": missing_languages_sentence(publication),
        "obstacles": obstacles_to_publishing(publication.round, get_viewer(request)),
        "leads": leads,
        "serves": serves,
        "schedule_form": ScheduleForm(initial={"at": publication.scheduled_at}) if leads else None,
    }
    if serves:
        found["rows"], found["others"] = contact_access_rows(publication, access)
    if serves and publication.state == PublicationState.SCHEDULED:
        found["form"] = form or EmbargoOfferForm(contacts=contacts_to_write_to(access.organisation.uuid))
    return found


# GET displays and POST acts: mail scanners open links. None of the text, not even its title, is
# disclosed before the person agreed. Readability depends only on the publication's state, never on
# a clock here.


OPENED_EMBARGOES_SESSION_KEY = (
    "embargoes"  # session: UUID of an access → when its button was clicked in this browser
)


def _open_access(token: str) -> tuple[EmbargoAccess, Contact] | None:
    embargo = queries.access_of_token(token)
    contact = queries.contact_with(embargo.contact) if embargo else None
    return (embargo, contact) if embargo and contact else None


@method_decorator(
    token_page(
        lambda token: found[1].language if (found := _open_access(token)) else None,
        nothing="documents/guests/nothing.html",
    ),
    name="dispatch",
)
class EmbargoView(View):
    """A page for the holder of a link."""

    http_method_names = ["get", "head", "post"]
    embargo: EmbargoAccess
    contact: Contact
    token: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.token = self.kwargs["token"]
        found = _open_access(self.token)
        if found is None:
            raise NoSuchLink
        self.embargo, self.contact = found
        return self.redirection() or super().dispatch(request, *args, **kwargs)

    def redirection(self) -> HttpResponse | None:
        """Redirect to the certificate once the text is public."""
        if self.embargo.publication.state == PublicationState.SCHEDULED:
            return None
        return redirect(queries.sheet_address(self.embargo.publication, get_language()))

    @property
    def is_open(self) -> bool:
        """Whether they agreed, and the button was clicked in this browser recently enough."""
        asked = self.embargo.asked_at
        return self.embargo.agreed_at is not None and is_opened(
            self.request, OPENED_EMBARGOES_SESSION_KEY, self.embargo.uuid, since=asked
        )

    def scheduled_texts(self) -> list[PublicationText]:
        """Return the scheduled versions, Kazakh first, without those whose words are withheld."""
        withheld, texts = WithheldContent(), self.embargo.publication.texts.select_related("version")
        rows = [one for one in texts if not withheld.has_words_of(one)]
        return sorted(rows, key=lambda one: Language.values.index(one.language))

    def redirect_to_text(self) -> HttpResponse:
        """Redirect to the text in the person's language if there is one."""
        there = [one.language for one in self.scheduled_texts()]
        if not there:
            raise Http404
        language = self.contact.language if self.contact.language in there else there[0]
        return redirect("embargo_text", self.token, language)

    def context(self) -> dict[str, Any]:
        at = self.embargo.publication.scheduled_at
        return {
            "embargo": self.embargo,
            "contact": self.contact,
            "until": moment_with_time_zone(at) if at is not None else "",
            "is_late": is_late(self.embargo.publication),
        }


class EmbargoLanding(EmbargoView):
    """The terms and the button: *I agree*, or *open* after agreement in another browser or in a call."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if self.is_open:
            return self.redirect_to_text()
        if request.method == "GET":
            actions.use_embargo(token=self.token, act=EmbargoAct.FOLLOWED)
        return render(request, "documents/embargo/landing.html", self.context())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        try:
            if self.embargo.agreed_at is None:
                actions.agree_to_embargo(token=self.token)
            else:
                actions.use_embargo(token=self.token, act=EmbargoAct.OPENED)
        except Refused:  # published meanwhile
            return redirect(queries.sheet_address(self.embargo.publication))
        remember_opened(request, OPENED_EMBARGOES_SESSION_KEY, self.embargo.uuid)
        return self.redirect_to_text()


class AgreedEmbargoView(EmbargoView):
    """A page that displays the text: only after agreement, and a click in this browser."""

    def redirection(self) -> HttpResponse | None:
        return super().redirection() or (None if self.is_open else redirect("embargo", self.token))


class EmbargoCalendarRequest(AgreedEmbargoView):
    """Mail the person the URL of their embargo calendar."""

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        with flash_result(request, _("The address of your calendar is on its way to your mailbox.")):
            actions.request_feed(token=self.token)
        return self.redirect_to_text()


class EmbargoTextView(AgreedEmbargoView):
    """A page of the text in one language."""

    text: PublicationText

    def redirection(self) -> HttpResponse | None:
        if (answer := super().redirection()) is not None:
            return answer
        language = self.kwargs["language"]
        text = next((one for one in self.scheduled_texts() if one.language == language), None)
        if text is None:
            raise Http404
        self.text = text
        return None

    def pictures(self) -> QuerySet[StoredFile]:
        """Return the files of the text's pictures."""
        shown = self.text.document["pictures"]
        return pictures_in(self.embargo.publication.draft.workspace, shown).filter(
            sha256__in=[one["sha256"] for one in shown.values()]
        )


class EmbargoText(EmbargoTextView):
    """The text in one language, and its files."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        text = self.text
        if request.method == "GET":
            actions.use_embargo(token=self.token, act=EmbargoAct.READ, language=text.language)
        context = self.context() | {
            "token": self.token,
            "language": text.language,
            "document": text.document,
            "words": render_document(
                text.document,
                self.embargo.publication.draft.workspace,
                heading_shift=0,
                pictures=self.pictures(),
                address=lambda file: reverse("embargo_picture", args=[self.token, text.language, file.uuid]),
            ),
            "formats": [{"code": form.value, "label": form.label} for form in actions.EMBARGO_FORMATS],
            "tabs": [
                {"code": one.language, "name": Language(one.language).label, "current": one.pk == text.pk}
                for one in self.scheduled_texts()
            ],
        }
        return render(request, "documents/embargo/text.html", context)


class EmbargoDownload(EmbargoTextView):
    """A file of the text. The use is recorded before the file is made, which throttles this work."""

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        wanted, text = request.POST.get("format", ""), self.text
        form = next((one for one in actions.EMBARGO_FORMATS if one.value == wanted), None)
        if form is None:
            raise Http404
        actions.use_embargo(token=self.token, act=EmbargoAct.DOWNLOADED, language=text.language)
        content = actions.make_embargo_file(self.embargo, self.contact, text, form)
        if content is None:
            context = {"token": self.token, "text": text}
            return render(request, "documents/embargo/no_file.html", context, status=503)
        name = actions.file_name_for(self.embargo, self.contact, text, form)
        headers = {
            "Content-Disposition": content_disposition_header(True, name) or "attachment",  # noqa: FBT003  as Django has it
            "Content-Length": str(len(content)),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return StreamingHttpResponse(stream_pieces(content), headers=headers, content_type=form.media_type)


class EmbargoPicture(EmbargoTextView):
    """A picture of the text."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        picture = get_object_or_404(self.pictures(), uuid=self.kwargs["file"])
        return send_picture(request, picture, language=self.text.language)
