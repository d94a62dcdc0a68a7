# ruff: noqa: A002, ASYNC109, PLR0913 -- names and numbers of parameters are Asterisk's, not ours
"""Decides how each command of Asterisk is spelt on the wire; it knows no connection. GENERATED: do not edit.

Written by ``python -m ivr_engine.ari.generate`` from the swagger files that Asterisk ships:
ARI 10.0.0, whose newest operation came with Asterisk 20.20.0 / 22.10.0 / 23.4.0.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec.json import Decoder

from . import models
from .request import Command, Request, nothing, part

GetInfoOnly: TypeAlias = Literal[
    "build",
    "system",
    "config",
    "status",
]
RecordIfExists: TypeAlias = Literal[
    "fail",
    "overwrite",
    "append",
]
RecordTerminateOn: TypeAlias = Literal[
    "none",
    "any",
    "*",
    "#",
]
HangupReason: TypeAlias = Literal[
    "normal",
    "busy",
    "congestion",
    "no_answer",
    "timeout",
    "rejected",
    "unallocated",
    "normal_unspecified",
    "number_incomplete",
    "codec_mismatch",
    "interworking",
    "failure",
    "answered_elsewhere",
]
MuteDirection: TypeAlias = Literal[
    "both",
    "in",
    "out",
]
SnoopChannelSpy: TypeAlias = Literal[
    "none",
    "both",
    "out",
    "in",
]
SnoopChannelWhisper: TypeAlias = Literal[
    "none",
    "both",
    "out",
    "in",
]
ExternalMediaEncapsulation: TypeAlias = Literal[
    "rtp",
    "audiosocket",
    "none",
]
ExternalMediaTransport: TypeAlias = Literal[
    "udp",
    "tcp",
    "websocket",
]
ExternalMediaConnectionType: TypeAlias = Literal[
    "client",
    "server",
]
ExternalMediaDirection: TypeAlias = Literal["both"]
UpdateDeviceState: TypeAlias = Literal[
    "NOT_INUSE",
    "INUSE",
    "BUSY",
    "INVALID",
    "UNAVAILABLE",
    "RINGING",
    "RINGINUSE",
    "ONHOLD",
]
ControlOperation: TypeAlias = Literal[
    "restart",
    "pause",
    "unpause",
    "reverse",
    "forward",
]

_APPLICATION = Decoder(models.Application).decode
_APPLICATION_LIST = Decoder(builtins.list[models.Application]).decode
_ASTERISK_INFO = Decoder(models.AsteriskInfo).decode
_ASTERISK_PING = Decoder(models.AsteriskPing).decode
_BRIDGE = Decoder(models.Bridge).decode
_BRIDGE_LIST = Decoder(builtins.list[models.Bridge]).decode
_CHANNEL = Decoder(models.Channel).decode
_CHANNEL_LIST = Decoder(builtins.list[models.Channel]).decode
_CONFIG_TUPLE_LIST = Decoder(builtins.list[models.ConfigTuple]).decode
_DEVICE_STATE = Decoder(models.DeviceState).decode
_DEVICE_STATE_LIST = Decoder(builtins.list[models.DeviceState]).decode
_ENDPOINT = Decoder(models.Endpoint).decode
_ENDPOINT_LIST = Decoder(builtins.list[models.Endpoint]).decode
_LIVE_RECORDING = Decoder(models.LiveRecording).decode
_LOG_CHANNEL_LIST = Decoder(builtins.list[models.LogChannel]).decode
_MAILBOX = Decoder(models.Mailbox).decode
_MAILBOX_LIST = Decoder(builtins.list[models.Mailbox]).decode
_MODULE = Decoder(models.Module).decode
_MODULE_LIST = Decoder(builtins.list[models.Module]).decode
_PLAYBACK = Decoder(models.Playback).decode
_RT_PSTAT = Decoder(models.RTPstat).decode
_SOUND = Decoder(models.Sound).decode
_SOUND_LIST = Decoder(builtins.list[models.Sound]).decode
_STORED_RECORDING = Decoder(models.StoredRecording).decode
_STORED_RECORDING_LIST = Decoder(builtins.list[models.StoredRecording]).decode
_VARIABLE = Decoder(models.Variable).decode
_VARIABLES = Decoder(models.Variables).decode


class Applications:
    """The commands below ``/applications``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def list(self) -> builtins.list[models.Application]:
        """List all applications."""
        command = Command(
            "applications.list",
            "GET",
            "/applications",
        )
        return await self._request(command, _APPLICATION_LIST)

    async def get(
        self,
        application_name: str,
    ) -> models.Application:
        """Get details of an application.

        Args:
            application_name: Application's name

        Refused with:
            404: Application does not exist.
        """
        command = Command(
            "applications.get",
            "GET",
            f"/applications/{part(application_name)}",
        )
        return await self._request(command, _APPLICATION)

    async def subscribe(
        self,
        application_name: str,
        *,
        event_source: str | Sequence[str],
    ) -> models.Application:
        """Subscribe an application to a event source.

        Returns the state of the application after the subscriptions have changed

        Args:
            application_name: Application's name
            event_source: URI for event source (channel:{channelId}, bridge:{bridgeId},
                endpoint:{tech}[/{resource}], deviceState:{deviceName}

        Refused with:
            400: Missing parameter.
            404: Application does not exist.
            422: Event source does not exist.
        """
        command = Command(
            "applications.subscribe",
            "POST",
            f"/applications/{part(application_name)}/subscription",
            query={
                "eventSource": event_source,
            },
        )
        return await self._request(command, _APPLICATION)

    async def unsubscribe(
        self,
        application_name: str,
        *,
        event_source: str | Sequence[str],
    ) -> models.Application:
        """Unsubscribe an application from an event source.

        Returns the state of the application after the subscriptions have changed

        Args:
            application_name: Application's name
            event_source: URI for event source (channel:{channelId}, bridge:{bridgeId},
                endpoint:{tech}[/{resource}], deviceState:{deviceName}

        Refused with:
            400: Missing parameter; event source scheme not recognized.
            404: Application does not exist.
            409: Application not subscribed to event source.
            422: Event source does not exist.
        """
        command = Command(
            "applications.unsubscribe",
            "DELETE",
            f"/applications/{part(application_name)}/subscription",
            query={
                "eventSource": event_source,
            },
        )
        return await self._request(command, _APPLICATION)

    async def filter(
        self,
        application_name: str,
        *,
        filter: Mapping[str, object] | None = None,
    ) -> models.Application:
        """Filter application events types.

        Allowed and/or disallowed event type filtering can be done. The body (parameter) should
        specify a JSON key/value object that describes the type of event filtering needed. One, or
        both of the following keys can be designated:
        "allowed" - Specifies an allowed list of event types
        "disallowed" - Specifies a disallowed list of event types
        Further, each of those key's value should be a JSON array that holds zero, or more JSON
        key/value objects. Each of these objects must contain the following key with an associated
        value:
        "type" - The type name of the event to filter
        The value must be the string name (case sensitive) of the event type that needs filtering.
        For example:
        { "allowed": [ { "type": "StasisStart" }, { "type": "StasisEnd" } ] }
        As this specifies only an allowed list, then only those two event type messages are sent to
        the application. No other event messages are sent.
        The following rules apply:
        * If the body is empty, both the allowed and disallowed filters are set empty.
        * If both list types are given then both are set to their respective values (note,
        specifying an empty array for a given type sets that type to empty).
        * If only one list type is given then only that type is set. The other type is not updated.
        * An empty "allowed" list means all events are allowed.
        * An empty "disallowed" list means no events are disallowed.
        * Disallowed events take precedence over allowed events if the event type is specified in
        both lists.

        Args:
            application_name: Application's name
            filter: Specify which event types to allow/disallow

        Refused with:
            400: Bad request.
            404: Application does not exist.
        """
        command = Command(
            "applications.filter",
            "PUT",
            f"/applications/{part(application_name)}/eventFilter",
            body=filter,
        )
        return await self._request(command, _APPLICATION)


