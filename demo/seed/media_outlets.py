"""Outlets of the demo's media package: their links, what they took, an airing, answers to a notice."""

import datetime
from dataclasses import dataclass, field
from functools import partial

from coalition.accounts.models import Language, Organisation
from coalition.campaigns.core.days import site_today
from coalition.campaigns.media_package.enums import AnswerWay, Format, OutletAnswer
from coalition.campaigns.media_package.models import MediaItem, NoticeRecipient, PackageLink
from coalition.campaigns.media_package.notices.actions import answer_by_link, record_answer
from coalition.campaigns.media_package.notices.queries import newest_notice
from coalition.campaigns.media_package.outlets.access import open_link
from coalition.campaigns.media_package.outlets.actions import (
    agree_to_embargo,
    embargo_code,
    give_link,
    note_taken,
)
from coalition.campaigns.media_package.outlets.coverage import log_airing
from coalition.core.clock import freeze_clock_at
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from demo.load import Record
from demo.seed.accounts import Accounts
from demo.seed.dates import clock
from demo.seed.history import History
from demo.seed.workspaces import access_of

GIVEN, TAKEN = 12, 11  # days ago
ANSWERED = 1  # the notice went out two days before, with the correction
CLIP = "clip-no-harassment"


@dataclass
class OutletsPlan:
    """`items`: of the package, by name, once they are made."""

    record: Record
    accounts: Accounts
    workspace: Workspace
    items: dict[str, MediaItem]
    links: list[PackageLink] = field(default_factory=list)

    @property
    def press(self) -> Access:
        """The press officer's access, read anew."""
        return access_of(self.accounts.people[self.record["press"]], self.workspace)


def plan_outlets(
    record: Record, accounts: Accounts, workspace: Workspace, items: dict[str, MediaItem], history: History
) -> None:
    """Plan what outlets do with the package. Call once its page and its items are planned."""
    plan = OutletsPlan(record, accounts, workspace, items)
    history.add(GIVEN, partial(_give_links, plan))
    history.add(TAKEN, partial(_take, plan))
    for place, one in enumerate(record["outlets"]):
        if "aired" in one:
            history.add(one["aired"]["on_days_ago"], partial(_air, plan, place, one["aired"]))
    history.add(ANSWERED, partial(_answer_all, plan))


def _give_links(plan: OutletsPlan) -> None:
    """Give each outlet a link; the first is the media partner. No address, so no mail."""
    package = plan.items[CLIP].package
    partner: Organisation | None = plan.accounts.organisations[plan.record["partner"]]
    for one in plan.record["outlets"]:
        link = give_link(
            access=plan.press,
            package=package,
            language=Language(one["language"]),
            outlet=one.get("outlet", ""),
            organisation=partner if "outlet" not in one else None,
        )
        if one.get("agreed"):
            until = embargo_code(open_link(link).embargo_until)
            link = agree_to_embargo(link=link, until=until)
        plan.links.append(link)


def _take(plan: OutletsPlan) -> None:
    """Note what each outlet took: files that are there; without ffmpeg the clip itself is not."""
    for one, link in zip(plan.record["outlets"], plan.links, strict=True):
        files = {
            (file.item.name, file.format, file.language): file
            for judged in open_link(link).judged
            for file in judged.files
        }
        wanted = [_key(name, one["language"]) for name in one["takes"]]
        taken = [files[key] for key in wanted if key in files]
        if not taken:
            raise LookupError(f"{one.get('outlet', plan.record['partner'])} took nothing")
        note_taken(link, taken)


def _key(name: str, language: str) -> tuple[str, str, str]:
    """Return item, format and language of "item:format": subtitles in the outlet's language, all else in
    Kazakh."""
    item, _colon, file_format = name.partition(":")
    return item, file_format, language if file_format == Format.SUBTITLES else "kk"


def _air(plan: OutletsPlan, place: int, record: Record) -> None:
    log_airing(
        source=plan.links[place],
        item=plan.items[CLIP],
        kind="tv",
        on=site_today(),
        aired_at=clock(record["at"]),
        programme=record["programme"],
        title=record["title"],
        language=Language.KK,
    )


def _answer_all(plan: OutletsPlan) -> None:
    """Answer the notice about the clip's correction, each outlet some hours after it."""
    notice = newest_notice(plan.items[CLIP])
    if notice is None:
        raise LookupError(CLIP)
    rows = {one.link_id: one for one in notice.recipients.select_related("link")}
    for one, link in zip(plan.record["outlets"], plan.links, strict=True):
        if "answer" in one:
            answer = one["answer"]
            with freeze_clock_at(notice.sent_at + datetime.timedelta(hours=answer["after_hours"])):
                _answer(plan, rows[link.pk], answer)


def _answer(plan: OutletsPlan, recipient: NoticeRecipient, record: Record) -> None:
    answer, way = OutletAnswer(record["kind"]), AnswerWay(record["way"])
    aired = answer == OutletAnswer.AIRED
    fields = {
        "aired_on": plan.items[CLIP].coverage.get().coverage.on if aired else None,
        "removed_from": record.get("from", []),
    }
    if way == AnswerWay.LINK:
        answer_by_link(recipient=recipient, answer=answer, **fields)
    else:
        record_answer(access=plan.press, recipient=recipient, answer=answer, way=way, **fields)
