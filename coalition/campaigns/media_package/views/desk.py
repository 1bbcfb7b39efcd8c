"""Packages, items and files at the desk."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.campaigns.media_package import queries
from coalition.campaigns.media_package.actions import (
    items as item_actions,
    packages as package_actions,
    renditions as rendition_actions,
)
from coalition.campaigns.media_package.broadcast_kit import kit_of
from coalition.campaigns.media_package.consent import member_may_open
from coalition.campaigns.media_package.desk_presenters import (
    file_rows,
    item_row,
    item_rows,
    package_rows,
    removed_rows,
)
from coalition.campaigns.media_package.forms import AccessForm, ItemForm, PackageForm
from coalition.campaigns.media_package.gate import MEDIA_ITEM
from coalition.campaigns.media_package.models import MediaItem, MediaPackage, Rendition
from coalition.campaigns.media_package.notices.presenters import open_words_of
from coalition.campaigns.media_package.notices.untold import untold_words
from coalition.campaigns.media_package.permissions import (
    may_edit_packages,
    may_publish_packages,
    may_see_packages,
    may_serve_outlets,
    may_take_out,
)
from coalition.campaigns.media_package.posters.presenters import fact_flags, preview_rows
from coalition.campaigns.media_package.posters.setting import publications_without_files
from coalition.campaigns.media_package.uploads.forms import UploadForm
from coalition.campaigns.media_package.uploads.presenters import unfinished_rows
from coalition.core.errors import Refused
from coalition.core.localized_text import language_codes
from coalition.http.responses import flash_result, form_page
from coalition.workspaces import visits
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.generic_views import WorkspaceFormView, document_action
from documents.drafts.permissions import require_that
from documents.files.actions import upload_file
from documents.files.captions import check_timed_text
from documents.files.consent import MEMBERS
from documents.files.models import StoredFile
from documents.files.types import detect_file_type
from documents.files.views import send_file

ON_PAGE = 30


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(may_see_packages(access), _("Media packages are prepared by those who see drafts here."))
    return access


def to_package(request: HttpRequest, package: UUID) -> tuple[Access, MediaPackage]:
    """Return the person's access to the workspace, and the package. Raises Http404 for everybody else."""
    found = get_object_or_404(queries.packages_for(request.user), uuid=package)
    return _enter(request, found.workspace.uuid), found


def to_item(request: HttpRequest, item: UUID) -> tuple[Access, MediaItem]:
    """The same of an item."""
    found = get_object_or_404(queries.items_for(request.user), uuid=item)
    return _enter(request, found.package.workspace.uuid), found


def to_file(request: HttpRequest, rendition: UUID) -> tuple[Access, Rendition]:
    """The same of a file."""
    found = queries.rendition_of(request.user, rendition)
    if found is None:
        raise Http404
    return _enter(request, found.item.package.workspace.uuid), found


def context_of(access: Access, **more: Any) -> dict[str, Any]:
    """Return the context of a page of this desk."""
    return {
        "access": access,
        "workspace": access.workspace,
        "tab": "campaign",
        "may_edit": may_edit_packages(access),
        "may_publish": may_publish_packages(access),
        "may_serve": may_serve_outlets(access),
        **more,
    }


