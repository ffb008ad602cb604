from django.urls import path

from portal.directory.views import departments, imports, keeping, people, positions

app_name = "organization"

urlpatterns = [
    path("people/", people.person_list, name="person_list"),
    path("people/suggestions/", people.person_suggestions, name="person_suggestions"),
    path("people/new/", keeping.PersonCreate.as_view(), name="person_create"),
    path("people/<int:pk>/", people.person_detail, name="person_detail"),
    path("people/<int:pk>/card/", people.CardUpdate.as_view(), name="card_update"),
    path("people/<int:pk>/absences/new/", people.AbsenceCreate.as_view(), name="absence_create"),
    path("people/<int:pk>/name/", keeping.PersonUpdate.as_view(), name="person_update"),
    path("people/<int:pk>/move/", keeping.PersonMove.as_view(), name="person_move"),
    path("people/<int:pk>/return/", keeping.PersonReturn.as_view(), name="person_return"),
    path("people/<int:pk>/dismissal/", keeping.PersonDismissal.as_view(), name="person_dismissal"),
    path("people/<int:pk>/password/", keeping.password_issue, name="password_issue"),
    path("people/<int:pk>/employments/new/", keeping.EmploymentCreate.as_view(), name="employment_create"),
    path("absences/<int:pk>/withdrawal/", people.absence_withdrawal, name="absence_withdrawal"),
    path("employments/<int:pk>/end/", keeping.EmploymentEnd.as_view(), name="employment_end"),
    path("employments/<int:pk>/withdrawal/", keeping.employment_withdrawal, name="employment_withdrawal"),
    path("employments/<int:pk>/deputies/new/", keeping.DeputyshipCreate.as_view(), name="deputyship_create"),
    path("deputyships/<int:pk>/end/", keeping.deputyship_end, name="deputyship_end"),
    path("departments/", departments.department_list, name="department_list"),
    path("departments/new/", departments.DepartmentCreate.as_view(), name="department_create"),
    path("departments/<int:pk>/", departments.department_detail, name="department_detail"),
    path("departments/<int:pk>/change/", departments.DepartmentUpdate.as_view(), name="department_update"),
    path("departments/<int:pk>/closure/", departments.DepartmentClosure.as_view(), name="department_closure"),
    path("departments/<int:pk>/reopening/", departments.department_reopening, name="department_reopening"),
    path("chart/", departments.chart, name="chart"),
    path("chart/<int:pk>/", departments.chart_branch, name="chart_branch"),
    path("positions/", positions.position_list, name="position_list"),
    path("positions/new/", positions.PositionEditing.as_view(), name="position_create"),
    path("positions/<int:pk>/", positions.PositionEditing.as_view(), name="position_update"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.ImportCreate.as_view(), name="import_create"),
    path("imports/template/", imports.import_template, name="import_template"),
    path("imports/passwords/", imports.password_sheet, name="password_sheet"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/confirmation/", imports.import_confirmation, name="import_confirmation"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
]
