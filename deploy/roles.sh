#!/bin/sh
# The two roles and the database, as docs/operators.md describes them. Run once, as PostgreSQL's superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --set=application="$GONGFANG_PASSWORD" --set=owner="$GONGFANG_OWNER_PASSWORD" <<'SQL'
CREATE ROLE gongfang_owner LOGIN PASSWORD :'owner';
CREATE ROLE gongfang LOGIN PASSWORD :'application';
CREATE DATABASE gongfang OWNER gongfang_owner ENCODING 'UTF8' TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';
SQL
