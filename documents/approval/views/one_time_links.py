"""One-time links of a round, for who leads it and for representatives of an organisation asked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.rules import represents
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.mail.links import absolute
from coalition.workspaces import access as door
from coalition.workspaces.people import name_of
from documents.approval.actions.one_time_links import Maker, make_one_time_link, revoke_one_time_link
from documents.approval.forms.one_time import OneTimeForm
from documents.approval.models.one_time_link import OneTimeLink
from documents.approval.models.rounds import ApprovalRound
from documents.approval.queries.one_time_links import OneTimeLinkCounting, are_the_words, one_time_links_in
from documents.approval.queries.rounds import asked_of, put_languages
from documents.drafts.access import to_round
from documents.drafts.enums import LinkEnd
from documents.drafts.permissions import may_put_to_approval, require_that

PAGE = "documents/ways/links.html"


@dataclass(frozen=True)
class Row:
    """One link as the page shows it; `uses`: the latest things done with it."""

    link: OneTimeLink
    organisation: str
    by: str
    languages: str
    state: str
    shape: str
    uses: list[Any]
    is_open: bool


@dataclass(frozen=True)
class Room:
    """Whose page it is: a coordinator's for all asked, or a representative's for one organisation."""

    maker: Maker
    round: ApprovalRound
    organisations: list[Organisation]
    own: Organisation | None = None

    @property
    def address(self) -> str:
        if self.own is not None:
            return reverse("documents:one_time_links_for", args=[self.round.uuid, self.own.uuid])
        return reverse("documents:one_time_links", args=[self.round.uuid])


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, round_uuid: UUID, organisation: UUID | None = None) -> HttpResponse:
    """Who decides by a one-time link; a POST makes one. Its address goes out by mail; a representative
    is also shown it, this once."""
    room = _room(request, round_uuid, organisation)
    form = _form(request, room, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, token = make_one_time_link(maker=room.maker, round_=room.round, **form.asked())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            context = _context(request, room, _form(request, room, None))
            address = absolute(reverse("one_time", args=[token])) if room.own is not None else ""
            return render(request, PAGE, {**context, "made": made, "address": address})
    return form_page(request, PAGE, _context(request, room, form))


@door.members_only
@require_POST
def take_back(
    request: HttpRequest, round_uuid: UUID, link: UUID, organisation: UUID | None = None
) -> HttpResponse:
    """End a link at once; there is no undo."""
    room = _room(request, round_uuid, organisation)
    found = get_object_or_404(one_time_links_in(room.round), uuid=link)
    if room.own is not None and found.organisation_id != room.own.pk:
        raise Http404
    found.round = room.round
    revoke_one_time_link(maker=room.maker, link=found)
    messages.success(request, _("Taken back: the link decides nothing any more."))
    return redirect(room.address)


def _room(request: HttpRequest, round_uuid: UUID, organisation: UUID | None) -> Room:
    person = door.person(request)
    if organisation is not None:
        asked = get_object_or_404(asked_of(person), round__uuid=round_uuid, organisation__uuid=organisation)
        if not represents(person, asked.organisation):
            raise Http404
        return Room(Maker(person), asked.round, [asked.organisation], asked.organisation)
    access, round_ = to_round(request, round_uuid)
    require_that(may_put_to_approval(access, round_.draft), _("Coordinators make one-time links."))
    rows = round_.asked.select_related("organisation")
    return Room(Maker(person, access), round_, [row.organisation for row in rows])


def _form(request: HttpRequest, room: Room, data: Any) -> OneTimeForm:
    return OneTimeForm(
        data,
        asked=room.organisations,
        put=put_languages(room.round),
        viewer=door.viewer(request),
        initial={"language": Language.KK},
    )


def _context(request: HttpRequest, room: Room, form: OneTimeForm) -> dict[str, Any]:
    viewer = door.viewer(request)
    found = one_time_links_in(room.round).prefetch_related("uses")
    if room.own is not None:
        found = found.filter(organisation=room.own)
    rows = [_row(viewer, link) for link in found]
    return {
        "round": room.round,
        "draft": room.round.draft,
        "own": room.own,
        "room": room,
        "rows": rows,
        "form": form,
        "back": reverse("documents:decide_for", args=[room.round.uuid, room.own.uuid])
        if room.own
        else room.round.get_absolute_url(),
    }


def _row(viewer: Viewer, link: OneTimeLinkCounting) -> Row:
    counts = link.counts and are_the_words(link)
    state, shape = _state(link, counts=counts)
    return Row(
        link=link,
        organisation=display_name_for(viewer, link.organisation),
        by=name_of(viewer, link.made_by, link.made_for) if link.made_by else _("Someone who has left"),
        languages=", ".join(str(Language(code).label) for code in link.languages),
        state=state,
        shape=shape,
        uses=list(link.uses.all())[:5],
        is_open=link.ended_at is None and link.expires_at > now(),
    )


def _state(link: OneTimeLink, *, counts: bool) -> tuple[str, str]:
    if link.ended_why == LinkEnd.USED:
        return _("Decided"), "approved"
    if link.ended_at is not None:
        return _("Taken back"), "objects"
    if link.expires_at <= now():
        return _("Expired"), "abstains"
    if not counts:
        return _("Dead: the words were changed, or who made it could not make it any more"), "reopened"
    return _("Waits for the answer"), "unopened"
