"""Volunteers become applicants: the columns of the abstract model, `state` in place of `proved_at`.

Prints of addresses stay as they are: `Flow.of_address` looks for both kinds. Tables keep their names.
"""

import datetime
import uuid
from typing import Any

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import TruncDate

import coalition.applicants.forms
import coalition.core.crypto
import coalition.core.localized_text

RENAMED_MODELS = {
    "ShiftTurn": "ShiftAssignment",
    "SecondPlace": "FallbackVenue",
    "Afterwards": "Debrief",
}
RENAMED_FIELDS = [
    ("pressguest", "told_sequence", "notified_sequence"),
    ("schoolgroup", "told_sequence", "notified_sequence"),
    ("volunteer", "told_sequence", "notified_sequence"),
    ("shiftassignment", "taken_at", "assigned_at"),
    ("shiftlink", "taken_back_at", "revoked_at"),
]
FIELDS: dict[str, dict[str, models.Field[Any, Any]]] = {
    "debrief": {
        "came": models.PositiveIntegerField(
            blank=True,
            null=True,
            validators=[django.core.validators.MaxValueValidator(1000000)],
            verbose_name="People who came",
        ),
        "event": models.OneToOneField(
            on_delete=django.db.models.deletion.CASCADE, related_name="debrief", to="events.event"
        ),
        "next_time": models.TextField(
            blank=True,
            help_text="Stands beside the checklist of the next event of this kind.",
            max_length=8000,
            verbose_name="What we do differently next time",
        ),
        "press_came": models.PositiveIntegerField(
            blank=True,
            null=True,
            validators=[django.core.validators.MaxValueValidator(10000)],
            verbose_name="Journalists who came",
        ),
        "went_badly": models.TextField(blank=True, max_length=8000, verbose_name="What did not"),
        "went_well": models.TextField(blank=True, max_length=8000, verbose_name="What went well"),
    },
    "eventtask": {
        "days_before": models.SmallIntegerField(
            validators=[
                django.core.validators.MinValueValidator(-365),
                django.core.validators.MaxValueValidator(365),
            ],
            verbose_name="days before the event",
        ),
        "note": models.CharField(blank=True, max_length=600, verbose_name="Note"),
        "title": coalition.core.localized_text.LocalizedTextField(
            help_text="One language is enough: who reads another sees this one.",
            max_length=160,
            verbose_name="Title",
        ),
    },
    "fallbackvenue": {
        "event": models.OneToOneField(
            on_delete=django.db.models.deletion.CASCADE, related_name="fallback_venue", to="events.event"
        ),
    },
    "questionperiod": {
        "asked_by": models.CharField(
            choices=[("press", "Confirmed press only"), ("everyone", "Everyone who has the link")],
            default="press",
            help_text="Confirmed journalists ask by the link of their registration, in either case.",
            max_length=10,
            verbose_name="Who may ask",
        ),
    },
    "runningitem": {
        "minutes": models.PositiveSmallIntegerField(
            default=5,
            help_text="What follows is pushed.",
            validators=[django.core.validators.MaxValueValidator(600)],
            verbose_name="Minutes",
        ),
        "note": models.CharField(
            blank=True,
            help_text="Sound, slides, who hands over the microphone. Only people who prepare the event read it.",
            max_length=600,
            verbose_name="Note",
        ),
        "pinned": models.TimeField(
            blank=True,
            help_text="Only for what has a fixed time: a live broadcast, the film, the bus.",
            null=True,
            verbose_name="Not before",
        ),
        "title": coalition.core.localized_text.LocalizedTextField(
            help_text="One language is enough: who reads another sees this one.",
            max_length=160,
            verbose_name="Title",
        ),
        "who": models.CharField(blank=True, max_length=200, verbose_name="Who"),
    },
    "runningorder": {
        "begins": models.TimeField(verbose_name="The first item begins at"),
    },
    "safetyplan": {
        "no_photo_seats": models.PositiveSmallIntegerField(
            blank=True,
            help_text="0 if none are needed.",
            null=True,
            validators=[django.core.validators.MaxValueValidator(2000)],
            verbose_name="Seats where nobody is photographed",
        ),
        "no_photo_where": models.CharField(blank=True, max_length=200, verbose_name="Where they are"),
        "note": coalition.core.crypto.SealedTextField(
            blank=True,
            help_text="Kept encrypted. Only people who prepare the event read it.",
            max_length=4000,
            verbose_name="What to do if something happens",
        ),
        "photo_rule": models.CharField(
            blank=True,
            choices=[
                ("", "Not decided yet"),
                ("consent", "People are photographed only with their consent"),
                ("stage", "Only the stage is photographed, never the room"),
                ("none", "Nobody photographs or films"),
            ],
            help_text="Everyone who comes reads it on the event’s page.",
            max_length=8,
            verbose_name="Rule for photographs",
        ),
        "photo_words": coalition.core.localized_text.LocalizedTextField(
            blank=True,
            help_text="For example, which sign shows who must not be pictured. One language is enough.",
            max_length=300,
            verbose_name="More words on the rule",
        ),
    },
    "shift": {
        "begins": models.TimeField(verbose_name="From"),
        "ends": models.TimeField(
            help_text="A shift that ends before it begins ends on the next day.", verbose_name="Until"
        ),
        "needed": models.PositiveSmallIntegerField(
            default=2,
            validators=[
                django.core.validators.MinValueValidator(1),
                django.core.validators.MaxValueValidator(200),
            ],
            verbose_name="People needed",
        ),
        "on": models.DateField(verbose_name="Day"),
        "place": coalition.core.localized_text.LocalizedTextField(
            blank=True, help_text="Left empty: where the event is.", max_length=160, verbose_name="Where"
        ),
        "title": coalition.core.localized_text.LocalizedTextField(
            help_text="One language is enough: who reads another sees this one.",
            max_length=160,
            verbose_name="What is to be done",
        ),
    },
    "shiftassignment": {
        "shift": models.ForeignKey(
            on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="events.shift"
        ),
        "volunteer": models.ForeignKey(
            on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="events.volunteer"
        ),
    },
    "shiftlink": {
        "name": models.CharField(
            blank=True,
            help_text="So that you know it again: a university, a chat. Not told to anybody.",
            max_length=80,
            verbose_name="For whom",
        ),
    },
    "shiftplan": {
        "asks_age": models.BooleanField(
            default=False,
            help_text="Who is younger says that a parent or guardian agrees. No date of birth is kept.",
            verbose_name="Ask whether volunteers are 18",
        ),
        "brief": coalition.core.localized_text.LocalizedTextField(
            blank=True, max_length=4000, verbose_name="Safety brief"
        ),
        "caller_name": coalition.core.crypto.SealedTextField(
            blank=True,
            max_length=120,
            validators=[
                coalition.applicants.forms.validate_single_line,
                coalition.applicants.forms.validate_visible_characters,
            ],
            verbose_name="A person to call",
        ),
        "caller_phone": coalition.core.crypto.SealedTextField(
            blank=True,
            help_text="Only volunteers who signed up, and people who prepare the event, read it.",
            max_length=40,
            validators=[
                coalition.applicants.forms.validate_single_line,
                coalition.applicants.forms.validate_visible_characters,
            ],
            verbose_name="Their phone",
        ),
    },
    "volunteer": {
        "address": coalition.core.crypto.SealedTextField(blank=True, verbose_name="e-mail"),
        "address_print": models.CharField(blank=True, db_index=True, max_length=64),
        "language": models.CharField(
            choices=coalition.core.localized_text.content_languages, max_length=12, verbose_name="language"
        ),
        "token_hash": models.CharField(editable=False, max_length=64, unique=True),
        "uuid": models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
    },
}


