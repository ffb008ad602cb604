"""Django's settings, derived from `environment`; nothing here is meant to be edited for a plant."""

import sys
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.config.environment import ROOT, SettingError, read_environment
from portal.config.extranet import extranet_settings
from portal.config.modules import MODULES, module_apps, module_schedule
from portal.runtime.addresses import DataDirectoryError, broker_address, cache_address, database_settings, secret_key

try:
    ENVIRONMENT = read_environment()
    SECRET_KEY = ENVIRONMENT.secret_key or secret_key(ENVIRONMENT.data_dir)
except (SettingError, DataDirectoryError) as error:
    sys.exit(str(error))

BASE_DIR = ROOT
DATA_DIR = ENVIRONMENT.data_dir
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = [host.strip() for host in ENVIRONMENT.allowed_hosts.split(",")]
VALKEY_URL = ENVIRONMENT.valkey_url or cache_address(DATA_DIR)
ELASTICSEARCH_URLS = [address.strip() for address in ENVIRONMENT.elasticsearch_url.split(",") if address.strip()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "django_htmx",
    "csp",
    "wagtail.users",
    "wagtail.admin",
    "wagtail.search",
    "wagtail",
    "django_filters",
    "modelcluster",
    "taggit",
    "portal.foundation",
    "portal.runtime",
    "portal.audit",
    "portal.numbers",
    "portal.calendar",
    "portal.outbox",
    "portal.accounts",
    "portal.organization",
    "portal.access",
    "portal.live",
    "portal.notifications",
    "portal.lists",
    "portal.imports",
    "portal.attachments",
    "portal.search",
    "portal.discussion",
    "portal.directory",
    "portal.pages",
    "portal.confirmations",
    "portal.approvals",
    *module_apps(),
    "portal.home",
    "portal.administration",
    "portal.backup",
    "portal.demo",
]

MIDDLEWARE = [
    "portal.runtime.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.audit.middleware.OriginMiddleware",
    "portal.accounts.middleware.PersonMiddleware",
    "portal.access.view_as.ViewAsMiddleware",
    "portal.live.middleware.CountsMiddleware",
    "portal.attachments.middleware.BodyLimitMiddleware",
    "portal.live.middleware.SocketMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.config.urls"
WSGI_APPLICATION = "portal.config.wsgi.application"
ASGI_APPLICATION = "portal.config.asgi.application"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "templates" / "forms"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "portal.foundation.frame.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portal.foundation.templatetags.foundation",
            ],
        },
    },
]

DATABASES = {"default": database_settings(ENVIRONMENT.database_url, DATA_DIR, pooler=ENVIRONMENT.database_pooler)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The default cache holds the counters of sign-in attempts, so it is in the database: limits hold when Valkey is gone.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_attempt_cache",
        "TIMEOUT": 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
}

COUNTS_SECONDS = ENVIRONMENT.counts_seconds

CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [VALKEY_URL]}},
}

