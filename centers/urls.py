"""Routes of the five centres."""

from django.urls import path

from centers.assessment.views import assessments, conduct, opinions, social, telling, told
from centers.education import views as education
from centers.medical import views as medical
from centers.psychology import views as psychology
from centers.training import views as training

app_name = "centers"

urlpatterns = [
    path("medical/", medical.medical_list, name="medical-list"),
    path("medical/<str:case_number>/detox/", medical.detox_create, name="detox-create"),
    path(
        "medical/<str:case_number>/drug-tests/", medical.drug_test_create, name="drug-test-create"
    ),
    path("education/", education.education_list, name="education-list"),
    path(
        "education/<str:case_number>/entry-education/",
        education.entry_education_create,
        name="entry-education-create",
    ),
    path("psychology/", psychology.psychology_list, name="psychology-list"),
    path("psychology/screenings/<uuid:pk>/", psychology.screening_detail, name="screening-detail"),
    path(
        "psychology/<str:case_number>/screenings/",
        psychology.screening_create,
        name="screening-create",
    ),
    path("training/", training.training_list, name="training-list"),
    path(
        "training/<str:case_number>/fitness-tests/",
        training.fitness_test_create,
        name="fitness-test-create",
    ),
    path("conduct/", conduct.conduct_list, name="conduct-list"),
    path("conduct/<str:case_number>/", conduct.conduct_create, name="conduct-create"),
    path("conduct/<str:case_number>/signature/", conduct.conduct_confirm, name="conduct-confirm"),
    path("social/<str:case_number>/", social.social_create, name="social-create"),
    path("opinions/", opinions.opinion_list, name="opinion-list"),
    path("opinions/<str:case_number>/", opinions.opinion_detail, name="opinion-detail"),
    path("told/", telling.telling_list, name="telling-list"),
    path("told/sheets/", telling.sheets_print, name="sheets-print"),
    path("told/tellings/", telling.telling_batch, name="telling-batch"),
    path("told/tellings/<uuid:pk>/scans/", told.scan_create, name="scan-create"),
    path("told/tellings/<uuid:pk>/withdrawal/", told.telling_withdraw, name="telling-withdraw"),
    path("told/scans/<uuid:pk>/", told.scan_detail, name="scan-detail"),
    path("told/<str:case_number>/", told.told_print, name="told-print"),
    path("told/<str:case_number>/tellings/", told.telling_create, name="telling-create"),
    path("assessment/", assessments.assessment_list, name="assessment-list"),
    path("assessment/<uuid:pk>/", assessments.assessment_detail, name="assessment-detail"),
    path(
        "assessment/<uuid:pk>/conclusion/",
        assessments.assessment_conclude,
        name="assessment-conclude",
    ),
    path("assessment/<uuid:pk>/return/", assessments.assessment_return, name="assessment-return"),
    path(
        "assessment/<uuid:pk>/correction/",
        assessments.assessment_correct,
        name="assessment-correct",
    ),
    path("assessment/<str:case_number>/", assessments.assessment_create, name="assessment-create"),
]
