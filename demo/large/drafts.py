"""Drafts of the large demo with their texts and named versions, as the domain would leave them.

Rows are written many at once, and every version has the canonical form and hash of its words.
"""

import datetime
import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation, User
from coalition.roles import SeatRole
from coalition.workspaces.domain import grants
from demo.large.audit import Done, keep_done
from demo.large.wording import body, lead, name_of_version, title
from demo.large.workspaces import Room
from documents.canonical.form import CANON
from documents.canonical.serialise import canonical_bytes
from documents.drafts.actions.restrict import PERMISSION
from documents.drafts.actions.texts import Words, to_approve
from documents.drafts.enums import Handling, TextKind
from documents.models import Draft, DraftText, Version

KINDS = (TextKind.STATEMENT, TextKind.PRESS_RELEASE, TextKind.APPEAL, TextKind.FACT_SHEET, TextKind.LETTER)
MARKS = (Handling.WORKSPACE, Handling.WORKSPACE, Handling.COALITION, Handling.PUBLIC, Handling.WORKSPACE)
BATCH = 500
YEARS = 700  # days over which it all was written
RESTRICTED_EVERY, ARCHIVED_EVERY, MOVED_ON_EVERY, OLDER_EVERY = 25, 9, 7, 5


@dataclass
class Made:
    """One draft with its rows. `states`: how many each language has, and how many of them are named."""

    number: int
    room: Room
    draft: Draft
    begun_at: datetime.datetime
    states: dict[str, tuple[int, int]]
    texts: dict[str, DraftText] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)  # the newest of each language
    done: list[Done] = field(default_factory=list)
    canonical: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)

    @property
    def author(self) -> tuple[User, Organisation, SeatRole]:
        """Who wrote it: any seat that may, in turn."""
        return self.room.writers[self.number // 3 % len(self.room.writers)]


def write_drafts(planned: Iterable[tuple[int, Room, int]], until: datetime.datetime) -> Iterator[list[Made]]:
    """Write drafts given as number, workspace and how many versions; gives them back in batches."""
    for batch in itertools.batched(planned, BATCH, strict=False):
        made = [_begun(number, room, versions, until) for number, room, versions in batch]
        _write(made)
        yield made


def _begun(number: int, room: Room, versions: int, until: datetime.datetime) -> Made:
    age = datetime.timedelta(days=2 + number * 37 % YEARS, minutes=number % 600)
    named = {one: versions // 3 + (place < versions % 3) for place, one in enumerate(Language.values)}
    moved_on = number % MOVED_ON_EVERY == 0
    states = {one: (many, many) for one, many in named.items() if many or one == Language.KK}
    if moved_on:
        states[Language.KK] = (named[Language.KK] + 1, named[Language.KK])
    draft = Draft(
        workspace=room.workspace,
        kind=KINDS[number % len(KINDS)],
        title=title(number, Language.KK),
        handling=MARKS[number % len(MARKS)],
        first_language=Language.KK,
        restricted=number % RESTRICTED_EVERY == RESTRICTED_EVERY - 1,
        archived_at=until if number % ARCHIVED_EVERY == 4 else None,
    )
    made = Made(number, room, draft, until - age, states)
    draft.created_by, draft.organisation, _role = made.author
    return made


def _write(made: list[Made]) -> None:
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
    keep_done([done for one in made for done in one.done])


def _moment(one: Made, state: int) -> datetime.datetime:
    return one.begun_at + datetime.timedelta(hours=5 * state)


def _words(one: Made, language: str, state: int) -> Words:
    return {
        "title": title(one.number, language),
        "lead": lead(one.number, language),
        "body": body(one.number, language, state),
    }


def _text(one: Made, language: str) -> DraftText:
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


def _canonical(one: Made, language: str, state: int) -> tuple[str, str]:
    """The canonical words of a state and their hash, worked out once: the newest version is mostly what the
    text says now."""
    if (language, state) not in one.canonical:
        words = _words(one, language, state)
        document = to_approve(draft=one.draft, language=language, words=words, pictures={})
        said = canonical_bytes(document)
        one.canonical[language, state] = (said.decode(), hashlib.sha256(said).hexdigest())
    return one.canonical[language, state]


def _versions(one: Made) -> Iterator[Version]:
    """Named one after the other, and what the audit log and the workspace hear of them."""
    one.done.append(_done(one, "draft.created", "draft_created", one.begun_at, {"from_template": False}, {}))
    for language, (_states, named) in one.states.items():
        for state in range(1, named + 1):
            version = _version(one, language, state)
            one.versions[language] = version
            told = {"language": language, "number": state}
            one.done.append(
                _done(
                    one,
                    "version.named",
                    "version_named",
                    version.created_at,
                    {**told, "hash": version.hash},
                    {**told, "name": version.name},
                )
            )
            yield version


def _version(one: Made, language: str, state: int) -> Version:
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


def _done(
    one: Made,
    action: str,
    kind: str,
    at: datetime.datetime,
    kept: dict[str, object],
    told: dict[str, object],
) -> Done:
    return Done(
        action=action,
        kind=kind,
        at=at,
        author=one.author,
        workspace=one.room.workspace,
        thing_kind="draft",
        thing=one.draft.uuid,
        kept=kept,
        told={"title": one.draft.title, **told},
        readers=_readers(one) if one.draft.restricted else None,
    )


def _readers(one: Made) -> list[Organisation]:
    """The author's organisation and the next one."""
    own = one.draft.organisation
    others = [other for other in one.room.organisations if other.pk != own.pk]
    return [own, others[one.number % len(others)]] if others else [own]


def _restrict(made: list[Made]) -> None:
    for one in made:
        readers = _readers(one)
        one.draft.restricted_to.set(readers)
        grants.restrict(one.draft, PERMISSION, workspace=one.room.workspace, organisations=readers)
