from zones.states import EDGES, FINAL, OPEN, MoveStatus


def test_every_state_is_reachable_and_every_open_one_can_be_left():
    assert {to for _, to in EDGES} | {MoveStatus.PROPOSED} == set(MoveStatus)
    assert {at for at, _ in EDGES} == OPEN
    assert set(MoveStatus) - FINAL == OPEN
