"""Facts of the register, their kinds and topics.

Content of a fact's version as plain values: cleaning and validating it; its run in a text.

Content is a mapping with the `SOURCE_FIELDS` of a version and `words`: by language, the `WORDING_FIELDS`.
"""

from collections.abc import Mapping
from typing import Any, Final, TypedDict
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Organisation
from documents.canonical.characters import normal_text
from documents.canonical.form import CanonicalError
from documents.drafts.models import DraftText, Version


class FactKind(models.TextChoices):
    """Whether a figure precedes the sentence."""

    NUMERAL = "numeral", _("A number")
    STATEMENT = "statement", _("A statement without a number")


class FactTopic(models.TextChoices):
    VIOLENCE = "violence", _("Violence and harassment")
    COURTS = "courts", _("Courts and cases")
    LAW = "law", _("Laws")
    HELP = "help", _("Help and care")
    WORK = "work", _("Work")
    COALITION = "coalition", _("The coalition and its campaign")


class FactAct(models.TextChoices):
    """Recorded action on a fact."""

    CREATED = "created", pgettext_lazy("of a fact", "Written down")
    CHANGED = "changed", pgettext_lazy("of a fact", "Changed")
    CHECKED = "checked", pgettext_lazy("of a fact", "Checked")
    RETIRED = "retired", pgettext_lazy("of a fact", "Taken out of use")
    BROUGHT_BACK = "brought_back", pgettext_lazy("of a fact", "Brought back")
    OPENED = "opened", pgettext_lazy("of a fact", "Opened to the public")
    CLOSED = "closed", pgettext_lazy("of a fact", "No longer opened to the public")


LONGEST_NUMERAL = 12
LONGEST_SENTENCE = 240
LONGEST_LINE = 240
LONGEST_HOW = 1200
LONGEST_WHY = 300


class Fact(models.Model):
    """A fact and the organisation that maintains it. It belongs to the coalition, independent of workspaces.

    `current`: its newest version; `checked`: the newest one checked by somebody other than its author, which
    pages display. `opened_at`: its page is public even if nothing public uses it, and the newsroom may use it
    on pages. `search`: text for the search index.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=FactKind)
    topic = models.CharField(_("topic"), max_length=12, choices=FactTopic)
    current = models.ForeignKey("FactVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    checked = models.ForeignKey("FactVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True)
    next_check = models.DateField(_("next check"))
    opened_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    search = models.TextField(editable=False, default="")

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["id"]
        default_permissions = ()
        indexes = [models.Index(fields=["next_check"], condition=Q(retired_at=None), name="facts_to_check")]

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        return reverse("documents:fact", args=[self.uuid])

    @property
    def is_unchecked(self) -> bool:
        """Whether nobody except its author has checked the current words."""
        return self.checked_id is None or self.checked_id != self.current_id


class FactVersion(models.Model):
    """Words of a fact from one moment on. Immutable; texts that use it store its UUID."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    as_of = models.PositiveSmallIntegerField()  # the year for which it is valid
    publisher = models.CharField(max_length=LONGEST_LINE)
    title = models.CharField(max_length=LONGEST_LINE, blank=True)  # of the source's publication
    address = models.URLField(max_length=500, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["fact", "number"], name="one_version_of_a_number")]

    def __str__(self) -> str:
        return f"{self.fact_id}/{self.number}"


