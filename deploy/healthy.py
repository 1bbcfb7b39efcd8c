"""For the container: exit 0 if the server answers, as nginx would ask it."""

import http.client
import os
import sys


def main() -> None:
    name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": name, "X-Forwarded-Proto": "https"})
        sys.exit(connection.getresponse().status != 200)
    except OSError:
        sys.exit(1)


if __name__ == "__main__":
    main()