class Asterisk:
    """The commands below ``/asterisk``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def get_object(
        self,
        config_class: str,
        object_type: str,
        id: str,
    ) -> builtins.list[models.ConfigTuple]:
        """Retrieve a dynamic configuration object.

        Args:
            config_class: The configuration class containing dynamic configuration objects.
            object_type: The type of configuration object to retrieve.
            id: The unique identifier of the object to retrieve.

        Refused with:
            404: {configClass|objectType|id} not found
        """
        command = Command(
            "asterisk.get_object",
            "GET",
            f"/asterisk/config/dynamic/{part(config_class)}/{part(object_type)}/{part(id)}",
        )
        return await self._request(command, _CONFIG_TUPLE_LIST)

    async def update_object(
        self,
        config_class: str,
        object_type: str,
        id: str,
        *,
        fields: Sequence[Mapping[str, str]] | None = None,
    ) -> builtins.list[models.ConfigTuple]:
        """Create or update a dynamic configuration object.

        Args:
            config_class: The configuration class containing dynamic configuration objects.
            object_type: The type of configuration object to create or update.
            id: The unique identifier of the object to create or update.
            fields: The body object should have a value that is a list of ConfigTuples, which
                provide the fields to update. Ex. [ { "attribute": "directmedia", "value": "false" }
                ]

        Refused with:
            400: Bad request body
            403: Could not create or update object
            404: {configClass|objectType} not found
        """
        command = Command(
            "asterisk.update_object",
            "PUT",
            f"/asterisk/config/dynamic/{part(config_class)}/{part(object_type)}/{part(id)}",
            body=None if fields is None else {"fields": fields},
        )
        return await self._request(command, _CONFIG_TUPLE_LIST)

    async def delete_object(
        self,
        config_class: str,
        object_type: str,
        id: str,
    ) -> None:
        """Delete a dynamic configuration object.

        Args:
            config_class: The configuration class containing dynamic configuration objects.
            object_type: The type of configuration object to delete.
            id: The unique identifier of the object to delete.

        Refused with:
            403: Could not delete object
            404: {configClass|objectType|id} not found
        """
        command = Command(
            "asterisk.delete_object",
            "DELETE",
            f"/asterisk/config/dynamic/{part(config_class)}/{part(object_type)}/{part(id)}",
        )
        return await self._request(command, nothing)

    async def get_info(
        self,
        *,
        only: GetInfoOnly | Sequence[GetInfoOnly] | None = None,
    ) -> models.AsteriskInfo:
        """Gets Asterisk system information.

        Args:
            only: Filter information returned
        """
        command = Command(
            "asterisk.get_info",
            "GET",
            "/asterisk/info",
            query={
                "only": only,
            },
        )
        return await self._request(command, _ASTERISK_INFO)

    async def ping(self) -> models.AsteriskPing:
        """Response pong message."""
        command = Command(
            "asterisk.ping",
            "GET",
            "/asterisk/ping",
        )
        return await self._request(command, _ASTERISK_PING)

    async def list_modules(self) -> builtins.list[models.Module]:
        """List Asterisk modules."""
        command = Command(
            "asterisk.list_modules",
            "GET",
            "/asterisk/modules",
        )
        return await self._request(command, _MODULE_LIST)

    async def get_module(
        self,
        module_name: str,
    ) -> models.Module:
        """Get Asterisk module information.

        Args:
            module_name: Module's name

        Refused with:
            404: Module could not be found in running modules.
            409: Module information could not be retrieved.
        """
        command = Command(
            "asterisk.get_module",
            "GET",
            f"/asterisk/modules/{part(module_name)}",
        )
        return await self._request(command, _MODULE)

    async def load_module(
        self,
        module_name: str,
    ) -> None:
        """Load an Asterisk module.

        Args:
            module_name: Module's name

        Refused with:
            409: Module could not be loaded.
        """
        command = Command(
            "asterisk.load_module",
            "POST",
            f"/asterisk/modules/{part(module_name)}",
        )
        return await self._request(command, nothing)

    async def unload_module(
        self,
        module_name: str,
    ) -> None:
        """Unload an Asterisk module.

        Args:
            module_name: Module's name

        Refused with:
            404: Module not found in running modules.
            409: Module could not be unloaded.
        """
        command = Command(
            "asterisk.unload_module",
            "DELETE",
            f"/asterisk/modules/{part(module_name)}",
        )
        return await self._request(command, nothing)

    async def reload_module(
        self,
        module_name: str,
    ) -> None:
        """Reload an Asterisk module.

        Args:
            module_name: Module's name

        Refused with:
            404: Module not found in running modules.
            409: Module could not be reloaded.
        """
        command = Command(
            "asterisk.reload_module",
            "PUT",
            f"/asterisk/modules/{part(module_name)}",
        )
        return await self._request(command, nothing)

    async def list_log_channels(self) -> builtins.list[models.LogChannel]:
        """Gets Asterisk log channel information."""
        command = Command(
            "asterisk.list_log_channels",
            "GET",
            "/asterisk/logging",
        )
        return await self._request(command, _LOG_CHANNEL_LIST)

    async def add_log(
        self,
        log_channel_name: str,
        *,
        configuration: str,
    ) -> None:
        """Adds a log channel.

        Args:
            log_channel_name: The log channel to add
            configuration: levels of the log channel

        Refused with:
            400: Bad request body
            409: Log channel could not be created.
        """
        command = Command(
            "asterisk.add_log",
            "POST",
            f"/asterisk/logging/{part(log_channel_name)}",
            query={
                "configuration": configuration,
            },
        )
        return await self._request(command, nothing)

    async def delete_log(
        self,
        log_channel_name: str,
    ) -> None:
        """Deletes a log channel.

        Args:
            log_channel_name: Log channels name

        Refused with:
            404: Log channel does not exist.
        """
        command = Command(
            "asterisk.delete_log",
            "DELETE",
            f"/asterisk/logging/{part(log_channel_name)}",
        )
        return await self._request(command, nothing)

    async def rotate_log(
        self,
        log_channel_name: str,
    ) -> None:
        """Rotates a log channel.

        Args:
            log_channel_name: Log channel's name

        Refused with:
            404: Log channel does not exist.
        """
        command = Command(
            "asterisk.rotate_log",
            "PUT",
            f"/asterisk/logging/{part(log_channel_name)}/rotate",
        )
        return await self._request(command, nothing)

    async def get_global_var(
        self,
        *,
        variable: str,
    ) -> models.Variable:
        """Get the value of a global variable.

        Args:
            variable: The variable to get

        Refused with:
            400: Missing variable parameter.
        """
        command = Command(
            "asterisk.get_global_var",
            "GET",
            "/asterisk/variable",
            query={
                "variable": variable,
            },
        )
        return await self._request(command, _VARIABLE)

    async def set_global_var(
        self,
        *,
        variable: str,
        value: str | None = None,
    ) -> None:
        """Set the value of a global variable.

        Args:
            variable: The variable to set
            value: The value to set the variable to

        Refused with:
            400: Missing variable parameter.
        """
        command = Command(
            "asterisk.set_global_var",
            "POST",
            "/asterisk/variable",
            query={
                "variable": variable,
                "value": value,
            },
        )
        return await self._request(command, nothing)


class Bridges:
    """The commands below ``/bridges``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def list(self) -> builtins.list[models.Bridge]:
        """List all active bridges in Asterisk."""
        command = Command(
            "bridges.list",
            "GET",
            "/bridges",
        )
        return await self._request(command, _BRIDGE_LIST)

    async def create(
        self,
        *,
        type: str | None = None,
        bridge_id: str | None = None,
        name: str | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> models.Bridge:
        """Create a new bridge.

        This bridge persists until it has been shut down, or Asterisk has been shut down.

        Args:
            type: Comma separated list of bridge type attributes (mixing, holding, dtmf_events,
                proxy_media, video_sfu, video_single, sdp_label).
            bridge_id: Unique ID to give to the bridge being created.
            name: Name to give to the bridge being created.
            variables: The "variables" key in the body object holds variable key/value pairs to set
                on the bridge on creation. Each variable is an object containing "value" (string)
                and optional "report_events" (boolean) to include updates for that variable in
                bridge events (defaults to false).   Ex. { "name": "SupportBridge", "variables": {
                "Bridge_State": { "value": "WaitingForAgent", "report_events": true } } }

        Refused with:
            409: Bridge with the same bridgeId already exists
        """
        command = Command(
            "bridges.create",
            "POST",
            "/bridges",
            query={
                "type": type,
                "bridgeId": bridge_id,
                "name": name,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, _BRIDGE)

    async def create_with_id(
        self,
        bridge_id: str,
        *,
        type: str | None = None,
        name: str | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> models.Bridge:
        """Create a new bridge.

        This bridge persists until it has been shut down, or Asterisk has been shut down.

        Args:
            bridge_id: Unique ID to give to the bridge being created.
            type: Comma separated list of bridge type attributes (mixing, holding, dtmf_events,
                proxy_media, video_sfu, video_single, sdp_label) to set.
            name: Set the name of the bridge.
            variables: The "variables" key in the body object holds variable key/value pairs to set
                on the bridge on creation. Each variable is an object containing "value" (string)
                and optional "report_events" (boolean) to include updates for that variable in
                bridge events (defaults to false).   Ex. { "name": "SupportBridge", "variables": {
                "Bridge_State": { "value": "WaitingForAgent", "report_events": true } } }

        Refused with:
            409: Bridge with the same bridgeId already exists
        """
        command = Command(
            "bridges.create_with_id",
            "POST",
            f"/bridges/{part(bridge_id)}",
            query={
                "type": type,
                "name": name,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, _BRIDGE)

    async def get(
        self,
        bridge_id: str,
    ) -> models.Bridge:
        """Get bridge details.

        Args:
            bridge_id: Bridge's id

        Refused with:
            404: Bridge not found
        """
        command = Command(
            "bridges.get",
            "GET",
            f"/bridges/{part(bridge_id)}",
        )
        return await self._request(command, _BRIDGE)

    async def destroy(
        self,
        bridge_id: str,
    ) -> None:
        """Shut down a bridge.

        If any channels are in this bridge, they will be removed and resume whatever they were doing
        beforehand.

        Args:
            bridge_id: Bridge's id

        Refused with:
            404: Bridge not found
        """
        command = Command(
            "bridges.destroy",
            "DELETE",
            f"/bridges/{part(bridge_id)}",
        )
        return await self._request(command, nothing)

    async def get_bridge_var(
        self,
        bridge_id: str,
        *,
        variable: str,
    ) -> models.Variable:
        """Get the value of a bridge variable or function.

        Args:
            bridge_id: Bridge's id
            variable: The bridge variable or function to get

        Refused with:
            400: Missing variable parameter.
            404: Bridge or variable not found
            409: Bridge not in a Stasis application
        """
        command = Command(
            "bridges.get_bridge_var",
            "GET",
            f"/bridges/{part(bridge_id)}/variable",
            query={
                "variable": variable,
            },
        )
        return await self._request(command, _VARIABLE)

    async def set_bridge_var(
        self,
        bridge_id: str,
        *,
        variable: str,
        value: str | None = None,
        report_events: bool | None = None,
    ) -> None:
        """Set the value of a bridge variable or function.

        Args:
            bridge_id: Bridge's id
            variable: The bridge variable or function to set
            value: The value to set the variable to
            report_events: Whether this variable should be included in bridge events. Defaults to
                false. Asterisk's default: False.

        Refused with:
            400: Missing variable parameter.
            404: Bridge not found
            409: Bridge not in a Stasis application
        """
        command = Command(
            "bridges.set_bridge_var",
            "POST",
            f"/bridges/{part(bridge_id)}/variable",
            query={
                "variable": variable,
                "value": value,
                "report_events": report_events,
            },
        )
        return await self._request(command, nothing)

    async def get_bridge_vars(
        self,
        bridge_id: str,
        *,
        variables: str | Sequence[str],
    ) -> models.Variables:
        """Get the value of multiple bridge variables or functions.

        Args:
            bridge_id: Bridge's id
            variables: The bridge variables or functions to get

        Refused with:
            400: Missing variables parameter.
            404: Bridge or variable not found
            409: Bridge not in a Stasis application
        """
        command = Command(
            "bridges.get_bridge_vars",
            "GET",
            f"/bridges/{part(bridge_id)}/variables",
            query={
                "variables": variables,
            },
        )
        return await self._request(command, _VARIABLES)

    async def set_bridge_vars(
        self,
        bridge_id: str,
        *,
        variables: Mapping[str, object],
    ) -> None:
        """Set the values of multiple bridge variables or functions.

        Args:
            bridge_id: Bridge's id
            variables: The "variables" key in the body object holds variable key/value pairs to set
                on the bridge. Each variable value may be either a string or an object containing
                "value" (string) and optional "report_events" (boolean) to include updates for that
                variable in bridge events (defaults to false). Ex. { "variables": { "Bridge_State":
                "WaitingForAgent", "Support_Level": { "value": "Premium", "report_events": true } }
                }

        Refused with:
            400: Missing variables parameter.
            404: Bridge not found
            409: Bridge not in a Stasis application
        """
        command = Command(
            "bridges.set_bridge_vars",
            "POST",
            f"/bridges/{part(bridge_id)}/variables",
            body={"variables": variables},
        )
        return await self._request(command, nothing)

    async def add_channel(
        self,
        bridge_id: str,
        *,
        channel: str | Sequence[str],
        role: str | None = None,
        absorb_dtmf: bool | None = None,
        mute: bool | None = None,
        inhibit_connected_line_updates: bool | None = None,
    ) -> None:
        """Add a channel to a bridge.

        Args:
            bridge_id: Bridge's id
            channel: Ids of channels to add to bridge
            role: Channel's role in the bridge
            absorb_dtmf: Absorb DTMF coming from this channel, preventing it to pass through to the
                bridge Asterisk's default: False.
            mute: Mute audio from this channel, preventing it to pass through to the bridge
                Asterisk's default: False.
            inhibit_connected_line_updates: Do not present the identity of the newly connected
                channel to other bridge members Asterisk's default: False.

        Refused with:
            400: Channel not found
            404: Bridge not found
            409: Bridge not in Stasis application; Channel currently recording
            422: Channel not in Stasis application
        """
        command = Command(
            "bridges.add_channel",
            "POST",
            f"/bridges/{part(bridge_id)}/addChannel",
            query={
                "channel": channel,
                "role": role,
                "absorbDTMF": absorb_dtmf,
                "mute": mute,
                "inhibitConnectedLineUpdates": inhibit_connected_line_updates,
            },
        )
        return await self._request(command, nothing)

    async def remove_channel(
        self,
        bridge_id: str,
        *,
        channel: str | Sequence[str],
    ) -> None:
        """Remove a channel from a bridge.

        Args:
            bridge_id: Bridge's id
            channel: Ids of channels to remove from bridge

        Refused with:
            400: Channel not found
            404: Bridge not found
            409: Bridge not in Stasis application
            422: Channel not in this bridge
        """
        command = Command(
            "bridges.remove_channel",
            "POST",
            f"/bridges/{part(bridge_id)}/removeChannel",
            query={
                "channel": channel,
            },
        )
        return await self._request(command, nothing)

    async def set_video_source(
        self,
        bridge_id: str,
        channel_id: str,
    ) -> None:
        """Set a channel as the video source in a multi-party mixing bridge. This operation has no
        effect on bridges with two or fewer participants.

        Args:
            bridge_id: Bridge's id
            channel_id: Channel's id

        Refused with:
            404: Bridge or Channel not found
            409: Channel not in Stasis application
            422: Channel not in this Bridge
        """
        command = Command(
            "bridges.set_video_source",
            "POST",
            f"/bridges/{part(bridge_id)}/videoSource/{part(channel_id)}",
        )
        return await self._request(command, nothing)

    async def clear_video_source(
        self,
        bridge_id: str,
    ) -> None:
        """Removes any explicit video source in a multi-party mixing bridge. This operation has no
        effect on bridges with two or fewer participants. When no explicit video source is set, talk
        detection will be used to determine the active video stream.

        Args:
            bridge_id: Bridge's id

        Refused with:
            404: Bridge not found
        """
        command = Command(
            "bridges.clear_video_source",
            "DELETE",
            f"/bridges/{part(bridge_id)}/videoSource",
        )
        return await self._request(command, nothing)

    async def start_moh(
        self,
        bridge_id: str,
        *,
        moh_class: str | None = None,
    ) -> None:
        """Play music on hold to a bridge or change the MOH class that is playing.

        Args:
            bridge_id: Bridge's id
            moh_class: Channel's id

        Refused with:
            404: Bridge not found
            409: Bridge not in Stasis application
        """
        command = Command(
            "bridges.start_moh",
            "POST",
            f"/bridges/{part(bridge_id)}/moh",
            query={
                "mohClass": moh_class,
            },
        )
        return await self._request(command, nothing)

    async def stop_moh(
        self,
        bridge_id: str,
    ) -> None:
        """Stop playing music on hold to a bridge.

        This will only stop music on hold being played via POST bridges/{bridgeId}/moh.

        Args:
            bridge_id: Bridge's id

        Refused with:
            404: Bridge not found
            409: Bridge not in Stasis application
        """
        command = Command(
            "bridges.stop_moh",
            "DELETE",
            f"/bridges/{part(bridge_id)}/moh",
        )
        return await self._request(command, nothing)

    async def play(
        self,
        bridge_id: str,
        *,
        media: str | Sequence[str],
        announcer_format: str | None = None,
        lang: str | None = None,
        offsetms: int | None = None,
        skipms: int | None = None,
        playback_id: str | None = None,
    ) -> models.Playback:
        """Start playback of media on a bridge.

        The media URI may be any of a number of URI's. Currently sound:, recording:, number:,
        digits:, characters:, and tone: URI's are supported. This operation creates a playback
        resource that can be used to control the playback of media (pause, rewind, fast forward,
        etc.)

        Args:
            bridge_id: Bridge's id
            media: Media URIs to play.
            announcer_format: Format of the 'Anouncer' channel attached to the bridge. Defaults to
                the format of the channel in the bridge with the highest sampe rate.
            lang: For sounds, selects language for sound.
            offsetms: Number of milliseconds to skip before playing. Only applies to the first URI
                if multiple media URIs are specified. Asterisk's default: 0.
            skipms: Number of milliseconds to skip for forward/reverse operations. Asterisk's
                default: 3000.
            playback_id: Playback Id.

        Refused with:
            404: Bridge not found
            409: Bridge not in a Stasis application
            422: The format specified is unknown on this system
        """
        command = Command(
            "bridges.play",
            "POST",
            f"/bridges/{part(bridge_id)}/play",
            query={
                "media": media,
                "announcer_format": announcer_format,
                "lang": lang,
                "offsetms": offsetms,
                "skipms": skipms,
                "playbackId": playback_id,
            },
        )
        return await self._request(command, _PLAYBACK)

    async def play_with_id(
        self,
        bridge_id: str,
        playback_id: str,
        *,
        media: str | Sequence[str],
        announcer_format: str | None = None,
        lang: str | None = None,
        offsetms: int | None = None,
        skipms: int | None = None,
    ) -> models.Playback:
        """Start playback of media on a bridge.

        The media URI may be any of a number of URI's. Currently sound:, recording:, number:,
        digits:, characters:, and tone: URI's are supported. This operation creates a playback
        resource that can be used to control the playback of media (pause, rewind, fast forward,
        etc.)

        Args:
            bridge_id: Bridge's id
            playback_id: Playback ID.
            media: Media URIs to play.
            announcer_format: Format of the 'Anouncer' channel attached to the bridge. Defaults to
                the format of the channel in the bridge with the highest sampe rate.
            lang: For sounds, selects language for sound.
            offsetms: Number of milliseconds to skip before playing. Only applies to the first URI
                if multiple media URIs are specified. Asterisk's default: 0.
            skipms: Number of milliseconds to skip for forward/reverse operations. Asterisk's
                default: 3000.

        Refused with:
            404: Bridge not found
            409: Bridge not in a Stasis application
            422: The format specified is unknown on this system
        """
        command = Command(
            "bridges.play_with_id",
            "POST",
            f"/bridges/{part(bridge_id)}/play/{part(playback_id)}",
            query={
                "media": media,
                "announcer_format": announcer_format,
                "lang": lang,
                "offsetms": offsetms,
                "skipms": skipms,
            },
        )
        return await self._request(command, _PLAYBACK)

    async def record(
        self,
        bridge_id: str,
        *,
        name: str,
        format: str,
        recorder_format: str | None = None,
        max_duration_seconds: int | None = None,
        max_silence_seconds: int | None = None,
        if_exists: RecordIfExists | None = None,
        beep: bool | None = None,
        terminate_on: RecordTerminateOn | None = None,
    ) -> models.LiveRecording:
        """Start a recording.

        This records the mixed audio from all channels participating in this bridge.

        Args:
            bridge_id: Bridge's id
            name: Recording's filename
            format: Format to encode audio in
            recorder_format: Format of the 'Recorder' channel attached to the bridge. Defaults to
                the same format as the 'format' parameter.
            max_duration_seconds: Maximum duration of the recording, in seconds. 0 for no limit.
                Asterisk's default: 0.
            max_silence_seconds: Maximum duration of silence, in seconds. 0 for no limit. Asterisk's
                default: 0.
            if_exists: Action to take if a recording with the same name already exists. Asterisk's
                default: fail.
            beep: Play beep when recording begins Asterisk's default: False.
            terminate_on: DTMF input to terminate recording. Asterisk's default: none.

        Refused with:
            400: Invalid parameters
            404: Bridge not found
            409: Bridge is not in a Stasis application; A recording with the same name already
                exists on the system and can not be overwritten because it is in progress or
                ifExists=fail
            422: The format specified is unknown on this system
        """
        command = Command(
            "bridges.record",
            "POST",
            f"/bridges/{part(bridge_id)}/record",
            query={
                "name": name,
                "format": format,
                "recorder_format": recorder_format,
                "maxDurationSeconds": max_duration_seconds,
                "maxSilenceSeconds": max_silence_seconds,
                "ifExists": if_exists,
                "beep": beep,
                "terminateOn": terminate_on,
            },
        )
        return await self._request(command, _LIVE_RECORDING)


class Channels:
    """The commands below ``/channels``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def list(self) -> builtins.list[models.Channel]:
        """List all active channels in Asterisk."""
        command = Command(
            "channels.list",
            "GET",
            "/channels",
        )
        return await self._request(command, _CHANNEL_LIST)

    async def originate(
        self,
        *,
        endpoint: str,
        extension: str | None = None,
        context: str | None = None,
        priority: int | None = None,
        label: str | None = None,
        app: str | None = None,
        app_args: str | None = None,
        caller_id: str | None = None,
        timeout: int | None = None,
        variables: Mapping[str, object] | None = None,
        channel_id: str | None = None,
        other_channel_id: str | None = None,
        originator: str | None = None,
        formats: str | None = None,
    ) -> models.Channel:
        """Create a new channel (originate).

        The new channel is created immediately and a snapshot of it returned. If a Stasis
        application is provided it will be automatically subscribed to the originated channel for
        further events and updates.

        Args:
            endpoint: Endpoint to call.
            extension: The extension to dial after the endpoint answers. Mutually exclusive with
                'app'.
            context: The context to dial after the endpoint answers. If omitted, uses 'default'.
                Mutually exclusive with 'app'.
            priority: The priority to dial after the endpoint answers. If omitted, uses 1. Mutually
                exclusive with 'app'.
            label: The label to dial after the endpoint answers. Will supersede 'priority' if
                provided. Mutually exclusive with 'app'.
            app: The application that is subscribed to the originated channel. When the channel is
                answered, it will be passed to this Stasis application. Mutually exclusive with
                'context', 'extension', 'priority', and 'label'.
            app_args: The application arguments to pass to the Stasis application provided by 'app'.
                Mutually exclusive with 'context', 'extension', 'priority', and 'label'.
            caller_id: CallerID to use when dialing the endpoint or extension.
            timeout: Timeout (in seconds) before giving up dialing, or -1 for no timeout. Asterisk's
                default: 30.
            variables: The "variables" key in the body object holds variable key/value pairs to set
                on the channel on creation. Each variable value may be either a string or an object
                containing "value" (string) and optional "report_events" (boolean) to include
                updates for that variable in channel events (defaults to false). Other keys in the
                body object are interpreted as query parameters. Ex. { "endpoint": "SIP/Alice",
                "variables": { "CALLERID(name)": "Alice", "Call_State": { "value":
                "WaitingForAgent", "report_events": true } } }
            channel_id: The unique id to assign the channel on creation.
            other_channel_id: The unique id to assign the second channel when using local channels.
            originator: The unique id of the channel which is originating this one.
            formats: The format name capability list to use if originator is not specified. Ex.
                "ulaw,slin16".  Format names can be found with "core show codecs".

        Refused with:
            400: Invalid parameters for originating a channel.
            409: Channel with given unique ID already exists.
        """
        command = Command(
            "channels.originate",
            "POST",
            "/channels",
            query={
                "endpoint": endpoint,
                "extension": extension,
                "context": context,
                "priority": priority,
                "label": label,
                "app": app,
                "appArgs": app_args,
                "callerId": caller_id,
                "timeout": timeout,
                "channelId": channel_id,
                "otherChannelId": other_channel_id,
                "originator": originator,
                "formats": formats,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, _CHANNEL)

    async def create(
        self,
        *,
        endpoint: str,
        app: str,
        app_args: str | None = None,
        channel_id: str | None = None,
        other_channel_id: str | None = None,
        originator: str | None = None,
        formats: str | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> models.Channel:
        """Create channel.

        Args:
            endpoint: Endpoint for channel communication
            app: Stasis Application to place channel into
            app_args: The application arguments to pass to the Stasis application provided by 'app'.
                Mutually exclusive with 'context', 'extension', 'priority', and 'label'.
            channel_id: The unique id to assign the channel on creation.
            other_channel_id: The unique id to assign the second channel when using local channels.
            originator: Unique ID of the calling channel
            formats: The format name capability list to use if originator is not specified. Ex.
                "ulaw,slin16".  Format names can be found with "core show codecs".
            variables: The "variables" key in the body object holds variable key/value pairs to set
                on the channel on creation. Each variable value may be either a string or an object
                containing "value" (string) and optional "report_events" (boolean) to include
                updates for that variable in channel events (defaults to false). Other keys in the
                body object are interpreted as query parameters. Ex. { "endpoint": "SIP/Alice",
                "variables": { "CALLERID(name)": "Alice", "Call_State": { "value":
                "WaitingForAgent", "report_events": true } } }

        Refused with:
            409: Channel with given unique ID already exists.
        """
        command = Command(
            "channels.create",
            "POST",
            "/channels/create",
            query={
                "endpoint": endpoint,
                "app": app,
                "appArgs": app_args,
                "channelId": channel_id,
                "otherChannelId": other_channel_id,
                "originator": originator,
                "formats": formats,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, _CHANNEL)

    async def get(
        self,
        channel_id: str,
    ) -> models.Channel:
        """Channel details.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
        """
        command = Command(
            "channels.get",
            "GET",
            f"/channels/{part(channel_id)}",
        )
        return await self._request(command, _CHANNEL)

    async def originate_with_id(
        self,
        channel_id: str,
        *,
        endpoint: str,
        extension: str | None = None,
        context: str | None = None,
        priority: int | None = None,
        label: str | None = None,
        app: str | None = None,
        app_args: str | None = None,
        caller_id: str | None = None,
        timeout: int | None = None,
        variables: Mapping[str, object] | None = None,
        other_channel_id: str | None = None,
        originator: str | None = None,
        formats: str | None = None,
    ) -> models.Channel:
        """Create a new channel (originate with id).

        The new channel is created immediately and a snapshot of it returned. If a Stasis
        application is provided it will be automatically subscribed to the originated channel for
        further events and updates.

        Args:
            channel_id: The unique id to assign the channel on creation.
            endpoint: Endpoint to call.
            extension: The extension to dial after the endpoint answers. Mutually exclusive with
                'app'.
            context: The context to dial after the endpoint answers. If omitted, uses 'default'.
                Mutually exclusive with 'app'.
            priority: The priority to dial after the endpoint answers. If omitted, uses 1. Mutually
                exclusive with 'app'.
            label: The label to dial after the endpoint answers. Will supersede 'priority' if
                provided. Mutually exclusive with 'app'.
            app: The application that is subscribed to the originated channel. When the channel is
                answered, it will be passed to this Stasis application. Mutually exclusive with
                'context', 'extension', 'priority', and 'label'.
            app_args: The application arguments to pass to the Stasis application provided by 'app'.
                Mutually exclusive with 'context', 'extension', 'priority', and 'label'.
            caller_id: CallerID to use when dialing the endpoint or extension.
            timeout: Timeout (in seconds) before giving up dialing, or -1 for no timeout. Asterisk's
                default: 30.
            variables: The "variables" key in the body object holds variable key/value pairs to set
                on the channel on creation. Each variable value may be either a string or an object
                containing "value" (string) and optional "report_events" (boolean) to include
                updates for that variable in channel events (defaults to false). Other keys in the
                body object are interpreted as query parameters. Ex. { "endpoint": "SIP/Alice",
                "variables": { "CALLERID(name)": "Alice", "Call_State": { "value":
                "WaitingForAgent", "report_events": true } } }
            other_channel_id: The unique id to assign the second channel when using local channels.
            originator: The unique id of the channel which is originating this one.
            formats: The format name capability list to use if originator is not specified. Ex.
                "ulaw,slin16".  Format names can be found with "core show codecs".

        Refused with:
            400: Invalid parameters for originating a channel.
            409: Channel with given unique ID already exists.
        """
        command = Command(
            "channels.originate_with_id",
            "POST",
            f"/channels/{part(channel_id)}",
            query={
                "endpoint": endpoint,
                "extension": extension,
                "context": context,
                "priority": priority,
                "label": label,
                "app": app,
                "appArgs": app_args,
                "callerId": caller_id,
                "timeout": timeout,
                "otherChannelId": other_channel_id,
                "originator": originator,
                "formats": formats,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, _CHANNEL)

    async def hangup(
        self,
        channel_id: str,
        *,
        reason_code: str | None = None,
        reason: HangupReason | None = None,
    ) -> None:
        """Delete (i.e. hangup) a channel.

        Args:
            channel_id: Channel's id
            reason_code: The reason code for hanging up the channel for detail use. Mutually
                exclusive with 'reason'. See detail hangup codes at here.
                https://docs.asterisk.org/Configuration/Miscellaneous/Hangup-Cause-Mappings/
            reason: Reason for hanging up the channel for simple use. Mutually exclusive with
                'reason_code'.

        Refused with:
            400: Invalid reason for hangup provided
            404: Channel not found
        """
        command = Command(
            "channels.hangup",
            "DELETE",
            f"/channels/{part(channel_id)}",
            query={
                "reason_code": reason_code,
                "reason": reason,
            },
        )
        return await self._request(command, nothing)

    async def continue_in_dialplan(
        self,
        channel_id: str,
        *,
        context: str | None = None,
        extension: str | None = None,
        priority: int | None = None,
        label: str | None = None,
    ) -> None:
        """Exit application; continue execution in the dialplan.

        Args:
            channel_id: Channel's id
            context: The context to continue to.
            extension: The extension to continue to.
            priority: The priority to continue to.
            label: The label to continue to - will supersede 'priority' if both are provided.

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.continue_in_dialplan",
            "POST",
            f"/channels/{part(channel_id)}/continue",
            query={
                "context": context,
                "extension": extension,
                "priority": priority,
                "label": label,
            },
        )
        return await self._request(command, nothing)

    async def move(
        self,
        channel_id: str,
        *,
        app: str,
        app_args: str | None = None,
    ) -> None:
        """Move the channel from one Stasis application to another.

        Args:
            channel_id: Channel's id
            app: The channel will be passed to this Stasis application.
            app_args: The application arguments to pass to the Stasis application provided by 'app'.

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
        """
        command = Command(
            "channels.move",
            "POST",
            f"/channels/{part(channel_id)}/move",
            query={
                "app": app,
                "appArgs": app_args,
            },
        )
        return await self._request(command, nothing)

    async def redirect(
        self,
        channel_id: str,
        *,
        endpoint: str,
    ) -> None:
        """Redirect the channel to a different location.

        Args:
            channel_id: Channel's id
            endpoint: The endpoint to redirect the channel to

        Refused with:
            400: Endpoint parameter not provided
            404: Channel or endpoint not found
            409: Channel not in a Stasis application
            422: Endpoint is not the same type as the channel
            412: Channel in invalid state
        """
        command = Command(
            "channels.redirect",
            "POST",
            f"/channels/{part(channel_id)}/redirect",
            query={
                "endpoint": endpoint,
            },
        )
        return await self._request(command, nothing)

    async def answer(
        self,
        channel_id: str,
    ) -> None:
        """Answer a channel.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.answer",
            "POST",
            f"/channels/{part(channel_id)}/answer",
        )
        return await self._request(command, nothing)

    async def ring(
        self,
        channel_id: str,
    ) -> None:
        """Indicate ringing to a channel.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.ring",
            "POST",
            f"/channels/{part(channel_id)}/ring",
        )
        return await self._request(command, nothing)

    async def ring_stop(
        self,
        channel_id: str,
    ) -> None:
        """Stop ringing indication on a channel if locally generated.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.ring_stop",
            "DELETE",
            f"/channels/{part(channel_id)}/ring",
        )
        return await self._request(command, nothing)

    async def progress(
        self,
        channel_id: str,
    ) -> None:
        """Indicate progress on a channel.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.progress",
            "POST",
            f"/channels/{part(channel_id)}/progress",
        )
        return await self._request(command, nothing)

    async def send_dtmf(
        self,
        channel_id: str,
        *,
        dtmf: str | None = None,
        before: int | None = None,
        between: int | None = None,
        duration: int | None = None,
        after: int | None = None,
    ) -> None:
        """Send provided DTMF to a given channel.

        Args:
            channel_id: Channel's id
            dtmf: DTMF To send.
            before: Amount of time to wait before DTMF digits (specified in milliseconds) start.
                Asterisk's default: 0.
            between: Amount of time in between DTMF digits (specified in milliseconds). Asterisk's
                default: 100.
            duration: Length of each DTMF digit (specified in milliseconds). Asterisk's default:
                100.
            after: Amount of time to wait after DTMF digits (specified in milliseconds) end.
                Asterisk's default: 0.

        Refused with:
            400: DTMF is required
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.send_dtmf",
            "POST",
            f"/channels/{part(channel_id)}/dtmf",
            query={
                "dtmf": dtmf,
                "before": before,
                "between": between,
                "duration": duration,
                "after": after,
            },
        )
        return await self._request(command, nothing)

    async def mute(
        self,
        channel_id: str,
        *,
        direction: MuteDirection | None = None,
    ) -> None:
        """Mute a channel.

        Args:
            channel_id: Channel's id
            direction: Direction in which to mute audio Asterisk's default: both.

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.mute",
            "POST",
            f"/channels/{part(channel_id)}/mute",
            query={
                "direction": direction,
            },
        )
        return await self._request(command, nothing)

    async def unmute(
        self,
        channel_id: str,
        *,
        direction: MuteDirection | None = None,
    ) -> None:
        """Unmute a channel.

        Args:
            channel_id: Channel's id
            direction: Direction in which to unmute audio Asterisk's default: both.

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.unmute",
            "DELETE",
            f"/channels/{part(channel_id)}/mute",
            query={
                "direction": direction,
            },
        )
        return await self._request(command, nothing)

    async def hold(
        self,
        channel_id: str,
    ) -> None:
        """Hold a channel.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.hold",
            "POST",
            f"/channels/{part(channel_id)}/hold",
        )
        return await self._request(command, nothing)

    async def unhold(
        self,
        channel_id: str,
    ) -> None:
        """Remove a channel from hold.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.unhold",
            "DELETE",
            f"/channels/{part(channel_id)}/hold",
        )
        return await self._request(command, nothing)

    async def start_moh(
        self,
        channel_id: str,
        *,
        moh_class: str | None = None,
    ) -> None:
        """Play music on hold to a channel.

        Using media operations such as /play on a channel playing MOH in this manner will suspend
        MOH without resuming automatically. If continuing music on hold is desired, the stasis
        application must reinitiate music on hold.

        Args:
            channel_id: Channel's id
            moh_class: Music on hold class to use

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.start_moh",
            "POST",
            f"/channels/{part(channel_id)}/moh",
            query={
                "mohClass": moh_class,
            },
        )
        return await self._request(command, nothing)

    async def stop_moh(
        self,
        channel_id: str,
    ) -> None:
        """Stop playing music on hold to a channel.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.stop_moh",
            "DELETE",
            f"/channels/{part(channel_id)}/moh",
        )
        return await self._request(command, nothing)

    async def start_silence(
        self,
        channel_id: str,
    ) -> None:
        """Play silence to a channel.

        Using media operations such as /play on a channel playing silence in this manner will
        suspend silence without resuming automatically.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.start_silence",
            "POST",
            f"/channels/{part(channel_id)}/silence",
        )
        return await self._request(command, nothing)

    async def stop_silence(
        self,
        channel_id: str,
    ) -> None:
        """Stop playing silence to a channel.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.stop_silence",
            "DELETE",
            f"/channels/{part(channel_id)}/silence",
        )
        return await self._request(command, nothing)

    async def play(
        self,
        channel_id: str,
        *,
        media: str | Sequence[str],
        lang: str | None = None,
        offsetms: int | None = None,
        skipms: int | None = None,
        playback_id: str | None = None,
    ) -> models.Playback:
        """Start playback of media.

        The media URI may be any of a number of URI's. Currently sound:, recording:, number:,
        digits:, characters:, and tone: URI's are supported. This operation creates a playback
        resource that can be used to control the playback of media (pause, rewind, fast forward,
        etc.)

        Args:
            channel_id: Channel's id
            media: Media URIs to play.
            lang: For sounds, selects language for sound.
            offsetms: Number of milliseconds to skip before playing. Only applies to the first URI
                if multiple media URIs are specified.
            skipms: Number of milliseconds to skip for forward/reverse operations. Asterisk's
                default: 3000.
            playback_id: Playback ID.

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.play",
            "POST",
            f"/channels/{part(channel_id)}/play",
            query={
                "media": media,
                "lang": lang,
                "offsetms": offsetms,
                "skipms": skipms,
                "playbackId": playback_id,
            },
        )
        return await self._request(command, _PLAYBACK)

    async def play_with_id(
        self,
        channel_id: str,
        playback_id: str,
        *,
        media: str | Sequence[str],
        lang: str | None = None,
        offsetms: int | None = None,
        skipms: int | None = None,
    ) -> models.Playback:
        """Start playback of media and specify the playbackId.

        The media URI may be any of a number of URI's. Currently sound:, recording:, number:,
        digits:, characters:, and tone: URI's are supported. This operation creates a playback
        resource that can be used to control the playback of media (pause, rewind, fast forward,
        etc.)

        Args:
            channel_id: Channel's id
            playback_id: Playback ID.
            media: Media URIs to play.
            lang: For sounds, selects language for sound.
            offsetms: Number of milliseconds to skip before playing. Only applies to the first URI
                if multiple media URIs are specified.
            skipms: Number of milliseconds to skip for forward/reverse operations. Asterisk's
                default: 3000.

        Refused with:
            404: Channel not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.play_with_id",
            "POST",
            f"/channels/{part(channel_id)}/play/{part(playback_id)}",
            query={
                "media": media,
                "lang": lang,
                "offsetms": offsetms,
                "skipms": skipms,
            },
        )
        return await self._request(command, _PLAYBACK)

    async def record(
        self,
        channel_id: str,
        *,
        name: str,
        format: str,
        max_duration_seconds: int | None = None,
        max_silence_seconds: int | None = None,
        if_exists: RecordIfExists | None = None,
        beep: bool | None = None,
        terminate_on: RecordTerminateOn | None = None,
    ) -> models.LiveRecording:
        """Start a recording.

        Record audio from a channel. Note that this will not capture audio sent to the channel. The
        bridge itself has a record feature if that's what you want.

        Args:
            channel_id: Channel's id
            name: Recording's filename
            format: Format to encode audio in
            max_duration_seconds: Maximum duration of the recording, in seconds. 0 for no limit
                Asterisk's default: 0.
            max_silence_seconds: Maximum duration of silence, in seconds. 0 for no limit Asterisk's
                default: 0.
            if_exists: Action to take if a recording with the same name already exists. Asterisk's
                default: fail.
            beep: Play beep when recording begins Asterisk's default: False.
            terminate_on: DTMF input to terminate recording Asterisk's default: none.

        Refused with:
            400: Invalid parameters
            404: Channel not found
            409: Channel is not in a Stasis application; the channel is currently bridged with other
                channels; A recording with the same name already exists on the system and can not be
                overwritten because it is in progress or ifExists=fail
            422: The format specified is unknown on this system
        """
        command = Command(
            "channels.record",
            "POST",
            f"/channels/{part(channel_id)}/record",
            query={
                "name": name,
                "format": format,
                "maxDurationSeconds": max_duration_seconds,
                "maxSilenceSeconds": max_silence_seconds,
                "ifExists": if_exists,
                "beep": beep,
                "terminateOn": terminate_on,
            },
        )
        return await self._request(command, _LIVE_RECORDING)

    async def get_channel_var(
        self,
        channel_id: str,
        *,
        variable: str,
    ) -> models.Variable:
        """Get the value of a channel variable or function.

        Args:
            channel_id: Channel's id
            variable: The channel variable or function to get

        Refused with:
            400: Missing variable parameter.
            404: Channel or variable not found
            409: Channel not in a Stasis application
        """
        command = Command(
            "channels.get_channel_var",
            "GET",
            f"/channels/{part(channel_id)}/variable",
            query={
                "variable": variable,
            },
        )
        return await self._request(command, _VARIABLE)

    async def set_channel_var(
        self,
        channel_id: str,
        *,
        variable: str,
        value: str | None = None,
        report_events: bool | None = None,
    ) -> None:
        """Set the value of a channel variable or function.

        Args:
            channel_id: Channel's id
            variable: The channel variable or function to set
            value: The value to set the variable to
            report_events: Whether this variable should be included in channel events. Defaults to
                false. Asterisk's default: False.

        Refused with:
            400: Missing variable parameter.
            404: Channel not found
            409: Channel not in a Stasis application
        """
        command = Command(
            "channels.set_channel_var",
            "POST",
            f"/channels/{part(channel_id)}/variable",
            query={
                "variable": variable,
                "value": value,
                "report_events": report_events,
            },
        )
        return await self._request(command, nothing)

    async def get_channel_vars(
        self,
        channel_id: str,
        *,
        variables: str | Sequence[str],
    ) -> models.Variables:
        """Get the value of multiple channel variables or functions.

        Args:
            channel_id: Channel's id
            variables: The channel variables or functions to get

        Refused with:
            400: Missing variables parameter.
            404: Channel or variable not found
            409: Channel not in a Stasis application
        """
        command = Command(
            "channels.get_channel_vars",
            "GET",
            f"/channels/{part(channel_id)}/variables",
            query={
                "variables": variables,
            },
        )
        return await self._request(command, _VARIABLES)

    async def set_channel_vars(
        self,
        channel_id: str,
        *,
        variables: Mapping[str, object],
    ) -> None:
        """Set the values of multiple channel variables or functions.

        Args:
            channel_id: Channel's id
            variables: The "variables" key in the body object holds variable key/value pairs to set
                on the channel. Each variable value may be either a string or an object containing
                "value" (string) and optional "report_events" (boolean) to include updates for that
                variable in channel events (defaults to false). Ex. { "variables": {
                "CALLERID(name)": "Alice", "Call_State": { "value": "WaitingForAgent",
                "report_events": true } } }

        Refused with:
            400: Missing variables parameter.
            404: Channel not found
            409: Channel not in a Stasis application
        """
        command = Command(
            "channels.set_channel_vars",
            "POST",
            f"/channels/{part(channel_id)}/variables",
            body={"variables": variables},
        )
        return await self._request(command, nothing)

    async def snoop_channel(
        self,
        channel_id: str,
        *,
        app: str,
        spy: SnoopChannelSpy | None = None,
        whisper: SnoopChannelWhisper | None = None,
        app_args: str | None = None,
        snoop_id: str | None = None,
    ) -> models.Channel:
        """Start snooping.

        Snoop (spy/whisper) on a specific channel.

        Args:
            channel_id: Channel's id
            app: Application the snooping channel is placed into
            spy: Direction of audio to spy on Asterisk's default: none.
            whisper: Direction of audio to whisper into Asterisk's default: none.
            app_args: The application arguments to pass to the Stasis application
            snoop_id: Unique ID to assign to snooping channel

        Refused with:
            400: Invalid parameters
            404: Channel not found
        """
        command = Command(
            "channels.snoop_channel",
            "POST",
            f"/channels/{part(channel_id)}/snoop",
            query={
                "app": app,
                "spy": spy,
                "whisper": whisper,
                "appArgs": app_args,
                "snoopId": snoop_id,
            },
        )
        return await self._request(command, _CHANNEL)

    async def snoop_channel_with_id(
        self,
        channel_id: str,
        snoop_id: str,
        *,
        app: str,
        spy: SnoopChannelSpy | None = None,
        whisper: SnoopChannelWhisper | None = None,
        app_args: str | None = None,
    ) -> models.Channel:
        """Start snooping.

        Snoop (spy/whisper) on a specific channel.

        Args:
            channel_id: Channel's id
            snoop_id: Unique ID to assign to snooping channel
            app: Application the snooping channel is placed into
            spy: Direction of audio to spy on Asterisk's default: none.
            whisper: Direction of audio to whisper into Asterisk's default: none.
            app_args: The application arguments to pass to the Stasis application

        Refused with:
            400: Invalid parameters
            404: Channel not found
        """
        command = Command(
            "channels.snoop_channel_with_id",
            "POST",
            f"/channels/{part(channel_id)}/snoop/{part(snoop_id)}",
            query={
                "app": app,
                "spy": spy,
                "whisper": whisper,
                "appArgs": app_args,
            },
        )
        return await self._request(command, _CHANNEL)

    async def dial(
        self,
        channel_id: str,
        *,
        caller: str | None = None,
        timeout: int | None = None,
    ) -> None:
        """Dial a created channel.

        Args:
            channel_id: Channel's id
            caller: Channel ID of caller
            timeout: Dial timeout Asterisk's default: 0.

        Refused with:
            404: Channel cannot be found.
            409: Channel cannot be dialed.
        """
        command = Command(
            "channels.dial",
            "POST",
            f"/channels/{part(channel_id)}/dial",
            query={
                "caller": caller,
                "timeout": timeout,
            },
        )
        return await self._request(command, nothing)

    async def rtpstatistics(
        self,
        channel_id: str,
    ) -> models.RTPstat:
        """RTP stats on a channel.

        Args:
            channel_id: Channel's id

        Refused with:
            404: Channel cannot be found.
        """
        command = Command(
            "channels.rtpstatistics",
            "GET",
            f"/channels/{part(channel_id)}/rtp_statistics",
        )
        return await self._request(command, _RT_PSTAT)

    async def external_media(
        self,
        *,
        app: str,
        format: str,
        channel_id: str | None = None,
        variables: Mapping[str, object] | None = None,
        external_host: str | None = None,
        encapsulation: ExternalMediaEncapsulation | None = None,
        transport: ExternalMediaTransport | None = None,
        connection_type: ExternalMediaConnectionType | None = None,
        direction: ExternalMediaDirection | None = None,
        data: str | None = None,
        transport_data: str | None = None,
    ) -> models.Channel:
        """Start an External Media session.

        Create a channel to an External Media source/sink. The combination of transport and
        encapsulation will select one of chan_rtp(udp/rtp), chan_audiosocket(tcp/audiosocket) or
        chan_websocket(websocket/none) channel drivers.

        Args:
            app: Stasis Application to place channel into
            format: Format to encode audio in
            channel_id: The unique id to assign the channel on creation.
            variables: The "variables" key in the body object holds variable key/value pairs to set
                on the channel on creation. Each variable value may be either a string or an object
                containing "value" (string) and optional "report_events" (boolean) to include
                updates for that variable in channel events (defaults to false). Other keys in the
                body object are interpreted as query parameters. Ex. { "endpoint": "SIP/Alice",
                "variables": { "CALLERID(name)": "Alice", "Call_State": { "value":
                "WaitingForAgent", "report_events": true } } }
            external_host: Hostname/ip:port or websocket_client connection ID of external host.  May
                be empty for a websocket server connection.
            encapsulation: Payload encapsulation protocol.  Must be 'none' for the websocket
                transport. Asterisk's default: rtp.
            transport: Transport protocol Asterisk's default: udp.
            connection_type: Connection type (client/server). 'server' is only valid for the
                websocket transport. Asterisk's default: client.
            direction: External media direction Asterisk's default: both.
            data: An arbitrary data field
            transport_data: Transport-specific data. For websocket this is appended to the
                dialstring.

        Refused with:
            400: Invalid parameters
            409: Channel is not in a Stasis application; Channel is already bridged
        """
        command = Command(
            "channels.external_media",
            "POST",
            "/channels/externalMedia",
            query={
                "app": app,
                "format": format,
                "channelId": channel_id,
                "external_host": external_host,
                "encapsulation": encapsulation,
                "transport": transport,
                "connection_type": connection_type,
                "direction": direction,
                "data": data,
                "transport_data": transport_data,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, _CHANNEL)

    async def transfer_progress(
        self,
        channel_id: str,
        *,
        states: str,
    ) -> None:
        """Inform the channel about the progress of the attended/blind transfer.

        Args:
            channel_id: Channel's id
            states: The state of the progress

        Refused with:
            400: Endpoint parameter not provided
            404: Channel or endpoint not found
            409: Channel not in a Stasis application
            412: Channel in invalid state
        """
        command = Command(
            "channels.transfer_progress",
            "POST",
            f"/channels/{part(channel_id)}/transfer_progress",
            query={
                "states": states,
            },
        )
        return await self._request(command, nothing)


class DeviceStates:
    """The commands below ``/deviceStates``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def list(self) -> builtins.list[models.DeviceState]:
        """List all ARI controlled device states."""
        command = Command(
            "deviceStates.list",
            "GET",
            "/deviceStates",
        )
        return await self._request(command, _DEVICE_STATE_LIST)

    async def get(
        self,
        device_name: str,
    ) -> models.DeviceState:
        """Retrieve the current state of a device.

        Args:
            device_name: Name of the device
        """
        command = Command(
            "deviceStates.get",
            "GET",
            f"/deviceStates/{part(device_name)}",
        )
        return await self._request(command, _DEVICE_STATE)

    async def update(
        self,
        device_name: str,
        *,
        device_state: UpdateDeviceState,
    ) -> None:
        """Change the state of a device controlled by ARI. (Note - implicitly creates the device
        state).

        Args:
            device_name: Name of the device
            device_state: Device state value

        Refused with:
            404: Device name is missing
            409: Uncontrolled device specified
        """
        command = Command(
            "deviceStates.update",
            "PUT",
            f"/deviceStates/{part(device_name)}",
            query={
                "deviceState": device_state,
            },
        )
        return await self._request(command, nothing)

    async def delete(
        self,
        device_name: str,
    ) -> None:
        """Destroy a device-state controlled by ARI.

        Args:
            device_name: Name of the device

        Refused with:
            404: Device name is missing
            409: Uncontrolled device specified
        """
        command = Command(
            "deviceStates.delete",
            "DELETE",
            f"/deviceStates/{part(device_name)}",
        )
        return await self._request(command, nothing)


