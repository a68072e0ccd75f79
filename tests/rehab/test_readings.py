"""What several clocks ask of the same cases is read once."""

from uuid import UUID

import pytest

from rehab import readings

A, B, C = (UUID(int=serial) for serial in range(3))


class Reader:
    """Reads every key but C, of which there is no row, and notes what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, keys):
        self.asked.append(list(keys))
        return {key: object() for key in keys if key != C}


@pytest.fixture
def reader():
    return Reader()


def test_a_row_is_read_once_inside_the_block(reader):
    with readings.once():
        first = readings.rows("files", [A, C], reader)
        second = readings.rows("files", [A, B], reader)
        readings.rows("files", [B], reader)

    assert reader.asked == [[A, C], [B]]
    assert (set(first), set(second)) == ({A}, {A, B})
    assert first[A] is second[A]


def test_each_kind_of_row_is_read_for_itself(reader):
    with readings.once():
        readings.rows("files", [A], reader)
        readings.rows("moves", [A], reader)

    assert reader.asked == [[A], [A]]


def test_outside_the_block_and_in_the_next_it_is_read_anew(reader):
    readings.rows("files", [A], reader)
    for _ in range(2):
        with readings.once():
            readings.rows("files", [A], reader)
    readings.rows("files", [A], reader)

    assert reader.asked == [[A]] * 4
