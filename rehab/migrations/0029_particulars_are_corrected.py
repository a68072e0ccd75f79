"""Particulars are corrected with a reason, and the other stays of a person are told as far as that they were."""

from django.db import migrations, models

OTHER_STAYS = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_other_stays(asked uuid)
    RETURNS TABLE (
        stay uuid, facility varchar, duty_phone varchar,
        entered_at timestamptz, ended_at timestamptz, way_out varchar
    )
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hits integer;
    BEGIN
        RETURN QUERY
            SELECT c.id, f.name, f.duty_phone, c.entered_at, c.ended_at, c.status
            FROM rehab_case held
            JOIN rehab_case c ON c.person_id = held.person_id AND c.id <> held.id
            JOIN rehab_facility f ON f.id = c.facility_id
            WHERE held.id = asked AND (
                rehab_sees_all() OR held.facility_id = ANY (rehab_scope('rehab.facilities'))
                OR held.id = ANY (rehab_scope('rehab.cases'))
            )
            ORDER BY c.entered_at DESC;
        GET DIAGNOSTICS hits = ROW_COUNT;
        PERFORM rehab_keep_match('history', false, 1, hits);
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_other_stays(uuid);",
)
CORRECTING = {"intake_officer", "zone_officer"}


def give(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=CORRECTING):
        role.permissions = sorted({*role.permissions, "person.correct"})
        role.save(update_fields=["permissions"])


def take(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.all():
        role.permissions = sorted(set(role.permissions) - {"person.correct"})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = (("rehab", "0028_a_match_says_what_agrees"),)

    operations = (
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
                    ("condition_asked", "请办理转区条件"),
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
                    ("certificate_waits", "证明书待打印"),
                    ("certificate_printed", "证明书补打"),
                    ("agreement_offered", "照管协议征询"),
                    ("agreement_signed", "照管协议签订"),
                    ("agreement_declined", "照管协议不签"),
                    ("agreement_renewed", "照管协议续签"),
                    ("agreement_withdrawn", "照管协议退出"),
                    ("agreement_ended", "照管协议期满"),
                    ("contacted", "照管联系"),
                    ("document_served", "文书送达"),
                    ("identity_viewed", "查看身份号码"),
                    ("corrected", "更正信息"),
                    ("posted", "任职"),
                    ("posting_ended", "免去任职"),
                    ("account_opened", "开户"),
                    ("account_locked", "停用账号"),
                    ("account_unlocked", "恢复账号"),
                    ("secret_reset", "重置密码"),
                    ("password_changed", "修改密码"),
                    ("role_shaped", "调整角色"),
                    ("granted", "授权"),
                    ("grant_ended", "收回授权"),
                    ("delegated", "委托值班"),
                    ("delegation_ended", "结束委托"),
                    ("unit_opened", "开设大队、中队"),
                    ("unit_closed", "撤销大队、中队"),
                    ("rooms_added", "增设房间"),
                    ("beds_added", "增设床位"),
                    ("beds_closed", "停用床位"),
                    ("beds_reopened", "恢复床位"),
                    ("station_opened", "设立照管站"),
                    ("station_closed", "撤销照管站"),
                    ("rule_proposed", "拟定省级规则"),
                    ("rule_returned", "退回省级规则"),
                    ("rule_withdrawn", "撤回省级规则"),
                    ("rule_set", "设定省级规则"),
                    ("drift_mended", "时限校正"),
                ],
                max_length=30,
                verbose_name="事项",
            ),
        ),
        migrations.AlterField(
            model_name="matchcall",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("person", "核对既往"),
                    ("decision", "核对决定书文号"),
                    ("number", "核对是否同一人"),
                    ("roster", "核对名册"),
                    ("history", "查阅既往"),
                ],
                max_length=10,
                verbose_name="用途",
            ),
        ),
        OTHER_STAYS,
        migrations.RunPython(give, take),
    )
