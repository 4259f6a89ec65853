"""What a server says when it is ready: where everything is, and what to try first."""

from pinmark.demo import APP, demo_repository
from pinmark.settings import Settings

_PLACES = """
Pinmark is ready.

  Dashboard     {base}/
  GraphiQL      {base}/graphiql
  GraphQL       {base}/graphql   (HTTP, websocket and server-sent events)
  Schema        {base}/schema.graphql
  Owner token   {token}
"""

_SIGN_IN = """
  Sign in       {link}
                Good once, for 15 minutes; `pinmark sign-in-link` prints another.
"""

_FIRST_STEPS = """
The app {app} is live in dev. Its repository takes pushes:

  git clone {repository}

First promotion: sign in, which leads to the dashboard, create the environment staging there and
promote dev into it. docs/how-to/first-promotion.md has the same as GraphQL operations.
"""


def welcome(settings: Settings, *, base: str, demo: bool, link: str | None) -> str:
    text = _PLACES.format(base=base, token=settings.owner_token_file)
    if link is not None:
        text += _SIGN_IN.format(link=link)
    if demo:
        text += _FIRST_STEPS.format(app=APP, repository=demo_repository(settings))
    return text
