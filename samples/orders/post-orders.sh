#!/bin/sh
# Posts a file of orders, such as data/orders.csv, in one request; ORDERS_URL is where the application is, if not on localhost:8080.
set -eu
curl --fail-with-body -sS -H 'Content-Type: text/csv' --data-binary @"$1" "${ORDERS_URL:-http://localhost:8080}/orders"
echo
