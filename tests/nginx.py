"""The real nginx with deploy/nginx.conf: ports, names, folders and what the caller says are changed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.server import await_port, free_port
from tests.authority import authority

ROOT = Path(__file__).resolve().parents[1]
CONF = ROOT / "deploy" / "nginx.conf"
WITHOUT_NGINX = "nginx is not on this machine, so its file is not tried: apt-get install nginx-light"


@dataclass(frozen=True)
class Nginx:
    """A running one: the port for people, its folder, the certificate that its clients trust, its id."""

    port: int
    folder: Path
    authority: Path
    pid: int


def program() -> str | None:
    """Where it is, or None."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def nginx_before(
    folder: Path,
    *,
    ports: Sequence[int],
    told: int,
    private: object,
    public: object,
    changed: Mapping[str, str],
) -> Iterator[Nginx]:
    """nginx before applications on these `ports`, told of changes on the port `told`.

    `private`, `public`: the folders of files. `changed`: further words of the file and what stands for them.
    Raises `RuntimeError` where there is no nginx."""
    found = program()
    if found is None:
        raise RuntimeError(WITHOUT_NGINX)
    port = free_port()
    certificate, key = authority(folder)
    conf = _written(
        folder,
        {
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "pid /run/nginx.pid;": f"pid {folder}/nginx.pid;",
            "/var/log/nginx/": f"{folder}/",
            "/var/cache/nginx/": f"{folder}/",
            "/etc/coalition/tls/fullchain.pem": str(certificate),
            "/etc/coalition/tls/privkey.pem": str(key),
            "/srv/coalition/app/deploy/pages/": f"{ROOT}/deploy/pages/",
            "/srv/coalition/app/build/collected/": f"{ROOT}/build/static/",
            "/srv/coalition/data/private/": f"{private}/",
            "/srv/coalition/data/public/": f"{public}/",
            "server 127.0.0.1:8000;": " ".join(f"server 127.0.0.1:{behind};" for behind in ports),
            "listen 127.0.0.1:8081;": f"listen 127.0.0.1:{told};",
            "listen [::]:80 default_server;": "",
            "listen [::]:443 ssl default_server;": "",
            "listen [::]:443 ssl;": "",
            "listen 80 default_server;": f"listen 127.0.0.1:{free_port()} default_server;",
            "listen 443 ssl default_server;": f"listen 127.0.0.1:{port} ssl default_server;",
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "coalition.example;": "localhost;",
            **changed,
        },
    )
    process = subprocess.Popen([found, "-c", str(conf), "-p", str(folder), "-g", "daemon off;"])
    try:
        await_port(port, seconds=30)
        yield Nginx(port, folder, certificate, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _written(folder: Path, changed: Mapping[str, str]) -> Path:
    """Our file with these words changed: nothing that the caller relies on may be missing in it."""
    text = CONF.read_text(encoding="utf-8")
    for before, after in changed.items():
        if before not in text:
            raise RuntimeError(f"deploy/nginx.conf does not say {before!r}")
        text = text.replace(before, after)
    left = re.search(r"/srv/coalition|coalition\.example", re.sub(r"(?m)^\s*#.*", "", text))
    if left:
        raise RuntimeError(f"deploy/nginx.conf says {left[0]} where it was not changed")
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return path
