"""URLs of servers, and what in them lets one in.

Here belongs what must not be shown or kept. Which database a URL means belongs to ``store.databases``.
"""

from __future__ import annotations

import sqlalchemy as sa

__all__ = ["SECRETS", "without_password"]

SECRETS = ("password", "sslpassword")  # of the query


def without_password(url: str) -> str:
    """Return a server's URL without anything that lets one in.

    Examples
    --------
    >>> without_password("postgresql://ann:one/two@host/log?password=three&sslmode=require")
    'postgresql://ann@host/log?sslmode=require'
    """
    parsed = sa.make_url(url)
    kept = (parsed.username, None, parsed.host, parsed.port, parsed.database)
    query = parsed.difference_update_query(SECRETS).query
    return sa.URL.create(parsed.drivername, *kept, query).render_as_string(hide_password=False)
