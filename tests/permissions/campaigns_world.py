"""Appeals, helplines and referral codes in the world in which every secret has a word.

One appeal that everyone reads, with supporters of every kind, and one that is only prepared. Lines of the
admitted one's organisation: published with other words in work, only drafted, proposed, and sent back.
"""

import datetime
from typing import Any

from django.utils.timezone import localdate

from coalition.accounts.models import User
from coalition.campaigns.appeals.actions.confirm import confirm_support
from coalition.campaigns.appeals.actions.contacts import offer_contact
from coalition.campaigns.appeals.actions.hand_over import (
    make_hand_over,
    publish_hand_over,
    record_delivery,
    record_receipt,
)
from coalition.campaigns.appeals.actions.manage import create_appeal, open_appeal, set_official_petition
from coalition.campaigns.appeals.actions.support import SupportAsking, ask_to_support
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.planner.actions import ProposedStep, change_plan, start_plan
from coalition.campaigns.helplines.actions.entries import add_helpline, stamp_of, write_entry
from coalition.campaigns.helplines.actions.review import publish_entry, send_back_entry
from coalition.campaigns.helplines.operators.actions import make_operator_link
from coalition.campaigns.helplines.uses.actions import UsePlan, add_use
from coalition.campaigns.helplines.uses.channels import channel_key, stored_channels
from coalition.campaigns.helplines.uses.enums import UseKind
from coalition.campaigns.in_person.actions.guidance import GuidanceContent, write_guidance
from coalition.campaigns.in_person.actions.prepare import TablePlan, prepare_table
from coalition.campaigns.models import Appeal, AppealVersion, HandOver, HelplineEntry, Hold, Support
from coalition.campaigns.referrals.actions import make_referral_code, make_referral_codes_for_all
from coalition.campaigns.referrals.enums import Medium
from coalition.campaigns.referrals.targets import APPEAL
from coalition.core.clock import now
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.permissions import access_to
from documents.drafts.models import TextKind
from documents.models import Draft, Publication
from tests.campaigns.helplines.register import content
from tests.permissions.world import EVERYONE, READERS, World

MEMBERS = EVERYONE - {"anonymous", "superuser"}  # of any organisation
CENTRE = frozenset({"admitted"})  # whose organisation answers for the lines
KNOWING = dict.fromkeys(("helpline", "helpline_draft", "helpline_proposed", "helpline_sent_back"), "admitted")
# Addresses leave by POST alone, to one organisation; names for a hand-over in its files; who is held or did
# not confirm is shown to nobody.
NOWHERE = tuple(f"appeal{what}" for what in ("contact", "handed", "held", "heldname", "asked", "askedname"))


def add_campaigns(made: World) -> None:
    """After the texts: the published one becomes an appeal's."""
    appeal = _appeal(made)
    _supporters(made, appeal)
    _petition(made, appeal)
    _hand_overs(made, appeal)
    _codes(made, appeal)
    _table(made, appeal)
    _helplines(made)


def _appeal(made: World) -> Appeal:
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    Draft.objects.filter(uuid=made.things["published"]["draft"]).update(kind=TextKind.APPEAL)
    publication = Publication.objects.get(uuid=made.things["published"]["publication"])
    prepared = create_appeal(
        access=access, publication=publication, slug=made.canary("prepared", "slug", READERS)
    )
    appeal = open_appeal(
        access=access, appeal=create_appeal(access=access, publication=publication, slug="for-a-law")
    )
    offer_contact(access=access, appeal=appeal)
    made.things["prepared"] = {"appeal": prepared.uuid}  # its address would come back to whoever asks for it
    made.things["appeal"] = {"appeal": appeal.uuid, "slug": appeal.slug}
    return appeal


def _supporters(made: World, appeal: Appeal) -> None:
    version = appeal.versions.get()
    _support(version, "listed", name=made.canary("appeal", "listed", EVERYONE))
    _support(version, "handed", name=made.canary("appeal", "handed", {"coordinator"}), in_hand_over=True)
    _support(version, made.canary("appeal", "contact", {"coordinator"}), contact=(appeal.organisation,))
    hold = Hold.objects.create(appeal=appeal, rule="one_pattern", reason={"rows": 3}, made_at=now())
    made.things["appeal"] |= {"hold": hold.uuid}
    for number in range(3):  # of three and more, shapes are shown
        name = made.canary("appeal", "heldname", ())
        row = _ask(version, f"{made.canary('appeal', 'held', ())}{number}", name=name)
        Support.objects.filter(pk=row.pk).update(hold=hold)
        confirm_support(token=SUPPORT.token(row))
    _ask(version, made.canary("appeal", "asked", ()), name=made.canary("appeal", "askedname", ()))


def _ask(version: AppealVersion, mailbox: str, *, name: str = "", **given: Any) -> Support:
    """Ask by a mailbox of this name; whoever gives a name has it shown, unless something else is said."""
    given.setdefault("is_listed", bool(name) and not given.get("in_hand_over"))
    asking = SupportAsking(
        f"{mailbox}@mail.example", "KZ-75", "kk", name=name, place="203.0.113.0/24", **given
    )
    ask_to_support(slug=version.appeal.slug, version=str(version.uuid), asking=asking)
    row: Support = Support.objects.latest("pk")
    return row


def _support(version: AppealVersion, mailbox: str, **given: Any) -> None:
    confirm_support(token=SUPPORT.token(_ask(version, mailbox, **given)))


