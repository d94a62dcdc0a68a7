"""This file makes passwords and their hashes. It keeps none of them and knows nobody they belong to."""

import secrets
import subprocess

from ivr_engine.errors import StartError
from ivr_engine.model.agents import PIN_DIGITS

_MINIMUM_ROUNDS = 1000


def new_password() -> str:
    """A password nobody will type: 144 random bits, safe in a conf file, a URL and a SIPp scenario."""
    return secrets.token_urlsafe(18)


def new_pin() -> str:
    """Digits an agent dials behind a code."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


def hash_password(password: str) -> str:
    """The crypt(3) form Asterisk compares ARI's password with.

    Asterisk hashes the password again for each HTTP request: 2.6 ms of its CPU with openssl's usual 5000 rounds,
    0.5 ms with these, the fewest crypt allows. Stretching protects words people choose; this is 144 random bits.
    """
    salt = f"rounds={_MINIMUM_ROUNDS}${secrets.token_hex(4)}"
    command = ["openssl", "passwd", "-6", "-salt", salt, "-stdin"]
    try:
        done = subprocess.run(command, input=password, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise StartError(f"openssl cannot hash a password ({error}); install it: apt-get install openssl") from error
    return done.stdout.strip()
