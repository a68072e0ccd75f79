"""Reads of the assessment: facts gathered, rules asked."""

from centers.assessment.selectors.assessments import (
    allowed_parts,
    assessment_facts,
    concluded,
    conclusion_obstacles,
    correction_facts,
    grade_obstacles,
    with_draft,
)
from centers.assessment.selectors.conduct import (
    is_part_of,
    mark_facts,
    marks_of,
    months_of,
    own_people,
    to_mark,
    unconfirmed,
)
from centers.assessment.selectors.evidence import (
    Rules,
    evidence,
    owed_months,
    rule_obstacles,
    rules_in_force,
)
from centers.assessment.selectors.files import File, Mark, Standing, files
from centers.assessment.selectors.readiness import (
    Next,
    Readiness,
    assessment_conditions,
    next_assessments,
    passed,
    readiness,
)
from centers.assessment.selectors.told import told_facts, told_obstacles

__all__ = [
    "File", "Mark", "Next", "Readiness", "Rules", "Standing", "allowed_parts",
    "assessment_conditions", "assessment_facts", "concluded", "conclusion_obstacles",
    "correction_facts", "evidence", "files", "grade_obstacles", "is_part_of", "mark_facts", "marks_of",
    "months_of", "next_assessments", "owed_months", "own_people", "passed", "readiness",
    "rule_obstacles", "rules_in_force", "to_mark", "told_facts", "told_obstacles", "unconfirmed", "with_draft",
]  # fmt: skip
