"""A load of mail: `python -m benchmarks.smtp_load PORT ADDRESS CONNECTIONS EACH BYTES` sends and prints how long it took."""

import smtplib
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def main(port: int, address: str, connections: int, each: int, size: int) -> None:
    def send(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=120) as client:
            for turn in range(each):
                head = f"Subject: {turn}\r\nMessage-ID: <{number}.{turn}.{time.time()}@load.example>\r\n\r\n".encode()
                client.sendmail("a@load.example", [address], head + (b"x" * 70 + b"\r\n") * (size // 72))

    begun = time.monotonic()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(send, range(connections)))
    print(time.monotonic() - begun)


if __name__ == "__main__":
    port, address, *numbers = sys.argv[1:]
    main(int(port), address, *map(int, numbers))
