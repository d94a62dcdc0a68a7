"""A typed asyncio client for the Asterisk REST Interface; it knows ARI and nothing of what it is used for.

Commands go through :class:`AriClient`, events come from :class:`EventStream`, :class:`Lanes` keeps the order
of commands for one channel. Models and commands are generated from Asterisk's own swagger files.
"""

from . import models
from .address import Address
from .client import AriClient, OnRequest
from .errors import (
    AriDropped,
    AriError,
    AriRefused,
    AriTimeout,
    AriUndecodable,
    AriUnreachable,
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    ServerFault,
    Unauthorized,
    Unprocessable,
)
from .lanes import Job, Lanes
from .notices import Loss, LossKind, OddFrame, OddKind
from .operations import Operations
from .request import Command, Request
from .stream import Backoff, EventStream, OnEvent

__all__ = [
    "Address",
    "AriClient",
    "AriDropped",
    "AriError",
    "AriRefused",
    "AriTimeout",
    "AriUndecodable",
    "AriUnreachable",
    "Backoff",
    "BadRequest",
    "Command",
    "Conflict",
    "EventStream",
    "Forbidden",
    "Job",
    "Lanes",
    "Loss",
    "LossKind",
    "NotFound",
    "OddFrame",
    "OddKind",
    "OnEvent",
    "OnRequest",
    "Operations",
    "Request",
    "ServerFault",
    "Unauthorized",
    "Unprocessable",
    "models",
]
