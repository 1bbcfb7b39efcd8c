"""Drafts: written, translated and named as versions, in the order of time."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from demo import art
from demo.body import editor_body
from demo.load import Record, text_at
from demo.seed.accounts import Accounts
from demo.seed.facts import Facts, with_facts
from demo.seed.history import History
from demo.seed.workspaces import MAIN, access_of
from documents.drafts.actions.manage import create_draft, mark_up_to_date, name_version, save_text
from documents.drafts.models import Handling, TextKind
from documents.files.actions import upload_file
from documents.models import Draft, DraftText, StoredFile, Version


@dataclass
class DraftPlan:
    """One draft of the data with the rows seeded for it."""

    record: Record
    accounts: Accounts
    workspace: Workspace
    facts: Facts = field(default_factory=dict)
    draft: Draft | None = None
    pictures: dict[str, str] = field(default_factory=dict)  # art → UUID of the stored file
    versions: dict[tuple[str, int], Version] = field(default_factory=dict)

    @property
    def row(self) -> Draft:
        if self.draft is None:
            raise LookupError(self.record["id"])
        return self.draft


def plan_drafts(
    records: list[Record],
    accounts: Accounts,
    workspaces: Mapping[str, Workspace],
    facts: Facts,
    history: History,
) -> dict[str, DraftPlan]:
    """Plan the writing of every draft."""
    drafts = {}
    for record in records:
        draft = DraftPlan(record, accounts, workspaces[record.get("workspace", MAIN)], facts)
        history.add(record["days_ago"], partial(_begin, draft))
        plan_texts(draft, history)
        drafts[record["id"]] = draft
    return drafts


def plan_texts(draft: DraftPlan, history: History) -> None:
    """Plan the words and versions of a draft that is begun by then."""
    for language in _source_first(draft.record):
        _plan_text(draft, language, history)


def _source_first(record: Record) -> list[str]:
    return sorted(record["texts"], key=lambda language: language != record["first_language"])


def _plan_text(draft: DraftPlan, language: str, history: History) -> None:
    text = draft.record["texts"][language]
    versions = text.get("versions", [])
    for number, version in enumerate(versions, start=1):
        history.add(version["days_ago"], partial(_name, draft, language, number))
    if not versions:
        history.add(_days_ago(draft.record, text), partial(_save, draft, language, text))
    elif text_at(text, len(versions)) != {key: text[key] for key in ("title", "lead", "body")}:
        history.add(1, partial(_save, draft, language, text))  # it moved on since


def _days_ago(record: Record, text: Record) -> int:
    """Return the day of a text without a version: the draft's own, or that of its source's version."""
    source = text.get("translated_from")
    if not source:
        return int(record["days_ago"])
    return int(record["texts"][source["language"]]["versions"][source["version"] - 1]["days_ago"])


def _begin(draft: DraftPlan) -> None:
    record = draft.record
    access = access_of(draft.accounts.people[record["author"]], draft.workspace)
    draft.draft = create_draft(
        access=access,
        title=record["title"],
        kind=TextKind(record["kind"]),
        handling=Handling(record["handling"]),
        first_language=Language(record["first_language"]),
        restricted_to=[draft.accounts.organisations[one] for one in record.get("restricted_to", ())],
    )
    # These two are set by the field itself, which knows no other time than the host's.
    Draft.objects.filter(pk=draft.draft.pk).update(created_at=now(), changed_at=now())
    drawn = {
        block["art"]: block
        for text in record["texts"].values()
        for block in text["body"]
        if block["type"] == "picture"
    }
    for name, block in drawn.items():
        content = art.cover_png(name)
        file = upload_file(
            access=access,
            content=io.BytesIO(content),
            size=len(content),
            name=f"{name}.png",
            alt=block.get("alt", ""),
            credit=block.get("credit", ""),
        )
        StoredFile.objects.filter(pk=file.pk).update(uploaded_at=now())
        draft.pictures[name] = str(file.uuid)


def _save(draft: DraftPlan, language: str, words: Record, by: str = "") -> DraftText:
    """Replace the text's words; the person has just opened it."""
    person = draft.accounts.people[by or draft.record["texts"][language]["by"]]
    text = DraftText.objects.select_related("draft", "based_on").get(draft=draft.row, language=language)
    return save_text(
        access=access_of(person, draft.workspace),
        text=text,
        title=words["title"],
        lead=words["lead"],
        body=with_facts(editor_body(words["body"], pictures=draft.pictures), draft.facts, language),
    )


def _name(draft: DraftPlan, language: str, number: int) -> None:
    """Save the words of a version and name it."""
    text = draft.record["texts"][language]
    version = text["versions"][number - 1]
    saved = _save(draft, language, text_at(text, number))
    if number > 1 and saved.based_on is not None:  # who translates has looked at what the source says now
        mark_up_to_date(
            access=access_of(draft.accounts.people[text["by"]], draft.workspace),
            text=saved,
            seen_revision=saved.based_on.revision,
        )
    draft.versions[language, number] = name_version(
        access=access_of(draft.accounts.people[version["by"]], draft.workspace),
        text=saved,
        name=version["name"],
    )
