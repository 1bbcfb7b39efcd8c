"""Answer 400 or 404 where Wagtail's admin fails on a request that none of its forms sends.

Wagtail does not validate some values: the count of a StreamField's blocks (wagtail/wagtail#11920),
the id of a chosen object (wagtail/wagtail#4380), a form where JSON came, a missing list of files
(both not reported there by November 2026). Each is listed here by exception and by the module that
raised it; every other exception stays a 500, and so does one that passed through our own code.
"""

from types import TracebackType
from typing import Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import NoReverseMatch
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from home.views.root import not_found

OWN: Final = frozenset({"coalition", "documents", "events", "home"})
# Raised for an id that is no number or is out of range: OverflowError by SQLite's driver, DataError
# by PostgreSQL's.
_BAD_ID: Final = (ValueError, OverflowError, DataError)
_KNOWN: Final[dict[str, tuple[type[Exception], ...]]] = {
    "wagtail.blocks.stream_block": (MultiValueDictKeyError, ValueError),
    "wagtail.admin.forms.choosers": (AttributeError,),
    "wagtail.admin.modal_workflow": (NoReverseMatch,),
    "wagtail.admin.views.bulk_action.base_bulk_action": _BAD_ID,
    "wagtail.admin.views.chooser": _BAD_ID,
    "wagtail.admin.views.editing_sessions": _BAD_ID,
    "wagtail.admin.views.generic.base": _BAD_ID,
    "wagtail.admin.views.generic.chooser": (*_BAD_ID, AttributeError),
    "wagtail.admin.views.generic.multiple_upload": (MultiValueDictKeyError,),
    "wagtail.admin.views.pages.bulk_actions.page_bulk_action": (*_BAD_ID, ObjectDoesNotExist),
    "wagtail.admin.views.pages.copy": (*_BAD_ID, ObjectDoesNotExist, MultiValueDictKeyError),
    "wagtail.admin.views.pages.ordering": (*_BAD_ID, IntegrityError),
    "wagtail.admin.widgets.chooser": _BAD_ID,
    "wagtail.documents.views.chooser": _BAD_ID,
    "wagtail.images.views.chooser": _BAD_ID,
    "wagtail.images.views.multiple": (MultiValueDictKeyError,),
}


class CmsBadRequestMiddleware(MiddlewareMixin):
    """Turn the known exceptions under `/cms/` into 404 for reads, 400 for writes."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not request.path_info.startswith("/cms/") or not _is_known(exception):
            return None
        if request.method in {"GET", "HEAD"}:
            return not_found(request, exception)
        words = _("The newsroom's forms send no such request. Go back, load the page anew and try again.")
        return HttpResponseBadRequest(words, content_type="text/plain; charset=utf-8")


def _is_known(exception: Exception) -> bool:
    """Whether Wagtail's innermost frame is listed with this exception, and none of our code was
    called."""
    modules = _modules(exception.__traceback__)
    if any(module.partition(".")[0] in OWN for module in modules):
        return False
    innermost = next((one for one in reversed(modules) if one.partition(".")[0] == "wagtail"), "")
    return isinstance(exception, _KNOWN.get(innermost, ()))


def _modules(traceback: TracebackType | None) -> list[str]:
    found = []
    while traceback is not None:
        found.append(str(traceback.tb_frame.f_globals.get("__name__", "")))
        traceback = traceback.tb_next
    return found
