"""Fifty apps with twenty environments each, and thousands of deployments in twenty of those."""

import psycopg

APPS = 50
ENVIRONMENTS = 20
BUSY = 20
DEPLOYMENTS = 5_000
BIG = 1_000_000
BUSY_APP, BUSY_ENVIRONMENT = "app-00", "env-05"

# What a history is made of is written as it would be left, so what watches over writes is off.
STATEMENTS = """
SET session_replication_role = replica;

CREATE TEMP TABLE made_app AS
SELECT number, gen_random_uuid() AS id, 'app-' || lpad(number::text, 2, '0') AS name
FROM generate_series(0, {apps} - 1) AS number;

CREATE TEMP TABLE made_environment AS
SELECT made_app.id AS app_id, slot AS number, gen_random_uuid() AS id,
       CASE slot WHEN 0 THEN 'dev' ELSE 'env-' || lpad(slot::text, 2, '0') END AS name,
       row_number() OVER (ORDER BY made_app.number, slot) AS place
FROM made_app, generate_series(0, {environments} - 1) AS slot;

INSERT INTO app (id, created_at, organization_id, name, event_sequence)
SELECT id, now(), (SELECT id FROM organization), name, 0 FROM made_app;

INSERT INTO commit (app_id, sha, message, author_name, committed_at)
SELECT id, lpad(to_hex(change), 40, '0'), 'Change number ' || change, 'Ada', now()
FROM made_app, generate_series(0, 199) AS change;

CREATE TEMP TABLE made_deployment AS
SELECT environment.app_id, environment.id AS environment_id, environment.number,
       ordinal, gen_random_uuid() AS id,
       now() - make_interval(secs => 60 * ({most} - ordinal)) AS at
FROM made_environment AS environment,
     generate_series(1, CASE WHEN environment.app_id = (SELECT id FROM made_app WHERE number = 0)
                              AND environment.number = 5 THEN {most}
                             WHEN environment.place <= {busy} THEN {deployments}
                             ELSE 3 END) AS ordinal;

INSERT INTO deployment (id, created_at, actor_kind, actor_id, actor_name, app_id, environment_id,
    ordinal, kind, pinned, source_id, source_name, version, commit_sha, note, file_sync, code_build,
    cache_decision, attempt, settled_at)
SELECT made.id, at, 'MEMBER', (SELECT id FROM member LIMIT 1), 'owner', made.app_id,
    environment_id, ordinal, CASE made.number WHEN 0 THEN 'PUSH' ELSE 'PROMOTION' END,
    made.number <> 0, CASE made.number WHEN 0 THEN NULL ELSE dev.id END,
    CASE made.number WHEN 0 THEN NULL ELSE 'dev' END,
    CASE made.number WHEN 0 THEN NULL ELSE ordinal END,
    lpad(to_hex(ordinal % 200), 40, '0'), 'Note ' || ordinal, 'SYNCED', 'DEPLOYED', 'HIT', 1,
    at + interval '10 seconds'
FROM made_deployment AS made
JOIN made_environment AS dev ON dev.app_id = made.app_id AND dev.number = 0;

INSERT INTO environment (id, created_at, app_id, name, is_default, current_version,
    pinned_version, pinned_deployment_id, content_deployment_id, code_deployment_id,
    deployment_count, variables_revision)
SELECT environment.id, now(), environment.app_id, name, environment.number = 0,
    CASE environment.number WHEN 0 THEN 0 ELSE newest.ordinal END,
    CASE environment.number WHEN 0 THEN NULL ELSE newest.ordinal END,
    CASE environment.number WHEN 0 THEN NULL ELSE newest.id END,
    CASE environment.number WHEN 0 THEN newest.id END,
    CASE environment.number WHEN 0 THEN newest.id END,
    newest.ordinal, 0
FROM made_environment AS environment
JOIN LATERAL (SELECT id, ordinal FROM made_deployment AS made
              WHERE made.environment_id = environment.id
              ORDER BY ordinal DESC LIMIT 1) AS newest ON true;
"""


def fill(url: str, *, big: bool) -> None:
    """Write it all into a migrated database that has its organization."""
    statements = STATEMENTS.format(
        apps=APPS,
        environments=ENVIRONMENTS,
        busy=BUSY,
        deployments=DEPLOYMENTS,
        most=BIG if big else DEPLOYMENTS,
    )
    with psycopg.connect(url) as connection:
        connection.execute(statements)  # pyright: ignore[reportArgumentType, reportCallIssue]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
