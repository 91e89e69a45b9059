"""Names become numbers: each distinct name one, in the order in which they come."""

import pyarrow as pa

from iwscore.store.naming import Index


def test_each_name_is_kept_once() -> None:
    index = Index(["b"])
    assert index.codes(pa.array(["a", None, "b", "a"], pa.large_string())).tolist() == [1, 2, 0, 1]
    assert index.names() == ["b", "a", ""]
    assert (len(index), index.names(after=1)) == (3, ["a", ""])


def test_what_a_dictionary_holds_and_no_row_has_is_left_out() -> None:
    index = Index()
    column = pa.DictionaryArray.from_arrays(pa.array([2, None, 2]), pa.array(["x", "y", "z"]))
    assert index.codes(column).tolist() == [0, 1, 0]
    assert index.names() == ["z", ""]


def test_no_rows_have_no_names() -> None:
    index = Index()
    assert index.codes(pa.nulls(0, pa.large_string())).tolist() == []
    assert len(index) == 0
