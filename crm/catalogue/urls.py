"""Addresses of the catalogue, below those of the CRM."""

from django.urls import include, path

from crm.catalogue.lists import PriceListList, ProductList, StockLedger
from crm.catalogue.views import products, stock
from portal.imports.urls import importer_urls
from portal.lists.pages import ListPage

urlpatterns = [
    path("products/", ListPage.of(ProductList), name="product_list"),
    path("products/imports/", include(importer_urls("crm.products", "product_import"))),
    path("stock/imports/", include(importer_urls("crm.counts", "count_import"))),
    path("products/new/", products.ProductCreate.as_view(), name="product_create"),
    path("products/<int:pk>/", products.product_detail, name="product_detail"),
    path("products/<int:pk>/change/", products.ProductUpdate.as_view(), name="product_update"),
    path("products/<int:pk>/costs/new/", products.CostCreate.as_view(), name="cost_create"),
    path("products/<int:pk>/receipts/new/", stock.ReceiptCreate.as_view(), name="receipt_create"),
    path("products/<int:pk>/issues/new/", stock.IssueCreate.as_view(), name="issue_create"),
    path("products/<int:pk>/counts/new/", stock.CountCreate.as_view(), name="count_create"),
    path("products/<int:pk>/transfers/new/", stock.TransferCreate.as_view(), name="transfer_create"),
    path("products/<int:pk>/supplies/new/", stock.SupplyCreate.as_view(), name="supply_create"),
    path("supplies/<int:pk>/end/", stock.SupplyEnd.as_view(), name="supply_end"),
    path("stock/", ListPage.of(StockLedger), name="stock_ledger"),
    path("prices/", ListPage.of(PriceListList), name="price_list_list"),
    path("prices/new/", products.PriceListCreate.as_view(), name="price_list_create"),
    path("prices/<int:pk>/", products.price_list_detail, name="price_list_detail"),
    path("prices/<int:pk>/export/", products.PricesExport.as_view(), name="prices_export"),
    path("prices/<int:pk>/issue/", products.PricesIssue.as_view(), name="prices_issue"),
]
