"""What a mail server gets. It is a real one, on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from ivr_engine.messengers.mail import Mail
from ivr_engine.messengers.messenger import in_plain_words
from ivr_engine.messengers.post import try_once
from tests.unit.messengers.gateway import raised

TO = "ops@example.com"
FROM = "hotline@example.com"


class Server:
    """Keeps the mails; refuses an address that begins with `nobody`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.users: list[bytes] = []

    async def start(self, **how: Any) -> int:
        def make() -> SMTP:
            return SMTP(self, loop=asyncio.get_running_loop(), enable_SMTPUTF8=True, **how)

        self._server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()
        await asyncio.sleep(0.01)  # its last connection ends

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.users.append(data.login)
        return AuthResult(success=data.password == b"s3cret", handled=False)


def _text(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    yield server
    await server.stop()


async def test_a_mail_says_it_all_in_plain_text(server: Server) -> None:
    mail = Mail("127.0.0.1", FROM, await server.start(), "none")
    assert await try_once(mail, raised(title="召回：严重", text="# 态势\n\n3 通"), TO) == ""
    (got,) = server.mails
    assert (got["Subject"], got["To"], got["From"]) == ("召回：严重", TO, FROM)
    assert _text(got) == "召回：严重\n\n# 态势\n\n3 通\n"
    assert got["Auto-Submitted"] == "auto-generated"


async def test_a_title_makes_no_headers_and_a_text_ends_no_mail(server: Server) -> None:
    mail = Mail("127.0.0.1", FROM, await server.start(), "none")
    hostile = in_plain_words(raised(title="A\r\nBcc: evil@example.com\r\n\r\nhello", text="one\n.\nRCPT TO:<x@y>\ntwo"))
    assert await try_once(mail, hostile, TO) == ""
    (got,) = server.mails
    assert got["Subject"] == "A Bcc: evil@example.com hello"
    assert got["Bcc"] is None
    assert server.recipients == [[TO]]
    assert _text(got).endswith("one\n.\nRCPT TO:<x@y>\ntwo\n")


async def test_a_title_that_was_not_cleaned_is_refused_and_not_sent(server: Server) -> None:
    mail = Mail("127.0.0.1", FROM, await server.start(), "none")
    assert await try_once(mail, raised(title="A\nBcc: evil@example.com"), TO) != ""
    assert server.mails == []


async def test_the_same_alert_has_the_same_id_at_every_try(server: Server) -> None:
    mail = Mail("127.0.0.1", FROM, await server.start(), "none")
    for address in (TO, TO, "b@example.com"):
        await try_once(mail, raised(), address)
    first, again, other = (got["Message-ID"] for got in server.mails)
    assert first == again != other


async def test_a_user_signs_in(server: Server) -> None:
    port = await server.start(authenticator=server.authenticate, auth_require_tls=False)
    assert await try_once(Mail("127.0.0.1", FROM, port, "none", "ivr", "s3cret"), raised(), TO) == ""
    why = await try_once(Mail("127.0.0.1", FROM, port, "none", "ivr", "wrong"), raised(), TO)
    assert why == "the mail server answered 535"
    assert server.users[:1] == [b"ivr"]
    assert len(server.mails) == 1


async def test_who_is_not_there_is_told_without_his_address(server: Server) -> None:
    mail = Mail("127.0.0.1", FROM, await server.start(), "none")
    assert await try_once(mail, raised(), "nobody@example.com") == "the mail server refused the address (550)"


async def test_a_server_that_cannot_encrypt_is_told_nothing(server: Server) -> None:
    why = await try_once(Mail("127.0.0.1", FROM, await server.start(), "starttls"), raised(), TO)
    assert why.startswith("the mail server cannot be reached")
    assert server.mails == []


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_an_encrypted_line_needs_a_certificate_that_somebody_vouches_for(
    server: Server, tls: Any, certificate: Callable[[], tuple[ssl.SSLContext, ssl.SSLContext]]
) -> None:
    theirs, ours = certificate()
    if tls == "tls":
        port = await _start_encrypted(server, theirs)
    else:
        port = await server.start(tls_context=theirs, require_starttls=True)
    assert await try_once(Mail("127.0.0.1", FROM, port, tls, authorities=ours), raised(), TO) == ""
    assert await try_once(Mail("127.0.0.1", FROM, port, tls), raised(), TO) != "", "nobody vouches for it"
    assert len(server.mails) == 1


async def _start_encrypted(server: Server, context: ssl.SSLContext) -> int:
    loop = asyncio.get_running_loop()
    server._server = await loop.create_server(lambda: SMTP(server, loop=loop), "127.0.0.1", 0, ssl=context)
    return int(server._server.sockets[0].getsockname()[1])
