export function Brand() {
  return (
    <svg className="brand" viewBox="0 0 32 32" width="24" height="24" role="img" aria-label="Pinmark">
      <rect width="32" height="32" rx="9" className="brand-tile" />
      <path d="M16 6a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7Z" fill="#fff" />
      <circle cx="16" cy="13" r="2.7" className="brand-tile" />
    </svg>
  );
}
