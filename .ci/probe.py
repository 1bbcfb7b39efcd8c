"""Attack the demo on this machine as strangers and as a coordinator: wapiti and sqlmap.

Exits 1 if they find more than docs/security.md explains ("What scanners say").

It seeds a demo of its own, unless DATA_DIR names one that may be spoiled, and serves it on PORT of 127.0.0.1.
Nothing else is reached: the modules that need a listener outside are left out. PROBE_SECONDS bounds each of
the three runs (600 if not set).
"""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".tools" / "probe" / "bin"
PORT = os.environ.get("PORT", "8270")
HOME = f"http://127.0.0.1:{PORT}"
SECONDS = int(os.environ.get("PROBE_SECONDS", "600"))
# Left out: what asks a listener outside (ssrf, xxe, log4shell …), lists of other programs' files, guessing.
MODULES = (
    "backup",
    "cookieflags",
    "crlf",
    "csp",
    "csrf",
    "exec",
    "file",
    "htaccess",
    "http_headers",
    "ldap",
    "methods",
    "permanentxss",
    "redirect",
    "shellshock",
    "sql",
    "timesql",
    "upload",
    "xss",
)
# What would end the session, the account or the demo's people.
SPARED = (
    "accounts/logout*",
    "accounts/leave*",
    "accounts/sessions*",
    "accounts/password*",
    "accounts/email*",
)
SPARED += ("accounts/2fa*", "accounts/organisation*", "demo*", "static*", "media*", "cms/logout*")
# Kinds of findings that docs/security.md explains. Anything else fails the run.
EXPLAINED = {
    "Secure Flag cookie": "the demo speaks http; production's cookies are Secure",
    "HTTP Methods": "OPTIONS is answered with 405, or tells what a page takes",
    "HttpOnly Flag cookie 'messages'": "Django takes it back, empty; with words it has the flag",
}
ASKED = (
    "/en/search/?q=law&topic=1&page=1",
    "/en/news/?region=1&year=2026&organisation=1&topic=1&page=1",
    "/en/events/?kind=exhibition&region=almaty&organisation=a&on=2026-11-27&past=1&page=1",
    "/en/facts/?topic=1&page=1",
    "/calendar.ics?language=en",
    "/demo/?language=en",
)
ASKED_INSIDE = (
    "{workspace}drafts/?archived=1&page=1",
    "{workspace}drafts/new/?kind=statement&language=kk",
    "/workspaces/glossary/?q=law&field=1&removed=1&page=1",
    "/workspaces/facts/?q=law&topic=1&owner=1&due=1&retired=1&page=1",
    "{workspace}calendar/?view=month&on=2026-11-27",
    "{workspace}files/?page=1",
)


def main() -> None:
    if not (BIN / "wapiti").exists():
        sys.exit("The programs are not installed: make probe does that.")
    with tempfile.TemporaryDirectory() as folder, _demo(os.environ.get("DATA_DIR") or f"{folder}/demo"):
        cookie, workspace = _signed_in()
        addresses = [*ASKED, *(one.format(workspace=workspace) for one in ASKED_INSIDE)]
        # The coordinator's comes last: it sends every form, and what the others ask for may be gone then.
        found = _sqlmap(addresses, cookie, Path(folder))
        for who, session in (("strangers", ""), ("a coordinator", cookie)):
            found += _wapiti(who, session, Path(folder))
    new = set(found) - EXPLAINED.keys()
    for kind, count in sorted(found.items()):
        print(f"{'NEW ' if kind in new else 'ok  '} {kind}: {count}  {EXPLAINED.get(kind, '')}")
    sys.exit(bool(new))


@contextmanager
def _demo(data: str) -> Iterator[None]:
    """The demo, ready at HOME."""
    environment = {**os.environ, "DATA_DIR": data, "PORT": PORT}
    with tempfile.TemporaryFile() as told:
        command: list[str | Path] = [ROOT / ".venv" / "bin" / "python", ".ci/serve_demo.py"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=told)
        try:
            for _second in range(600):
                if server.poll() is not None:
                    told.seek(0)
                    sys.exit(f"The demo did not start. {told.read()[-2000:].decode(errors='replace')}")
                try:
                    _browser().open(f"{HOME}/healthz", timeout=5).close()
                    break
                except OSError:
                    time.sleep(1)
            yield
        finally:
            server.terminate()
            server.wait(30)


