from django.apps import AppConfig


class RehabConfig(AppConfig):
    name = "rehab"
    verbose_name = "基础"

    def ready(self) -> None:
        from rehab import celery, checks  # noqa: F401  # the schedule and the checks register themselves
