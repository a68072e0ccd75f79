"""Whose task each need of an assessment is, and on which page it is done."""

from dataclasses import dataclass

from centers.states import Need


@dataclass(frozen=True)
class Task:
    """The record behind a need: its words, who owes it, and the page that takes the case number."""

    label: str
    owner: str
    url_name: str


DETOX = Task("生理脱毒结论", "clinician", "centers:detox-create")
EDUCATION = Task("入所教育", "educator", "centers:entry-education-create")
FITNESS = Task("体能测试", "trainer", "centers:fitness-test-create")
SCREENING = Task("心理测评", "counsellor", "centers:screening-create")
CONDUCT = Task("行为表现月考核", "zone_officer", "centers:conduct-create")
CONFIRMATION = Task("行为表现月考核", "zone_leader", "centers:conduct-confirm")
SOCIAL = Task("社会环境与适应能力", "zone_officer", "centers:social-create")

TASKS: dict[Need, tuple[Task, ...]] = {
    Need.MEDICAL: (DETOX,),
    Need.DETOX: (DETOX,),
    Need.EDUCATION: (EDUCATION,),
    Need.TRAINING: (FITNESS,),
    Need.SCREENING: (SCREENING,),
    Need.RECOVERY: (FITNESS, SCREENING),
    Need.CONDUCT: (CONDUCT,),
    Need.SOCIAL: (SOCIAL,),
}
