"""Decides what Asterisk's objects and events look like; it knows no connection. GENERATED: do not edit.

Written by ``python -m ivr_engine.ari.generate`` from the swagger files that Asterisk ships:
ARI 10.0.0, whose newest operation came with Asterisk 20.20.0 / 22.10.0 / 23.4.0.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec


class AdditionalParam(msgspec.Struct, frozen=True, kw_only=True):
    """Protocol specific additional parameter"""

    parameter_name: str
    """Name of the parameter"""

    parameter_value: str
    """Value of the parameter"""


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """Details of a Stasis application"""

    name: str
    """Name of this application"""

    channel_ids: list[str]
    """Id's for channels subscribed to."""

    bridge_ids: list[str]
    """Id's for bridges subscribed to."""

    endpoint_ids: list[str]
    """{tech}/{resource} for endpoints subscribed to."""

    device_names: list[str]
    """Names of the devices subscribed to."""

    events_allowed: list[dict[str, Any]]
    """Event types sent to the application."""

    events_disallowed: list[dict[str, Any]]
    """Event types not sent to the application."""


class AsteriskInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Asterisk system information"""

    build: BuildInfo | None = None
    """Info about how Asterisk was built"""

    system: SystemInfo | None = None
    """Info about the system running Asterisk"""

    config: ConfigInfo | None = None
    """Info about Asterisk configuration"""

    status: StatusInfo | None = None
    """Info about Asterisk status"""


class AsteriskPing(msgspec.Struct, frozen=True, kw_only=True):
    """Asterisk ping information"""

    asterisk_id: str
    """Asterisk id info"""

    ping: str
    """Always string value is pong"""

    timestamp: str
    """The timestamp string of request received time"""


class Bridge(msgspec.Struct, frozen=True, kw_only=True):
    """The merging of media from one or more channels.

    Everyone on the bridge receives the same audio.
    """

    id: str
    """Unique identifier for this bridge"""

    technology: str
    """Name of the current bridging technology"""

    bridge_type: str
    """Type of bridge technology One of: mixing, holding."""

    bridge_class: str
    """Bridging class"""

    creator: str
    """Entity that created the bridge"""

    name: str
    """Name the creator gave the bridge"""

    channels: list[str]
    """Ids of channels participating in this bridge"""

    video_mode: str | None = None
    """The video mode the bridge is using. One of 'none', 'talker', 'sfu', or 'single'."""

    video_source_id: str | None = None
    """The ID of the channel that is the source of video in this bridge, if one exists."""

    creationtime: str
    """Timestamp when bridge was created"""

    bridgevars: dict[str, Any] | None = None
    """Bridge variables"""


class BuildInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Info about how Asterisk was built"""

    os: str
    """OS Asterisk was built on."""

    kernel: str
    """Kernel version Asterisk was built on."""

    options: str
    """Compile time options, or empty string if default."""

    machine: str
    """Machine architecture (x86_64, i686, ppc, etc.)"""

    date: str
    """Date and time when Asterisk was built."""

    user: str
    """Username that build Asterisk"""


class CallerID(msgspec.Struct, frozen=True, kw_only=True):
    """Caller identification"""

    name: str

    number: str


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A specific communication connection between Asterisk and an Endpoint."""

    id: str
    """Unique identifier of the channel.

    This is the same as the Uniqueid field in AMI.
    """

    protocol_id: str
    """Protocol id from underlying channel driver (i.e. Call-ID for chan_pjsip; will be empty if not
    applicable or not implemented by driver).
    """

    name: str
    """Name of the channel (i.e. SIP/foo-0000a7e3)"""

    state: str
    """One of: Down, Rsrved, OffHook, Dialing, Ring, Ringing, Up, Busy, Dialing Offhook, Pre-ring,
    Unknown.
    """

    caller: CallerID

    connected: CallerID

    accountcode: str

    dialplan: DialplanCEP
    """Current location in the dialplan"""

    creationtime: str
    """Timestamp when channel was created"""

    language: str
    """The default spoken language"""

    channelvars: dict[str, Any] | None = None
    """Channel variables"""

    caller_rdnis: str | None = None
    """The Caller ID RDNIS"""

    tenantid: str | None = None
    """The Tenant ID for the channel"""


class ConfigInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Info about Asterisk configuration"""

    name: str
    """Asterisk system name."""

    default_language: str
    """Default language for media playback."""

    max_channels: int | None = None
    """Maximum number of simultaneous channels."""

    max_open_files: int | None = None
    """Maximum number of open file handles (files, sockets)."""

    max_load: float | None = None
    """Maximum load avg on system."""

    setid: SetId
    """Effective user/group id for running Asterisk."""


