"""The demo's media package: twelve items with files that our own code makes, approved as every other text.

No worker prepares the files: the steps do it. The clips are made in a thread while the rest is seeded;
without ffmpeg there are none, and everything else is the same.
"""

import io
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from coalition.accounts.models import Language
from coalition.campaigns.media_package.actions.items import create_item
from coalition.campaigns.media_package.actions.packages import create_package, publish_package
from coalition.campaigns.media_package.actions.renditions import PREPARE, add_rendition, prepare_rendition
from coalition.campaigns.media_package.enums import Format, ItemKind, RenditionState
from coalition.campaigns.media_package.measuring.copies import make_copy
from coalition.campaigns.media_package.measuring.copy_work import AUTOMATIC, COPY, key_for
from coalition.campaigns.media_package.models import (
    FileUpload,
    MediaItem,
    MediaPackage,
    Rendition,
    UploadPiece,
)
from coalition.campaigns.media_package.posters.content import package_address
from coalition.campaigns.media_package.posters.setting import SET_POSTERS, set_posters
from coalition.campaigns.media_package.sections import HEADINGS
from coalition.campaigns.media_package.uploads.pieces import piece_storage
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.workspaces.actions.workspaces import add_organisation_as_secretariat
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from demo.clip import make_clip, make_sound, make_story_clip
from demo.load import Demo, Record
from demo.seed.accounts import SECRETARIAT, Accounts
from demo.seed.approval_rounds import plan_round
from demo.seed.drafts import DraftPlan, plan_texts
from demo.seed.embargoes import plan_embargo
from demo.seed.facts import Facts
from demo.seed.history import History
from demo.seed.media_outlets import plan_outlets
from demo.seed.workspaces import access_of
from documents.drafts.models import Handling, TextKind
from documents.files.actions import upload_file
from documents.models import Draft, Publication

MADE, WRITTEN, PUT, CLOSED, PUBLISHED, OPENED = 24, 22, 17, 15, 14, 13  # days ago
CORRECTED, PUT_AGAIN, CLOSED_AGAIN, PUBLISHED_AGAIN = 6, 5, 4, 3
UNDER_EMBARGO: Final = "interview-first-word"
EMBARGO: Final = {"scheduled_days_ago": PUBLISHED, "in_days": 6, "at": "10:00", "people": []}
LISTS: Final = frozenset({"lower_thirds", "shot_list"})
SOUNDING: Final = frozenset({"video", "interview", "audio"})


@dataclass
class PackagePlan:
    """The package of the data with what was seeded of it. `clips`: by format, made in a thread."""

    record: Record
    accounts: Accounts
    workspace: Workspace
    facts: Facts
    clips: Mapping[Format, "Future[bytes | None]"]
    items: dict[str, MediaItem] = field(default_factory=dict)
    row: MediaPackage | None = None

    @property
    def package(self) -> MediaPackage:
        if self.row is None:
            raise LookupError(self.record["slug"])
        return self.row

    @property
    def access(self) -> Access:
        """The coordinator's, read anew."""
        return access_of(self.accounts.people[self.record["by"]], self.workspace)


def plan_media_package(
    demo: Demo, accounts: Accounts, workspace: Workspace, facts: Facts, history: History
) -> None:
    """Plan the package: items with their files, approvals, the page, outlets and a correction."""
    plan = PackagePlan(demo.media_package, accounts, workspace, facts, _start_clips())
    history.add(MADE, partial(_make, plan))
    for record in plan.record["items"]:
        _plan_item(plan, record, demo, history)
    history.add(OPENED, partial(_open, plan))
    plan_outlets(plan.record, accounts, workspace, plan.items, history)


def remove_media_packages(workspaces: Collection[int]) -> None:
    """Delete packages with their files' rows, links and notices, pieces of uploads, and work that waits."""
    renditions = Rendition.objects.filter(item__package__workspace__in=workspaces)
    keys = [str(one.uuid) for one in renditions] + [
        key_for(one, code) for one in renditions for code in (*AUTOMATIC, Format.INTERLACED)
    ]
    drafts = MediaItem.objects.filter(package__workspace__in=workspaces).values("draft")
    publications = Publication.objects.filter(draft__in=drafts).values_list("uuid", flat=True)
    scheduler.delete_work([*keys, *(str(uuid) for uuid in publications)])
    pieces = UploadPiece.objects.filter(upload__item__package__workspace__in=workspaces)
    for name in pieces.values_list("name", flat=True):
        transaction.on_commit(partial(piece_storage().delete, name))
    FileUpload.objects.filter(item__package__workspace__in=workspaces).delete()
    MediaPackage.objects.filter(workspace__in=workspaces).delete()


