"""Targets of referral codes beside appeals: the page of help, pages of campaigns.

Neither page learns the referral code: openings are counted at the code itself.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.referrals.targets import CAMPAIGN_PAGE, HELP_PAGE, ActionKind, register_action
from coalition.workspaces.models import Workspace
from home.models import CampaignPage

HELP: UUID = UUID("0190c0de-0000-7000-8000-0000000048e1")  # there is only one page of help


def register_referral_targets() -> None:
    """Register both kinds. Call once, from `AppConfig.ready()`."""
    help_page = ActionKind(_("Page of help"), _help_title, _help_address, _nowhere, _page_of_help)
    register_action(HELP_PAGE, help_page)
    register_action(
        CAMPAIGN_PAGE,
        ActionKind(
            _("Page of a campaign"), _page_title, _page_address, _first_page, _live_pages, titles=_page_titles
        ),
    )


def _page_of_help(_workspace: Workspace) -> Sequence[UUID]:
    return [HELP]


def _help_title(_target: UUID, language: str) -> str:
    with override(language):
        return gettext("Help: whom to call or write to")


def _help_address(_target: UUID, language: str, _code: str) -> str:
    with override(language):
        return reverse("help")


def _nowhere(_target: UUID, _language: str) -> str:
    return ""


def _pages(targets: Collection[UUID], language: str) -> dict[UUID, CampaignPage]:
    """Return the pages in the language, or else in a language in which each is live. One query."""
    live = CampaignPage.objects.live().filter(translation_key__in=targets).select_related("locale")
    found: dict[UUID, CampaignPage] = {}
    for page in live.order_by("pk"):
        if page.translation_key not in found or page.locale.language_code == language:
            found[page.translation_key] = page
    return found


def _page_titles(targets: Collection[UUID], language: str) -> dict[UUID, str]:
    return {key: page.title for key, page in _pages(targets, language).items()}


def _page_title(target: UUID, language: str) -> str:
    return _page_titles([target], language).get(target, "")


def _page_address(target: UUID, language: str, _code: str) -> str:
    page = _pages([target], language).get(target)
    return page.get_url() if page is not None else ""


def _first_page(_target: UUID, language: str) -> str:
    return f"/{language}/"


def _live_pages(_workspace: Workspace) -> Sequence[UUID]:
    keys = (
        CampaignPage.objects.live().order_by("-first_published_at").values_list("translation_key", flat=True)
    )
    return list(dict.fromkeys(keys))