CELERY_BROKER_URL = broker_address(VALKEY_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for a broker that is away, however long that takes
# Without max_retries, ringing for a worker waits six seconds for a broker that is down, within the request (D2).
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 5, "visibility_timeout": 3600}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = ENVIRONMENT.time_zone
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_TASK_DEFAULT_PRIORITY = 6  # of 0 to 9, where 0 is taken first: what people look at says so
CELERY_BEAT_SCHEDULER = "portal.runtime.beating:OneBeat"
CELERY_BEAT_SCHEDULE = {
    # Each second, so that what is due at a moment (an expiry) has happened within two. It may wait behind a task or two before it is of no use any more.
    "outbox": {"task": "portal.outbox.tasks.drain_outbox", "schedule": 1.0, "options": {"expires": 15}},
    "heartbeat": {"task": "portal.runtime.tasks.heartbeat", "schedule": 15.0, "options": {"expires": 15}},
    "standings": {"task": "portal.access.tasks.refresh_standings_of_the_day", "schedule": crontab(minute="0,1,11,31", hour="0-6")},
    "papers": {"task": "portal.approvals.tasks.move_stranded_papers", "schedule": crontab(minute="2,32", hour="0-7")},
    "search": {"task": "portal.search.tasks.follow_feed", "schedule": 10.0, "options": {"expires": 10}},
    "search_check": {"task": "portal.search.tasks.check_everything", "schedule": crontab(minute=40, hour=3)},
    "files": {"task": "portal.attachments.tasks.read_waiting_files", "schedule": 30.0, "options": {"expires": 30}},
    "old_files": {"task": "portal.attachments.tasks.sweep_old_files", "schedule": crontab(minute="15,45")},
    "checkpoint": {"task": "portal.audit.tasks.keep_checkpoint", "schedule": crontab(minute=5)},
    "old_notifications": {"task": "portal.notifications.tasks.forget_old_notifications", "schedule": crontab(minute=40, hour=3)},
    "backup": {"task": "portal.backup.tasks.back_up_nightly", "schedule": crontab(minute=15, hour=ENVIRONMENT.backup_hour), "options": {"expires": 4 * 3600}},
    "look_for_backup": {"task": "portal.backup.tasks.look_for_backup", "schedule": crontab(minute=30, hour=8)},
    "next_year": {"task": "portal.administration.tasks.look_for_next_year", "schedule": crontab(minute=20, hour=8, day_of_week=1)},
    "old_exports": {"task": "portal.lists.tasks.forget_old_exports", "schedule": crontab(minute=35, hour=4)},
    "old_forms": {"task": "portal.foundation.tasks.forget_old_forms", "schedule": crontab(minute=25, hour=4)},
    "old_sessions": {"task": "portal.accounts.tasks.clear_old_sessions", "schedule": crontab(minute=50, hour=3)},
} | module_schedule()

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.access.backends.StandingBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("employee_number", "name", "name_pinyin", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:home"

ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "employee_number"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.SignInForm",
    "reauthenticate": "portal.accounts.forms.ConfirmationForm",
    "change_password": "portal.accounts.forms.PasswordForm",
    "reset_password": "portal.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.NewPasswordForm",
}
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "30/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_REQUIRED = False
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
MFA_ADAPTER = "portal.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.CodeForm",
    "reauthenticate": "portal.accounts.forms.CodeConfirmationForm",
    "activate_totp": "portal.accounts.forms.AppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "portal.accounts.sessions"
SESSION_COOKIE_NAME = "gongfang_session"
SESSION_COOKIE_AGE = int(timedelta(hours=ENVIRONMENT.session_hours).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "gongfang_csrf"
CSRF_COOKIE_HTTPONLY = False
if ENVIRONMENT.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = (ENVIRONMENT.extranet_url if ENVIRONMENT.face == "extranet" else ENVIRONMENT.public_url).startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Where browsers open websockets: a path on the pages' own port behind a proxy, else the next port.
SOCKET_PATH = ENVIRONMENT.socket_url or "/live/"
SOCKET_PORT = 0 if ENVIRONMENT.socket_url else ENVIRONMENT.port + 1

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if ENVIRONMENT.email_url else "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
_mail = urlsplit(ENVIRONMENT.email_url)
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from
PUBLIC_URL = ENVIRONMENT.public_url.rstrip("/")
EXTRANET_URL = ENVIRONMENT.extranet_url.rstrip("/")
EXTRANET_PORT = ENVIRONMENT.extranet_port or ENVIRONMENT.port + 2
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# The editor: people sign in at the portal, and what they may do there follows from the organization (`portal.pages`).
WAGTAIL_SITE_NAME = ENVIRONMENT.plant_name
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
# The editor's search asks the tables: it finds a word in the middle of a Chinese title, and no save has to write an index.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database.fallback", "AUTO_UPDATE": False}}

# What may be fetched inside, see `portal.foundation.fetching`.
FETCH_INTERNAL = [entry.strip() for entry in ENVIRONMENT.fetch_internal.split(",") if entry.strip()]

LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
# What the portal says itself goes first, then what each module says, then what Wagtail's own Chinese leaves out.
LOCALE_PATHS = [BASE_DIR / "locale", *(BASE_DIR / "locale" / module for module in MODULES), BASE_DIR / "locale" / "editor"]
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "portal.foundation.assets.JoiningFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.foundation.assets.AssetStorage"},
    # Never under an address of its own: portal.attachments asks the right, and sends. The group may read, for a proxy that sends.
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
    },
    # For a few days, for whoever asked for them; where several nodes serve, on a disk that they share.
    "exports": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "exports"}},
    "renditions": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "renditions"}},
}
MEDIA_ROOT = DATA_DIR / "media"

FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a paper of 500 lines
DATA_UPLOAD_MAX_MEMORY_SIZE = 26 * 2**20  # a text that is too long is told so at its field; nobody who is not signed in sends that much

# To standard error, which `manage.py serve` keeps in DATA_DIR/log and systemd in its journal. No personal content is logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}

if ENVIRONMENT.face == "extranet":
    INSTALLED_APPS[INSTALLED_APPS.index("allauth.account")] = "portal.config.extranet_apps.AccountTables"
    globals().update(extranet_settings(BASE_DIR))
