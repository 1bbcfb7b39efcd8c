"""Open letters: coordinators open them and moderate joinings; the public page, and a signatory's link."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from coalition.accounts.models import Language
from coalition.applicants.forms import MailAddressField, validate_single_line
from coalition.applicants.views import ApplyView, OwnPageView, SentView, SubjectView, private_response
from coalition.core.errors import Refused
from coalition.core.throttling import is_rate_limited
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.canonical.html import render_html
from documents.drafts.generic_views import WorkspaceFormView, document_action
from documents.drafts.permissions import may_manage_publication, require_that
from documents.drafts.presenters import language_switch
from documents.files.logos import LogoForm
from documents.files.views import send_logo
from documents.hooks import site_frame_context
from documents.open_letters import actions, queries
from documents.open_letters.actions import JOININGS
from documents.open_letters.models import Joining, JoiningState, OpenLetter
from documents.publication.models import Publication
from documents.publication.queries import (
    public_and_other_names,
    publications_for,
    publications_for_sheets,
    signatory_marks,
)


class LetterForm(forms.ModelForm[OpenLetter]):
    """The slug of an open letter, which never changes, for coordinators."""

    class Meta:
        model = OpenLetter
        fields = ("slug", "looks_first")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].disabled = self.instance.pk is not None


class JoinForm(forms.Form):
    """The joining of an organisation from outside."""

    name = forms.CharField(
        label=gettext_lazy("Name of your organisation or group"),
        max_length=200,
        validators=[validate_single_line],
    )
    contact = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    position = forms.CharField(
        label=gettext_lazy("Your position there"),
        max_length=120,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    address = MailAddressField(
        label=gettext_lazy("Your e-mail"),
        help_text=gettext_lazy(
            "It is shown to the coordinators of this text and nobody else. We send a link there."
        ),
    )
    authorised = forms.BooleanField(label=gettext_lazy("I am authorised to speak for this organisation"))
    is_listed = forms.BooleanField(
        label=gettext_lazy("Show our name on this page"),
        required=False,
        help_text=gettext_lazy("Without a tick your organisation is counted and not named."),
    )
    logo_allowed = forms.BooleanField(
        label=gettext_lazy("Our logo may be shown beside our name"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Drop the tick: it is required and stored nowhere."""
        cleaned = super().clean() or self.cleaned_data
        cleaned.pop("authorised", None)
        return cleaned


def _letter_to_lead(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication, OpenLetter | None]:
    publication = get_object_or_404(publications_for(request.user), uuid=uuid)
    access = get_access(request, publication.draft.workspace.uuid)
    allowed = may_manage_publication(access, publication.draft)
    require_that(allowed, _("Coordinators open a text for joining from outside."))
    return access, publication, queries.letter_of(publication.draft)


def _joining_to_moderate(request: HttpRequest, publication: UUID, joining: UUID) -> tuple[Access, Joining]:
    """Return a current or past joining of this text, for the letter's coordinators."""
    access, found, letter = _letter_to_lead(request, publication)
    if letter is None:
        raise Http404
    return access, get_object_or_404(queries.joinings_of(letter, found), uuid=joining)


