"""Work that overlaps: the next item is made while one is used, and one is handed on while the next is made.

Here belong the two ways alone, each with one thread. What is made and handed on belongs to those who use them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, TypeVar

__all__ = ["Behind", "ahead"]

Item = TypeVar("Item")
_END: Any = object()


def ahead(items: Iterable[Item]) -> Generator[Item, None, None]:
    """Yield the items; while one is used the next is made in another thread. Closing waits for that one."""
    source = iter(items)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, source, _END)
        while (item := coming.result()) is not _END:
            coming = pool.submit(next, source, _END)
            yield item


class Behind(AbstractContextManager["Behind"]):
    """Does one piece of work at a time in another thread; a context manager waits for the last."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def put(self, work: Callable[[], None]) -> None:
        """Begin this work when what was put before is done."""
        self.settle()
        self._last = self._pool.submit(work)

    def settle(self) -> None:
        """Return when all work is done; what it raised is raised here."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait; what the last work raised counts unless something has been raised already."""
        self._pool.shutdown()
        if error is None:
            self.settle()
