"""Lists that officers keep under a name, and who took which list out of the system."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rehab.keys
from rehab.rowsecurity import append_only


class Migration(migrations.Migration):
    dependencies = (("rehab", "0017_papers_are_fenced"),)

    operations = (
        migrations.CreateModel(
            name="SavedList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rehab.keys.new_key,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("path", models.CharField(max_length=200, verbose_name="页面")),
                ("query", models.CharField(blank=True, max_length=800, verbose_name="筛选和排序")),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("shared", models.BooleanField(default=False, verbose_name="本单位共用")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_lists",
                        to="rehab.posting",
                    ),
                ),
            ],
            options={
                "verbose_name": "常用名单",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("posting", "name"), name="one_saved_list_of_a_name_per_post"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListTaking",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rehab.keys.new_key,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名单")),
                ("address", models.TextField(verbose_name="地址")),
                (
                    "way",
                    models.CharField(
                        choices=[("xlsx", "导出"), ("print", "打印")],
                        max_length=5,
                        verbose_name="方式",
                    ),
                ),
                ("rows", models.PositiveIntegerField(verbose_name="行数")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"verbose_name": "名单取走留痕"},
        ),
        append_only("rehab_listtaking"),
    )
