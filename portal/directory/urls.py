from django.urls import include, path

from portal.directory.lists import DutyList, HoldingList
from portal.directory.views import departments, duties, keeping, passwords, people, photos, positions
from portal.imports.urls import importer_urls
from portal.lists.pages import ListPage

app_name = "organization"

urlpatterns = [
    path("people/", people.person_list, name="person_list"),
    path("people/suggestions/", people.person_suggestions, name="person_suggestions"),
    path("people/new/", keeping.PersonCreate.as_view(), name="person_create"),
    path("people/<int:pk>/", people.person_detail, name="person_detail"),
    path("people/<int:pk>/card/", people.CardUpdate.as_view(), name="card_update"),
    path("people/<int:pk>/photo/", photos.PhotoUpdate.as_view(), name="photo_update"),
    path("people/<int:pk>/photo/removal/", photos.photo_removal, name="photo_removal"),
    path("people/<int:pk>/photo/<slug:version>/", photos.person_photo, name="person_photo"),
    path("people/<int:pk>/absences/new/", people.AbsenceCreate.as_view(), name="absence_create"),
    path("people/<int:pk>/name/", keeping.PersonUpdate.as_view(), name="person_update"),
    path("people/<int:pk>/move/", keeping.PersonMove.as_view(), name="person_move"),
    path("people/<int:pk>/return/", keeping.PersonReturn.as_view(), name="person_return"),
    path("people/<int:pk>/dismissal/", keeping.PersonDismissal.as_view(), name="person_dismissal"),
    path("people/<int:pk>/password/", keeping.password_issue, name="password_issue"),
    path("people/<int:pk>/second-factors/removal/", keeping.second_factors_removal, name="second_factors_removal"),
    path("people/<int:pk>/employments/new/", keeping.EmploymentCreate.as_view(), name="employment_create"),
    path("absences/<int:pk>/withdrawal/", people.AbsenceWithdrawal.as_view(), name="absence_withdrawal"),
    path("employments/<int:pk>/end/", keeping.EmploymentEnd.as_view(), name="employment_end"),
    path("employments/<int:pk>/continuation/", keeping.EmploymentContinuation.as_view(), name="employment_continuation"),
    path("employments/<int:pk>/withdrawal/", keeping.EmploymentWithdrawal.as_view(), name="employment_withdrawal"),
    path("employments/<int:pk>/deputies/new/", keeping.DeputyshipCreate.as_view(), name="deputyship_create"),
    path("deputyships/<int:pk>/end/", keeping.DeputyshipEnd.as_view(), name="deputyship_end"),
    path("departments/", departments.department_list, name="department_list"),
    path("departments/new/", departments.DepartmentCreate.as_view(), name="department_create"),
    path("departments/<int:pk>/", departments.department_detail, name="department_detail"),
    path("departments/<int:pk>/change/", departments.DepartmentUpdate.as_view(), name="department_update"),
    path("departments/<int:pk>/closure/", departments.DepartmentClosure.as_view(), name="department_closure"),
    path("departments/<int:pk>/reopening/", departments.DepartmentReopening.as_view(), name="department_reopening"),
    path("chart/", departments.chart, name="chart"),
    path("chart/<int:pk>/", departments.chart_branch, name="chart_branch"),
    path("positions/", positions.position_list, name="position_list"),
    path("positions/new/", positions.PositionEditing.as_view(), name="position_create"),
    path("positions/<int:pk>/", positions.PositionEditing.as_view(), name="position_update"),
    path("duties/", ListPage.of(DutyList), name="duty_list"),
    path("duties/new/", duties.DutyEditing.as_view(), name="duty_create"),
    path("duties/holders/", ListPage.of(HoldingList), name="holding_list"),
    path("duties/<int:pk>/", duties.DutyEditing.as_view(), name="duty_update"),
    path("duties/<int:pk>/holders/new/", duties.HoldingCreate.as_view(), name="holding_create"),
    path("duties/holders/<int:pk>/end/", duties.HoldingEnd.as_view(), name="holding_end"),
    path("imports/passwords/", passwords.password_sheet, name="password_sheet"),
    path("imports/", include(importer_urls("roster"))),
]
