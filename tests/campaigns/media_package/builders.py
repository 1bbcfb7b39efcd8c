"""A workspace with a media package, items, files, and outlets that take them."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from coalition.campaigns.media_package.actions.items import create_item
from coalition.campaigns.media_package.actions.packages import create_package, publish_package
from coalition.campaigns.media_package.actions.renditions import add_rendition, prepare_rendition
from coalition.campaigns.media_package.enums import Format, ItemKind
from coalition.campaigns.media_package.gate import JudgedItem, PackageGate, items_with_files
from coalition.campaigns.media_package.models import MediaItem, MediaPackage, Rendition
from coalition.jobs import scheduler
from coalition.jobs.models import DueWork
from coalition.workspaces.permissions import Access
from documents.drafts.actions.manage import name_version
from documents.files.actions import upload_file
from documents.models import Publication
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import Stage, stage
from tests.recording import recorded

LANGUAGES = ("kk", "ru", "en")
CREDIT = {"kk": "Авторлары", "ru": "Авторы", "en": "Credit"}
LICENCE = {"kk": "Пайдалану шарты", "ru": "Условия использования", "en": "Licence"}


def blocks(*parts: tuple[str, str]) -> dict[str, Any]:
    """Return the editor's JSON of parts: a heading (or "") and one paragraph each."""
    content: list[dict[str, Any]] = []
    for heading, words in parts:
        if heading:
            content.append(
                {
                    "type": "heading",
                    "attrs": {"level": 2},
                    "content": [{"type": "text", "text": heading}],
                }
            )
        content.append({"type": "paragraph", "content": [{"type": "text", "text": words}]})
    return {"type": "doc", "content": content}


def body_of(answer: HttpResponseBase) -> bytes:
    """Return the whole body, also of a file that leaves in pieces."""
    if isinstance(answer, HttpResponse):
        return answer.content

    async def gather() -> bytes:
        assert isinstance(answer, StreamingHttpResponse)
        return b"".join([piece async for piece in answer])

    return async_to_sync(gather)()


def last_attempt(kind: str, key: str) -> None:
    """Let the worker make the last attempt of this work."""
    found = DueWork.objects.filter(kind=kind, key=key)
    found.update(attempts=scheduler.MOST_ATTEMPTS - 1, error="the attempts before failed")
    scheduler.run_due(worker="test")
    assert found.get().done_at is not None


@dataclass
class Press:
    """A package of the stage's workspace; `made.access` is the coordinator's."""

    made: Stage
    package: MediaPackage
    items: list[MediaItem] = field(default_factory=list)

    @property
    def access(self) -> Access:
        return self.made.access

    @recorded
    def item(self, name: str = "film", kind: ItemKind = ItemKind.VIDEO, **fields: Any) -> MediaItem:
        """Add an item whose text is still the template."""
        item = create_item(
            access=self.access, package=self.package, title=f"Item {name}", kind=kind, name=name, **fields
        )
        self.items.append(item)
        return item

    @recorded
    def file(
        self,
        item: MediaItem,
        content: bytes = b"Words for the announcer.",
        *,
        name: str = "words.txt",
        rendition_format: Format = Format.DOCUMENT,
        language: str = "",
    ) -> Rendition:
        """Add a file and prepare it, as the worker does."""
        stored = upload_file(access=self.access, content=BytesIO(content), size=len(content), name=name)
        made = add_rendition(
            access=self.access,
            item=item,
            file=stored,
            rendition_format=rendition_format,
            language=language,
        )
        prepare_rendition(str(made.uuid))
        made.refresh_from_db()
        return made

    @recorded
    def approve(
        self, item: MediaItem, words: str = "Every third woman.", *, languages: tuple[str, ...] = LANGUAGES
    ) -> Publication:
        """Write the item's text in these languages, have it approved and publish it."""
        own = Stage(
            self.made.workspace,
            self.made.coordinator,
            item.draft,
            self.made.organisations,
            self.made.representatives,
        )
        versions = []
        for language in languages:
            text = own.write_blocks(
                blocks(("", words), (CREDIT[language], "The coalition"), (LICENCE[language], "Free to air")),
                language,
                title=f"{words} ({language})",
            )
            versions.append(name_version(access=self.access, text=text, name="As agreed"))
        round_ = own.put(versions=versions)
        own.approve_all(round_)
        return publish_approved(access=self.access, round_=round_)

    def judge(self, item: MediaItem, language: str = "kk", *, before_embargo: bool = False) -> JudgedItem:
        """Evaluate the item now."""
        rows = items_with_files(self.package).filter(pk=item.pk)
        return PackageGate(language, before_embargo).judge(rows)[0]


@recorded
def press(*, published: bool = False) -> Press:
    """A package without items; `published`: with one film that was approved with a file, and an open page."""
    made = stage()
    package = create_package(
        access=made.access, title={"kk": "Пакет", "ru": "Пакет", "en": "Package"}, slug="package"
    )
    own = Press(made, package)
    if published:
        item = own.item()
        own.file(item)
        own.approve(item)
        own.package = publish_package(access=made.access, package=package)
    return own
