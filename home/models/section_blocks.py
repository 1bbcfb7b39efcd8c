"""Section blocks of composed pages: the first page and the pages of campaigns.

Each may appear anywhere and is hidden if it is empty; `home.sections` finds its content.
"""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.utils.translation import get_language, gettext_lazy as _
from wagtail import blocks

from coalition.accounts.models import REGIONS, Language
from coalition.campaigns.counters.subjects import subjects_to_choose
from coalition.campaigns.letters.public_presenters import letters_to_choose
from coalition.campaigns.media_package.public_list import packages_to_choose
from coalition.campaigns.postcards.public_presenters import postcards_to_choose
from events.core.enums import EventKind
from home.models.blocks import (
    LINKS_AND_STRESS,
    BoxBlock,
    CallBlock,
    FactBlock,
    HelplineBlock,
    KeyBlock,
    KeysBlock,
    NumberBlock,
    PictureBlock,
    QuoteBlock,
    VideoBlock,
    organisations_to_name,
)

COUNTS: Final = {
    "poster": {"max_num": 1},
    "news": {"max_num": 3},
    "events": {"max_num": 3},
    "organisations": {"max_num": 3},
    "help": {"max_num": 1},
    "appeal": {"max_num": 3},
    "counters": {"max_num": 3},
    "postcards": {"max_num": 3},
    "letters": {"max_num": 3},
    "package": {"max_num": 3},
}
MOST_NUMBERS: Final = 3
MOST_CALLS: Final = 3
MOST_NEWS: Final = 8
MOST_EVENTS: Final = 6
MOST_MATERIALS: Final = 12


def _heading_block(otherwise: Any) -> blocks.CharBlock:
    return blocks.CharBlock(label=_("Heading"), max_length=120, required=False, help_text=otherwise)


def _why_block() -> blocks.CharBlock:
    return blocks.CharBlock(
        label=_("Why"), max_length=300, required=False, help_text=_("One or two sentences before the button.")
    )


def topics_to_choose() -> list[tuple[str, str]]:
    """Return topics by translation key, named in the editor's language. One query."""
    # Imported here, since the pages' module contains the topics and needs these blocks.
    from home.models.pages import Topic

    wanted = (get_language() or Language.KK)[:2]
    names: dict[str, str] = {}
    for topic in Topic.objects.select_related("locale"):
        key = str(topic.translation_key)
        if key not in names or topic.locale.language_code == wanted:
            names[key] = topic.name
    return sorted(names.items(), key=lambda one: one[1])


class SectionBlock(blocks.StructBlock):
    """A section. The page renders it (`home.sections`); rendered alone it shows its text, for two
    languages side by side."""

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["words"] = list(block_texts(self, value))
        return context

    class Meta:
        template = "home/cms/section.html"


