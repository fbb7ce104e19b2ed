"""Traffic that no tool makes: a sink, a beacon, a worm, a collective start, scrapers, retries. Bounded in count."""
import asyncio
import random
import sys
import time

TIMEOUT_S = 2.0


async def call(host, port, send=b'', receive=0, local=None, linger=0.0):
    """One conversation; True when it was accepted."""
    try:
        reader, writer = await asyncio.wait_for(
            asyncio.open_connection(host, port, local_addr=(local, 0) if local else None), TIMEOUT_S)
    except (OSError, asyncio.TimeoutError):
        return False
    try:
        if send:
            writer.write(send)
            await asyncio.wait_for(writer.drain(), TIMEOUT_S * 5)
        while receive > 0:
            data = await asyncio.wait_for(reader.read(65536), TIMEOUT_S)
            if not data:
                break
            receive -= len(data)
        if linger:
            await asyncio.sleep(linger)
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        writer.close()
    return True


async def sink(ports):
    """Take whatever comes; answer 200 octets to each first read."""
    async def serve(reader, writer):
        try:
            first = True
            while data := await reader.read(262144):
                if first and not data.startswith(b'PUT'):
                    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 120\r\nConnection: close\r\n\r\n' + b'x' * 120)
                first = False
        except OSError:
            pass
        writer.close()
    servers = [await asyncio.start_server(serve, None, int(port), backlog=1024) for port in ports]
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def beacon(host, port, period, jitter, calls):
    period, jitter = float(period), float(jitter)
    for _ in range(int(calls)):
        begin = time.monotonic()
        await call(host, int(port), b'GET /status HTTP/1.1\r\n\r\n', 100)
        await asyncio.sleep(max(0, period * random.uniform(1 - jitter, 1 + jitter) - (time.monotonic() - begin)))


async def fan(port, pause, send, *hosts):
    """One call after the other, to each host."""
    for host in hosts:
        await call(host, int(port), b'x' * int(send), 1 if int(send) else 0)
        await asyncio.sleep(float(pause))


async def burst(rounds, pause, port, send, *hosts):
    """All hosts at once, so many rounds: a collective start, a scraper, a health check."""
    for _ in range(int(rounds)):
        await asyncio.gather(*(call(host, int(port), b'GET /metrics HTTP/1.1\r\n\r\n' * (int(send) > 0), int(send))
                               for host in hosts))
        await asyncio.sleep(float(pause))


async def retry(host, port, clients, seconds, base):
    """Clients that want one service back: exponential pauses with jitter."""
    end = time.monotonic() + float(seconds)

    async def one(local):
        pause = 0.2
        while time.monotonic() < end:
            if await call(host, int(port), b'GET / HTTP/1.0\r\n\r\n', 1, local):
                pause = 0.2
            pause = min(3, pause * 2)
            await asyncio.sleep(random.uniform(pause / 2, pause))
    await asyncio.gather(*(one('%s.%d' % (base, 1 + i % 60)) for i in range(int(clients))))


async def names(server, count, pause, domain, local=None):
    """Look-ups by UDP, each of its own socket and name."""
    loop = asyncio.get_running_loop()
    for i in range(int(count)):
        name = '%s%d.%s' % (random.choice(['www', 'api', 'cdn', 'img', 'mail']), i % 37, domain)
        question = b''.join(bytes([len(p)]) + p.encode() for p in name.split('.')) + b'\0\0\1\0\1'
        transport, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, remote_addr=(server, 53), local_addr=(local, 0) if local else None)
        transport.sendto(random.randbytes(2) + b'\1\0\0\1\0\0\0\0\0\0' + question)
        await asyncio.sleep(float(pause))
        transport.close()


async def stream(host, port, count, pause, length):
    """Datagrams of one socket: syslog, voice."""
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=(host, int(port)))
    for _ in range(int(count)):
        transport.sendto(b'x' * int(length))
        await asyncio.sleep(float(pause))


async def eyeballs(v6, v4, port, count, pause):
    """RFC 8305: the dead family first, the other 250 ms later."""
    for _ in range(int(count)):
        first = asyncio.ensure_future(call(v6, int(port)))
        await asyncio.sleep(0.25)
        await call(v4, int(port), b'GET / HTTP/1.0\r\n\r\n', 100)
        first.cancel()
        await asyncio.sleep(float(pause))


async def peers(port, degree, rounds, me, *hosts):
    """Everybody with everybody on ports that each picks anew: what a collective library does at its start."""
    for r in range(int(rounds)):
        await asyncio.gather(*(call(h, int(port) + (i * 7 + r) % int(degree), b'x' * 4000, 0, me)
                               for i, h in enumerate(hosts)))


async def listen(port, degree):
    """The other side of peers: takes what comes on many ports."""
    async def serve(reader, writer):
        while await reader.read(65536):
            pass
        writer.close()
    await asyncio.gather(*[(await asyncio.start_server(serve, None, int(port) + i, backlog=512)).serve_forever()
                           for i in range(int(degree))])


COMMANDS = {f.__name__: f for f in (beacon, fan, burst, retry, names, stream, eyeballs, peers, listen)}

if __name__ == '__main__':
    if sys.argv[1] == 'sink':
        asyncio.run(sink(sys.argv[2:]))
    else:
        asyncio.run(COMMANDS[sys.argv[1]](*sys.argv[2:]))