class LetterView(WorkspaceFormView):
    """Open the letter of a public text, or list its joinings."""

    form_class = LetterForm
    template_name = "documents/open_letters/desk.html"
    success_message = gettext_lazy("It can be joined from outside now.")
    publication: Publication
    letter: OpenLetter | None

    def load(self) -> None:
        uuid = self.kwargs["publication"]
        self.access, self.publication, self.letter = _letter_to_lead(self.request, uuid)
        mark_subjects_read(self.request, uuid)

    def get_instance(self) -> OpenLetter | None:
        return queries.letter_of(self.publication.draft)

    def save(self, form: LetterForm) -> None:
        actions.open_letter(access=self.access, draft=self.publication.draft, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter, publication = self.letter, self.publication
        context: dict[str, Any] = {"publication": publication, "letter": letter}
        context |= {"rows": [], "earlier": [], "waiting": 0}
        if letter is not None:
            rows = list(queries.joinings_of(letter, publication).filter(state=JoiningState.JOINED))
            context |= {
                "public_url": reverse("open_letter", args=[letter.slug]),
                "rows": rows,
                "earlier": queries.joined_earlier(letter, publication),
                "waiting": sum(row.admitted_at is None for row in rows) if letter.looks_first else 0,
            }
        return super().get_context_data(**kwargs) | context


@document_action(
    _letter_to_lead,
    back="documents:letter",
    success=gettext_lazy("Closed. Who joined stays, and can still withdraw."),
)
def close_letter(
    request: HttpRequest, access: Access, publication: Publication, letter: OpenLetter | None
) -> None:
    """Close the letter for new names."""
    if letter is None:
        raise Http404
    actions.close_letter(access=access, letter=letter)


@document_action(_joining_to_moderate)
def admit_joining(request: HttpRequest, access: Access, joining: Joining) -> None:
    """Admit an organisation."""
    actions.approve_joining(access=access, joining=joining)


@document_action(
    _joining_to_moderate,
    success=gettext_lazy("Refused. What it wrote is deleted; its contact is told by mail."),
    reauthenticate=True,
)
def refuse_joining(request: HttpRequest, access: Access, joining: Joining) -> None:
    """Remove an organisation and delete its data."""
    actions.reject_joining(access=access, joining=joining)


@member_required
@require_safe
def joining_logo(request: HttpRequest, publication: UUID, joining: UUID) -> HttpResponse:
    """Serve the logo to a coordinator."""
    _access, row = _joining_to_moderate(request, publication, joining)
    logo = row.any_logo
    if logo is None:
        raise Http404
    return send_logo(request, logo)


@document_action(_joining_to_moderate)
def admit_logo(request: HttpRequest, access: Access, joining: Joining, logo: UUID) -> None:
    """Admit a logo, displayed beside the name."""
    actions.admit_logo(access=access, joining=joining, logo=logo)


@document_action(
    _joining_to_moderate,
    success=gettext_lazy("The logo is deleted; the name stays."),
    reauthenticate=True,
)
def refuse_logo(request: HttpRequest, access: Access, joining: Joining, logo: UUID) -> None:
    """Delete a logo; the name stays."""
    actions.refuse_logo(access=access, joining=joining, logo=logo)


class LetterMixin(SubjectView):
    subject: OpenLetter
    publication: Publication

    def get_subject(self) -> OpenLetter:
        found = queries.letter_at(self.kwargs["slug"])
        if found is None:
            raise Http404
        letter, publication = found
        self.publication = publications_for_sheets().get(pk=publication.pk)
        return letter

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        slug = self.subject.slug
        languages = language_switch("open_letter", slug)
        frame = site_frame_context(self.request)
        return {**frame, "languages": languages, "slug": slug, **super().get_context_data(**context)}


class PublicLetterView(LetterMixin, ApplyView):
    """The text, its signatories, and the form to join."""

    template_name = "documents/open_letters/letter.html"
    form_class = JoinForm
    throttle = "joining"

    def closed_reason(self) -> str:
        return "closed" if self.subject.closed_at or self.publication.awaiting_since else ""

    def is_changed(self) -> bool:
        return self.request.POST.get("publication") != str(self.publication.uuid)

    def apply(self, form: JoinForm) -> None:
        language = (get_language() or Language.KK)[:2]
        fields = form.cleaned_data
        actions.ask_to_join(letter=self.subject, publication=self.publication, language=language, **fields)

    def refused(self, form: Any, refusal: Refused) -> HttpResponse:
        self.subject = self.get_subject()  # as it is now
        return self.page(form, closed=self.closed_reason(), why="changed", status=409)

    def success_url(self) -> str:
        return reverse("letter_sent", args=[self.subject.slug])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        letter, publication = self.subject, self.publication
        texts = {text.language: text for text in publication.texts.all()}
        text = texts.get((get_language() or Language.KK)[:2]) or next(iter(texts.values()))
        document = text.document
        _named, others = public_and_other_names(publication)
        return super().get_context_data(**context) | {
            "letter": letter,
            "publication": publication,
            "title": text.title,
            "lead": document["lead"],
            "words_language": text.language,
            "words": render_html(document),
            "named": [mark.name for mark in signatory_marks(publication)],
            "withheld": len(others),
            "outside": queries.joined_organisations(letter, publication),
            "earlier": len(queries.joined_earlier(letter, publication)),
            "sheet_url": reverse("documents_public:sheet", args=[publication.uuid]),
        }


class LetterSentView(LetterMixin, SentView):
    """A mail was sent."""

    template_name = "documents/open_letters/answer.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(step="sent", **context)


@require_safe
def public_logo(request: HttpRequest, slug: str, logo: UUID) -> HttpResponse:
    """Serve a logo that the letter displays now; 404 for every other alike."""
    found = queries.letter_at(slug)
    rows = queries.joined_organisations(*found).named if found else []
    shown = next((one.public_logo for one in rows if one.public_logo and one.public_logo.uuid == logo), None)
    if shown is None:
        raise Http404
    response = send_logo(request, shown)
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


class OwnJoiningView(OwnPageView):
    """The page of a link: confirm, join a corrected text, withdraw. `step`: what was done, or can be."""

    flow = JOININGS
    template_name = "documents/open_letters/answer.html"
    actions = {"confirm": "confirm", "again": "join_again", "withdraw": "withdraw"}
    applicant: Joining

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            context = {**site_frame_context(request), "step": "nothing"}
            return private_response(render(request, self.template_name, context, status=404))

    def confirm(self) -> HttpResponse:
        actions.confirm_joining(joining=self.applicant)
        return self.page(step="done")

    def join_again(self) -> HttpResponse:
        try:
            publication = UUID(self.request.POST.get("publication", ""))
        except ValueError:
            return self.page(step="changed", status=409)
        actions.join_again(joining=self.applicant, publication=publication)
        return self.page(step="joined_again")

    def withdraw(self) -> HttpResponse:
        actions.withdraw_joining(joining=self.applicant)
        return self.page(step="withdrawn")

    def page(
        self, *, refusal: str = "", status: int = 200, step: str = "", logo_form: LogoForm | None = None
    ) -> HttpResponse:
        joining = self.flow.find(self.kwargs["token"])  # as it is now
        if joining is None:
            raise Http404
        possible, corrected = _possible_step(joining)
        if refusal and not step:
            step = "ended" if possible == "ended" else "changed"
        publication = publications_for_sheets().filter(pk=joining.publication_id).first()
        context = {
            **site_frame_context(self.request),
            "languages": language_switch("open_letter", joining.letter.slug),
            "slug": joining.letter.slug,
            "step": step or possible,
            "joining": joining,
            "title": publication.title if publication else "",
            "corrected": corrected,
            "logo": joining.any_logo,
            "logo_form": logo_form or LogoForm(initial={"permitted": joining.logo_allowed}),
            "token": self.kwargs["token"],
        }
        return render(self.request, self.template_name, context, status=status)


def _possible_step(joining: Joining) -> tuple[str, Publication | None]:
    """Return what the link can do now, and the corrected text if it can be joined."""
    if joining.state != JoiningState.JOINED:
        return ("confirm" if joining.state == JoiningState.UNCONFIRMED else "ended"), None
    found = queries.letter_at(joining.letter.slug)
    public = found[1] if found else None
    if public is None or public.awaiting_since or joining.letter.closed_at:
        return "withdraw", None
    return ("again", public) if queries.may_join_again(joining, public) else ("withdraw", None)


class OwnLogoView(OwnJoiningView):
    """The logo that was sent; POST replaces or removes it."""

    actions = {"": "upload_logo", "away": "remove_logo"}

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        logo = self.applicant.any_logo
        if logo is None:
            raise Http404
        return send_logo(request, logo)

    def upload_logo(self) -> HttpResponse:
        if is_rate_limited(self.request, "logo"):
            return self.page(step="too_often", status=429)
        form = LogoForm(self.request.POST, self.request.FILES)
        try:
            if form.is_valid():
                file = form.cleaned_data["file"]
                actions.upload_joining_logo(
                    joining=self.applicant, content=file, size=file.size, name=file.name
                )
                return redirect("letter_link", self.kwargs["token"])
        except Refused as refusal:
            form.add_error("file", refusal.message)
        return self.page(logo_form=form, status=422)

    def remove_logo(self) -> HttpResponse:
        actions.remove_joining_logo(joining=self.applicant)
        return redirect("letter_link", self.kwargs["token"])
