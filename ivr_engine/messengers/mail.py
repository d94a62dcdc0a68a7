"""This file decides how somebody is told by mail. It does not know when, or what is so urgent."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

import aiosmtplib

from ivr_engine.messengers.messenger import PATIENCE, NotSentError, receipt
from ivr_engine.model.alerts import AlertRaised

Tls = Literal["starttls", "tls", "none"]
PORTS: dict[Tls, int] = {"starttls": 587, "tls": 465, "none": 25}
LONGEST_SUBJECT = 200  # characters; the whole title is in the text too


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server that takes our mail. With `starttls` or `tls` nothing is said before the line is encrypted."""

    host: str
    sender: str
    port: int
    tls: Tls = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    authorities: ssl.SSLContext | None = field(default=None, repr=False)  # who vouches for it; None: the machine's
    within: float = PATIENCE

    async def send(self, alert: AlertRaised, address: str) -> None:
        """Hand the mail to the server: from there on it is the server's to deliver."""
        try:
            await aiosmtplib.send(
                written(alert, self.sender, address),
                sender=self.sender,
                recipients=[address],
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.tls == "tls",
                start_tls=self.tls == "starttls",
                tls_context=self.authorities,
                timeout=self.within,
            )
        except aiosmtplib.SMTPResponseException as error:
            raise NotSentError(f"the mail server answered {error.code}") from None  # its words may hold the address
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = ", ".join(str(one.code) for one in error.recipients)
            raise NotSentError(f"the mail server refused the address ({codes})") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSentError(f"the mail server cannot be reached ({type(error).__name__})") from None


def written(alert: AlertRaised, sender: str, address: str) -> EmailMessage:
    """The mail. Its id is the same at every try, so that a server that got it twice can tell."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = address
    mail["Subject"] = alert.title[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(datetime.fromtimestamp(alert.at, UTC))
    mail["Message-ID"] = f"<{receipt(alert, address)}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # no absence notes in return
    mail.set_content(f"{alert.title}\n\n{alert.text}\n" if alert.text else f"{alert.title}\n")
    return mail
