"""URLs: what lets one in is kept nowhere, however it is written."""

import pytest

from iwscore.store.urls import without_password


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("postgresql://host/log", "postgresql://host/log"),
        ("postgres://ann:secret@[::1]:5433/log", "postgres://ann@[::1]:5433/log"),
        ("postgresql://ann:sec/r#e?t@host/log", "postgresql://ann@host/log"),
        ("postgresql://ann@/log?host=/run&password=secret", "postgresql://ann@/log?host=%2Frun"),
        ("postgresql://host/log?sslpassword=secret&sslmode=require", "postgresql://host/log?sslmode=require"),
    ],
)
def test_what_lets_one_in_is_left_out(url: str, kept: str) -> None:
    assert without_password(url) == kept
