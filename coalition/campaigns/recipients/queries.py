"""Bodies, and the people in them to whom cards and letters go."""

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coalition.campaigns.core.days import site_today
from coalition.campaigns.recipients.models import Body, ImportState, Target, TargetImport
from coalition.core.localized_text import LocalizedText, language_codes
from coalition.workspaces.models import Workspace

OLD_AFTER: Final = datetime.timedelta(days=180)  # a list is then to be compared with its source again


def bodies_of(workspace: Workspace, *, archived: bool = False) -> QuerySet[Body]:
    """Bodies of a workspace with `in_office`, the number of their people, and `has_proposal`, whether an
    import waits for review. One query."""
    rows = Body.objects.filter(workspace=workspace, archived_at__isnull=not archived)
    proposed = TargetImport.objects.filter(body=OuterRef("pk"), state=ImportState.PROPOSED)
    in_office = Count("targets", filter=Q(targets__gone_on=None))
    return rows.annotate(in_office=in_office, has_proposal=Exists(proposed)).order_by("id")


def is_old(body: Body, day: datetime.date | None = None) -> bool:
    """Whether its list is older than 180 days on this day (today if None)."""
    return body.as_of is not None and body.as_of < (day or site_today()) - OLD_AFTER


def targets_in_office(bodies: Collection[Body] | QuerySet[Body]) -> QuerySet[Target]:
    """People who are in office now in these bodies, but for archived ones, with `body`. One query."""
    rows = Target.objects.filter(body__in=bodies, body__archived_at=None, gone_on=None)
    return rows.select_related("body")


def targets_of(body: Body, *, gone: bool = False) -> QuerySet[Target]:
    """Everybody of one body who is in office, or who is gone."""
    return Target.objects.filter(body=body, gone_on__isnull=not gone)


@dataclass(frozen=True)
class TargetGroup:
    """People who have something in common. `key`: to choose it by, in forms and addresses; `label`: a text in
    several languages, or a code (of a region, of a language)."""

    key: str
    label: LocalizedText | str
    count: int


def committees_of(bodies: Collection[Body] | QuerySet[Body]) -> list[TargetGroup]:
    """Committees of people in office in these bodies, in the alphabet of the active language. One query."""
    return text_groups(targets_in_office(bodies), "committee")


def lists_of(bodies: Collection[Body] | QuerySet[Body]) -> list[TargetGroup]:
    """Party lists and districts of them. One query."""
    return text_groups(targets_in_office(bodies), "electoral_list")


def regions_of(bodies: Collection[Body] | QuerySet[Body]) -> list[TargetGroup]:
    """Region codes of them. One query."""
    return code_groups(targets_in_office(bodies).values_list("region", flat=True))


def languages_of(bodies: Collection[Body] | QuerySet[Body]) -> list[TargetGroup]:
    """Codes of languages in which they are written to. One query."""
    rows = targets_in_office(bodies).values_list("languages", flat=True)
    return code_groups(code for codes in rows for code in codes)


def text_key(text: LocalizedText) -> str:
    """Return by which text a group is chosen: that in the first content language in which there is one."""
    return next((text[code] for code in language_codes() if code in text), "")


def text_groups(rows: QuerySet[Target], name: str) -> list[TargetGroup]:
    """Return the values of a text field of these people, without the empty one. One query."""
    return _text_groups(rows.order_by().values_list(name, flat=True))


def groups_among(people: Iterable[Target], name: str) -> list[TargetGroup]:
    """The same of people who are loaded. No query."""
    return _text_groups(getattr(one, name) for one in people)


def _text_groups(values: Iterable[LocalizedText]) -> list[TargetGroup]:
    counts: dict[str, int] = {}
    labels: dict[str, LocalizedText] = {}
    for text in values:
        if key := text_key(text):
            counts[key] = counts.get(key, 0) + 1
            labels.setdefault(key, text)
    found = [TargetGroup(key, labels[key], count) for key, count in counts.items()]
    return sorted(found, key=lambda group: str(group.label).casefold())


def code_groups(codes: Iterable[str]) -> list[TargetGroup]:
    """Return the codes with how often each occurs, in their order, without the empty one."""
    counts: dict[str, int] = {}
    for code in codes:
        if code:
            counts[code] = counts.get(code, 0) + 1
    return [TargetGroup(code, code, counts[code]) for code in sorted(counts)]


def in_group(
    targets: Iterable[Target],
    *,
    committee: str = "",
    electoral_list: str = "",
    region: str = "",
    language: str = "",
    words: str = "",
) -> list[Target]:
    """Return those of the people who match everything that is not empty: keys of groups, and `words` in the
    name, the position or the identifier. No query."""
    tests: list[Callable[[Target], bool]] = []
    if committee:
        tests.append(lambda one: text_key(one.committee) == committee)
    if electoral_list:
        tests.append(lambda one: text_key(one.electoral_list) == electoral_list)
    if region:
        tests.append(lambda one: one.region == region)
    if language:
        tests.append(lambda one: language in one.languages)
    if wanted := words.casefold().split():
        tests.append(lambda one: all(word in _searched(one) for word in wanted))
    return [target for target in targets if all(test(target) for test in tests)]


def _searched(target: Target) -> str:
    texts = [*target.name.values(), *target.position.values(), target.external_id]
    return " ".join(texts).casefold()


def imports_of(body: Body) -> QuerySet[TargetImport]:
    """Its imports, the newest first, without what was read."""
    rows = TargetImport.objects.filter(body=body).defer("records", "difference")
    return rows.select_related("body", "made_by", "organisation").order_by("-id")


def count_of_bodies(workspace: Workspace) -> dict[str, Any]:
    """Return `bodies`, `people` in office, `old` lists and imports `to_review` of a workspace. One query."""
    rows: list[Any] = list(bodies_of(workspace))  # with what is annotated
    return {
        "bodies": len(rows),
        "people": sum(row.in_office for row in rows),
        "old": sum(is_old(row) for row in rows),
        "to_review": sum(row.has_proposal for row in rows),
    }
