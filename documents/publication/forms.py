"""What organisations fill in about their names under public texts."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LogoForm(forms.Form):
    """An organisation that joined sends its logo, and permits that it is shown."""

    file = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at most 2 MB. Best on a transparent or white ground."),
        widget=forms.ClearableFileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
    )
    permitted = forms.BooleanField(label=_("We permit that it is shown beside our name on the page"))