class ConfigTuple(msgspec.Struct, frozen=True, kw_only=True):
    """A key/value pair that makes up part of a configuration object."""

    attribute: str
    """A configuration object attribute."""

    value: str
    """The value for the attribute."""


class ContactInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Detailed information about a contact on an endpoint."""

    uri: str
    """The location of the contact."""

    contact_status: str
    """The current status of the contact. One of: Unreachable, Reachable, Unknown, NonQualified,
    Removed.
    """

    aor: str
    """The Address of Record this contact belongs to."""

    roundtrip_usec: str | None = None
    """Current round trip time, in microseconds, for the contact."""


class DeviceState(msgspec.Struct, frozen=True, kw_only=True):
    """Represents the state of a device."""

    name: str
    """Name of the device."""

    state: str
    """Device's state One of: UNKNOWN, NOT_INUSE, INUSE, BUSY, INVALID, UNAVAILABLE, RINGING,
    RINGINUSE, ONHOLD.
    """


class Dialed(msgspec.Struct, frozen=True, kw_only=True):
    """Dialed channel information."""


class DialplanCEP(msgspec.Struct, frozen=True, kw_only=True):
    """Dialplan location (context/extension/priority)"""

    context: str
    """Context in the dialplan"""

    exten: str
    """Extension in the dialplan"""

    priority: int
    """Priority in the dialplan"""

    app_name: str
    """Name of current dialplan application"""

    app_data: str
    """Parameter of current dialplan application"""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An external device that may offer/accept calls to/from Asterisk.

    Unlike most resources, which have a single unique identifier, an endpoint is uniquely identified
    by the technology/resource pair.
    """

    technology: str
    """Technology of the endpoint"""

    resource: str
    """Identifier of the endpoint, specific to the given technology."""

    state: str | None = None
    """Endpoint's state One of: unknown, offline, online."""

    channel_ids: list[str]
    """Id's of channels associated with this endpoint"""


class FormatLangPair(msgspec.Struct, frozen=True, kw_only=True):
    """Identifies the format and language of a sound file"""

    language: str

    format: str


