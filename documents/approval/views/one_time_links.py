"""One-time links of a round, for its coordinators and representatives of an organisation asked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import Language, Organisation
from coalition.accounts.naming import PUBLIC, Viewer, display_name_for, may_see_name
from coalition.accounts.permissions import represents
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.mail.outbox import absolute_url
from coalition.workspaces.access import member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.sentence_params import person_name
from documents.approval.actions import one_time_links as actions
from documents.approval.forms import OneTimeAnswerForm, OneTimeForm
from documents.approval.matrix import reliable_languages
from documents.approval.models import ApprovalRound, RoundText
from documents.approval.permissions import to_round
from documents.approval.queries import one_time_links as link_queries
from documents.approval.queries.boards import board_of
from documents.approval.queries.rounds import asked_of, languages_in_round
from documents.approval.views.decide import pictures_in_version, send_round_picture
from documents.drafts.access import NoSuchLink, token_page
from documents.drafts.models import LinkEnd
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.presenters import reading_tabs, render_document
from documents.drafts.queries import READER_NAMING_MARKS
from documents.files.withheld import public_document


class OneTimeLinksView(MemberFormView):
    """List the one-time links; a POST makes one. Its URL is mailed; a representative also sees it, once."""

    form_class = OneTimeForm
    template_name = "documents/approval/offline/links.html"
    initial = {"language": Language.KK}
    maker: actions.LinkCreator
    round: ApprovalRound

    def load(self) -> None:
        self.maker, self.round = _link_maker(self.request, **self.kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "asked": _organisations_of(self.maker, self.round),
            "languages": languages_in_round(self.round),
            "viewer": get_viewer(self.request),
        }

    def save(self, form: OneTimeForm) -> HttpResponse:
        made, token = actions.make_one_time_link(maker=self.maker, round_=self.round, **form.link_arguments)
        fresh = OneTimeForm(**(self.get_form_kwargs() | {"data": None}))
        address = absolute_url(reverse("one_time", args=[token])) if self.maker.access is None else ""
        return self.render_to_response(self.get_context_data(form=fresh, made=made, address=address))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = get_viewer(self.request)
        own = self.maker.organisation if self.maker.access is None else None
        links = link_queries.one_time_links_in(self.round).filter(
            organisation__in=_organisations_of(self.maker, self.round)
        )
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "draft": self.round.draft,
            "own": own,
            "links_url": self.request.path,
            "rows": [_link_row(viewer, link) for link in links.prefetch_related("uses")],
            "back": reverse("documents:decide_for", args=[self.round.uuid, own.uuid])
            if own
            else self.round.get_absolute_url(),
        }


@member_required
@require_POST
def end_one_time_link(
    request: HttpRequest, round_uuid: UUID, link: UUID, organisation: UUID | None = None
) -> HttpResponse:
    """Revoke a link at once; there is no undo."""
    maker, round_ = _link_maker(request, round_uuid, organisation)
    links = link_queries.one_time_links_in(round_).filter(organisation__in=_organisations_of(maker, round_))
    found = get_object_or_404(links, uuid=link)
    found.round = round_
    actions.revoke_one_time_link(maker=maker, link=found)
    messages.success(request, _("Taken back: the link decides nothing any more."))
    if organisation is not None:
        return redirect("documents:one_time_links_for", round_uuid, organisation)
    return redirect("documents:one_time_links", round_uuid)


def _link_maker(
    request: HttpRequest, round_uuid: UUID, organisation: UUID | None = None
) -> tuple[actions.LinkCreator, ApprovalRound]:
    """Return the right to make links: a representative's for one organisation, or a coordinator's."""
    person = get_person(request)
    if organisation is not None:
        asked = get_object_or_404(asked_of(person), round__uuid=round_uuid, organisation__uuid=organisation)
        if not represents(person, asked.organisation):
            raise Http404
        return actions.LinkCreator(person, asked.organisation), asked.round
    access, round_ = to_round(request, round_uuid)
    require_that(may_submit_for_approval(access, round_.draft), _("Coordinators make one-time links."))
    return actions.LinkCreator(person, access.organisation, access), round_


def _organisations_of(maker: actions.LinkCreator, round_: ApprovalRound) -> list[Organisation]:
    """Return the organisations for which the maker may make links."""
    if maker.access is None:
        return [maker.organisation]
    return [row.organisation for row in round_.asked.select_related("organisation")]


def _link_row(viewer: Viewer, link: link_queries.AnnotatedOneTimeLink) -> dict[str, Any]:
    if link.ended_why == LinkEnd.USED:
        state, shape = _("Decided"), "approved"
    elif link.ended_at is not None:
        state, shape = _("Taken back"), "objects"
    elif link.expires_at <= now():
        state, shape = _("Expired"), "abstains"
    elif not link.counts or not link_queries.link_versions_unchanged(link):
        state = _("Dead: the words were changed, or who made it could not make it any more")
        shape = "reopened"
    else:
        state, shape = _("Waits for the answer"), "unopened"
    return {
        "link": link,
        "organisation": display_name_for(viewer, link.organisation),
        "by": person_name(viewer, link.made_by, link.made_for) if link.made_by else _("Someone who has left"),
        "languages": ", ".join(str(Language(code).label) for code in link.languages),
        "state": state,
        "shape": shape,
        "uses": list(link.uses.all())[:5],  # the latest
        "is_open": link.ended_at is None and link.expires_at > now(),
    }


def _language_of(token: str) -> str | None:
    found = link_queries.one_time_link_of(token)
    return found.language if found else None


@token_page(_language_of)
@require_http_methods(["GET", "HEAD", "POST"])
def decide_by_one_time_link(request: HttpRequest, token: str) -> HttpResponse:
    """Display the texts, one language per tab, and the possible answers; a POST records one."""
    link = link_queries.one_time_link_of(token)
    if link is None:
        raise NoSuchLink
    language = request.GET.get("language", "")
    if language not in link.words:
        language = link.language if link.language in link.languages else str(link.languages[0])
    # languages attested to say the same as its own
    relies = reliable_languages(board_of(link.round, PUBLIC).matrix.data, link.languages)
    form = OneTimeAnswerForm(request.POST or None, link=link, relies=relies)
    if request.method == "GET":
        actions.open_one_time_link(token=token, language=language)
    elif form.is_valid():
        try:
            actions.decide_by_link(token=token, answer=form.answer)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("one_time_done")
    rows = RoundText.objects.filter(round=link.round).select_related("version")
    texts = sorted(rows, key=lambda text: Language.values.index(text.language))
    version = next(one.version for one in texts if one.language == language)
    document = public_document(version.document)
    named = may_see_name(PUBLIC, link.organisation)  # the link may have been forwarded
    context = {
        "link": link,
        "version": version,
        "language": language,
        "organisation": display_name_for(PUBLIC, link.organisation) if named else "",
        "words": render_document(
            document,
            link.round.draft.workspace,
            # without pictures whose own handling mark is narrower than any link
            pictures=pictures_in_version(link.round, document, excluded_marks=READER_NAMING_MARKS),
            address=lambda file: reverse("one_time_picture", args=[token, file.uuid]),
            with_title=True,
        ),
        "tabs": reading_tabs((one.language for one in texts), language),
        "form": form,
    }
    return form_page(request, "documents/approval/offline/one_time.html", context)


@require_safe
def one_time_done(request: HttpRequest) -> HttpResponse:
    """Confirm that the answer is recorded and the link used up, without saying what it was about."""
    return render(request, "documents/approval/offline/done.html")


@token_page(_language_of)
@require_safe
def one_time_picture(request: HttpRequest, token: str, file: UUID) -> HttpResponseBase:
    """Serve a picture of the texts that the link opens."""
    link = link_queries.one_time_link_of(token)
    if link is None:
        raise NoSuchLink
    return send_round_picture(request, link.round, file, excluded_marks=READER_NAMING_MARKS)
