"""An S3 server of a test's own: moto's, a process that keeps its objects in memory."""

import os
import subprocess
import sys
import tempfile
from typing import Any

import boto3

from bench.server import await_port
from tests.realtime.engine.processes import free_port

BUCKET = "coalition"
KEYS = {
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "tests",
    # Nothing of the machine's own is read.
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class ObjectServer:
    """Always on the same port; what it kept goes with the process."""

    def __init__(self) -> None:
        self.port = free_port()
        self.variables = KEYS | {
            "MEDIA_URL_S3": f"s3://{BUCKET}?endpoint=http://127.0.0.1:{self.port}&region=us-east-1"
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "ObjectServer":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()

    def start(self) -> None:
        words = ["-m", "moto.server", "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, *words],
            cwd=tempfile.gettempdir(),
            env=os.environ | KEYS,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        await_port(self.port, seconds=60)
        self.client().create_bucket(Bucket=BUCKET)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(15)
            self._process = None

    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="us-east-1",
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )

    def kept(self) -> set[str]:
        """The key of every object, and of what was begun and not ended."""
        client = self.client()
        whole = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        begun = client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        return {one["Key"] for one in [*whole, *begun]}

    def is_open(self, key: str) -> bool:
        """Whether the server was told to give it to everybody."""
        grants = self.client().get_object_acl(Bucket=BUCKET, Key=key)["Grants"]
        return any("AllUsers" in str(one["Grantee"].get("URI")) for one in grants)