def set_day_and_state(apps: Any, schema_editor: Any) -> None:
    """Set the local date on which each row was written, and whether its address was verified."""
    rows = apps.get_model("events", "Volunteer").objects.using(schema_editor.connection.alias)
    state = models.Case(models.When(proved_at=None, then=models.Value("unproved")), default=models.Value("proved"))
    # In one statement: PostgreSQL alters no table on which a transaction updated rows twice.
    rows.update(day=TruncDate("written_at"), state=state)


# stops-the-service: the old code reads the former columns of volunteers, press guests and school groups
class Migration(migrations.Migration):
    dependencies = [("events", "0008_exhibitions_model_forms")]

    operations = [
        *(migrations.AlterModelTable(old, f"events_{old.lower()}") for old in RENAMED_MODELS),
        *(migrations.RenameModel(old, new) for old, new in RENAMED_MODELS.items()),
        *(migrations.RenameField(*names) for names in RENAMED_FIELDS),
        migrations.AddField(
            "volunteer", "day", models.DateField(default=datetime.date(2026, 11, 29)), preserve_default=False
        ),
        migrations.AddField(
            "volunteer",
            "state",
            models.CharField(
                choices=[("unproved", "Address not confirmed"), ("proved", "Proved")],
                default="unproved",
                max_length=12,
            ),
        ),
        migrations.RunPython(set_day_and_state, migrations.RunPython.noop),
        migrations.RemoveField("volunteer", "proved_at"),
        *(
            migrations.AlterField(model, name, field)
            for model, fields in FIELDS.items()
            for name, field in fields.items()
        ),
    ]
