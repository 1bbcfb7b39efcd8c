"""Figures in published items that were changed and checked since: which they are, and taking the new ones."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.campaigns.media_package.actions.items import lock_own_item, record_item
from coalition.campaigns.media_package.actions.packages import ONLY_EDITORS
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.permissions import may_edit_packages
from coalition.campaigns.media_package.queries import GIVEN_STATES, items_with_changed_facts
from coalition.core.errors import Refused
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import workspaces_for
from documents.drafts.permissions import require_that
from documents.drafts.queries import drafts_for
from documents.facts.actions import renew_fact
from documents.facts.models import FactUse
from documents.publication.models import PublicationText

_UNCHECKED: Final = _(
    "The newest words of a figure in this text are not checked yet. Somebody other than their author checks "
    "them first, in the facts register."
)


def flagged_items(user: User) -> QuerySet[MediaItem]:
    """Return items with a changed figure whose text the person may read and change, by workspace."""
    rows = items_with_changed_facts().filter(
        package__workspace__in=workspaces_for(user, Right.EDIT),
        package__workspace__archived_at=None,
        draft__in=drafts_for(user).order_by().values("pk"),
    )
    return rows.select_related("package__workspace").order_by("package__workspace", "pk")


def changed_uses(items: Sequence[MediaItem]) -> QuerySet[FactUse]:
    """Return uses of figures in the public and scheduled texts of these items that were changed and checked
    since."""
    public = PublicationText.objects.filter(
        publication__draft__in=[one.draft_id for one in items],
        publication__state__in=GIVEN_STATES,
        publication__replaced_by=None,
    )
    rows = _outdated(FactUse.objects.filter(version__in=public.values("version")))
    rows = rows.select_related("fact_version__fact__checked", "version__text").order_by("pk")
    return rows.prefetch_related("fact_version__words", "fact_version__fact__checked__words")


def update_fact_in_text(*, access: Access, item: MediaItem) -> int:
    """Replace changed figures by their checked words in the item's text, in all languages or in none.

    What is public stays until the text is approved and published again. Return how many were replaced; 0 if
    the text has the newest ones. Raises NotAllowed; Refused if newer words are unchecked, or a language
    lacks them.
    """
    with transaction.atomic():
        row = lock_own_item(access, item)
        require_that(may_edit_packages(access), ONLY_EDITORS)
        uses = _outdated(FactUse.objects.filter(text__draft=row.draft))
        found = list(uses.select_related("fact_version__fact", "text__draft").order_by("text", "pk"))
        for use in found:
            if use.fact_version.fact.is_unchecked:
                raise Refused(_UNCHECKED)
            if use.text is not None:
                renew_fact(access=access, text=use.text, version=use.fact_version.uuid)
        if found:
            record_item(access, row, "media_item.figure_updated", count=len(found))
    return len(found)


def _outdated(uses: QuerySet[FactUse]) -> QuerySet[FactUse]:
    return uses.filter(
        fact_version__number__lt=F("fact_version__fact__checked__number"), fact_version__fact__retired_at=None
    )
