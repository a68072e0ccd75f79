from datetime import UTC, date, datetime, timedelta

import pytest
from celery.utils.time import make_aware

from rehab import clock
from rehab.celery import app


def test_now_is_real_outside_the_demo(settings):
    settings.DEMO = False

    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=1)


def test_moving_is_refused_outside_the_demo(settings):
    settings.DEMO = False

    with pytest.raises(RuntimeError, match="演示环境"):
        clock.move_to(date(2028, 6, 10))


@pytest.mark.django_db
def test_move_to(settings):
    settings.DEMO = True

    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=1)
    clock.move_to(date(2028, 6, 10))
    clock.move_to(date(2028, 6, 11))

    assert clock.today() == date(2028, 6, 11)
    assert clock.real_now() < clock.now()


@pytest.mark.django_db
def test_one_reading_asks_once(settings, django_assert_num_queries):
    settings.DEMO = True

    with django_assert_num_queries(1), clock.one_reading():
        clock.now()
        clock.today()


def test_one_reading_while_time_stands(settings):
    settings.DEMO = True
    noon = datetime(2026, 11, 21, 4, tzinfo=UTC)

    with clock.standing_at(noon), clock.one_reading():
        assert clock.now() == noon


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 20, 15, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), date(2026, 11, 21)),
    ],
)
def test_the_day_turns_in_shanghai(moment, day):
    with clock.standing_at(moment):
        assert clock.today() == day


def test_the_nightly_plan_fires_at_two_in_shanghai():
    """18:00 UTC is 02:00 in Shanghai; beat must fire then and not eight hours off."""
    schedule = app.conf.beat_schedule["nightly-plan"]["schedule"]
    last_run = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai
    schedule.app, schedule.nowfun = app, lambda: last_run

    due_in = schedule.remaining_estimate(make_aware(last_run, UTC))

    assert app.timezone.key == "Asia/Shanghai"
    assert last_run + due_in == datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
