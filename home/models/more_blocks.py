"""Blocks beside words and pictures: video, box, call to action, organisations."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_mark_for
from coalition.accounts.queries import public_organisations
from coalition.accounts.regions import region_names
from home.models.key_blocks import KeysBlock

PLAIN = ["bold", "italic", "link", "ol", "ul"]


def _language() -> str:
    return (get_language() or Language.KK)[:2]


class VideoBlock(blocks.StructBlock):
    """A video with captions and its text below."""

    video = SnippetChooserBlock(
        "home.PublicVideo",
        label=_("Video"),
        help_text=_("Send it in under Snippets, Videos; it has captions and a transcript there."),
    )
    caption = blocks.CharBlock(
        label=_("Caption"), required=False, max_length=300, help_text=_("What is to be seen, in a sentence.")
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        video = value.get("video")
        if video is None:
            return context
        there = video.languages()
        own = _language() if _language() in there else next(iter(there), "")
        context["tracks"] = [
            {"language": code, "name": Language(code).label, "url": video.captions(code).url}
            for code in there
        ]
        context["own"] = own
        context["transcript"] = {"language": own, "words": video.transcript(own) if own else ""}
        return context

    class Meta:
        icon = "media"
        label = _("Video")
        help_text = _("Nothing plays by itself; the transcript stands folded below.")
        template = "home/blocks/video.html"


class BoxBlock(blocks.StructBlock):
    """A box beside the running text: facts at a glance, where to get help."""

    heading = blocks.CharBlock(
        label=_("Heading"), max_length=90, help_text=_("What the box is about: “Where to get help”.")
    )
    text = blocks.RichTextBlock(label=_("Text"), features=PLAIN, help_text=_("Three lines, or a list."))

    class Meta:
        icon = "info-circle"
        label = _("Box")
        help_text = _("What must be seen even by those who do not read the text.")
        template = "home/blocks/box.html"


class CallBlock(blocks.StructBlock):
    """A call to action: one link, whose text says what happens."""

    text = blocks.CharBlock(
        label=_("Why"), max_length=200, required=False, help_text=_("A sentence before the link.")
    )
    words = blocks.CharBlock(
        label=_("Words of the link"),
        max_length=60,
        help_text=_("What happens: “Write to your deputy”."),
    )
    page = blocks.PageChooserBlock(
        label=_("Page of this site"),
        required=False,
        help_text=_("Where the link leads. For another site use the field below."),
    )
    address = blocks.URLBlock(
        label=_("Or an address elsewhere"), required=False, help_text=_("One of the two, not both.")
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned["page"]) == bool(cleaned["address"]):
            fault = ValidationError(_("Give a page of this site or an address: one of the two."))
            raise blocks.StructBlockValidationError(block_errors={"address": fault})
        return cleaned

    class Meta:
        icon = "link"
        label = _("Call to act")
        help_text = _("One thing that a reader can do now, in a minute.")
        template = "home/blocks/call.html"


def organisations_to_name() -> list[tuple[str, str]]:
    """Return organisations that may be named in public. One query."""
    return [
        (str(one.uuid), display_mark_for(PUBLIC, one, language=_language()).name)
        for one in public_organisations()
    ]


class OrganisationsBlock(blocks.StructBlock):
    """Organisations with their logos. An organisation that withdraws its name is removed at
    once."""

    heading = blocks.CharBlock(
        label=_("Heading"), max_length=90, help_text=_("What they do together: “Who helps in Almaty”.")
    )
    organisations = KeysBlock(
        label=_("Organisations"),
        search_index=False,  # names are not indexed
        choices=organisations_to_name,
        help_text=_("Only those that may be named in public are here to choose."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        chosen, language = set(value.get("organisations") or []), _language()
        context["cards"] = [
            {
                "mark": display_mark_for(PUBLIC, one, language=language),
                "regions": ", ".join(region_names(one.regions)),
                "url": f"/{language}/partners/{one.slug}/",
            }
            for one in public_organisations()
            if str(one.uuid) in chosen
        ]
        return context

    class Meta:
        icon = "group"
        label = _("Organisations")
        help_text = _("Their marks with links to their pages.")
        template = "home/blocks/organisations.html"
