from intake.states import EDGES, UNDECIDED, ArrivalStatus


def test_every_status_is_reachable_and_every_undecided_one_can_be_left():
    assert {to for _, to in EDGES} | {ArrivalStatus.EXPECTED} == set(ArrivalStatus)
    assert {at for at, _ in EDGES} == UNDECIDED


def test_a_decided_arrival_is_never_decided_again():
    assert {to for _, to in EDGES if to not in UNDECIDED} == {
        ArrivalStatus.ADMITTED,
        ArrivalStatus.REFUSED,
        ArrivalStatus.WITHDRAWN,
    }


def test_only_who_was_not_looked_at_goes_with_his_roster():
    assert {at for at, to in EDGES if to == ArrivalStatus.WITHDRAWN} == {ArrivalStatus.EXPECTED}
