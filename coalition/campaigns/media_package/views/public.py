"""Public packages; the page of one, its files one by one, and all of them in one archive."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from coalition.campaigns.media_package.archive import package_zip
from coalition.campaigns.media_package.gate import JudgedItem, PackageGate, items_with_files
from coalition.campaigns.media_package.models import MediaPackage, Rendition
from coalition.campaigns.media_package.public_list import public_package_rows
from coalition.campaigns.media_package.public_presenters import package_page
from coalition.campaigns.media_package.queries import public_packages
from coalition.campaigns.media_package.sending import send_rendition
from coalition.core.localized_text import content_languages
from coalition.http.responses import limit_proxy_age
from coalition.mail.outbox import absolute_url
from documents import hooks

PAGE_SECONDS = 60  # consent and licences may end at any time


def _judged(package: MediaPackage, **only: object) -> list[JudgedItem]:
    language = (get_language() or "kk")[:2]
    return PackageGate(language).judge(items_with_files(package).filter(removed_at=None, **only))


def file_path(package: MediaPackage, rendition: Rendition) -> str:
    """Return the path of a file of a public package; its last part is the name under which it is saved."""
    return reverse("media_package_file", args=[package.slug, rendition.uuid, rendition.file_name])


@require_safe
def packages(request: HttpRequest) -> HttpResponse:
    """All packages that everybody may take, newest first."""
    language = (get_language() or "kk")[:2]
    context = {
        **hooks.site_frame_context(request),
        "light": True,
        "languages": _languages(language, "media_packages_public"),
        "rows": public_package_rows(language),
        "canonical": absolute_url(reverse("media_packages_public")),
    }
    answer = render(request, "campaigns/media_package/public_list.html", context)
    limit_proxy_age(answer, PAGE_SECONDS)
    return answer


@require_safe
def package(request: HttpRequest, slug: str) -> HttpResponse:
    """What outlets take as it is: items with words to copy and files."""
    found = get_object_or_404(public_packages(), slug=slug)
    language = (get_language() or "kk")[:2]
    page = package_page(
        found,
        _judged(found),
        language=language,
        file_url=partial(file_path, found),
        words_url=partial(_path_in, "media_package", slug),
        zip_url=reverse("media_package_zip", args=[found.slug]),
    )
    context = {
        **hooks.site_frame_context(request),
        "light": True,
        "languages": _languages(language, "media_package", slug),
        "page": page,
        "canonical": absolute_url(reverse("media_package", args=[slug])),
    }
    answer = render(request, "campaigns/media_package/public.html", context)
    limit_proxy_age(answer, PAGE_SECONDS)
    return answer


@require_safe
def file(request: HttpRequest, slug: str, rendition: UUID, name: str) -> HttpResponse | StreamingHttpResponse:
    """One file, or a range of it. 404 unless it is given now."""
    found = get_object_or_404(public_packages(), slug=slug)
    rows = _judged(found, renditions__uuid=rendition)
    given = next((file for one in rows if (file := one.file(rendition)) is not None), None)
    if given is None or given.file_name != name:
        raise Http404
    return send_rendition(
        request,
        given,
        language=(get_language() or "kk")[:2],
        is_open=public_packages().filter(pk=found.pk).exists,
    )


@require_safe
def archive(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    """All files in one archive. 404 without files, or where they are too large together."""
    found = get_object_or_404(public_packages(), slug=slug)
    answer = package_zip(
        request,
        found,
        _judged(found),
        language=(get_language() or "kk")[:2],
        is_open=public_packages().filter(pk=found.pk).exists,
    )
    if answer is None:
        raise Http404
    return answer


def _languages(current: str, url_name: str, *args: str) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": name, "url": _path_in(url_name, *args, code), "current": code == current}
        for code, name in content_languages()
    ]


def _path_in(url_name: str, *args: str) -> str:
    """Return the path of a page in the language that is the last of `args`."""
    *own, code = args
    with override(code):
        return reverse(url_name, args=own)
