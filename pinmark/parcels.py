"""``GET`` and ``PUT /parcels/…``: where pods fetch what they work on and leave what they made."""

from pathlib import Path
from tempfile import TemporaryDirectory

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from pinmark.declared import Public
from pinmark.server_state import server_of
from pinmark.settings import Settings
from services.parcels import NoPermit, Parcels
from services.sandbox import GIB

LARGEST = 4 * GIB
WHY = "A pod has no token; it shows a permit for this very file, made by a server."


def parcel_routes(settings: Settings) -> list[BaseRoute]:
    """None where nothing runs in pods."""
    if "kubernetes" not in {settings.builder, settings.runtime}:
        return []
    return [Public("/parcels/{path:path}", _parcel, methods=["GET", "PUT"], why=WHY)]


async def _parcel(request: Request) -> Response:
    parcels = server_of(request).installation.parcels
    path: str = request.path_params["path"]
    method = "GET" if request.method == "HEAD" else request.method
    try:
        parcels.check(method, path, request.headers.get("authorization", ""))
    except NoPermit:
        return Response(status_code=403)
    if method == "PUT":
        return await _receive(request, parcels, path)
    try:
        return StreamingResponse(
            await parcels.store.stream(path), media_type="application/octet-stream"
        )
    except FileNotFoundError:
        return Response(status_code=404)


async def _receive(request: Request, parcels: Parcels, path: str) -> Response:
    size = 0
    with TemporaryDirectory(prefix="pinmark-parcel-") as directory:
        received = Path(directory) / "parcel"
        with received.open("wb") as file:
            try:
                async for chunk in request.stream():
                    size += len(chunk)
                    if size > LARGEST:
                        return Response(status_code=413)
                    await to_thread.run_sync(file.write, chunk)
            except ClientDisconnect:
                return Response(status_code=400)
        await parcels.store.put(path, received)
    return Response(status_code=204)
