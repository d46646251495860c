"""Addresses of the commerce room."""

from django.urls import path

from akrab.commerce.views import (
    branches,
    categories,
    claims,
    palette,
    products,
    purchases,
    rates,
    receipts,
    reconciliation,
    steps,
    today,
    trends,
)
from akrab.platform.web import resource

app_name = "commerce"
urlpatterns = [
    path("commerce/receipts/", resource(get=receipts.index), name="receipts"),
    path("commerce/receipts/count/", resource(get=receipts.count), name="receipt_count"),
    path("commerce/receipts/early/", resource(get=receipts.early), name="early"),
    path("commerce/receipts/code/", resource(get=claims.show_code, post=claims.find), name="claim_code"),
    path("commerce/receipts/<uuid:receipt_id>/", resource(get=receipts.show), name="receipt"),
    path("commerce/receipts/<uuid:receipt_id>/claim/", resource(post=claims.create), name="claim"),
    path("commerce/products/", resource(get=products.index, post=products.create), name="products"),
    path("commerce/products/new/", resource(get=products.new), name="product_new"),
    path("commerce/products/<uuid:product_id>/", resource(get=products.show, post=products.update), name="product"),
    path("commerce/products/<uuid:product_id>/sales/", resource(get=products.sales), name="product_sales"),
    path("commerce/products/<uuid:product_id>/links/", resource(post=products.link), name="product_links"),
    path("commerce/products/<uuid:product_id>/links/<int:link_id>/", resource(delete=products.unlink), name="product_link"),
    path("commerce/categories/", resource(get=categories.index, post=categories.create), name="categories"),
    path("commerce/categories/<uuid:category_id>/", resource(get=categories.show, post=categories.update), name="category"),
    path("commerce/branches/", resource(get=branches.index, post=branches.create), name="branches"),
    path("commerce/branches/new/", resource(get=branches.new), name="branch_new"),
    path("commerce/branches/<uuid:branch_id>/", resource(get=branches.show, post=branches.update), name="branch"),
    path(
        "commerce/reconciliation/",
        resource(get=reconciliation.index, post=reconciliation.create, delete=reconciliation.destroy),
        name="reconciliation",
    ),
    path("commerce/rates/", resource(get=rates.index, post=rates.create), name="rates"),
    path("commerce/palette/", resource(get=palette.options), name="palette"),
    path("commerce/purchases/<uuid:customer_id>/", resource(get=purchases.index), name="purchases"),
    path("commerce/today/", resource(get=today.show), name="today"),
    path("commerce/today/trend/", resource(get=trends.show), name="today_trend"),
    path("commerce/steps/", resource(get=steps.show), name="steps"),
]
