from django.urls import path

from portal.notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.notification_list, name="notification_list"),
    path("bell/", views.bell, name="bell"),
    path("reading/", views.reading, name="reading"),
    path("<int:pk>/opening/", views.notification_opening, name="notification_opening"),
]
