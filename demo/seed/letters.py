"""The demo's letters to deputies: an action that is open, with letters that people declared."""

import datetime
from functools import partial

from django.utils.timezone import localdate

from coalition.campaigns.letters.actions.manage import LetterPlan, create_letter_action, open_letter_action
from coalition.campaigns.letters.models import Way
from coalition.campaigns.models import Appeal, LetterAction, LetterDay, ReferralCode, Target
from coalition.campaigns.referrals.actions import make_referral_code
from coalition.campaigns.referrals.enums import Medium
from coalition.core.clock import now
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.drafts import DraftPlan
from demo.seed.facts import Facts
from demo.seed.history import History
from demo.seed.recipients import Bodies
from demo.seed.workspaces import access_of

DAY = datetime.timedelta(days=1)
LANGUAGES = ("kk", "kk", "kk", "ru", "ru")  # of five letters
WAYS = (Way.MAIL, Way.COPY, Way.MAIL, Way.PRINT)  # of four


def plan_letters(
    demo: Demo,
    accounts: Accounts,
    drafts: dict[str, DraftPlan],
    facts: Facts,
    bodies: Bodies,
    history: History,
) -> None:
    """Plan each letter action: its opening, after the import of its bodies, and last the letters that people
    declared."""
    appeals = {record["id"]: record["slug"] for record in demo.appeals}
    for record in demo.letters:
        opening = partial(_open, record, appeals[record["appeal"]], accounts, drafts, facts, bodies)
        history.add(record["opened_days_ago"], opening)
        history.add(0, partial(_declare, record))


def _open(
    record: Record,
    appeal: str,
    accounts: Accounts,
    drafts: dict[str, DraftPlan],
    facts: Facts,
    bodies: Bodies,
) -> None:
    draft, service = drafts[record["draft"]], record["service"]
    access = access_of(accounts.people[record["by"]], draft.workspace)
    publication = draft.row.publications.newest_public()
    if publication is None:
        raise LookupError(record["draft"])
    opened = record["opened_days_ago"]
    plan = LetterPlan(
        publication=publication,
        slug=record["slug"],
        bodies=[bodies[name] for name in record["bodies"]],
        appeal=Appeal.objects.get(slug=appeal),
        closes_on=localdate(now()) + (opened + record["closes_in_days"]) * DAY,
        facts=[facts[name] for name in record["facts"]],
        service_url=service["url"],
        service_name=service["name"],
        service_needs=service["needs"],
    )
    action = create_letter_action(access=access, plan=plan)
    # As somebody did who looked again since.
    checked = localdate(now()) + (opened - service["checked_days_ago"]) * DAY
    LetterAction.objects.filter(pk=action.pk).update(service_checked_on=checked)
    open_letter_action(access=access, action=action)
    for code in record["codes"]:
        make_referral_code(
            access=access_of(accounts.people[code["by"]], draft.workspace),
            action="letter",
            target=action.uuid,
            medium=Medium(code["medium"]),
            label=code["label"],
        )


def _declare(record: Record) -> None:
    """Write the letters that people declared, a few a day, some by the code of an organisation."""
    action = LetterAction.objects.get(slug=record["slug"])
    targets = list(Target.objects.filter(body__letter_actions=action, gone_on=None).order_by("pk"))
    code = ReferralCode.objects.filter(target=action.uuid).first()
    for number in range(record["declared"]):
        row, _made = LetterDay.objects.get_or_create(
            action=action,
            target=targets[(number * number) % len(targets)],
            referral=code if number % 4 == 0 else None,
            way=WAYS[number % len(WAYS)],
            language=LANGUAGES[number % len(LANGUAGES)],
            day=localdate(now()) - (number % record["opened_days_ago"]) * DAY,
        )
        row.count += 1
        row.save(update_fields=["count"])
