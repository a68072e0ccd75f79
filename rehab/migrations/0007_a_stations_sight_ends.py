"""What a station may see has its last day, and the database shows nothing after it."""

from django.db import migrations, models

from rehab.rowsecurity import BY_FACILITY, within

OF_CASES = within("id", "rehab.cases")
STATION = within("station_id", "rehab.stations")
TODAY = "(SELECT nullif(current_setting('rehab.today', true), '')::date)"
STILL = f"(station_sees_until IS NULL OR station_sees_until >= {TODAY})"
BEFORE = f"{BY_FACILITY} OR {STATION} OR {OF_CASES}"
SEEN = f"{BY_FACILITY} OR {STATION} AND {STILL} OR {OF_CASES}"


def policy(seen: str) -> str:
    return f"ALTER POLICY within_scope ON rehab_case USING ({seen}) WITH CHECK ({seen})"


class Migration(migrations.Migration):
    dependencies = [
        ("rehab", "0006_every_question_across_the_nation_is_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="station_reads_until",
            field=models.DateField(null=True, verbose_name="照管站查阅档案至"),
        ),
        migrations.AddField(
            model_name="case",
            name="station_sees_until",
            field=models.DateField(null=True, verbose_name="照管站补记至"),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("roster_imported", "名册导入"),
                    ("arrival_registered", "到所登记"),
                    ("arrival_deferred", "暂不接收"),
                    ("arrival_refused", "不予接收"),
                    ("admitted", "收治入所"),
                    ("completed", "入所事项办结"),
                    ("placed", "调整床位"),
                    ("vacated", "腾出床位"),
                    ("zone_move_proposed", "提请转区"),
                    ("zone_move_approved", "批准转区"),
                    ("zone_move_received", "接收转区"),
                    ("zone_move_returned", "退回转区"),
                    ("zone_move_withdrawn", "撤回转区"),
                    ("leave_granted", "所外就医"),
                    ("leave_ended", "所外就医返回"),
                    ("detox_concluded", "生理脱毒结论"),
                    ("drug_tested", "所内毒品检测"),
                    ("entry_education_recorded", "入所教育"),
                    ("screened", "心理测评"),
                    ("fitness_tested", "体能测试"),
                    ("conduct_marked", "行为表现月考核"),
                    ("conduct_confirmed", "月考核复核"),
                    ("social_recorded", "社会环境与适应能力"),
                    ("assessment_drafted", "诊断评估拟定"),
                    ("assessment_concluded", "诊断评估结论"),
                    ("assessment_returned", "诊断评估退回"),
                    ("release_notified", "解除前通知"),
                    ("released", "解除强制隔离戒毒"),
                    ("gate_refused", "出所核验不符"),
                    ("gate_mark_missing", "出所核验缺项"),
                    ("agreement_offered", "照管协议征询"),
                    ("agreement_signed", "照管协议签订"),
                    ("agreement_declined", "照管协议不签"),
                    ("agreement_renewed", "照管协议续签"),
                    ("agreement_withdrawn", "照管协议退出"),
                    ("agreement_ended", "照管协议期满"),
                    ("contacted", "照管联系"),
                    ("document_served", "文书送达"),
                    ("identity_viewed", "查看身份号码"),
                    ("posted", "任职"),
                    ("granted", "授权"),
                    ("rule_set", "设定省级规则"),
                    ("drift_mended", "时限校正"),
                ],
                max_length=30,
                verbose_name="事项",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("station_reads_until__isnull", True), ("station_sees_until__isnull", True)
                    ),
                    models.Q(
                        ("station__isnull", False),
                        ("station_reads_until__isnull", False),
                        ("station_sees_until__gte", models.F("station_reads_until")),
                        ("station_sees_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="station_sees_as_long_as_it_reads",
            ),
        ),
        migrations.RunSQL(policy(SEEN), policy(BEFORE)),
    ]
