"""This file decides how our tiny SIP phones speak: messages, one socket for many phones, digest. It knows no race.

A line of some length lies between the phones and the switchboard: every packet takes `distance` seconds each way, as
on a network. On loopback alone two messages practically never cross.
"""

import asyncio
import hashlib
import itertools
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

HOST = "127.0.0.1"
PCMA = 8
_PARAMETER = re.compile(r'(\w+)="?([^",]+)"?')
_USER = re.compile(r"sips?:([^@;>]+)@")
_TAG = re.compile(r";\s*tag=([^;>\s]+)")
_URI = re.compile(r"<([^>]+)>")
_MEDIA = re.compile(r"^m=audio (\d+)", re.MULTILINE)
_BUFFER = 4 << 20
_fresh = itertools.count(1)


@dataclass(slots=True)
class Message:
    """A request or an answer. `heard_at` is when it reached the socket, before the line's length is taken off."""

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    heard_at: float = 0.0

    @property
    def method(self) -> str:
        """Of a request; of an answer "SIP/2.0"."""
        return self.start.partition(" ")[0]

    @property
    def status(self) -> int:
        """Of an answer."""
        return int(self.start.split(" ", 2)[1])

    @property
    def cseq(self) -> tuple[int, str]:
        """Number and method."""
        number, _, method = self.get("CSeq").partition(" ")
        return int(number), method.strip()

    @property
    def media_port(self) -> int | None:
        """Where its sender wants to hear; None where it says nothing of that."""
        found = _MEDIA.search(self.body)
        return int(found[1]) if found else None

    def get(self, name: str) -> str:
        """The first header of that name, "" where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def all(self, name: str) -> list[tuple[str, str]]:
        """Every header of that name."""
        return [header for header in self.headers if header[0].lower() == name.lower()]

    def encode(self) -> bytes:
        """As it goes over the wire."""
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers)]
        return ("\r\n".join([*lines, f"Content-Length: {len(self.body)}", "", ""]) + self.body).encode()

    @classmethod
    def decode(cls, raw: bytes, heard_at: float) -> Self:
        """Read one. Its length header is dropped: it is written anew."""
        head, _, body = raw.decode("utf-8", "replace").partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        pairs = [line.partition(":") for line in lines]
        headers = [(name.strip(), value.strip()) for name, _, value in pairs if name.lower() != "content-length"]
        return cls(start, headers, body, heard_at)


def user_of(party: str) -> str:
    """Who a From, To or Request-URI names."""
    found = _USER.search(party)
    return found[1] if found else ""


def tag_of(party: str) -> str:
    """The tag of a From or To, "" without one."""
    found = _TAG.search(party)
    return found[1] if found else ""


def fresh(what: str) -> str:
    """A word nobody had before in this process."""
    return f"{what}-{next(_fresh):x}"


def answer(request: Message, status: str, *, tag: str = "", contact: str = "", body: str = "") -> Message:
    """The answer to a request."""
    to = request.get("To")
    headers = [*request.all("Via"), *request.all("Record-Route"), ("From", request.get("From"))]
    headers += [("To", f"{to};tag={tag}" if tag and not tag_of(to) else to)]
    headers += [("Call-ID", request.get("Call-ID")), ("CSeq", request.get("CSeq"))]
    if contact:
        headers += [("Contact", f"<{contact}>")]
    if body:
        headers += [("Content-Type", "application/sdp")]
    return Message(f"SIP/2.0 {status}", headers, body)


def sound_at(port: int) -> str:
    """The description of somebody who speaks A-law and hears at that port."""
    return (
        f"v=0\r\no=- 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP {PCMA}\r\na=rtpmap:{PCMA} PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n"
    )


def authorization(challenge: str, method: str, uri: str, user: str, password: str) -> str:
    """What a digest challenge wants to see."""
    asked = dict(_PARAMETER.findall(challenge))
    realm, nonce = asked["realm"], asked["nonce"]
    secret = _md5(f"{user}:{realm}:{password}")
    request = _md5(f"{method}:{uri}")
    shown = f'username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm=MD5'
    if "qop" in asked:
        response = _md5(f"{secret}:{nonce}:00000001:race:auth:{request}")
        shown += ', qop=auth, nc=00000001, cnonce="race"'
    else:
        response = _md5(f"{secret}:{nonce}:{request}")
    if "opaque" in asked:
        shown += f', opaque="{asked["opaque"]}"'
    return f'Digest {shown}, response="{response}"'


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class Dialog:
    """One side of a call: enough to send requests within it."""

    call_id: str
    local: str  # From of what we send, with our tag
    remote: str
    target: str  # the far side's Contact
    cseq: int = 1

    def request(self, method: str, via: str) -> Message:
        """The next request. An ACK carries the number of the INVITE it is for."""
        if method != "ACK":
            self.cseq += 1
        return Message(
            f"{method} {self.target} SIP/2.0",
            [
                ("Via", f"{via};branch={fresh('z9hG4bK')}"),
                ("Max-Forwards", "70"),
                ("From", self.local),
                ("To", self.remote),
                ("Call-ID", self.call_id),
                ("CSeq", f"{self.cseq} {method}"),
            ],
        )

    def learn(self, message: Message) -> None:
        """Take in where the far side wants to be reached."""
        contact = _URI.search(message.get("Contact"))
        if contact:
            self.target = contact[1]


class Wire(asyncio.DatagramProtocol):
    """One socket that many phones share, `distance` seconds away from the switchboard."""

    def __init__(self, server_port: int, distance: float, hear: Callable[[Message], None]) -> None:
        self._server = (HOST, server_port)
        self._distance = distance
        self._hear = hear
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.DatagramTransport
        self.port = 0

    @classmethod
    async def open(cls, port: int, server_port: int, distance: float, hear: Callable[[Message], None]) -> Self:
        """Listen at a port."""
        loop = asyncio.get_running_loop()
        transport, wire = await loop.create_datagram_endpoint(
            lambda: cls(server_port, distance, hear), local_addr=(HOST, port)
        )
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        wire._transport, wire.port = transport, port  # noqa: SLF001  # it is ours
        return wire

    @property
    def via(self) -> str:
        """The beginning of every Via of ours."""
        return f"SIP/2.0/UDP {HOST}:{self.port}"

    @property
    def server(self) -> str:
        """The switchboard, as an address."""
        return f"{self._server[0]}:{self._server[1]}"

    def contact(self, user: str) -> str:
        """Where one of ours can be reached."""
        return f"sip:{user}@{HOST}:{self.port}"

    def send(self, message: Message) -> None:
        """Put a message on the line; it arrives a little later."""
        self._loop.call_later(self._distance, self._put, message.encode())

    def _put(self, packet: bytes) -> None:
        if not self._transport.is_closing():  # else the phones have been switched off meanwhile
            self._transport.sendto(packet, self._server)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Something came from the switchboard; our phone hears of it a little later."""
        del addr
        if len(data) > 4:  # else it only keeps a NAT open
            self._loop.call_later(self._distance, self._hear, Message.decode(data, self._loop.time()))

    def close(self) -> None:
        """Listen no more."""
        self._transport.close()
