"""Items as things that can show a person under consent, and the words of their published texts."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from coalition.accounts.models import User
from coalition.campaigns.media_package.gate import MEDIA_ITEM, PLACE, item_shown
from coalition.campaigns.media_package.models import MediaItem, Rendition
from coalition.consent.enums import Form
from coalition.consent.gate import may_work_with
from coalition.consent.items import ItemDescription, ItemKind, ShownItem, register_item_kind
from coalition.consent.shared_gates import gates_of
from coalition.core.crypto import parse_uuid
from coalition.workspaces.permissions import access_to
from documents.drafts.actions.texts import document_as_written
from documents.drafts.permissions import may_edit_text
from documents.files.consent import may_open, register_files_of
from documents.files.queries import readable_among
from documents.files.withheld import WordRule, register_word_rule
from documents.publication.models import PublicationText


def _describe(keys: Collection[str]) -> dict[str, ItemDescription]:
    """Return items that are in their packages, with the words that are put to approval next."""
    uuids = [uuid for key in keys if (uuid := parse_uuid(key)) is not None]
    rows = MediaItem.objects.filter(uuid__in=uuids, removed_at=None).select_related("draft", "package")
    found = {}
    for item in rows.prefetch_related("draft__texts"):
        documents = {
            text.language: document_as_written(
                draft=item.draft,
                language=text.language,
                words={"title": text.title, "lead": text.lead, "body": text.body},
            )
            for text in item.draft.texts.all()
            if not text.is_empty
        }
        found[str(item.uuid)] = ItemDescription(
            item_shown(item, documents),
            item.draft.title,
            url=reverse("campaigns:media_item", args=[item.uuid]),
            outside_title=next((str(one["title"]) for one in documents.values()), ""),
        )
    return found


def _may_attach(person: User, key: str) -> bool:
    """Whether the person may change the text of the item with their seat in its workspace."""
    uuid = parse_uuid(key)
    if uuid is None:
        return False
    item = MediaItem.objects.filter(uuid=uuid).select_related("draft", "package__workspace").first()
    if item is None:
        return False
    try:
        access = access_to(person, item.package.workspace.uuid)
    except Http404:
        return False
    return may_edit_text(access, item.draft)


def member_may_open(user: object, rendition: Rendition) -> bool:
    """Whether a member may open a file at the desk: they may read the upload it was made of, and no consent
    to the item or to one of these files has ended."""
    own: Rendition | None = rendition
    while own is not None:
        file = own.file
        if file is not None:
            is_made = own.source_id is not None or own.publication_id is not None
            if not may_open(file) or not (is_made or file in readable_among(user, [file])):
                return False
        own = own.source
    return may_work_with(ShownItem(MEDIA_ITEM, str(rendition.item.uuid)))


def _word_rule() -> WordRule:
    """Return the rule of items: their words are withheld in a language while she does not agree to the item
    in it, as its text says it. Two queries a request if items are under consent, else one."""
    gates = gates_of(PLACE)
    if "media_items" not in gates.memory:
        keys = {key for gate in gates.by_language.values() for key in gate.keys_under_consent(MEDIA_ITEM)}
        rows = MediaItem.objects.filter(uuid__in=keys) if keys else ()
        gates.memory["media_items"] = {item.draft_id: item for item in rows}
    items: dict[int, MediaItem] = gates.memory["media_items"]

    def is_withheld(text: PublicationText) -> bool:
        item = items[text.publication.draft_id]
        documents = {one.language: one.recorded_document for one in text.publication.texts.all()}
        return not gates.by_language[text.language].may_show(item_shown(item, documents))

    return WordRule(items.keys(), is_withheld)


def _files_of(keys: Collection[str]) -> QuerySet[Rendition, int | None]:
    """Return primary keys of stored files of the items with these UUIDs."""
    uuids = [uuid for key in keys if (uuid := parse_uuid(key)) is not None]
    rows = Rendition.objects.filter(item__uuid__in=uuids, file__isnull=False)
    return rows.values_list("file", flat=True)


def register_items() -> None:
    """Register items of media packages. Call once, from `Capability.connect`."""
    register_item_kind(
        ItemKind(
            name=MEDIA_ITEM,
            label=pgettext_lazy("consent item", "Item of a media package"),
            forms=tuple(Form),
            describe=_describe,
            may_attach=_may_attach,
        )
    )
    register_files_of(MEDIA_ITEM, _files_of)
    register_word_rule(_word_rule)
