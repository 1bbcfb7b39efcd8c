"""The pages of a person of an outlet: the terms, and after one press on *I agree* the text and its files.

A GET shows and a POST acts: mail scanners open links. Until the person agreed no word of the text, not even
its title, is told. What may be read hangs on the state of the publication alone, never on a clock here.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import telling
from coalition.jobs.moments import with_place
from documents.contacts.models import Contact
from documents.drafts.enums import EmbargoAct, PublicationState
from documents.drafts.rendering import show
from documents.files.models import StoredFile
from documents.files.queries import pictures_in
from documents.files.views import pieces, send_picture
from documents.guests.access import REFERRER_POLICY, STAYS_OPEN
from documents.interchange.formats import Format
from documents.publication.embargo.actions.access import NoSuchAccess, TooManyUses, agree, use_embargo
from documents.publication.embargo.actions.feed import ask_for_feed
from documents.publication.embargo.actions.files import FORMATS, file_name_for, make_embargo_file
from documents.publication.embargo.models import EmbargoAccess
from documents.publication.embargo.presenters import is_late
from documents.publication.embargo.queries import access_of_token, contacts_with
from documents.publication.models.publication import PublicationText
from documents.publication.queries.publications import sheet_address

type View = Callable[..., HttpResponseBase]

OPENED = "embargoes"  # session: UUID of an access → when its button was pressed in this browser


def press_page(view: View) -> View:
    """A page for who holds a link, called with the access: in the person's language, kept by no cache. Once
    the text is public the link leads to its sheet."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        language = get_language()
        try:
            embargo, contact = _counting(token)
            if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
                language = contact.language
            with override(language):
                if embargo.publication.state != PublicationState.SCHEDULED:
                    response: HttpResponseBase = redirect(sheet_address(embargo.publication, language))
                else:
                    response = view(request, embargo, contact, token, **kwargs)
        except (NoSuchAccess, Http404):
            response = render(request, "documents/guests/nothing.html", status=404)
        except TooManyUses:
            response = render(request, "documents/guests/too_often.html", status=429)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = REFERRER_POLICY
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Content-Language"] = language or ""
        return response

    return guarded


def behind_the_button(view: View) -> View:
    """A page that shows the text: only where the person agreed, and pressed in this browser. Use inside of
    `press_page`."""

    @wraps(view)
    def guarded(
        request: HttpRequest,
        embargo: EmbargoAccess,
        contact: Contact,
        token: str,
        language: str,
        **kwargs: Any,
    ) -> HttpResponseBase:
        if embargo.agreed_at is None or not _is_open(request, embargo):
            return redirect("embargo", token)
        text = next((one for one in _texts(embargo) if one.language == language), None)
        if text is None:
            raise Http404
        return view(request, embargo, contact, token, text, **kwargs)

    return guarded


@press_page
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest, embargo: EmbargoAccess, contact: Contact, token: str) -> HttpResponseBase:
    """The terms and the button: *I agree*, or for who agreed, in another browser or in a call, *open*."""
    if request.method == "POST":
        try:
            if embargo.agreed_at is None:
                agree(token=token)
            else:
                use_embargo(token=token, act=EmbargoAct.OPENED)
        except Refused:  # public meanwhile
            return redirect(sheet_address(embargo.publication))
        _remember(request, embargo)
        return redirect("embargo_text", token, _first(embargo, contact))
    if embargo.agreed_at is not None and _is_open(request, embargo):
        return redirect("embargo_text", token, _first(embargo, contact))
    if request.method == "GET":
        use_embargo(token=token, act=EmbargoAct.FOLLOWED)
    context = {
        "embargo": embargo,
        "contact": contact,
        "until": _until(embargo),
        "is_late": is_late(embargo.publication),
    }
    return render(request, "documents/embargo/landing.html", context)


@press_page
@behind_the_button
@require_safe
def text(
    request: HttpRequest, embargo: EmbargoAccess, contact: Contact, token: str, text: PublicationText
) -> HttpResponse:
    """The words of one language, and its files."""
    if request.method == "GET":
        use_embargo(token=token, act=EmbargoAct.READ, language=text.language)
    context = {
        "embargo": embargo,
        "contact": contact,
        "token": token,
        "until": _until(embargo),
        "is_late": is_late(embargo.publication),
        "language": text.language,
        "document": text.document,
        "words": _words(embargo, text, token),
        "formats": [{"code": form.value, "label": form.label} for form in FORMATS],
        "tabs": [
            {"code": one.language, "name": Language(one.language).label, "current": one.pk == text.pk}
            for one in _texts(embargo)
        ],
    }
    return render(request, "documents/embargo/text.html", context)


