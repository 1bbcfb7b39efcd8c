"""Serve the engine on the port that is given."""

import os
import sys

import django
import uvicorn

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.realtime.engine.settings"
django.setup()
uvicorn.run(
    "tests.realtime.engine.server:application",
    host="127.0.0.1",
    port=int(sys.argv[1]),
    ws_max_size=1024 * 1024,
    ws_per_message_deflate=False,
    log_level="warning",
)