def block_texts(block: blocks.Block, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the text entered into the block, with the names of the fields, in order."""
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from block_texts(child, value.get(name))
    elif isinstance(block, blocks.ListBlock):
        for one in value or ():
            yield from block_texts(block.child_block, one)
    elif isinstance(block, blocks.StreamBlock):
        for bound in value or ():
            yield from block_texts(bound.block, bound.value)
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock) and value:
        yield str(block.label), value


class PosterBlock(SectionBlock):
    """The poster at the top: two lines and their meaning."""

    first = blocks.CharBlock(
        label=_("First line"), max_length=60, help_text=_("What is wrong, in two or three words.")
    )
    second = blocks.CharBlock(
        label=_("Loud line"), max_length=60, help_text=_("What must be instead. It stands in yellow.")
    )
    lead = blocks.TextBlock(
        label=_("Lead"),
        max_length=400,
        required=False,
        help_text=_(
            "Who speaks and what they want, in one or two sentences. Searching machines show it too."
        ),
    )

    class Meta:
        icon = "pick"
        label = _("Poster")
        help_text = _("Two large lines over the whole width. Best as the first section.")


class FiguresBlock(blocks.StreamBlock):
    """Facts of the register, and numbers with a source."""

    fact = FactBlock()
    number = NumberBlock()

    class Meta:
        max_num = MOST_NUMBERS


class NumbersBlock(SectionBlock):
    """Up to three verifiable figures."""

    heading = _heading_block(_("For example: “Three numbers. Each can be checked.” Empty: “In numbers”."))
    figures = FiguresBlock(
        label=_("Numbers"),
        help_text=_("One to three. Take facts of the register where there are some: they stay up to date."),
    )

    class Meta:
        icon = "order"
        label = _("Numbers and facts")


class LatestNewsBlock(SectionBlock):
    """The latest news."""

    heading = _heading_block(_("Empty: “News”."))
    most = blocks.IntegerBlock(
        label=_("How many"),
        min_value=1,
        max_value=MOST_NEWS,
        default=4,
        help_text=_("Four fill the width well."),
    )
    topics = KeysBlock(
        label=_("Topics"),
        choices=topics_to_choose,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only news on one of these topics. None chosen: all news."),
    )

    class Meta:
        icon = "doc-full"
        label = _("Latest news")
        help_text = _(
            "News comes and goes here by itself. On the first page its placement decides what stands on top; "
            "without news in the language nothing is shown."
        )


class NextEventsBlock(SectionBlock):
    """The next events."""

    heading = _heading_block(_("Empty: “Coming up”."))
    most = blocks.IntegerBlock(
        label=_("How many"),
        min_value=1,
        max_value=MOST_EVENTS,
        default=3,
        help_text=_("Three are read, six are skimmed."),
    )
    kind = KeyBlock(
        label=_("Kind"),
        choices=EventKind.choices,
        required=False,
        help_text=_("Only events of this kind. Empty: of every kind."),
    )
    region = KeyBlock(
        label=_("Region"),
        choices=list(REGIONS.items()),
        required=False,
        help_text=_("Only events in this region. Empty: everywhere."),
    )
    organisation = KeyBlock(
        label=_("Organisation"),
        choices=organisations_to_name,
        required=False,
        help_text=_("Only what it plans or hosts. Empty: of all organisations."),
    )

    class Meta:
        icon = "calendar-alt"
        label = _("Next events")
        help_text = _("Public events come here by themselves and go when they are over.")


class PartnersBlock(SectionBlock):
    """The partners behind it."""

    heading = _heading_block(_("Empty: “Organisations”."))
    organisations = KeysBlock(
        label=_("Organisations"),
        choices=organisations_to_name,
        required=False,
        help_text=_(
            "Those that take part. None chosen: all that may be named, and how many are not. Who asks not to "
            "be named any more is gone from here at once."
        ),
    )

    class Meta:
        icon = "group"
        label = _("Organisations")


class CallsBlock(SectionBlock):
    """Calls to action."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        max_length=120,
        help_text=_("What to do, or how little it takes: “One. Two. Three.”"),
    )
    calls = blocks.ListBlock(
        CallBlock(),
        min_num=1,
        max_num=MOST_CALLS,
        label=_("Calls"),
        help_text=_("One to three. The easiest first."),
    )

    class Meta:
        icon = "link"
        label = _("Calls to act")


class MaterialsBlock(SectionBlock):
    """A collection of published texts and pages."""

    heading = _heading_block(_("Empty: “Materials”."))
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(
            label=_("Page"), page_type=["home.NewsPage", "home.StandardPage", "home.CampaignPage"]
        ),
        min_num=1,
        max_num=MOST_MATERIALS,
        label=_("Pages"),
        help_text=_(
            "Statements, articles and pages, in the order in which they should be read. Where a page is "
            "there in the reader's language, that one is shown; what is taken down is gone from here."
        ),
    )

    class Meta:
        icon = "folder-open-inverse"
        label = _("Materials")


class HowWeKnowBlock(SectionBlock):
    """The sources of the page's facts."""

    heading = _heading_block(_("Empty: “How do we know?”"))
    text = blocks.TextBlock(
        label=_("Before them"),
        required=False,
        max_length=600,
        help_text=_("How you gathered them, in two sentences. The facts follow by themselves."),
    )

    class Meta:
        icon = "help"
        label = _("How we know")
        help_text = _(
            "Lists every fact of the register that stands on this page, with its source and its way."
        )


def appeals_to_choose() -> list[tuple[str, str]]:
    """Return public appeals by their key, named in the editor's language."""
    return [(str(uuid), title) for uuid, title in subjects_to_choose((get_language() or "")[:2])]


def postcards_on_offer() -> list[tuple[str, str]]:
    """Return designs of postcards whose numbers are public, by their key, named in the editor's language."""
    return postcards_to_choose((get_language() or "")[:2])


def letters_on_offer() -> list[tuple[str, str]]:
    """Return public letter actions by their key, named in the editor's language."""
    return letters_to_choose((get_language() or "")[:2])


def packages_on_offer() -> list[tuple[str, str]]:
    """Return public media packages by their key, named in the editor's language."""
    return packages_to_choose((get_language() or "")[:2])


class HelpBlock(SectionBlock):
    """A link to the page of help, and lines with their hours."""

    heading = _heading_block(_("Empty: “Help now”."))

    class Meta:
        icon = "help"
        label = _("Help")
        help_text = _(
            "Leads to the page of helplines in one press, and shows up to six lines with their hours. They "
            "come from the register of the coalition. Mark the page as one with a safe exit."
        )


