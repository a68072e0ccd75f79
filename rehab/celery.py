"""Jobs: the truth is in PostgreSQL; the broker only hurries it and beat only pokes.

A request never waits for the broker: `rehab.outbox` has a producer of its own.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")

app = Celery("rehab")
app.conf.update(
    broker_url=os.environ.get("REDIS_URL", ""),
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 3600, "socket_timeout": 5},
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,  # each is safe to run again
    worker_hijack_root_logger=False,
    timezone="Asia/Shanghai",
    enable_utc=True,
    beat_schedule={
        # 02:00 Asia/Shanghai; idempotent, and due-ness comes from facts, so a missed night heals itself
        "nightly-plan": {"task": "rehab.tasks.nightly", "schedule": crontab(hour=2, minute=0)},
        # the outbox is the truth: what no poke hurried goes out within the minute
        "deliver": {"task": "rehab.tasks.deliver", "schedule": 60.0},
    },
)
app.autodiscover_tasks(["rehab"])