def _browser(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(*handlers)


def _signed_in() -> tuple[str, str]:
    """The cookies of the demo's coordinator, and the path of a workspace."""
    jar = CookieJar()
    browser = _browser(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{HOME}/demo/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    told = {"csrfmiddlewaretoken": token[1] if token else "", "email": "coordinator@demo.example"}
    desk = browser.open(f"{HOME}/demo/sign-in/", urlencode(told).encode()).read().decode()
    workspace = re.search(r'href="(/workspaces/[0-9a-f-]{36}/)', desk)
    if workspace is None:
        sys.exit("The demo's coordinator got no workspace.")
    return ";".join(f"{one.name}={one.value}" for one in jar), workspace[1]


def _wapiti(who: str, cookie: str, folder: Path) -> Counter[str]:
    """Kinds of findings, each with its count."""
    report = folder / f"{who}.json"
    begun = time.monotonic()
    _run([*_asked_of_wapiti(cookie, folder), "-f", "json", "-o", report])
    if not report.exists():
        sys.exit("wapiti wrote no report.")
    told = json.loads(report.read_text(encoding="utf-8"))
    found: Counter[str] = Counter()
    for group in ("vulnerabilities", "anomalies", "additionals"):
        for kind, cases in told[group].items():
            for one in cases:
                cookie_named = re.search(r"HttpOnly flag is not set on the cookie ('\w+')", one["info"])
                found[f"{kind} {cookie_named[1]}" if cookie_named else kind] += 1
            for one in cases[:20]:
                print(f"  {kind}: {one['method']} {one['path']} {one['parameter'] or ''} {one['info'][:200]}")
    pages = told["infos"]["crawled_pages"]
    good = [one["request"]["url"] for one in pages if one["response"]["status_code"] == 200]
    inside = sum(url.startswith(f"{HOME}/workspaces/") for url in good)
    took = time.monotonic() - begun
    print(f"wapiti as {who}: {len(pages)} pages and forms, {inside} inside, {took:.0f} s", flush=True)
    if cookie and inside < 20:
        sys.exit("wapiti did not get in, so it attacked nothing there.")
    return +found


def _asked_of_wapiti(cookie: str, folder: Path) -> list[str | Path]:
    """A quarter of the time to look for pages, the rest to attack them."""
    starts = ["-u", f"{HOME}/workspaces/" if cookie else f"{HOME}/", "--scope", "folder"]
    session = ["-c", _cookies(cookie, folder)] if cookie else []
    spared = [part for path in SPARED for part in ("-x", f"{HOME}/{path}")]
    bounds = ["-d", "6", "--max-links-per-page", "40", "--max-files-per-dir", "20", "--max-parameters", "12"]
    bounds += ["--max-scan-time", str(SECONDS // 4)]
    bounds += ["--max-attack-time", str(SECONDS * 3 // 4 // len(MODULES)), "--tasks", "4", "-t", "20"]
    store = ["--store-session", str(folder), "--store-config", str(folder), "--flush-session"]
    rest = ["--no-bugreport", "-v", "0", "-dr", "1", "-m", ",".join(MODULES)]
    return [BIN / "wapiti", *starts, *session, *spared, *bounds, *store, *rest]


def _cookies(told: str, folder: Path) -> Path:
    """The file that wapiti takes cookies from: a header of ours would be overwritten by the first answer."""
    file = folder / "cookies.json"
    rest = {"expires": None, "secure": False, "port": None, "version": 0}
    pairs = (one.split("=", 1) for one in told.split(";"))
    named = {name: {"value": value, **rest} for name, value in pairs}
    file.write_text(json.dumps({"127.0.0.1": {"/": named}}), encoding="utf-8")
    return file


def _sqlmap(addresses: list[str], cookie: str, folder: Path) -> Counter[str]:
    browser = _browser()
    browser.addheaders = [("Cookie", cookie)]
    for one in addresses:  # sqlmap passes over what is not there
        try:
            with browser.open(HOME + one, timeout=60) as answer:
                if answer.url != HOME + one:
                    sys.exit(f"{one} leads to {answer.url}.")
        except urllib.error.HTTPError as error:
            sys.exit(f"{one} is not there to be attacked: {error}")
    asked, begun = folder / "addresses", time.monotonic()
    asked.write_text("\n".join(HOME + one for one in addresses), encoding="utf-8")
    told, found = _asked_of_sqlmap(["-m", asked], cookie, folder)
    # It compares pages that change by themselves (what waits, the time). A hole is one the second time too.
    again = [
        (row, _asked_of_sqlmap(["-u", row["Target URL"], "-p", row["Parameter"]], cookie, folder)[1])
        for row in found
    ]
    count = len(re.findall(r"parameter '[^']+' does not seem to be injectable", told))
    took = time.monotonic() - begun
    print(f"sqlmap: {len(addresses)} addresses, {count} parameters, {took:.0f} s", flush=True)
    for row, second in again:
        print(f"  {row['Target URL']} {row['Parameter']}: {row['Technique(s)']}, asked again {len(second)}")
    return Counter("SQL injection (sqlmap)" for _row, second in again if second)


def _asked_of_sqlmap(what: list[str | Path], cookie: str, folder: Path) -> tuple[str, list[dict[str, str]]]:
    """What it says, and the parameters that it takes for injectable after it tried."""
    results = folder / "results.csv"
    results.unlink(missing_ok=True)
    session = [f"--cookie={cookie}", f"--results-file={results}", f"--output-dir={folder / 'sqlmap'}"]
    bounds = ["--batch", "--level=1", "--risk=1", "--technique=BEUS", "--dbms=sqlite", "--timeout=20"]
    told = _run([BIN / "sqlmap", *what, *session, *bounds, "--flush-session", "--disable-coloring"])
    rows = list(csv.DictReader(results.open(encoding="utf-8"))) if results.exists() else []
    doubted = "false positive or unexploitable"  # sqlmap's own word
    return told, [row for row in rows if row["Technique(s)"] and row["Note(s)"] != doubted]


def _run(command: list[str | Path]) -> str:
    """What a program says. One that is late is ended: what it found until then counts."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS * 2,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        print(f"{Path(command[0]).name} was ended after {SECONDS * 2} s")
        return (late.stdout or b"").decode(errors="replace")
    return done.stdout


if __name__ == "__main__":
    main()
