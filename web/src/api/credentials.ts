/** Who this browser is: the session is an http-only cookie; only the token against forged requests is kept here. */
let token = '';
const listeners = new Set<() => void>();

export function csrfToken(): string {
  return token;
}

export function setCsrfToken(value: string): void {
  token = value;
}

/** Called when the server no longer knows the session. */
export function signedOut(): void {
  token = '';
  listeners.forEach((tell) => {
    tell();
  });
}

export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
