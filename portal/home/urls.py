from django.urls import path

from portal.home import views

app_name = "home"

urlpatterns = [
    path("", views.home, name="home"),
    path("panels/<str:code>/", views.live_panel, name="live_panel"),
    path("arrangement/", views.arrangement, name="arrangement"),
    path("arrangement/change/", views.arrangement_change, name="arrangement_change"),
]
