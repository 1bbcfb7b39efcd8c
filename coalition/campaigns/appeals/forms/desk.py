"""What organisers fill in about an appeal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.campaigns.appeals.actions.manage import MOST_GOAL
from coalition.campaigns.appeals.models import Appeal, AppealVersion, HandOver
from coalition.campaigns.appeals.versions import usable_publications
from coalition.core.localized_text import (
    LocalizedTextarea,
    LocalizedTextFormField,
    content_languages,
    typed_field,
)
from coalition.workspaces.permissions import Access
from documents.drafts.models import TextKind
from documents.files.consent import usable_files_for
from documents.files.models import StoredFile
from documents.publication.models import Publication
from events.core.forms.times import date_field


class PublicTextField(forms.ModelChoiceField):
    """A public text, by its title and number in the chain."""

    def __init__(self, **given: Any) -> None:
        super().__init__(queryset=Publication.objects.none(), to_field_name="uuid", **given)

    def label_from_instance(self, publication: Publication) -> str:
        return f"{publication.title} (№ {publication.number})"


class AppealTextForm(forms.Form):
    """Which public texts an appeal consists of."""

    publication = PublicTextField(
        label=_("Text of the appeal"), help_text=_("Texts of the kind “Appeal” that are public now.")
    )
    table = PublicTextField(
        label=_("Comparative table"),
        required=False,
        help_text=_("What is proposed to change in the law, side by side. It must be public too."),
    )

    def __init__(
        self, *args: Any, access: Access, version: AppealVersion | None = None, **given: Any
    ) -> None:
        if version is not None:
            table = version.table.uuid if version.table is not None else None
            given.setdefault("initial", {"publication": version.publication.uuid, "table": table})
        super().__init__(*args, **given)
        text_field = typed_field(self.fields, "publication", PublicTextField)
        text_field.queryset = usable_publications(access, TextKind.APPEAL)
        table_field = typed_field(self.fields, "table", PublicTextField)
        table_field.queryset = usable_publications(access, TextKind.COMPARATIVE_TABLE)
        table_field.empty_label = str(_("No table"))


class AppealSettingsForm(forms.Form):
    """Address, goal and last day."""

    slug = forms.SlugField(
        label=pgettext_lazy("of a page", "Address"),
        max_length=80,
        help_text=_("Latin letters, digits and hyphens. It stays once the appeal was opened."),
    )
    goal = forms.IntegerField(
        label=_("Goal"),
        required=False,
        min_value=1,
        max_value=MOST_GOAL,
        help_text=_("How many people you hope for. The page shows how far it is."),
    )
    closes_on = date_field(
        label=_("Last day"),
        required=False,
        help_text=_(
            "Support is taken until the end of this day. It ends a year after the opening at the latest, "
            "when the personal data of supporters are deleted."
        ),
    )

    def __init__(self, *args: Any, appeal: Appeal | None = None, **given: Any) -> None:
        if appeal is not None:
            names = ("slug", "goal", "closes_on")
            given.setdefault("initial", {name: getattr(appeal, name) for name in names})
        super().__init__(*args, **given)
        if appeal is not None and appeal.opened_at is not None:
            self.fields["slug"].disabled = True


class NewAppealForm(AppealTextForm, AppealSettingsForm):
    """Everything that an appeal begins with."""

    field_order = ("publication", "table", "slug", "goal", "closes_on")


class OfficialPetitionForm(forms.Form):
    """The petition on the state's portal, as somebody looked at it."""

    number = forms.CharField(label=_("Number on the portal"), required=False, max_length=40)
    url = forms.URLField(label=_("Link to it"), required=False, assume_scheme="https")
    count = forms.IntegerField(
        label=_("How many people have signed it"), required=False, min_value=0, max_value=100_000_000
    )
    as_of = date_field(
        label=_("As of"), required=False, help_text=_("The day on which the portal showed this number.")
    )

    def __init__(self, *args: Any, appeal: Appeal, **given: Any) -> None:
        names = ("number", "url", "count", "as_of")
        given.setdefault("initial", {name: getattr(appeal, f"official_{name}") for name in names})
        super().__init__(*args, **given)


class WorkspaceFileField(forms.ModelChoiceField):
    """A file of the workspace, by its name."""

    def __init__(self, **given: Any) -> None:
        super().__init__(queryset=StoredFile.objects.none(), to_field_name="uuid", required=False, **given)

    def label_from_instance(self, file: StoredFile) -> str:
        return file.name


class HandOverForm(forms.Form):
    """In which language the files are made."""

    language = forms.ChoiceField(label=_("Language of the files"), choices=content_languages)


class DeliveryForm(forms.Form):
    """When and to whom it was handed over."""

    prefix = "delivery"
    delivered_on = date_field(label=_("Handed over on"))
    recipient = LocalizedTextFormField(label=_("To whom"), max_length=200)

    def __init__(self, *args: Any, hand_over: HandOver, **given: Any) -> None:
        given.setdefault(
            "initial", {"delivered_on": hand_over.delivered_on, "recipient": hand_over.recipient}
        )
        super().__init__(*args, **given)


class ReceiptForm(forms.Form):
    """What was given for it."""

    prefix = "receipt"
    words = LocalizedTextFormField(
        label=_("Receipt in words"),
        help_text=_("For example the incoming number and its date."),
        max_length=1000,
        required=False,
        widget=LocalizedTextarea,
    )
    file = WorkspaceFileField(
        label=_("File"),
        help_text=_(
            "A file of this workspace. Everybody reads a copy without metadata. Look first whether it shows "
            "names, addresses or phone numbers."
        ),
    )

    def __init__(self, *args: Any, access: Access, hand_over: HandOver, **given: Any) -> None:
        given.setdefault("initial", self.initial_of(hand_over))
        super().__init__(*args, **given)
        typed_field(self.fields, "file", WorkspaceFileField).queryset = usable_files_for(
            access.user, access.workspace
        )

    @staticmethod
    def initial_of(hand_over: HandOver) -> dict[str, Any]:
        file = hand_over.receipt_file
        return {"words": hand_over.receipt, "file": file.uuid if file is not None else None}


class AnswerForm(ReceiptForm):
    """What was answered."""

    prefix = "answer"
    words = LocalizedTextFormField(
        label=_("Answer in words"),
        help_text=_("What they answered, in plain words."),
        max_length=4000,
        widget=LocalizedTextarea,
    )
    answered_on = date_field(label=_("Answered on"))
    field_order = ("answered_on", "words", "file")

    @staticmethod
    def initial_of(hand_over: HandOver) -> dict[str, Any]:
        file = hand_over.answer_file
        return {
            "words": hand_over.answer,
            "answered_on": hand_over.answered_on,
            "file": file.uuid if file is not None else None,
        }
