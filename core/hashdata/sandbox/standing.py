"""Serve a practice exchange until the program is interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from hashdata.practice import Persona, PracticeExchange
from hashdata.sandbox.server import serve


@dataclass(frozen=True, slots=True)
class Place:
    """Where one persona's key is to be tried."""

    persona: Persona
    origin: str


async def stand(exchange: PracticeExchange, *, port: int, ready: Callable[[Sequence[Place]], None]) -> None:
    """
    Serve `exchange` on `port` until cancelled, and call `ready` once it listens.

    A persona whose clock differs gets a port of its own, because the time is
    asked without a key.
    """
    async with AsyncExitStack() as stack:
        origins: dict[int, str] = {}
        for skew in sorted({persona.skew_ms for persona in exchange.personas}, key=abs):
            chosen = port if skew == 0 else 0
            origins[skew] = await stack.enter_async_context(serve(exchange, port=chosen, skew_ms=skew))
        ready([Place(persona, origins[persona.skew_ms]) for persona in exchange.personas])
        await asyncio.Event().wait()
