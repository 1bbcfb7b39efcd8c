"""Links of a package and coverage of its items at the desk; the page of a newsroom's own people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.views.access import get_person, get_viewer
from coalition.campaigns.media_package.models import ItemCoverage, MediaPackage, PackageLink
from coalition.campaigns.media_package.outlets import actions, coverage as coverage_actions
from coalition.campaigns.media_package.outlets.forms import AttachForm, GiveLinksForm, ItemCoverageForm
from coalition.campaigns.media_package.outlets.presenters import (
    airing_links,
    coverage_rows,
    desk_page,
    link_rows,
)
from coalition.campaigns.media_package.outlets.queries import (
    contacts_named,
    contacts_to_choose,
    coverage_of,
    coverage_to_attach,
    items_to_name,
    links_of,
    media_partners,
)
from coalition.campaigns.media_package.permissions import may_serve_outlets
from coalition.campaigns.media_package.views.desk import context_of, to_package
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.generic_views import WorkspaceFormView
from documents.drafts.permissions import may_manage_contacts, require_that

LINKS_ON_PAGE = 50
COVERAGE_ON_PAGE = 50
MOST_TO_ATTACH = 100  # entries of coverage to choose from: the newest


def _to_outlets(request: HttpRequest, package: UUID) -> tuple[Access, MediaPackage]:
    access, found = to_package(request, package)
    require_that(may_serve_outlets(access), actions.ONLY_PRESS)
    return access, found


def to_link(request: HttpRequest, package: UUID, link: UUID) -> tuple[Access, PackageLink]:
    """Return the person's access and a link of the package. Raises Http404, NotAllowed."""
    access, found = _to_outlets(request, package)
    row = get_object_or_404(links_of(found), uuid=link)
    row.package = found
    return access, row


