"""Keep the answer to one question from being taken for the answer to another."""

from __future__ import annotations

import aiohttp
from aiohttp.connector import Connection
from aiohttp.tracing import Trace


class Connections(aiohttp.TCPConnector):
    """
    Connections that are kept only while they are silent.

    HTTP says nothing of which question an answer belongs to: it is the next
    one that comes. What an exchange or a gateway sends unasked on a kept
    connection, such as an answer twice, would become the answer to the next
    question, and aiohttp looks only at whether the connection is still open.
    """

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> Connection:
        """Return a connection on which nothing waits to be read; raise a network error for any other."""
        connection = await super().connect(req, traces, timeout)
        protocol = connection.protocol
        if protocol is None or protocol.should_close:
            connection.close()
            message = "something came that nobody had asked for"
            raise aiohttp.ServerDisconnectedError(message)
        if req.method != "GET":
            # What comes late could not be told from the answer to the next key's question, so there is no next one.
            protocol.force_close()
        return connection
