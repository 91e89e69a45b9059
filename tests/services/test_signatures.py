"""Signatures: what no batch can carry is refused at once, placed by the command."""

import pytest

from iwscore.errors import DraftFaults
from iwscore.services.signatures import require_signature


def test_every_fault_is_named_and_a_sound_signature_passes():
    with pytest.raises(DraftFaults) as refused:
        require_signature("\udcff", " ", command="record")
    assert [(str(fault).partition(";")[0], fault.line) for fault in refused.value.faults] == [
        ("record:reason: IW427 reason is blank", 0),
        ("record:author: IW428 text cannot be kept", 0),
    ]
    require_signature("ann", "seen", command="record")
