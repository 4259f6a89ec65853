"""The few pages of signing in: no script, nothing from elsewhere, nothing told to elsewhere."""

from html import escape

from starlette.responses import HTMLResponse, RedirectResponse, Response

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Pinmark</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }}
body {{ max-width: 32rem; margin: 15vh auto; padding: 0 1rem }}
button {{ font: inherit; padding: .5rem 1.25rem }}
</style>
<h1>{title}</h1>
{body}
</html>
"""
HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    # The origin alone, and no path: with `no-referrer` a browser would send `Origin: null` with
    # the page's own form, which says no more than another site's form would.
    "Referrer-Policy": "strict-origin",
    "Cache-Control": "no-store",
}
CONFIRM = """\
<p>This link signs you in as an owner of this installation. It works once.</p>
<form method="post" action="/auth/link">
<input type="hidden" name="token" value="{token}">
<input type="hidden" name="next" value="{next}">
<button>Sign in</button>
</form>"""


def page(title: str, body: str, *, status: int) -> HTMLResponse:
    """A page; ``body`` is HTML."""
    return HTMLResponse(
        PAGE.format(title=escape(title), body=body), status_code=status, headers=HEADERS
    )


def message(title: str, *sentences: str, status: int) -> HTMLResponse:
    """A page of plain words."""
    body = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return page(title, body, status=status)


def confirm_page(token: str, following: str) -> HTMLResponse:
    body = CONFIRM.format(token=escape(token), next=escape(following))
    return page("Sign in", body, status=200)


def redirect(address: str) -> Response:
    """Lead a browser on by GET, telling nothing of where it was."""
    headers = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return RedirectResponse(address, status_code=303, headers=headers)
