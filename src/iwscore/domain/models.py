"""What every model of the domain has in common: frozen, strict about unknown keys.

Here belong the base model and the constrained scalars. Meaning belongs to the module of its noun.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Model", "Slug", "Subject"]

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
# What is watched is named as its own field names it: belarus, RU-UA, South Korea.
Subject = Annotated[str, Field(pattern=r"^\S(.*\S)?$", max_length=200)]


class Model(BaseModel):
    """A frozen record that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
