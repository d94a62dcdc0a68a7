# ruff: noqa: N818 -- each name says what happened; AriError above them says that it is an error
"""Decides what can go wrong between a command and its answer; it knows no wire and no retry.

::

    AriError                    every failure of one command
    ├── AriUnreachable          the command was never sent: no connection could be made
    ├── AriDropped              the connection ended before the answer; the command may have been carried out
    ├── AriTimeout              no answer in time; the command may have been carried out
    ├── AriUndecodable          an answer came but does not have the shape Asterisk's swagger promises
    └── AriRefused              Asterisk answered with an error status
        ├── BadRequest          400
        ├── Unauthorized        401, wrong user or password
        ├── Forbidden           403, a read-only user, or a channel of the wrong kind
        ├── NotFound            404, ordinary for a channel that has just hung up
        ├── Conflict            409, the thing is not in a state that allows this
        ├── Unprocessable       412, 422
        └── ServerFault         500 and above
"""

from __future__ import annotations


class AriError(Exception):
    """One ARI command failed.

    The text names the method, the resource and the reason. It never carries the query, the body or a header:
    those hold telephone numbers, variables and the password.
    """

    #: Whether Asterisk may have carried the command out although it is reported as failed.
    outcome_unknown: bool = False

    def __init__(self, method: str, resource: str, message: str) -> None:
        super().__init__(f"{method} {resource}: {message}")
        self.method = method
        self.resource = resource
        self.message = message


class AriUnreachable(AriError):
    """No connection to Asterisk could be made; nothing was sent."""


class AriDropped(AriError):
    """The connection ended after the command was sent and before its answer was complete."""

    outcome_unknown = True


class AriTimeout(AriError):
    """No complete answer within the client's timeout, waiting for a free connection included."""

    outcome_unknown = True


class AriUndecodable(AriError):
    """Asterisk carried the command out but its answer cannot be read as the promised model."""


class AriRefused(AriError):
    """Asterisk answered with an error; ``status`` is the HTTP status, ``message`` Asterisk's own words."""

    def __init__(self, method: str, resource: str, message: str, status: int) -> None:
        super().__init__(method, resource, f"{status} {message}")
        self.message = message
        self.status = status


class BadRequest(AriRefused):
    """400: a parameter is missing or makes no sense."""


class Unauthorized(AriRefused):
    """401: the user or the password is wrong."""


class Forbidden(AriRefused):
    """403: the user may only read, or this kind of channel cannot do that."""


class NotFound(AriRefused):
    """404: no such channel, bridge, playback, recording or application, or no longer."""


class Conflict(AriRefused):
    """409: it exists but not in a state that allows this, such as a channel outside Stasis."""


class Unprocessable(AriRefused):
    """412 or 422: well formed, and still impossible (a channel that is not in a Stasis app or a bridge)."""


class ServerFault(AriRefused):
    """500 and above: Asterisk failed; 503 means it is overloaded or shutting down."""


_BY_STATUS: dict[int, type[AriRefused]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Unprocessable,
    422: Unprocessable,
}


def refusal(method: str, resource: str, message: str, status: int) -> AriRefused:
    """Choose the class for one error status and build it."""
    kind = _BY_STATUS.get(status, ServerFault if status >= 500 else AriRefused)
    return kind(method, resource, message, status)