def _start_clips() -> Mapping[Format, "Future[bytes | None]"]:
    pool = ThreadPoolExecutor(max_workers=1)
    made = {Format.MASTER: pool.submit(make_clip, "kk"), Format.STORY: pool.submit(make_story_clip, "kk")}
    pool.shutdown(wait=False)
    return made


def _make(plan: PackagePlan) -> None:
    """Let the media partner take part in the workspace, and make the package with its press contact."""
    add_organisation_as_secretariat(
        by=plan.accounts.people[SECRETARIAT],
        workspace=plan.workspace,
        organisation=plan.accounts.organisations[plan.record["partner"]],
    )
    contact = plan.accounts.people[plan.record["press"]]
    plan.row = create_package(
        access=plan.access,
        title=plan.record["title"],
        slug=plan.record["slug"],
        contact_name=contact.name,
        contact_phone=contact.phone,
        contact_mail=contact.email,
    )


def _plan_item(plan: PackagePlan, record: Record, demo: Demo, history: History) -> None:
    draft = DraftPlan(draft_record(plan.record, record), plan.accounts, plan.workspace, plan.facts)
    history.add(WRITTEN, partial(_begin, plan, record, draft))
    if "corrected" in record:
        history.add(CORRECTED, partial(_correct_subtitles, plan, record["name"]))
    plan_texts(draft, history)
    plan_round(draft, demo, history)
    plan_embargo(draft, history)
    if "publication" in draft.record:
        history.add(PUBLISHED, partial(_set_pictures, plan, record["name"]))


def _open(plan: PackagePlan) -> None:
    plan.row = publish_package(access=plan.access, package=plan.package)


# --- Words: an item's text as a record of `demo/data/drafts` --------------------------------------


def draft_record(package: Record, item: Record) -> Record:
    """Return the item's text as a draft with a round, and a publication or an embargo."""
    by, corrected = package["by"], item.get("corrected")
    record: Record = {
        "id": item["name"],
        "kind": TextKind.MEDIA_ITEM,
        "title": item["title"]["kk"],
        "handling": Handling.WORKSPACE,
        "first_language": Language.KK,
        "author": by,
        "days_ago": WRITTEN,
        "texts": {code: _text(package, item, code) for code in Language.values},
        "round": _round(package, 1, PUT, CLOSED),
    }
    if item["name"] == UNDER_EMBARGO:
        record["embargo"] = {**EMBARGO, "by": by}
    else:
        record["publication"] = {"days_ago": PUBLISHED, "by": by}
    if corrected:
        record["correction"] = {
            "note": corrected["note"],
            "published_days_ago": PUBLISHED_AGAIN,
            "published_by": by,
            "round": _round(package, 2, PUT_AGAIN, CLOSED_AGAIN),
        }
    return record


def _round(package: Record, number: int, opened: int, closes: int) -> Record:
    return {
        "opened_days_ago": opened,
        "deadline_days_ago": closes,
        "opened_by": package["by"],
        "put": dict.fromkeys(Language.values, number),
        "organisations": package["approved_by"],
        "message": "Медиа-топтаманың материалы: мәтіні мен файлдары бірге мақұлданады.",
    }


def _text(package: Record, item: Record, language: str) -> Record:
    address = package_address(MediaPackage(slug=package["slug"]), language)
    versions: list[Record] = [{"name": "Келісуге", "by": package["by"], "days_ago": WRITTEN}]
    parts = dict(item["parts"])
    if corrected := item.get("corrected"):
        before = parts[corrected["part"]][language].replace("{page}", address)
        after = corrected["words"][language].replace("{page}", address)
        parts[corrected["part"]] = corrected["words"]
        versions[0]["differs"] = [{"now": after, "then": before}]
        versions.append({"name": "Түзетілді", "by": package["by"], "days_ago": CORRECTED})
    terms = {key: value for key, value in package["terms"].items() if key != "music"}
    if item["kind"] in SOUNDING:
        terms = {"music": package["terms"]["music"], **terms}
    body = [_paragraph(one) for one in item.get("body", {}).get(language, ())]
    for key, words in {**parts, **terms}.items():
        body.append({"type": "heading", "level": 2, "text": HEADINGS[key][language]})
        body += _blocks(key, words[language], address)
    return {
        "title": item["title"][language],
        "lead": item["lead"][language],
        "by": package["by"],
        "body": body,
        "versions": versions,
    }


