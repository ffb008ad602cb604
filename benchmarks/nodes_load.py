"""`python -m benchmarks.nodes_load PORTS SECONDS COOKIE`: ask several nodes in turn; JSON on standard output.

With a cookie for the board, without one by signing in; numbers of people who may come on standard input.
"""

import itertools
import json
import statistics
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

CONNECTIONS = 8
PASSWORD, TOKEN = "gongfang-2026", "n" * 32
_turn = itertools.count()


def main(ports: list[int], seconds: float, cookie: str, people: list[str]) -> None:
    times: list[float] = []
    failed: list[int] = []
    begun = time.perf_counter()
    threads = [
        threading.Thread(target=_ask, args=(ports[number % len(ports)], begun + seconds, cookie, people, times, failed)) for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    p95 = statistics.quantiles(times, n=20)[-1] * 1000 if len(times) > 1 else 0
    print(json.dumps({"per_second": len(times) / took, "p95_ms": p95, "failed": len(failed)}))


def _ask(port: int, until: float, cookie: str, people: list[str], times: list[float], failed: list[int]) -> None:
    client = HTTPConnection("127.0.0.1", port, timeout=15)
    while (begun := time.perf_counter()) < until:
        try:
            if cookie:
                client.request("GET", "/bulletin/", headers={"Cookie": cookie, "Accept-Encoding": "identity"})
            else:
                _sign_in(client, people)
            answer = client.getresponse()
            answer.read()
            if answer.status == (200 if cookie else 302):
                times.append(time.perf_counter() - begun)
            else:
                failed.append(answer.status)
        except (OSError, HTTPException):
            failed.append(0)
            client.close()
    client.close()


def _sign_in(client: HTTPConnection, people: list[str]) -> None:
    """Each from an address of its own, as behind a proxy: an address has its limit."""
    turn = next(_turn)
    body = urlencode({"login": people[turn % len(people)], "password": PASSWORD, "csrfmiddlewaretoken": TOKEN})
    headers = {"Cookie": f"gongfang_csrf={TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}
    client.request("POST", "/accounts/sign-in/", body, headers | {"X-Forwarded-For": f"10.{turn >> 16 & 255}.{turn >> 8 & 255}.{turn & 255}"})


if __name__ == "__main__":
    main([int(port) for port in sys.argv[1].split(",")], float(sys.argv[2]), sys.argv[3], sys.stdin.read().split())
