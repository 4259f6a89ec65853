"""pinmark: run a server, or use one.

The server's commands are here, the client's in ``pinmark.client``. What a command needs is
imported when it runs: the client's would wait for all of the server otherwise.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pinmark.client import commands
from pinmark.collecting import loading

PUBLISHED_SCHEMA = Path("schema.graphql")
PANEL = "Run a server"

cli = typer.Typer(
    help="Named environments and explicit promotions for apps that live in Git.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
commands.add_to(cli)

audit = typer.Typer(help="The record of who did what.", no_args_is_help=True)
cli.add_typer(audit, name="audit", rich_help_panel=PANEL)


@cli.command(rich_help_panel=PANEL)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks one.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Make the sample app first.")] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Leave the jobs to `pinmark worker`.")
    ] = False,
) -> None:
    """Serve the API, with an embedded Postgres and a worker unless told otherwise."""
    with loading():
        from pinmark.serving import serve as run
        from pinmark.settings import Settings

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = Settings.model_validate({**Settings().model_dump(), **given})
    run(settings, demo=demo, with_worker=not no_worker, say=typer.echo)


@cli.command(rich_help_panel=PANEL)
def worker() -> None:
    """Take jobs from the queue of a running installation, beside its server."""
    with loading():
        from pinmark.serving import work
        from pinmark.settings import Settings

    work(Settings())


@cli.command("sign-in-link", rich_help_panel=PANEL)
def sign_in_link(
    url: Annotated[
        str | None, typer.Option(help="Where browsers reach the server; as set, unless told.")
    ] = None,
) -> None:
    """Print a link that signs an owner in to the dashboard once, beside a running server."""
    from pinmark.serving import another_sign_in_link
    from pinmark.settings import Settings

    link = another_sign_in_link(Settings(), base=url)
    if link is None:
        typer.echo("No owner is active, so there is nobody to sign in.", err=True)
        raise typer.Exit(1)
    typer.echo(link)


@cli.command(rich_help_panel=PANEL)
def migrate() -> None:
    """Bring the database to the newest schema; `serve` does so by itself."""
    from pinmark.postgres import serving_postgres
    from pinmark.settings import Settings

    with serving_postgres(Settings()):
        typer.echo("The database is up to date.")


@cli.command(rich_help_panel=PANEL)
def rotate_secrets() -> None:
    """Encrypt all that is kept with the newest secret, so that an older one can be left out."""
    from pinmark.secret_rotation import rotate
    from pinmark.settings import Settings

    rotation = rotate(Settings())
    typer.echo(
        f"Encrypted anew: {rotation.renewed}. Under the newest secret already: {rotation.present}."
    )
    for place in rotation.unreadable:
        typer.echo(f"None of the secrets in PINMARK_SECRET_KEY opens: {place}.", err=True)
    if rotation.unreadable:
        raise typer.Exit(1)


@cli.command(rich_help_panel=PANEL)
def backup(
    directory: Annotated[Path, typer.Argument(help="A directory to make, for one backup.")],
) -> None:
    """Back up the installation, beside its running server or without one."""
    from pinmark.backup import back_up
    from pinmark.settings import Settings

    back_up(Settings(), directory)
    typer.echo(f"Backed up into {directory}. It holds secrets: keep it as you keep those.")


@cli.command(rich_help_panel=PANEL)
def restore(
    directory: Annotated[Path, typer.Argument(help="What `pinmark backup` made.")],
) -> None:
    """Make an installation of a backup, in an empty PINMARK_DATA_DIR."""
    from pinmark.backup import restore as run
    from pinmark.settings import Settings

    run(Settings(), directory)
    typer.echo(f"Restored into {Settings().data_dir}. `pinmark serve` goes on from there.")


@cli.command(rich_help_panel=PANEL)
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Check whether an installation can do its work here; exit code 1 when something fails."""
    from pinmark.doctor import as_document, examine, has_failed

    findings = examine()
    if as_json:
        typer.echo(json.dumps(as_document(findings)))
    else:
        for finding in findings:
            typer.echo(finding.line)
    if has_failed(findings):
        raise typer.Exit(1)


@cli.command(rich_help_panel=PANEL)
def schema(
    check: Annotated[
        bool, typer.Option("--check", help="Fail unless ./schema.graphql says the same.")
    ] = False,
) -> None:
    """Print the GraphQL schema, as `schema.graphql` publishes it."""
    from pinmark.graphql import schema as served

    text = served.as_str() + "\n"
    if not check:
        sys.stdout.write(text)
    elif not PUBLISHED_SCHEMA.exists() or PUBLISHED_SCHEMA.read_text() != text:
        typer.echo("schema.graphql is not what the code serves; run `make schema`.", err=True)
        raise typer.Exit(1)


@cli.command(rich_help_panel=PANEL)
def explain(
    query: Annotated[str, typer.Argument(help="A document of one operation.")],
    variables: Annotated[str, typer.Option(help="Its variables, as JSON.")] = "{}",
    sql: Annotated[
        bool, typer.Option("--sql", help="Run the query as an owner, and print its statements.")
    ] = False,
) -> None:
    """Print the Python that an operation is compiled to, and the SQL it runs if asked."""
    from pinmark.explaining import explain as run
    from pinmark.explaining import explain_sql, read_variables
    from pinmark.settings import Settings

    given = read_variables(variables)
    run(query, given, say=typer.echo)
    if sql:
        explain_sql(Settings(), query, given, say=typer.echo)


@audit.command()
def verify(
    file: Annotated[
        Path | None, typer.Option(help="Check an export that leaves nothing out, instead.")
    ] = None,
    head: Annotated[
        str | None, typer.Option(help="A head that was noted before, as SEQ:HASH.")
    ] = None,
) -> None:
    """Walk the audit from its first entry, and say what was changed or is missing."""
    from pinmark.audit_verification import verify as run
    from pinmark.settings import Settings

    if not run(Settings(), file=file, head=head, say=typer.echo):
        raise typer.Exit(1)


def main() -> None:
    try:
        cli()
    except Exception as error:
        if not _is_for_the_operator(error):
            raise
        typer.echo(f"pinmark: {error}", err=True)
        sys.exit(1)


def _is_for_the_operator(error: Exception) -> bool:
    """Whether it says by itself what is wrong with the settings, Postgres or a backup."""
    from pydantic import ValidationError

    from pinmark.backup import BackupFailed
    from pinmark.drivers import NoCluster
    from pinmark.embedded_postgres import EmbeddedPostgresError
    from pinmark.migrations import SchemaTooNew
    from pinmark.missing_extra import MissingExtra
    from pinmark.postgres import NoPostgres

    known = (
        BackupFailed,
        EmbeddedPostgresError,
        MissingExtra,
        NoCluster,
        NoPostgres,
        SchemaTooNew,
        ValidationError,
    )
    return isinstance(error, known)
