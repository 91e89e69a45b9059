"""Waiting that comes to an end: what does not happen within a minute fails, and says what was waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Thread
from typing import Any, TypeVar

import pytest

PATIENCE = 60.0
T = TypeVar("T")


async def in_time(work: Coroutine[Any, Any, T], what: str) -> T:
    """Return what the work comes to; fail where it does not end."""
    try:
        return await asyncio.wait_for(work, PATIENCE)
    except TimeoutError:
        pytest.fail(f"waited {PATIENCE:g} seconds in vain until {what}")


def bounded(work: Coroutine[Any, Any, T]) -> T:
    """Run work to its end in a loop of its own; fail where it does not come to one."""
    return asyncio.run(in_time(work, f"{getattr(work, '__qualname__', work)} ends"))


def joined(thread: Thread) -> None:
    """Wait for a thread; fail where it goes on."""
    thread.join(PATIENCE)
    assert not thread.is_alive(), f"waited {PATIENCE:g} seconds in vain until the thread {thread.name} ends"
