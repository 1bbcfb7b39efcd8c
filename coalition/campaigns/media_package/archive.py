"""All files of a package in one archive, streamed, while it is under 200 MB; with a list of what they are."""

from collections.abc import Callable, Sequence
from functools import partial

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coalition.campaigns.media_package.gate import JudgedItem, PackageGate
from coalition.campaigns.media_package.models import MediaPackage, Rendition
from coalition.campaigns.media_package.public_presenters import ZIP_LIMIT_BYTES, ItemView, item_view
from coalition.campaigns.media_package.sending import Receiver
from documents.files.models import StoredFile
from events.press.kit.zip_export import ZipEntry, stream_zip

LIST_NAME = "00-read-me.txt"


def package_zip(
    request: HttpRequest,
    package: MediaPackage,
    judged: Sequence[JudgedItem],
    *,
    language: str,
    before_embargo: bool = False,
    is_open: Callable[[], bool] = lambda: True,
) -> HttpResponse | StreamingHttpResponse | None:
    """Return the archive of what is given now; None without files, or if it were larger than 200 MB.

    For files of somebody under consent it is asked for again before each and, in a long one, every second.
    """
    given = [one for one in judged if one.is_given]
    files = [file for one in given for file in one.files]
    if not files or sum(one.size for one in files) >= ZIP_LIMIT_BYTES:
        return None
    lines = [package.title.in_language(language), ""]
    for one in given:
        lines += _list_lines(item_view(one, language, lambda _file: ""))
    gate = PackageGate(language, before_embargo)
    entries = [ZipEntry(LIST_NAME, "\r\n".join(lines).encode("utf-8-sig"))]
    for one in given:
        for file in one.files:
            receiver = Receiver(
                language=language, rendition=file, before_embargo=before_embargo, is_open=is_open
            )
            entries += _entries(file, receiver, is_watched=gate.is_under_consent(one.item, file))
    headers = {
        "Content-Disposition": f'attachment; filename="{package.slug}.zip"',
        "Cache-Control": "no-store, private",
        "X-Robots-Tag": "noindex",
    }
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    return StreamingHttpResponse(
        stream_zip(entries, language), content_type="application/zip", headers=headers
    )


def _entries(rendition: Rendition, receiver: Receiver, *, is_watched: bool) -> list[ZipEntry]:
    file: StoredFile | None = rendition.file
    if file is None:
        return []
    may_go = partial(receiver.may_have, file) if is_watched else None
    return [ZipEntry(rendition.file_name, file=file, may_go=may_go)]


def _list_lines(item: ItemView) -> list[str]:
    lines = [f"{item.kind}: {item.title}", "  " + ", ".join(one for one in (item.age, item.ai) if one)]
    if item.licence_until is not None:
        day = date_format(item.licence_until, "DATE_FORMAT")
        lines.append("  " + _("It may be used until %(day)s.") % {"day": day})
    lines += [
        "  " + "  ".join([one.name, one.label, *filter(None, [one.language]), f"SHA-256 {one.sha256}"])
        for one in item.files
    ]
    for words in item.words:
        for part in [*words.captions, *words.terms]:
            lines += ["", f"[{words.code}] {part.heading or words.title}", part.words]
    return [*lines, "", ""]
