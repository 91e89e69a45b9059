"""Text into a tree with places: YAML 1.2 on the events of PyYAML's C parser.

Here belongs the reading of one file, hostile or not. The parser's own way from events to values is not used: it
recurses without bound and reads scalars as YAML 1.1 does. What the tree means belongs elsewhere.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import yaml

from iwscore.catalog.scalars import resolve_scalar
from iwscore.catalog.sheets import Path, Sheet, Spot

__all__ = ["MOST_BYTES", "read_text"]

MOST_BYTES = 4 * 1024 * 1024
_MOST_NODES = 100_000
_MOST_DEPTH = 32
_ASIDE = -1  # no item's place: what is read but not kept
# What the C parser takes for line breaks as YAML 1.1 does, or refuses without a place.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


_Event = Any  # the stubs promise no marks and no anchors, which all but the stream's ends have


class _Stop(Exception):
    """Nothing more of this file can be read; the fault is noted."""


def read_text(content: bytes, file: str) -> Sheet:
    """Return the file's sheet; it has a tree unless the text breaks off or is too much."""
    sheet = Sheet(file)
    text = _decode(content, sheet)
    if text is not None:
        with contextlib.suppress(_Stop):
            sheet.tree = _Composer(text, sheet).document()
    return sheet


def _decode(content: bytes, sheet: Sheet) -> str | None:
    if len(content) > MOST_BYTES:
        sheet.fault("IW102", (), value=f"over {MOST_BYTES} bytes", most=f"{MOST_BYTES} bytes")
        return None
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8").removeprefix("\ufeff")
        sheet.fault("IW103", (), value=f"byte 0x{content[error.start]:02x}", spot=_spot_after(before))
        return None
    if wrong := _UNPRINTABLE.search(text):
        sheet.fault("IW104", (), value=f"U+{ord(wrong[0]):04X}", spot=_spot_after(text[: wrong.start()]))
        return None
    return text


def _spot_after(text: str) -> Spot:
    lines = re.split("\r\n|\r|\n", text)
    return len(lines), len(lines[-1]) + 1


def _spot(event: _Event) -> Spot:
    return event.start_mark.line + 1, event.start_mark.column + 1


class _Composer:
    """Builds the tree from events, which the parser delivers without recursing."""

    def __init__(self, text: str, sheet: Sheet) -> None:
        self.events: Iterator[_Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.sheet = sheet
        self.nodes = 0

    def document(self) -> object:
        """Return the tree of the first document; further ones and directives are faults."""
        self.next()
        start = self.next()
        if not isinstance(start, yaml.DocumentStartEvent):
            self.sheet.fault("IW110", ())
            return None
        if start.version not in (None, (1, 2)) or start.tags:
            self.sheet.fault("IW109", (), spot=_spot(start))
        tree = self.node(self.next(), ())
        self.next()
        if not isinstance(further := self.next(), yaml.StreamEndEvent):
            self.sheet.fault("IW109", (), spot=_spot(further))
        if tree is None and () not in self.sheet.broken:
            self.sheet.fault("IW110", ())
        return tree

    def next(self) -> _Event:
        """Return the next event."""
        try:
            return next(self.events)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            spot = (mark.line + 1, mark.column + 1) if mark else None
            self.sheet.fault("IW105", (), value=error.problem, spot=spot)
            raise _Stop from error

    def node(self, event: _Event, path: Path) -> object:
        """Return the value that starts with ``event``; the path tells how deep it lies."""
        self.nodes += 1
        if self.nodes > _MOST_NODES:
            most = f"{_MOST_NODES} values"
            self.sheet.fault("IW102", (), value=f"over {most}", most=most, spot=_spot(event))
            raise _Stop
        if len(path) > _MOST_DEPTH:
            self.sheet.fault("IW106", (), value=f"over {_MOST_DEPTH}", most=_MOST_DEPTH, spot=_spot(event))
            raise _Stop
        self.sheet.values[path] = _spot(event)
        if isinstance(event, yaml.CollectionStartEvent | yaml.ScalarEvent):
            self.properties(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        self.unread("IW107", path, f"*{event.anchor}")
        return None

    def properties(self, event: yaml.CollectionStartEvent | yaml.ScalarEvent, path: Path) -> None:
        """Refuse anchors and tags; the value after them is read all the same."""
        if event.anchor is not None:
            self.sheet.fault("IW107", path, value=f"&{event.anchor}")
        if event.tag is not None:
            self.unread("IW108", path, event.tag)

    def scalar(self, event: yaml.ScalarEvent, path: Path) -> object:
        """Return what a scalar means; only plain ones can be anything but text."""
        if event.style:
            return event.value
        try:
            value = resolve_scalar(event.value)
        except OverflowError:
            self.unread("IW113", path, event.value)
            return None
        if value is None and path and path[-1] != _ASIDE:
            self.unread("IW141", path, event.value)
        return value

    def unread(self, code: str, path: Path, value: str) -> None:
        """Note a value that has no meaning here."""
        self.sheet.fault(code, path, value=value)
        self.sheet.broken.add(path)

    def sequence(self, path: Path) -> list[object]:
        """Return the list that has just begun."""
        items: list[object] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self.node(event, (*path, len(items))))
        return items

    def mapping(self, path: Path) -> dict[str, object]:
        """Return the mapping that has just begun; of a repeated key, the first value."""
        entries: dict[str, object] = {}
        aside = (*path, _ASIDE)
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            name = self.node(event, aside)
            if not isinstance(name, str):
                if aside not in self.sheet.broken:
                    self.sheet.fault("IW112", aside, value=name)
                self.sheet.broken.discard(aside)
                self.node(self.next(), aside)
                continue
            inside = (*path, name)
            if name in entries:
                self.sheet.fault("IW111", inside, value=name, spot=_spot(event), first=self.sheet.keys[inside][0])
                self.node(self.next(), aside)
                continue
            self.sheet.keys[inside] = _spot(event)
            entries[name] = self.node(self.next(), inside)
        return entries
