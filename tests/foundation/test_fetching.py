"""Whatever fetches an address reaches the public web and nothing inside, within time and memory (S24)."""

import datetime
import threading
import time
import tracemalloc
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.foundation.fetching import Fetched, FetchError, Reason, fetch, is_outside, read_address, read_outside_address
from tests.foundation.web import Server, running_site


@pytest.fixture
def site(settings: Any) -> Iterator[Server]:
    """Allowed by the setting, as a mirror inside a plant would be."""
    settings.FETCH_INTERNAL = ["127.0.0.1/32"]
    with running_site() as server:
        yield server


def get(address: str, **changes: Any) -> Fetched:
    return fetch(address, **({"greatest_size": 1 << 20, "timeout": 5} | changes))


def refusal(address: str, **changes: Any) -> Reason:
    with pytest.raises(FetchError) as refused:
        get(address, **changes)
    assert str(refused.value)
    return refused.value.reason


def test_what_is_at_an_address_is_fetched_without_telling_who_asks(site: Server) -> None:
    found = get(f"{site.address}/plain")
    assert (found.content, found.content_type, found.entity_tag) == (b"news", "text/plain", '"1"')
    [(_path, headers)] = site.seen
    assert set(headers) == {"Host", "Accept", "Accept-Encoding", "User-Agent", "Connection"}
    assert get(f"{site.address}/packed").content.decode() == "新闻"


def test_what_did_not_change_is_not_sent_again(site: Server) -> None:
    found = get(f"{site.address}/plain", entity_tag='"1"')
    assert (found.is_unchanged, found.content) == (True, b"")
    assert get(f"{site.address}/plain", entity_tag='"1"\r\nX-Evil: 1').content == b"news"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://198.18.0.1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[ff02::1]/",
        "http://[2001:db8::1]/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/",
    ],
)
def test_inside_is_not_reached_however_it_is_written(address: str) -> None:
    assert refusal(address) is Reason.INSIDE


@pytest.mark.parametrize(
    "address",
    [
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.01/",
        "http://user@127.0.0.1/",
        "http://tobacco.gov.cn@127.0.0.1/",
        "http://tobacco.gov.cn:x@a.cn/",
        "http://a.cn\\@127.0.0.1/",
        "http://a.cn:0/",
        "http://a.cn:25/",
        "http://a.cn:99999/",
        "http://a.cn:x/",
        "http://a..cn/",
        "http://-a.cn/",
        "http://[fe80::1%25lo]/",
        "http://[::1/",
        "http:///a",
        "http://",
        "//a.cn/",
        "a.cn",
        "",
        "ftp://a.cn/",
        "file:///etc/passwd",
        "gopher://a.cn/",
        "javascript:alert(1)",
        "data:text/plain,a",
        "http://a.cn/\r\nX: y",
        "http://a.cn/ b",
        "http://a.cn/\x00",
        "http://" + "a" * 64 + ".cn/",
        "http://a.cn/" + "a" * 2000,
    ],
)
def test_what_is_no_plain_address_of_the_web_is_refused(address: str) -> None:
    assert refusal(address) is Reason.ADDRESS


def test_plain_addresses_are_read_and_written_as_they_are_sent() -> None:
    assert read_address("HTTPS://新华网.cn/要闻?词=烟草#x").address == "https://xn--xkrr14bows.cn/%E8%A6%81%E9%97%BB?%E8%AF%8D=%E7%83%9F%E8%8D%89"
    assert read_address("http://a.cn:8080").address == "http://a.cn:8080/"
    assert read_address("http://[2400:3200::1]/a%20b?c=d").address == "http://[2400:3200::1]/a%20b?c=d"


@pytest.mark.parametrize("address", ["114.114.114.114", "223.5.5.5", "8.8.8.8", "2400:3200::1", "2606:4700::1111"])
def test_the_public_internet_is_outside(address: str) -> None:
    assert is_outside(address)


def test_nothing_that_the_standard_library_calls_private_is_outside() -> None:
    for number in range(0, 2**32, 2**16 - 17):
        address = ip_address(number)
        if not address.is_global or address.is_multicast:
            assert not is_outside(str(address))


def test_a_name_for_an_internal_address_is_refused_also_beside_a_public_one() -> None:
    for found in (["169.254.169.254"], ["223.5.5.5", "10.0.0.1"], ["::ffff:10.0.0.1"], ["fe80::1%eth0"], ["nonsense"]):
        assert refusal("http://news.tobacco.test/", resolver=lambda host, port, found=found: found) is Reason.INSIDE


def test_a_name_is_resolved_once_and_the_address_that_was_judged_is_the_one_that_is_asked(site: Server, settings: Any) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    found = get(f"http://mirror.test:{site.server_port}/plain", resolver=lambda host, port: next(answers))
    assert found.content == b"news"
    assert site.seen[0][1]["Host"] == f"mirror.test:{site.server_port}"
    assert next(answers) == ["10.0.0.1"], "asked once"