@press_page
@behind_the_button
@require_POST
def download(
    request: HttpRequest, embargo: EmbargoAccess, contact: Contact, token: str, text: PublicationText
) -> HttpResponseBase:
    """A file of the words, written down before it is made: making one is work that nobody may ask for without
    end."""
    wanted = request.POST.get("format", "")
    if wanted not in {form.value for form in FORMATS}:
        raise Http404
    form = Format(wanted)
    use_embargo(token=token, act=EmbargoAct.DOWNLOADED, language=text.language)
    content = make_embargo_file(embargo, contact, text, form)
    if content is None:
        return render(request, "documents/embargo/no_file.html", {"token": token, "text": text}, status=503)
    name = file_name_for(embargo, contact, text, form)
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",  # noqa: FBT003  as Django has it
        "Content-Length": str(len(content)),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return StreamingHttpResponse(pieces(content), headers=headers, content_type=form.media_type)


@press_page
@require_POST
def calendar(request: HttpRequest, embargo: EmbargoAccess, contact: Contact, token: str) -> HttpResponse:
    """Mail the person the address of their calendar of embargoes."""
    if embargo.agreed_at is None or not _is_open(request, embargo):
        return redirect("embargo", token)
    with telling(request, _("The address of your calendar is on its way to your mailbox.")):
        ask_for_feed(token=token)
    return redirect("embargo_text", token, _first(embargo, contact))


@press_page
@behind_the_button
@require_safe
def picture(
    request: HttpRequest,
    embargo: EmbargoAccess,
    contact: Contact,
    token: str,
    text: PublicationText,
    file: UUID,
) -> HttpResponseBase:
    """A picture of the words."""
    return send_picture(request, get_object_or_404(_pictures(embargo, text), uuid=file))


def _counting(token: str) -> tuple[EmbargoAccess, Contact]:
    embargo = access_of_token(token)
    contact = contacts_with([embargo.contact]).get(embargo.contact) if embargo else None
    if embargo is None or contact is None or contact.removed_at is not None:
        raise NoSuchAccess
    return embargo, contact


def _texts(embargo: EmbargoAccess) -> list[PublicationText]:
    """The versions that were scheduled, Kazakh first."""
    rows = embargo.publication.texts.select_related("version")
    return sorted(rows, key=lambda one: Language.values.index(one.language))


def _first(embargo: EmbargoAccess, contact: Contact) -> str:
    there = [one.language for one in _texts(embargo)]
    return contact.language if contact.language in there else there[0]


def _pictures(embargo: EmbargoAccess, text: PublicationText) -> Any:
    shown = text.document["pictures"]
    return pictures_in(embargo.publication.draft.workspace, shown).filter(
        sha256__in=[one["sha256"] for one in shown.values()]
    )


def _words(embargo: EmbargoAccess, text: PublicationText, token: str) -> Any:
    def address(file: StoredFile) -> str:
        return reverse("embargo_picture", args=[token, text.language, file.uuid])

    workspace = embargo.publication.draft.workspace
    pictures = _pictures(embargo, text)
    return show(text.document, workspace, heading_shift=0, pictures=pictures, address=address)


def _until(embargo: EmbargoAccess) -> str:
    at = embargo.publication.scheduled_at
    return with_place(at) if at is not None else ""


def _remember(request: HttpRequest, embargo: EmbargoAccess) -> None:
    pressed = dict(request.session.get(OPENED, {}))
    pressed[str(embargo.uuid)] = now().isoformat()
    request.session[OPENED] = pressed
    if not request.user.is_authenticated:
        request.session.set_expiry(int(STAYS_OPEN.total_seconds()))


def _is_open(request: HttpRequest, embargo: EmbargoAccess) -> bool:
    """Whether the button was pressed in this browser, not too long ago."""
    at = parse_datetime(request.session.get(OPENED, {}).get(str(embargo.uuid), ""))
    return at is not None and max(embargo.asked_at, now() - STAYS_OPEN) <= at