def _petition(made: World, appeal: Appeal) -> None:
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    number = made.canary("appeal", "official", EVERYONE)
    set_official_petition(access=access, appeal=appeal, number=number)
    day = localdate(now()) + datetime.timedelta(days=60)
    plan = start_plan(access=access, appeal=appeal, files_on=day)
    steps = [ProposedStep(made.canary("appeal", "step", READERS), 3)]
    change_plan(access=access, plan=plan, needed=50, files_on=day, steps=steps)


def _hand_overs(made: World, appeal: Appeal) -> None:
    told = _handed_over(made, appeal, "told", EVERYONE)
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    publish_hand_over(access=access, hand_over=told)
    _handed_over(made, appeal, "untold", READERS)


def _handed_over(made: World, appeal: Appeal, which: str, readers: object) -> HandOver:
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    row = make_hand_over(access=access, appeal=appeal, language="kk")
    recipient, receipt = (made.canary(f"handover{which}", what, readers) for what in ("recipient", "receipt"))
    today = localdate(now())
    record_delivery(access=access, hand_over=row, delivered_on=today, recipient={"kk": recipient})
    made.things[f"hand_over_{which}"] = made.things["appeal"] | {"hand_over": row.uuid}
    return record_receipt(access=access, hand_over=row, words={"kk": receipt})


def _codes(made: World, appeal: Appeal) -> None:
    """One of the admitted one's organisation, and one of every organisation, also of those that few know."""
    for_one = {"action": APPEAL, "target": appeal.uuid, "medium": Medium.POSTER}
    code = make_referral_code(
        access=access_to(made.people["admitted"], made.workspace.uuid),
        label=made.canary("code", "label", {"admitted", "coordinator"}),
        **for_one,  # type: ignore[arg-type]  # of a plain dictionary
    )
    lead = access_to(made.people["coordinator"], made.workspace.uuid)
    make_referral_codes_for_all(access=lead, **for_one)  # type: ignore[arg-type]  # of a plain dictionary
    made.things["code"] = {"workspace": made.workspace.uuid, "code": code.uuid}
    made.things["appeal"] |= {"code": code.code}


def _table(made: World, appeal: Appeal) -> None:
    """One of the coordinator's organisation: whoever sees drafts reads it, whoever may change it its link."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    note, lawyer = (made.canary("tables", what, {"coordinator"}) for what in ("note", "lawyer"))
    guidance = GuidanceContent(
        legal_note=LocalizedText({"kk": note}),
        lawyer_name=lawyer,
        lawyer_role="",
        noted_on=None,
        police_words=LocalizedText({"kk": made.canary("tables", "police", {"coordinator"})}),
        duty_telephone="",
    )
    write_guidance(access=access, content=guidance)
    plan = TablePlan(
        appeal=appeal,
        organisation=access.organisation,
        region="KZ-75",
        place=made.canary("table", "place", READERS),
        day=localdate(now()),
        permission_by=made.canary("table", "owner", READERS),
        permission_words=made.canary("table", "permission", READERS),
    )
    table = prepare_table(access=access, plan=plan)
    made.things["table"] = {"workspace": made.workspace.uuid, "table": table.uuid}


def _helplines(made: World) -> None:
    centre, reviewer = made.people["admitted"], made.people["coordinator"]
    published = _line(made, "linepublished", EVERYONE)
    publish_entry(person=reviewer, entry=published, seen=stamp_of(published))
    write_entry(
        person=centre,
        helpline=published.helpline,
        content=_words(made, "linechanged", CENTRE),
        seen="",
        proposes=False,
        has_called=False,
    )
    drafted = _line(made, "linedraft", CENTRE, proposes=False)
    proposed = _line(made, "lineproposed", MEMBERS)
    sent_back = _line(made, "linesentback", CENTRE)
    note = made.canary("linesentback", "note", CENTRE)
    send_back_entry(person=reviewer, entry=sent_back, seen=stamp_of(sent_back), note=note)
    _use(made, published)
    _operators(made, centre, proposed)
    made.things["helpline"] = {"helpline": published.helpline.uuid, "workspace": made.workspace.uuid}
    made.things["helpline_draft"] = {"helpline": drafted.helpline.uuid}
    made.things["helpline_sent_back"] = {"helpline": sent_back.helpline.uuid}


def _words(made: World, which: str, readers: object) -> dict[str, object]:
    name, summary, note = (made.canary(which, what, readers) for what in ("name", "summary", "note"))
    channels = [{"kind": "phone", "value": "150", "note": {"kk": note}}]
    return content(
        name=LocalizedText({"kk": name}), summary=LocalizedText({"kk": summary}), channels=channels
    )


def _line(made: World, which: str, readers: object, *, proposes: bool = True) -> HelplineEntry:
    centre = made.people["admitted"]
    return add_helpline(
        person=centre,
        organisation=centre.memberships.get().organisation.uuid,
        content=_words(made, which, readers),
        proposes=proposes,
        has_called=True,
    )


def _use(made: World, entry: HelplineEntry) -> None:
    """A clip of next week, planned in the workspace."""
    plan = UsePlan(
        kind=UseKind.CLIP,
        title=made.canary("use", "title", READERS),
        channels=[channel_key(one) for one in stored_channels(entry)],
        starts_at=now() + datetime.timedelta(days=7),
        note=made.canary("use", "remark", READERS),
    )
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    use = add_use(access=access, helpline=entry.helpline, plan=plan)
    made.things["use"] = {"workspace": made.workspace.uuid, "use": use.uuid}


def _operators(made: World, person: User, entry: HelplineEntry) -> None:
    label = made.canary("operators", "label", CENTRE)
    link, token = make_operator_link(person=person, helpline=entry.helpline, label=label)
    made.things["helpline_proposed"] = {"helpline": entry.helpline.uuid, "link": link.uuid}
    made.things["operator"] = {"token": token}