def test_a_redirect_is_judged_anew(site: Server, settings: Any) -> None:
    assert get(f"{site.address}/to//plain").content == b"news"
    for onward in ("http://169.254.169.254/", "http://127.0.0.2/", "//10.0.0.1/"):
        assert refusal(f"{site.address}/to/{onward}") is Reason.INSIDE, onward
    for onward in ("file:///etc/passwd", "http://a@127.0.0.1/", "http://2130706433/"):
        assert refusal(f"{site.address}/to/{onward}") is Reason.ADDRESS, onward
    names = {"mirror.test": ["127.0.0.1"], "metadata.test": ["169.254.169.254"]}
    by_name = f"http://mirror.test:{site.server_port}/to/http://metadata.test/latest/"
    assert refusal(by_name, resolver=lambda host, port: names[host]) is Reason.INSIDE


def test_a_redirect_carries_no_cookie_and_no_more_than_five_are_followed(site: Server) -> None:
    assert refusal(f"{site.address}/again/1") is Reason.REDIRECTS
    assert [path for path, _headers in site.seen] == [f"/again/{number}" for number in range(1, 7)]
    assert not any("Cookie" in headers for _path, headers in site.seen)


def test_without_the_setting_the_same_server_is_inside(site: Server, settings: Any) -> None:
    settings.FETCH_INTERNAL = []
    assert refusal(f"{site.address}/plain") is Reason.INSIDE
    settings.FETCH_INTERNAL = ["localhost", "10.0.0.0/8"]
    assert refusal(f"{site.address}/plain") is Reason.INSIDE
    assert get(f"http://localhost:{site.server_port}/plain").content == b"news"


def test_size_is_limited_as_announced_as_sent_and_as_unpacked(site: Server) -> None:
    assert len(get(f"{site.address}/greatest", greatest_size=1000).content) == 1000
    for path in ("/greatest", "/announced", "/endless"):
        assert refusal(f"{site.address}{path}", greatest_size=999) is Reason.SIZE, path
    tracemalloc.start()
    assert refusal(f"{site.address}/bomb") is Reason.SIZE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


@pytest.mark.parametrize("path", ["/drip", "/drip-head"])
def test_a_server_that_sends_a_byte_now_and_then_is_cut_off_in_time(site: Server, path: str) -> None:
    started = time.monotonic()
    assert refusal(f"{site.address}{path}", timeout=0.6) is Reason.TIME
    assert time.monotonic() - started < 15


def test_a_name_that_nobody_answers_for_is_given_up_in_time(site: Server) -> None:
    waiting = threading.Event()

    def never(host: str, port: int) -> list[str]:
        waiting.wait(20)
        return []

    started = time.monotonic()
    assert refusal("http://slow.test/", timeout=0.3, resolver=never) is Reason.TIME
    assert time.monotonic() - started < 15
    waiting.set()


def test_each_other_failure_has_its_sentence(site: Server) -> None:
    assert refusal(f"{site.address}/forbidden") is Reason.STATUS
    assert refusal(f"{site.address}/cut") is Reason.UNREACHABLE
    assert refusal("http://nowhere.invalid/") is Reason.UNREACHABLE
    assert refusal("http://127.0.0.1:1025/") is Reason.UNREACHABLE


def test_certificates_are_checked_against_the_name_though_the_address_is_asked(tmp_path: Path, settings: Any) -> None:
    settings.FETCH_INTERNAL = ["127.0.0.1/32"]
    certificate = make_certificate(tmp_path, "mirror.test")
    with running_site(certificate) as site:
        trusted = {"authorities": str(certificate), "resolver": lambda host, port: ["127.0.0.1"]}
        assert get(f"https://mirror.test:{site.server_port}/plain", **trusted).content == b"news"
        assert refusal(f"https://other.test:{site.server_port}/plain", **trusted) is Reason.CERTIFICATE
        assert refusal(f"https://mirror.test:{site.server_port}/plain", resolver=trusted["resolver"]) is Reason.CERTIFICATE


def make_certificate(folder: Path, name: str) -> Path:
    """A certificate that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return file


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/x.xml", "http://localhost:8000/", "http://10.1.2.3/", "http://[::1]/", "https://169.254.169.254/latest/"]
)
def test_what_is_entered_and_leads_inside_is_refused_at_once_without_asking_for_names(settings, address: str) -> None:
    settings.FETCH_INTERNAL = []
    with pytest.raises(FetchError) as refused:
        read_outside_address(address)
    assert refused.value.reason == Reason.INSIDE
    settings.FETCH_INTERNAL = ["127.0.0.0/8", "10.1.2.3", "::1", "169.254.169.254"]
    assert read_outside_address(address).address
    assert read_outside_address("https://www.tobacco.gov.cn/news.xml").host == "www.tobacco.gov.cn"
