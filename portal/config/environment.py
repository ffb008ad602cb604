"""Every setting of the portal: an environment variable with a type, a default and a sentence.

An unknown `PORTAL_...` variable or a malformed value stops the start with a sentence that names it (`SettingError`).
The table in docs/operators.md is printed from here by `manage.py settings_table`.
"""

import difflib
import os
import re
import ssl
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent.parent
ELASTICSEARCH_ADDRESS = re.compile(r"https?://([^\s/@:,]+:[^\s/@,]*@)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}(/[^\s?#,]*)?")
# Names and passwords: what stands between the first :// and the last @, whatever signs they have.
CREDENTIALS = re.compile(r"(?<=://).*@", re.DOTALL)


class SettingError(Exception):
    """A setting that cannot be used; the text is one sentence for the operator."""


class Environment(BaseSettings):
    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: str = Field("", alias="DATABASE_URL", description="PostgreSQL for the application's role; empty: an embedded one in the data directory")
    database_owner_url: str = Field(
        "", alias="DATABASE_OWNER_URL", description="PostgreSQL for the role that owns the tables, used by migrations; empty: DATABASE_URL"
    )
    database_pooler: Literal["", "prepared", "plain"] = Field(
        "",
        alias="PORTAL_DATABASE_POOLER",
        description="what stands before PostgreSQL in transaction mode: prepared for pgBouncer 1.21 or newer with max_prepared_statements, "
        "plain for an older one; empty: nothing",
    )
    valkey_url: str = Field("", alias="VALKEY_URL", description="Valkey or Redis; empty: an embedded one in the data directory")
    elasticsearch_url: str = Field(
        "",
        alias="ELASTICSEARCH_URL",
        description="Elasticsearch 8.19 or 9 for the search of several machines, https://user:password@host:9200, several addresses of one cluster by commas; "
        "empty: an index in the data directory",
    )
    elasticsearch_ca: str = Field(
        "", alias="ELASTICSEARCH_CA", description="the file of the certificate authority that signs for Elasticsearch; empty: those that the machine trusts"
    )
    port: int = Field(8000, alias="PORT", ge=1, le=65533, description="the port of the pages; sockets take the next one")
    extranet_port: int = Field(0, alias="EXTRANET_PORT", ge=0, le=65535, description="the port of the customers' site; 0: two above PORT")
    face: Literal["intranet", "extranet"] = Field("intranet", alias="PORTAL_FACE", description="which of the two sites this process serves")
    host: str = Field("127.0.0.1", alias="PORTAL_HOST", description="the address to listen on; 0.0.0.0 for the whole LAN")
    data_dir: Path = Field(ROOT / "var", alias="PORTAL_DATA_DIR", description="where data, files, logs and keys are kept")
    debug: bool = Field(False, alias="PORTAL_DEBUG", description="pages for developers: tracebacks, the style guide; never in a plant")
    secret_key: str = Field(
        "", alias="PORTAL_SECRET_KEY", description="signs sessions and the record's checkpoints; empty: made once and kept in the data directory"
    )
    allowed_hosts: str = Field("*", alias="PORTAL_ALLOWED_HOSTS", description="names under which the site may be called, separated by commas")
    trusted_proxies: int = Field(
        0, alias="PORTAL_TRUSTED_PROXIES", ge=0, le=5, description="how many proxies in front may be believed about the client's address and https"
    )
    socket_url: str = Field(
        "", alias="PORTAL_SOCKET_URL", description="the path of websockets on the pages' own port, /live/ behind the proxy of deploy/; empty: the next port"
    )
    public_url: str = Field(
        "",
        alias="PORTAL_PUBLIC_URL",
        pattern=r"^(https?://[^/\s]+/?)?$",
        description="the address that people type, e.g. https://portal.plant.cn; needed for links in mail",
    )
    extranet_url: str = Field(
        "",
        alias="PORTAL_EXTRANET_URL",
        pattern=r"^(https?://[^/\s]+/?)?$",
        description="the address that customers type, e.g. https://order.plant.cn; stands in invitations; empty: the host of the portal with EXTRANET_PORT",
    )
    plant_name: str = Field("金叶卷烟厂", alias="PORTAL_PLANT_NAME", description="the plant's name in the frame")
    plant_name_en: str = Field("Goldleaf Cigarette Factory", alias="PORTAL_PLANT_NAME_EN", description="the plant's name in English")
    plant_mark: str = Field("叶", alias="PORTAL_PLANT_MARK", max_length=2, description="one or two characters drawn as the plant's mark")
    time_zone: str = Field("Asia/Shanghai", alias="PORTAL_TIME_ZONE", description="the plant's time zone")
    language: Literal["zh-hans", "en"] = Field("zh-hans", alias="PORTAL_LANGUAGE", description="the language before a person has chosen")
    email_url: str = Field(
        "",
        alias="PORTAL_EMAIL_URL",
        description="smtp://, smtp+tls:// or smtps:// user:password@host:port for password resets; empty: mail is written to the data directory",
    )
    mail_domain: str = Field("plant.local", alias="PORTAL_MAIL_DOMAIN", description="what stands behind the @ in the addresses of the plant's own mailboxes")
    mail_listen: str = Field(
        "",
        alias="PORTAL_MAIL_LISTEN",
        description="host:port on which mail from outside is taken in, 0.0.0.0:25 or 127.0.0.1:2525 behind a Postfix; empty: none comes in",
    )
    mail_smarthost: str = Field(
        "",
        alias="PORTAL_MAIL_SMARTHOST",
        description="smtp://, smtp+tls:// or smtps:// user:password@host:port of the server that carries mail to the internet; empty: none goes out",
    )
    mail_greatest_mb: int = Field(25, alias="PORTAL_MAIL_GREATEST_MB", ge=1, le=200, description="the most that one message from outside or to it may have")
    mail_devices: str = Field(
        "",
        alias="PORTAL_MAIL_DEVICES",
        description="hosts of the plant (scanners, ERP) that may send with its own addresses, to inside only: addresses and networks, separated by commas",
    )
    mail_certificate: str = Field(
        "", alias="PORTAL_MAIL_CERTIFICATE", description="the file with certificate and key (PEM) for STARTTLS of what comes in; empty: without"
    )
    mail_dkim_key: str = Field("", alias="PORTAL_MAIL_DKIM_KEY", description="the file of the private key (PEM, RSA) that signs what goes out; empty: unsigned")
    mail_dkim_selector: str = Field(
        "portal", alias="PORTAL_MAIL_DKIM_SELECTOR", pattern=r"^[A-Za-z0-9-]{1,60}$", description="the selector under which its public key stands in the DNS"
    )
    email_from: str = Field("portal@localhost", alias="PORTAL_EMAIL_FROM", description="the sender of the portal's own mail")
    web_workers: int = Field(2, alias="PORTAL_WEB_WORKERS", ge=1, le=64, description="processes that serve pages")
    worker_processes: int = Field(2, alias="PORTAL_WORKER_PROCESSES", ge=1, le=64, description="processes that do work in the background")
    beat: bool = Field(True, alias="PORTAL_BEAT", description="whether serve starts a beat; of those of several machines one works at a time")
    session_hours: int = Field(12, alias="PORTAL_SESSION_HOURS", ge=1, le=24 * 90, description="how long a sign-in lasts")
    shared_session_minutes: int = Field(
        15, alias="PORTAL_SHARED_SESSION_MINUTES", ge=1, le=240, description="how long a sign-in on a shared machine lasts without use"
    )
    greatest_file_mb: int = Field(2_048, alias="PORTAL_GREATEST_FILE_MB", ge=1, le=1_000_000, description="the most that one uploaded file may have")
    files_refused: str = Field(
        "program", alias="PORTAL_FILES_REFUSED", description="kinds (program, archive, video, …) or extensions that are not taken, separated by commas"
    )
    files_allowed: str = Field(
        "", alias="PORTAL_FILES_ALLOWED", description="the only kinds or extensions that are taken, separated by commas; empty: all others"
    )
    loose_files_mb: int = Field(5_000, alias="PORTAL_LOOSE_FILES_MB", ge=1, description="how much of what hangs on nothing yet one person may have uploaded")
    loose_files_hours: int = Field(24, alias="PORTAL_LOOSE_FILES_HOURS", ge=1, le=24 * 30, description="after how many hours that is cleared away")
    files_sent_by: Literal["portal", "nginx", "sendfile"] = Field(
        "portal", alias="PORTAL_FILES_SENT_BY", description="who sends the content of files: the portal, nginx (X-Accel-Redirect) or another proxy (X-Sendfile)"
    )
    clamd: str = Field("", alias="CLAMD", description="ClamAV's clamd, host:port or the path of its socket; empty: files are not checked for viruses")
    fetch_internal: str = Field(
        "",
        alias="PORTAL_FETCH_INTERNAL",
        description="hosts and networks inside the plant that may be fetched from (a mirror of news), separated by commas, e.g. mirror.plant.cn,10.2.0.0/16",
    )
    news_minutes: int = Field(30, alias="PORTAL_NEWS_MINUTES", ge=5, le=1440, description="how often feeds of news are read, in minutes")
    backup_dir: str = Field(
        "", alias="PORTAL_BACKUP_DIR", description="where a backup is made each night, best on another machine's disk; empty: none is made by itself"
    )
    backup_hour: int = Field(2, alias="PORTAL_BACKUP_HOUR", ge=0, le=23, description="the hour of that backup, in the plant's time")
    backup_keep: str = Field(
        "7,4,12", alias="PORTAL_BACKUP_KEEP", pattern=r"^\d{1,4},\d{1,4},\d{1,4}$", description="for how many days, weeks and months one backup each is kept"
    )
    search_index: str = Field(
        "gongfang",
        alias="PORTAL_SEARCH_INDEX",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="how the names of this portal's indexes in Elasticsearch begin; another for each portal on a cluster",
    )
    search_replicas: int = Field(
        0,
        alias="PORTAL_SEARCH_REPLICAS",
        ge=0,
        le=5,
        description="copies of an index in Elasticsearch beside the first; 1 where the cluster has several nodes",
    )
    counts_seconds: int = Field(
        30,
        alias="PORTAL_COUNTS_SECONDS",
        ge=0,
        le=300,
        description="for how long the numbers in the frame (unread, waiting) are kept in Valkey where nothing is known to have moved them; 0: not at all",
    )
    minimum_free_disk_mb: int = Field(200, alias="PORTAL_MINIMUM_FREE_DISK_MB", ge=0, description="below this the start is refused and /readyz says so")

    @field_validator("time_zone")
    @classmethod
    def _time_zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("is not a time zone such as Asia/Shanghai") from error
        return value

    @field_validator("mail_listen")
    @classmethod
    def _listens_somewhere(cls, value: str) -> str:
        host, _colon, port = value.rpartition(":")
        if value and not (host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError("must be host:port, such as 127.0.0.1:2525")
        return value

    @field_validator("mail_smarthost")
    @classmethod
    def _smarthost_has_scheme(cls, value: str) -> str:
        if value and not re.fullmatch(r"(smtp|smtp\+tls|smtps)://(.+@)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?/?", value):
            raise ValueError("must be smtp://, smtp+tls:// or smtps:// and a host; signs in a password are written %40, %2F, …")
        return value

    @field_validator("mail_devices")
    @classmethod
    def _networks(cls, value: str) -> str:
        for entry in filter(None, (part.strip() for part in value.split(","))):
            try:
                ip_network(entry)
            except ValueError as error:
                raise ValueError("holds what is neither an address nor a network such as 10.2.0.0/16") from error
        return value

    @field_validator("mail_certificate")
    @classmethod
    def _has_certificate_and_key(cls, value: str) -> str:
        if value:
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(value)
            except OSError as error:
                raise ValueError("is not a file with a certificate and its key") from error
        return value

    @field_validator("mail_dkim_key")
    @classmethod
    def _is_private_key(cls, value: str) -> str:
        if value:
            try:
                is_key = b"PRIVATE KEY-----" in Path(value).read_bytes()
            except OSError as error:
                raise ValueError("cannot be read") from error
            if not is_key:
                raise ValueError("is not a private key in PEM")
        return value

    @field_validator("fetch_internal")
    @classmethod
    def _hosts_and_networks(cls, value: str) -> str:
        for entry in value.split(","):
            if "/" in entry or not re.fullmatch(r"\s*[A-Za-z0-9.-]*\s*", entry):
                try:
                    ip_network(entry.strip())
                except ValueError as error:
                    raise ValueError("holds neither the name of a host nor a network such as 10.2.0.0/16") from error
        return value

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _database_is_postgresql(cls, value: str) -> str:
        if value and not value.startswith(("postgres://", "postgresql://")):
            raise ValueError("must begin with postgresql://, the only database that is supported")
        return value

    @field_validator("clamd")
    @classmethod
    def _clamd_is_address(cls, value: str) -> str:
        if value and not value.startswith("/") and not value.rpartition(":")[2].isdecimal():
            raise ValueError("must be host:port or the path of a socket")
        return value

    @field_validator("elasticsearch_url")
    @classmethod
    def _elasticsearch_is_addresses(cls, value: str) -> str:
        for address in filter(None, (part.strip() for part in value.split(","))):
            if not ELASTICSEARCH_ADDRESS.fullmatch(address):
                raise ValueError("must be addresses with host and port, such as https://search.plant.cn:9200; signs in a password are written %2C, %40, …")
        return value

    @field_validator("elasticsearch_ca")
    @classmethod
    def _certificate_exists(cls, value: str) -> str:
        try:
            ssl.create_default_context(cafile=value or None)
        except OSError as error:  # a wrong certificate is one too
            raise ValueError("is not a file with a certificate in it") from error
        return value

    @field_validator("valkey_url")
    @classmethod
    def _valkey_has_scheme(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "valkey://", "unix://")):
            raise ValueError("must begin with redis://, rediss://, valkey:// or unix://")
        return value.replace("valkey://", "redis://", 1)


def read_environment() -> Environment:
    """Read and check the environment. Raises SettingError with one sentence for the first thing that is wrong."""
    known = {str(field.alias): field for field in Environment.model_fields.values()}
    for name in sorted(os.environ):
        if name.startswith("PORTAL_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; docs/operators.md lists all settings."
            raise SettingError(f"The setting {name} is not known{hint}")
    try:
        return Environment()  # type: ignore[call-arg]  # the values come from the environment
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        reason = first["msg"].removeprefix("Value error, ")
        value = CREDENTIALS.sub("***@", os.environ.get(name, ""))
        raise SettingError(f"The setting {name}={value!r} cannot be used: {reason}. It should be: {known[name].description}.") from error
