"""An open letter on the public site: its words, who joined, the form, and the link of who joined."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from coalition.core.throttling import too_often
from coalition.core.tokens import hash_token
from documents.canonical.html import render_html
from documents.open_letters.actions.join import (
    Joiner,
    TooMany,
    ask_to_join,
    confirm_joining,
    join_again,
    withdraw_joining,
)
from documents.open_letters.enums import JoiningState
from documents.open_letters.forms import JoinForm, LogoForm
from documents.open_letters.models import Joining, OpenLetter
from documents.open_letters.queries import (
    joined,
    joined_earlier,
    joining_of_token,
    letter_at,
    logo_of_joining,
    may_join_again,
)
from documents.publication import hooks
from documents.publication.certificate import marks_of, names_of
from documents.publication.models.publication import Publication
from documents.publication.queries.publications import publications_with_all

# As on the pages of invitations: the address is the key, and "no-referrer" would make browsers send the form
# with `Origin: null`.
REFERRER_POLICY = "strict-origin"


def _letter(slug: str) -> tuple[OpenLetter, Publication]:
    """The letter with the words that are public now, or 404."""
    found = letter_at(slug)
    if found is None:
        raise Http404
    return found[0], publications_with_all().get(pk=found[1].pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """The words, who stands under them, and the form to join. Whoever joins reads the same answer."""
    found, publication = _letter(slug)
    form = JoinForm(request.POST or None)
    if request.method == "POST":
        if too_often(request, "joining"):
            return _again(request, slug, form, "too_often", status=429)
        if form.is_valid():
            sent = {name: value for name, value in form.cleaned_data.items() if name != "authorised"}
            if request.POST.get("publication") != str(publication.uuid):
                return _again(request, slug, form, "changed", status=409)
            try:
                joiner = Joiner(**sent, language=Language(_language()))
                ask_to_join(letter=found, publication=publication, joiner=joiner)
            except TooMany:
                return _again(request, slug, form, "too_often", status=429)
            except Refused:
                return _again(request, slug, form, "changed", status=409)
            return redirect("letter_sent", slug)
    return _page(request, found, publication, form)


def _again(request: HttpRequest, slug: str, form: JoinForm, why: str, *, status: int) -> HttpResponse:
    """The page as it is now, with what was typed and why it was not taken; if it is gone, that alone."""
    found = letter_at(slug)
    if found is None or found[0].closed_at is not None or found[1].awaiting_since is not None:
        return _answer(request, slug, why, status=status)
    public = publications_with_all().get(pk=found[1].pk)
    return _page(request, found[0], public, form, why=why, status=status)


def _page(
    request: HttpRequest,
    found: OpenLetter,
    publication: Publication,
    form: JoinForm,
    *,
    why: str = "",
    status: int = 0,
) -> HttpResponse:
    texts = {text.language: text for text in publication.texts.all()}
    text = texts.get(_language()) or next(iter(texts.values()))
    _named, others = names_of(publication)
    outside = joined(found, publication)
    context = {
        **hooks.frame_of(request),
        "languages": _switch(found.slug),
        "letter": found,
        "publication": publication,
        "title": text.document["title"],
        "lead": text.document["lead"],
        "words_language": text.language,
        "words": render_html(text.document),
        "named": [mark.name for mark in marks_of(publication)],
        "withheld": len(others),
        "outside": outside,
        "earlier": len(joined_earlier(found, publication)),
        "sheet_url": reverse("documents_public:sheet", args=[publication.uuid]),
        "form": form,
        "why": why,
    }
    status = status or (422 if form.errors else 200)
    return render(request, "documents/letters/letter.html", context, status=status)


@never_cache
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """A mail is on its way."""
    _letter(slug)
    return _answer(request, slug, "sent")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The GET shows what the link is for, the POST confirms or withdraws: mail scanners open links."""
    found = joining_of_token(hash_token(token))
    if found is None:
        return private(_answer(request, "", "nothing", status=404))
    step, public = _step(found)
    if request.method == "POST":
        step = _act(request.POST, token) or ("ended" if step == "ended" else "changed")
    return answer_link(request, token, step=step, corrected=public)


def answer_link(
    request: HttpRequest,
    token: str,
    *,
    step: str = "",
    corrected: Publication | None = None,
    logo_form: LogoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a link; `step`: what was done with it, or what it is for now if nothing was."""
    found = joining_of_token(hash_token(token))
    if found is None:
        return private(_answer(request, "", "nothing", status=404))
    if not step:
        step, corrected = _step(found)
    publication = publications_with_all().filter(pk=found.publication_id).first()
    return private(
        _answer(
            request,
            found.letter.slug,
            step,
            status=status,
            joining=found,
            title=publication.title if publication else "",
            corrected=corrected,
            logo=logo_of_joining(found),
            logo_form=logo_form or LogoForm(initial={"permitted": found.logo_allowed}),
            token=token,
        )
    )


def _step(found: Joining) -> tuple[str, Publication | None]:
    """What the link is for now; and the corrected words, if it can join these."""
    if found.state == JoiningState.JOINED:
        at = letter_at(found.letter.slug)
        public = at[1] if at else None
        if public is None or public.awaiting_since or found.letter.closed_at:
            return "withdraw", None
        return ("again", public) if may_join_again(found, public) else ("withdraw", None)
    return ("confirm" if found.state == JoiningState.UNCONFIRMED else "ended"), None


def _act(sent: QueryDict, token: str) -> str:
    """What was done; empty if it could not be."""
    try:
        if sent.get("act") == "withdraw":
            withdraw_joining(token=token)
            return "withdrawn"
        if sent.get("act") == "again":
            join_again(token=token, publication=UUID(sent.get("publication", "")))
            return "joined_again"
        confirm_joining(token=token)
    except (Refused, ValueError):
        return ""
    return "done"


def private[Response: HttpResponseBase](response: Response) -> Response:
    """An answer at an address that is the key to something: no other page learns it."""
    response["Referrer-Policy"] = REFERRER_POLICY
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _answer(request: HttpRequest, slug: str, step: str, *, status: int = 200, **more: object) -> HttpResponse:
    context = {
        **hooks.frame_of(request),
        "languages": _switch(slug) if slug else [],
        "slug": slug,
        "step": step,
        **more,
    }
    return render(request, "documents/letters/answer.html", context, status=status)


def _language() -> str:
    return (get_language() or Language.KK)[:2]


def _switch(slug: str) -> list[dict[str, object]]:
    """The letter in the three languages, for the switch."""
    found: list[dict[str, object]] = []
    for code, label in Language.choices:
        with override(code):
            url = reverse("open_letter", args=[slug])
        found.append({"code": code, "name": label, "url": url, "current": code == get_language()})
    return found
