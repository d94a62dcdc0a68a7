"""Decides where Asterisk's REST interface is and who calls it; it opens no connection."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from yarl import URL


@dataclass(frozen=True)
class Address:
    """One Asterisk and one of its ARI users. Its text never shows the password.

    Args:
        base_url: everything before the resource, such as ``http://127.0.0.1:8088/ari``; without a path,
            ``/ari`` is meant.
        user: a section of Asterisk's ari.conf.
        password: that user's password.

    Raises:
        ValueError: the URL is not http(s), or holds a user, a password, a query or a fragment.
    """

    base_url: str
    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        url = URL(self.base_url)
        if url.scheme not in {"http", "https"} or not url.host:
            raise ValueError("an ARI address starts with http:// or https:// and names a host")
        # The text is not repeated: the part that is wrong may be a secret.
        if url.user is not None or url.password is not None or url.query_string or url.fragment:
            raise ValueError("an ARI address holds no user, password, query or fragment")

    def url(self, path: str, query: str = "", *, socket: bool = False) -> URL:
        """Give the URL of an already encoded ``path`` and ``query``; ``socket`` asks for ws(s)."""
        base = URL(self.base_url)
        root = str(base.with_path("/ari") if base.path in {"", "/"} else base).rstrip("/")
        if socket:
            root = root.replace("http", "ws", 1)
        return URL(f"{root}{path}{'?' if query else ''}{query}", encoded=True)

    def headers(self) -> dict[str, str]:
        """Give the header that proves who calls: Basic, never an ``api_key`` that proxies would log."""
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {token}"}
