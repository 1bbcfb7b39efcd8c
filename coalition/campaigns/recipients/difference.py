"""What a list would change in the people of a body, field by field."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from coalition.campaigns.recipients.columns import TEXT_FIELDS
from coalition.campaigns.recipients.models import Target
from coalition.campaigns.recipients.reading import Record

FIELDS: Final = (*TEXT_FIELDS[:4], "region", "languages", "email", "address")  # of `Target`, by their names

# By field: [before, after], as JSON.
type Changes = dict[str, list[Any]]


@dataclass
class Difference:
    """As stored in `TargetImport.difference`, people by their identifiers in the source.

    `added`: records. `changed`: {"id", "name", "fields"}. `back`: the same of people who were gone, with
    "gone_on" and "as_of" as they were. `gone`: {"id", "name"}. `trimmed`: {"row", "email"} of addresses that
    had a space around them. `was`: "source" and "as_of" of the body before it is applied.
    """

    added: list[Record] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    back: list[dict[str, Any]] = field(default_factory=list)
    gone: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0
    trimmed: list[dict[str, Any]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    was: dict[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.back or self.gone)

    def loses_most(self, in_office: int) -> bool:
        """Whether more than half of those in office would be gone: perhaps it is the list of another body."""
        return 2 * len(self.gone) > in_office > 0

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


def difference_between(targets: Iterable[Target], records: Iterable[Record]) -> Difference:
    """Return what `records` change. `targets`: everybody of the body, also who is gone."""
    known = {target.external_id: target for target in targets}
    found, seen = Difference(), set()
    for record in records:
        seen.add(record["id"])
        target = known.get(record["id"])
        if target is None:
            found.added.append(record)
            continue
        changes = changes_of(target, record)
        entry = {"id": target.external_id, "name": dict(target.name), "fields": changes}
        if target.gone_on is not None:
            gone_on, as_of = target.gone_on.isoformat(), target.as_of.isoformat()
            found.back.append({**entry, "gone_on": gone_on, "as_of": as_of})
        elif changes:
            found.changed.append(entry)
        else:
            found.unchanged += 1
    found.gone = [
        {"id": identifier, "name": dict(target.name)}
        for identifier, target in known.items()
        if identifier not in seen and target.gone_on is None
    ]
    return found


def changes_of(target: Target, record: Record) -> Changes:
    """Return the fields that the record changes. Texts in languages without a column stay."""
    changes: Changes = {}
    for name in FIELDS:
        if name not in record:
            continue
        before, after = value_of(target, name), record[name]
        if name in TEXT_FIELDS:
            after = {code: words for code, words in {**before, **after}.items() if words}
        if before != after:
            changes[name] = [before, after]
    return changes


def value_of(target: Target, name: str) -> Any:
    """Return the value of a field as JSON."""
    value = getattr(target, name)
    return dict(value) if name in TEXT_FIELDS else value
