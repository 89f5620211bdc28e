/** The mark: a glass case with a plant inside. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="var(--accent)"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d="M4 20V9l8-6 8 6v11z" />
      <path d="M2.5 20h19M4 9h16" opacity="0.7" />
      <path d="M12 20v-7" />
      <path d="M12 15.5c-2.6 0-4-1.3-4-3.7 2.6 0 4 1.3 4 3.7zM12 14c2.3 0 3.5-1.1 3.5-3.2-2.3 0-3.5 1.1-3.5 3.2z" />
    </svg>
  );
}
