"""Access to drafts: by a person's seats, or by a link for people without an account."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, override

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.roles import Right
from coalition.workspaces.access import get_access
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.queries import drafts_for, texts_of, versions_for


def access_to_drafts(request: HttpRequest, workspace: UUID) -> Access:
    """Return access to a workspace where the person may see drafts and files; otherwise Http404."""
    access = get_access(request, workspace)
    if not access.may(Right.SEE_DRAFTS):
        raise Http404
    return access


def to_draft(request: HttpRequest, uuid: UUID) -> tuple[Access, Draft]:
    rows = drafts_for(request.user).select_related("workspace", "organisation")
    draft = get_object_or_404(rows, uuid=uuid)
    access = access_to_drafts(request, draft.workspace.uuid)
    draft.workspace = access.workspace
    mark_subjects_read(request, draft.uuid)
    return access, draft


def to_text(request: HttpRequest, draft: UUID, language: str) -> tuple[Access, DraftText]:
    access, found = to_draft(request, draft)
    text = get_object_or_404(texts_of(found), language=language)
    text.draft = found
    mark_subjects_read(request, text.uuid)
    return access, text


def to_version(request: HttpRequest, uuid: UUID) -> tuple[Access, Version]:
    version = get_object_or_404(versions_for(request.user), uuid=uuid)
    mark_subjects_read(request, version.uuid)
    return access_to_drafts(request, version.text.draft.workspace.uuid), version


@dataclass(frozen=True)
class GuestData:
    """The invited guest: name, address for the link, language of mail and pages."""

    name: str
    email: str
    language: Language


class NoSuchLink(Exception):
    """Link unknown, expired, revoked, or ended: the response is the same."""


class GuestLinkOverused(Exception):
    """The link was used more often within an hour than a person could."""


# The URL is the key, so other sites must not receive it. "no-referrer" would hide it too, but
# then browsers send forms with `Origin: null`, which CSRF protection refuses.
REFERRER_POLICY = "strict-origin"
OPENED_LINK_LIFETIME = datetime.timedelta(hours=12)  # in a browser in which the button was pressed

type TokenView = Callable[..., HttpResponseBase]
type LanguageOf = Callable[[str], str | None]


def token_page(
    language_of: LanguageOf, *, nothing: str = "documents/approval/offline/nothing.html"
) -> Callable[[TokenView], TokenView]:
    """Decorate a token page: rendered in the language `language_of(token)`. It is not cached or indexed, and
    its URL is not sent as referrer. `nothing`: template of the response to a token that opens nothing."""

    def decorate(view: TokenView) -> TokenView:
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
            language = get_language() if chosen else (language_of(token) or get_language())
            with override(language):
                try:
                    response = view(request, token, **kwargs)
                except (NoSuchLink, Http404):
                    response = render(request, nothing, status=404)
                except GuestLinkOverused:
                    response = render(request, "documents/guests/too_often.html", status=429)
            response["Cache-Control"] = "no-store, private"
            response["Referrer-Policy"] = REFERRER_POLICY
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            response["Content-Language"] = language or ""
            return response

        return guarded

    return decorate


def mail_token_link(link: Any, token: str, *, key: str, template: str, page: str) -> None:
    """Mail the URL of `page` with this token, and until when it holds, to the person of a link.

    `link` has `name`, `email`, `language`, `expires_at` and `token_hash`; `key`: prefix of the mail's key.
    """
    with override(link.language):
        until = date_format(localtime(link.expires_at), "DATETIME_FORMAT")
    outbox.queue_mail(
        key=f"{key}{link.token_hash[:16]}",
        template=template,
        language=link.language,
        address=link.email,
        context={
            "name": link.name,
            "until": until,
            "button_url": absolute_url(reverse(page, args=[token])),
        },
    )


def remember_opened(request: HttpRequest, key: str, link: UUID) -> None:
    """Record in this browser's session, under `key`, that the button of a link was pressed now."""
    request.session[key] = request.session.get(key, {}) | {str(link): now().isoformat()}
    if not request.user.is_authenticated:
        request.session.set_expiry(int(OPENED_LINK_LIFETIME.total_seconds()))


def is_opened(request: HttpRequest, key: str, link: UUID, *, since: datetime.datetime) -> bool:
    """Whether the button of a link was pressed in this browser, not too long ago and after `since`."""
    at = parse_datetime(request.session.get(key, {}).get(str(link), ""))
    return at is not None and max(since, now() - OPENED_LINK_LIFETIME) <= at


class LanguageConverter(StringConverter):
    """The code of a language of the coalition; anything else is not an address."""

    regex = "|".join(Language.values)


register_converter(LanguageConverter, "coalition_language")


TEXT = "drafts/<uuid:draft>/<coalition_language:language>/"  # where the address of a text begins


def sheet_address_of(publication: UUID, language: str | None = None) -> str:
    """Address of the public approval sheet of the publication with this UUID."""
    with override(language or get_language() or "kk"):
        return reverse("documents_public:sheet", args=[publication])