class FactWords(models.Model):
    """A version in one language. `sentence` continues the numeral; `source` names the source."""

    version = models.ForeignKey(FactVersion, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(max_length=2, choices=Language)
    numeral = models.CharField(max_length=LONGEST_NUMERAL, blank=True)
    sentence = models.CharField(max_length=LONGEST_SENTENCE)
    scope = models.CharField(max_length=LONGEST_LINE)
    source = models.CharField(max_length=LONGEST_LINE)
    how = models.CharField(max_length=LONGEST_HOW, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_wording_in_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.numeral} {self.sentence}".strip()


class FactEntry(models.Model):
    """An action on a fact: person, organisation, reason, and its words then."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="entries")
    version = models.ForeignKey(FactVersion, on_delete=models.CASCADE, related_name="entries")
    act = models.CharField(max_length=12, choices=FactAct)
    why = models.CharField(max_length=LONGEST_WHY, blank=True)
    next_check = models.DateField()
    at = models.DateTimeField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.act} {self.fact_id}"


class FactUse(models.Model):
    """Use of a fact's version in a current text, or in a named version of one."""

    fact_version = models.ForeignKey(FactVersion, on_delete=models.CASCADE, related_name="uses")
    text = models.ForeignKey(DraftText, null=True, on_delete=models.CASCADE, related_name="fact_uses")
    version = models.ForeignKey(Version, null=True, on_delete=models.CASCADE, related_name="fact_uses")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(text=None, version__isnull=False) | Q(text__isnull=False, version=None),
                name="a_fact_is_used_in_a_text_or_a_version",
            ),
            models.UniqueConstraint(fields=["text", "fact_version"], name="one_use_in_a_text"),
            models.UniqueConstraint(fields=["version", "fact_version"], name="one_use_in_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.fact_version_id} in {self.text_id or self.version_id}"


FIRST_YEAR: Final = 1900
SOURCE_FIELDS: Final = ("as_of", "publisher", "title", "address")
WORDING_FIELDS: Final = ("numeral", "sentence", "scope", "source", "how")

_MISSING_FIELD_MESSAGES: Final = {
    "sentence": _("What is said in this language is missing."),
    "scope": _("Say where and when it holds."),
    "source": _("Name who says so, in this language."),
}


def clean_content(
    *, kind: str, this_year: int, words: Mapping[str, Mapping[str, str]], as_of: int, **source: str
) -> dict[str, Any]:
    """Return the content in the normal form of approved words, so that texts match exactly.

    Languages without a word are left out. Raises ValidationError: with the field of the form for missing
    and invalid values; without a field for characters that no approved text may hold.
    """
    try:
        wordings = {
            code: {name: normal_text(words[code].get(name, ""), "") for name in WORDING_FIELDS}
            for code in Language.values
            if code in words
        }
        publisher, title = (normal_text(source.get(name, ""), "") for name in ("publisher", "title"))
    except CanonicalError as error:
        raise ValidationError(error.message) from error
    wordings = {code: wording for code, wording in wordings.items() if any(wording.values())}
    address = source.get("address", "").strip()
    errors: dict[str, str | Promise] = {}
    for code, wording in wordings.items():
        if kind == FactKind.NUMERAL and not wording["numeral"]:
            errors[f"numeral_{code}"] = _("The number is missing.")
        if kind == FactKind.STATEMENT and wording["numeral"]:
            errors[f"numeral_{code}"] = _("A statement has no number in front. Choose the other kind.")
        missing = {name: text for name, text in _MISSING_FIELD_MESSAGES.items() if not wording[name]}
        errors |= {f"{name}_{code}": message for name, message in missing.items()}
    if not wordings:
        errors[NON_FIELD_ERRORS] = _("Say it in at least one language.")
    if not publisher:
        errors["publisher"] = _("Name who published it.")
    if not FIRST_YEAR <= as_of <= this_year:
        errors["as_of"] = _("Give the year of which it holds, not one that is still to come.")
    if address and not _is_web(address):
        errors["address"] = _("Give the whole address, beginning with https://")
    if errors:
        raise ValidationError(errors)
    return {
        "as_of": as_of,
        "publisher": publisher,
        "title": title,
        "address": address,
        "words": wordings,
    }


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def content_of(version: FactVersion) -> dict[str, Any]:
    """Return the content of a version. Needs `words`."""
    words = {
        row.language: {name: getattr(row, name) for name in WORDING_FIELDS} for row in version.words.all()
    }
    return {name: getattr(version, name) for name in SOURCE_FIELDS} | {"words": words}


def search_words(content: Mapping[str, Any]) -> str:
    """Return the text for the search index: every language, in lower case and without ё."""
    parts = [content["publisher"], content["title"]]
    for wording in content["words"].values():
        title = f"{wording['numeral']} {wording['sentence']}".strip()
        parts += [title, wording["scope"], wording["source"]]
    return " ; ".join(filter(None, parts)).lower().replace("ё", "е")


def fact_words_for(version: FactVersion | None, language: str) -> FactWords | None:
    """Return the words in the language, else in the first that it has, Kazakh first. Needs `words`."""
    found = (words_in(version, code) for code in (language, *Language.values))
    return next((words for words in found if words is not None), None)


def words_in(version: FactVersion | None, language: str) -> FactWords | None:
    """Return the words in the language, or None. Needs `words`."""
    return next((one for one in version.words.all() if one.language == language), None) if version else None


def fact_title(fact: Fact, language: str) -> str:
    """Return the figure and its sentence, as a line. Needs `current` with its words."""
    return fact_line(fact_words_for(fact.current, language))


def fact_line(words: FactWords | None) -> str:
    return str(words) if words is not None else "—"


def in_all_languages(version: FactVersion | None) -> list[tuple[str, str, FactWords | None]]:
    """Return code, name and words, or None, of every language, Kazakh first. Needs `words`."""
    return [(one.value, str(one.label), words_in(version, one.value)) for one in Language]


# A fact in a text: its words and source by value, its version by UUID.
#
# Only the result of `fact_run` counts as the register's words; other words under the same UUID
# are a different statement (`documents/checklist/facts.py`).
class FactRun(TypedDict):
    """The attributes of the editor's node, and of the canonical run."""

    id: str
    words: str
    source: str


def fact_run(version: FactVersion, words: FactWords) -> FactRun:
    """Return the run of the version in the language of `words`. The text supplies the full stop of
    a sentence that ends a line: it may be in the middle of one."""
    title = f"“{version.title}”" if version.title else ""
    about = (_sentence(part) for part in (words.scope, words.source, title))
    source = " ".join(part for part in (*about, version.address) if part)
    return {"id": str(version.uuid), "words": str(words).removesuffix("."), "source": source}


def _sentence(words: str) -> str:
    return words if not words or words[-1] in ".!?…" else f"{words}."
