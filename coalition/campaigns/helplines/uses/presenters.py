"""Uses in words, for one reader."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.helplines.health import is_public
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.uses.channels import channel_key, channel_labels, stored_channels
from coalition.campaigns.helplines.uses.enums import Staffed, UseFlag, UseKind
from coalition.campaigns.helplines.uses.flags import flags_of, line_flag
from coalition.campaigns.helplines.uses.models import HelplineUse, published_entry
from coalition.campaigns.helplines.uses.queries import uses_in
from coalition.campaigns.helplines.uses.ready_words import ready_words
from coalition.core.clock import now
from coalition.core.localized_text import content_languages
from coalition.jobs.date_formats import day_in_words, moment_with_time_zone
from coalition.workspaces.permissions import Access


@dataclass(frozen=True)
class UseRow:
    """A use as the workspace reads it. `state`: shape of the staffing answer (`components/state.html`)."""

    use: HelplineUse
    kind: str
    line: str
    line_language: str
    answers_for_line: str
    planner: str
    when: str
    last_day: str
    channels: list[str]
    flags: list[UseFlag]
    state: str
    state_words: str
    is_over: bool

    @property
    def is_severe(self) -> bool:
        return any(flag.is_severe for flag in self.flags)


@dataclass(frozen=True)
class LineChoice:
    """A line to choose from. `why_not`: why it is not offered, "" if it is; `warning` beside one that is."""

    line: Helpline
    name: str
    language: str
    organisation: str
    channels: list[str]
    why_not: str
    warning: str


@dataclass(frozen=True)
class ReadyWords:
    """Words to copy in one language."""

    code: str
    language: str
    words: str


def use_row(use: HelplineUse, viewer: Viewer) -> UseRow:
    """A row without a query: `use` is read `with_lines`."""
    moment = now()
    state, words = _staffing(use, moment)
    entry = use.entry
    return UseRow(
        use=use,
        kind=str(UseKind(use.kind).label),
        line=line_name(entry),
        line_language=entry.name.language_shown() if entry is not None else "",
        answers_for_line=display_name_for(viewer, use.helpline.organisation),
        planner=display_name_for(viewer, use.organisation),
        when=moment_with_time_zone(use.starts_at),
        last_day=day_in_words(use.ends_on) if use.ends_on else "",
        channels=channel_labels(use.channels),
        flags=flags_of(use, moment),
        state=state,
        state_words=words,
        is_over=use.is_over(moment),
    )


def line_name(entry: HelplineEntry | None) -> str:
    """The name of a line, or words for one that is not published."""
    return str(entry.name) if entry is not None else _("A line that is not published")


def line_choices(lines: Iterable[Helpline], viewer: Viewer) -> list[LineChoice]:
    """Lines to choose from; those that are not to be used stand with the reason."""
    return [_choice(line, viewer) for line in lines]


def words_to_copy(use: HelplineUse) -> list[ReadyWords]:
    """Ready words in every language; none for a line that is not published. Of what the use carries and the
    register does not have any more, nothing."""
    entry = use.entry
    if entry is None:
        return []
    keys = {channel_key(one) for one in use.channels}
    if keys.isdisjoint(channel_key(one) for one in entry.channels):
        return []
    return [ReadyWords(code, name, ready_words(entry, keys, code)) for code, name in content_languages()]


def uses_summary(access: Access) -> Summary:
    """The section of the workspace's page “Campaign”. Two queries."""
    moment = now()
    uses = list(uses_in(access).not_over(moment).with_lines())
    if not uses:
        return Summary(
            _("No number of the register is in use here."),
            next_step=_("Take numbers for posters, clips and cards from the register."),
        )
    flagged = sum(1 for use in uses if flags_of(use, moment))
    text = ngettext("%(count)d use of a number.", "%(count)d uses of numbers.", len(uses))
    text %= {"count": len(uses)}
    if flagged:
        warns = ngettext(
            "%(count)d of them has to be looked at.", "%(count)d of them have to be looked at.", flagged
        )
        text = f"{text} {warns % {'count': flagged}}"
    return Summary(text, needs_attention=bool(flagged))


def _choice(line: Helpline, viewer: Viewer) -> LineChoice:
    entry = published_entry(line)
    moment = now()
    flag = line_flag(line, entry, moment)
    words = str(flag.label) if flag is not None else ""
    is_offered = is_public(line, entry, moment)
    return LineChoice(
        line=line,
        name=line_name(entry),
        language=entry.name.language_shown() if entry is not None else "",
        organisation=display_name_for(viewer, line.organisation),
        channels=channel_labels(stored_channels(entry)),
        why_not="" if is_offered else words,
        warning=words if is_offered else "",
    )


def _staffing(use: HelplineUse, moment: datetime.datetime) -> tuple[str, str]:
    """Shape and words of what the line's organisation said."""
    answer = use.staffing
    if use.asked_at is None:
        return "", _("In use when it was added: nobody was asked")
    if answer is None:
        return "unopened", _("The line is asked whether it is staffed")
    day = formats.date_format(timezone.localtime(answer.at), "DATE_FORMAT")
    if answer.answer == Staffed.NO:
        return "objects", _("Not staffed then, said on %(day)s") % {"day": day}
    if answer.until is None:
        return "approved", _("Staffed, confirmed on %(day)s") % {"day": day}
    until = moment_with_time_zone(answer.until)
    if not use.is_confirmed(moment):
        return "unopened", _("Was staffed until %(moment)s; the line is asked again") % {"moment": until}
    return "approved", _("Staffed until %(moment)s, confirmed on %(day)s") % {"moment": until, "day": day}