class LiveRecording(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that is in progress"""

    name: str
    """Base name for the recording"""

    format: str
    """Recording format (wav, gsm, etc.)"""

    target_uri: str
    """URI for the channel or bridge being recorded"""

    state: str
    """One of: queued, recording, paused, done, failed, canceled."""

    duration: int | None = None
    """Duration in seconds of the recording"""

    talking_duration: int | None = None
    """Duration of talking, in seconds, detected in the recording. This is only available if the
    recording was initiated with a non-zero maxSilenceSeconds.
    """

    silence_duration: int | None = None
    """Duration of silence, in seconds, detected in the recording. This is only available if the
    recording was initiated with a non-zero maxSilenceSeconds.
    """

    cause: str | None = None
    """Cause for recording failure if failed"""


class LogChannel(msgspec.Struct, frozen=True, kw_only=True):
    """Details of an Asterisk log channel"""

    channel: str
    """The log channel path"""

    type: str
    """Types of logs for the log channel"""

    status: str
    """Whether or not a log type is enabled"""

    configuration: str
    """The various log levels"""


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    """Represents the state of a mailbox."""

    name: str
    """Name of the mailbox."""

    old_messages: int
    """Count of old messages in the mailbox."""

    new_messages: int
    """Count of new messages in the mailbox."""


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """Details of an Asterisk module"""

    name: str
    """The name of this module"""

    description: str
    """The description of this module"""

    use_count: int
    """The number of times this module is being used"""

    status: str
    """The running status of this module"""

    support_level: str
    """The support state of this module"""


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """Detailed information about a remote peer that communicates with Asterisk."""

    peer_status: str
    """The current state of the peer. Note that the values of the status are dependent on the
    underlying peer technology.
    """

    cause: str | None = None
    """An optional reason associated with the change in peer_status."""

    address: str | None = None
    """The IP address of the peer."""

    port: str | None = None
    """The port of the peer."""

    time: str | None = None
    """The last known time the peer was contacted."""


class Playback(msgspec.Struct, frozen=True, kw_only=True):
    """Object representing the playback of media to a channel"""

    id: str
    """ID for this playback operation"""

    media_uri: str
    """The URI for the media currently being played back."""

    next_media_uri: str | None = None
    """If a list of URIs is being played, the next media URI to be played back."""

    target_uri: str
    """URI for the channel or bridge to play the media on"""

    language: str | None = None
    """For media types that support multiple languages, the language requested for playback."""

    state: str
    """Current state of the playback operation. One of: queued, playing, continuing, done, failed."""


class RESTHeader(msgspec.Struct, frozen=True, kw_only=True):
    """REST over Websocket header"""

    name: str
    """Header name"""

    value: str
    """Header value"""


class RESTQueryStringParameter(msgspec.Struct, frozen=True, kw_only=True):
    """REST over Websocket Query String Parameter"""

    name: str
    """Parameter name"""

    value: str
    """Parameter value"""


class RESTRequest(msgspec.Struct, frozen=True, kw_only=True):
    """REST over Websocket Request."""

    type: str
    """Message type. Must be 'RESTRequest'"""

    transaction_id: str
    """Opaque transaction id. Can be any valid string. Will be returned in any response to this
    request.
    """

    request_id: str
    """Opaque request id. Can be any valid string. Will be returned in any response to this request."""

    method: str
    """HTTP method (GET, PUT, POST, DELETE, etc.)"""

    uri: str
    """Resource URI with optional query string parameters."""

    content_type: str | None = None
    """The Content-Type of the message body."""

    query_strings: list[RESTQueryStringParameter] | None = None
    """Request query string parameters."""

    message_body: str | None = None
    """Request message body. Only content types application/json and application/x-www-form-urlencoded
    are supported.
    """


class RTPstat(msgspec.Struct, frozen=True, kw_only=True):
    """A statistics of a RTP."""

    txcount: int
    """Number of packets transmitted."""

    rxcount: int
    """Number of packets received."""

    txjitter: float | None = None
    """Jitter on transmitted packets."""

    rxjitter: float | None = None
    """Jitter on received packets."""

    remote_maxjitter: float | None = None
    """Maximum jitter on remote side."""

    remote_minjitter: float | None = None
    """Minimum jitter on remote side."""

    remote_normdevjitter: float | None = None
    """Average jitter on remote side."""

    remote_stdevjitter: float | None = None
    """Standard deviation jitter on remote side."""

    local_maxjitter: float | None = None
    """Maximum jitter on local side."""

    local_minjitter: float | None = None
    """Minimum jitter on local side."""

    local_normdevjitter: float | None = None
    """Average jitter on local side."""

    local_stdevjitter: float | None = None
    """Standard deviation jitter on local side."""

    txploss: int
    """Number of transmitted packets lost."""

    rxploss: int
    """Number of received packets lost."""

    remote_maxrxploss: float | None = None
    """Maximum number of packets lost on remote side."""

    remote_minrxploss: float | None = None
    """Minimum number of packets lost on remote side."""

    remote_normdevrxploss: float | None = None
    """Average number of packets lost on remote side."""

    remote_stdevrxploss: float | None = None
    """Standard deviation packets lost on remote side."""

    local_maxrxploss: float | None = None
    """Maximum number of packets lost on local side."""

    local_minrxploss: float | None = None
    """Minimum number of packets lost on local side."""

    local_normdevrxploss: float | None = None
    """Average number of packets lost on local side."""

    local_stdevrxploss: float | None = None
    """Standard deviation packets lost on local side."""

    rtt: float | None = None
    """Total round trip time."""

    maxrtt: float | None = None
    """Maximum round trip time."""

    minrtt: float | None = None
    """Minimum round trip time."""

    normdevrtt: float | None = None
    """Average round trip time."""

    stdevrtt: float | None = None
    """Standard deviation round trip time."""

    local_ssrc: int
    """Our SSRC."""

    remote_ssrc: int
    """Their SSRC."""

    txoctetcount: int
    """Number of octets transmitted."""

    rxoctetcount: int
    """Number of octets received."""

    channel_uniqueid: str
    """The Asterisk channel's unique ID that owns this instance."""


class ReferTo(msgspec.Struct, frozen=True, kw_only=True):
    """transfer destination requested by transferee"""

    requested_destination: RequiredDestination

    destination_channel: Channel | None = None
    """The Channel Object, that is to be replaced"""

    connected_channel: Channel | None = None
    """Channel, connected to the to be replaced channel"""

    bridge: Bridge | None = None
    """Bridge connecting both destination channels"""


class ReferredBy(msgspec.Struct, frozen=True, kw_only=True):
    """transfer destination requested by transferee"""

    source_channel: Channel
    """The channel on which the refer was received"""

    connected_channel: Channel | None = None
    """Channel, Connected to the channel, receiving the transfer request on."""

    bridge: Bridge | None = None
    """Bridge connecting both Channels"""


class RequiredDestination(msgspec.Struct, frozen=True, kw_only=True):
    """Information about the requested destination"""

    protocol_id: str | None = None
    """the requested protocol-id by the referee in case of SIP channel, this is a SIP Call ID, Mutually
    exclusive to destination
    """

    destination: str | None = None
    """Destination User Part. Only for Blind transfer. Mutually exclusive to protocol_id"""

    additional_protocol_params: list[AdditionalParam] | None = None
    """List of additional protocol specific information"""


class SetId(msgspec.Struct, frozen=True, kw_only=True):
    """Effective user/group id"""

    user: str
    """Effective user id."""

    group: str
    """Effective group id."""


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """A media file that may be played back."""

    id: str
    """Sound's identifier."""

    text: str | None = None
    """Text description of the sound, usually the words spoken."""

    formats: list[FormatLangPair]
    """The formats and languages in which this sound is available."""


class StatusInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Info about Asterisk status"""

    startup_time: str
    """Time when Asterisk was started."""

    last_reload_time: str
    """Time when Asterisk was last reloaded."""


class StoredRecording(msgspec.Struct, frozen=True, kw_only=True):
    """A past recording that may be played back."""

    name: str

    format: str


class SystemInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Info about Asterisk"""

    version: str
    """Asterisk version."""

    entity_id: str


class TextMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A text message."""

    from_: str = msgspec.field(name="from")
    """A technology specific URI specifying the source of the message. For pjsip technology, any SIP
    URI can be specified. For xmpp, the URI must correspond to the client connection being used to
    send the message.
    """

    to: str
    """A technology specific URI specifying the destination of the message. Valid technologies include
    pjsip, and xmp. The destination of a message should be an endpoint.
    """

    body: str
    """The text of the message."""

    variables: dict[str, Any] | None = None
    """Technology specific key/value pairs (JSON object) associated with the message."""


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """The value of a channel variable"""

    value: str
    """The value of the variable requested"""


class Variables(msgspec.Struct, frozen=True, kw_only=True):
    """A dictionary of channel variables"""

    variables: dict[str, Any]
    """A dictionary of channel variables"""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base type for errors and events"""

    asterisk_id: str | None = None
    """The unique ID for the Asterisk instance that raised this event."""


class Event(Message, frozen=True, kw_only=True):
    """Base type for asynchronous events from Asterisk."""

    application: str
    """Name of the application receiving the event."""

    timestamp: str
    """Time at which this event was created."""


class ApplicationMoveFailed(Event, frozen=True, kw_only=True, tag=True):
    """Notification that trying to move a channel to another Stasis application failed."""

    channel: Channel

    destination: str

    args: list[str]
    """Arguments to the application"""


class ApplicationRegistered(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a Stasis app has been registered."""


class ApplicationReplaced(Event, frozen=True, kw_only=True, tag=True):
    """Notification that another WebSocket has taken over for an application.

    An application may only be subscribed to by a single WebSocket at a time. If multiple WebSockets
    attempt to subscribe to the same application, the newer WebSocket wins, and the older one
    receives this event.
    """


class ApplicationUnregistered(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a Stasis app has been unregistered."""


class BridgeAttendedTransfer(Event, frozen=True, kw_only=True, tag=True):
    """Notification that an attended transfer has occurred."""

    transferer_first_leg: Channel
    """First leg of the transferer"""

    transferer_second_leg: Channel
    """Second leg of the transferer"""

    replace_channel: Channel | None = None
    """The channel that is replacing transferer_first_leg in the swap"""

    transferee: Channel | None = None
    """The channel that is being transferred"""

    transfer_target: Channel | None = None
    """The channel that is being transferred to"""

    result: str
    """The result of the transfer attempt"""

    is_external: bool
    """Whether the transfer was externally initiated or not"""

    transferer_first_leg_bridge: Bridge | None = None
    """Bridge the transferer first leg is in"""

    transferer_second_leg_bridge: Bridge | None = None
    """Bridge the transferer second leg is in"""

    destination_type: str
    """How the transfer was accomplished"""

    destination_bridge: str | None = None
    """Bridge that survived the merge result"""

    destination_application: str | None = None
    """Application that has been transferred into"""

    destination_link_first_leg: Channel | None = None
    """First leg of a link transfer result"""

    destination_link_second_leg: Channel | None = None
    """Second leg of a link transfer result"""

    destination_threeway_channel: Channel | None = None
    """Transferer channel that survived the threeway result"""

    destination_threeway_bridge: Bridge | None = None
    """Bridge that survived the threeway result"""


class BridgeBlindTransfer(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a blind transfer has occurred."""

    channel: Channel
    """The channel performing the blind transfer"""

    replace_channel: Channel | None = None
    """The channel that is replacing transferer when the transferee(s) can not be transferred directly"""

    transferee: Channel | None = None
    """The channel that is being transferred"""

    exten: str
    """The extension transferred to"""

    context: str
    """The context transferred to"""

    result: str
    """The result of the transfer attempt"""

    is_external: bool
    """Whether the transfer was externally initiated or not"""

    bridge: Bridge | None = None
    """The bridge being transferred"""


class BridgeCreated(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a bridge has been created."""

    bridge: Bridge


class BridgeDestroyed(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a bridge has been destroyed."""

    bridge: Bridge


class BridgeMerged(Event, frozen=True, kw_only=True, tag=True):
    """Notification that one bridge has merged into another."""

    bridge: Bridge

    bridge_from: Bridge


class BridgeVideoSourceChanged(Event, frozen=True, kw_only=True, tag=True):
    """Notification that the source of video in a bridge has changed."""

    bridge: Bridge

    old_video_source_id: str | None = None


class CallBroadcast(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel is being broadcast to ARI applications for claiming."""

    channel: Channel
    """The channel being broadcast."""

    caller: str | None = None
    """The caller ID number."""

    called: str | None = None
    """The called number."""


class CallClaimed(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a broadcast channel has been successfully claimed by an ARI application."""

    channel: Channel
    """The channel that was claimed."""

    winner_app: str
    """The name of the ARI application that claimed the channel."""


class ChannelCallerId(Event, frozen=True, kw_only=True, tag=True):
    """Channel changed Caller ID."""

    caller_presentation: int
    """The integer representation of the Caller Presentation value."""

    caller_presentation_txt: str
    """The text representation of the Caller Presentation value."""

    channel: Channel
    """The channel that changed Caller ID."""


class ChannelConnectedLine(Event, frozen=True, kw_only=True, tag=True):
    """Channel changed Connected Line."""

    channel: Channel
    """The channel whose connected line has changed."""


class ChannelCreated(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has been created."""

    channel: Channel


class ChannelDestroyed(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has been destroyed."""

    cause: int
    """Integer representation of the cause of the hangup"""

    cause_txt: str
    """Text representation of the cause of the hangup"""

    tech_cause: int | None = None
    """Integer representation of the technology-specific off-nominal cause of the hangup."""

    channel: Channel


class ChannelDialplan(Event, frozen=True, kw_only=True, tag=True):
    """Channel changed location in the dialplan."""

    channel: Channel
    """The channel that changed dialplan location."""

    dialplan_app: str
    """The application about to be executed."""

    dialplan_app_data: str
    """The data to be passed to the application."""


class ChannelDtmfReceived(Event, frozen=True, kw_only=True, tag=True):
    """DTMF received on a channel.

    This event is sent when the DTMF ends. There is no notification about the start of DTMF
    """

    digit: str
    """DTMF digit received (0-9, A-E, # or *)"""

    duration_ms: int
    """Number of milliseconds DTMF was received"""

    channel: Channel
    """The channel on which DTMF was received"""


class ChannelEnteredBridge(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has entered a bridge."""

    bridge: Bridge

    channel: Channel | None = None


class ChannelHangupRequest(Event, frozen=True, kw_only=True, tag=True):
    """A hangup was requested on the channel."""

    cause: int | None = None
    """Integer representation of the cause of the hangup."""

    tech_cause: int | None = None
    """Integer representation of the technology-specific off-nominal cause of the hangup."""

    soft: bool | None = None
    """Whether the hangup request was a soft hangup request."""

    channel: Channel
    """The channel on which the hangup was requested."""


class ChannelHold(Event, frozen=True, kw_only=True, tag=True):
    """A channel initiated a media hold."""

    channel: Channel
    """The channel that initiated the hold event."""

    musicclass: str | None = None
    """The music on hold class that the initiator requested."""


class ChannelLeftBridge(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has left a bridge."""

    bridge: Bridge

    channel: Channel


class ChannelStateChange(Event, frozen=True, kw_only=True, tag=True):
    """Notification of a channel's state change."""

    channel: Channel


class ChannelTalkingFinished(Event, frozen=True, kw_only=True, tag=True):
    """Talking is no longer detected on the channel."""

    channel: Channel
    """The channel on which talking completed."""

    duration: int
    """The length of time, in milliseconds, that talking was detected on the channel"""


class ChannelTalkingStarted(Event, frozen=True, kw_only=True, tag=True):
    """Talking was detected on the channel."""

    channel: Channel
    """The channel on which talking started."""


class ChannelToneDetected(Event, frozen=True, kw_only=True, tag=True):
    """Tone was detected on the channel."""

    channel: Channel
    """The channel the tone was detected on."""


class ChannelTransfer(Event, frozen=True, kw_only=True, tag=True):
    """transfer on a channel."""

    state: str | None = None
    """Transfer State"""

    refer_to: ReferTo
    """Refer-To information with optionally both affected channels"""

    referred_by: ReferredBy
    """Referred-By SIP Header according rfc3892"""


class ChannelUnhold(Event, frozen=True, kw_only=True, tag=True):
    """A channel initiated a media unhold."""

    channel: Channel
    """The channel that initiated the unhold event."""


class ChannelUserevent(Event, frozen=True, kw_only=True, tag=True):
    """User-generated event with additional user-defined fields in the object."""

    eventname: str
    """The name of the user event."""

    channel: Channel | None = None
    """A channel that is signaled with the user event."""

    bridge: Bridge | None = None
    """A bridge that is signaled with the user event."""

    endpoint: Endpoint | None = None
    """A endpoint that is signaled with the user event."""

    userevent: dict[str, Any]
    """Custom Userevent data"""


class ChannelVarset(Event, frozen=True, kw_only=True, tag=True):
    """Channel variable changed."""

    variable: str
    """The variable that changed."""

    value: str
    """The new value of the variable."""

    channel: Channel | None = None
    """The channel on which the variable was set.

    If missing, the variable is a global variable.
    """


class ContactStatusChange(Event, frozen=True, kw_only=True, tag=True):
    """The state of a contact on an endpoint has changed."""

    endpoint: Endpoint

    contact_info: ContactInfo


class DeviceStateChanged(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a device state has changed."""

    device_state: DeviceState
    """Device state object"""


class Dial(Event, frozen=True, kw_only=True, tag=True):
    """Dialing state has changed."""

    caller: Channel | None = None
    """The calling channel."""

    peer: Channel
    """The dialed channel."""

    forward: str | None = None
    """Forwarding target requested by the original dialed channel."""

    forwarded: Channel | None = None
    """Channel that the caller has been forwarded to."""

    dialstring: str | None = None
    """The dial string for calling the peer channel."""

    dialstatus: str
    """Current status of the dialing attempt to the peer."""


class EndpointStateChange(Event, frozen=True, kw_only=True, tag=True):
    """Endpoint state changed."""

    endpoint: Endpoint


class MissingParams(Message, frozen=True, kw_only=True, tag=True):
    """Error event sent when required params are missing."""

    params: list[str]
    """A list of the missing parameters"""


class PeerStatusChange(Event, frozen=True, kw_only=True, tag=True):
    """The state of a peer associated with an endpoint has changed."""

    endpoint: Endpoint

    peer: Peer


class PlaybackContinuing(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the continuation of a media playback operation from one media URI to the next in
    the list.
    """

    playback: Playback
    """Playback control object"""


class PlaybackFinished(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the completion of a media playback operation."""

    playback: Playback
    """Playback control object"""


class PlaybackStarted(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the start of a media playback operation."""

    playback: Playback
    """Playback control object"""


class RESTResponse(Event, frozen=True, kw_only=True, tag=True):
    """REST over Websocket Response."""

    transaction_id: str
    """Opaque transaction id. Will be whatever was specified on the original request."""

    request_id: str
    """Opaque request id. Will be whatever was specified on the original request."""

    status_code: int
    """HTTP status code"""

    reason_phrase: str
    """HTTP reason phrase"""

    uri: str
    """Original request resource URI"""

    content_type: str | None = None
    """The Content-Type of the message body."""

    message_body: str | None = None
    """Response message body"""


class RecordingFailed(Event, frozen=True, kw_only=True, tag=True):
    """Event showing failure of a recording operation."""

    recording: LiveRecording
    """Recording control object"""


class RecordingFinished(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the completion of a recording operation."""

    recording: LiveRecording
    """Recording control object"""


class RecordingStarted(Event, frozen=True, kw_only=True, tag=True):
    """Event showing the start of a recording operation."""

    recording: LiveRecording
    """Recording control object"""


class StasisEnd(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has left a Stasis application."""

    channel: Channel


class StasisStart(Event, frozen=True, kw_only=True, tag=True):
    """Notification that a channel has entered a Stasis application."""

    args: list[str]
    """Arguments to the application"""

    channel: Channel

    replace_channel: Channel | None = None


class TextMessageReceived(Event, frozen=True, kw_only=True, tag=True):
    """A text message was received from an endpoint."""

    message: TextMessage

    endpoint: Endpoint | None = None


#: Everything the event socket can carry, told apart by ``type``.
AnyMessage: TypeAlias = (
    ApplicationMoveFailed
    | ApplicationRegistered
    | ApplicationReplaced
    | ApplicationUnregistered
    | BridgeAttendedTransfer
    | BridgeBlindTransfer
    | BridgeCreated
    | BridgeDestroyed
    | BridgeMerged
    | BridgeVideoSourceChanged
    | CallBroadcast
    | CallClaimed
    | ChannelCallerId
    | ChannelConnectedLine
    | ChannelCreated
    | ChannelDestroyed
    | ChannelDialplan
    | ChannelDtmfReceived
    | ChannelEnteredBridge
    | ChannelHangupRequest
    | ChannelHold
    | ChannelLeftBridge
    | ChannelStateChange
    | ChannelTalkingFinished
    | ChannelTalkingStarted
    | ChannelToneDetected
    | ChannelTransfer
    | ChannelUnhold
    | ChannelUserevent
    | ChannelVarset
    | ContactStatusChange
    | DeviceStateChanged
    | Dial
    | EndpointStateChange
    | MissingParams
    | PeerStatusChange
    | PlaybackContinuing
    | PlaybackFinished
    | PlaybackStarted
    | RESTResponse
    | RecordingFailed
    | RecordingFinished
    | RecordingStarted
    | StasisEnd
    | StasisStart
    | TextMessageReceived
)
