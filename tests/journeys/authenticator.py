"""An authenticator app: the codes of a secret, as RFC 6238 says."""

import base64
import hashlib
import hmac
import struct
import time

PERIOD = 30  # seconds
SHORTEST = 4.0  # seconds that a code must still be good for, so that it can be typed


def code_of(secret: str) -> str:
    """The code that the app shows now; waits for the next one if this one is about to end."""
    left = PERIOD - time.time() % PERIOD
    if left < SHORTEST:
        time.sleep(left + 0.1)
    counter = struct.pack(">Q", int(time.time()) // PERIOD)
    digest = hmac.new(base64.b32decode(secret.strip()), counter, hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"
