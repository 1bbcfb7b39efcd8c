"""Helplines as pages show them: to the public, and as rows of the desk."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, gettext as _, ngettext

from coalition.accounts.models import REGIONS, Organisation, User, region_names
from coalition.accounts.naming import PUBLIC, Viewer, display_name_for
from coalition.campaigns.helplines.contact import Channel, channels_of
from coalition.campaigns.helplines.content import day_words, language_names
from coalition.campaigns.helplines.enums import CHATS, Answered, EntryState, RunBy
from coalition.campaigns.helplines.health import HelplineProblem, is_overdue
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.opening import OpenState, hours_lines, open_state, state_in_words
from coalition.campaigns.helplines.queries import HelplineState
from coalition.core.localized_text import LocalizedText, content_languages
from coalition.workspaces.sentence_params import person_name


@dataclass(frozen=True)
class HelplineView:
    """A line in words of the active language at one moment. `run_by`: who runs it, as the public may know."""

    entry: HelplineEntry
    state: OpenState
    state_words: str
    run_by: str
    is_state: bool
    channels: list[Channel]
    hours: list[tuple[str, str]]
    languages: list[str]
    regions: list[str]
    anonymous: str
    recorded: str
    checked: str
    is_overdue: bool

    @property
    def can_be_written_to(self) -> bool:
        """Whether there is a chat or a messenger."""
        return any(channel.kind in CHATS for channel in self.channels)

    @property
    def name(self) -> LocalizedText:
        return self.entry.name

    @property
    def name_language(self) -> str:
        return self.entry.name.language_shown()

    @property
    def police_language(self) -> str:
        return self.entry.passed_to_police.language_shown()

    @property
    def summary_language(self) -> str:
        return self.entry.summary.language_shown()


def helpline_view(entry: HelplineEntry, at: datetime.datetime) -> HelplineView:
    """Return the line as the public sees it at an aware moment. No query: read it with line and
    organisation."""
    helpline = entry.helpline
    state = open_state(helpline, entry, at)
    today = timezone.localdate(at)
    return HelplineView(
        entry=entry,
        state=state,
        state_words=state_in_words(state, at),
        run_by=run_by_words(entry),
        is_state=entry.run_by == RunBy.STATE,
        channels=channels_of(entry.channels),
        hours=hours_lines(entry, today),
        languages=language_names(entry.languages),
        regions=region_names(entry.regions),
        anonymous=_ANONYMOUS[Answered(entry.is_anonymous)](),
        recorded=_RECORDED[Answered(entry.is_recorded)](),
        checked=day_words(helpline.checked_on),
        is_overdue=is_overdue(helpline, today),
    )


def helpline_views(entries: Iterable[HelplineEntry], at: datetime.datetime) -> list[HelplineView]:
    """Return the lines in the order of the public page: open ones first, then by the next opening; of those
    that are open alike, first where one can write, since who is watched cannot speak, and then those of the
    whole country."""
    views = [helpline_view(entry, at) for entry in entries]
    return sorted(
        views, key=lambda one: (one.state.sort_key, not one.can_be_written_to, bool(one.entry.regions))
    )


def run_by_words(entry: HelplineEntry) -> str:
    """Return who runs a line, as everybody may know: an organisation only by its listing."""
    if entry.run_by == RunBy.ORGANISATION:
        return display_name_for(PUBLIC, entry.helpline.organisation)
    return str(entry.operator)


_ANONYMOUS = {
    Answered.YES: lambda: _("You need not say who you are."),
    Answered.NO: lambda: _("You are asked who you are."),
    Answered.UNKNOWN: lambda: _("We do not know whether you are asked who you are."),
}
_RECORDED = {
    Answered.YES: lambda: _("Calls and chats are recorded."),
    Answered.NO: lambda: _("Calls and chats are not recorded."),
    Answered.UNKNOWN: lambda: _("We do not know whether calls and chats are recorded."),
}

LINES_WITHOUT_FILTER = 4


@dataclass(frozen=True)
class HelpFilter:
    """What the public page may be narrowed by; without choices it shows no filter."""

    region: str
    language: str
    regions: list[tuple[str, str]]
    languages: list[tuple[str, str]]

    @property
    def is_offered(self) -> bool:
        return bool(self.regions)

    @property
    def is_narrow(self) -> bool:
        return bool(self.region or self.language)


def help_filter(entries: list[HelplineEntry], *, region: str, language: str) -> HelpFilter:
    """Return the filter for these lines (all that are public): from five on, or where regions differ.

    What was asked for is ignored unless it is a region or a language that exists.
    """
    region = region if region in REGIONS else ""
    language = language if language in dict(content_languages()) else ""
    if len(entries) <= LINES_WITHOUT_FILTER and len({tuple(one.regions) for one in entries}) < 2:
        return HelpFilter(region, language, [], [])
    return HelpFilter(
        region, language, [(code, str(name)) for code, name in REGIONS.items()], content_languages()
    )


@dataclass(frozen=True)
class HelplineRow:
    """A line in the desk's list. `badges`: (kind, icon, words) for `components/badge.html`."""

    state: HelplineState
    name: str
    name_language: str
    organisation: str
    is_own: bool
    may_review: bool
    badges: list[tuple[str, str, str]]

    @property
    def helpline(self) -> Helpline:
        return self.state.helpline


