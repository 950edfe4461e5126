// The project's mark: a gate.
export function Mark(): JSX.Element {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="5" fill="#1B4FA0" />
      <path d="M5 6h14v12h-3V9h-2.4v9h-3.2V9H8v9H5z" fill="#fff" />
    </svg>
  );
}
