"""`python -m benchmarks.load PORT PATH COOKIE CONNECTIONS SECONDS`: ask for a page over kept connections; JSON on standard output."""

import json
import statistics
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException


def main(port: int, path: str, cookie: str, connections: int, seconds: float) -> None:
    times: list[float] = []
    failed: list[int] = []
    begun = time.perf_counter()
    until = begun + seconds
    threads = [threading.Thread(target=_ask, args=(port, path, cookie, until, times, failed)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    print(
        json.dumps(
            {
                "per_second": round(len(times) / took, 1),
                "requests": len(times),
                "failed": len(failed),
                "median_ms": round(statistics.median(times) * 1000, 1) if times else 0,
                "worst_ms": round(max(times, default=0) * 1000, 1),
            }
        )
    )


def _ask(port: int, path: str, cookie: str, until: float, times: list[float], failed: list[int]) -> None:
    client = HTTPConnection("127.0.0.1", port, timeout=15)
    while (begun := time.perf_counter()) < until:
        try:
            client.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "identity"})
            answer = client.getresponse()
            answer.read()
            if answer.status == 200:
                times.append(time.perf_counter() - begun)
            else:
                failed.append(answer.status)
        except (OSError, HTTPException):
            failed.append(0)
            client.close()
    client.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
