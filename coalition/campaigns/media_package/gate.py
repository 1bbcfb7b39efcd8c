"""Which items and files of a package may be given out now: evaluated at every access, never stored.

An item is given while its text is public (or approved and scheduled, for an outlet that agreed to the
embargo), consent allows the people in it, its licence has not ended, and nobody took it out. A file is given
while its very bytes are approved: they are among the files of the published text, or were made of such a
file, or set of the published text, by this server."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet, TextChoices
from django.utils.translation import get_language, gettext_lazy as _

from coalition.accounts.models import Language
from coalition.campaigns.core.days import site_today
from coalition.campaigns.media_package.enums import Format, RenditionState
from coalition.campaigns.media_package.models import MediaItem, MediaPackage, Rendition
from coalition.consent.enums import Place
from coalition.consent.gate import ConsentGate
from coalition.consent.items import ShownItem
from coalition.consent.shared_gates import gate_for, passes
from documents.canonical.characters import render_text
from documents.canonical.form import Document
from documents.drafts.models import Draft, PublicationState
from documents.files.public_copy import is_limited
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import public_publications
from documents.publication.verification.findings import offline_row

PLACE = Place.PACKAGE
MEDIA_ITEM = "media_item"  # kind of item under consent


class ItemStatus(TextChoices):
    """Whether an item is given out, and if not, why: reasons are for the desk only."""

    GIVEN = "given", _("Given out")
    NOT_APPROVED = "not_approved", _("Its text is not published yet")
    SCHEDULED = "scheduled", _("Approved; under embargo")
    WITHDRAWN = "withdrawn", _("Its text was withdrawn")
    AWAITING = "awaiting", _("A decision about its text is awaited")
    LICENCE_ENDED = "licence_ended", _("Its licence has ended")
    NO_CONSENT = "no_consent", _("Consent does not allow it")
    REMOVED = "removed", _("Taken out of the package")


@dataclass(frozen=True)
class JudgedItem:
    """An item as it may be given now. `documents`: its published text by language; `files`: those that may be
    taken; `publication`: of its text, also a planned or withdrawn one."""

    item: MediaItem
    status: ItemStatus
    publication: Publication | None = None
    documents: Mapping[str, Document] = field(default_factory=dict)
    files: Sequence[Rendition] = ()

    @property
    def is_given(self) -> bool:
        return self.status == ItemStatus.GIVEN

    def document_for(self, language: str) -> Document | None:
        """Return the text in the language, else in Kazakh, Russian or English."""
        order = (language, *Language.values)
        return next((self.documents[code] for code in order if code in self.documents), None)

    def file(self, uuid: object) -> Rendition | None:
        """Return the file with this UUID, if it may be taken."""
        return next((one for one in self.files if one.uuid == uuid), None)


@dataclass
class PackageGate:
    """The judgement for one reader. `language`: in which they read; `before_embargo`: they agreed to the
    embargo, so they also get what is approved and scheduled."""

    language: str
    before_embargo: bool = False
    today: datetime.date = field(default_factory=site_today)
    _gates: dict[str, ConsentGate] = field(default_factory=dict)

    def judge(self, items: Iterable[MediaItem]) -> list[JudgedItem]:
        """Return the items in their order, evaluated now. Six queries at most, whatever their number."""
        rows = list(items)
        publications = _publications({row.draft_id for row in rows})
        return [self._judge(row, publications.get(row.draft_id)) for row in rows]

    def _judge(self, item: MediaItem, publication: Publication | None) -> JudgedItem:
        status = self._status(item, publication)
        if publication is None or status != ItemStatus.GIVEN:
            return JudgedItem(item, status, publication)
        documents = {text.language: text.recorded_document for text in publication.texts.all()}

        def lets_out(language: str) -> bool:
            gate = self._consent(language)
            return passes(gate, MEDIA_ITEM, str(item.uuid), lambda: item_shown(item, documents))

        allowed = {code: document for code, document in documents.items() if lets_out(code)}
        if not allowed:
            return JudgedItem(item, ItemStatus.NO_CONSENT, publication)
        files = [
            one
            for one in _approved_files(item, publication, documents)
            if lets_out(one.language or self.language) and self._may_take(one)
        ]
        return JudgedItem(item, ItemStatus.GIVEN, publication, allowed, files)

    def _status(self, item: MediaItem, publication: Publication | None) -> ItemStatus:
        if item.removed_at is not None:
            return ItemStatus.REMOVED
        if item.licence_until is not None and item.licence_until < self.today:
            return ItemStatus.LICENCE_ENDED
        if publication is None or publication.state == PublicationState.PLANNED:
            return ItemStatus.NOT_APPROVED
        if publication.state == PublicationState.WITHDRAWN:
            return ItemStatus.WITHDRAWN
        if publication.awaiting_since is not None or offline_row(publication) is not None:
            return ItemStatus.AWAITING
        if publication.state == PublicationState.SCHEDULED and not self.before_embargo:
            return ItemStatus.SCHEDULED
        return ItemStatus.GIVEN

    def _may_take(self, rendition: Rendition) -> bool:
        """Whether everybody may read the file and those it was made of, and consent allows their bytes in its
        language."""
        gate = self._consent(rendition.language or self.language)
        own: Rendition | None = rendition
        while own is not None:
            file = own.file
            if file is not None and (file.deleted_at is not None or is_limited(file)):
                return False
            if file is not None and not (
                gate.may_show_bytes(file.sha256) and gate.may_show_bytes(own.sha256)
            ):
                return False
            own = own.source
        return True

    def is_under_consent(self, item: MediaItem, rendition: Rendition) -> bool:
        """Whether the item, the file or one it was made of shows somebody who may take it back: such bytes
        are never left to a cache, and asked for anew while they are sent."""
        gate = self._consent(rendition.language or self.language)
        if gate.is_under_consent(MEDIA_ITEM, str(item.uuid)):
            return True
        own: Rendition | None = rendition
        while own is not None:
            if own.file is not None and (gate.holds_bytes(own.file.sha256) or gate.holds_bytes(own.sha256)):
                return True
            own = own.source
        return False

    def _consent(self, language: str) -> ConsentGate:
        if language not in self._gates:
            self._gates[language] = gate_for(PLACE, language)
        return self._gates[language]


def package_gate(*, before_embargo: bool = False) -> PackageGate:
    """Return the gate for somebody who reads in the active language."""
    return PackageGate((get_language() or "kk").partition("-")[0], before_embargo)


def items_with_files(package: MediaPackage | None = None) -> QuerySet[MediaItem]:
    """Return items, or those of a package, with the files that `PackageGate.judge` needs. Two queries."""
    files = Rendition.objects.filter(removed_at=None).select_related("file", "source__file", "source__source")
    rows = MediaItem.objects.filter(removed_at=None) if package is None else package.items.all()
    return rows.select_related("draft", "package").prefetch_related(Prefetch("renditions", queryset=files))


def files_approved_for(draft: Draft) -> list[Rendition]:
    """Return the files that the public text of an item approves, also while consent, its licence or its
    removal keeps them back: they are given once that ends. Seven queries at most."""
    item = MediaItem.objects.filter(draft=draft).prefetch_related("renditions__source__source").first()
    publication = _publications({draft.pk}).get(draft.pk)
    if item is None or publication is None or publication.state != PublicationState.PUBLIC:
        return []
    documents = {text.language: text.recorded_document for text in publication.texts.all()}
    return _approved_files(item, publication, documents)


def item_shown(item: MediaItem, documents: Mapping[str, Document]) -> ShownItem:
    """Return the item with every word and the bytes that go out with it, as its text has them.

    Files that the server makes of them or of the words are not listed: they show nobody else.
    """
    words = [item.name]
    beside = set()
    for language in sorted(documents):
        document = documents[language]
        words.append(render_text(document, width=None))
        beside |= {one["sha256"] for one in document["attachments"]}
        beside |= {one["sha256"] for one in document["pictures"].values()}
    return ShownItem(MEDIA_ITEM, str(item.uuid), words=tuple(words), beside=tuple(sorted(beside)))


def _publications(drafts: set[int]) -> dict[int, Publication]:
    """Return the newest publication of each draft that was or is public, else the scheduled one, with its
    texts."""
    if not drafts:
        return {}
    visible = public_publications().filter(draft__in=drafts).order_by("number").with_texts()
    found = {one.draft_id: one for one in visible.select_related("taken_off")}
    if missing := drafts - set(found):
        texts = PublicationText.objects.select_related("version").order_by("id")
        scheduled = Publication.objects.filter(draft__in=missing, state=PublicationState.SCHEDULED)
        scheduled = scheduled.select_related("taken_off").prefetch_related(Prefetch("texts", queryset=texts))
        found |= {one.draft_id: one for one in scheduled.order_by("-id")}
    return found


def _approved_files(
    item: MediaItem, publication: Publication, documents: Mapping[str, Document]
) -> list[Rendition]:
    """Return the newest ready files whose bytes are approved, by this publication."""
    approved = {
        (language, one["name"], one["sha256"])
        for language, document in documents.items()
        for one in document["attachments"]
    }

    def is_approved(one: Rendition) -> bool:
        if one.source is not None:
            return one.source.removed_at is None and is_approved(one.source)
        if one.publication_id is not None:
            return one.publication_id == publication.pk
        languages = [one.language] if one.language else list(documents)
        return any((language, one.file_name, one.sha256) in approved for language in languages)

    newest: dict[tuple[str, str, str], Rendition] = {}
    for one in item.renditions.all():
        if one.state != RenditionState.READY or one.removed_at is not None or not is_approved(one):
            continue
        made_of = one.source.format if one.source is not None else ""
        slot = (one.format, one.language, "" if made_of == Format.MASTER else made_of)
        if slot not in newest or newest[slot].version < one.version:
            newest[slot] = one
    return list(newest.values())