def helpline_row(
    viewer: Viewer, state: HelplineState, *, to_review: frozenset[int] = frozenset()
) -> HelplineRow:
    """Return a row for the viewer. `to_review`: primary keys of entries that they may review."""
    name = state.entry.name if state.entry is not None else LocalizedText()
    return HelplineRow(
        state=state,
        name=str(name),
        name_language=name.language_shown(),
        organisation=display_name_for(viewer, state.helpline.organisation),
        is_own=state.helpline.organisation_id in viewer.own,
        may_review=state.in_work is not None and state.in_work.pk in to_review,
        badges=list(_badges(state)),
    )


def _badges(state: HelplineState) -> Iterable[tuple[str, str, str]]:
    if state.problem == HelplineProblem.RETIRED:
        yield "no", "x", _("out of use")
    elif state.is_public:
        yield "public", "horn", _("public")
    elif state.published is not None:
        yield "no", "x", _("hidden from the public")
    if state.in_work is not None:
        kind = "no" if state.in_work.state == EntryState.REJECTED else "wait"
        yield kind, "pen", state.in_work.get_state_display()
    if state.published is not None:
        yield from _check_badges(state)
        yield from _licence_badges(state)
    if state.problem in (HelplineProblem.CLOSED_BY_OPERATOR, HelplineProblem.OVERLOADED):
        yield "wait", "clock", str(HelplineProblem(state.problem).label)


def _check_badges(state: HelplineState) -> Iterable[tuple[str, str, str]]:
    days = state.days_since_check
    if days is None:
        yield "no", "clock", _("never checked")
        return
    words = ngettext("checked %(count)s day ago", "checked %(count)s days ago", days) % {"count": days}
    yield ("wait" if state.is_overdue else "yes"), "clock", _("checked today") if days == 0 else words
    left = state.days_until_hidden
    if state.is_overdue and left is not None:
        yield (
            "no",
            "stop",
            ngettext("hidden in %(count)s day", "hidden in %(count)s days", left) % {"count": left},
        )


def _licence_badges(state: HelplineState) -> Iterable[tuple[str, str, str]]:
    days = state.days_of_licence
    if days is None or days > 30:
        return
    if days < 0:
        yield "no", "stop", _("licence ended")
    else:
        words = ngettext("licence ends in %(count)s day", "licence ends in %(count)s days", days)
        yield "wait", "clock", words % {"count": days}


def person_words(viewer: Viewer, person: User | None, organisation: Organisation | None) -> str:
    """Return who did something: person and organisation as far as the viewer may know them."""
    if organisation is None:
        return ""
    known = display_name_for(viewer, organisation)
    if person is None:
        return known
    name = person_name(viewer, person, organisation)
    return name if known in name else f"{name}, {known}"


def reader_language() -> str:
    """Return the code of the active language."""
    return (get_language() or content_languages()[0][0]).split("-")[0]
