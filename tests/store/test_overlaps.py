"""Overlaps: order and errors are those of doing one thing after the other."""

import threading

import pytest

from iwscore.store.overlaps import Behind, ahead


def numbers(upto: int, made: list[int]):
    for number in range(upto):
        made.append(number)
        yield number
    raise LookupError(upto)


def test_items_come_in_order_and_errors_where_they_belong():
    made: list[int] = []
    items = ahead(numbers(3, made))
    assert [next(items) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(LookupError, match="3"):
        next(items)
    assert made == [0, 1, 2]
    assert list(ahead([])) == []


def test_the_next_item_is_made_while_one_is_used():
    made, second = [], threading.Event()

    def source():
        yield "first"
        made.append(threading.current_thread() is threading.main_thread())
        second.set()
        yield "second"

    items = ahead(source())
    assert next(items) == "first"
    assert second.wait(60)
    assert made == [False]
    items.close()


def test_work_is_done_in_order_while_more_is_prepared():
    done: list[int] = []
    begun, go = threading.Event(), threading.Event()

    def slow():
        begun.set()
        go.wait(60)
        done.append(1)

    with Behind() as behind:
        behind.put(slow)
        assert begun.wait(60)
        assert done == []
        go.set()
        behind.put(lambda: done.append(2))
        behind.settle()
        assert done == [1, 2]
        behind.put(lambda: done.append(3))
    assert done == [1, 2, 3]


def refuse():
    raise LookupError("refused")


def test_what_work_raises_is_raised_at_the_next_turn():
    with Behind() as behind:
        behind.put(refuse)
        with pytest.raises(LookupError, match="refused"):
            behind.put(refuse)
        behind.settle()
    with pytest.raises(LookupError, match="refused"), Behind() as behind:
        behind.put(refuse)
    behind = Behind()
    behind.put(refuse)
    behind.__exit__(KeyError, KeyError(), None)
