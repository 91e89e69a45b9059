"""The errors a catalog can have: a code and the three parts of its message.

Here belong the texts of errors, with places in braces for names and numbers. Where an error is looked for belongs to
the module that looks; warnings and infos belong to ``checks``. A code is never used again for something else.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CODES", "Code"]


class Code(NamedTuple):
    """An error's message: what is, what must be, what to do."""

    what: str
    must: str
    remedy: str


CODES = {
    # Reading a file
    "IW101": Code("the file cannot be read", "it must be a readable file", "Check its permissions."),
    "IW102": Code("the file is too large", "it must hold at most {most}", "Split it."),
    "IW103": Code("the file is not UTF-8", "text must be UTF-8", "Save it as UTF-8."),
    "IW104": Code(
        "a character that YAML 1.2 text cannot hold", "characters must be printable", "Take it out or escape it."
    ),
    "IW105": Code("not YAML", "the file must be YAML 1.2", "Mend the syntax here or on the line above."),
    "IW106": Code("nested too deeply", "there must be at most {most} levels", "Flatten it."),
    "IW107": Code("an anchor or alias", "every value must be written out", "Write the value itself."),
    "IW108": Code("a tag", "values must be plain YAML", "Take the tag out; quote the value if it is text."),
    "IW109": Code(
        "a directive or a second document", "a file must hold one document", "Take it out or split the file."
    ),
    "IW110": Code("the file holds nothing", "it must hold a mapping", "Fill it or delete it."),
    "IW111": Code(
        "the key is repeated", "a key must stand once in its mapping", "Keep one; the first is on line {first}."
    ),
    "IW112": Code("the key is not text", "keys must be text", "Put it in quotes, or check the indentation."),
    "IW113": Code("the number is not finite", "numbers must be finite", "Write a finite number, or quote it as text."),
    "IW141": Code("nothing is written here", "a key or item must have a value", "Write one, or take it out."),
    # The shape of a document
    "IW114": Code("the key is unknown", "keys must be those of the format", "{nearest}"),
    "IW115": Code("a required key is missing", "it must be given", "Add it."),
    "IW116": Code("the value is of the wrong kind", "it must be {kind}", "{advice}"),
    "IW117": Code(
        "not an id",
        "an id must be lower-case letters and digits in words joined by single hyphens, 80 at most",
        "Write it like troop-build-up.",
    ),
    "IW142": Code(
        "not the name of a subject",
        "it must be text of 1 to 200 characters, none of them white space at an end",
        "Write it as the observations do.",
    ),
    "IW118": Code("the word is not one of those allowed", "it must be one of {words}", "{nearest}"),
    "IW119": Code("the number is out of range", "it must be {limit}", "Correct it."),
    "IW120": Code(
        "the probability is too certain",
        "it must lie in 0.001 to 0.999, for nothing could ever move a 0 or 1",
        "Leave room for doubt.",
    ),
    "IW121": Code("not a duration", "it must be {form}", "Write it like {like}."),
    "IW122": Code("not a date or time", "it must be {form}", "Write it like {like}."),
    "IW123": Code("the list is of the wrong length", "it must have {limit}", "Add or take out entries."),
    "IW124": Code("the text is empty", "it must say something", "Fill it or take the key out."),
    # What a document means
    "IW125": Code("repeated in the same list", "each must stand once", "Take one out."),
    "IW126": Code("the name is reserved", "it must be another name", "Rename it: {reserved}."),
    "IW127": Code("the half-lives do not fit the levels", "there must be one for each of {levels}", "{remedy}"),
    "IW128": Code(
        "the cuts do not fit the levels", "there must be one fewer than the {levels} levels", "Add or take out cuts."
    ),
    "IW129": Code("the cuts do not ascend", "each must be above the one before it", "Put them in order."),
    "IW130": Code("the priors do not sum to 1", "their sum must be 1", "{remedy}"),
    "IW131": Code("the row does not sum to 1", "its sum must be 1", "{remedy}"),
    "IW132": Code("the scenario is unknown", "it must be a scenario of this problem", "{nearest}"),
    "IW133": Code(
        "scenarios without a row", "each must stand under given, or there must be otherwise", "Add rows, or otherwise."
    ),
    "IW134": Code("the word is unknown", "it must be a word of the scale {scale}", "{nearest}"),
    "IW135": Code("the indicator is in two groups", "it must be in at most one", "Take it out here or of {first}."),
    "IW136": Code(
        "the group's member has no expectation", "it must be expected in this problem", "Add an expectation or drop it."
    ),
    "IW137": Code("the rungs do not ascend", "raise_at must be above {before}", "Put the rungs in order."),
    "IW138": Code("clear_at is above raise_at", "it must be at most {raise_at}", "Lower it, or leave it out."),
    "IW139": Code(
        "the priors alone raise this rung",
        "raise_at must be above their adverse sum {sum}",
        "Raise it, or make this the lowest rung.",
    ),
    "IW140": Code("the subject is unknown", "it must be a subject of this problem", "{nearest}"),
    # A mapping
    "IW170": Code("not one of level, value and count", "an observation must have exactly one", "Keep or add one."),
    "IW171": Code(
        "nothing says when this was known", "it must be given: {given}", "Write lag: 0d if it was published at once."
    ),
    "IW172": Code("lag beside reported", "there must be one of the two for all", "Put the lag with its observation."),
    "IW173": Code("not the right regular expression", "it must be {form}", "{remedy}"),
    "IW174": Code("the time zone is unknown", "it must be a name of the IANA database", "{nearest}"),
    "IW175": Code("not a form of times", "it must be iso, or made of %Y %m %d %q %H %M %S", "{reason}."),
    "IW176": Code("the form does not tell the period", "its shortest is the {told}", "Write a longer period."),
    "IW177": Code("not one test", "a condition must have exactly one of {tests}", "Split it, or add one."),
    "IW178": Code("the list is unknown", "it must stand under lists", "{nearest}"),
    "IW179": Code("not one of column and text", "there must be exactly one of the two", "Keep or add one."),
    "IW180": Code(
        "a count takes this from the rows",
        "all but its subject must be constant, for a count is one statement",
        "Write it out; make one count for each.",
    ),
    "IW181": Code("levels beside level", "they must stand beside value or count", "Take one out."),
    "IW182": Code("the list has no meanings", "codes must say what each text stands for", "Make it a mapping."),
    "IW183": Code("the end lies before the beginning", "it must not lie before {since}", "Correct one of the two."),
    "IW184": Code("a brace that encloses no column", "braces must enclose a column's name", "Close or drop the brace."),
    "IW185": Code("one sign for two things", "thousands and decimal must differ", "Correct one of the two."),
    "IW186": Code("a count has an external_id", "it must be left out, for a count makes its own", "Take it out."),
    "IW187": Code("the step is shorter than the period", "rows tell of a {told} at once", "Write a longer step."),
    # Across files
    "IW200": Code("the folder cannot be read", "the catalog must be a folder", "Name another with --catalog DIR."),
    "IW201": Code(
        "no catalog there", "it must hold indicators, scenarios or sources", "Make one with iwscore init DIR."
    ),
    "IW202": Code("the id is taken", "an id must be unique among {kind}", "Rename one; the first is at {first}."),
    "IW203": Code("the indicator is unknown", "it must be in a file under indicators", "{nearest}"),
    "IW204": Code("the level is unknown", "it must be a level of {indicator}", "{nearest}"),
    "IW205": Code("levels are left out", "a row must have a number for every level of {indicator}", "Add them."),
    "IW206": Code(
        "one probability for {count} levels",
        "{indicator} needs a number for every level",
        "Write a row such as {like}.",
    ),
    "IW207": Code("the source is unknown", "an origin must be in the register", "{nearest}"),
    "IW208": Code("the chain of origins is a circle", "it must come to an end", "Take one origin out."),
    "IW209": Code("a second table of trust", "a catalog must have at most one", "Keep one; the first is at {first}."),
    "IW210": Code("the check is unknown", "it must be the name of a check", "{nearest}"),
    "IW211": Code("the source is unknown", "it must be in the register", "{nearest}"),
    "IW212": Code("the indicator has no measure", "a number must have cuts", "Add levels here, or a measure there."),
    "IW213": Code("the unit is another", "{indicator} is measured in {unit}", "Convert with times and plus."),
}
