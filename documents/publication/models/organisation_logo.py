"""The logo of an organisation of the coalition, as long as it permits that everyone sees it."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from documents.files.models import private_storage


def organisation_logo_path(logo: "OrganisationLogo", filename: str) -> str:
    """By UUID only: the storage's listing tells no names."""
    return f"logos/{logo.uuid.hex[:2]}/{logo.uuid}"


class OrganisationLogo(models.Model):
    """A logo, drawn anew, small, a PNG; and who permitted when that it is shown.

    The row is the permission: it and the file go when the permission is taken back, when the organisation is
    not named in public any more, and when a newer logo comes.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    file = models.FileField(storage=private_storage, upload_to=organisation_logo_path)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()  # pixels
    height = models.PositiveSmallIntegerField()
    permitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    permitted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"logo {self.uuid}"