@member_required
@require_safe
def packages(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The packages of a workspace, newest first."""
    access = _enter(request, workspace)
    rows = queries.packages_for(request.user, access.workspace)
    page = Paginator(rows, ON_PAGE).get_page(request.GET.get("page"))
    context = context_of(access, page=page, rows=package_rows(list(page)))
    return render(request, "campaigns/media_package/list.html", context)


@member_required
@require_safe
def package(request: HttpRequest, package: UUID) -> HttpResponse:
    """One package: its items in order, its page, its outlets."""
    access, found = to_package(request, package)
    rows = item_rows(request.user, found)
    context = context_of(
        access,
        package=found,
        items=[one for one in rows if one["item"].removed_at is None],
        removed=removed_rows(access, rows),
        open_answers=open_words_of(found),
        page_url=reverse("media_package", args=[found.slug]) if found.published_at else "",
    )
    return render(request, "campaigns/media_package/package.html", context)


class _PackageForm(WorkspaceFormView):
    """A form about one package."""

    package: MediaPackage

    def load(self) -> None:
        self.access, self.package = to_package(self.request, self.kwargs["package"])
        require_that(self.may(), _("Editors and coordinators prepare media packages."))

    def may(self) -> bool:
        return may_edit_packages(self.access)

    def get_instance(self) -> MediaPackage | MediaItem:
        return get_object_or_404(queries.packages_for(self.request.user), uuid=self.package.uuid)

    def get_success_url(self) -> str:
        return reverse("campaigns:media_package", args=[self.package.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | context_of(self.access, package=self.package)


class NewPackage(WorkspaceFormView):
    """Make a package."""

    form_class = PackageForm
    template_name = "campaigns/media_package/edit.html"
    success_message = gettext_lazy("The package is made. Add its first item.")
    package: MediaPackage

    def load(self) -> None:
        self.access = _enter(self.request, self.kwargs["workspace"])
        require_that(may_edit_packages(self.access), _("Editors and coordinators prepare media packages."))

    def save(self, form: PackageForm) -> None:
        self.package = package_actions.create_package(access=self.access, **form.cleaned_data)

    def refused_field(self, form: PackageForm, refusal: Refused) -> str:
        return "slug"

    def get_success_url(self) -> str:
        return reverse("campaigns:media_package", args=[self.package.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | context_of(self.access)


class EditPackage(_PackageForm):
    """Change title, address and press contact."""

    form_class = PackageForm
    template_name = "campaigns/media_package/edit.html"
    success_message = gettext_lazy("Saved.")

    def save(self, form: PackageForm) -> None:
        package_actions.change_package(access=self.access, package=self.package, **form.cleaned_data)

    def refused_field(self, form: PackageForm, refusal: Refused) -> str:
        return "slug"


class PackageAccess(_PackageForm):
    """Say who takes the files, and until when they are under embargo."""

    form_class = AccessForm
    template_name = "campaigns/media_package/access.html"
    success_message = gettext_lazy("Saved.")

    def may(self) -> bool:
        return may_publish_packages(self.access)

    def save(self, form: AccessForm) -> None:
        package_actions.set_access(access=self.access, package=self.package, **form.cleaned_data)


@member_required
@require_POST
def publish(request: HttpRequest, package: UUID) -> HttpResponse:
    """Open the page, or close it (`act` is "end")."""
    access, found = to_package(request, package)
    if request.POST.get("act") == "end":
        with flash_result(request, _("The page is closed. Links of outlets show nothing until it is open.")):
            package_actions.unpublish_package(access=access, package=found)
    else:
        with flash_result(request, _("The page is open. It shows every item whose text is published.")):
            package_actions.publish_package(access=access, package=found)
    return redirect("campaigns:media_package", found.uuid)


@member_required
@require_POST
def order(request: HttpRequest, package: UUID) -> HttpResponse:
    """Move an item up or down (`item`, `by`: -1 or 1)."""
    access, found = to_package(request, package)
    shown = [str(one.uuid) for one in found.items.filter(removed_at=None)]
    moved = request.POST.get("item", "")
    if moved in shown:
        place = shown.index(moved)
        other = min(max(place + (1 if request.POST.get("by") == "1" else -1), 0), len(shown) - 1)
        shown.insert(other, shown.pop(place))
        with flash_result(request):
            item_actions.order_items(access=access, package=found, order=shown)
    return redirect("campaigns:media_package", found.uuid)


class NewItem(_PackageForm):
    """Add an item."""

    form_class = ItemForm
    template_name = "campaigns/media_package/item_edit.html"
    success_message = gettext_lazy("The item is added. Write its words, and bring its files.")
    item: MediaItem

    def get_instance(self) -> MediaItem:
        return MediaItem()

    def save(self, form: ItemForm) -> None:
        self.item = item_actions.create_item(access=self.access, package=self.package, **form.cleaned_data)

    def refused_field(self, form: ItemForm, refusal: Refused) -> str:
        return "name"

    def get_success_url(self) -> str:
        return reverse("campaigns:media_item", args=[self.item.uuid])


class EditItem(WorkspaceFormView):
    """Change marks, licence and formats of an item."""

    form_class = ItemForm
    template_name = "campaigns/media_package/item_edit.html"
    success_message = gettext_lazy("Saved.")
    item: MediaItem

    def load(self) -> None:
        self.access, self.item = to_item(self.request, self.kwargs["item"])
        require_that(may_edit_packages(self.access), _("Editors and coordinators prepare media packages."))

    def get_instance(self) -> MediaItem:
        return get_object_or_404(queries.items_for(self.request.user), uuid=self.item.uuid)

    def get_form_kwargs(self) -> dict[str, Any]:
        may_mark = may_publish_packages(self.access) or not queries.given_out_among([self.item])
        return super().get_form_kwargs() | {"may_mark": may_mark}

    def save(self, form: ItemForm) -> None:
        item_actions.change_item(access=self.access, item=self.item, **form.cleaned_data)

    def refused_field(self, form: ItemForm, refusal: Refused) -> str:
        return "name"

    def get_success_url(self) -> str:
        return reverse("campaigns:media_item", args=[self.item.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = context_of(self.access, package=self.item.package, item=self.item)
        return super().get_context_data(**kwargs) | context


@member_required
@require_safe
def item(request: HttpRequest, item: UUID) -> HttpResponse:
    """One item: its text and state, its files."""
    access, found = to_item(request, item)
    return _item_page(request, access, found, UploadForm(item=found))


def _item_page(request: HttpRequest, access: Access, found: MediaItem, form: UploadForm) -> HttpResponse:
    row = item_row(found)
    files = file_rows(access, found, row["judged"])
    context = context_of(
        access,
        package=found.package,
        item=found,
        row=row,
        may_take_out=may_take_out(access, was_given=bool(queries.given_out_among([found]))),
        files=[one for one in files if not one["is_removed"]],
        removed_files=[one for one in files if one["is_removed"]],
        previews=preview_rows(found, language_codes()) if found.sets_formats else [],
        lacks_files=bool(publications_without_files(found)),
        untold=untold_words(found) if may_serve_outlets(access) else "",
        kit=kit_of(found),
        fact_flags=fact_flags([found]).get(found.pk, []) if row["has_changed_fact"] else [],
        form=form,
        upload_form=form,
        item_kind=MEDIA_ITEM,
        unfinished=unfinished_rows(access, found),
    )
    return form_page(request, "campaigns/media_package/item.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_file(request: HttpRequest, item: UUID) -> HttpResponse:
    """Add a file of up to 25 MB."""
    access, found = to_item(request, item)
    if request.method != "POST":
        return redirect("campaigns:media_item", found.uuid)
    form = UploadForm(request.POST, request.FILES, item=found)
    if form.is_valid():
        content = form.cleaned_data["file"]
        try:
            require_that(may_edit_packages(access), _("Editors and coordinators prepare media packages."))
            check_timed_text(content, detect_file_type(content, content.name).media_type)
            upload_file(
                access=access,
                content=content,
                size=content.size,
                name=content.name,
                then=partial(_add_file, access, found, form.cleaned_data),
            )
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            messages.success(request, _("The file is here. It is prepared for outlets in a minute."))
            return redirect("campaigns:media_item", found.uuid)
    return _item_page(request, access, found, form)


def _add_file(access: Access, item: MediaItem, fields: dict[str, Any], stored: StoredFile) -> None:
    rendition_actions.add_rendition(
        access=access,
        item=item,
        file=stored,
        rendition_format=fields["format"],
        language=fields["language"],
    )


@document_action(to_item, back="campaigns:media_item")
def remove(request: HttpRequest, access: Access, item: MediaItem) -> None:
    """Take an item out, with an undo."""
    item_actions.remove_item(access=access, item=item)
    undo = reverse("campaigns:media_item_restore", args=[item.uuid])
    visits.offer_undo(request, text=_("The item is taken out: nothing of it is given any more."), url=undo)


@document_action(
    to_item, back="campaigns:media_item", success=gettext_lazy("The item is in the package again.")
)
def restore(_request: HttpRequest, access: Access, item: MediaItem) -> None:
    """Put an item back."""
    item_actions.restore_item(access=access, item=item)


@member_required
@require_safe
def file(request: HttpRequest, rendition: UUID) -> HttpResponse | StreamingHttpResponse:
    """Send a file to members who may read it, as it was uploaded or made, also before it is approved."""
    _access, found = to_file(request, rendition)
    if found.file is None or not member_may_open(request.user, found):
        raise Http404
    return send_file(request, found.file, inline=False, name=found.file_name, outlet=MEMBERS)


@member_required
@require_POST
def prepare_file_again(request: HttpRequest, rendition: UUID) -> HttpResponse:
    """Try anew to prepare a file that was given up."""
    access, found = to_file(request, rendition)
    with flash_result(request, _("It is tried again. Look here in a minute.")):
        rendition_actions.prepare_again(access=access, rendition=found)
    return redirect("campaigns:media_item", found.item.uuid)


@member_required
@require_POST
def remove_file(request: HttpRequest, rendition: UUID) -> HttpResponse:
    """Take a file out, with an undo."""
    access, found = to_file(request, rendition)
    with flash_result(request):
        rendition_actions.remove_rendition(access=access, rendition=found)
        undo = reverse("campaigns:media_file_restore", args=[found.uuid])
        visits.offer_undo(request, text=_("The file is taken out."), url=undo)
    return redirect("campaigns:media_item", found.item.uuid)


@member_required
@require_POST
def restore_file(request: HttpRequest, rendition: UUID) -> HttpResponse:
    """Put a file back."""
    access, found = to_file(request, rendition)
    with flash_result(request, _("The file is there again.")):
        rendition_actions.restore_rendition(access=access, rendition=found)
    return redirect("campaigns:media_item", found.item.uuid)
