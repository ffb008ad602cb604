"""Addresses of orders, below those of the CRM."""

from django.urls import path

from crm.orders.lists import OrderList, ReceivableList, ReleaseList
from crm.orders.views import accounts, orders, prices, releases, taking
from portal.lists.pages import ListPage

urlpatterns = [
    path("orders/", ListPage.of(OrderList), name="order_list"),
    path("orders/new/", taking.order_start, name="order_start"),
    path("orders/new/<int:pk>/", taking.order_take, name="order_take"),
    path("orders/new/<int:pk>/verdict/", taking.order_verdict, name="order_verdict"),
    path("orders/new/<int:pk>/rows/", taking.order_rows, name="order_rows"),
    path("orders/<int:pk>/", orders.order_detail, name="order_detail"),
    path("orders/<int:pk>/change/", orders.OrderChange.as_view(), name="order_change"),
    path("orders/<int:pk>/cancel/", orders.OrderCancel.as_view(), name="order_cancel"),
    path("orders/<int:pk>/delivery/", orders.OrderDeliver.as_view(), name="order_deliver"),
    path("orders/<int:pk>/return/", orders.OrderReturn.as_view(), name="order_return"),
    path("releases/", ListPage.of(ReleaseList), name="release_list"),
    path("releases/<int:pk>/", releases.release_detail, name="release_detail"),
    path("releases/<int:pk>/confirmation/", releases.ReleaseConfirm.as_view(), name="release_confirm"),
    path("receivables/", ListPage.of(ReceivableList), name="receivable_list"),
    path("receivables/ageing/", accounts.ageing_report, name="ageing_report"),
    path("receivables/colours/", accounts.BoundsUpdate.as_view(), name="bounds_update"),
    path("products/<int:pk>/price/", prices.price_explained, name="price_explained"),
    path("accounts/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("accounts/<int:pk>/terms/", accounts.TermsUpdate.as_view(), name="terms_update"),
    path("accounts/<int:pk>/payments/new/", accounts.PaymentCreate.as_view(), name="payment_create"),
    path("accounts/<int:pk>/caps/new/", accounts.CapCreate.as_view(), name="cap_create"),
    path("payments/<int:pk>/bounce/", accounts.PaymentBounce.as_view(), name="payment_bounce"),
]
