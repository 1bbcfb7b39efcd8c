"""Sending a file of an item to an outlet or to everybody: whole, or one range of it."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from coalition.campaigns.media_package.gate import PackageGate, items_with_files
from coalition.campaigns.media_package.models import Rendition
from documents.drafts.models import Handling
from documents.files.consent import Outlet
from documents.files.models import StoredFile
from documents.files.public_copy import public_bytes
from documents.files.views import send_file


@dataclass(frozen=True, kw_only=True)
class Receiver(Outlet):
    """Who gets a file. `is_open()`: whether the package is still open for them; asked anew while bytes of
    somebody under consent are sent, as everything else is."""

    rendition: Rendition
    before_embargo: bool = False
    is_open: Callable[[], bool] = field(default=lambda: True)

    def is_watched(self, file: StoredFile) -> bool:
        return PackageGate(self.language, self.before_embargo).is_under_consent(
            self.rendition.item, self.rendition
        )

    def may_have(self, file: StoredFile) -> bool:
        rows = items_with_files().filter(pk=self.rendition.item_id)
        judged = PackageGate(self.language, self.before_embargo).judge(rows)
        return self.is_open() and any(one.file(self.rendition.uuid) is not None for one in judged)


def send_rendition(
    request: HttpRequest,
    rendition: Rendition,
    *,
    language: str,
    inline: bool = False,
    before_embargo: bool = False,
    is_open: Callable[[], bool] = lambda: True,
) -> HttpResponse | StreamingHttpResponse:
    """Send a file that the gate has let out (`JudgedItem.file`), under the name that says what it is.

    Ranges, SHA-256 as `ETag`, and nginx as in `documents.files.views.send_file`. Raises Http404 where consent
    does not allow it any more.
    """
    if rendition.file is None:
        raise ValueError("a rendition without a file is never ready")
    released = copy(rendition.file)
    released.handling = Handling.PUBLIC  # it is published: the mark of the workspace ends here
    receiver = Receiver(
        language=language, rendition=rendition, before_embargo=before_embargo, is_open=is_open
    )
    answer = send_file(
        request,
        released,
        inline=inline,
        name=rendition.file_name,
        stored=public_bytes(rendition.file),
        outlet=receiver,
    )
    answer["X-Robots-Tag"] = "noindex"
    return answer
