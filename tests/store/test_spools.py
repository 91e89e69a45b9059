"""Spools: what is put aside comes back as it was, with its place."""

import numpy as np
import pytest

from iwscore.store.drafts import DRAFT_TEXTS
from iwscore.store.spools import spooling
from tests.store.drafting import some


def test_drafts_come_back_block_by_block():
    blocks = [some(3), some(2, level="", value=1.5, origin="ministry", note="ä\n𝄞")]
    with spooling() as spool:
        assert (len(spool), list(spool.drafts())) == (0, [])
        for file, block in enumerate(blocks):
            spool.put(block, file, [10 * n for n in range(len(block))])
        spool.put(some(0), 9, [])
        assert len(spool) == 5
        for _ in range(2):
            for before, after in zip(blocks, spool.drafts(), strict=True):
                for name in ("kind", "observed_at", "reported_at", "value", "fingerprint"):
                    np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
                for name in DRAFT_TEXTS:
                    texts = [[block.text(name)[n] for n in range(len(block))] for block in (before, after)]
                    assert texts[0] == texts[1]
        assert [spool.place(n) for n in range(5)] == [(0, 0), (0, 10), (0, 20), (1, 0), (1, 10)]
        with pytest.raises(IndexError):
            spool.place(5)
