"""Production's own, without the step that collects styles."""

from coalition.settings.production import *  # noqa: F403  a settings module extends another

STORAGES["staticfiles"] = {  # noqa: F405  from there
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
