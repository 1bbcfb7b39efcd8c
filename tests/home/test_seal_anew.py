"""`manage.py seal_anew`: after it the older keys open nothing that is needed, and may go."""

import io
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from coalition.accounts.models import Organisation, User
from coalition.core import crypto
from coalition.core.crypto import SealedJSONField, SealedTextField, seal
from coalition.personal_data.orphans import raw_columns
from documents import models
from events.models import Call, CallSheet, Event, Volunteer
from home import retention
from home.retention import sealed_fields
from tests.factories import OrganisationFactory, UserFactory
from tests.filled import filled

pytestmark = pytest.mark.django_db
NEEDS: dict[Any, Any] = {  # what the database asks of such a row besides
    Call: lambda: {"sheet": filled(CallSheet, event=filled(Event))},
    models.Clearance: lambda: {"guest": uuid4()},
    models.Comment: lambda: {"thread": filled(models.Thread, organisation=OrganisationFactory())},
}
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def seal_anew(*words: str) -> str:
    told = io.StringIO()
    call_command("seal_anew", *words, stdout=told)
    return told.getvalue()


@pytest.fixture
def old_keys(settings):
    """Everything is sealed with keys that will go."""
    settings.NAMES_KEYS, settings.TOTP_KEYS = [OLD], [OLD]
    return settings


def rotate(settings) -> None:
    settings.NAMES_KEYS, settings.TOTP_KEYS = [NEW, OLD], [NEW, OLD]


def drop(settings) -> None:
    settings.NAMES_KEYS, settings.TOTP_KEYS = [NEW], [NEW]


def test_every_sealed_field_there_is_reads_without_the_old_key(old_keys):
    fields = list(sealed_fields())
    assert len(fields) > 80
    made = {}
    for model in {field.model for field in fields}:
        own = [field for field in fields if field.model is model]
        more = NEEDS[model]() if model in NEEDS else {}
        made[model] = filled(model, **{field.attname: _some(field) for field in own}, **more).pk
    rotate(old_keys)

    told = seal_anew()

    drop(old_keys)
    for model, pk in made.items():
        row = model._base_manager.get(pk=pk)
        for field in fields:
            if field.model is model:
                assert getattr(row, field.attname) == _some(field), field
    assert "once it counts 0" in told
    assert "partners.Organisation.name_kk" in told


def _some(field: Any) -> Any:
    return {"words": ["Canary"]} if isinstance(field, SealedJSONField) else "Canary"


def test_no_model_with_a_sealed_field_is_left_out():
    found = {
        (model, field.attname)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedTextField | SealedJSONField)
    }
    assert {(field.model, field.attname) for field in sealed_fields()} == found


def test_secrets_of_authenticator_apps_and_recovery_codes_open_without_the_old_key(old_keys):
    person = UserFactory()
    encrypt = get_adapter().encrypt
    app = Authenticator.objects.create(user=person, type="totp", data={"secret": encrypt("S3CRET")})
    codes = Authenticator.objects.create(
        user=person,
        type="recovery_codes",
        data={"seed": encrypt("seed"), "used_mask": 3, "migrated_codes": [encrypt("one"), encrypt("two")]},
    )
    key = Authenticator.objects.create(user=person, type="webauthn", data={"credential": {"id": "abc"}})
    rotate(old_keys)

    seal_anew()

    drop(old_keys)
    for row in (app, codes, key):
        row.refresh_from_db()
    decrypt = get_adapter().decrypt
    assert decrypt(app.data["secret"]) == "S3CRET"
    assert decrypt(codes.data["seed"]) == "seed"
    assert codes.data["used_mask"] == 3
    assert [decrypt(one) for one in codes.data["migrated_codes"]] == ["one", "two"]
    assert key.data == {"credential": {"id": "abc"}}


def test_what_the_first_key_sealed_is_left_as_it_is(old_keys):
    rotate(old_keys)
    organisation = OrganisationFactory(name_en="New")
    before = _column(organisation)
    assert "0 values" in seal_anew()
    assert _column(organisation) == before


