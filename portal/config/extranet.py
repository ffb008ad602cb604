"""What differs where `PORTAL_FACE=extranet`: addresses, middleware, templates and cookies of the customers' site, and none of the intranet's.

Accounts there are not people of the intranet and sessions are rows of their own, so neither face can be entered with what the other gave.
"""

from pathlib import Path
from typing import Any

import django


def extranet_settings(root: Path) -> dict[str, Any]:
    return {
        "ROOT_URLCONF": "portal.config.extranet_urls",
        "MIDDLEWARE": [
            "portal.runtime.middleware.LifeMiddleware",
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "django.middleware.gzip.GZipMiddleware",
            "csp.middleware.CSPMiddleware",
            "django.middleware.common.CommonMiddleware",
            "portal.audit.middleware.OriginMiddleware",
            "crm.extranet.middleware.CustomerMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [root / "crm" / "extranet" / "pages", root / "templates" / "forms", Path(django.__file__).parent / "forms" / "templates"],
                "APP_DIRS": False,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.messages.context_processors.messages",
                        "crm.extranet.frame.site",
                    ],
                    "builtins": [
                        "django.templatetags.i18n",
                        "django.templatetags.static",
                        "portal.foundation.templatetags.foundation",
                    ],
                },
            },
        ],
        "SESSION_COOKIE_NAME": "gongfang_customers",
        "CSRF_COOKIE_NAME": "gongfang_customers_csrf",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_FAILURE_VIEW": "crm.extranet.answers.csrf_failure",
        "MESSAGE_STORAGE": "crm.extranet.middleware.SaidStorage",
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 2_000,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 2**20,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 20,
    }
