"""Two records, as the rules read them: which is kept, what stands, what goes back."""

from datetime import timedelta
from uuid import UUID

import pytest

from rehab.rules import merging as rules
from rehab.rules.merging import Record, Stay
from tests.factories import rehab as make

NOTHING = dict.fromkeys(rules.FIELDS)
ONE, OTHER = UUID(int=1), UUID(int=2)


def stay(serial, *, begun=0, ended=10):
    """A stay between two days, counted from noon; never left where `ended` is None."""
    return Stay(
        UUID(int=serial),
        "示T01",
        "",
        make.NOON + timedelta(days=begun),
        None if ended is None else make.NOON + timedelta(days=ended),
    )


def record(person, *stays, **known):
    return Record(person, NOTHING | {"name": "示例某", "sex": "1"} | known, stays)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            record(ONE, stay(1, begun=20), id_number="1"), record(OTHER, stay(2)), id="有号码的"
        ),
        pytest.param(record(ONE, stay(1)), record(OTHER, stay(2, begun=20)), id="先到的"),
        pytest.param(record(ONE, stay(1)), record(OTHER, stay(2)), id="同时的"),
    ],
)
def test_which_is_kept_whoever_asks(one, other):
    assert rules.kept_first(one, other) == rules.kept_first(other, one) == (one, other)


def test_what_stands():
    kept = NOTHING | {"name": "甲", "address": "旧", "ethnicity": "汉族"}
    absorbed = NOTHING | {"name": "乙", "address": "新", "education": "初中"}

    assert rules.differing(kept, absorbed) == ("name", "address")
    stands = rules.settled(kept, absorbed, ["address", "ethnicity"])
    assert {field: value for field, value in stands.items() if value} == {
        "name": "甲", "address": "新", "ethnicity": "汉族", "education": "初中",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("begun", "suggested"),
    [pytest.param(20, ("name",), id="并入的较新"), pytest.param(-20, (), id="保留的较新")],
)
def test_newest_papers_are_suggested(begun, suggested):
    kept, absorbed = record(ONE, stay(1), name="甲"), record(OTHER, stay(2, begun=begun), name="乙")

    assert rules.of_newest(kept, absorbed) == suggested


@pytest.mark.parametrize(
    ("begun", "ended", "overlaps"),
    [
        pytest.param(9, 20, True, id="尚未离所"),
        pytest.param(10, 20, False, id="离所之时"),
        pytest.param(11, 20, False, id="离所之后"),
        pytest.param(9, None, True, id="未离所的尚未离所"),
        pytest.param(-20, 0, False, id="此前离所"),
    ],
)
def test_stays_at_one_time(begun, ended, overlaps):
    kept, absorbed = record(ONE, stay(1)), record(OTHER, stay(2, begun=begun, ended=ended))

    cautions = rules.merge_cautions(kept, absorbed)

    assert bool(cautions) == overlaps
    assert bool(rules.unanswered(cautions, {"overlap": " "})) == overlaps
    assert rules.unanswered(cautions, {"overlap": "冒名"}) == ()


def test_phone_that_is_not_known_is_said():
    newest = record(OTHER, stay(2, begun=20, ended=None))

    (obstacle,) = rules.merge_obstacles(record(ONE, stay(1)), newest, (), home=[UUID(int=1)])

    assert str(obstacle) == "此人现在示T01收治，请联系其值班电话 未登记，由该所提请"


def test_two_open_cases_of_the_own_house():
    one, other = record(ONE, stay(1, ended=None)), record(OTHER, stay(2, begun=1, ended=None))

    (obstacle,) = rules.merge_obstacles(one, other, (), home=[UUID(int=1), UUID(int=2)])

    assert "都有未结档案" in str(obstacle)


def test_what_goes_back_and_what_was_typed_since():
    stood = NOTHING | {"name": "甲", "address": None, "education": "初中"}
    written = {"name": "乙", "address": "新"}
    now = NOTHING | {"name": "乙", "address": "第三", "education": "高中"}

    assert rules.restored(stood, written, now) == {"name": "甲"}
    assert rules.typed_since(written, stood, now) == ("education", "address")
