"""The least that the engine needs. `DATABASE_URL` and `REDIS_URL` as everywhere."""

import os

from coalition.settings.environment import database

SECRET_KEY = "the engine under test"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.sessions", "channels", "coalition.realtime"]
DATABASES = {"default": database("DATABASE_URL")}
CLOCK = "database"
REDIS_URL = os.environ.get("REDIS_URL", "")
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 15}], "capacity": 1000},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