def _blocks(key: str, words: str | list[str], address: str) -> list[Record]:
    if key in LISTS:
        return [{"type": "list", "items": list(words)}]
    lines = [words] if isinstance(words, str) else words
    return [_paragraph(one.replace("{page}", address)) for one in lines]


def _paragraph(words: str) -> Record:
    return {"type": "paragraph", "text": words}


# --- Files ------------------------------------------------------------------------------------------


def _begin(plan: PackagePlan, record: Record, draft: DraftPlan) -> None:
    item = create_item(
        access=plan.access,
        package=plan.package,
        title=draft.record["title"],
        kind=ItemKind(record["kind"]),
        name=record["name"],
        sets_formats=record.get("formats", []),
    )
    # These two are set by the field itself, which knows no other time than the host's.
    Draft.objects.filter(pk=item.draft_id).update(created_at=now(), changed_at=now())
    plan.items[record["name"]] = item
    draft.draft = item.draft
    match record["name"]:
        case "clip-no-harassment":
            _add_clip(plan, item, Format.MASTER)
            for language in Language.values:
                _add_timed(plan, item, Format.SUBTITLES, language, corrected=False)
            _add_timed(plan, item, Format.VOICE_OVER, Language.KK, corrected=False)
        case "story-no-harassment":
            _add_clip(plan, item, Format.STORY)
    if record["kind"] in ("interview", "audio"):
        language = Language.KK if record["kind"] == "interview" else ""
        _add_file(plan, item, Format.AUDIO, language, make_sound(), "sound.wav")


def _add_clip(plan: PackagePlan, item: MediaItem, clip_format: Format) -> None:
    """Add the clip, if this machine makes one; of a master the server makes a preview."""
    content = plan.clips[clip_format].result()
    if content is None:
        return
    made = _add_file(plan, item, clip_format, Language.KK, content, "clip.mp4")
    if clip_format == Format.MASTER:
        scheduler.cancel_all((COPY, key_for(made, one)) for one in AUTOMATIC)  # it is lighter than its copy
        make_copy(key_for(made, Format.PREVIEW))
        for copy in made.copies.all():
            _prepare(copy)


def _add_timed(
    plan: PackagePlan, item: MediaItem, timed_format: Format, language: str, *, corrected: bool
) -> None:
    content = timed_words(plan.record["cues"], timed_format, language, corrected=corrected)
    _add_file(plan, item, timed_format, language, content.encode(), "words.vtt")


def timed_words(cues: list[Record], timed_format: Format, language: str, *, corrected: bool) -> str:
    """Return the WebVTT of subtitles or of the announcer's words. `corrected`: not the first version."""

    def spoken_or_subtitle(cue: Record) -> Any:
        if timed_format == Format.VOICE_OVER:
            return cue["voice"]
        words = cue["words"] if corrected or "was" not in cue else cue["was"]
        return words[language]

    lines = [f"{one['from']} --> {one['to']}\n{spoken_or_subtitle(one)}\n" for one in cues]
    return "\n".join(["WEBVTT\n", *lines])


def _correct_subtitles(plan: PackagePlan, name: str) -> None:
    for language in Language.values:
        _add_timed(plan, plan.items[name], Format.SUBTITLES, language, corrected=True)


def _add_file(
    plan: PackagePlan, item: MediaItem, file_format: Format, language: str, content: bytes, name: str
) -> Rendition:
    access = plan.access
    file = upload_file(access=access, content=io.BytesIO(content), size=len(content), name=name)
    type(file).objects.filter(pk=file.pk).update(uploaded_at=now())
    made = add_rendition(access=access, item=item, file=file, rendition_format=file_format, language=language)
    return _prepare(made)


def _prepare(rendition: Rendition) -> Rendition:
    """Do what a worker does with a new file. Raises ValueError if it cannot be used."""
    prepare_rendition(str(rendition.uuid))
    scheduler.cancel(kind=PREPARE, key=str(rendition.uuid))
    rendition.refresh_from_db()
    if rendition.state != RenditionState.READY:
        raise ValueError(f"{rendition.file_name}: {rendition.failure or rendition.state}")
    return rendition


def _set_pictures(plan: PackagePlan, name: str) -> None:
    """Set posters and infographics of the text that was published just now."""
    item = plan.items[name]
    publication = item.draft.publications.newest_public()
    if publication is None:
        raise LookupError(name)
    set_posters(str(publication.uuid))
    scheduler.cancel(kind=SET_POSTERS, key=str(publication.uuid))
    for one in item.renditions.filter(~Q(state=RenditionState.READY)):
        _prepare(one)