class PackageLinksView(WorkspaceFormView):
    """Links of a package, and a form to give more. `?q=`: search among press contacts."""

    form_class = GiveLinksForm
    template_name = "campaigns/media_package/outlets/links.html"
    package: MediaPackage

    def load(self) -> None:
        self.access, self.package = _to_outlets(self.request, self.kwargs["package"])

    def get_form_kwargs(self) -> dict[str, Any]:
        contacts = contacts_to_choose(self.access, self._words())
        shown = {one.uuid for one in contacts}
        posted = {
            uuid for one in self.request.POST.getlist("contacts") if (uuid := parse_uuid(one)) is not None
        }
        return super().get_form_kwargs() | {
            "contacts": [*contacts, *contacts_named(self.access, posted - shown)],
            "organisations": media_partners(self.access.workspace),
            "viewer": get_viewer(self.request),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_person(self.request).language}

    def save(self, form: GiveLinksForm) -> None:
        fields = form.cleaned_data
        with transaction.atomic():  # all links or none
            made = self._give(fields)
        words = ngettext("%(count)d link is made.", "%(count)d links are made.", len(made))
        messages.success(self.request, words % {"count": len(made)})
        if fields["send"]:
            self._mail(made)

    def _give(self, fields: dict[str, Any]) -> list[PackageLink]:
        made = []
        if fields["contacts"]:
            made += actions.give_to_contacts(
                access=self.access, package=self.package, contacts=fields["contacts"]
            )
        if fields["organisation"] or fields["outlet"]:
            one = actions.give_link(
                access=self.access,
                package=self.package,
                outlet=fields["outlet"],
                organisation=fields["organisation"],
                address=fields["address"],
                language=fields["language"],
            )
            made.append(one)
        return made

    def _mail(self, made: list[PackageLink]) -> None:
        with flash_result(self.request):
            count = actions.mail_new_links(access=self.access, package=self.package, links=made)
            if count:
                words = ngettext("%(count)d mail is on its way.", "%(count)d mails are on their way.", count)
                messages.success(self.request, words % {"count": count})
            if count < len(made):
                words = _(
                    "Without a mail: those without an address, and who gets no mail to the press any more."
                )
                messages.warning(self.request, words)

    def get_success_url(self) -> str:
        return reverse("campaigns:media_package_links", args=[self.package.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(links_of(self.package), LINKS_ON_PAGE).get_page(self.request.GET.get("page"))
        context = context_of(
            self.access,
            package=self.package,
            page=page,
            rows=link_rows(page, get_viewer(self.request)),
            words=self._words(),
        )
        return super().get_context_data(**kwargs) | context

    def _words(self) -> str:
        return self.request.GET.get("q", "")[:80]


@member_required
@never_cache
@require_safe
def link_messages(request: HttpRequest, package: UUID, link: UUID) -> HttpResponse:
    """Messages for a messenger: by the link in each the outlet logs the airing of an item with one press."""
    access, row = to_link(request, package, link)
    context = context_of(
        access,
        package=row.package,
        row=link_rows([row], get_viewer(request))[0],
        messages_of_items=airing_links(row, items_to_name(request.user, row.package)),
    )
    return render(request, "campaigns/media_package/outlets/messages.html", context)


@member_required
@require_POST
def change_link(request: HttpRequest, package: UUID, link: UUID) -> HttpResponse:
    """Mail a link, end it, or give a new one (`act`)."""
    access, row = to_link(request, package, link)
    act = request.POST.get("act")
    if act == "mail":
        with flash_result(request, _("A mail is on its way.")):
            actions.mail_link(access=access, link=row)
    elif act == "end":
        with flash_result(request, _("The link opens nothing any more. To undo it, give a new one.")):
            actions.end_link(access=access, link=row)
    elif act == "renew":
        with flash_result(request, _("The new link is in the list. Mail or copy it.")):
            actions.renew_link(access=access, link=row)
    return redirect("campaigns:media_package_links", row.package.uuid)


class ItemCoverageView(WorkspaceFormView):
    """Coverage of a package's items; the press desk adds an entry here."""

    form_class = ItemCoverageForm
    template_name = "campaigns/media_package/outlets/coverage.html"
    success_message = gettext_lazy("Saved.")
    package: MediaPackage
    attach_form: AttachForm | None = None

    def load(self) -> None:
        self.access, self.package = to_package(self.request, self.kwargs["package"])
        if self.request.method == "POST":
            require_that(may_manage_contacts(self.access), coverage_actions.ONLY_PRESS_DESK)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.request.POST.get("act") == "attach":
            return self._attach()
        answer: HttpResponse = super().post(*args, **kwargs)
        return answer

    def _attach(self) -> HttpResponse:
        form = self.attach_form = self._new_attach_form(self.request.POST)
        if form.is_valid():
            try:
                coverage_actions.attach_coverage(access=self.access, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(self.request, _("Saved."))
                return redirect(self.get_success_url())
        context = self.get_context_data(form=self.form_class(items=self._items()))
        return render(self.request, self.template_name, context, status=422)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"items": self._items()}

    def save(self, form: ItemCoverageForm) -> None:
        fields = dict(form.cleaned_data)
        coverage_actions.add_item_coverage(access=self.access, item=fields.pop("item"), **fields)

    def get_success_url(self) -> str:
        return reverse("campaigns:media_package_coverage", args=[self.package.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_note = may_manage_contacts(self.access)
        rows = coverage_of(self.package, with_waiting=may_note)
        page = Paginator(rows, COVERAGE_ON_PAGE).get_page(self.request.GET.get("page"))
        context = context_of(
            self.access,
            package=self.package,
            page=page,
            rows=coverage_rows(page),
            may_note=may_note,
            attach_form=(self.attach_form or self._new_attach_form()) if may_note else None,
        )
        return super().get_context_data(**kwargs) | context

    def _items(self) -> Any:
        return items_to_name(self.request.user, self.package)

    def _new_attach_form(self, data: Any = None) -> AttachForm:
        entries = list(coverage_to_attach(self.access.workspace)[:MOST_TO_ATTACH])
        return AttachForm(data, coverage=entries, items=self._items(), prefix="attach")


@member_required
@require_POST
def detach(request: HttpRequest, package: UUID, coverage: UUID) -> HttpResponse:
    """Say that coverage is not of this item; the entry itself stays."""
    access, found = to_package(request, package)
    row: ItemCoverage = get_object_or_404(coverage_of(found), coverage__uuid=coverage)
    row.item.package = found
    with flash_result(request, _("Taken off the item. You find the entry below, to choose another item.")):
        coverage_actions.detach_coverage(access=access, item_coverage=row)
    return redirect("campaigns:media_package_coverage", found.uuid)


@member_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def outlet_desk(request: HttpRequest) -> HttpResponse:
    """What a newsroom's own people find: packages given to it, registrations, embargoes, press contacts."""
    person = get_person(request)
    if person is None:
        raise Http404
    context = {"nav_current": "outlet_desk", **desk_page(person, get_viewer(request))}
    return form_page(request, "campaigns/media_package/outlets/desk.html", context)