class Endpoints:
    """The commands below ``/endpoints``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def list(self) -> builtins.list[models.Endpoint]:
        """List all endpoints."""
        command = Command(
            "endpoints.list",
            "GET",
            "/endpoints",
        )
        return await self._request(command, _ENDPOINT_LIST)

    async def send_message(
        self,
        *,
        to: str,
        from_: str,
        body: str | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> None:
        """Send a message to some technology URI or endpoint.

        Args:
            to: The endpoint resource or technology specific URI to send the message to. Valid
                resources are pjsip, and xmpp.
            from_: The endpoint resource or technology specific identity to send this message from.
                Valid resources are pjsip, and xmpp.
            body: The body of the message
            variables: The "variables" key in the body object holds technology specific key/value
                pairs to append to the message. These can be interpreted and used by the various
                resource types; for example, pjsip and sip resource types will add the key/value
                pairs as SIP headers,

        Refused with:
            400: Invalid parameters for sending a message.
            404: Endpoint not found
        """
        command = Command(
            "endpoints.send_message",
            "PUT",
            "/endpoints/sendMessage",
            query={
                "to": to,
                "from": from_,
                "body": body,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, nothing)

    async def refer(
        self,
        *,
        to: str,
        from_: str,
        refer_to: str,
        to_self: bool | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> None:
        """Refer an endpoint or technology URI to some technology URI or endpoint.

        Args:
            to: The endpoint resource or technology specific URI that should be referred to
                somewhere. Valid resource is pjsip.
            from_: The endpoint resource or technology specific identity to refer from.
            refer_to: The endpoint resource or technology specific URI to refer to.
            to_self: If true and "refer_to" refers to an Asterisk endpoint, the "refer_to" value is
                set to point to this Asterisk endpoint - so the referee is referred to Asterisk.
                Otherwise, use the contact URI associated with the endpoint. Asterisk's default:
                False.
            variables: The "variables" key in the body object holds technology specific key/value
                pairs to append to the message. These can be interpreted and used by the various
                resource types; for example, the pjsip resource type will add the key/value pairs as
                SIP headers. The "display_name" key is used by the PJSIP technology. Its value will
                be prepended as a display name to the Refer-To URI.

        Refused with:
            400: Invalid parameters for referring.
            404: Endpoint not found
        """
        command = Command(
            "endpoints.refer",
            "POST",
            "/endpoints/refer",
            query={
                "to": to,
                "from": from_,
                "refer_to": refer_to,
                "to_self": to_self,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, nothing)

    async def list_by_tech(
        self,
        tech: str,
    ) -> builtins.list[models.Endpoint]:
        """List available endoints for a given endpoint technology.

        Args:
            tech: Technology of the endpoints (pjsip,iax2,...)

        Refused with:
            404: Endpoints not found
        """
        command = Command(
            "endpoints.list_by_tech",
            "GET",
            f"/endpoints/{part(tech)}",
        )
        return await self._request(command, _ENDPOINT_LIST)

    async def get(
        self,
        tech: str,
        resource: str,
    ) -> models.Endpoint:
        """Details for an endpoint.

        Args:
            tech: Technology of the endpoint
            resource: ID of the endpoint

        Refused with:
            400: Invalid parameters for sending a message.
            404: Endpoints not found
        """
        command = Command(
            "endpoints.get",
            "GET",
            f"/endpoints/{part(tech)}/{part(resource)}",
        )
        return await self._request(command, _ENDPOINT)

    async def send_message_to_endpoint(
        self,
        tech: str,
        resource: str,
        *,
        from_: str,
        body: str | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> None:
        """Send a message to some endpoint in a technology.

        Args:
            tech: Technology of the endpoint
            resource: ID of the endpoint
            from_: The endpoint resource or technology specific identity to send this message from.
                Valid resources are pjsip and xmpp.
            body: The body of the message
            variables: The "variables" key in the body object holds technology specific key/value
                pairs to append to the message. These can be interpreted and used by the various
                resource types; for example, pjsip and sip resource types will add the key/value
                pairs as SIP headers,

        Refused with:
            400: Invalid parameters for sending a message.
            404: Endpoint not found
        """
        command = Command(
            "endpoints.send_message_to_endpoint",
            "PUT",
            f"/endpoints/{part(tech)}/{part(resource)}/sendMessage",
            query={
                "from": from_,
                "body": body,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, nothing)

    async def refer_to_endpoint(
        self,
        tech: str,
        resource: str,
        *,
        from_: str,
        refer_to: str,
        to_self: bool | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> None:
        """Refer an endpoint or technology URI to some technology URI or endpoint.

        Args:
            tech: Technology of the endpoint
            resource: ID of the endpoint
            from_: The endpoint resource or technology specific identity to refer from.
            refer_to: The endpoint resource or technology specific URI to refer to.
            to_self: If true and "refer_to" refers to an Asterisk endpoint, the "refer_to" value is
                set to point to this Asterisk endpoint - so the referee is referred to Asterisk.
                Otherwise, use the contact URI associated with the endpoint. Asterisk's default:
                False.
            variables: The "variables" key in the body object holds technology specific key/value
                pairs to append to the message. These can be interpreted and used by the various
                resource types; for example, the pjsip resource type will add the key/value pairs as
                SIP headers,

        Refused with:
            400: Invalid parameters for referring.
            404: Endpoint not found
        """
        command = Command(
            "endpoints.refer_to_endpoint",
            "POST",
            f"/endpoints/{part(tech)}/{part(resource)}/refer",
            query={
                "from": from_,
                "refer_to": refer_to,
                "to_self": to_self,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, nothing)


class Events:
    """The commands below ``/events``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def user_event(
        self,
        event_name: str,
        *,
        application: str,
        source: str | Sequence[str] | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> None:
        """Generate a user event.

        Args:
            event_name: Event name
            application: The name of the application that will receive this event
            source: URI for event source (channel:{channelId}, bridge:{bridgeId},
                endpoint:{tech}/{resource}, deviceState:{deviceName}
            variables: The "variables" key in the body object holds custom key/value pairs to add to
                the user event. Ex. { "variables": { "key": "value" } }

        Refused with:
            404: Application does not exist.
            422: Event source not found.
            400: Invalid even tsource URI or userevent data.
        """
        command = Command(
            "events.user_event",
            "POST",
            f"/events/user/{part(event_name)}",
            query={
                "application": application,
                "source": source,
            },
            body=None if variables is None else {"variables": variables},
        )
        return await self._request(command, nothing)

    async def claim_channel(
        self,
        *,
        channel_id: str,
        application: str,
    ) -> None:
        """Claim a broadcast channel for this application.

        Atomically claims a channel that is in broadcast state. Only the first claim succeeds.

        Args:
            channel_id: The ID of the channel to claim
            application: The name of the application claiming the channel

        Refused with:
            404: Channel not found or not in broadcast state.
            409: Channel has already been claimed by another application.
        """
        command = Command(
            "events.claim_channel",
            "POST",
            "/events/claim",
            query={
                "channelId": channel_id,
                "application": application,
            },
        )
        return await self._request(command, nothing)


class Mailboxes:
    """The commands below ``/mailboxes``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def list(self) -> builtins.list[models.Mailbox]:
        """List all mailboxes."""
        command = Command(
            "mailboxes.list",
            "GET",
            "/mailboxes",
        )
        return await self._request(command, _MAILBOX_LIST)

    async def get(
        self,
        mailbox_name: str,
    ) -> models.Mailbox:
        """Retrieve the current state of a mailbox.

        Args:
            mailbox_name: Name of the mailbox

        Refused with:
            404: Mailbox not found
        """
        command = Command(
            "mailboxes.get",
            "GET",
            f"/mailboxes/{part(mailbox_name)}",
        )
        return await self._request(command, _MAILBOX)

    async def update(
        self,
        mailbox_name: str,
        *,
        old_messages: int,
        new_messages: int,
    ) -> None:
        """Change the state of a mailbox. (Note - implicitly creates the mailbox).

        Args:
            mailbox_name: Name of the mailbox
            old_messages: Count of old messages in the mailbox
            new_messages: Count of new messages in the mailbox

        Refused with:
            404: Mailbox not found
        """
        command = Command(
            "mailboxes.update",
            "PUT",
            f"/mailboxes/{part(mailbox_name)}",
            query={
                "oldMessages": old_messages,
                "newMessages": new_messages,
            },
        )
        return await self._request(command, nothing)

    async def delete(
        self,
        mailbox_name: str,
    ) -> None:
        """Destroy a mailbox.

        Args:
            mailbox_name: Name of the mailbox

        Refused with:
            404: Mailbox not found
        """
        command = Command(
            "mailboxes.delete",
            "DELETE",
            f"/mailboxes/{part(mailbox_name)}",
        )
        return await self._request(command, nothing)


class Playbacks:
    """The commands below ``/playbacks``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def get(
        self,
        playback_id: str,
    ) -> models.Playback:
        """Get a playback's details.

        Args:
            playback_id: Playback's id

        Refused with:
            404: The playback cannot be found
        """
        command = Command(
            "playbacks.get",
            "GET",
            f"/playbacks/{part(playback_id)}",
        )
        return await self._request(command, _PLAYBACK)

    async def stop(
        self,
        playback_id: str,
    ) -> None:
        """Stop a playback.

        Args:
            playback_id: Playback's id

        Refused with:
            404: The playback cannot be found
        """
        command = Command(
            "playbacks.stop",
            "DELETE",
            f"/playbacks/{part(playback_id)}",
        )
        return await self._request(command, nothing)

    async def control(
        self,
        playback_id: str,
        *,
        operation: ControlOperation,
    ) -> None:
        """Control a playback.

        Args:
            playback_id: Playback's id
            operation: Operation to perform on the playback.

        Refused with:
            400: The provided operation parameter was invalid
            404: The playback cannot be found
            409: The operation cannot be performed in the playback's current state
        """
        command = Command(
            "playbacks.control",
            "POST",
            f"/playbacks/{part(playback_id)}/control",
            query={
                "operation": operation,
            },
        )
        return await self._request(command, nothing)


class Recordings:
    """The commands below ``/recordings``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def list_stored(self) -> builtins.list[models.StoredRecording]:
        """List recordings that are complete."""
        command = Command(
            "recordings.list_stored",
            "GET",
            "/recordings/stored",
        )
        return await self._request(command, _STORED_RECORDING_LIST)

    async def get_stored(
        self,
        recording_name: str,
    ) -> models.StoredRecording:
        """Get a stored recording's details.

        Args:
            recording_name: The name of the recording

        Refused with:
            404: Recording not found
        """
        command = Command(
            "recordings.get_stored",
            "GET",
            f"/recordings/stored/{part(recording_name)}",
        )
        return await self._request(command, _STORED_RECORDING)

    async def delete_stored(
        self,
        recording_name: str,
    ) -> None:
        """Delete a stored recording.

        Args:
            recording_name: The name of the recording

        Refused with:
            404: Recording not found
        """
        command = Command(
            "recordings.delete_stored",
            "DELETE",
            f"/recordings/stored/{part(recording_name)}",
        )
        return await self._request(command, nothing)

    async def get_stored_file(
        self,
        recording_name: str,
    ) -> bytes:
        """Get the file associated with the stored recording.

        Args:
            recording_name: The name of the recording

        Refused with:
            403: The recording file could not be opened
            404: Recording not found
        """
        command = Command(
            "recordings.get_stored_file",
            "GET",
            f"/recordings/stored/{part(recording_name)}/file",
        )
        return await self._request(command, bytes)

    async def copy_stored(
        self,
        recording_name: str,
        *,
        destination_recording_name: str,
    ) -> models.StoredRecording:
        """Copy a stored recording.

        Args:
            recording_name: The name of the recording to copy
            destination_recording_name: The destination name of the recording

        Refused with:
            404: Recording not found
            409: A recording with the same name already exists on the system
        """
        command = Command(
            "recordings.copy_stored",
            "POST",
            f"/recordings/stored/{part(recording_name)}/copy",
            query={
                "destinationRecordingName": destination_recording_name,
            },
        )
        return await self._request(command, _STORED_RECORDING)

    async def get_live(
        self,
        recording_name: str,
    ) -> models.LiveRecording:
        """List live recordings.

        Args:
            recording_name: The name of the recording

        Refused with:
            404: Recording not found
        """
        command = Command(
            "recordings.get_live",
            "GET",
            f"/recordings/live/{part(recording_name)}",
        )
        return await self._request(command, _LIVE_RECORDING)

    async def cancel(
        self,
        recording_name: str,
    ) -> None:
        """Stop a live recording and discard it.

        Args:
            recording_name: The name of the recording

        Refused with:
            404: Recording not found
        """
        command = Command(
            "recordings.cancel",
            "DELETE",
            f"/recordings/live/{part(recording_name)}",
        )
        return await self._request(command, nothing)

    async def stop(
        self,
        recording_name: str,
    ) -> None:
        """Stop a live recording and store it.

        Args:
            recording_name: The name of the recording

        Refused with:
            404: Recording not found
        """
        command = Command(
            "recordings.stop",
            "POST",
            f"/recordings/live/{part(recording_name)}/stop",
        )
        return await self._request(command, nothing)

    async def pause(
        self,
        recording_name: str,
    ) -> None:
        """Pause a live recording.

        Pausing a recording suspends silence detection, which will be restarted when the recording
        is unpaused. Paused time is not included in the accounting for maxDurationSeconds.

        Args:
            recording_name: The name of the recording

        Refused with:
            404: Recording not found
            409: Recording not in session
        """
        command = Command(
            "recordings.pause",
            "POST",
            f"/recordings/live/{part(recording_name)}/pause",
        )
        return await self._request(command, nothing)

    async def unpause(
        self,
        recording_name: str,
    ) -> None:
        """Unpause a live recording.

        Args:
            recording_name: The name of the recording

        Refused with:
            404: Recording not found
            409: Recording not in session
        """
        command = Command(
            "recordings.unpause",
            "DELETE",
            f"/recordings/live/{part(recording_name)}/pause",
        )
        return await self._request(command, nothing)

    async def mute(
        self,
        recording_name: str,
    ) -> None:
        """Mute a live recording.

        Muting a recording suspends silence detection, which will be restarted when the recording is
        unmuted.

        Args:
            recording_name: The name of the recording

        Refused with:
            404: Recording not found
            409: Recording not in session
        """
        command = Command(
            "recordings.mute",
            "POST",
            f"/recordings/live/{part(recording_name)}/mute",
        )
        return await self._request(command, nothing)

    async def unmute(
        self,
        recording_name: str,
    ) -> None:
        """Unmute a live recording.

        Args:
            recording_name: The name of the recording

        Refused with:
            404: Recording not found
            409: Recording not in session
        """
        command = Command(
            "recordings.unmute",
            "DELETE",
            f"/recordings/live/{part(recording_name)}/mute",
        )
        return await self._request(command, nothing)


class Sounds:
    """The commands below ``/sounds``."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def list(
        self,
        *,
        lang: str | None = None,
        format: str | None = None,
    ) -> builtins.list[models.Sound]:
        """List all sounds.

        Args:
            lang: Lookup sound for a specific language.
            format: Lookup sound in a specific format.
        """
        command = Command(
            "sounds.list",
            "GET",
            "/sounds",
            query={
                "lang": lang,
                "format": format,
            },
        )
        return await self._request(command, _SOUND_LIST)

    async def get(
        self,
        sound_id: str,
    ) -> models.Sound:
        """Get a sound's details.

        Args:
            sound_id: Sound's id
        """
        command = Command(
            "sounds.get",
            "GET",
            f"/sounds/{part(sound_id)}",
        )
        return await self._request(command, _SOUND)


class Operations:
    """Every resource of Asterisk, one attribute each."""

    def __init__(self, request: Request) -> None:
        self.applications = Applications(request)
        self.asterisk = Asterisk(request)
        self.bridges = Bridges(request)
        self.channels = Channels(request)
        self.device_states = DeviceStates(request)
        self.endpoints = Endpoints(request)
        self.events = Events(request)
        self.mailboxes = Mailboxes(request)
        self.playbacks = Playbacks(request)
        self.recordings = Recordings(request)
        self.sounds = Sounds(request)
