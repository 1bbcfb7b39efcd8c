"""Drafts of the large demo with their texts and named versions, as the actions would write them.

Rows are written in bulk; every version has the canonical form and hash of its words.
"""

import datetime
import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from coalition.accounts.models import Language, Organisation, User
from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import restrict_to_organisations
from demo.large.audit import RecordedAction, record_actions
from demo.large.wording import body, lead, name_of_version, title
from demo.large.workspaces import Seating
from documents.canonical.form import CANON, canonical_bytes
from documents.drafts.actions.manage import PERMISSION
from documents.drafts.actions.texts import TextContent, document_for_approval
from documents.drafts.models import Handling, TextKind
from documents.models import Draft, DraftText, Version

KINDS = (TextKind.STATEMENT, TextKind.PRESS_RELEASE, TextKind.APPEAL, TextKind.FACT_SHEET, TextKind.LETTER)
MARKS = (Handling.WORKSPACE, Handling.WORKSPACE, Handling.COALITION, Handling.PUBLIC, Handling.WORKSPACE)
BATCH = 500
YEARS = 700  # days over which it all was written
RESTRICTED_EVERY, ARCHIVED_EVERY, MOVED_ON_EVERY, OLDER_EVERY = 25, 9, 7, 5


@dataclass
class DraftRows:
    """One draft with its rows. `states`: for each language how many there are, and how many are named."""

    number: int
    seating: Seating
    draft: Draft
    begun_at: datetime.datetime
    states: dict[str, tuple[int, int]]
    texts: dict[str, DraftText] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)  # the newest of each language
    done: list[RecordedAction] = field(default_factory=list)
    canonical: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)

    @property
    def author(self) -> tuple[User, Organisation, SeatRole]:
        """Who wrote it: any seat that may, in turn."""
        return self.seating.writers[self.number // 3 % len(self.seating.writers)]


def write_drafts(
    planned: Iterable[tuple[int, Seating, int]], until: datetime.datetime
) -> Iterator[list[DraftRows]]:
    """Write drafts given as (number, workspace, number of versions), and yield them in batches."""
    for batch in itertools.batched(planned, BATCH, strict=False):
        made = [_begun(number, seating, versions, until) for number, seating, versions in batch]
        _write(made)
        yield made


def _begun(number: int, seating: Seating, versions: int, until: datetime.datetime) -> DraftRows:
    age = datetime.timedelta(days=2 + number * 37 % YEARS, minutes=number % 600)
    named = {one: versions // 3 + (place < versions % 3) for place, one in enumerate(Language.values)}
    moved_on = number % MOVED_ON_EVERY == 0
    states = {one: (many, many) for one, many in named.items() if many or one == Language.KK}
    if moved_on:
        states[Language.KK] = (named[Language.KK] + 1, named[Language.KK])
    draft = Draft(
        workspace=seating.workspace,
        kind=KINDS[number % len(KINDS)],
        title=title(number, Language.KK),
        handling=MARKS[number % len(MARKS)],
        first_language=Language.KK,
        restricted=number % RESTRICTED_EVERY == RESTRICTED_EVERY - 1,
        archived_at=until if number % ARCHIVED_EVERY == 4 else None,
    )
    made = DraftRows(number, seating, draft, until - age, states)
    draft.created_by, draft.organisation, _role = made.author
    return made


def _write(made: list[DraftRows]) -> None:
    Draft.objects.bulk_create([one.draft for one in made])
    for one in made:
        one.draft.created_at = one.begun_at
        one.draft.changed_at = _moment(one, max(states for states, _named in one.states.values()))
    Draft.objects.bulk_update([one.draft for one in made], ["created_at", "changed_at"], batch_size=100)
    for language in Language.values:  # the Kazakh one first: the others are based on it
        rows = [_text(one, language) for one in made]
        DraftText.objects.bulk_create(rows)
    Version.objects.bulk_create([version for one in made for version in _versions(one)], batch_size=BATCH)
    _restrict([one for one in made if one.draft.restricted])
    record_actions([done for one in made for done in one.done])


def _moment(one: DraftRows, state: int) -> datetime.datetime:
    return one.begun_at + datetime.timedelta(hours=5 * state)


def _words(one: DraftRows, language: str, state: int) -> TextContent:
    return {
        "title": title(one.number, language),
        "lead": lead(one.number, language),
        "body": body(one.number, language, state),
    }


def _text(one: DraftRows, language: str) -> DraftText:
    states, _named = one.states.get(language, (0, 0))
    text = DraftText(draft=one.draft, language=language, revision=states)
    if language != Language.KK:
        text.based_on = one.texts[Language.KK]
        older = one.number % OLDER_EVERY == 0
        text.based_on_revision = text.based_on.revision - older if states else 0
    if states:
        words = _words(one, language, states)
        text.title, text.lead, text.body = words["title"], words["lead"], words["body"]
        text.content_hash = _canonical(one, language, states)[1]
        text.changed_by, text.changed_for, _role = one.author
        text.changed_at = _moment(one, states)
    one.texts[language] = text
    return text


def _canonical(one: DraftRows, language: str, state: int) -> tuple[str, str]:
    """Return the canonical form of a state and its hash; cached: the newest is mostly the text itself."""
    if (language, state) not in one.canonical:
        words = _words(one, language, state)
        document = document_for_approval(draft=one.draft, language=language, words=words, pictures={})
        said = canonical_bytes(document)
        one.canonical[language, state] = (said.decode(), hashlib.sha256(said).hexdigest())
    return one.canonical[language, state]


def _versions(one: DraftRows) -> Iterator[Version]:
    """Yield the versions in order, and collect the audit entries and activities about them."""
    one.done.append(
        _action_of(one, "draft.created", "draft_created", one.begun_at, {"from_template": False}, {})
    )
    for language, (_states, named) in one.states.items():
        for state in range(1, named + 1):
            version = _version(one, language, state)
            one.versions[language] = version
            told = {"language": language, "number": state}
            one.done.append(
                _action_of(
                    one,
                    "version.named",
                    "version_named",
                    version.created_at,
                    {**told, "hash": version.hash},
                    {**told, "name": version.name},
                )
            )
            yield version


def _version(one: DraftRows, language: str, state: int) -> Version:
    canonical, digest = _canonical(one, language, state)
    author, organisation, _role = one.author
    return Version(
        text=one.texts[language],
        number=state,
        name=name_of_version(state, language),
        canon=CANON,
        language=language,
        canonical=canonical,
        hash=digest,
        revision=state,
        created_by=author,
        organisation=organisation,
        created_at=_moment(one, state),
    )


def _action_of(
    one: DraftRows,
    action: str,
    kind: str,
    at: datetime.datetime,
    kept: dict[str, object],
    told: dict[str, object],
) -> RecordedAction:
    return RecordedAction(
        action=action,
        kind=kind,
        at=at,
        author=one.author,
        workspace=one.seating.workspace,
        thing_kind="draft",
        thing=one.draft.uuid,
        audit_detail=kept,
        activity_detail={"title": one.draft.title, **told},
        readers=_readers(one) if one.draft.restricted else None,
    )


def _readers(one: DraftRows) -> list[Organisation]:
    """Return the author's organisation and the next one."""
    own = one.draft.organisation
    others = [other for other in one.seating.organisations if other.pk != own.pk]
    return [own, others[one.number % len(others)]] if others else [own]


def _restrict(made: list[DraftRows]) -> None:
    for one in made:
        readers = _readers(one)
        one.draft.restricted_to.set(readers)
        restrict_to_organisations(
            one.draft, PERMISSION, workspace=one.seating.workspace, organisations=readers
        )