class AppealBlock(SectionBlock):
    """An appeal with its number, its goal and one button."""

    heading = _heading_block(_("Empty: the title of the appeal."))
    appeal = KeyBlock(
        label=_("Appeal"),
        choices=appeals_to_choose,
        help_text=_("Only public appeals are here to choose. What is taken down is gone from here."),
    )
    text = _why_block()

    class Meta:
        icon = "pick"
        label = _("Appeal")
        help_text = _("The number of those who support it online keeps itself up to date.")


class CountersBlock(SectionBlock):
    """All ways of taking part in an appeal, each with its number."""

    heading = _heading_block(_("Empty: “What there is so far”."))
    appeal = KeyBlock(
        label=_("Appeal"),
        choices=appeals_to_choose,
        help_text=_("Whose numbers are shown."),
    )

    class Meta:
        icon = "order"
        label = _("Counters")
        help_text = _("Five numbers side by side, each with how it is counted. They are never added up.")


class PostcardsBlock(SectionBlock):
    """Postcards: how many were printed, handed out, counted and delivered."""

    heading = _heading_block(_("Empty: “Postcards”."))
    design = KeyBlock(
        label=_("Design"),
        choices=postcards_on_offer,
        help_text=_("Only designs whose numbers are public are here to choose."),
    )

    class Meta:
        icon = "mail"
        label = _("Postcards")
        help_text = _("One line of numbers from the ledger, which keeps itself up to date.")


class LettersBlock(SectionBlock):
    """A letter action with its number of declared letters and one button."""

    heading = _heading_block(_("Empty: the title of the letters."))
    action = KeyBlock(
        label=_("Letter action"),
        choices=letters_on_offer,
        help_text=_("Only opened letter actions are here to choose. What is taken down is gone from here."),
    )
    text = _why_block()

    class Meta:
        icon = "edit"
        label = _("Letters")
        help_text = _("The number of letters that people declared keeps itself up to date.")


class PackageBlock(SectionBlock):
    """A media package, with a link to its page."""

    heading = _heading_block(_("Empty: the title of the package."))
    package = KeyBlock(
        label=_("Media package"),
        choices=packages_on_offer,
        help_text=_("Only public packages are here to choose. What is closed is gone from here."),
    )
    text = _why_block()

    class Meta:
        icon = "folder-open-inverse"
        label = _("Media package")
        help_text = _("Leads to posters, films and texts that newsrooms take as they are.")


class FilmBlock(SectionBlock):
    """A film, with a link to its page."""

    heading = _heading_block(_("Empty: the title of the film."))
    film = blocks.PageChooserBlock(
        label=_("Film"),
        page_type=["home.FilmPage"],
        help_text=_(
            "In the reader's language, if there is one. Without it, or its consent, nothing stands here."
        ),
    )
    text = _why_block()

    class Meta:
        icon = "media"
        label = _("Film")


class StoriesBlock(SectionBlock):
    """The newest stories, and a link to all."""

    heading = _heading_block(_("Empty: “Stories”."))
    most = blocks.IntegerBlock(label=_("How many"), min_value=1, max_value=MOST_NUMBERS, default=3)

    class Meta:
        icon = "openquote"
        label = _("Stories")
        help_text = _("Stories come here by themselves, and go with the consent of who tells them.")


class SectionsBlock(blocks.StreamBlock):
    """The sections of a composed page."""

    poster = PosterBlock()
    numbers = NumbersBlock()
    news = LatestNewsBlock()
    events = NextEventsBlock()
    organisations = PartnersBlock()
    calls = CallsBlock()
    text = blocks.RichTextBlock(
        label=_("Text"),
        features=LINKS_AND_STRESS,
        template="home/blocks/text.html",
        help_text=_("Running text. Headings of two levels; the first level is the name of a part."),
    )
    picture = PictureBlock()
    box = BoxBlock(
        help_text=_("Stands alone in yellow over the whole width: where to get help, what is urgent.")
    )
    help = HelpBlock()
    appeal = AppealBlock()
    counters = CountersBlock()
    postcards = PostcardsBlock()
    letters = LettersBlock()
    package = PackageBlock()

    class Meta:
        block_counts = COUNTS


class CampaignSectionsBlock(SectionsBlock):
    """The same, and sections for campaigns."""

    quote = QuoteBlock()
    video = VideoBlock()
    helpline = HelplineBlock()
    materials = MaterialsBlock()
    film = FilmBlock()
    stories = StoriesBlock()
    how = HowWeKnowBlock()

    class Meta:
        block_counts = COUNTS | {"how": {"max_num": 1}, "stories": {"max_num": 1}}
