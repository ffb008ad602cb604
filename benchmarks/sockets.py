"""`python -m benchmarks.sockets PORT`: open a socket for each person of the JSON on standard input, and tell when each was rung."""

import asyncio
import json
import sys
import time

from websockets.asyncio.client import connect

AT_ONCE = 50
PATIENCE = 60.0


async def main(port: int) -> None:
    cookies: dict[str, str] = json.loads(sys.stdin.readline())
    slots = asyncio.Semaphore(AT_ONCE)
    everyone_listens = asyncio.Barrier(len(cookies) + 1)
    rung: list[float] = []
    begun = time.time()
    pages = [asyncio.create_task(_page(port, topic, cookie, slots, everyone_listens, rung)) for topic, cookie in cookies.items()]
    await everyone_listens.wait()
    print(json.dumps({"open": len(cookies), "seconds": time.time() - begun}), flush=True)
    await asyncio.wait(pages, timeout=PATIENCE)
    print(json.dumps({"count": len(rung), "first": min(rung, default=0), "last": max(rung, default=0)}), flush=True)


async def _page(port: int, topic: str, cookie: str, slots: asyncio.Semaphore, everyone_listens: asyncio.Barrier, rung: list[float]) -> None:
    async with slots:
        socket = await connect(
            f"ws://127.0.0.1:{port + 1}/live/",
            origin=f"http://127.0.0.1:{port}",
            additional_headers={"Cookie": cookie},
            open_timeout=PATIENCE,
            ping_interval=None,
        )
        await socket.send(json.dumps({"listen": [topic]}))
        assert json.loads(await socket.recv())["listening"] == [topic]
    await everyone_listens.wait()
    if json.loads(await socket.recv())["topic"] == topic:
        rung.append(time.time())
    socket.transport.abort()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