def _column(organisation: Organisation) -> str:
    (field,) = [field for field in sealed_fields() if field.attname == "name_en"]
    return str(raw_columns(field).get(pk=organisation.pk).raw)


def test_rows_are_read_some_at_a_time(old_keys, monkeypatch):
    monkeypatch.setattr(retention, "ROWS_AT_A_TIME", 2)
    made = [OrganisationFactory(name_en=f"Number {number}") for number in range(5)]
    rotate(old_keys)
    assert "partners.Organisation.name_en: 5\n" in seal_anew()
    drop(old_keys)
    assert [one.name_en for one in Organisation.objects.order_by("pk")] == [one.name_en for one in made]


def test_a_dry_run_counts_and_changes_nothing(old_keys):
    organisation = OrganisationFactory(name_en="Old")
    before = _column(organisation)
    rotate(old_keys)
    assert "would be sealed" in seal_anew("--dry-run")
    assert _column(organisation) == before


def test_what_no_key_opens_is_named_and_the_rest_is_sealed(old_keys):
    lost = UserFactory(phone="+7 700 000 00 00")
    kept = UserFactory(phone="+7 700 000 00 01")
    stranger = seal("lost", [Fernet.generate_key().decode()])
    (field,) = [field for field in sealed_fields() if field.attname == "phone" and field.model is User]
    raw_columns(field).filter(pk=lost.pk).update(phone=retention.column_literal(stranger))
    rotate(old_keys)
    with pytest.raises(CommandError, match=r"partners.User.phone: 1 .*leave the older keys"):
        seal_anew()
    drop(old_keys)
    assert User.objects.get(pk=kept.pk).phone == "+7 700 000 00 01"


def test_a_second_factor_that_no_key_opens_is_named(old_keys):
    stranger = seal("lost", [Fernet.generate_key().decode()])
    Authenticator.objects.create(user=UserFactory(), type="totp", data={"secret": stranger})
    rotate(old_keys)
    with pytest.raises(CommandError, match=r"mfa.Authenticator.data: 1 "):
        seal_anew()


def test_a_row_that_was_written_meanwhile_keeps_what_was_written(old_keys, monkeypatch):
    volunteer = filled(Volunteer, name="Before")
    rotate(old_keys)
    real = crypto.reseal

    def slow(value: str, keys: list[str]) -> str | None:
        anew = real(value, keys)
        if anew is not None:
            Volunteer.objects.filter(pk=volunteer.pk).update(name="Meanwhile")
        return anew

    monkeypatch.setattr(retention, "reseal", slow)
    seal_anew()
    drop(old_keys)
    assert Volunteer.objects.get(pk=volunteer.pk).name == "Meanwhile"


# Runs with `make test-services`: it is about two transactions that write at once, SQLite lets in one.
@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="on SQLite the other waits for the whole database, not for the row",
)
@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_that_is_used_meanwhile_is_sealed_too(old_keys, monkeypatch):
    seed = get_adapter().encrypt("seed")
    codes = Authenticator.objects.create(
        user=UserFactory(), type="recovery_codes", data={"seed": seed, "used_mask": 0}
    )
    rotate(old_keys)
    real, using = crypto.reseal, Thread(target=_use_a_code, args=(codes.pk,))

    def slow(value: str, keys: list[str]) -> str | None:
        if value == seed and not using.ident:
            using.start()
            using.join(0.5)  # it waits for the row
        return real(value, keys)

    monkeypatch.setattr(retention, "reseal", slow)
    seal_anew()
    using.join()
    drop(old_keys)
    codes.refresh_from_db()
    assert codes.data["used_mask"] == 1
    assert get_adapter().decrypt(codes.data["seed"]) == "seed"


def _use_a_code(pk: int) -> None:
    """As somebody who reads the row, and writes it whole."""
    try:
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk)
            row.data["used_mask"] = 1
            row.save()
    finally:
        connection.close()
