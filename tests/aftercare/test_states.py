"""The life of an agreement: every status reached, every unfinished one left."""

from aftercare.states import EDGES, AgreementStatus

BEGINNINGS = {AgreementStatus.OFFERED, AgreementStatus.SIGNED}  # a renewal is born signed
ENDS = {AgreementStatus.DECLINED, AgreementStatus.WITHDRAWN}


def test_every_status_is_reached():
    assert BEGINNINGS | {to for _, to in EDGES} == set(AgreementStatus)


def test_every_unfinished_status_can_be_left():
    assert {at for at, _ in EDGES} == set(AgreementStatus) - ENDS


def test_every_edge_rests_on_consent():
    assert all(article.law == "个人信息保护法" for article in EDGES.values())
