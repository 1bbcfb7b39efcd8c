"""What letters hand to the layers below."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _, override

from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.appeals.next_steps import NextStep, register_next_step
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.regional_actions import (
    ANY_REGION,
    Done,
    RegionalAction,
    register_regional_action,
)
from coalition.campaigns.core.sections import register_section
from coalition.campaigns.counters.columns import ColumnSource, Count, register_column
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.letters.desk_presenters import letters_summary
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.letters.presenters import write_path
from coalition.campaigns.letters.public_presenters import METHOD, shown_actions
from coalition.campaigns.letters.queries import (
    ACTION,
    credits_by_code,
    letters_by_organisation,
    letters_for_appeal,
    letters_reached,
    open_actions,
    opened_actions,
    opened_in,
)
from coalition.campaigns.letters.records import ACTIVITIES, AUDIT_ACTIONS
from coalition.campaigns.recipients.outreach import Outreach, register_outreach
from coalition.campaigns.referrals.targets import ActionKind, register_action, register_credit
from coalition.core.clock import now
from coalition.workspaces.capability import Capability
from coalition.workspaces.models import Workspace


def _count(appeal: UUID) -> Count:
    letters = letters_for_appeal(appeal)
    return Count() if letters is None else Count(letters, now())


def _done(workspace: Workspace) -> Done:
    return {(pk, ANY_REGION): letters for pk, letters in letters_by_organisation(workspace).items()}


def _titles(actions: Collection[UUID], language: str) -> dict[UUID, str]:
    rows = opened_actions().filter(uuid__in=actions)
    with override(language):
        return {one.uuid: one.publication.title for one in shown_actions(rows)}


def _title(action: UUID, language: str) -> str:
    return _titles([action], language).get(action, "")


def _address(action: UUID, language: str, code: str) -> str:
    found = open_actions(site_today()).filter(uuid=action).first()
    if found is None:
        return ""
    with override(language):
        return write_path(found.slug, code)


def _after(action: UUID, language: str) -> str:
    """Its own page says in words why nobody can write."""
    found = LetterAction.objects.filter(uuid=action, opened_at__isnull=False).first()
    if found is None:
        return ""
    with override(language):
        return write_path(found.slug)


def _next_steps(appeal: Appeal, code: str) -> Sequence[NextStep]:
    """A link for each open letter action of the appeal. One query."""
    rows = open_actions(site_today()).filter(appeal=appeal).order_by("-pk")
    text = _("A letter in your own words counts for more than a form letter. It takes about ten minutes.")
    return [NextStep(_("Write to a deputy"), text, write_path(row.slug, code)) for row in rows]


def _connect() -> None:
    register_section(
        "letters", title=_("Letters"), url_name="campaigns:letter_actions", summary=letters_summary, order=40
    )
    register_action(
        ACTION,
        ActionKind(
            label=_("Letters to deputies"),
            title=_title,
            address=_address,
            after=_after,
            targets=opened_in,
            titles=_titles,
        ),
    )
    register_credit(ACTION, credits_by_code)
    register_column(ColumnSource(Column.LETTERS, method=METHOD, count=_count))
    register_regional_action(
        RegionalAction("letters", label=_("Letters to deputies"), unit=_("letters"), done=_done, order=40)
    )
    register_outreach(Outreach("letters", _("Letters"), METHOD, letters_reached, order=10))
    register_next_step("letters", _next_steps)


LETTERS = Capability(
    name="letters",
    urls="coalition.campaigns.letters.urls",
    audit_actions=AUDIT_ACTIONS,
    activities=ACTIVITIES,
    activity_links={"letter_action": "campaigns:letter_action"},
    connect=_connect,
)
