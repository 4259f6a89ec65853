"""Logs: one line an event on standard error, readable on a terminal and JSON elsewhere."""

import logging
import sys
import threading
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from pinmark.log_lines import as_json, printable


def configure_logs() -> None:
    """Send our events, the libraries' warnings and what nobody caught the same way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering: list[Processor] = (
        [
            printable,
            _for_a_terminal,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
        if sys.stderr.isatty()
        else [structlog.processors.format_exc_info, printable, as_json]
    )
    structlog.configure(
        processors=[*shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    handler = _Handler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *rendering,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    _log_what_nobody_caught()


class _Handler(logging.StreamHandler):  # pyright: ignore[reportMissingTypeArgument]
    """Writes a line even of a record that cannot be formatted, instead of a page about it."""

    def handleError(self, record: logging.LogRecord) -> None:
        structlog.get_logger().error(
            "a library logged what cannot be written",
            logger=record.name,
            template=record.msg,
            error=repr(sys.exc_info()[1]),
        )


def _for_a_terminal(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A processor: nothing in the text can move the cursor or change colours."""
    said = str(event.get("event", ""))
    event["event"] = "".join(each if each.isprintable() else repr(each)[1:-1] for each in said)
    return event


def _log_what_nobody_caught() -> None:
    log = structlog.get_logger()

    def of_the_program(
        kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("nobody caught it", exc_info=(kind, error, traceback))

    def of_a_thread(arguments: threading.ExceptHookArgs) -> None:
        log.error("a thread failed", exc_info=arguments.exc_value)

    def of_the_collector(arguments: "sys.UnraisableHookArgs") -> None:
        log.error("an object failed when it was let go", exc_info=arguments.exc_value)

    sys.excepthook = of_the_program
    threading.excepthook = of_a_thread
    sys.unraisablehook = of_the_collector
