"""The portal's own settings, in a data directory that is thrown away. Every worker has its own database and corner of Valkey."""

import atexit
import os
import shutil
import tempfile

if "TEST_DATA_DIR" not in os.environ:
    os.environ["TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="gongfang-test-")
    atexit.register(shutil.rmtree, os.environ["TEST_DATA_DIR"], ignore_errors=True)
for name in [name for name in os.environ if name.startswith("PORTAL_")] + ["DATABASE_URL", "DATABASE_OWNER_URL", "VALKEY_URL", "ELASTICSEARCH_URL", "PORT"]:
    os.environ.pop(name, None)
os.environ["PORTAL_DATA_DIR"] = os.environ["TEST_DATA_DIR"]

from pathlib import Path  # noqa: E402

from portal.config.settings import *  # noqa: E402, F403
from portal.config.settings import CHANNEL_LAYERS, DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402
from portal.runtime.addresses import DATABASE_NAME, OWNER_ROLE, broker_address, cache_address  # noqa: E402

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
TEST_DATA_DIR = Path(os.environ["TEST_DATA_DIR"])

INSTALLED_APPS += ["tests.papers"]

# Each worker has files of its own; the servers are shared.
DATA_DIR = TEST_DATA_DIR / WORKER
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"
for directory in (MEDIA_ROOT, STATIC_ROOT):
    directory.mkdir(parents=True, exist_ok=True)

# The owner makes the test database; the tests themselves run as the application's role (tests/conftest.py).
DATABASES["default"]["USER"] = OWNER_ROLE
DATABASES["default"]["TEST"] = {"TEMPLATE": DATABASE_NAME}
DATABASES["default"]["CONN_MAX_AGE"] = 0

VALKEY_URL = cache_address(TEST_DATA_DIR, int(WORKER.removeprefix("gw") or 0))
CELERY_BROKER_URL = broker_address(VALKEY_URL)
CHANNEL_LAYERS["default"]["CONFIG"] |= {"hosts": [VALKEY_URL], "prefix": WORKER}

# Services are called within transactions that never commit, and pages read right after; tests/live/test_counts.py keeps them.
COUNTS_SECONDS = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
for storage in ("attachments", "renditions", "exports"):
    STORAGES[storage]["OPTIONS"] |= {"location": DATA_DIR / storage}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
