"""The words of every fault a file of observations can have.

Here belong codes and texts, in the order of the table in ``store.rows``. Finding the faults belongs to the readers
and to ``store.rows``.
"""

from __future__ import annotations

from iwscore.errors import Fault, printable

__all__ = ["EXAMPLE", "WORDINGS", "row_fault", "shown"]

EXAMPLE = "2022-10-04T12:00:00Z"
_LONGEST_SHOWN = 60

WORDINGS: dict[str, tuple[str, str, str]] = {
    # code: what is, what must be, what to do
    "IW300": ("suffix is unknown", "it must be .csv, .jsonl, .ndjson or .parquet", "Rename or convert the file."),
    "IW301": ("file cannot be opened", "it must be a file that can be read", "Check the path and the permissions."),
    "IW303": ("text is not UTF-8", "all text must be UTF-8", "Save the file as UTF-8."),
    "IW304": ("file is damaged", "it must be a whole {format} file", "Write the file again."),
    "IW305": ("column is unknown", "every column must be one that observations have", "{nearest}"),
    "IW306": ("column is missing", "{must}", "Add the column."),
    "IW307": ("column is there twice", "each column may be there once", "Remove or rename one of them."),
    "IW308": ("type is wrong", "it must be {must}", "{remedy}"),
    "IW309": ("row has {cells} cells", "the header has {columns}", "Check commas and quotes."),
    "IW310": (
        "line is not a JSON object",
        "each line must hold one object",
        "Write one object a line, without nesting.",
    ),
    "IW311": ("quote is {state}", "quotes must enclose a whole cell and be doubled inside it", "{remedy}"),
    "IW312": ("cell holds a NUL", "text must be free of NUL", "Remove the character."),
    "IW313": (
        "cell has {length} characters",
        "a cell holds at most {most}",
        "Keep the text elsewhere and give its url.",
    ),
    "IW314": ("white space surrounds the text", "it must begin and end with a visible character", "Remove it."),
    "IW320": ("cell is blank", "{must}", "{remedy}"),
    "IW321": ("time cannot be read", "it must be ISO 8601 and a day of the calendar", "Write it like {example}."),
    "IW322": ("time has no offset from UTC", "it must end in Z or an offset", "Write it like {example}."),
    "IW323": ("time is finer than a microsecond", "it may have six decimals", "Round it."),
    "IW324": (
        "knowledge time lies before observed_at",
        "it must not lie before {observed}",
        "Correct one of the two times.",
    ),
    "IW325": ("value is not a finite number", "it must be written in decimal digits", "Write it like 1500 or 0.25."),
    "IW326": ("level and value are both {given}", "a row has one of the two", "{remedy}"),
    "IW327": (
        "not an Admiralty grade",
        "it must be a letter A to G and a digit 1 to 6, or a digit",
        "Write it like B2.",
    ),
    "IW328": (
        "digit stands alone",
        "{source} has no reliability in force at observed_at",
        "Write the letter too, or add a row to the source's grades.",
    ),
    "IW330": ("marking is unknown", "it must be a TLP 2.0 label", "{nearest}"),
    "IW331": ("kind is unknown", "it must be observation, correction or retraction", "{nearest}"),
    "IW332": (
        "an observation has a target",
        "only corrections and retractions have one",
        "Remove it, or set the kind.",
    ),
    "IW333": (
        "target is not in this file",
        "it must be a row's id or external_id",
        "Add the row, or correct the target.",
    ),
    "IW334": ("target is ambiguous", "{rows} go by this name", "Give the id of one of them."),
    "IW335": ("target is a retraction", "a retraction stands for good", "Record the observation anew."),
    "IW336": ("targets run in a circle", "{rows} must not lead back to the start", "Correct one of the targets."),
    "IW337": ("external_id is there twice", "row {earlier} has it with other content", "Use one external_id a report."),
    "IW340": ("indicator is unknown", "it must be in the catalog", "{nearest}"),
    "IW341": ("level is unknown", "it must be a level of {indicator}, or unknown", "{nearest}"),
    "IW342": ("source is unknown", "it must be in the register", "{nearest}"),
    "IW343": ("origin is unknown", "it must be in the register", "{nearest}"),
    "IW344": ("{indicator} has no measure", "a value must have cuts", "Write the level, or give it a measure."),
    "IW345": (
        "target is unknown",
        "it must be the id or external_id of a row here or of an entry in the log",
        "Correct the target.",
    ),
    "IW346": (
        "{name} is in the log with other content",
        "one name stands for one statement",
        "Change that entry with iwscore correct, or use another name.",
    ),
    "IW347": ("reported_at is blank", "history counts as known from it", "Fill in when the source said so."),
    "IW348": ("known later than now", "it must not lie after {now}", "Correct the time."),
    "IW349": ("observed_at lies in the future", "it must not lie after {now}", "Correct the time."),
    "IW350": (
        "suffix is unknown",
        "what a mapping reads must be .csv, .tsv, .txt or .parquet, perhaps with .gz behind it",
        "Rename or convert the file.",
    ),
    "IW351": ("text means nothing to the mapping", "its codes must name it", "Add it to them, or say otherwise: skip."),
    "IW352": ("time cannot be read", "it must have the form {form}", "Correct it, or the form in the mapping."),
    "IW353": (
        "time was twice on the clocks of {zone}",
        "it must be told which is meant",
        "Say ambiguous: earlier or later in the mapping.",
    ),
    "IW354": ("time was never on the clocks of {zone}", "clocks went over it", "Correct it, or the zone."),
    "IW355": ("not a number of events", "it must be a whole number, 0 or more", "Correct it, or give it as a value."),
    "IW356": ("column is missing", "the mapping names it", "{nearest}"),
    "IW357": (
        "no whole window",
        "the file must tell of more than the days from {first} to {last}",
        "Shorten the window, or count over more files in one.",
    ),
    "IW358": ("outside what the file covers", "it must not lie {side}", "Correct it, or covers in the mapping."),
    "IW359": ("time zone is not on this machine", "it must be in its database", "Install the database of time zones."),
    "IW360": (
        "reported_at lies in the future",
        "it must not lie after {now}",
        "Correct the time.",
    ),
    "IW361": ("more faults than these", "no row may have one", "Mend the first {most} and ask again."),
    "IW362": (
        "marking is above the ceiling",
        "nobody records what they may not see; the ceiling is {ceiling}",
        "Mark it {ceiling} or lower, or ask for another token.",
    ),
}


def row_fault(file: str, row: int, code: str, field: str = "", value: str | None = None, **words: object) -> Fault:
    """Return the fault with its standing words, filled in with ``words``."""
    what, must, remedy = (text.format(**words) for text in WORDINGS[code])
    return Fault(file, row, 0, code, what, None if value is None else shown(value), must, remedy, field=field)


def shown(text: str) -> str:
    r"""Return the text on one line, cut short, with what cannot be printed written as an escape.

    Examples
    --------
    >>> shown("a\nb")
    'a\\nb'
    """
    cut = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return printable(cut)
