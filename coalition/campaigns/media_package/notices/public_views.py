"""For everybody: is a file current, and an address for corrections of a package."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coalition.applicants.views import ApplyView, OwnPageView, SentView
from coalition.campaigns.media_package.enums import AddressState, Currency
from coalition.campaigns.media_package.models import CorrectionAddress, MediaPackage
from coalition.campaigns.media_package.notices.addresses import confirm_address, delete_address, leave_address
from coalition.campaigns.media_package.notices.currency import MOST_CHARACTERS, answer_about
from coalition.campaigns.media_package.notices.flow import ADDRESSES
from coalition.campaigns.media_package.notices.forms import CorrectionAddressForm
from coalition.campaigns.media_package.notices.places import public_page_of
from coalition.campaigns.media_package.queries import public_packages
from coalition.core.localized_text import content_languages
from coalition.core.throttling import TooManyRequests, is_rate_limited
from documents import hooks

FORM: Final = "campaigns.media_corrections"  # purpose of its stamps
MOST_QUESTIONS: Final = 60  # an hour from one network: an editorial office asks about a whole folder
TONES: Final = {  # kinds of components/notice.html
    Currency.CURRENT: "yes",
    Currency.REPLACED: "wait",
    Currency.DO_NOT_USE: "no",
    Currency.UNKNOWN: "",
}


def _language() -> str:
    return (get_language() or "kk").partition("-")[0]


def _frame(request: HttpRequest, url_name: str, *args: str) -> dict[str, Any]:
    """Return the context of the site's frame, with this page in the other languages."""
    languages = []
    for code, name in content_languages():
        with override(code):
            url = reverse(url_name, args=args)
        languages.append({"code": code, "name": name, "url": url, "current": code == _language()})
    return {
        **hooks.site_frame_context(request),
        "light": True,
        "safe_exit": settings.SAFE_EXIT_URL,
        "languages": languages,
    }


@never_cache
@require_safe
def is_current(request: HttpRequest) -> HttpResponse:
    """Answer whether a file is current (`?file=`: its name or SHA-256). A script may compute the SHA-256 of a
    file on the device; the file is never sent."""
    asked = request.GET.get("file", "").strip()
    context: dict[str, Any] = {**_frame(request, "media_current"), "asked": asked[:MOST_CHARACTERS]}
    status = 200
    if asked and is_rate_limited(request, "media_current", MOST_QUESTIONS):
        context["refusal"], status = TooManyRequests().message, 429
    elif asked:
        found = answer_about(asked)
        context |= {
            "currency": found.currency.value,
            "label": found.currency.label,
            "tone": TONES[found.currency],
            "known": found.known,
            "current": found.current,
        }
        if found.current is not None and found.known is not None:
            context["page_url"] = public_page_of(found.known.item.package, _language())
    return render(request, "campaigns/media_package/notices/current.html", context, status=status)


class PackageMixin:
    """Pages about a package whose page everybody opens."""

    request: HttpRequest
    kwargs: dict[str, Any]
    subject: MediaPackage

    def get_subject(self) -> MediaPackage:
        found = public_packages().filter(slug=self.kwargs["slug"]).first()
        if found is None:
            raise Http404
        return found

    def frame(self, url_name: str) -> dict[str, Any]:
        frame = _frame(self.request, url_name, self.subject.slug)
        return {
            **frame,
            "package": self.subject,
            "package_url": public_page_of(self.subject, _language()),
        }


class CorrectionsView(PackageMixin, ApplyView):
    """The form for an address."""

    template_name = "campaigns/media_package/notices/corrections.html"
    throttle = "media_corrections"
    most_posts_from_one_place = 60
    anonymous_post = FORM

    def get_form(self, data: QueryDict | None = None) -> CorrectionAddressForm:
        return CorrectionAddressForm(data)

    def apply(self, form: CorrectionAddressForm) -> None:
        leave_address(package=self.subject, address=form.cleaned_data["address"], language=_language())

    def success_url(self) -> str:
        return reverse("media_corrections_sent", args=[self.subject.slug])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        why = {
            "too_often": _("That was too often for one hour. Try again later."),
            "foreign": _("This did not come from our own page. Press the button once more."),
            "stale": _("This page stood open for long. Press the button once more."),
        }.get(context["why"], "")
        return {**self.frame("media_corrections"), **context, "why": why}


class CorrectionsSentView(PackageMixin, SentView):
    """A link is on its way."""

    template_name = "campaigns/media_package/notices/corrections_sent.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**self.frame("media_corrections_sent"), **context}


class OwnAddressView(OwnPageView):
    """The page of an address: confirm it, delete it."""

    flow = ADDRESSES
    template_name = "campaigns/media_package/notices/address.html"
    actions = {"confirm": "confirm", "delete": "delete"}
    applicant: CorrectionAddress

    def confirm(self) -> None:
        confirm_address(address=self.applicant)
        messages.success(self.request, _("Thank you: your address is confirmed."))

    def delete(self) -> HttpResponse:
        delete_address(address=self.applicant)
        return self.deleted_page()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {
            "row": self.applicant,
            "package": self.applicant.package,
            "is_active": self.applicant.state == AddressState.ACTIVE,
        }
