"""Sign-ins: a code from the terminal, changed once for a cookie by which this browser may read.

Here belong the page and the cookie. What a code is worth, and for how long, belongs to whoever redeems it.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from iwscore.api.doors import COOKIE
from iwscore.errors import QuestionError

__all__ = ["COOKIE_DAYS", "Redeem", "router_of"]

COOKIE_DAYS = 30
Redeem = Callable[[str], str]  # a code in, a token out; QuestionError where the code opens nothing
_PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>iwscore</title><h1>{title}</h1>{text}</html>'


def router_of(redeem: Redeem, *, secure: bool) -> APIRouter:
    """Return where browsers sign in; over TLS the cookie goes over TLS alone."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    def sign_in(code: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
        """Change the code for a cookie, and say what to do next."""
        try:
            token = redeem(code)
        except QuestionError as error:
            return _page(403, "Not signed in", str(error), "Stop the service and start it again for another link.")
        page = _page(
            200, "Signed in",
            f"This browser may read everything here for {COOKIE_DAYS} days, and write nothing.",
            "Programs and people get tokens of their own: iwscore token add NAME --role analyst --ceiling amber.",
        )  # fmt: skip
        page.set_cookie(
            COOKIE.decode(), token, max_age=COOKIE_DAYS * 86_400, path="/", secure=secure, httponly=True,
            samesite="strict",
        )  # fmt: skip
        return page

    return router


def _page(status: int, title: str, *lines: str) -> HTMLResponse:
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return HTMLResponse(_PAGE.format(title=escape(title), text=text), status)
