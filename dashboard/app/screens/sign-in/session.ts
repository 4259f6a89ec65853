/** Who is signed in with this browser, and where one signs in otherwise. */
export type Session = { viewer: { name: string } | null; sign_in_url: string | null };

/** Null when the server did not answer. */
export async function askSession(): Promise<Session | null> {
  try {
    const answer = await fetch('/auth/session', { headers: { accept: 'application/json' } });
    return answer.ok ? ((await answer.json()) as { data: Session }).data : null;
  } catch {
    return null;
  }
}
